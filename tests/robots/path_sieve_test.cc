// What is plain to a sieve, or reads the same without its sitemaps, says the same when asked in
// full.
#include "robots/path_sieve.h"

#include <array>
#include <map>
#include <string>
#include <vector>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "robots/limits.h"
#include "robots/origin.h"
#include "robots/robots_form.h"

namespace crawlcard::robots {
namespace {

std::uint64_t Below(std::uint64_t& seed, std::uint64_t end) {
  seed = seed * 6364136223846793005 + 1442695040888963407;
  return (seed >> 33) % end;
}

// Pieces that patterns and paths are made of: near misses of each other, in all forms.
constexpr std::array<std::string_view, 26> kPieces = {
    "a",    "b", "A",   "/", "/",   "x", "?",   "?q=1", ".",   ".pdf", "%61", "%2f", "%C3",
    "\xC3", "-", "wp-", "~", "%7E", "=", "&s=", "feed", "/a/", "*",    "$",   "0",   "robots.txt"};

std::string MadeText(std::uint64_t& seed, bool pattern) {
  std::string text = Below(seed, 20) == 0 && pattern ? "" : "/";
  if (pattern && Below(seed, 6) == 0) text += '*';
  for (std::uint64_t i = Below(seed, 4); i > 0; --i) text += kPieces[Below(seed, kPieces.size())];
  if (pattern && Below(seed, 8) == 0) text += '$';
  return text;
}

std::string MadeFile(std::uint64_t& seed) {
  constexpr std::array<std::string_view, 8> kNames = {
      "Allow",          "Disallow",      "Disallow",           "Disalow",
      "Content-Signal", "Content-Usage", "DisallowAITraining", "Crawl-delay"};
  constexpr std::array<std::string_view, 5> kAgents = {"*", "GPTBot", "CCBot", "a, GPTBot", "x"};
  std::string file;
  for (std::uint64_t groups = 1 + Below(seed, 3); groups > 0; --groups) {
    file += fmt::format("User-agent: {}\n", kAgents[Below(seed, kAgents.size())]);
    for (std::uint64_t lines = Below(seed, 4); lines > 0; --lines) {
      const std::string_view name = kNames[Below(seed, kNames.size())];
      std::string value = MadeText(seed, true);
      if (name == "Content-Signal") value += " ai-train=no";
      if (name == "Content-Usage") value += " train-ai=n";
      file += fmt::format("{}: {}\n", name, value);
    }
    if (Below(seed, 3) == 0) file += fmt::format("Sitemap: https://h{}.org/s.xml\n", groups);
  }
  return file;
}

OriginSignals Loaded(std::string_view body, ParsedFileCache& cache,
                     WellKnown kind = WellKnown::kRobotsTxt) {
  FileObservation file;
  file.file = kind;
  file.state = FetchState::kOk;
  file.evidence.digest = body;
  file.body = body;
  return {{file}, cache};
}

std::string Said(const OriginSignals& signals, std::string_view path, const Question& question) {
  std::vector<Statement> statements;
  signals.CollectStatements(path, question, statements);
  std::string said;
  for (const Statement& one : statements) {
    const Signal& signal = one.signal;
    said +=
        fmt::format("{}.{}.{}.{}.{} {} {} {} {} {} {}\n", static_cast<int>(signal.family),
                    static_cast<int>(signal.carrier), static_cast<int>(signal.use),
                    static_cast<int>(signal.says), static_cast<int>(signal.careful), signal.agent,
                    signal.scope, signal.key, signal.value, signal.condition, signal.location);
  }
  return said;
}

TEST(PathSieve, PlainPathsAreToldTheSame) {
  std::uint64_t seed = 11;
  std::size_t plain = 0;
  std::size_t others = 0;
  for (int round = 0; round < 1500; ++round) {
    ParsedFileCache cache(1 << 20);
    const std::string file = MadeFile(seed);
    const OriginSignals signals = Loaded(file, cache);
    for (const Dialect dialect : {Dialect::kRfc9309, Dialect::kLenient, Dialect::kGoogle}) {
      Question question;
      question.agents = {Below(seed, 2) == 0 ? "*" : "GPTBot"};
      question.dialect = dialect;
      const PathSieve sieve = signals.Sieve(dialect);
      std::map<std::string, std::string> said;
      for (int i = 0; i < 24; ++i) {
        const std::string path = i == 0 ? "/" : i == 1 ? "/robots.txt" : MadeText(seed, false);
        if (!sieve.Plain(path)) {
          ++others;
          continue;
        }
        ++plain;
        said.emplace(Said(signals, path, question), path);
      }
      ASSERT_LE(said.size(), 1U) << file << said.begin()->second << " and "
                                 << said.rbegin()->second;
    }
  }
  EXPECT_GT(plain, 10'000U);
  EXPECT_GT(others, 10'000U);
}

TEST(PathSieve, HoldsWhatRulesSpeakOf) {
  ParsedFileCache cache(1 << 20);
  const OriginSignals signals = Loaded(
      "User-agent: *\nDisallow: /\nAllow: /wp-admin/\nDisallow: /*.pdf$\nDisallow: *&s=\n", cache);
  const PathSieve sieve = signals.Sieve(Dialect::kRfc9309);
  EXPECT_FALSE(sieve.by_start());
  for (const std::string_view path : {"/", "/about", "/w", "/wq", "/a?b=1", "/a.GIF"}) {
    EXPECT_TRUE(sieve.Plain(path)) << path;
  }
  for (const std::string_view path :
       {"/wp-admin/x", "/WP-x", "/a.pdf", "/a?b&s=1", "/%77p-admin/", "/a%2Epdf", "/robots.txt"}) {
    EXPECT_FALSE(sieve.Plain(path)) << path;
  }
  EXPECT_FALSE(signals.Sieve(Dialect::kGoogle).Plain("/about"));
  EXPECT_FALSE(signals.Sieve(Dialect::kCicFixed).Plain("/about"));
}

TEST(PathSieve, OtherFilesThatGoByPathsHaveNoPlainOnes) {
  ParsedFileCache cache(1 << 20);
  const OriginSignals rules =
      Loaded(R"([{"location": "/a", "tdm-reservation": 1}])", cache, WellKnown::kTdmrep);
  EXPECT_TRUE(rules.Sieve(Dialect::kRfc9309).holds_any());
  const OriginSignals none = Loaded("# just prose\n", cache, WellKnown::kLlmsTxt);
  EXPECT_TRUE(none.Sieve(Dialect::kRfc9309).Plain("/a"));
}

TEST(WithoutSitemaps, TheRestSaysTheSame) {
  std::uint64_t seed = 5;
  std::size_t changed = 0;
  for (int round = 0; round < 1000; ++round) {
    ParsedFileCache cache(1 << 20);
    const std::string file = MadeFile(seed);
    const std::string without = WithoutSitemaps(file);
    if (without == file) continue;
    ++changed;
    const OriginSignals one = Loaded(file, cache);
    ParsedFileCache apart(1 << 20);  // one cache would give the same for both
    const OriginSignals other = Loaded(without, apart);
    for (const Dialect dialect : {Dialect::kRfc9309, Dialect::kLenient, Dialect::kGoogle}) {
      Question question;
      question.agents = {"*", "CCBot"};
      question.dialect = dialect;
      for (int i = 0; i < 6; ++i) {
        const std::string path = MadeText(seed, false);
        ASSERT_EQ(Said(one, path, question), Said(other, path, question)) << file << path;
      }
    }
  }
  EXPECT_GT(changed, 300U);
}

}  // namespace
}  // namespace crawlcard::robots
