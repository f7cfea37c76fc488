// tests/sim/crawl_checker.h - what no publisher may ever see, checked from outside the crawler.
#pragma once

#include <map>
#include <set>
#include <string>
#include <vector>

#include "crawler/clock.h"
#include "tests/sim/crawl_world.h"

namespace crawlcard::crawler {

class CrawlChecker {
 public:
  CrawlChecker(const CrawlWorld& world, std::int64_t address_delay_ms)
      : world_(world), address_delay_ms_(address_delay_ms) {}

  void Started(const std::string& url, const std::string& address, UnixMillis now);
  void Ended(const std::string& url, const SimAnswer& answer, UnixMillis now);
  // What the answer taught is stored.
  void Archived(const std::string& url, const SimAnswer& answer);
  // The process is gone, and what it had under way with it.
  void Killed(UnixMillis now);

  std::size_t requests() const { return requests_; }
  const std::vector<std::string>& problems() const { return problems_; }

 private:
  struct HostLog {
    bool busy = false;
    UnixMillis last_end = -1;
    UnixMillis not_before = -1;  // by Retry-After
    std::int64_t delay_ms = 1000;
  };
  void CheckRules(const SimHost& host, const std::string& url, UnixMillis now);
  void Problem(const std::string& what, const std::string& url, UnixMillis now);

  const CrawlWorld& world_;
  const std::int64_t address_delay_ms_;
  std::map<std::string, HostLog> hosts_;
  std::map<std::string, UnixMillis> addresses_;
  std::map<std::string, int> asked_;       // by URL
  std::set<std::string> robots_answered_;  // by host
  std::size_t requests_ = 0;
  int lives_ = 1;
  std::vector<std::string> problems_;
};

}  // namespace crawlcard::crawler
