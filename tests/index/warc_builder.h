// tests/index/warc_builder.h - writes WARC bytes for tests: one gzip member a record, or plain.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "base/codec.h"
#include "base/digest.h"

namespace crawlcard::index {

class WarcBuilder {
 public:
  using Fields = std::vector<std::pair<std::string, std::string>>;

  explicit WarcBuilder(bool gzip = true) : gzip_(gzip) {}

  // One record with the fields given; Content-Length is added. Returns its offset.
  std::uint64_t Record(std::string_view type, std::string_view url, std::string_view date,
                       const Fields& fields, std::string_view block) {
    const std::uint64_t offset = bytes_.size();
    std::string record =
        fmt::format("WARC/1.0\r\nWARC-Type: {}\r\nWARC-Record-ID: {}\r\n", type, IdOf(++records_));
    if (!url.empty()) record += fmt::format("WARC-Target-URI: {}\r\n", url);
    if (!date.empty()) record += fmt::format("WARC-Date: {}\r\n", date);
    for (const auto& [name, value] : fields) record += name + ": " + value + "\r\n";
    record += fmt::format("Content-Length: {}\r\n\r\n", block.size());
    record += block;
    record += "\r\n\r\n";
    bytes_ += gzip_ ? GzipMember(record, 6) : record;
    return offset;
  }

  std::uint64_t Info(std::string_view body) {
    return Record("warcinfo", "", "2026-10-01T00:00:00Z",
                  {{"Content-Type", "application/warc-fields"}}, body);
  }

  std::uint64_t Response(std::string_view url, std::string_view date, std::string_view status_line,
                         const Fields& http_fields, std::string_view body,
                         Fields warc_fields = {}) {
    std::string block = fmt::format("HTTP/1.1 {}\r\n", status_line);
    for (const auto& [name, value] : http_fields) block += name + ": " + value + "\r\n";
    block += "\r\n";
    block += body;
    warc_fields.emplace_back("Content-Type", "application/http; msgtype=response");
    warc_fields.emplace_back("WARC-Payload-Digest", "sha1:" + Base32(Sha1(body)));
    return Record("response", url, date, warc_fields, block);
  }

  std::uint64_t Html(std::string_view url, std::string_view date, std::string_view body,
                     const Fields& http_fields = {}) {
    Fields fields = http_fields;
    fields.emplace_back("Content-Type", "text/html; charset=utf-8");
    return Response(url, date, "200 OK", fields, body);
  }

  std::uint64_t Robots(std::string_view origin, std::string_view date, std::string_view body,
                       std::string_view status_line = "200 OK") {
    return Response(std::string(origin) + "/robots.txt", date, status_line,
                    {{"Content-Type", "text/plain"}}, body);
  }

  // The metadata record of the record before.
  std::uint64_t Metadata(std::string_view url, std::string_view date, std::string_view body) {
    const std::string about = IdOf(records_);
    return Record("metadata", url, date,
                  {{"Content-Type", "application/warc-fields"}, {"WARC-Concurrent-To", about}},
                  body);
  }

  static std::string IdOf(std::uint64_t number) {
    return fmt::format("<urn:uuid:00000000-0000-4000-8000-{:012}>", number);
  }

  // Bytes as they are, between records.
  void Raw(std::string_view bytes) { bytes_ += bytes; }

  const std::string& bytes() const { return bytes_; }

 private:
  bool gzip_;
  std::string bytes_;
  std::uint64_t records_ = 0;
};

}  // namespace crawlcard::index
