// crawler/run_manifest.h - who asked, how, and what came of it: evidence of a crawl's conduct.
//
// The first half goes into every warcinfo record, the whole into a metadata record at the end of a
// run and into the index. Names and values are text; docs/formats/frontier.md lists them.
// Thread rule: thread-safe.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "crawler/publisher_job.h"

namespace crawlcard::crawler {

using ManifestFields = std::vector<std::pair<std::string, std::string>>;

// User agent, robots handling and budgets.
ManifestFields WarcinfoOf(const PublisherJobOptions& options);

// The same with times and counts by outcome.
ManifestFields ManifestOf(const PublisherJobOptions& options, const PublisherJobSummary& summary);

// Names the run: "urn:uuid:...".
std::string RunUri(const std::array<std::uint8_t, 16>& seed);

}  // namespace crawlcard::crawler
