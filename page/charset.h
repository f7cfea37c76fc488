// page/charset.h - which encoding a body is in, and its text as UTF-8.
//
// Order of trust as in the WHATWG HTML standard, "determining the character encoding": byte order
// mark, HTTP, the meta prescan of the first 1024 bytes, an XML declaration; then UTF-8 where the
// bytes are valid UTF-8, else windows-1252. Encodings go by their WHATWG names in lower case; these
// views are static. Conversion is ICU's.
//
// Thread rule: functions are thread-safe; a Converter is thread-compatible, one a worker.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

namespace crawlcard::page {

enum class CharsetSource : std::uint8_t { kBom, kHttp, kMeta, kXml, kSniffed, kDefault };

struct Charset {
  std::string_view encoding;
  CharsetSource source = CharsetSource::kDefault;
  std::size_t bom_bytes = 0;  // length of the byte order mark at the front of the body
};

// Never fails. `http_charset` is the label of the Content-Type, or empty. The prescan and the XML
// declaration are read for markup only (`is_markup`: HTML and XHTML).
Charset DetectCharset(std::string_view body, std::string_view http_charset, bool is_markup);

// The encoding that a label names, white space around it ignored. Empty for an unknown label.
std::string_view EncodingForLabel(std::string_view label);

// WHATWG HTML "prescan a byte stream to determine its encoding". Empty when it finds none.
std::string_view PrescanForEncoding(std::string_view body);

// True where markup can be read without converting the page: bytes below 0x80 mean ASCII, and the
// characters that delimit markup never occur inside another character. (In Shift_JIS, Big5 and
// GB 18030 second bytes may be ASCII letters, digits, backslash or '|', never < > " ' & = / or
// blank.) False for UTF-16, ISO-2022-JP and the replacement encoding: convert such a page as a
// whole.
bool IsAsciiCompatible(std::string_view encoding);

// Converts text to UTF-8 and keeps the converters open, so that a worker pays for each one once.
class Converter {
 public:
  Converter();
  ~Converter();
  Converter(const Converter&) = delete;
  Converter& operator=(const Converter&) = delete;

  // Appends `text` as valid UTF-8 to `out`. What is not in `encoding` becomes U+FFFD; an unknown
  // encoding is read as windows-1252. Stops before the output would grow by more than
  // `out_bytes_max`, at a whole character, and then returns false.
  bool Append(std::string_view encoding, std::string_view text, std::size_t out_bytes_max,
              std::string& out);

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace crawlcard::page
