// index/internal/in_order.h - what ranges find side by side, handed on in the order of the ranges.
//
// What the first open range finds goes on at once; what later ones find waits, and they wait
// themselves when too much does. Whoever takes ranges takes them in their order: the first open one
// is then always at work, and never waits.
//
// Thread rule: thread-safe; `take` is called by one thread at a time.
#pragma once

#include <condition_variable>
#include <cstddef>
#include <functional>
#include <map>
#include <mutex>
#include <utility>
#include <vector>

#include "base/result.h"

namespace crawlcard::index {

template <class Item>
class InOrder {
 public:
  using Take = std::function<Status(const Item&)>;
  InOrder(Take take, std::size_t held_bytes_max)
      : take_(std::move(take)), held_bytes_max_(held_bytes_max) {}

  // A range is known by its number, from 0. Errors: those of `take`.
  [[nodiscard]] Status Put(std::size_t range, Item item, std::size_t bytes) {
    std::unique_lock lock(mutex_);
    room_.wait(lock, [&] {
      return stopped_ || range == first_open_ || held_bytes_ + bytes <= held_bytes_max_;
    });
    if (stopped_) return {};
    if (range == first_open_) {
      CRAWLCARD_TRY(HandOn(range));
      return Done(take_(item));
    }
    held_bytes_ += bytes;
    waiting_[range].items.push_back(std::move(item));
    waiting_[range].bytes += bytes;
    return {};
  }

  // The range has found everything; or it failed, and nothing more is handed on.
  [[nodiscard]] Status End(std::size_t range, bool good) {
    const std::lock_guard lock(mutex_);
    stopped_ = stopped_ || !good;
    waiting_[range].is_ended = true;
    while (!stopped_ && waiting_.contains(first_open_) && waiting_[first_open_].is_ended) {
      CRAWLCARD_TRY(HandOn(first_open_));
      waiting_.erase(first_open_++);
    }
    room_.notify_all();
    return {};
  }

 private:
  struct Waiting {
    std::vector<Item> items;
    std::size_t bytes = 0;
    bool is_ended = false;
  };

  Status HandOn(std::size_t range) {
    Waiting& waiting = waiting_[range];
    for (const Item& item : waiting.items) CRAWLCARD_TRY(Done(take_(item)));
    held_bytes_ -= std::exchange(waiting.bytes, 0);
    waiting.items = {};
    room_.notify_all();
    return {};
  }
  Status Done(Status status) {
    if (status) return status;
    stopped_ = true;
    room_.notify_all();
    return status;
  }

  const Take take_;
  const std::size_t held_bytes_max_;
  std::mutex mutex_;
  std::condition_variable room_;
  std::map<std::size_t, Waiting> waiting_;
  std::size_t held_bytes_ = 0;
  std::size_t first_open_ = 0;
  bool stopped_ = false;
};

// Of what waits in a walk over all hosts.
inline constexpr std::size_t kWalkHeldBytes = std::size_t{64} << 20;

}  // namespace crawlcard::index
