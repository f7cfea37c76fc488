// tests/sim/crawl_world.h - publishers that exist only in a test: what they answer, and how late.
//
// Everything follows from the seed. An answer depends on the URL and on how often it was asked for.
#pragma once

#include <cstdint>
#include <map>
#include <random>
#include <string>
#include <vector>

#include "crawler/error_class.h"

namespace crawlcard::crawler {

struct SimAnswer {
  FetchError error = FetchError::kNone;
  std::uint16_t status = 0;
  std::string head;
  std::string body;
  std::int64_t latency_ms = 0;
};

enum class Mood {
  kWell,
  kStatus,      // one status to everything
  kFlaky,       // 503 to the first tries
  kRobotsHops,  // robots.txt behind redirects
  kRobotsLoop,
  kRobotsAway,  // robots.txt at another publisher
  kAllAway,     // everything but robots.txt redirects to another publisher
  kFilesHop,    // everything but robots.txt behind one redirect here
  kSilent,      // times out
  kResets,
  kCutBody,
  kHalfDead,  // robots.txt is well, the rest is silent
  kNoName,
  kShell,  // the same HTML for every path
};
inline constexpr int kMoods = 14;

struct SimHost {
  std::string name;
  std::string origin;
  std::string address;
  Mood mood = Mood::kWell;
  std::uint16_t status = 500;  // of kStatus
  std::string retry_after;     // field value, or empty
  std::int64_t retry_after_ms = 0;
  int hops = 1;
  std::string away;  // origin of another publisher
  std::int64_t crawl_delay_ms = 0;
  std::vector<std::string> disallowed;  // paths
  bool tdm_policy_here = false;
  bool tdm_policy_away = false;
  bool rsl_away = false;
  bool validators = false;  // ETag, and 304 for it
};

class CrawlWorld {
 public:
  explicit CrawlWorld(std::uint64_t seed);

  const std::vector<SimHost>& hosts() const { return hosts_; }
  const SimHost* Find(const std::string& name) const;

  // What a request gets; `etag` is the If-None-Match that it carried.
  SimAnswer Ask(const std::string& url, const std::string& etag);

  std::uint64_t Random(std::uint64_t below) { return random_() % below; }

 private:
  SimAnswer Serve(const SimHost& host, const std::string& path, int count,
                  const std::string& etag) const;

  std::mt19937_64 random_;
  std::vector<SimHost> hosts_;
  std::map<std::string, std::size_t> by_name_;
  std::map<std::string, int> asked_;  // by URL
};

}  // namespace crawlcard::crawler
