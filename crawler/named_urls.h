// crawler/named_urls.h - documents that an answer names: RSL licences and TDM policies.
//
// Read by the same code that the index reads captures with, so that what a verdict will look for is
// what the crawl asks for. URLs found here are data: each meets the checks of the origin that it
// points to. Thread rule: thread-compatible; one finder a thread.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/arena.h"
#include "crawler/origin_record.h"
#include "page/facts.h"
#include "page/http.h"

namespace crawlcard::crawler {

class NamedUrlFinder {
 public:
  NamedUrlFinder();

  // Absolute http and https URLs, distinct, in the order of the answer, at most
  // limits::kNamedStepsMax. `body` is decoded, and empty where the step's answer is not what it
  // seems to be: then the head alone speaks.
  std::vector<std::string> Find(StepKind kind, std::string_view url, const page::HttpHead& head,
                                std::string_view body);

 private:
  Arena arena_;
  page::Observer observer_;
};

}  // namespace crawlcard::crawler
