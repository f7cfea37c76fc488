// Any bytes as listing, CDX, collinfo, and head of a server's answer: paths stay in the mirror,
// ranges hold their captures, and no answer makes a transfer take bytes that were not asked for.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "base/assert.h"
#include "crawler/snapshot/cdx_ranges.h"
#include "crawler/snapshot/limits.h"
#include "crawler/snapshot/listing.h"
#include "crawler/snapshot/segment_transfer.h"

namespace {

namespace crawler = crawlcard::crawler;

void CheckLists(std::string_view bytes) {
  if (const auto listing = crawler::ParseListing(bytes)) {
    for (const std::string& path : listing->paths) {
      CRAWLCARD_ASSERT(("/" + path + "/").find("/../") == std::string::npos);
      CRAWLCARD_ASSERT(path.front() != '/');
    }
  }
  if (const auto ids = crawler::ParseCollinfo(bytes)) {
    for (const std::string& id : *ids) CRAWLCARD_ASSERT(crawler::CheckCrawlId(id).has_value());
  }
  if (const auto list = crawler::ParseCdx(bytes)) {
    for (const crawler::CdxRange& range : list->ranges) {
      CRAWLCARD_ASSERT(range.end - range.first <= crawler::limits::kCdxRangeBytesMax);
      for (const crawler::CdxPlace& place : range.places) {
        CRAWLCARD_ASSERT(place.offset >= range.first);
        CRAWLCARD_ASSERT(place.offset + place.length <= range.end);
      }
    }
  }
}

// The first byte chooses status and range, the rest is the head; then a body comes.
void CheckTransfer(std::string_view bytes) {
  if (bytes.empty()) return;
  const auto choice = static_cast<unsigned char>(bytes.front());
  bytes.remove_prefix(1);
  constexpr std::uint16_t kStatuses[] = {200, 206, 416, 403, 404, 429, 503, 301};
  crawler::SegmentTarget target;
  target.path = "a.gz";
  target.first = (choice & 8) != 0 ? 10 : 0;
  if ((choice & 16) != 0) target.end = target.first + 20;
  if ((choice & 32) != 0) target.validator = "\"v\"";
  // Shared with the transfer, which ends with this function.
  auto feed = std::make_shared<crawler::SegmentFeed>(1 << 16, [] {});
  crawler::SegmentTransfer transfer(target, feed, {});
  crawler::FetchResult result;
  std::uint64_t given = 0;
  const std::string body(30, 'x');
  for (int request = 0; request < 3; ++request) {
    transfer.OnStart();
    const std::uint16_t status = kStatuses[choice & 7];
    auto answer = transfer.OnHead(status, bytes, 0);
    if (answer == crawler::HandlerAnswer::kTake) answer = transfer.OnChunk(body);
    result.error = answer == crawler::HandlerAnswer::kStop ? crawler::FetchError::kStopped
                                                           : crawler::FetchError::kNone;
    if (transfer.OnDone(result, 0) == crawler::SegmentTransfer::Next::kEnd) break;
  }
  if (transfer.outcome() == crawler::SegmentOutcome::kRunning) return;
  transfer.CloseFeed();
  char piece[64];
  for (auto got = feed->Read(piece, sizeof(piece)); got && *got > 0;
       got = feed->Read(piece, sizeof(piece))) {
    given += *got;
  }
  if (target.end) CRAWLCARD_ASSERT(given <= *target.end - target.first);
  const bool complete = transfer.outcome() == crawler::SegmentOutcome::kComplete;
  if (complete && target.end) CRAWLCARD_ASSERT(given == *target.end - target.first);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  CheckLists(bytes.substr(0, 1 << 16));
  CheckTransfer(bytes.substr(0, 1 << 12));
  return 0;
}
