// What is plain to a sieve, or reads the same without its sitemaps, says the same when asked in
// full.
#include "robots/path_sieve.h"

#include <array>
#include <string>
#include <vector>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "base/text.h"
#include "robots/limits.h"
#include "robots/origin.h"
#include "robots/robots_form.h"

namespace crawlcard::robots {
namespace {

std::uint64_t Below(std::uint64_t& seed, std::uint64_t end) {
  seed = seed * 6364136223846793005 + 1442695040888963407;
  return (seed >> 33) % end;
}

// Pieces that patterns and paths are made of: near misses of each other, in all forms. No rule made
// of them speaks of kUnspoken.
constexpr std::array<std::string_view, 48> kPieces = {
    "a",      "b",       "A",        "/",         "/",        "x",        "?",       "?p=1",
    ".",      ".pdf",    "%61",      "%2f",       "%C3",      "\xC3",     "-",       "wp-",
    "~",      "%7E",     "=",        "&s=",       "feed",     "/a/",      "*",       "$",
    "0",      "9",       "_",        "robots.tx", "search",   "services", "product", "products/",
    "a-cate", "a-categ", "category", "%",         "%2",       "%2A",      "%24",     "%e3%81%82",
    "[",      "{",       "@",        "`",         "/*/add-x", "*.css",    "Feed/",   "ADMIN"};
constexpr std::string_view kUnspoken = "/QQQ";

std::string MadeText(std::uint64_t& seed, bool pattern) {
  std::string text = Below(seed, 6) == 0 && pattern ? "" : "/";
  if (pattern && Below(seed, text.empty() ? 2 : 6) == 0) text += '*';
  for (std::uint64_t i = Below(seed, 4); i > 0; --i) text += kPieces[Below(seed, kPieces.size())];
  if (pattern && Below(seed, 8) == 0) text += '$';
  return text;
}

// A path that `pattern` matches, or nearly: stars filled, its end cut or moved, an octet another.
std::string PathNear(std::string_view pattern, std::uint64_t& seed) {
  std::string path;
  for (const char c : pattern) {
    if (c != '*') path += c;
    if (c == '*' && Below(seed, 3) != 0) path += kPieces[Below(seed, kPieces.size())];
  }
  if (path.ends_with('$')) path.pop_back();
  if (!path.starts_with('/')) path.insert(0, 1, '/');
  const std::size_t at = Below(seed, path.size());
  switch (Below(seed, 6)) {
    case 0:
      path.resize(at + 1);
      break;
    case 1:
      path += kPieces[Below(seed, kPieces.size())];
      break;
    case 2:
      if (at > 0) path[at] = static_cast<char>(0x21 + Below(seed, 0x60));
      break;
    case 3:
      if (at > 0 && IsAsciiAlpha(path[at])) path[at] = static_cast<char>(path[at] ^ 0x20);
      break;
    case 4:
      if (at > 0) path.insert(at, kPieces[Below(seed, kPieces.size())]);
      break;
    default:
      break;
  }
  return path;
}

// `patterns_out`: those that it has.
std::string MadeFile(std::uint64_t& seed, std::vector<std::string>* patterns_out = nullptr) {
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
      if (patterns_out != nullptr) patterns_out->push_back(value);
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
  std::size_t from = 0;
  for (int round = 0; round < 3000; ++round) {
    ParsedFileCache cache(1 << 20);
    std::vector<std::string> patterns = {"/robots.txt"};
    const std::string file = MadeFile(seed, &patterns);
    const OriginSignals signals = Loaded(file, cache);
    for (const Dialect dialect : {Dialect::kRfc9309, Dialect::kLenient, Dialect::kGoogle}) {
      Question question;
      question.agents = {Below(seed, 2) == 0 ? "*" : "GPTBot"};
      question.dialect = dialect;
      const PathSieve sieve = signals.Sieve(dialect);
      const std::string expected = Said(signals, kUnspoken, question);
      for (int i = 0; i < 24; ++i) {
        std::string path = i == 0 ? "/" : i == 1 ? "/robots.txt" : MadeText(seed, false);
        if (i >= 8) path = PathNear(patterns[Below(seed, patterns.size())], seed);
        const bool is_plain = sieve.Plain(path);
        ++(is_plain ? plain : others);
        if (is_plain) {
          ASSERT_EQ(Said(signals, path, question), expected) << file << path;
        }
        // With its start alone: whatever follows.
        if (!sieve.PlainFrom(path)) continue;
        ++from;
        const std::string start = path.substr(0, path.find('?'));
        for (const std::string& rest : {std::string(), std::string("/"), MadeText(seed, false),
                                        MadeText(seed, false).substr(1)}) {
          ASSERT_TRUE(sieve.Plain(start + rest)) << file << start << " and " << rest;
        }
      }
    }
  }
  EXPECT_GT(plain, 50'000U);
  EXPECT_GT(others, 50'000U);
  EXPECT_GT(from, 10'000U);
}

TEST(PathSieve, HoldsWhatRulesSpeakOf) {
  ParsedFileCache cache(1 << 20);
  const OriginSignals signals = Loaded(
      "User-agent: *\nDisallow: /\nAllow: /wp-admin/\nDisallow: /*.pdf$\nDisallow: *&s=\n", cache);
  const PathSieve sieve = signals.Sieve(Dialect::kRfc9309);
  for (const std::string_view path : {"/", "/about", "/w", "/wq", "/wp-content/", "/wp-admi",
                                      "/a?b=1", "/a?b&size=1", "/a.GIF", "/a.pd", "/robots"}) {
    EXPECT_TRUE(sieve.Plain(path)) << path;
    EXPECT_FALSE(sieve.PlainFrom(path)) << "a star: " << path;
  }
  for (const std::string_view path : {"/wp-admin/x", "/WP-Admin/", "/a.pdf", "/a?b&s=1",
                                      "/%77p-admin/", "/a%2Epdf", "/wp-%61/", "/robots.txt"}) {
    EXPECT_FALSE(sieve.Plain(path)) << path;
  }
  EXPECT_FALSE(signals.Sieve(Dialect::kGoogle).Plain("/about"));
  EXPECT_FALSE(signals.Sieve(Dialect::kCicFixed).Plain("/about"));
}

// No more than eight octets are looked at.
TEST(PathSieve, StartsAreToldByEightOctets) {
  ParsedFileCache cache(1 << 20);
  const OriginSignals signals = Loaded(
      "User-agent: *\nDisallow: /products/new\nDisallow: /ab*c\nDisallow: /caf%C3%A9\n", cache);
  const PathSieve sieve = signals.Sieve(Dialect::kRfc9309);
  for (const std::string_view start : {"/product-list", "/aa", "/x", "/cart/all", "/robot-list"}) {
    EXPECT_TRUE(sieve.PlainFrom(start)) << start;
  }
  // These may go on as a rule does.
  for (const std::string_view start :
       {"", "/", "/p", "/product", "/products/", "/products/old", "/a", "/ab", "/about", "/car",
        "/caf", "/caf%c3", "/p?x", "/?x"}) {
    EXPECT_FALSE(sieve.PlainFrom(start)) << start;
  }
  for (const std::string_view path :
       {"/", "/p", "/product", "/a", "/ca", "/car", "/p?x", "/?x", "/product?x"}) {
    EXPECT_TRUE(sieve.Plain(path)) << path;
  }
  for (const std::string_view path : {"/products", "/products/old", "/abd", "/ABc", "/caf%c3"}) {
    EXPECT_FALSE(sieve.Plain(path)) << path;
  }
}

// What a star leaves free is looked for everywhere, at the slash too.
TEST(PathSieve, PiecesAreHeldByTheLongest) {
  ParsedFileCache cache(1 << 20);
  const OriginSignals signals = Loaded(
      "User-agent: *\nDisallow: /*/*/add-review/\nDisallow: */feed/\nDisallow: /*?$\n", cache);
  const PathSieve sieve = signals.Sieve(Dialect::kRfc9309);
  for (const std::string_view path : {"/a/b/add-re", "/add/review/", "/a/feed", "/feeds/"}) {
    EXPECT_TRUE(sieve.Plain(path)) << path;
  }
  for (const std::string_view path : {"/a/b/add-review/", "/feed/", "/a/Feed/x", "/a?", "/a?b"}) {
    EXPECT_FALSE(sieve.Plain(path)) << path;
  }
  // A slash alone may be the first of the path.
  const OriginSignals slash = Loaded("User-agent: *\nDisallow: */*b\n", cache);
  EXPECT_FALSE(slash.Sieve(Dialect::kRfc9309).Plain("/b"));
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
