#include "crawler/snapshot/segment_feed.h"

#include <algorithm>
#include <cstring>
#include <utility>

#include "crawler/snapshot/limits.h"

namespace crawlcard::crawler {

SegmentFeed::SegmentFeed(std::size_t bytes_max, std::function<void()> on_room)
    : queue_(limits::kFeedItemsMax, bytes_max),
      bytes_max_(bytes_max),
      on_room_(std::move(on_room)) {}

SegmentFeed::Taken SegmentFeed::Offer(std::string_view bytes) {
  if (abandoned()) return Taken::kNobody;
  std::string piece(bytes);
  using Outcome = BoundedQueue<std::string>::TryOutcome;
  Outcome outcome = queue_.TryPush(piece, bytes.size());
  if (outcome == Outcome::kFull) {
    // The reader may empty the queue before it sees the flag: look again after setting it.
    full_.store(true);
    outcome = queue_.TryPush(piece, bytes.size());
    if (outcome == Outcome::kAdded) full_.store(false);
  }
  switch (outcome) {
    case Outcome::kAdded:
      return Taken::kYes;
    case Outcome::kFull:
      return Taken::kFull;
    case Outcome::kClosed:
      break;
  }
  return Taken::kNobody;
}

void SegmentFeed::SetValidator(std::string validator) {
  const std::lock_guard lock(mutex_);
  validator_ = std::move(validator);
}

std::string SegmentFeed::validator() const {
  const std::lock_guard lock(mutex_);
  return validator_;
}

void SegmentFeed::Finish() {
  queue_.Close();
}

void SegmentFeed::Fail(Error error) {
  {
    const std::lock_guard lock(mutex_);
    if (!error_) error_ = std::move(error);
  }
  queue_.Close();
}

void SegmentFeed::MaybeCallOnRoom() {
  if (!full_.load()) return;
  if (queue_.load().bytes > bytes_max_ / 2) return;
  if (full_.exchange(false)) on_room_();
}

Result<std::size_t> SegmentFeed::Read(char* to, std::size_t bytes) {
  if (current_begin_ == current_.size()) {
    std::optional<std::string> next = queue_.Pop();
    MaybeCallOnRoom();
    if (!next) {
      const std::lock_guard lock(mutex_);
      if (error_) return tl::unexpected<Error>(*error_);
      return std::size_t{0};
    }
    current_ = std::move(*next);
    current_begin_ = 0;
  }
  const std::size_t taken = std::min(bytes, current_.size() - current_begin_);
  std::memcpy(to, current_.data() + current_begin_, taken);
  current_begin_ += taken;
  return taken;
}

void SegmentFeed::Abandon() {
  abandoned_.store(true);
  queue_.Close();
  if (full_.exchange(false)) on_room_();
}

}  // namespace crawlcard::crawler
