// The quick ways through a robots.txt against the plain ones: each must give the same facts.

#include <random>
#include <string>
#include <string_view>
#include <vector>

#include <gtest/gtest.h>

#include "base/simd.h"
#include "robots/agents.h"
#include "robots/internal/robots_data_rules.h"
#include "robots/robots_txt.h"
#include "tests/allocations.h"

namespace crawlcard::robots {
namespace {

// A number below `below`.
std::size_t Pick(std::mt19937& random, std::size_t below) {
  return random() % below;
}

const std::vector<std::string> kPaths = {"/",       "/robots.txt", "/a",  "/b/c.pdf", "/index.html",
                                         "/%41%2a", "/x$",         "*/y", "/?q=1",    ""};

// Everything that can be asked, as text.
std::string Account(const RobotsTxt& robots) {
  std::string out;
  for (const std::string_view flag : robots.flags()) out.append(flag).push_back('\n');
  for (const std::string_view url : robots.sitemaps()) out.append(url).push_back('\n');
  for (const std::string_view agent : robots.agents()) out.append(agent).push_back('\n');
  for (const Signal& signal : robots.signals()) {
    out.append(signal.raw).append("|").append(signal.location).append("|").append(signal.agent);
    out.push_back('\n');
  }
  for (const std::string& path : kPaths) {
    for (const Dialect dialect : AllDialects()) {
      for (const std::string_view agent : {"*", "CCBot", "a"}) {
        const RobotsDecision decision = robots.Decide(agent, path, dialect);
        out.append(decision.rule).append(decision.allowed ? " yes " : " no ");
        out.append(std::to_string(decision.line)).push_back('\n');
      }
    }
  }
  return out;
}

// Lines of all lengths around a vector, with the octets that matter at each place.
std::vector<std::string> OddFiles() {
  std::vector<std::string> files;
  const std::string ends[] = {"\n", "\r", "\r\n", "\n\r", ""};
  for (std::size_t bytes = 0; bytes < 140; ++bytes) {
    const std::string line = "Disallow:/" + std::string(bytes, 'a');
    for (const std::string& end : ends) {
      files.push_back("User-agent:*" + end + line + end + "Allow: /a$" + end);
    }
    for (const char c : {':', '#', '*', '$', '%', ' ', '\t', '\v', '\0', '\r', '\x80', '<'}) {
      std::string changed = line;
      changed[bytes % changed.size()] = c;
      files.push_back("User-agent: CCBot\n" + changed + "\nDisallow: /b");
      files.push_back(changed);
      files.push_back("user-agent : a\n" + line + c + "\n" + c + line + "\nAllow: /index.html");
    }
  }
  std::mt19937 random(7);
  const std::string_view pieces[] = {"User-agent: *\n",
                                     "user-agent: CCBot, a\n",
                                     "useragent: a\n",
                                     "Disallow: /\n",
                                     "Allow: /a*b$\n",
                                     "Disalow: /b\n",
                                     "disallow /b\n",
                                     "Disallow:\n",
                                     "License: /l\n",
                                     "Content-Signal: ai-train=no\n",
                                     "\r",
                                     "\n",
                                     "\xEF\xBB\xBF",
                                     "<html>\n",
                                     "a: b\n",
                                     "Allow: /index.html\n",
                                     "DisallowAITraining: /\n",
                                     "Crawl-delay: 1\n",
                                     "Sitemap: /s\n",
                                     "Disallow: /%7e\xC3\xA4\n",
                                     "# no\n",
                                     "   \t\n",
                                     ":\n",
                                     "GPTBot\n"};
  for (int i = 0; i < 500; ++i) {
    std::string file;
    for (std::size_t count = Pick(random, 12); count > 0; --count) file += pieces[Pick(random, 24)];
    files.push_back(file);
  }
  return files;
}

TEST(RobotsRecords, VectorsAndPlainLoopsReadTheSame) {
  for (const std::string& file : OddFiles()) {
    LimitSimdLevel(Simd::kScalar);
    const std::string plain = Account(RobotsTxt::Parse(file));
    LimitSimdLevel(Simd::kAvx2);
    ASSERT_EQ(Account(RobotsTxt::Parse(file)), plain) << testing::PrintToString(file);
  }
}

// A NUL in a comment at the end changes no line, and makes each be read the long way.
TEST(RobotsRecords, TheShortWayReadsWhatTheLongOneReads) {
  for (const std::string& file : OddFiles()) {
    if (file.find('\0') != std::string::npos) continue;
    std::string with_nul = file + "\n#";
    const std::string quick = Account(RobotsTxt::Parse(with_nul));
    with_nul.push_back('\0');
    ASSERT_EQ(quick, Account(RobotsTxt::Parse(with_nul))) << testing::PrintToString(file);
  }
}

TEST(RobotsRecords, TheQuickAnswerIsThatOfTheAccount) {
  for (const std::string& file : OddFiles()) {
    const RobotsTxt robots = RobotsTxt::Parse(file);
    for (const Dialect dialect : AllDialects()) {
      for (const std::string& path : kPaths) {
        const RobotsDecision decision = robots.Decide("CCBot", path, dialect);
        const RobotsAnswer answer = robots.Answer("CCBot", path, dialect);
        ASSERT_EQ(answer.allowed, decision.allowed) << file << path;
        ASSERT_EQ(answer.by_name, decision.by_name) << file << path;
        ASSERT_EQ(answer.line, decision.line) << file << path;
      }
    }
  }
}

// What RefusedOperators() promises, one question an operator.
std::vector<std::pair<const Agent*, std::uint32_t>> RefusedOneByOne(const RobotsTxt& robots,
                                                                    std::string_view path,
                                                                    Dialect dialect) {
  std::vector<std::pair<const Agent*, std::uint32_t>> refused;
  for (const std::string_view written : robots.agents()) {
    const Agent* agent = FindAgent(written);
    if (agent == nullptr) continue;
    const Dialect asked = agent->match == TokenMatch::kToken ? dialect : Dialect::kLenient;
    const std::string_view name = agent->match == TokenMatch::kPrefix ? written : agent->token;
    const RobotsDecision decision = robots.Decide(name, path, asked);
    if (!decision.allowed && decision.by_name && decision.line != 0) {
      refused.emplace_back(agent, decision.line);
    }
  }
  return refused;
}

TEST(RobotsRecords, OperatorsAreToldWhatEachWouldBeTold) {
  std::vector<std::string> names = {"*", "nobody", "GPTBot, CCBot", "gptbot", "GPTBot/1.0", "a, *"};
  for (const Agent& agent : AgentRegistry()) {
    names.emplace_back(agent.token);
    if (agent.match == TokenMatch::kPrefix) names.push_back(std::string(agent.token) + "9");
  }
  const std::string_view lines[] = {
      "Disallow: /\n", "Disallow: /a\n",  "Allow: /a\n",
      "Disallow:\n",   "disalow: /b\n",   "Allow: /b/c.pdf$\n",
      "License: x\n",  "Disallow: /*y\n", "Content-Signal: search=no\n"};
  std::mt19937 random(11);
  std::size_t refusals = 0;
  for (int i = 0; i < 400; ++i) {
    std::string file;
    for (std::size_t group = 1 + Pick(random, 6); group > 0; --group) {
      for (std::size_t agent = 1 + Pick(random, 5); agent > 0; --agent) {
        const bool odd = Pick(random, 8) == 0;
        file += (odd ? "useragent: " : "User-agent: ") + names[Pick(random, names.size())] + "\n";
        if (Pick(random, 10) == 0) file += "Content-Usage: train-ai=n\n";
      }
      for (std::size_t line = Pick(random, 4); line > 0; --line) file += lines[Pick(random, 9)];
    }
    const RobotsTxt robots = RobotsTxt::Parse(file);
    for (const Dialect dialect : AllDialects()) {
      for (const std::string& path : kPaths) {
        std::vector<OperatorRefusal> refused;
        robots.RefusedOperators(path, dialect, refused);
        const auto expected = RefusedOneByOne(robots, path, dialect);
        ASSERT_EQ(refused.size(), expected.size()) << file << path << DialectName(dialect);
        for (std::size_t k = 0; k < refused.size(); ++k) {
          EXPECT_EQ(refused[k].agent, expected[k].first) << file << path;
          EXPECT_EQ(refused[k].line, expected[k].second) << file << path;
        }
        refusals += refused.size();
      }
    }
  }
  EXPECT_GT(refusals, 10'000U);
}

TEST(RobotsRecords, QuestionsAllocateNothing) {
  if (!kCountsAllocations) GTEST_SKIP() << "a sanitizer has its own allocation functions";
  std::string file = "User-agent: CCBot\nDisallow: /a*b%7e\nAllow: /\nLicense: https://x.org/l\n";
  for (int i = 0; i < 100; ++i) file += "User-agent: Bot-" + std::to_string(i) + "\nDisallow: /\n";
  const RobotsTxt robots = RobotsTxt::Parse(file);
  const std::string long_path = "/%7euser/" + std::string(500, 'x');
  std::vector<OperatorRefusal> refused;
  const auto ask = [&] {
    int allowed = 0;
    for (const Dialect dialect : {Dialect::kRfc9309, Dialect::kGoogle, Dialect::kLenient}) {
      for (const std::string& path : kPaths) allowed += robots.Allows("CCBot", path, dialect);
      allowed += robots.Allows("Bot-99", long_path, dialect);
      refused.clear();
      robots.RefusedOperators(long_path, dialect, refused);
    }
    return allowed;
  };
  const int first = ask();
  const std::uint64_t before = allocations.load();
  EXPECT_EQ(ask(), first);
  EXPECT_EQ(allocations.load(), before);
}

// Rules with every kind of first letter, of several groups.
std::string FileOfManyRules(std::mt19937& random) {
  const std::string_view paths[] = {"/",   "/a",    "/A",     "/b/c$", "/*x", "*.pdf$",    "/%41",
                                    "/?q", "/a/b*", "/bcdef", "",      "/0",  "/\xC3\xA9", "/a$"};
  std::string file;
  for (std::size_t group = 1 + Pick(random, 4); group > 0; --group) {
    const std::string_view names[] = {"*", "CCBot", "a", "Other"};
    file.append("User-agent: ").append(names[Pick(random, 4)]).append("\n");
    for (std::size_t rule = Pick(random, 40); rule > 0; --rule) {
      file.append(Pick(random, 3) == 0 ? "Allow: " : "Disallow: ");
      file.append(paths[Pick(random, std::size(paths))]).append("\n");
    }
  }
  return file;
}

TEST(RobotsRecords, RulesKeptForAnAskerDecideAsTheWholeFileDoes) {
  std::mt19937 random(5);
  std::size_t decided = 0;
  for (int i = 0; i < 300; ++i) {
    const std::string file = FileOfManyRules(random);
    const RobotsTxt robots = RobotsTxt::Parse(file);
    const internal::RobotsRecords& read = robots.records(Dialect::kRfc9309);
    for (const std::string& agent :
         {std::string("*"), std::string("CCBot"), std::string(64, 'a')}) {
      const internal::AskerRules rules(read, agent, Dialect::kRfc9309);
      EXPECT_LE(rules.held_bytes(),
                internal::AskerRules::HeldBytesMax(read.records.size(), agent.size()));
      for (const std::string_view path :
           {"/", "/a", "/a/bx", "/b/c", "/bcdefg", "/x", "/yx", "/0.pdf", "/A", "/?q", "/%C3%A9"}) {
        const internal::Outcome kept = rules.Answer(path);
        const internal::Outcome whole = internal::Answer(read, {agent, path, Dialect::kRfc9309, 0});
        EXPECT_EQ(kept.allowed, whole.allowed) << file << path;
        EXPECT_EQ(kept.by_name, whole.by_name) << file << path;
        EXPECT_EQ(kept.selected, whole.selected) << file << path;
        ASSERT_EQ(kept.decided, whole.decided) << file << path;
        if (!kept.decided) continue;
        EXPECT_EQ(kept.record, whole.record) << file << path;
        EXPECT_EQ(kept.group, whole.group) << file << path;
        ++decided;
      }
    }
  }
  EXPECT_GT(decided, 3'000U);
}

TEST(RobotsRecords, RulesAreKeptForAFewAskersWithinWhatTheFileSaysItHolds) {
  if (!kCountsAllocations) GTEST_SKIP() << "a sanitizer has its own allocation functions";
  std::string file = "User-agent: *\n";
  for (int i = 0; i < 500; ++i) file += "Disallow: /" + std::to_string(i) + "\n";
  const RobotsTxt robots = RobotsTxt::Parse(file);
  const std::size_t held = robots.held_bytes();
  const std::size_t records = robots.records(Dialect::kRfc9309).records.size();
  EXPECT_GE(held, 4 * internal::AskerRules::HeldBytesMax(records, 64));

  const auto allocations_of = [&robots](const std::string& agent) {
    const std::uint64_t before = allocations.load();
    for (int i = 0; i < 20; ++i) EXPECT_FALSE(robots.Allows(agent, "/77/x", Dialect::kRfc9309));
    return allocations.load() - before;
  };
  EXPECT_EQ(allocations_of(std::string(65, 'l')), 0U) << "a name of any length would be held";
  int kept = 0;
  for (int i = 0; i < 100; ++i) kept += allocations_of("bot-" + std::to_string(i)) > 0 ? 1 : 0;
  EXPECT_EQ(kept, 4);
  EXPECT_EQ(robots.held_bytes(), held);
}

}  // namespace
}  // namespace crawlcard::robots
