#include "crawler/snapshot/segment_transfer.h"

#include <algorithm>
#include <utility>

#include "base/arena.h"
#include "base/text.h"
#include "crawler/internal/printable.h"
#include "crawler/limits.h"
#include "crawler/retry_policy.h"
#include "page/http.h"

namespace crawlcard::crawler {
namespace {

struct ContentRange {
  std::optional<std::uint64_t> first;  // nullopt: "*"
  std::optional<std::uint64_t> total;  // nullopt: "*"
};

// RFC 9110 section 14.4. nullopt where it is not readable.
std::optional<ContentRange> ParseContentRange(std::string_view value) {
  if (!StartsWithIgnoreCase(value, "bytes ")) return std::nullopt;
  value = TrimAscii(value.substr(6));
  const std::size_t slash = value.find('/');
  if (slash == std::string_view::npos) return std::nullopt;
  ContentRange range;
  range.total = ParseUint(value.substr(slash + 1));
  const std::string_view span = value.substr(0, slash);
  if (span == "*") return range;
  range.first = ParseUint(span.substr(0, span.find('-')));
  if (!range.first) return std::nullopt;
  return range;
}

// RFC 9110 section 13.1.5: a weak tag is no use to If-Range.
std::string Validator(const page::HttpHead& head) {
  std::string_view value = head.Field("ETag");
  if (value.empty() || value.starts_with("W/")) value = head.Field("Last-Modified");
  return value.size() > limits::kValidatorBytesMax ? std::string() : std::string(value);
}

bool IsRefusal(std::uint16_t status) {
  return status == 429 || (status >= 500 && status <= 504);
}

}  // namespace

std::vector<RequestField> SegmentTransfer::Fields() const {
  std::vector<RequestField> fields;
  if (position_ == 0 && !target_.end) return fields;
  fields.push_back({"Range", target_.end ? fmt::format("bytes={}-{}", position_, *target_.end - 1)
                                         : fmt::format("bytes={}-", position_)});
  if (!validator_.empty()) fields.push_back({"If-Range", validator_});
  return fields;
}

void SegmentTransfer::OnStart() {
  status_ = 0;
  bad_answer_ = false;
  answered_well_ = false;
  retry_after_ms_.reset();
  position_before_ = position_;
}

HandlerAnswer SegmentTransfer::Stop(SegmentOutcome outcome, Error error) {
  outcome_ = outcome;
  error_ = std::move(error);
  return HandlerAnswer::kStop;
}

HandlerAnswer SegmentTransfer::OnHead(std::uint16_t status, std::string_view head_bytes,
                                      UnixMillis now) {
  status_ = status;
  Arena arena;
  const page::HttpHead head = page::ParseHttpHead(head_bytes, arena);
  if (const std::string_view wait = head.Field("Retry-After"); !wait.empty()) {
    retry_after_ms_ = ParseRetryAfter(wait, now);
  }
  answered_well_ = status < 400 || status == 404 || status == 410 || status == 416;
  const bool coded = !head.Field("Content-Encoding").empty();
  if (status == 200 || status == 206) {
    if (coded) {
      return Stop(SegmentOutcome::kFailed,
                  Error(ErrorCode::kUnsupported, "the server codes what is an archive"));
    }
    if (status == 206) return OnPart(head.Field("Content-Range"), Validator(head));
    return OnWhole(Validator(head), ParseUint(head.Field("Content-Length")));
  }
  if (status == 416) return OnRangeRefused(head.Field("Content-Range"));
  if (status == 404 || status == 410) {
    return Stop(SegmentOutcome::kMissing,
                Error(ErrorCode::kNotFound, fmt::format("the server says {}", status)));
  }
  if (IsRefusal(status) || status == 403) return HandlerAnswer::kStop;
  return Stop(SegmentOutcome::kFailed,
              Error(ErrorCode::kIo, fmt::format("the server says {}", status)));
}

// A server may ignore Range and If-Range, and must when the file has changed: with bytes of it read
// already, only an equal validator lets the rest be taken.
HandlerAnswer SegmentTransfer::OnWhole(std::string_view validator,
                                       std::optional<std::uint64_t> length) {
  if (position_ > 0 && !target_.end && (validator_.empty() || validator != validator_)) {
    return Stop(SegmentOutcome::kChanged,
                Error(ErrorCode::kConflict,
                      fmt::format("the file changed after {} bytes of it were read", position_)));
  }
  validator_ = validator;
  feed_->SetValidator(validator_);
  total_ = length;
  answer_at_ = 0;
  return HandlerAnswer::kTake;
}

HandlerAnswer SegmentTransfer::OnPart(std::string_view content_range, std::string_view validator) {
  const std::optional<ContentRange> range = ParseContentRange(content_range);
  if (!range || range->first != position_) {
    bad_answer_ = true;
    return HandlerAnswer::kStop;
  }
  const bool other_file = !validator_.empty() && !validator.empty() && validator != validator_;
  if (position_ > target_.first && other_file) {
    return Stop(SegmentOutcome::kChanged,
                Error(ErrorCode::kConflict,
                      fmt::format("the file changed after {} bytes of it were read", position_)));
  }
  if (validator_.empty()) validator_ = validator;
  feed_->SetValidator(validator_);
  // The size in Content-Range is the file's own; a Content-Length may have lied.
  if (range->total) total_ = range->total;
  answer_at_ = position_;
  return HandlerAnswer::kTake;
}

// "bytes */N" with N read already: what was taken for cut was whole.
HandlerAnswer SegmentTransfer::OnRangeRefused(std::string_view content_range) {
  const std::optional<ContentRange> range = ParseContentRange(content_range);
  if (!target_.end && range && range->total == position_) {
    total_ = position_;
    end_confirmed_ = true;
    return HandlerAnswer::kStop;
  }
  return Stop(SegmentOutcome::kChanged,
              Error(ErrorCode::kConflict,
                    fmt::format("the file is shorter than the {} bytes of it read", position_)));
}

HandlerAnswer SegmentTransfer::OnChunk(std::string_view bytes) {
  std::uint64_t skip = position_ > answer_at_ ? position_ - answer_at_ : 0;
  skip = std::min<std::uint64_t>(skip, bytes.size());
  std::string_view wanted = bytes.substr(static_cast<std::size_t>(skip));
  if (target_.end) {
    const std::uint64_t left = *target_.end > position_ ? *target_.end - position_ : 0;
    wanted =
        wanted.substr(0, static_cast<std::size_t>(std::min<std::uint64_t>(wanted.size(), left)));
  }
  if (!wanted.empty()) {
    switch (feed_->Offer(wanted)) {
      case SegmentFeed::Taken::kYes:
        break;
      case SegmentFeed::Taken::kFull:
        return HandlerAnswer::kPause;
      case SegmentFeed::Taken::kNobody:
        return Stop(SegmentOutcome::kCancelled,
                    Error(ErrorCode::kCancelled, "not wanted any more"));
    }
  }
  answer_at_ += bytes.size();
  position_ += wanted.size();
  // Nothing follows in an answer to a range: its connection can be used again.
  const bool rest_unwanted = status_ == 200 && target_.end && position_ == *target_.end;
  return rest_unwanted ? HandlerAnswer::kStop : HandlerAnswer::kTake;
}

bool SegmentTransfer::HasAll() const {
  if (target_.end) return position_ == *target_.end;
  return total_ && position_ == *total_;
}

SegmentTransfer::Next SegmentTransfer::Finish() {
  outcome_ = SegmentOutcome::kComplete;
  return Next::kEnd;
}

void SegmentTransfer::Fail(SegmentOutcome outcome, Error error) {
  outcome_ = outcome;
  error_ = std::move(error);
}

void SegmentTransfer::CloseFeed() {
  if (error_) {
    feed_->Fail(std::move(*error_));
  } else {
    feed_->Finish();
  }
}

SegmentTransfer::Next SegmentTransfer::OnDone(const FetchResult& result,
                                              std::uint64_t blocks_passed) {
  if (error_) return Next::kEnd;
  if (feed_->abandoned()) {
    Fail(SegmentOutcome::kCancelled, Error(ErrorCode::kCancelled, "not wanted any more"));
    return Next::kEnd;
  }
  if (result.error == FetchError::kCancelled) {
    Fail(SegmentOutcome::kCancelled, Error(ErrorCode::kCancelled, "stopped on request"));
    return Next::kEnd;
  }
  if (IsRefusal(status_) || status_ == 403) return AfterRefusal(status_, blocks_passed);
  if (HasAll()) {
    // Asked once: a server that knows no ranges would send the whole file again and again.
    if (!target_.confirm_end || end_confirmed_ || confirming_ || target_.end) return Finish();
    confirming_ = true;
    total_.reset();
    return Next::kAgain;
  }
  const bool ended_well = result.ok() && status_ == 200 && !bad_answer_;
  if (ended_well && !total_ && !target_.end) return Finish();
  return AfterBreak(result);
}

SegmentTransfer::Next SegmentTransfer::AfterRefusal(std::uint16_t status,
                                                    std::uint64_t blocks_passed) {
  if (status == 403) {
    // Refused again after a probe was answered: it is this path, not us.
    if (blocked_at_ && *blocked_at_ < blocks_passed) {
      Fail(SegmentOutcome::kMissing,
           Error(ErrorCode::kNotFound, "the server says 403, and answers for other files"));
      return Next::kEnd;
    }
    blocked_at_ = blocks_passed;
    return Next::kBlocked;
  }
  if (++refused_ >= tries_.refused_max) {
    Fail(SegmentOutcome::kFailed,
         Error(ErrorCode::kIo, fmt::format("refused {} times, last with {}", refused_, status)));
    return Next::kEnd;
  }
  return Next::kRefused;
}

SegmentTransfer::Next SegmentTransfer::AfterBreak(const FetchResult& result) {
  if (position_ > position_before_) {
    broken_ = 0;
    ++resumed_;
  }
  if (position_ > target_.first && validator_.empty()) {
    Fail(SegmentOutcome::kChanged,
         Error(ErrorCode::kIo, "transfer broke, and the server gave no validator to go on with"));
    return Next::kEnd;
  }
  const bool hopeless = !result.ok() && result.error != FetchError::kStopped &&
                        RetryClassOf(result.error) == RetryClass::kNever;
  if (hopeless || ++broken_ >= tries_.broken_max) {
    Fail(SegmentOutcome::kFailed,
         Error(ErrorCode::kIo,
               fmt::format("transfer broke at byte {}: {} {}", position_,
                           FetchErrorName(result.error), Printable(result.message, 200))));
    return Next::kEnd;
  }
  return Next::kRefused;
}

}  // namespace crawlcard::crawler
