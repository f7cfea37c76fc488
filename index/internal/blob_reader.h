// index/internal/blob_reader.h - bodies of well-known files by digest, the last ones kept decoded.
//
// Templates of site builders repeat: neighbours in key order often serve the same bytes.
//
// Thread rule: thread-compatible; one a range.
#pragma once

#include <cstddef>
#include <list>
#include <string>
#include <string_view>
#include <unordered_map>

#include "base/arena.h"
#include "base/result.h"
#include "index/internal/store_impl.h"

namespace crawlcard::index {

class BlobReader {
 public:
  explicit BlobReader(const Store::Impl& store) : store_(store) {}

  // The body with this SHA-256; dead after the next call. Errors: kCorrupt when it is not there.
  [[nodiscard]] Result<std::string_view> Read(std::string_view sha256);

 private:
  struct Body {
    std::string sha256;
    std::string bytes;
  };

  Body& NewBody();
  void DropLast();

  const Store::Impl& store_;
  std::list<Body> recent_;  // latest first
  std::unordered_map<std::string_view, std::list<Body>::iterator> by_digest_;
  std::size_t held_bytes_ = 0;
  std::size_t partition_ = 0;  // where the last one was: neighbours are together
  std::string value_;
};

// Adds to a decoded host row what its body says: the row itself does not hold it. `body_out` gets
// the body, or an empty view; it is dead after the next read of `blobs`.
[[nodiscard]] Status CompleteHostRow(BlobReader& blobs, Arena& arena, CaptureView& capture,
                                     std::string_view& body_out);

}  // namespace crawlcard::index
