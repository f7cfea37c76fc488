// crawler/snapshot/segment_fetcher.h - transfers of one snapshot job over one Fetcher and one gate.
//
// Start() may be called by any thread and gives the feed to read from; everything else happens on
// the network thread. A transfer lives until its file is whole, given up, or not wanted any more.
//
// Thread rule: thread-safe where said; one object a job.
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <list>
#include <memory>
#include <mutex>
#include <string>

#include "base/result.h"
#include "crawler/clock.h"
#include "crawler/event_loop.h"
#include "crawler/fetcher.h"
#include "crawler/snapshot/mirror.h"
#include "crawler/snapshot/origin_gate.h"
#include "crawler/snapshot/segment_feed.h"
#include "crawler/snapshot/segment_transfer.h"

namespace crawlcard::crawler {

struct SegmentFetcherOptions {
  Mirror mirror;
  GateOptions gate;
  TransferTries tries;
  std::string probe_path;  // of a small file that exists: asked for after a block
  Deadlines deadlines;     // `total` is void for segments
  std::size_t feed_bytes = std::size_t{8} << 20;
};

struct SegmentFetcherCounts {
  GateCounts gate;
  std::uint64_t bodies_resumed = 0;  // requests that went on in the middle of a file
  std::uint64_t body_bytes = 0;
};

// What a reader of a segment holds.
struct SegmentHandle {
  std::shared_ptr<SegmentFeed> feed;  // shared by the reader and the network thread
  // Set before the feed ends. Shared like the feed.
  std::shared_ptr<std::atomic<SegmentOutcome>> outcome;
};

class SegmentFetcher {
 public:
  // Borrows loop, fetcher and clock. `lease` may be null.
  SegmentFetcher(EventLoop& loop, Fetcher& fetcher, const Clock& clock,
                 SegmentFetcherOptions options, std::unique_ptr<BudgetLease> lease);
  ~SegmentFetcher();
  SegmentFetcher(const SegmentFetcher&) = delete;
  SegmentFetcher& operator=(const SegmentFetcher&) = delete;

  // Starts a transfer. Any thread.
  SegmentHandle Start(SegmentTarget target);

  // Reads a small file as a whole; `confirm_end` as in SegmentTarget. Any thread but the network's.
  // Errors: kNotFound, kTooLarge, kConflict when the file changed meanwhile, kIo, kCancelled.
  [[nodiscard]] Result<std::string> Get(const std::string& path, std::size_t bytes_max,
                                        bool confirm_end = false);

  // Ends all transfers with kCancelled, and all that are still started. Any thread.
  void Cancel();

  // Any thread.
  SegmentFetcherCounts counts() const;

 private:
  class Handler;
  class ProbeHandler;
  struct Job;

  // On the network thread.
  void Begin(const std::shared_ptr<Job>& job);
  void Send(const std::shared_ptr<Job>& job);
  void SendProbe();
  // Jobs are shared by the list of them, their handlers and posted functions.
  void Done(const std::shared_ptr<Job>& job, const FetchResult& result);
  void ProbeDone(const FetchResult& result, std::uint16_t status,
                 std::optional<std::int64_t> retry_after_ms);
  void End(const std::shared_ptr<Job>& job);
  void FailJob(const std::shared_ptr<Job>& job, SegmentOutcome outcome, Error error);
  void Publish();

  EventLoop& loop_;
  Fetcher& fetcher_;
  const Clock& clock_;
  const SegmentFetcherOptions options_;
  OriginGate gate_;
  std::list<std::shared_ptr<Job>> jobs_;  // shared with handlers and posted functions
  bool cancelled_ = false;
  std::uint64_t bodies_resumed_ = 0;
  std::uint64_t body_bytes_ = 0;

  mutable std::mutex counts_mutex_;
  SegmentFetcherCounts counts_;  // guarded by counts_mutex_
};

}  // namespace crawlcard::crawler
