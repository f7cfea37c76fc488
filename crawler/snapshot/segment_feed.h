// crawler/snapshot/segment_feed.h - the bytes of one segment on their way from the network to the
// reader, bounded.
//
//   network thread: Offer() ... Finish() or Fail()      reading worker: Read() as a ByteFeed
//
// Where the reader is slower, Offer() says full: the transfer is paused, and `on_room` is called
// from the reader's thread once half of the bytes are taken. Nothing is ever dropped.
//
// Thread rule: thread-safe, for one network thread and one reader.
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>

#include "base/bounded_queue.h"
#include "base/file.h"
#include "base/result.h"

namespace crawlcard::crawler {

class SegmentFeed {
 public:
  // `on_room` must be callable from any thread.
  SegmentFeed(std::size_t bytes_max, std::function<void()> on_room);

  enum class Taken {
    kYes,
    kFull,    // nothing was taken: offer it again after on_room
    kNobody,  // the reader has gone away
  };
  Taken Offer(std::string_view bytes);
  // What the server calls this version of the file; before the first Offer().
  void SetValidator(std::string validator);
  // No more bytes: all of them have been offered.
  void Finish();
  // The reader gets what was offered so far, then this error.
  void Fail(Error error);

  // Waits for the next bytes; 0 is the end. Errors: that of Fail().
  [[nodiscard]] Result<std::size_t> Read(char* to, std::size_t bytes);
  // Of the bytes read so far.
  std::string validator() const;
  // The reader wants no more.
  void Abandon();
  bool abandoned() const { return abandoned_.load(); }

 private:
  void MaybeCallOnRoom();

  BoundedQueue<std::string> queue_;
  const std::size_t bytes_max_;
  const std::function<void()> on_room_;
  std::atomic<bool> full_{false};
  std::atomic<bool> abandoned_{false};
  mutable std::mutex mutex_;
  std::optional<Error> error_;  // guarded by mutex_
  std::string validator_;       // guarded by mutex_
  std::string current_;         // of the reader
  std::size_t current_begin_ = 0;
};

}  // namespace crawlcard::crawler
