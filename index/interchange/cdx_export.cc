#include "index/interchange/cdx_export.h"

#include <optional>

#include "base/text.h"
#include "index/interchange/cdx_line.h"
#include "index/interchange/each_capture.h"
#include "index/interchange/external_sort.h"
#include "index/internal/judge.h"

namespace crawlcard::index {
namespace {

constexpr std::size_t kOffsetBytes = 8;
constexpr std::size_t kTimestampDigits = 14;

// Indexes write digests without the name of the algorithm: their length tells it.
std::string_view WithoutAlgorithm(std::string_view digest) {
  return digest.substr(digest.find(':') + 1);
}

// Texts of a line that no row holds as they are.
struct LineTexts {
  std::string timestamp;
  std::string status;
  std::string languages;
};

bool HasPlace(const CaptureView& capture) {
  if (capture.via != Via::kWarc) return !capture.container.file.empty();
  return capture.extent.inner_offset == 0 && capture.extent.length > 0;
}

// A key that lines can be sorted by: its blank must be the first one of the line.
bool HasKey(const CaptureView& capture, const LineTexts& texts) {
  return capture.date && texts.timestamp.size() == kTimestampDigits && !capture.surt.empty() &&
         capture.surt.find_first_of(std::string_view(" \n\r\0", 4)) == std::string_view::npos;
}

CdxLine LineOf(const CaptureView& capture, LineTexts& texts) {
  CdxLine line;
  texts.timestamp = capture.date ? FormatTimestamp14(*capture.date) : std::string();
  texts.status = capture.status == 0 ? std::string() : std::to_string(capture.status);
  texts.languages.clear();
  if (capture.languages.source == page::LanguageSource::kArchive) {
    for (const page::Language& language : capture.languages.languages) {
      if (!texts.languages.empty()) texts.languages += ',';
      texts.languages += language.code;
    }
  }
  const bool is_revisit = capture.record_type == warc::RecordType::kRevisit;
  line.surt = capture.surt;
  line.timestamp = texts.timestamp;
  line.url = capture.url;
  line.mime = is_revisit ? kRevisitMime : capture.content_type;
  if (!is_revisit) line.mime_detected = capture.identified_type;
  line.status = texts.status;
  line.digest = WithoutAlgorithm(capture.digest);
  const bool is_own = capture.via == Via::kWarc;
  line.filename = is_own ? capture.file : capture.container.file;
  line.offset = is_own ? capture.extent.offset : capture.container.offset;
  const std::uint64_t length = is_own ? capture.extent.length : capture.container.length;
  if (length > 0) line.length = length;
  line.charset = capture.charset;
  line.languages = texts.languages;
  line.truncated = capture.truncated;
  line.redirect = capture.redirect;
  return line;
}

// Sorted first by key and place, so that rows of one record meet; then, key by key, by the whole
// line.
//
//   record   SURT SP TIMESTAMP SP filename 00 offset:8 rank:1 rest of the line
class CdxExporter {
 public:
  CdxExporter(const CdxExportOptions& options, const std::function<Status(std::string_view)>& sink)
      : options_(options),
        on_line_(sink),
        records_(options.directory, options.sort_bytes),
        lines_(options.directory, options.sort_bytes) {}

  Result<CdxExportSummary> Run(const Store& store) {
    const auto take = [this](const CaptureView& capture) { return Take(capture); };
    CRAWLCARD_TRY(ForEachCapture(store, {}, take));
    if (options_.format == CdxFormat::kCdx11) {
      CRAWLCARD_TRY(on_line_(std::string(kCdx11Head) + '\n'));
    }
    CRAWLCARD_TRY(records_.Drain([this](std::string_view record) { return Merge(record); }));
    CRAWLCARD_TRY(FinishKey());
    return summary_;
  }

 private:
  Status Take(const CaptureView& capture) {
    if (capture.record_type == warc::RecordType::kConversion) {
      ++summary_.other_types;
      return {};
    }
    const CdxLine line = LineOf(capture, texts_);
    if (!HasKey(capture, texts_)) {
      ++summary_.without_key;
      return {};
    }
    if (!HasPlace(capture) || line.filename.find('\0') != std::string_view::npos) {
      ++summary_.not_addressable;
      return {};
    }
    record_.clear();
    AppendCdxKey(line, record_);
    record_ += line.filename;
    record_ += '\0';
    for (int shift = 56; shift >= 0; shift -= 8) {
      record_ += static_cast<char>(*line.offset >> shift & 0xFF);
    }
    record_ += static_cast<char>(RankOf(capture));
    if (options_.format == CdxFormat::kCdxj) {
      AppendCdxjRest(line, record_);
    } else {
      AppendCdx11Rest(line, record_);
    }
    return records_.Add(record_);
  }

  Status Merge(std::string_view record) {
    const std::size_t key_bytes = record.find(' ') + 1 + kTimestampDigits + 1;
    const std::size_t place_bytes = record.find('\0', key_bytes) + 1 + kOffsetBytes;
    if (record.substr(0, key_bytes) != key_) {
      CRAWLCARD_TRY(FinishKey());
      key_ = record.substr(0, key_bytes);
    } else if (record.substr(0, place_bytes) == place_) {
      ++summary_.merged;
      return {};
    }
    place_ = record.substr(0, place_bytes);
    return lines_.Add(record.substr(place_bytes + 1));
  }

  // The lines of one key, of which there is one as a rule.
  Status FinishKey() {
    return lines_.Drain([this](std::string_view rest) {
      ++summary_.lines;
      line_ = key_;
      line_ += rest;
      line_ += '\n';
      return on_line_(line_);
    });
  }

  const CdxExportOptions& options_;
  const std::function<Status(std::string_view)>& on_line_;
  ExternalSort records_;
  ExternalSort lines_;
  LineTexts texts_;
  std::string record_;
  std::string key_;
  std::string place_;
  std::string line_;
  CdxExportSummary summary_;
};

}  // namespace

Result<CdxExportSummary> ExportCdx(const Store& store, const CdxExportOptions& options,
                                   const std::function<Status(std::string_view line)>& on_line) {
  return CdxExporter(options, on_line).Run(store);
}

}  // namespace crawlcard::index
