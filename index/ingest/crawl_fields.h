// index/ingest/crawl_fields.h - what the metadata records of our own crawl say about a request.
//
// docs/formats/frontier.md lists them. The crawler writes them by the names here, so that both
// sides mean the same.
//
// Thread rule: functions are thread-safe.
#pragma once

#include <string_view>

#include "warc/record.h"

namespace crawlcard::index {

// What was asked for: "robots.txt", "front-page", ...
inline constexpr std::string_view kStepField = "crawlcard-step";
// How a request failed: "timeout", "connect-refused", ...
inline constexpr std::string_view kErrorField = "crawlcard-error";

// Of a metadata record; views into its block.
struct CrawlFields {
  std::string_view step;
  std::string_view error;
  bool is_alone = false;  // belongs to no response

  // A request of ours that no response record stands for.
  bool TellsOfFailure() const { return is_alone && !step.empty() && !error.empty(); }
};
CrawlFields CrawlFieldsOf(const warc::RecordView& record);

// True for failures in which the server had its chance: names, connections, TLS, broken answers.
// False for requests that were never made, or that our side gave up.
bool IsFailureOfServer(std::string_view error);

}  // namespace crawlcard::index
