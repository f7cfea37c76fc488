// crawler/snapshot/segment_transfer.h - one file, or one range of it, over as many requests as it
// takes.
//
// Decides what to ask for next and what an answer means; asks nothing itself. A transfer that broke
// goes on at the first byte that is missing, with If-Range, so that a file which changed meanwhile
// is noticed and never glued to the old one. No HEAD: size and validator come from the answer.
//
// Thread rule: network thread, but for feed().
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "crawler/clock.h"
#include "crawler/fetch_request.h"
#include "crawler/fetch_result.h"
#include "crawler/fetcher.h"
#include "crawler/snapshot/segment_feed.h"

namespace crawlcard::crawler {

// What is asked for, and what is known of it.
struct SegmentTarget {
  std::string path;
  std::uint64_t first = 0;           // offset of the first byte wanted
  std::optional<std::uint64_t> end;  // behind the last one; without: up to the file's end
  std::string validator;             // ETag or Last-Modified that the bytes before `first` had
  // Asks for what follows the last byte before the end is believed: for servers whose
  // Content-Length was found to be too short.
  bool confirm_end = false;
};

enum class SegmentOutcome : std::uint8_t {
  kRunning,
  kComplete,
  kChanged,  // the file is not the one whose first bytes were read: read it again from the start
  kMissing,  // 404 or 410, or refused where others are not
  kFailed,
  kCancelled,
};

struct TransferTries {
  std::uint32_t refused_max = 1000;  // 429 and 5xx: whole files with patience succeed
  std::uint32_t broken_max = 20;     // connections that broke without bringing a byte, in a row
};

class SegmentTransfer {
 public:
  // The feed is shared by this transfer (network thread) and the reader of the bytes.
  SegmentTransfer(SegmentTarget target, std::shared_ptr<SegmentFeed> feed,
                  const TransferTries& tries)
      : target_(std::move(target)),
        feed_(std::move(feed)),
        tries_(tries),
        position_(target_.first),
        validator_(target_.validator) {}

  const std::string& path() const { return target_.path; }
  SegmentFeed& feed() { return *feed_; }

  // Range and If-Range of the next request; nothing for a whole file from its start.
  std::vector<RequestField> Fields() const;

  // Whether the next request goes on in the middle of what is wanted.
  bool GoesOn() const { return position_ > target_.first || (!target_.end && target_.first > 0); }

  // Of one request after the other.
  void OnStart();
  HandlerAnswer OnHead(std::uint16_t status, std::string_view head, UnixMillis now);
  HandlerAnswer OnChunk(std::string_view bytes);

  // What to do now that a request has ended.
  enum class Next : std::uint8_t {
    kEnd,      // outcome() says how; close the feed
    kAgain,    // ask again when the gate lets
    kRefused,  // tell the gate, then ask again
    kBlocked,  // tell the gate, then ask again
  };
  // `blocks_passed`: OriginGate::blocks_passed().
  Next OnDone(const FetchResult& result, std::uint64_t blocks_passed);

  // Ends it from outside.
  void Fail(SegmentOutcome outcome, Error error);

  // Tells the reader, after the end.
  void CloseFeed();

  SegmentOutcome outcome() const { return outcome_; }
  // Of the file; empty before the first answer or without one.
  const std::string& validator() const { return validator_; }
  std::optional<std::int64_t> retry_after_ms() const { return retry_after_ms_; }
  std::uint32_t resumed() const { return resumed_; }
  // True when the last answer was one that an origin in good health gives.
  bool answered_well() const { return answered_well_; }

 private:
  HandlerAnswer OnWhole(std::string_view validator, std::optional<std::uint64_t> length);
  HandlerAnswer OnPart(std::string_view content_range, std::string_view validator);
  HandlerAnswer OnRangeRefused(std::string_view content_range);
  HandlerAnswer Stop(SegmentOutcome outcome, Error error);
  Next Finish();
  Next AfterRefusal(std::uint16_t status, std::uint64_t blocks_passed);
  Next AfterBreak(const FetchResult& result);
  bool HasAll() const;

  SegmentTarget target_;
  std::shared_ptr<SegmentFeed> feed_;  // shared with the reader
  TransferTries tries_;

  std::uint64_t position_;              // offset of the next byte for the feed
  std::optional<std::uint64_t> total_;  // size of the whole file
  std::string validator_;
  SegmentOutcome outcome_ = SegmentOutcome::kRunning;
  std::optional<Error> error_;  // set by Stop(): what ends the transfer
  std::uint32_t refused_ = 0;
  std::uint32_t broken_ = 0;
  std::uint32_t resumed_ = 0;
  std::optional<std::uint64_t> blocked_at_;  // blocks passed when this file was refused first

  // Of the request under way.
  std::uint16_t status_ = 0;
  std::uint64_t answer_at_ = 0;  // offset in the file of the next byte of the answer
  std::uint64_t position_before_ = 0;
  bool bad_answer_ = false;
  bool confirming_ = false;  // the bytes behind the end were asked for
  bool end_confirmed_ = false;
  bool answered_well_ = false;
  std::optional<std::int64_t> retry_after_ms_;
};

}  // namespace crawlcard::crawler
