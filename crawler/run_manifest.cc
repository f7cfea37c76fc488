#include "crawler/run_manifest.h"

#include "base/digest.h"
#include "base/time.h"

namespace crawlcard::crawler {
namespace {

void AddCount(std::string name, std::uint64_t count, ManifestFields& fields_out) {
  if (count > 0) fields_out.emplace_back(std::move(name), std::to_string(count));
}

void AddCounts(const CrawlCounts& counts, ManifestFields& fields_out) {
  for (const auto& [name, count] : {std::pair{"requests", counts.requests},
                                    {"retries", counts.retries},
                                    {"redirects", counts.redirects},
                                    {"body-bytes", counts.body_bytes},
                                    {"publishers-added", counts.publishers_added},
                                    {"publishers-finished", counts.publishers_finished},
                                    {"publishers-fresh", counts.publishers_fresh}}) {
    fields_out.emplace_back(std::string("crawlcard-") + name, std::to_string(count));
  }
  for (const auto& [state, count] : counts.robots) {
    AddCount(fmt::format("crawlcard-robots-{}", robots::RobotsStateName(state)), count, fields_out);
  }
  for (std::size_t i = 0; i < kStepOutcomes; ++i) {
    AddCount(fmt::format("crawlcard-step-{}", StepOutcomeName(static_cast<StepOutcome>(i))),
             counts.steps[i], fields_out);
  }
  for (const auto& [error, count] : counts.errors) {
    AddCount(fmt::format("crawlcard-error-{}", FetchErrorName(error)), count, fields_out);
  }
}

}  // namespace

ManifestFields WarcinfoOf(const PublisherJobOptions& options) {
  const EngineOptions& engine = options.engine;
  ManifestFields fields;
  fields.emplace_back("http-header-user-agent", options.user_agent);
  fields.emplace_back("robots", "obey");
  fields.emplace_back(
      "crawlcard-robots",
      fmt::format("RFC 9309 for the token {}; 5xx, 429 and no answer forbid, 4xx allows; "
                  "asked again after 24 h; Crawl-delay up to {} s is waited for",
                  engine.agent, engine.crawl_delay_ms_max / 1000));
  fields.emplace_back(
      "crawlcard-budget",
      fmt::format("one request at a time and {} ms between requests to a host; {} ms between "
                  "requests to an address; at most {} requests under way; at most {}, {}, {} "
                  "tries (429 and 503, other 5xx, broken connections); Retry-After is kept to",
                  engine.politeness.host_delay_ms, engine.politeness.address_delay_ms,
                  engine.in_flight_max, engine.retry.tries_busy, engine.retry.tries_server,
                  engine.retry.tries_soon));
  return fields;
}

ManifestFields ManifestOf(const PublisherJobOptions& options, const PublisherJobSummary& summary) {
  ManifestFields fields = WarcinfoOf(options);
  fields.emplace_back("crawlcard-run", std::to_string(summary.run));
  fields.emplace_back("crawlcard-started", FormatRfc3339(SecondsOf(summary.started_at)));
  fields.emplace_back("crawlcard-ended", FormatRfc3339(SecondsOf(summary.ended_at)));
  fields.emplace_back("crawlcard-complete", summary.finished ? "yes" : "no");
  AddCounts(summary.counts, fields);
  return fields;
}

std::string RunUri(const std::array<std::uint8_t, 16>& seed) {
  // RFC 9562 section 5.4: a random UUID; hashed, since the seed makes the ids of records too.
  Xxh3Digest bytes = Xxh3({reinterpret_cast<const char*>(seed.data()), seed.size()});
  bytes[6] = static_cast<std::uint8_t>((bytes[6] & 0x0F) | 0x40);
  bytes[8] = static_cast<std::uint8_t>((bytes[8] & 0x3F) | 0x80);
  const std::string hex = Hex(bytes);
  return fmt::format("urn:uuid:{}-{}-{}-{}-{}", hex.substr(0, 8), hex.substr(8, 4),
                     hex.substr(12, 4), hex.substr(16, 4), hex.substr(20));
}

}  // namespace crawlcard::crawler
