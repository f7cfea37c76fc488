// base/bounded_queue.h - the one way in which threads hand work to each other.
//
// Bounded in items and in bytes. A producer waits while either bound is met (one item always fits
// into an empty queue, however large); a consumer waits while it is empty. Close() ends both:
// producers are refused, consumers drain what is left.
//
// Thread rule: thread-safe.
#pragma once

#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <deque>
#include <mutex>
#include <optional>
#include <utility>

namespace crawlcard {

template <class T>
class BoundedQueue {
 public:
  BoundedQueue(std::size_t items_max, std::size_t bytes_max)
      : items_max_(items_max), bytes_max_(bytes_max) {}

  // Waits for room, then adds `item`, which weighs `bytes`. False when the queue was closed: the
  // item is dropped.
  bool Push(T item, std::size_t bytes) {
    std::unique_lock lock(mutex_);
    if (Full(bytes)) {
      const auto start = std::chrono::steady_clock::now();
      not_full_.wait(lock, [&] { return closed_ || !Full(bytes); });
      push_wait_ += std::chrono::steady_clock::now() - start;
    }
    if (closed_) return false;
    items_.emplace_back(std::move(item), bytes);
    bytes_ += bytes;
    not_empty_.notify_one();
    return true;
  }

  // Adds `item` if there is room at once; for producers that must not wait. Where it is not added
  // it is left as it was.
  enum class TryOutcome { kAdded, kFull, kClosed };
  TryOutcome TryPush(T& item, std::size_t bytes) {
    const std::lock_guard lock(mutex_);
    if (closed_) return TryOutcome::kClosed;
    if (Full(bytes)) return TryOutcome::kFull;
    items_.emplace_back(std::move(item), bytes);
    bytes_ += bytes;
    not_empty_.notify_one();
    return TryOutcome::kAdded;
  }

  // Waits for an item. nullopt when the queue is closed and empty.
  std::optional<T> Pop() {
    std::unique_lock lock(mutex_);
    if (items_.empty() && !closed_) {
      const auto start = std::chrono::steady_clock::now();
      not_empty_.wait(lock, [&] { return closed_ || !items_.empty(); });
      pop_wait_ += std::chrono::steady_clock::now() - start;
    }
    if (items_.empty()) return std::nullopt;
    std::pair<T, std::size_t> front = std::move(items_.front());
    items_.pop_front();
    bytes_ -= front.second;
    not_full_.notify_all();
    return std::move(front.first);
  }

  void Close() {
    const std::lock_guard lock(mutex_);
    closed_ = true;
    not_full_.notify_all();
    not_empty_.notify_all();
  }

  // How full, and how long each side has waited so far: tells which side is the slow one.
  struct Load {
    std::size_t items = 0;
    std::size_t bytes = 0;
    std::chrono::nanoseconds push_wait{0};
    std::chrono::nanoseconds pop_wait{0};
  };
  Load load() const {
    const std::lock_guard lock(mutex_);
    return {items_.size(), bytes_, push_wait_, pop_wait_};
  }

 private:
  bool Full(std::size_t bytes) const {
    if (items_.empty()) return false;
    return items_.size() >= items_max_ || bytes_ + bytes > bytes_max_;
  }

  const std::size_t items_max_;
  const std::size_t bytes_max_;
  mutable std::mutex mutex_;
  std::condition_variable not_full_;
  std::condition_variable not_empty_;
  std::deque<std::pair<T, std::size_t>> items_;
  std::size_t bytes_ = 0;
  bool closed_ = false;
  std::chrono::nanoseconds push_wait_{0};
  std::chrono::nanoseconds pop_wait_{0};
};

}  // namespace crawlcard
