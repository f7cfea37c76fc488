// crawler/snapshot/segment_reader.h - what an ingest worker reads of one segment: what --keep has
// of it, then what the network brings.
//
// Thread rule: thread-compatible; the worker that reads the segment.
#pragma once

#include <memory>
#include <string>

#include "base/file.h"
#include "base/result.h"
#include "crawler/snapshot/kept_part.h"
#include "crawler/snapshot/segment_fetcher.h"

namespace crawlcard::crawler {

class SegmentReader final : public ByteFeed {
 public:
  // `kept` may be null. Starts the transfer of what is missing.
  SegmentReader(SegmentFetcher& fetcher, SegmentTarget target, std::unique_ptr<KeptPart> kept);
  ~SegmentReader() override;

  Result<std::size_t> Read(char* to, std::size_t bytes) override;

  // Shared with the job, which looks at it after the reading.
  const std::shared_ptr<std::atomic<SegmentOutcome>>& outcome() const { return handle_.outcome; }

 private:
  std::unique_ptr<KeptPart> kept_;
  SegmentHandle handle_;
  bool finished_ = false;
};

}  // namespace crawlcard::crawler
