#include "crawler/snapshot/stop_watch.h"

#include <chrono>

namespace crawlcard::crawler {

StopWatch::StopWatch(SegmentFetcher* fetcher, const std::atomic<bool>& stop_requested)
    : thread_([this, fetcher, &stop_requested](const std::stop_token& done) {
        std::unique_lock lock(mutex_);
        while (!done.stop_requested()) {
          if (fetcher != nullptr && stop_requested.load()) return fetcher->Cancel();
          wake_.wait_for(lock, done, std::chrono::milliseconds(50), [] { return false; });
        }
      }) {}

}  // namespace crawlcard::crawler
