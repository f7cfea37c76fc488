// benches/macro/crawl_measure.h - what both sides of the crawl bench share: the work to do, and
// what it took.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

#include <fmt/format.h>
#include <time.h>

namespace crawlcard::bench {

struct CrawlWork {
  std::string scheme_host_port_path;  // "http://%s:PORT/file": %s is the host
  std::size_t hosts = 1;              // host i is pIIIII.test at 127.0.1.(1 + i % addresses)
  std::size_t addresses = 1;
  std::size_t requests = 0;  // request i goes to host i % hosts
  std::size_t in_flight = 64;
  bool stream = false;
  bool same_fields = false;  // bare: the fields that ours sends
};

struct CrawlCost {
  std::uint64_t good = 0;  // answers with status 200 and a body
  std::uint64_t bytes = 0;
  double cpu_s = 0;  // of the network thread
  double wall_s = 0;
};

inline double SecondsOf(clockid_t clock) {
  timespec time{};
  clock_gettime(clock, &time);
  return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_nsec) / 1e9;
}

inline std::string HostOf(std::size_t i) {
  return fmt::format("p{:05}.test", i);
}
inline std::string AddressOf(const CrawlWork& work, std::size_t i) {
  return fmt::format("127.0.1.{}", 1 + i % work.addresses);
}
inline std::string UrlOf(const CrawlWork& work, std::size_t i) {
  std::string url = work.scheme_host_port_path;
  url.replace(url.find("%s"), 2, HostOf(i));
  return url;
}

// libcurl alone: one multi handle, curl_multi_socket_action(), epoll, a callback that drops the
// bytes, easy handles used again. Names are given with CURLOPT_CONNECT_TO and the name cache is
// off, as in ours; at most `connections` are kept.
CrawlCost CrawlBare(const CrawlWork& work, long connections);

// The whole publisher job, seeds to sealed WARC files, over hosts 0 to hosts - 1: plans,
// politeness, frontier and archive (uncompressed). `good` counts the requests of plans that were
// finished.
CrawlCost CrawlPlans(const CrawlWork& work, std::size_t shards, std::size_t connections);

}  // namespace crawlcard::bench
