// index/internal/body_table.h - numbers for the bodies of an index, and which are read alike.
//
// A scan meets the same bodies all over, and most robots.txt files say what another does but for
// the address of a sitemap (robots/robots_form.h). Before it starts, it goes through `blobs` once,
// in key order: later a host row tells by two numbers what of its body is known. Bodies that stand
// with their form are not decoded for it.
//
// Thread rule: a BodyTable is read by any number of threads; a BodyNumbers is thread-compatible,
// one a range.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "base/result.h"
#include "index/internal/blob_reader.h"
#include "index/internal/store_impl.h"
#include "index/limits.h"
#include "index/scan.h"

namespace crawlcard::index {

class BodyTable {
 public:
  // Without any body.
  BodyTable() = default;
  // At most `bodies_max` bodies; the others are numbered as they are met.
  BodyTable(const Store::Impl& store, const ScopedSnapshot& snapshot,
            std::size_t bodies_max = limits::kScanBodiesNumberedMax);

  // Numbers of the body with this SHA-256; none where it is not in the table.
  BodyNumber Find(std::string_view sha256) const;
  // The number of the form of a body; 0 where the table has none of its form.
  std::uint64_t FindForm(std::string_view sha256, std::string_view body) const;
  std::uint64_t bodies() const { return forms_of_.size(); }
  std::uint64_t forms() const { return forms_.size(); }

 private:
  static constexpr std::size_t kDigestBytes = 32;

  void Add(std::string_view sha256, std::string_view blob_form);
  // Finds the digests by how they begin.
  void Finish();

  std::string digests_;                   // of the bodies, in key order
  std::vector<std::uint32_t> forms_of_;   // of the bodies
  std::vector<std::uint32_t> starts_{0};  // by the first bits of a digest, its place; and the end
  unsigned start_shift_ = 64;
  std::unordered_map<std::string, std::uint32_t> forms_;
};

class BodyNumbers {
 public:
  // Borrows its arguments.
  BodyNumbers(const BodyTable& table, BlobReader& blobs) : table_(table), blobs_(blobs) {}

  // None for a body that cannot be read: whoever reads it meets the error.
  BodyNumber Of(std::string_view sha256) {
    const BodyNumber known = table_.Find(sha256);
    if (known.body != 0) return known;
    return OfOther(sha256);
  }

 private:
  BodyNumber OfOther(std::string_view sha256);

  const BodyTable& table_;
  BlobReader& blobs_;
  std::unordered_map<std::string, BodyNumber> others_;
  std::uint64_t given_ = 0;  // to others
};

}  // namespace crawlcard::index
