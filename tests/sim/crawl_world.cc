#include "tests/sim/crawl_world.h"

#include <algorithm>
#include <array>

#include "page/url.h"

namespace crawlcard::crawler {
namespace {

SimAnswer Whole(std::uint16_t status, std::string fields, std::string body) {
  SimAnswer answer;
  answer.status = status;
  answer.head = "HTTP/1.1 " + std::to_string(status) + " X\r\n" + std::move(fields) +
                "Content-Length: " + std::to_string(body.size()) + "\r\n\r\n";
  answer.body = std::move(body);
  return answer;
}

SimAnswer Failed(FetchError error, std::int64_t latency_ms) {
  SimAnswer answer;
  answer.error = error;
  answer.latency_ms = latency_ms;
  return answer;
}

SimAnswer Redirect(const std::string& to) {
  return Whole(302, "Location: " + to + "\r\n", {});
}

std::string RobotsOf(const SimHost& host) {
  std::string text = "User-agent: GPTBot\nCrawl-delay: 50\nDisallow: /\n\nUser-agent: *\n";
  if (host.crawl_delay_ms > 0) {
    text += "Crawl-delay: " + std::to_string(host.crawl_delay_ms / 1000) + "\n";
  }
  for (const std::string& path : host.disallowed) text += "Disallow: " + path + "\n";
  if (host.disallowed.empty()) text += "Allow: /\n";
  if (host.rsl_away) text += "License: " + host.away + "/license.xml\n";
  return text;
}

std::string TdmrepOf(const SimHost& host) {
  const std::string policy =
      host.tdm_policy_away ? host.away + "/policy.json" : host.origin + "/policy.json";
  std::string text = R"([{"location": "/", "tdm-reservation": 1)";
  if (host.tdm_policy_here || host.tdm_policy_away) text += R"(, "tdm-policy": ")" + policy + "\"";
  return text + "}]";
}

}  // namespace

CrawlWorld::CrawlWorld(std::uint64_t seed) : random_(seed) {
  const std::size_t count = 2 + Random(14);
  const std::size_t addresses = 1 + Random(4);
  constexpr std::array<std::uint16_t, 8> kStatuses = {401, 403, 404, 410, 429, 500, 502, 503};
  constexpr std::array<std::int64_t, 5> kDelays = {0, 0, 2000, 10'000, 90'000};
  const std::vector<std::string> paths = {
      "/", "/ai.txt", "/trust.txt", "/.well-known/", "/policy.json", "/license.xml", "/hop"};
  for (std::size_t i = 0; i < count; ++i) {
    SimHost host;
    host.name = "h" + std::to_string(i) + ".site" + std::to_string(Random(4)) + ".test";
    host.origin =
        (Random(3) == 0 ? "https://" : "http://") + host.name + (Random(4) == 0 ? ":8080" : "");
    host.address = "127.0.1." + std::to_string(1 + Random(addresses));
    host.mood = Random(2) == 0 ? Mood::kWell : static_cast<Mood>(Random(kMoods));
    host.status = kStatuses[Random(kStatuses.size())];
    if (Random(3) == 0) {
      const std::array<std::int64_t, 4> seconds = {0, 3, 45, 100'000};
      host.retry_after_ms = seconds[Random(4)] * 1000;
      host.retry_after = std::to_string(host.retry_after_ms / 1000);
    }
    host.hops = 1 + static_cast<int>(Random(7));
    host.crawl_delay_ms = kDelays[Random(kDelays.size())];
    for (std::size_t n = Random(3); n > 0; --n) {
      host.disallowed.push_back(paths[Random(paths.size())]);
    }
    host.tdm_policy_here = Random(4) == 0;
    host.tdm_policy_away = Random(4) == 0;
    host.rsl_away = Random(4) == 0;
    host.validators = Random(2) == 0;
    by_name_[host.name] = i;
    hosts_.push_back(std::move(host));
  }
  for (SimHost& host : hosts_) host.away = hosts_[Random(hosts_.size())].origin;
}

const SimHost* CrawlWorld::Find(const std::string& name) const {
  const auto found = by_name_.find(name);
  return found == by_name_.end() ? nullptr : &hosts_[found->second];
}

SimAnswer CrawlWorld::Ask(const std::string& url, const std::string& etag) {
  const SimHost* host = Find(page::HostOf(url));
  const int count = ++asked_[url];
  SimAnswer answer = host == nullptr || page::OriginOf(url) != host->origin
                         ? Failed(FetchError::kConnectRefused, 1)
                         : Serve(*host, page::PathAndQueryOf(url), count, etag);
  if (answer.latency_ms == 0) answer.latency_ms = 1 + static_cast<std::int64_t>(Random(2000));
  return answer;
}

SimAnswer CrawlWorld::Serve(const SimHost& host, const std::string& path, int count,
                            const std::string& etag) const {
  const bool robots = path == "/robots.txt";
  const std::string retry =
      host.retry_after.empty() ? std::string() : "Retry-After: " + host.retry_after + "\r\n";
  switch (host.mood) {
    case Mood::kStatus:
      return Whole(host.status, retry, "no\n");
    case Mood::kFlaky:
      if (count % 4 != 3) return Whole(503, retry, "later\n");
      break;
    case Mood::kSilent:
      return Failed(FetchError::kTimeout, 60'000);
    case Mood::kResets:
      return Failed(FetchError::kNoAnswer, 5);
    case Mood::kCutBody:
      return Failed(FetchError::kBodyCut, 5);
    case Mood::kHalfDead:
      if (!robots) return Failed(FetchError::kTimeout, 60'000);
      break;
    case Mood::kShell:
      return Whole(200, "Content-Type: text/html\r\n", "<!doctype html><title>app</title>");
    case Mood::kRobotsHops: {
      int hop = robots ? 0 : path.starts_with("/hop") ? path.back() - '0' : -1;
      if (hop >= 0 && hop < host.hops) return Redirect("/hop" + std::to_string(hop + 1));
      if (hop >= 0) return Whole(200, "Content-Type: text/plain\r\n", RobotsOf(host));
      break;
    }
    case Mood::kRobotsLoop:
      if (robots) return Redirect("/robots.txt");
      break;
    case Mood::kRobotsAway:
      if (robots) return Redirect(host.away + "/robots.txt");
      break;
    case Mood::kAllAway:
      if (!robots) return Redirect(host.away + path);
      break;
    case Mood::kFilesHop:
      if (!robots && path != "/hop1") return Redirect("/hop1");
      break;
    case Mood::kWell:
    case Mood::kNoName:
      break;
  }
  const std::string tag = "\"" + path + "\"";
  if (host.validators && etag == tag) return Whole(304, "ETag: " + tag + "\r\n", {});
  const std::string fields = host.validators ? "ETag: " + tag + "\r\n" : std::string();
  if (robots) return Whole(200, fields, RobotsOf(host));
  if (path == "/.well-known/tdmrep.json") return Whole(200, fields, TdmrepOf(host));
  if (path == "/ai.txt") return Whole(200, fields, "User-Agent: *\nDisallow: /\n");
  if (path == "/" || path == "/hop1") return Whole(200, fields, "<!doctype html><p>front");
  if (path == "/policy.json" || path == "/license.xml") return Whole(200, fields, "{}");
  return Whole(404, {}, "none\n");
}

}  // namespace crawlcard::crawler
