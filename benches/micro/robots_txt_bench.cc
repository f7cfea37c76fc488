// What reading and asking a robots.txt costs. The files are generated from a seed: groups of named
// agents and of `*`, paths with wildcards, comments, sitemaps; 1.7 KB on average.

#include <cstdint>
#include <random>
#include <string>
#include <vector>

#include <benchmark/benchmark.h>

#include "robots/robots_txt.h"

namespace {

using crawlcard::robots::Dialect;
using crawlcard::robots::RobotsTxt;

std::string MakeFile(std::mt19937& random) {
  const auto number = [&](std::uint32_t below) {
    return static_cast<std::uint32_t>(random() % below);
  };
  static const char* const kAgents[] = {"*",         "GPTBot",    "CCBot",
                                        "Googlebot", "ClaudeBot", "bingbot"};
  static const char* const kWords[] = {"search", "private", "cgi-bin", "user", "checkout", "tmp"};
  std::string text = "# robots.txt\n";
  const std::uint32_t groups = 1 + number(6);
  for (std::uint32_t group = 0; group < groups; ++group) {
    text += std::string("\nUser-agent: ") + kAgents[number(6)] + "\n";
    const std::uint32_t rules = 4 + number(24);
    for (std::uint32_t rule = 0; rule < rules; ++rule) {
      text += number(5) == 0 ? "Allow: /" : "Disallow: /";
      text += std::string(kWords[number(6)]) + "/" + std::to_string(number(1000));
      if (number(6) == 0) text += "/*.pdf$";
      text += "\n";
    }
  }
  return text + "\nSitemap: https://www.example.org/sitemap.xml\n";
}

std::vector<std::string> MakeFiles() {
  std::mt19937 random(1);
  std::vector<std::string> files;
  for (int i = 0; i < 500; ++i) files.push_back(MakeFile(random));
  return files;
}

std::int64_t BytesOf(const std::vector<std::string>& files) {
  std::int64_t bytes = 0;
  for (const std::string& file : files) bytes += static_cast<std::int64_t>(file.size());
  return bytes;
}

// How fast is a file parsed?
void BM_Parse(benchmark::State& state) {
  const std::vector<std::string> files = MakeFiles();
  for (auto _ : state) {
    for (const std::string& file : files) benchmark::DoNotOptimize(RobotsTxt::Parse(file));
  }
  state.SetBytesProcessed(state.iterations() * BytesOf(files));
  state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(files.size()));
}
BENCHMARK(BM_Parse);

// What do parsing and 20 questions cost, a file at a time?
void BM_ParseAndAskTwenty(benchmark::State& state) {
  const std::vector<std::string> files = MakeFiles();
  std::vector<std::string> paths;
  for (int i = 0; i < 20; ++i) paths.push_back("/search/" + std::to_string(i * 37) + "/a.pdf?q=1");
  for (auto _ : state) {
    for (const std::string& file : files) {
      const RobotsTxt robots = RobotsTxt::Parse(file);
      int allowed = 0;
      for (const std::string& path : paths) {
        allowed += robots.Allows("CCBot", path, Dialect::kRfc9309) ? 1 : 0;
      }
      benchmark::DoNotOptimize(allowed);
    }
  }
  state.SetBytesProcessed(state.iterations() * BytesOf(files));
  state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(files.size()));
}
BENCHMARK(BM_ParseAndAskTwenty);

// What does a wildcard bomb cost?
void BM_WildcardBomb(benchmark::State& state) {
  std::string pattern = "User-agent: *\nDisallow: /";
  for (int i = 0; i < 5000; ++i) pattern += "*a";
  const RobotsTxt robots = RobotsTxt::Parse(pattern + "*b$\n");
  const std::string path = "/" + std::string(static_cast<std::size_t>(state.range(0)), 'a');
  for (auto _ : state) {
    benchmark::DoNotOptimize(robots.Allows("x", path, Dialect::kRfc9309));
  }
  state.SetBytesProcessed(state.iterations() * state.range(0));
  state.SetItemsProcessed(state.iterations());
}
BENCHMARK(BM_WildcardBomb)->Arg(1000)->Arg(100000);

}  // namespace
