// crawler/publisher_archive.h - what a publisher crawl fetched, as WARC records, on a thread of its
// own.
//
// Answers go in from the network thread and come back, written, through the loop, many at a time:
// a wake-up of either side costs more than a record. Nothing waits on the network thread: the crawl
// has no more answers under way than it reserved room for.
//
// Thread rule: network thread only; the thread inside is nobody's business.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "base/bounded_queue.h"
#include "base/result.h"
#include "crawler/event_loop.h"
#include "crawler/fetch_result.h"
#include "crawler/publisher_engine.h"
#include "warc/writer.h"

namespace crawlcard::crawler {

struct ArchiveItem {
  std::uint64_t ticket = 0;
  std::string url;
  FetchResult result;
  ArchiveNote note;
};

struct ArchivedItem {
  std::uint64_t ticket = 0;
  std::string record_id;  // of the response, or empty
  std::string digest;
  Status status;      // an error ends the crawl
  FetchResult spare;  // what was written, for Fetcher::Recycle()
};

class PublisherArchive {
 public:
  using OnArchived = std::function<void(std::vector<ArchivedItem>&)>;

  // Borrows `loop`, which must outlive it, and takes `writer` over. `on_archived` runs on the
  // network thread.
  PublisherArchive(EventLoop& loop, std::unique_ptr<warc::Writer> writer, std::size_t items_max,
                   OnArchived on_archived);
  ~PublisherArchive();

  // Never waits as long as at most `items_max` items are under way. Handed over together with what
  // else is added before the loop comes round.
  void Add(ArchiveItem item);

  // Writes what is left and ends the thread. The writer is the caller's again.
  warc::Writer& Finish();

 private:
  using Batch = std::vector<ArchiveItem>;

  void Flush();
  void Run();

  EventLoop& loop_;
  std::unique_ptr<warc::Writer> writer_;
  OnArchived on_archived_;
  Batch adding_;
  // Shared with flushes that may come when the archive is gone.
  std::shared_ptr<char> alive_ = std::make_shared<char>();
  BoundedQueue<Batch> queue_;
  std::jthread thread_;
};

}  // namespace crawlcard::crawler
