// index/internal/leaf_rows.h - the rows that are leaves of the tree, in order, and their text.
//
// Thread rule: LeafRows is thread-compatible; AppendLeaf() is thread-safe.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "base/arena.h"
#include "base/result.h"
#include "index/internal/store_impl.h"
#include "index/schema.h"

namespace crawlcard::index {

// Rows of sealed files: those of `hosts`, then those of `pages`.
class LeafRows {
 public:
  // Borrows its arguments.
  LeafRows(const Store::Impl& store, const FileTable& files, const ScopedSnapshot* snapshot)
      : store_(store), files_(files), snapshot_(snapshot) {}

  // Goes to the first leaf behind the leaf key `after`; empty: to the first of all.
  [[nodiscard]] Status SeekBehind(std::string_view after);
  bool valid() const { return rows_ != nullptr; }
  [[nodiscard]] Status Next();

  // Of the row; dead after the next call.
  std::string_view leaf_key() const { return leaf_key_; }
  std::string_view value() const { return ToView(rows_->value()); }
  std::string_view file() const { return file_; }

 private:
  // From the row at hand on, the first of a sealed file.
  [[nodiscard]] Status Settle();

  const Store::Impl& store_;
  const FileTable& files_;
  const ScopedSnapshot* snapshot_;
  Family family_ = Family::kHosts;
  std::unique_ptr<rocksdb::Iterator> rows_;
  std::string leaf_key_;
  std::string_view file_;
};

// Appends the line of one leaf, without LF. Errors: kCorrupt.
[[nodiscard]] Status AppendLeaf(std::string_view leaf_key, std::string_view previous,
                                std::string_view value, std::string_view file, Arena& arena,
                                std::string& out);

}  // namespace crawlcard::index
