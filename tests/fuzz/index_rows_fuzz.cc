// Any bytes as keys and values of an index: a row or an error, and a part of a row is what the
// whole row has there.
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "base/arena.h"
#include "base/json_writer.h"
#include "index/capture.h"
#include "index/schema.h"

namespace {

using namespace crawlcard;
using namespace crawlcard::index;

void ReadPage(std::string_view key, std::string_view value) {
  Arena arena(1024);
  CaptureView whole;
  RowMarks marks;
  CaptureView part;
  RowMarks part_marks;
  const bool is_row = DecodePageRow(key, value, "f", arena, whole, kRowAll, &marks).has_value();
  const bool is_part =
      DecodePageRow(key, value, "f", arena, part, kRowUrl, &part_marks).has_value();
  if (!is_row) return;
  if (!is_part || part.url != whole.url || part.host != whole.host) std::abort();
  if (part_marks.statements != marks.statements) std::abort();
  if (marks.path_begin > whole.url.size()) std::abort();
  std::string text;
  JsonWriter json(text);
  WriteFacts(whole, json);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  CaptureView capture;
  capture.url = "https://www.example.org:81/a?b=1&c=2";
  capture.surt = "org,example:81)/a?b=1&c=2";
  capture.host = "www.example.org";
  capture.file = "f";
  std::string key;
  std::string value;
  EncodePageKey(capture, key);
  EncodeCapture(capture, value);
  ReadPage(key, text);
  ReadPage(key, value.substr(0, 1) + std::string(text));
  ReadPage(key, value.substr(0, 4) + std::string(text));
  ReadPage(text, value);
  Arena arena(1024);
  CaptureView host;
  Ignore(DecodeHostRow(text, value, "f", arena, host), "must only not crash");
  capture.url = "https://www.example.org/robots.txt";
  capture.surt = "org,example)/robots.txt";
  capture.well_known = robots::WellKnown::kRobotsTxt;
  EncodeHostKey(capture, key);
  EncodeCapture(capture, value);
  Ignore(DecodeHostRow(key, text, "f", arena, host), "must only not crash");
  Ignore(DecodeHostRow(key, value.substr(0, 3) + std::string(text), "f", arena, host),
         "must only not crash");
  std::string body;
  Ignore(DecodeBlob(text, body), "must only not crash");
  EncodeBlob("User-agent: *\nSitemap: /a\n", value);
  Ignore(DecodeBlob(value.substr(0, 2) + std::string(text), body), "must only not crash");
  Ignore(
      [&]() -> Status {
        CRAWLCARD_TRY(DecodeFileEntry(text));
        return {};
      }(),
      "must only not crash");
  return 0;
}
