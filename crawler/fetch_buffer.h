// crawler/fetch_buffer.h - the bytes of one answer, head and body, as they came.
//
// Grows with what comes, to at most head and body limits; moved, never copied, from the network
// thread to the archive. Thread rule: value.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "base/attributes.h"

namespace crawlcard::crawler {

class FetchBuffer {
 public:
  // What stands in the block of a WARC response record: head, empty line, body. Over HTTP/1.1 the
  // bytes are those of the wire, chunked framing and content coding included, as ISO 28500 section
  // 6.3 and RFC 9112 have it (page::DecodeHttpBody undoes both); HTTP/2 heads are written out as
  // HTTP/1.1 would have them, with "HTTP/2" in the status line.
  const std::string& block() const CRAWLCARD_LIFETIME_BOUND { return bytes_; }
  std::string_view head() const CRAWLCARD_LIFETIME_BOUND {
    return std::string_view(bytes_).substr(0, head_bytes_);
  }
  std::string_view body() const CRAWLCARD_LIFETIME_BOUND {
    return std::string_view(bytes_).substr(head_bytes_);
  }

  // Makes room for so many bytes in all.
  void Reserve(std::size_t bytes) { bytes_.reserve(bytes); }
  void AppendHead(std::string_view bytes) {
    bytes_.append(bytes);
    head_bytes_ = bytes_.size();
  }
  void AppendBody(std::string_view bytes) { bytes_.append(bytes); }
  std::size_t capacity() const { return bytes_.capacity(); }
  // Keeps the memory.
  void Clear() {
    bytes_.clear();
    head_bytes_ = 0;
  }

 private:
  std::string bytes_;
  std::size_t head_bytes_ = 0;
};

}  // namespace crawlcard::crawler
