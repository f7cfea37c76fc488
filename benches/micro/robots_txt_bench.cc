// What do reading and asking a robots.txt cost? Items are files, or questions where that is said.

#include <memory>
#include <string>
#include <vector>

#include <benchmark/benchmark.h>

#include "benches/micro/robots_files.h"
#include "benches/micro/stage.h"
#include "robots/origin.h"
#include "robots/robots_txt.h"
#ifdef CRAWLCARD_BENCH_GOOGLE
#include <robots.h>
#endif

namespace crawlcard::bench {
namespace {

using robots::Dialect;
using robots::RobotsTxt;

template <class Work>
Stage OverFiles(Work work) {
  return {RobotsBytes(), RobotsFiles().size(), [work] {
            for (const std::string& file : RobotsFiles()) work(file);
          }};
}

// How fast is a file parsed?
Stage Parse() {
  return OverFiles(
      [](const std::string& file) { benchmark::DoNotOptimize(RobotsTxt::Parse(file)); });
}

int AskTwenty(const RobotsTxt& robots, Dialect dialect) {
  int allowed = 0;
  for (std::size_t i = 0; i < AskedPaths().size(); ++i) {
    allowed += robots.Allows(AskedAgent(i), AskedPaths()[i], dialect) ? 1 : 0;
  }
  return allowed;
}

// What do parsing and 20 questions cost, a file at a time?
Stage ParseAndAsk(Dialect dialect) {
  return OverFiles([dialect](const std::string& file) {
    benchmark::DoNotOptimize(AskTwenty(RobotsTxt::Parse(file), dialect));
  });
}

// And the questions alone, of files that are at hand? Items are questions.
Stage Ask() {
  auto parsed = std::make_shared<std::vector<RobotsTxt>>();
  for (const std::string& file : RobotsFiles()) parsed->push_back(RobotsTxt::Parse(file));
  return {RobotsBytes(), RobotsFiles().size() * AskedPaths().size(), [parsed] {
            for (const RobotsTxt& robots : *parsed) {
              benchmark::DoNotOptimize(AskTwenty(robots, Dialect::kRfc9309));
            }
          }};
}

// What does a wildcard bomb of 5,000 stars cost for a path of `bytes`?
Stage WildcardBomb(std::size_t bytes) {
  std::string pattern = "User-agent: *\nDisallow: /";
  for (int i = 0; i < 5000; ++i) pattern += "*a";
  const auto robots = std::make_shared<RobotsTxt>(RobotsTxt::Parse(pattern + "*b$\n"));
  std::string path(bytes + 1, 'a');
  path.front() = '/';
  return {bytes, 1, [robots, path] {
            benchmark::DoNotOptimize(robots->Allows("x", path, Dialect::kRfc9309));
          }};
}

// What does the verdict about one URL ask of its origin? Items are URLs; bytes those of the URLs.
Stage Collect(const std::string& file) {
  struct Asked {
    robots::ParsedFileCache cache{std::size_t{1} << 24};
    std::unique_ptr<robots::OriginSignals> origin;
    std::vector<robots::Statement> statements;
    std::vector<robots::Coverage> coverage;
    std::vector<std::string> urls;
  };
  auto asked = std::make_shared<Asked>();
  robots::FileObservation seen;
  seen.state = robots::FetchState::kOk;
  seen.evidence.digest = "sha256:0";
  seen.body = file;
  std::vector<robots::FileObservation> all;
  all.push_back(std::move(seen));
  asked->origin = std::make_unique<robots::OriginSignals>(std::move(all), asked->cache);
  std::uint64_t bytes = 0;
  for (int i = 0; i < 1000; ++i) {
    const char* folder = i % 2 == 0 ? "articles" : "pages";
    asked->urls.push_back(std::string("https://www.example.org/") + folder + "/" +
                          std::to_string(i) + ".html");
    bytes += asked->urls.back().size();
  }
  return {bytes, asked->urls.size(), [asked] {
            const robots::Question question;
            for (const std::string& url : asked->urls) {
              asked->statements.clear();
              asked->coverage.clear();
              asked->origin->Collect(url, question, asked->statements, asked->coverage);
            }
          }};
}

const bool kStages =
    AddStage("robots/parse", Parse) &&
    AddStage("robots/parse_and_20", [] { return ParseAndAsk(Dialect::kRfc9309); }) &&
    AddStage("robots/parse_and_20_google", [] { return ParseAndAsk(Dialect::kGoogle); }) &&
    AddStage("robots/ask", Ask) &&
    AddStage("robots/wildcard_bomb_1000", [] { return WildcardBomb(1000); }) &&
    AddStage("robots/wildcard_bomb_100000", [] { return WildcardBomb(100'000); }) &&
    AddStage("robots/collect_plain",
             [] { return Collect("User-agent: *\nDisallow: /admin/\nDisallow: /cart\n"); }) &&
    AddStage("robots/collect_block_list", [] { return Collect(BlockList()); });

#ifdef CRAWLCARD_BENCH_GOOGLE
class Ignoring : public googlebot::RobotsParseHandler {
 public:
  void HandleRobotsStart() override {}
  void HandleRobotsEnd() override {}
  void HandleUserAgent(int, absl::string_view) override { ++lines; }
  void HandleAllow(int, absl::string_view) override { ++lines; }
  void HandleDisallow(int, absl::string_view) override { ++lines; }
  void HandleSitemap(int, absl::string_view) override { ++lines; }
  void HandleUnknownAction(int, absl::string_view, absl::string_view) override { ++lines; }
  int lines = 0;
};

// Google's library cuts lines and names what they are, but keeps nothing.
Stage GoogleParse() {
  return OverFiles([](const std::string& file) {
    Ignoring handler;
    googlebot::ParseRobotsTxt(file, &handler);
    benchmark::DoNotOptimize(handler.lines);
  });
}

// It has no parsed form: each question parses again.
Stage GoogleAsk() {
  return OverFiles([](const std::string& file) {
    int allowed = 0;
    for (std::size_t i = 0; i < AskedPaths().size(); ++i) {
      googlebot::RobotsMatcher matcher;
      allowed += matcher.OneAgentAllowedByRobots(file, std::string(AskedAgent(i)),
                                                 "https://www.example.com" + AskedPaths()[i])
                     ? 1
                     : 0;
    }
    benchmark::DoNotOptimize(allowed);
  });
}

const bool kPeers =
    AddStage("peer/google_parse", GoogleParse) && AddStage("peer/google_parse_and_20", GoogleAsk);
#endif

}  // namespace
}  // namespace crawlcard::bench
