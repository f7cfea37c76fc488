// index/store.h - one index directory: partitions of RocksDB behind set-like rows.
//
// docs/formats/index.md describes families, keys and values; index/schema.h holds the encoders.
// Writers hold a lock on the directory, readers do not disturb them.
//
// Thread rule: thread-safe after opening.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.h"
#include "index/ledger.h"
#include "index/limits.h"

namespace crawlcard::index {

enum class OpenMode : std::uint8_t {
  kRead,    // fails with kNotFound when there is no index
  kWrite,   // fails with kLocked while another process writes
  kCreate,  // kWrite, and makes the directory when there is none
};

class Store;

struct StoreOptions {
  // Databases by registrable domain, fixed when the index is made: 0 takes those that are there,
  // or one. Another number than the one it was made with is kSchema.
  unsigned partitions = 0;

  // Affects speed and memory.
  std::uint64_t memory_bytes = limits::kMemoryBytesDefault;
  const Store* shares_with = nullptr;  // another open index, whose caches are used
};

class Store {
 public:
  [[nodiscard]] static Result<std::unique_ptr<Store>> Open(const std::string& directory,
                                                           OpenMode mode,
                                                           const StoreOptions& options = {});
  ~Store();

  const std::string& directory() const;
  unsigned partitions() const;

  // Every file of the ledger, by name.
  [[nodiscard]] Result<std::vector<FileEntry>> Files() const;

  // The entry of one file, or nullopt.
  [[nodiscard]] Result<std::optional<FileEntry>> FindFile(std::string_view name) const;

  // Takes every row of one ingested file out again, the ledger entry last. Blobs that no row names
  // any more go too. Reads all keys of the index. Errors: kNotFound, kIo.
  [[nodiscard]] Status RemoveFile(std::string_view name);

  // Name to value: schema version, fact version, run options; not how rows are split.
  [[nodiscard]] Result<std::vector<std::pair<std::string, std::string>>> Meta() const;

  // Keeps the manifest of a run under meta "run.NAME": how the crawl behaved whose files this index
  // holds. No fact: dumps do not show it. Errors: kIo.
  [[nodiscard]] Status PutRun(std::string_view name, std::string_view manifest);

  struct FamilySize {
    std::string family;
    std::uint64_t rows_estimate = 0;
    std::uint64_t bytes = 0;
  };
  [[nodiscard]] Result<std::vector<FamilySize>> Sizes() const;

  // Rewrites all rows into as few files as possible, with this build's options. Errors: kIo.
  [[nodiscard]] Status Compact(unsigned jobs);

  // Makes an index in the new directory `to` that holds what this one holds now; files are linked
  // where both are on one disk. For a store that is open for writing. Errors: kInvalidArgument when
  // there is such a directory, kIo.
  [[nodiscard]] Status Checkpoint(const std::string& to) const;

  // Makes everything written so far survive a crash. Errors: kIo.
  [[nodiscard]] Status Flush();

  class Impl;  // index/internal/store_impl.h, for this room
  Impl& impl() { return *impl_; }
  const Impl& impl() const { return *impl_; }

 private:
  explicit Store(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace crawlcard::index
