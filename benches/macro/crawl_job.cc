// The publisher job from seeds to sealed files, for the crawl bench.
#include <atomic>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <string>
#include <utility>
#include <vector>

#include "base/file_system.h"
#include "benches/macro/crawl_measure.h"
#include "crawler/curl_fetcher.h"
#include "crawler/descriptor_limit.h"
#include "crawler/publisher_job.h"
#include "crawler/static_resolver.h"

namespace crawlcard::bench {
namespace {

crawler::PublisherJobOptions OptionsOf(const CrawlWork& work) {
  crawler::PublisherJobOptions options;
  options.engine.agent = "bench";
  // Of the server's few addresses, not of the crawl.
  options.engine.politeness.address_delay_ms = 1;
  options.engine.in_flight_max = work.in_flight;
  options.archive.directory = "crawl_job_archive";
  options.archive.compression = warc::Compression::kNone;
  options.frontier_directory = "crawl_job_archive/frontier";
  options.user_agent = "bench";
  return options;
}

}  // namespace

CrawlCost CrawlPlans(const CrawlWork& work, std::size_t shards, std::size_t connections) {
  crawler::RaiseDescriptorLimit();
  crawler::EventLoop loop;
  crawler::StaticResolver resolver;
  std::vector<std::string> seeds;
  for (std::size_t i = 0; i < work.hosts; ++i) {
    resolver.Add(HostOf(i), *crawler::IpAddress::Parse(AddressOf(work, i)));
    seeds.push_back(UrlOf(work, i));
  }
  crawler::CurlFetcherOptions network;
  network.guard = crawler::AddressGuard({crawler::AddressRange::Parse("127.0.0.0/8").value()});
  network.shards = shards;
  network.connections = connections;
  const auto agent = crawler::UserAgent::Make("bench", "1", "bench@example.org").value();
  const auto fetcher = crawler::MakeCurlFetcher(loop, resolver, agent, network).value();
  const crawler::SystemClock clock;
  const crawler::PublisherJobPorts ports{loop, *fetcher, resolver, clock, DiskFileSystem()};
  const crawler::PublisherJobOptions options = OptionsOf(work);
  const std::atomic<bool> stop{false};
  const double cpu = SecondsOf(CLOCK_THREAD_CPUTIME_ID);
  const double wall = SecondsOf(CLOCK_MONOTONIC);
  const auto done = crawler::CrawlPublishers(ports, seeds, options, {}, stop);
  CrawlCost cost;
  cost.cpu_s = SecondsOf(CLOCK_THREAD_CPUTIME_ID) - cpu;
  cost.wall_s = SecondsOf(CLOCK_MONOTONIC) - wall;
  std::filesystem::remove_all(options.archive.directory);
  if (!done || !done->finished || done->counts.publishers_finished != work.hosts) {
    std::fprintf(stderr, "%s\n", done ? "unfinished" : done.error().ToString().c_str());
    std::exit(1);
  }
  cost.good = done->counts.requests;
  cost.bytes = done->counts.body_bytes;
  return cost;
}

}  // namespace crawlcard::bench
