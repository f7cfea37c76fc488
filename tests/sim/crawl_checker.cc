#include "tests/sim/crawl_checker.h"

#include <algorithm>

#include "page/url.h"

namespace crawlcard::crawler {
namespace {

constexpr std::int64_t kLongestCrawlDelayMs = 60'000;
constexpr std::int64_t kLongestRetryAfterMs = 600'000;
// Four tries of one URL in a life, and as many places of plans may name it.
constexpr int kAskedMost = 40;

enum class Verdict { kAllow, kDeny, kRules, kUnknown };

// What the robots.txt of `host` comes to, by RFC 9309 and the careful choices.
Verdict RobotsOf(const SimHost& host) {
  switch (host.mood) {
    case Mood::kStatus:
      return host.status < 500 && host.status != 429 ? Verdict::kAllow : Verdict::kDeny;
    case Mood::kSilent:
    case Mood::kResets:
    case Mood::kCutBody:
    case Mood::kNoName:
      return Verdict::kDeny;
    case Mood::kShell:
    case Mood::kRobotsLoop:
      return Verdict::kAllow;
    case Mood::kRobotsHops:
      return host.hops <= 5 ? Verdict::kRules : Verdict::kAllow;
    case Mood::kRobotsAway:
      return Verdict::kUnknown;
    case Mood::kFlaky:  // once refused it is disallowed, once heard its rules hold
    case Mood::kWell:
    case Mood::kAllAway:
    case Mood::kFilesHop:
    case Mood::kHalfDead:
      break;
  }
  return Verdict::kRules;
}

bool IsOfRobots(const SimHost& host, const std::string& path) {
  return path == "/robots.txt" || (host.mood == Mood::kRobotsHops && path.starts_with("/hop"));
}

}  // namespace

void CrawlChecker::Problem(const std::string& what, const std::string& url, UnixMillis now) {
  problems_.push_back(what + ": " + url + " at " + std::to_string(now));
}

void CrawlChecker::Started(const std::string& url, const std::string& address, UnixMillis now) {
  ++requests_;
  const std::string name = page::HostOf(url);
  HostLog& log = hosts_[name];
  if (log.busy) Problem("two requests at once", url, now);
  if (log.last_end >= 0 && now - log.last_end < log.delay_ms) {
    Problem("host asked after " + std::to_string(now - log.last_end) + " of " +
                std::to_string(log.delay_ms) + " ms",
            url, now);
  }
  if (now < log.not_before) Problem("asked before Retry-After", url, now);
  log.busy = true;
  if (const auto last = addresses_.find(address);
      last != addresses_.end() && now - last->second < address_delay_ms_) {
    Problem("address asked after " + std::to_string(now - last->second) + " ms", url, now);
  }
  addresses_[address] = now;
  if (++asked_[url] > kAskedMost * lives_) Problem("asked too often", url, now);
  if (const SimHost* host = world_.Find(name); host != nullptr) CheckRules(*host, url, now);
}

void CrawlChecker::CheckRules(const SimHost& host, const std::string& url, UnixMillis now) {
  const std::string path = page::PathAndQueryOf(url);
  if (page::OriginOf(url) != host.origin || IsOfRobots(host, path)) return;
  if (!robots_answered_.contains(host.name)) Problem("asked before robots.txt", url, now);
  switch (RobotsOf(host)) {
    case Verdict::kDeny:
      Problem("asked without a robots.txt", url, now);
      break;
    case Verdict::kRules:
      if (host.crawl_delay_ms > kLongestCrawlDelayMs) Problem("delay not waited for", url, now);
      if (std::any_of(host.disallowed.begin(), host.disallowed.end(),
                      [&](const std::string& rule) { return path.starts_with(rule); })) {
        Problem("disallowed", url, now);
      }
      break;
    case Verdict::kAllow:
    case Verdict::kUnknown:
      break;
  }
}

void CrawlChecker::Ended(const std::string& url, const SimAnswer& answer, UnixMillis now) {
  const std::string name = page::HostOf(url);
  HostLog& log = hosts_[name];
  log.busy = false;
  log.last_end = now;
  const SimHost* host = world_.Find(name);
  if (host != nullptr && (answer.status == 429 || answer.status == 503)) {
    log.not_before = now + std::min(host->retry_after_ms, kLongestRetryAfterMs);
  }
}

void CrawlChecker::Archived(const std::string& url, const SimAnswer& answer) {
  const std::string name = page::HostOf(url);
  const SimHost* host = world_.Find(name);
  const std::string path = page::PathAndQueryOf(url);
  if (host == nullptr || !IsOfRobots(*host, path)) return;
  robots_answered_.insert(name);
  // The answer of a chain counts for the origin that it began at, which is this one unless another
  // publisher's chain ended here: then nobody has asked this one for its rules.
  const bool begun_here = asked_.contains(host->origin + "/robots.txt");
  if (answer.status == 200 && begun_here && RobotsOf(*host) == Verdict::kRules &&
      host->mood != Mood::kFlaky) {
    hosts_[name].delay_ms =
        std::max<std::int64_t>(1000, std::min(host->crawl_delay_ms, kLongestCrawlDelayMs));
  }
}

void CrawlChecker::Killed(UnixMillis now) {
  ++lives_;
  for (auto& [name, log] : hosts_) {
    log.not_before = -1;  // what was asked for in passing is forgotten, the delay is not
    if (!log.busy) continue;
    log.busy = false;
    log.last_end = now;
  }
}

}  // namespace crawlcard::crawler
