// warc/internal/stored_head.h - the HTTP head that is stored with a body that was decoded.
//
// Common Crawl's way: a field that no longer tells the truth about the stored body is kept under
// the prefix X-Crawler-, and a true Content-Length is added as the last field. Lines are kept byte
// for byte otherwise, broken ones too.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace crawlcard::warc {

struct StoredHeadOptions {
  bool transfer_decoded = false;
  bool content_decoded = false;
  std::size_t body_bytes = 0;
};

// Whether `head` starts like the head of an HTTP response.
bool IsHttpHead(std::string_view head);

// The most bytes that AppendStoredHead() may add to a head of `head_bytes`.
std::size_t StoredHeadBytesMax(std::size_t head_bytes);

// Appends `head`, with its empty line, which is added when it is missing.
void AppendStoredHead(std::string_view head, const StoredHeadOptions& options, std::string& out);

}  // namespace crawlcard::warc
