// index/ingest/cdx_capture.cc - the captures of CDX files: the part of FileObserver that makes
// facts of what an index of others says. docs/formats/cdx.md says what that is, and what it is not.

#include <algorithm>
#include <array>
#include <vector>

#include "base/text.h"
#include "index/ingest/file_observer.h"
#include "index/interchange/cdx_line.h"
#include "index/limits.h"
#include "page/limits.h"

namespace crawlcard::index {
namespace {

// An index writes digests without the algorithm, which their length tells.
std::string WithAlgorithm(std::string_view digest) {
  constexpr std::size_t kSha1Base32 = 32;
  constexpr std::size_t kSha1Hex = 40;
  constexpr std::size_t kSha256Hex = 64;
  if (digest.find(':') != std::string_view::npos) return std::string(digest);
  if (digest.size() == kSha1Base32 || digest.size() == kSha1Hex) {
    return "sha1:" + std::string(digest);
  }
  return (digest.size() == kSha256Hex ? "sha256:" : "") + std::string(digest);
}

bool IsHtmlType(std::string_view type) {
  return type == "text/html" || type == "application/xhtml+xml";
}

// Three digits: what HTTP has.
constexpr std::uint64_t kLastStatus = 999;

std::string_view Bounded(std::string_view text) {
  return text.size() > limits::kKeyUrlBytesMax ? std::string_view() : text;
}

}  // namespace

Status FileObserver::TakeCdx(const CdxLine& cdx, const warc::Extent& place) {
  constexpr std::size_t kTimestampDigits = 14;
  const bool is_revisit = cdx.mime == kRevisitMime;
  CRAWLCARD_TRY(Finish());
  warc::RecordView record;
  record.type = is_revisit ? warc::RecordType::kRevisit : warc::RecordType::kResponse;
  record.extent = place;
  CountRecord(record.type);
  StartCapture(record);
  capture_.via = Via::kCdx;
  capture_.record_type = record.type;
  capture_.date = ParseTimestamp14(cdx.timestamp.substr(0, kTimestampDigits));
  if (!capture_.date) notes_.emplace_back("index.no_date");
  capture_.container.file = arena_.Copy(Bounded(cdx.filename));
  if (capture_.container.file.empty()) notes_.emplace_back("cdx.no_container");
  capture_.container.offset = cdx.offset.value_or(0);
  capture_.container.length = cdx.length.value_or(0);
  const std::uint64_t status = ParseUint(cdx.status).value_or(0);
  if (status <= kLastStatus) capture_.status = static_cast<std::uint16_t>(status);
  if (!is_revisit && cdx.mime != "unk") {
    capture_.content_type = page::ParseContentType(cdx.mime, arena_).essence;
  }
  capture_.identified_type = arena_.Copy(Bounded(cdx.mime_detected));
  capture_.is_html = IsHtmlType(capture_.identified_type.empty() ? capture_.content_type
                                                                 : capture_.identified_type);
  if (!cdx.digest.empty()) capture_.digest = arena_.Copy(WithAlgorithm(cdx.digest));
  capture_.truncated = arena_.Copy(Bounded(cdx.truncated));
  capture_.redirect = arena_.Copy(Bounded(cdx.redirect));
  SetAddress(cdx.url);
  TakeCdxAnnotations(cdx);
  return Finish();
}

// Charset and languages, and the list of what no line can show.
void FileObserver::TakeCdxAnnotations(const CdxLine& cdx) {
  capture_.charset = arena_.Copy(AsciiLowerCopy(Utf8Prefix(cdx.charset, limits::kCharsetBytesMax)));
  std::vector<page::Language> languages;
  std::string_view rest = cdx.languages;
  while (!rest.empty() && languages.size() < page::limits::kLanguagesMax) {
    const std::size_t comma = rest.find(',');
    const std::string_view code = TrimAscii(rest.substr(0, comma));
    rest.remove_prefix(comma == std::string_view::npos ? rest.size() : comma + 1);
    constexpr std::size_t kCodeBytes = 3;  // ISO 639-3
    if (code.size() == kCodeBytes) languages.push_back({arena_.Copy(code), 0});
  }
  if (!languages.empty()) {
    archive_languages_ =
        page::LanguageGuess{page::LanguageSource::kArchive,
                            arena_.CopySpan(std::span<const page::Language>(languages)), false};
  }
  // In the order of the alphabet.
  std::array<std::string_view, 9> words;
  std::size_t count = 0;
  const auto add = [&](std::string_view word) { words[count++] = word; };
  add("body");
  if (cdx.charset.empty()) add("charset");
  for (const std::string_view word :
       {"html-body", "html-link", "html-meta", "http-header", "json-ld"}) {
    add(word);
  }
  if (languages.empty()) add("language");
  add("text");
  capture_.unobserved = arena_.CopySpan(std::span<const std::string_view>(words.data(), count));
}

}  // namespace crawlcard::index
