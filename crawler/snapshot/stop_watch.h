// crawler/snapshot/stop_watch.h - ends the transfers of a job once a stop was asked for.
//
// Those who read a feed wait in it, where they do not see the flag.
// Thread rule: runs its own thread between construction and destruction.
#pragma once

#include <atomic>
#include <condition_variable>
#include <mutex>
#include <thread>

#include "crawler/snapshot/segment_fetcher.h"

namespace crawlcard::crawler {

class StopWatch {
 public:
  // Borrows both; without a fetcher there is nothing to end.
  StopWatch(SegmentFetcher* fetcher, const std::atomic<bool>& stop_requested);

 private:
  std::mutex mutex_;
  std::condition_variable_any wake_;
  std::jthread thread_;  // last: it uses the members above
};

}  // namespace crawlcard::crawler
