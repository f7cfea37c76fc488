// tests/warc/reader_testing.h - builds archives in memory and reads them into owned records.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/byte_source.h"
#include "base/codec.h"
#include "base/result.h"
#include "warc/reader.h"

namespace crawlcard::warc {

struct OwnedRecord {
  RecordType type = RecordType::kUnknown;
  std::string version;
  std::vector<std::pair<std::string, std::string>> fields;
  std::string block;
  std::uint64_t block_bytes = 0;
  Extent extent;
  std::vector<std::string> notes;

  bool SameContent(const OwnedRecord& other) const {
    return type == other.type && version == other.version && fields == other.fields &&
           block == other.block && block_bytes == other.block_bytes;
  }
  std::string Field(std::string_view name) const {
    for (const auto& [key, value] : fields) {
      if (key == name) return value;
    }
    return {};
  }
};

struct ReadOutcome {
  std::vector<OwnedRecord> records;
  std::vector<Error> errors;
};

inline OwnedRecord Own(const RecordView& view) {
  OwnedRecord record;
  record.type = view.type;
  record.version = view.version;
  for (const HeaderField& field : view.fields) record.fields.emplace_back(field.name, field.value);
  record.block = view.block;
  record.block_bytes = view.block_bytes;
  record.extent = view.extent;
  record.notes.assign(view.notes.begin(), view.notes.end());
  return record;
}

// Reads everything that can be read.
inline ReadOutcome ReadAll(ByteSource& source, const ReaderOptions& options = {}) {
  ReadOutcome outcome;
  Reader reader(source, options);
  for (;;) {
    Result<const RecordView*> next = reader.Next();
    if (next && *next == nullptr) break;
    if (next) {
      outcome.records.push_back(Own(**next));
      continue;
    }
    outcome.errors.push_back(next.error());
    const Result<bool> found = reader.Resync();
    if (!found || !*found) break;
  }
  return outcome;
}

inline ReadOutcome ReadAll(std::string_view bytes, const ReaderOptions& options = {}) {
  MemorySource source(bytes);
  return ReadAll(source, options);
}

// Shows no more than was asked for, as a slow pipe does.
class DripSource final : public ByteSource {
 public:
  explicit DripSource(std::string_view bytes) : bytes_(bytes) {}

  Result<std::string_view> Peek(std::size_t want) override {
    // A window of its own, so that a view kept too long is found by the sanitizer.
    window_.assign(bytes_.substr(position_, want));
    window_.shrink_to_fit();
    return std::string_view(window_);
  }
  void Consume(std::size_t bytes) override { position_ += bytes; }
  std::uint64_t position() const override { return position_; }

 private:
  std::string_view bytes_;
  std::string window_;
  std::size_t position_ = 0;
};

// One WARC 1.0 record with its closing line ends. `extra` are whole header lines.
inline std::string WarcRecord(std::string_view type, std::string_view uri, std::string_view block,
                              std::string_view extra = "") {
  std::string text = "WARC/1.0\r\nWARC-Type: " + std::string(type) + "\r\n";
  if (!uri.empty()) text += "WARC-Target-URI: " + std::string(uri) + "\r\n";
  text += "WARC-Date: 2024-05-18T01:58:10Z\r\n";
  text += extra;
  text += "Content-Length: " + std::to_string(block.size()) + "\r\n\r\n";
  text += block;
  text += "\r\n\r\n";
  return text;
}

// A few different records, each in a string of its own.
inline std::vector<std::string> SampleRecords(std::size_t count) {
  std::vector<std::string> records;
  for (std::size_t i = 0; i < count; ++i) {
    std::string block = "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n<p>page ";
    for (std::size_t k = 0; k < 5 + i % 7; ++k) block += std::to_string(i * 7919 + k) + " words ";
    records.push_back(
        WarcRecord("response", "http://site" + std::to_string(i) + ".example/", block));
  }
  return records;
}

inline std::string Join(const std::vector<std::string>& parts) {
  std::string joined;
  for (const std::string& part : parts) joined += part;
  return joined;
}

inline std::vector<std::string> Members(const std::vector<std::string>& records) {
  std::vector<std::string> members;
  for (const std::string& record : records) members.push_back(GzipMember(record, 6));
  return members;
}

}  // namespace crawlcard::warc
