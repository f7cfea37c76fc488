// index/ingest/capture_sink.h - takes the captures of one stretch of a file.
//
// A stretch may turn out to have been started at a place where no record starts. So its sink keeps
// what it made until Release() says that all of it belongs to the file and is next in order.
//
// Thread rule: thread-compatible; one thread at a time, and not always the same.
#pragma once

#include <cstddef>

#include "base/result.h"
#include "index/capture.h"
#include "index/takedown.h"

namespace crawlcard::index {

class CaptureSink {
 public:
  virtual ~CaptureSink() = default;

  // The view is dead when it returns.
  [[nodiscard]] virtual Status Take(const CaptureView& capture) = 0;

  // A request of a takedown ledger, which stands at `place`. Passed over where captures are wanted.
  [[nodiscard]] virtual Status TakeRequest(const Takedown& /*request*/,
                                           const warc::Extent& /*place*/) {
    return {};
  }

  // What was taken goes out now, what follows may go out as it comes.
  [[nodiscard]] virtual Status Release() = 0;

  // The last call, after Release(): nothing more comes.
  [[nodiscard]] virtual Status Close() = 0;

  // Memory of what is kept.
  virtual std::size_t held_bytes() const = 0;
};

}  // namespace crawlcard::index
