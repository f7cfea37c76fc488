#include "crawler/fetch_plan.h"

#include <algorithm>
#include <array>

#include "base/assert.h"
#include "base/text.h"
#include "crawler/limits.h"
#include "page/url.h"
#include "robots/limits.h"

namespace crawlcard::crawler {
namespace {

constexpr std::array<std::string_view, kStepKinds - 1> kPaths = {"/robots.txt",
                                                                 "/.well-known/tdmrep.json",
                                                                 "/ai.txt",
                                                                 "/.well-known/ai.txt",
                                                                 "/.well-known/ai.json",
                                                                 "/trust.txt",
                                                                 "/.well-known/trust.txt",
                                                                 "/"};

// Chunk sizes and the like, which travel with a body.
constexpr std::size_t kFramingBytes = 64 * 1024;

void Reopen(Step& step) {
  step.outcome = StepOutcome::kPending;
  step.error = FetchError::kNone;
  step.tries = 0;
  step.hops = 0;
  step.at_url.clear();
}

Step& RobotsStep(OriginRecord& record) {
  if (record.steps.empty() || record.steps.front().kind != StepKind::kRobots) {
    Step step;
    step.url = record.origin + std::string(kPaths.front());
    record.steps.insert(record.steps.begin(), std::move(step));
  }
  return record.steps.front();
}

}  // namespace

std::string OriginOfSeed(std::string_view seed) {
  const std::string_view text = TrimAscii(seed);
  if (text.empty() || text.size() > limits::kPlanUrlBytesMax) return {};
  if (text.find("://") == std::string_view::npos) {
    if (text.find('@') != std::string_view::npos) return {};
    return page::OriginOf("https://" + std::string(text));
  }
  if (!StartsWithIgnoreCase(text, "http://") && !StartsWithIgnoreCase(text, "https://")) return {};
  // Credentials are never sent; dropping them in silence would ask for something else than was
  // meant.
  const std::string_view rest = text.substr(text.find("://") + 3);
  if (rest.substr(0, rest.find_first_of("/?#")).find('@') != std::string_view::npos) return {};
  return page::OriginOf(text);
}

void AddWholePlan(OriginRecord& record) {
  RobotsStep(record);
  std::size_t place = 1;
  for (std::size_t i = 1; i < kPaths.size(); ++i) {
    const auto kind = static_cast<StepKind>(i);
    const auto known = std::find_if(record.steps.begin(), record.steps.end(),
                                    [&](const Step& step) { return step.kind == kind; });
    if (known != record.steps.end()) continue;
    Step step;
    step.kind = kind;
    step.url = record.origin + std::string(kPaths[i]);
    record.steps.insert(record.steps.begin() + static_cast<std::ptrdiff_t>(place), std::move(step));
    ++place;
  }
  record.whole_plan = true;
  record.finished_at = 0;
}

bool AddNamedStep(OriginRecord& record, std::string_view url, std::uint8_t depth) {
  CRAWLCARD_ASSERT(page::OriginOf(url) == record.origin);
  if (url.size() > limits::kPlanUrlBytesMax) return false;
  RobotsStep(record);
  std::size_t named = 0;
  for (const Step& step : record.steps) {
    if (step.url == url) return false;
    if (step.kind == StepKind::kNamed) ++named;
  }
  if (named >= limits::kNamedStepsMax) return false;
  Step step;
  step.kind = StepKind::kNamed;
  step.url = url;
  step.depth = depth;
  record.steps.push_back(std::move(step));
  return true;
}

void AskRobotsAgain(OriginRecord& record) {
  Reopen(RobotsStep(record));
}

void RenewPlan(OriginRecord& record) {
  for (Step& step : record.steps) Reopen(step);
  record.failures = 0;
  record.finished_at = 0;
}

void RenewNamedStep(OriginRecord& record, std::string_view url) {
  for (Step& step : record.steps) {
    if (step.kind != StepKind::kNamed || step.url != url || step.pending()) continue;
    Reopen(step);
    AskRobotsAgain(record);
    return;
  }
}

std::vector<std::pair<std::string, std::string>> ConditionalFields(const Step& step) {
  std::vector<std::pair<std::string, std::string>> fields;
  if (!step.at_url.empty() || step.fetched_at == 0) return fields;
  if (!step.etag.empty()) fields.emplace_back("If-None-Match", step.etag);
  if (!step.last_modified.empty()) fields.emplace_back("If-Modified-Since", step.last_modified);
  return fields;
}

std::size_t BodyBytesMax(StepKind kind) {
  switch (kind) {
    case StepKind::kRobots:
      return robots::limits::kRobotsTxtBytesMax + kFramingBytes;
    case StepKind::kFrontPage:
      return limits::kFrontPageBytes;
    case StepKind::kTdmrep:
      return robots::limits::kTdmrepBytesMax + kFramingBytes;
    case StepKind::kNamed:
      return robots::limits::kXmlBytesMax + kFramingBytes;
    default:
      return limits::kSmallFileBytes;
  }
}

}  // namespace crawlcard::crawler
