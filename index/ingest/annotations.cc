// What metadata records add to captures, and the captures of requests without an answer: part of
// FileObserver.
#include <algorithm>
#include <array>

#include "base/text.h"
#include "index/ingest/crawl_fields.h"
#include "index/ingest/file_observer.h"
#include "index/internal/warc_fields.h"
#include "index/limits.h"

namespace crawlcard::index {
namespace {

// Nothing was seen of an answer that did not come.
constexpr std::array<std::string_view, 3> kUnansweredUnobserved{"body", "html", "http-header"};

// crawler/error_class.h: what our side refused, ended, or had no room for.
constexpr std::array<std::string_view, 6> kOwnFailures{
    "bad-request", "refused-address", "stopped", "cancelled", "resources", "internal"};

bool IsWellKnownName(std::string_view name) {
  for (int i = 0; i <= static_cast<int>(robots::WellKnown::kLlmsTxt); ++i) {
    if (name == robots::WellKnownName(static_cast<robots::WellKnown>(i))) return true;
  }
  return false;
}

}  // namespace

CrawlFields CrawlFieldsOf(const warc::RecordView& record) {
  CrawlFields found;
  found.is_alone =
      record.Field("WARC-Concurrent-To").empty() && record.Field("WARC-Refers-To").empty();
  if (!found.is_alone ||
      !StartsWithIgnoreCase(record.Field("Content-Type"), "application/warc-fields")) {
    return found;
  }
  WarcFields fields(record.block);
  while (const std::optional<WarcFields::Field> field = fields.Next()) {
    if (EqualsIgnoreCase(field->name, kStepField)) found.step = field->value;
    if (EqualsIgnoreCase(field->name, kErrorField)) found.error = field->value;
  }
  return found;
}

bool IsFailureOfServer(std::string_view error) {
  return !error.empty() &&
         std::find(kOwnFailures.begin(), kOwnFailures.end(), error) == kOwnFailures.end();
}

bool FileObserver::BelongsToPending(const warc::RecordView& record) const {
  if (!pending_) return false;
  const std::string_view concurrent = record.Field("WARC-Concurrent-To");
  const std::string_view refers = record.Field("WARC-Refers-To");
  if (concurrent.empty() && refers.empty()) return record.target_uri() == capture_.url;
  return !capture_.record_id.empty() &&
         (concurrent == capture_.record_id || refers == capture_.record_id);
}

void FileObserver::TakeMetadata(const warc::RecordView& record) {
  std::string_view step;
  bool failed = false;
  WarcFields fields(record.block);
  while (const std::optional<WarcFields::Field> field = fields.Next()) {
    if (EqualsIgnoreCase(field->name, kStepField)) {
      step = field->value;
    } else if (EqualsIgnoreCase(field->name, kErrorField)) {
      failed = true;
    } else if (EqualsIgnoreCase(field->name, "languages-cld2") &&
               options_.language != LanguageMode::kOff && !archive_languages_) {
      const page::LanguageGuess guess =
          page::LanguagesFromArchive(arena_.Copy(field->value), arena_);
      if (guess.source != page::LanguageSource::kNone) archive_languages_ = guess;
    } else if (EqualsIgnoreCase(field->name, "charset-detected") && !field->value.empty() &&
               field->value.size() <= limits::kCharsetBytesMax) {
      const std::string lower = AsciiLowerCopy(field->value);
      capture_.charset = arena_.Copy(lower);
    }
  }
  if (failed) {
    TakeFailure();
  } else if (IsWellKnownName(step) && !held_body_.empty()) {
    KeepBody(arena_.Copy(held_body_));
  }
}

// An answer that broke off is as good as none (docs/decisions/0014): half a file clears nothing
// that its other half may forbid.
void FileObserver::TakeFailure() {
  if (!capture_.well_known) return;
  notes_.emplace_back("index.answer_broken");
  capture_.fetch_state = robots::FetchState::kUnreachable;
  signals_.resize(signals_.size() - capture_.well_known_signals);
  capture_.well_known_signals = 0;
  capture_.body_sha256 = {};
  capture_.kept_body = {};
}

// The row of a well-known file that nobody answered for (RFC 9309 section 2.3.1.4). False, and no
// capture begun, where there is nothing to tell: a page is not there because it was asked for.
bool FileObserver::BeginUnanswered(const warc::RecordView& record, const CrawlFields& crawl) {
  if (!IsFailureOfServer(crawl.error)) return false;
  StartCapture(record);
  capture_.record_type = record.type;
  capture_.date = record.date();
  SetAddress(record.target_uri());
  if (!capture_.date) notes_.emplace_back("index.no_date");
  notes_.emplace_back("index.no_answer");
  capture_.unobserved = kUnansweredUnobserved;
  capture_.fetch_state = robots::FetchState::kUnreachable;
  pending_ = capture_.well_known.has_value();
  return pending_;
}

}  // namespace crawlcard::index
