// The main program of all micro benches.

#include <cstdio>
#include <string_view>
#include <utility>
#include <vector>

#include <benchmark/benchmark.h>
#if __has_include(<valgrind/callgrind.h>)
#include <valgrind/callgrind.h>
#define CRAWLCARD_HAVE_CALLGRIND 1
#endif

#include "benches/micro/stage.h"

namespace crawlcard::bench {
namespace {

struct Named {
  std::string name;
  std::function<Stage()> make;
};

std::vector<Named>& Stages() {
  static std::vector<Named> stages;
  return stages;
}

void Measure(benchmark::State& state, const std::function<Stage()>& make) {
  const Stage stage = make();
  for (auto _ : state) stage.pass();
  state.SetBytesProcessed(state.iterations() * static_cast<std::int64_t>(stage.bytes));
  state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(stage.items));
}

// One warm pass of each stage that has `filter` in its name. Counts go to callgrind's files, in
// the order of the lines printed here.
int CountInstructions(std::string_view filter) {
#ifdef CRAWLCARD_HAVE_CALLGRIND
  for (const Named& named : Stages()) {
    if (named.name.find(filter) == std::string::npos) continue;
    const Stage stage = named.make();
    stage.pass();
    CALLGRIND_START_INSTRUMENTATION;
    CALLGRIND_ZERO_STATS;
    stage.pass();
    CALLGRIND_DUMP_STATS_AT(named.name.c_str());
    CALLGRIND_STOP_INSTRUMENTATION;
    std::printf("%s\t%llu\t%llu\n", named.name.c_str(),
                static_cast<unsigned long long>(stage.bytes),
                static_cast<unsigned long long>(stage.items));
  }
  return 0;
#else
  std::fprintf(stderr, "built without valgrind/callgrind.h: no %.*s\n",
               static_cast<int>(filter.size()), filter.data());
  return 1;
#endif
}

}  // namespace

bool AddStage(std::string name, std::function<Stage()> make) {
  Stages().push_back({name, make});
  benchmark::RegisterBenchmark(name.c_str(), [make = std::move(make)](benchmark::State& state) {
    Measure(state, make);
  })->Unit(benchmark::kMillisecond);
  return true;
}

}  // namespace crawlcard::bench

int main(int argc, char** argv) {
  constexpr std::string_view kInstructions = "--instructions=";
  if (argc == 2 && std::string_view(argv[1]).starts_with(kInstructions)) {
    return crawlcard::bench::CountInstructions(
        std::string_view(argv[1]).substr(kInstructions.size()));
  }
  benchmark::Initialize(&argc, argv);
  if (benchmark::ReportUnrecognizedArguments(argc, argv)) return 1;
  benchmark::RunSpecifiedBenchmarks();
  return 0;
}
