// crawler/publisher_job.h - a publisher crawl from seeds to sealed WARC files.
//
// Joins the deciding half (publisher_engine.h) with a fetcher, a resolver and the archive, on one
// event loop. Everything that was fetched, and everything that failed, becomes records; a metadata
// record at the end of each run counts outcomes: evidence of conduct, with the warcinfo record that
// says who asked, how robots.txt was heeded and how fast.
//
// Thread rule: CrawlPublishers() runs the loop on the thread that calls it.
#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/file_system.h"
#include "base/log_event.h"
#include "base/result.h"
#include "crawler/crawl_counts.h"
#include "crawler/event_loop.h"
#include "crawler/fetch_request.h"
#include "crawler/fetcher.h"
#include "crawler/publisher_engine.h"
#include "crawler/resolver.h"
#include "warc/writer.h"

namespace crawlcard::crawler {

struct PublisherJobOptions {
  // Affects behaviour.
  EngineOptions engine;
  warc::WriterOptions archive;  // its warcinfo is added to
  std::string frontier_directory;
  std::string user_agent;  // as the fetcher sends it
  Deadlines deadlines{std::chrono::seconds(10), std::chrono::seconds(10), std::chrono::seconds(10),
                      std::chrono::seconds(30)};
  // After a request to stop, what is under way may still end.
  std::chrono::milliseconds stop_grace{2000};
};

// The network side. Borrowed.
struct PublisherJobPorts {
  EventLoop& loop;
  Fetcher& fetcher;
  Resolver& resolver;
  const Clock& clock;
  FileSystem& files;
};

struct PublisherJobSummary {
  bool finished = false;  // false: stopped on request, start again
  CrawlCounts counts;
  warc::RepairReport repaired;
  std::uint64_t run = 0;
  UnixMillis started_at = 0;
  UnixMillis ended_at = 0;
  std::uint64_t seeds_refused = 0;        // neither host names nor URLs
  std::vector<std::string> sealed_files;  // of this run
  std::uint64_t records = 0;
  std::uint64_t archive_bytes = 0;  // compressed
  // Who asked, how, and what came of it, as names and values: the run manifest.
  std::vector<std::pair<std::string, std::string>> manifest;
};

// Crawls until every publisher has finished or failed, or `stop_requested`. Progress goes to `log`
// as "crawl.progress" every ten seconds.
// Errors: kInvalidArgument for options, kLocked and kSchema for the frontier, kCorrupt, kIo.
[[nodiscard]] Result<PublisherJobSummary> CrawlPublishers(const PublisherJobPorts& ports,
                                                          const std::vector<std::string>& seeds,
                                                          PublisherJobOptions options,
                                                          const LogSink& log,
                                                          const std::atomic<bool>& stop_requested);

}  // namespace crawlcard::crawler
