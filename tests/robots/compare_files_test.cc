// What changed between two versions of a robots.txt: hand-made cases for each kind of change, and
// the promise behind them (equal meaning: no question is answered otherwise) on made files.

#include "robots/compare_files.h"

#include <random>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "robots/limits.h"
#include "robots/tdmrep.h"

namespace crawlcard::robots {
namespace {

using ::testing::ElementsAre;

FileChange Compare(std::string_view before, std::string_view after,
                   Dialect dialect = Dialect::kRfc9309,
                   const std::vector<std::string>& agents = {}) {
  return CompareRobots(RobotsTxt::Parse(before), RobotsTxt::Parse(after), {dialect, agents});
}

// "GPTBot: -Disallow: /a (/a: no -> yes)", a line a change.
std::string Text(const FileChange& change) {
  std::string out(ChangedName(change.changed));
  for (const AgentChange& agent : change.agents) {
    for (const std::string& name : agent.agents) out += "|" + name;
    out += ":";
    for (const RuleChange& rule : agent.rules) {
      out += rule.gone ? " -" : " +";
      out += rule.rule;
      if (rule.path.empty()) continue;
      out += " (" + rule.path + (rule.allowed_before ? ": yes" : ": no") +
             (rule.allowed_after ? " to yes)" : " to no)");
    }
    for (const PreferenceChange& one : agent.preferences) {
      const auto told = [](const auto& said) { return said ? said->value : "nothing"; };
      out += " " + one.key + " at " + one.path + " " + told(one.before) + " to " + told(one.after);
    }
    if (agent.delay_before != agent.delay_after) {
      out += " delay " + agent.delay_before.value_or("none") + " to " +
             agent.delay_after.value_or("none");
    }
  }
  return out;
}

TEST(CompareRobots, BytesThatMeanTheSame) {
  const std::string_view file = "User-agent: *\nDisallow: /a\nAllow: /b\n";
  for (const std::string_view other : {
           "# comment\nuser-AGENT:   *\r\nDisallow: /a # why\r\nAllow: /b\r\n",  // spelling
           "User-agent: *\nAllow: /b\nDisallow: /a\n",                           // order
           "User-agent: *\nDisallow: /a\n\nUser-agent: *\nAllow: /b\n",          // groups
           "User-agent: *\nDisallow: /a\nDisallow: /a\nDisallow:\nAllow: /b\n",  // twice, empty
           "Sitemap: /s.xml\nUser-agent: *\nDisallow: /%61\nAllow: /b\nHost: x\n",
       }) {
    EXPECT_EQ(Text(Compare(file, other)), "bytes") << other;
    EXPECT_EQ(Text(Compare(other, file)), "bytes") << other;
  }
}

TEST(CompareRobots, RulesThatAnswerAlikeAreNotCalledMeaning) {
  const FileChange change = Compare("User-agent: *\nDisallow: /a\n",
                                    "User-agent: *\nDisallow: /a\nDisallow: /a/b\nAllow: /c\n");
  EXPECT_EQ(Text(change), "rules|*: +Disallow: /a/b +Allow: /c");
  // A group of one's own that says what everybody is told.
  EXPECT_EQ(Text(Compare("User-agent: *\nDisallow: /a\n",
                         "User-agent: *\nDisallow: /a\n\nUser-agent: B\nDisallow: /a\n")),
            "rules|B:");
}

TEST(CompareRobots, SaysWhatBecameAllowedAndDisallowed) {
  EXPECT_EQ(Text(Compare("User-agent: *\nDisallow: /a\n", "User-agent: *\nDisallow: /b*/c$\n")),
            "meaning|*: -Disallow: /a (/a: no to yes) +Disallow: /b*/c$ (/b/c: yes to no)");
  // An Allow that goes shuts what it had opened.
  EXPECT_EQ(
      Text(Compare("User-agent: *\nDisallow: /a\nAllow: /a/b\n", "User-agent: *\nDisallow: /a\n")),
      "meaning|*: -Allow: /a/b (/a/b: yes to no)");
  EXPECT_EQ(Text(Compare("", "User-agent: *\nDisallow: /\n")),
            "meaning|*: +Disallow: / (/: yes to no)");
}

TEST(CompareRobots, GroupsAreNewAndGone) {
  const std::string_view everybody = "User-agent: *\nDisallow: /x\n";
  const std::string both =
      std::string(everybody) + "\nUser-agent: GPTBot\nUser-agent: CCBot\nDisallow: /\n";
  const FileChange change = Compare(everybody, both);
  ASSERT_EQ(change.agents.size(), 1U);
  EXPECT_THAT(change.agents[0].agents, ElementsAre("CCBot", "GPTBot"));
  EXPECT_FALSE(change.agents[0].named_before);
  EXPECT_TRUE(change.agents[0].named_after);
  // Under its own group /x is refused by "/" as it was before.
  EXPECT_EQ(Text(change), "meaning|CCBot|GPTBot: +Disallow: / (/: yes to no) -Disallow: /x");
  EXPECT_EQ(Text(Compare(both, everybody)),
            "meaning|CCBot|GPTBot: -Disallow: / (/: no to yes) +Disallow: /x");
}

TEST(CompareRobots, AgentsNarrow) {
  const std::string_view before = "User-agent: *\nDisallow: /a\n\nUser-agent: B\nDisallow: /b\n";
  const std::string_view after = "User-agent: *\nDisallow:\n\nUser-agent: B\nDisallow: /b\n";
  EXPECT_EQ(Text(Compare(before, after, Dialect::kRfc9309, {"b"})), "bytes");
  EXPECT_EQ(Text(Compare(before, after, Dialect::kRfc9309, {"CCBot"})),
            "meaning|CCBot: -Disallow: /a (/a: no to yes)");
}

TEST(CompareRobots, PreferencesAndDelays) {
  EXPECT_EQ(Text(Compare("User-agent: *\nContent-Signal: search=yes, ai-train=yes\n",
                         "User-agent: *\nContent-Signal: ai-train=no,search=yes\n")),
            "meaning|*: ai-train at / yes to no ai-train at / yes to no");  // two uses
  EXPECT_EQ(Text(Compare("User-agent: *\nContent-Signal: search=yes,ai-train=no\n",
                         "User-agent: *\nContent-Signal: ai-train=no, search=yes\n")),
            "bytes");
  EXPECT_EQ(Text(Compare("User-agent: *\nDisallow:\n",
                         "User-agent: *\nContent-Usage: /img/ train-ai=n\nDisallow:\n")),
            "meaning|*: train-ai at /img/ nothing to n");
  EXPECT_EQ(Text(Compare("User-agent: *\nDisallow: /a\n",
                         "User-agent: *\nCrawl-delay: 10\nDisallow: /a\n")),
            "meaning|*: delay none to 10");
  EXPECT_EQ(Text(Compare("License: https://a.test/1.xml\n", "License: https://a.test/2.xml\n")),
            "meaning|*: license at / https://a.test/1.xml to https://a.test/2.xml");
}

TEST(CompareRobots, TheDialectDecides) {
  const std::string_view plain = "User-agent: *\nDisallow: /a\n";
  const std::string_view typo = "User-agent: *\nDisallow: /a\nDissallow: /b\n";
  EXPECT_EQ(Text(Compare(plain, typo)), "bytes");
  EXPECT_EQ(Text(Compare(plain, typo, Dialect::kGoogle)),
            "meaning|*: +Dissallow: /b (/b: yes to no)");
  // A comma list names nobody by the grammar.
  const std::string list = std::string(plain) + "\nUser-agent: B, C\nDisallow: /\n";
  EXPECT_EQ(Text(Compare(plain, list)), "bytes");
  EXPECT_EQ(Compare(plain, list, Dialect::kLenient).changed, Changed::kMeaning);
  // The papers' first code matches names by case.
  EXPECT_EQ(Text(Compare("User-agent: B\nDisallow: /\n", "User-agent: b\nDisallow: /\n")), "bytes");
  EXPECT_EQ(
      Compare("User-agent: B\nDisallow: /\n", "User-agent: b\nDisallow: /\n", Dialect::kCicLegacy)
          .changed,
      Changed::kMeaning);
}

// Letters alone: others are no token.
std::string Name(int number) {
  std::string name;
  for (int i = 0; i < 5; ++i, number /= 26) name += static_cast<char>('a' + number % 26);
  return name;
}

TEST(CompareRobots, HostileFilesEnd) {
  std::string agents;
  for (int i = 0; i < 10'000; ++i) agents += "User-agent: " + Name(i) + "\n";
  std::string rules;
  for (int i = 0; i < 8'000; ++i) rules += "Disallow: /" + std::to_string(i) + "*x\n";
  const FileChange change = Compare(agents + rules, agents + rules + "Disallow: /\n");
  EXPECT_EQ(change.changed, Changed::kMeaning);
  EXPECT_FALSE(change.cut);  // one group: compared once
  // A group each: no set is shared.
  std::string before;
  std::string after;
  for (int i = 0; i < 10'000; ++i) {
    const std::string name = "User-agent: " + Name(i) + "\n";
    before += name + "Disallow: /" + std::to_string(i) + "\n";
    after += name + "Disallow: /y" + std::to_string(i) + "\n";
  }
  const FileChange many = Compare(before, after);
  EXPECT_TRUE(many.cut);
  EXPECT_EQ(many.changed, Changed::kMeaning);
  static_assert(limits::kCompareWorkMax >= 1'000'000);
  rules.resize(rules.find("Disallow: /1000*"));
  const FileChange one = Compare("", "User-agent: *\n" + rules);
  EXPECT_TRUE(one.cut);
  EXPECT_EQ(one.agents.at(0).rules.size(), limits::kCompareItemsMax);
}

TEST(CompareStatements, SetsAndOrder) {
  Signal a;
  a.family = Family::kTdmrep;
  a.key = "tdm-reservation";
  a.value = "1";
  a.scope = "/a";
  a.says = Says::kDeny;
  Signal b = a;
  b.scope = "/b";
  Signal prose;
  prose.family = Family::kLlmsTxt;
  prose.raw = prose.value = "we like robots";
  const std::vector<Signal> ab{a, b};
  const std::vector<Signal> ba{b, a};
  const std::vector<Signal> only_a{a};
  const std::vector<Signal> a_prose{a, prose};
  EXPECT_EQ(CompareStatements(ab, ab).changed, Changed::kBytes);
  EXPECT_EQ(CompareStatements(ab, ba).changed, Changed::kRules);
  EXPECT_EQ(CompareStatements(only_a, a_prose).changed, Changed::kRules);
  const FileChange change = CompareStatements(ab, only_a);
  EXPECT_EQ(change.changed, Changed::kMeaning);
  ASSERT_EQ(change.statements.size(), 1U);
  EXPECT_TRUE(change.statements[0].gone);
  EXPECT_EQ(change.statements[0].scope, "/b");
}

// --- the promise --------------------------------------------------------------------------------

std::string MadeFile(std::mt19937& random) {
  static const std::vector<std::string> kLines = {"User-agent: *",
                                                  "User-agent: A",
                                                  "User-agent: B",
                                                  "User-agent: A, B",
                                                  "User-agent: A1.0",
                                                  "Disallow: /",
                                                  "Disallow: /a",
                                                  "Disallow: /a/b",
                                                  "Allow: /a",
                                                  "Allow: /a/b$",
                                                  "Disallow: /*.x",
                                                  "Disallow:",
                                                  "Allow: /index.html",
                                                  "Dissallow: /a",
                                                  "Content-Signal: ai-train=no",
                                                  "Content-Signal: /a ai-train=yes, search=no",
                                                  "Content-Usage: train-ai=n",
                                                  "License: https://x/",
                                                  "Crawl-delay: 3",
                                                  "# comment",
                                                  "",
                                                  "Disallow: bad",
                                                  "Sitemap: /s",
                                                  "user-agent:*",
                                                  "Disallow: /%61"};
  std::string file;
  for (std::size_t i = random() % 9; i > 0; --i) file += kLines[random() % kLines.size()] + "\n";
  return file;
}

std::string Answers(const RobotsTxt& robots, Dialect dialect) {
  std::string out;
  for (const std::string_view agent : {"*", "A", "B", "Nobody", "a"}) {
    for (const std::string_view path :
         {"/", "/a", "/a/b", "/a/bx", "/q.x", "/index.html", "/bad"}) {
      out += robots.Allows(agent, path, dialect) ? '+' : '-';
      std::vector<Signal> signals;
      robots.SelectSignals(agent, path, dialect, signals);
      std::vector<std::string> told;
      for (const Signal& signal : signals) {
        told.push_back(std::string(signal.key) + "=" + std::string(signal.value) +
                       std::string(SaysName(signal.says)) + std::string(SaysName(signal.careful)));
      }
      std::sort(told.begin(), told.end());
      told.erase(std::unique(told.begin(), told.end()), told.end());
      for (const std::string& one : told) out += one + ";";
    }
  }
  return out;
}

TEST(CompareRobots, EqualMeaningAnswersAlikeAndChangesAreReal) {
  std::mt19937 random(20261122);
  int equal = 0;
  int changed = 0;
  for (int i = 0; i < 3'000; ++i) {
    const std::string before = MadeFile(random);
    std::string after = MadeFile(random);
    // Half of the time a small edit, so that equal meaning is met often.
    if (random() % 2 == 0) {
      after = before;
      const std::size_t line = after.find('\n', after.empty() ? 0 : random() % after.size());
      if (line != std::string::npos)
        after.insert(line + 1, random() % 2 == 0 ? "# x\n" : "Disallow: /a\n");
    }
    for (const Dialect dialect : AllDialects()) {
      const RobotsTxt one = RobotsTxt::Parse(before);
      const RobotsTxt two = RobotsTxt::Parse(after);
      const FileChange change = CompareRobots(one, two, {dialect, {}});
      ASSERT_FALSE(change.cut);
      if (change.changed <= Changed::kBytes) {
        ++equal;
        ASSERT_EQ(Answers(one, dialect), Answers(two, dialect)) << DialectName(dialect) << "\n"
                                                                << before << "---\n"
                                                                << after;
      }
      for (const AgentChange& agent : change.agents) {
        for (const RuleChange& rule : agent.rules) {
          if (rule.path.empty()) continue;
          ++changed;
          for (const std::string& name : agent.agents) {
            ASSERT_EQ(one.Allows(name, rule.path, dialect), rule.allowed_before)
                << DialectName(dialect) << " " << name << "\n"
                << before << "---\n"
                << after;
            ASSERT_EQ(two.Allows(name, rule.path, dialect), rule.allowed_after) << name;
          }
        }
      }
    }
  }
  EXPECT_GT(equal, 2'000);
  EXPECT_GT(changed, 3'000);
}

}  // namespace
}  // namespace crawlcard::robots
