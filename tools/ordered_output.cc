#include "tools/ordered_output.h"

#include "tools/limits.h"

namespace crawlcard::tools {

Status OrderedOutput::WriteLocked(std::string_view text) {
  if (state_ && !text.empty()) {
    state_ = out_.Write(text);
    if (!state_) turn_.notify_all();
  }
  return state_;
}

Status OrderedOutput::Write(std::size_t slot, std::string_view text) {
  std::unique_lock lock(mutex_);
  std::string& pending = slots_[slot].pending;
  if (slot != current_ && pending.size() + text.size() > limits::kPendingBytesMax) {
    turn_.wait(lock, [&] { return slot == current_ || !state_; });
  }
  if (!state_) return state_;
  if (slot != current_) {
    pending += text;
    return {};
  }
  CRAWLCARD_TRY(WriteLocked(pending));
  pending.clear();
  return WriteLocked(text);
}

Status OrderedOutput::Close(std::size_t slot) {
  const std::lock_guard lock(mutex_);
  slots_[slot].closed = true;
  while (current_ < slots_.size() && slots_[current_].closed) {
    Ignore(WriteLocked(slots_[current_].pending), "state_ keeps it");
    slots_[current_].pending = std::string();
    ++current_;
  }
  turn_.notify_all();
  return state_;
}

}  // namespace crawlcard::tools
