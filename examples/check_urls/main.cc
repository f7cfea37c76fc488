// check_urls INDEX URL... - asks an index whether pages may be used for training, from C++.
#include <cstdio>

#include "index/scan.h"
#include "index/store.h"
#include "robots/policy.h"

int main(int argc, char** argv) {
  if (argc < 3) return std::fprintf(stderr, "usage: check_urls INDEX URL...\n"), 2;
  const auto store = crawlcard::index::Store::Open(argv[1], crawlcard::index::OpenMode::kRead);
  if (!store) return std::fprintf(stderr, "%s\n", store.error().ToString().c_str()), 1;

  crawlcard::index::JudgeOptions options;
  options.use = crawlcard::robots::Axis::kTrain;
  options.agents = {"GPTBot"};
  options.policy = *crawlcard::robots::BuiltInPolicy("eu-tdm");
  for (int i = 2; i < argc; ++i) {
    const auto answer = crawlcard::index::CheckUrl(**store, argv[i], options);
    if (!answer) return std::fprintf(stderr, "%s\n", answer.error().ToString().c_str()), 1;
    const auto& verdict = answer->verdict;
    const auto decision = crawlcard::robots::DecisionName(verdict.decision);
    std::printf("%s %.*s %s\n", verdict.usable ? "usable" : "not-usable",
                static_cast<int>(decision.size()), decision.data(), answer->url.c_str());
    for (const auto& reason : verdict.reasons) {
      std::printf("  %s: %s\n", reason.clause.c_str(), reason.raw.c_str());
    }
  }
  return 0;
}
