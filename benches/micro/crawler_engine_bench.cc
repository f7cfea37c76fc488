// What deciding costs: publishers through frontier, politeness, plan and robots gate on virtual
// time, every answer a 404 at once but for a robots.txt with a rule. Items are requests.
#include <filesystem>
#include <string>

#include <benchmark/benchmark.h>
#include <fmt/format.h>
#include <unistd.h>

#include "crawler/publisher_engine.h"

namespace crawlcard::crawler {
namespace {

constexpr UnixMillis kStart = 1'790'000'000'000;

// Runs all plans to their end; gives the number of requests, 0 for an error.
std::size_t CrawlAll(PublisherEngine& engine) {
  UnixMillis now = kStart;
  std::size_t requests = 0;
  while (true) {
    const Result<Turn> turn = engine.Next(now);
    if (!turn) return 0;
    if (turn->finished) return requests;
    if (!turn->resolve.empty()) {
      const std::size_t net = std::hash<std::string>{}(turn->resolve) % 5000;
      const std::string address =
          "127." + std::to_string(net / 250) + ".0." + std::to_string(net % 250 + 1);
      if (!engine.Resolved(turn->resolve, {address}, FetchError::kNone, now)) return 0;
    } else if (turn->fetch) {
      ++requests;
      const bool robots = turn->fetch->kind == StepKind::kRobots;
      Answer answer;
      answer.status = robots ? 200 : 404;
      answer.head = robots ? "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\n\r\n"
                           : "HTTP/1.1 404 Not Found\r\nContent-Type: text/html\r\n\r\n";
      answer.body = robots ? "User-agent: *\nDisallow: /private/\n" : "none";
      if (!engine.Answered(turn->fetch->ticket, answer, now)) return 0;
      if (!engine.Archived(turn->fetch->ticket, "<urn:uuid:0>", "sha1:0", now)) return 0;
    } else {
      now = turn->ask_again_at;
    }
  }
}

void BM_Publishers(benchmark::State& state) {
  const std::string directory = (std::filesystem::temp_directory_path() /
                                 ("crawlcard_engine_bench_" + std::to_string(::getpid())))
                                    .string();
  std::size_t requests = 0;
  for (auto _ : state) {
    state.PauseTiming();
    std::filesystem::remove_all(directory);
    auto frontier = Frontier::Open(directory);
    if (!frontier) return state.SkipWithError("no frontier");
    PublisherEngine engine(**frontier, {}, kStart);
    for (std::int64_t i = 0; i < state.range(0); ++i) {
      if (!engine.AddSeed(fmt::format("h{}.example", i), kStart)) {
        return state.SkipWithError("no seed");
      }
    }
    state.ResumeTiming();
    requests += CrawlAll(engine);
  }
  std::filesystem::remove_all(directory);
  state.SetItemsProcessed(static_cast<std::int64_t>(requests));
}
BENCHMARK(BM_Publishers)->Arg(1000)->Arg(20'000)->Iterations(1)->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace crawlcard::crawler

BENCHMARK_MAIN();
