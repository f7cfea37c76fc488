// page/http.h - the HTTP message inside a response record: status line, fields, body.
//
// RFC 9112 as seen in the wild: missing reasons, bare LF, names with blanks, lines without a colon,
// bytes that are not UTF-8. Nothing is refused; each departure is a note. Common Crawl stores
// bodies decoded and renames the fields that would lie (X-Crawler-Content-Encoding, ...): such
// bodies are left alone. Views point into the block and into `arena`. Limits: page/limits.h.
//
// Thread rule: functions are thread-safe; an Arena is not shared.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "base/arena.h"

namespace crawlcard::page {

struct HttpField {
  std::string_view name;   // as written, trimmed
  std::string_view value;  // trimmed; obs-fold joined by one blank
  std::uint32_t line = 0;  // line in the head, the status line being 1
};

struct HttpHead {
  std::uint16_t status = 0;  // 0: no readable status line
  std::string_view version;  // "HTTP/1.1"
  std::string_view reason;
  std::span<const HttpField> fields;
  std::size_t head_bytes = 0;               // where the body starts
  std::span<const std::string_view> notes;  // sorted, distinct, from the list below

  // The first field called `name` (without case), or empty.
  std::string_view Field(std::string_view name) const;
};

// Notes of ParseHttpHead:
//   http.bad_header_line    a line without colon or without name; dropped
//   http.bad_header_name    a name with blanks in it or before its colon; kept
//   http.bad_status_line    starts like a status line but holds no status code
//   http.bare_lf            a line ends in LF alone
//   http.extra_crlf         one empty line too many before the body (archives of 2018); skipped
//   http.head_too_large     beyond limits::kHttpHeadBytesMax; the rest is taken as body
//   http.no_head_end        no empty line: all of the block is head
//   http.no_status_line     the block starts with no status line: all of it is body
//   http.obs_fold           a value goes on in the next line; joined
//   http.too_many_fields    beyond limits::kHttpFieldsMax; the rest is dropped
//
// Reads the head of a response block. Works on anything: a block without a status line has status 0
// and all of it as body.
HttpHead ParseHttpHead(std::string_view block, Arena& arena);

struct HttpBody {
  std::string_view bytes;                   // decoded payload: points into raw, scratch or arena
  std::span<const std::string_view> notes;  // sorted, distinct, from the list below
};

// Notes of DecodeHttpBody:
//   http.bad_chunk          chunks are broken midway; what came before is kept
//   http.bad_coding         the body is not in the coding that its head claims; kept as it is
//   http.body_cut           the body ends before its chunks, coding or Content-Length end
//   http.body_over_limit    beyond limits::kHttpBodyBytesMax; the first bytes are kept
//   http.length_mismatch    more bytes than Content-Length says; all are kept
//   http.not_chunked        the head claims chunks, the body has none; kept as it is
//   http.too_many_codings   beyond limits::kHttpCodingsMax; kept as it is
//   http.trailing_bytes     bytes follow the coded body or its last chunk; dropped
//   http.unknown_coding     a coding that is not read; passed over
//
// Undoes Transfer-Encoding: chunked and the Content-Encoding of `raw` where the archive kept them.
// `scratch` is reused from record to record.
HttpBody DecodeHttpBody(const HttpHead& head, std::string_view raw, std::string& scratch,
                        Arena& arena);

// Media type essence in lower case ("text/html") and the charset parameter of a Content-Type value.
// Either is empty when the value does not say it in a readable way.
struct ContentType {
  std::string_view essence;
  std::string_view charset;  // as written, without quotes
};
ContentType ParseContentType(std::string_view value, Arena& arena);

}  // namespace crawlcard::page
