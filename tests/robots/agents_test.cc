// The registry of AI agents: its columns, its mistakes, and how names find their operator.

#include "robots/agents.h"

#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "robots/limits.h"
#include "robots/verdict.h"

namespace crawlcard::robots {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

constexpr std::string_view kHead =
    "token\toperator\tpurpose\tmatch\tstatus\tvalid_from\treplaced_by\tnotes\n";

AgentList Read(std::string_view rows) {
  auto list = AgentList::Parse(std::string(kHead) + std::string(rows), "t.tsv");
  EXPECT_TRUE(list) << list.error().message();
  return std::move(*list);
}

std::string Mistake(std::string_view text) {
  const auto list = AgentList::Parse(text, "t.tsv");
  if (list) return "none";
  EXPECT_EQ(list.error().code(), ErrorCode::kInvalidArgument);
  return list.error().message();
}

std::string MistakeIn(std::string_view row) {
  return Mistake(std::string(kHead) + std::string(row));
}

// Makes a list the registry as long as it lives.
class Installed {
 public:
  explicit Installed(const AgentList& list) { InstallAgentRegistry(&list); }
  ~Installed() { InstallAgentRegistry(nullptr); }
  Installed(const Installed&) = delete;
  Installed& operator=(const Installed&) = delete;
};

TEST(AgentList, TheOneCompiledInIsWholeAndVersioned) {
  const AgentList& list = TheAgents();
  EXPECT_EQ(list.agents().size(), 187U);
  EXPECT_EQ(list.version(), "2026-11-22.1");
  ASSERT_NE(list.Find("iaskspider/2.0"), nullptr);
  EXPECT_EQ(list.Find("iaskspider/2.0")->match, TokenMatch::kLiteral);
  EXPECT_EQ(list.Find("GPTBot")->match, TokenMatch::kToken);
  EXPECT_EQ(list.Find("GPTBot")->notes, "training crawler; separate from search and user tokens");
  EXPECT_EQ(list.Find("OAI-AdsBot")->valid_from, "2026-04");
  EXPECT_EQ(list.Find("Claude-Web")->status, AgentStatus::kRetired);
  EXPECT_EQ(list.CurrentOf(*list.Find("facebookbot")).token, "meta-externalagent");
  EXPECT_EQ(list.CurrentOf(*list.Find("GPTBot")).token, "GPTBot");
}

TEST(AgentList, NamesMatchByWholeNameThenByTheLongestPrefix) {
  const AgentList list = Read(
      "Bot\tA\ttrain\tprefix\t\t\t\t\n"
      "Bot/2\tB\tsearch\tprefix\t\t\t\t\n"
      "Bot/2.0 beta\tC\tagent\tliteral\t\t\t\t\n"
      "Plain\tD\ttrain\ttoken\t\t\t\t\n");
  EXPECT_EQ(list.Find("bot")->operator_name, "A");
  EXPECT_EQ(list.Find("BOT/1.0")->operator_name, "A");
  EXPECT_EQ(list.Find("bot/2.7")->operator_name, "B");
  EXPECT_EQ(list.Find("Bot/2.0 Beta")->operator_name, "C");
  EXPECT_EQ(list.Find("plain")->operator_name, "D");
  EXPECT_EQ(list.Find("plain/1.0"), nullptr);
  EXPECT_EQ(list.Find("Bo"), nullptr);
  EXPECT_EQ(list.Find(""), nullptr);
  EXPECT_EQ(list.Find(std::string(1 << 20, 'b')), nullptr);
}

TEST(AgentList, ColumnsMayStandInAnyOrderAndMostMayBeLeftOut) {
  const auto list = AgentList::Parse(
      "# made by hand\r\n# version: 7 \r\n\r\npurpose\ttoken\toperator\r\ntrain\tX-Bot\tX\r\n"
      "search\tY Bot 2\tY",
      "t.tsv");
  ASSERT_TRUE(list) << list.error().message();
  EXPECT_EQ(list->version(), "7");
  ASSERT_EQ(list->agents().size(), 2U);
  EXPECT_EQ(list->agents()[0].operator_name, "X");
  EXPECT_EQ(list->agents()[0].obeys_robots, "unknown");
  EXPECT_EQ(list->agents()[1].match, TokenMatch::kLiteral);
  EXPECT_EQ(list->agents()[1].status, AgentStatus::kCurrent);
}

TEST(AgentList, WithoutAVersionTheBytesAreTheVersion) {
  const std::string one = std::string(kHead) + "X\tX\ttrain\t\t\t\t\t\n";
  EXPECT_THAT(AgentList::Parse(one, "t")->version(), testing::StartsWith("sha256:"));
  EXPECT_EQ(AgentList::Parse(one, "t")->version(), AgentList::Parse(one, "u")->version());
  EXPECT_NE(AgentList::Parse(one, "t")->version(), AgentList::Parse(one + "\n", "t")->version());
}

TEST(AgentList, MistakesNameTheLine) {
  EXPECT_THAT(Mistake(""), HasSubstr("t.tsv: no agents"));
  EXPECT_THAT(Mistake("token\toperator\n"), HasSubstr("t.tsv:1: "));
  EXPECT_THAT(Mistake("token\toperator\tporpose\n"), HasSubstr("unknown column 'porpose'"));
  EXPECT_THAT(Mistake("token\ttoken\n"), HasSubstr("'token' twice"));
  EXPECT_THAT(Mistake("# version: 1\n# version: 2\n"), HasSubstr("t.tsv:2: a second version"));
  EXPECT_THAT(Mistake("# version:\n"), HasSubstr("t.tsv:1: the version"));
  EXPECT_THAT(MistakeIn("X\tX\ttrian\n"), HasSubstr("t.tsv:2: unknown purpose 'trian'; known: tr"));
  EXPECT_THAT(MistakeIn("\tX\ttrain\n"), HasSubstr("no token"));
  EXPECT_THAT(MistakeIn("*\tX\ttrain\n"), HasSubstr("no token"));
  EXPECT_THAT(MistakeIn("X\t\ttrain\n"), HasSubstr("no operator"));
  EXPECT_THAT(MistakeIn("X\tX\ttrain\tregex\n"), HasSubstr("match is 'regex'"));
  EXPECT_THAT(MistakeIn("X 2\tX\ttrain\ttoken\n"), HasSubstr("no product token"));
  EXPECT_THAT(MistakeIn("X\tX\ttrain\t\tgone\n"), HasSubstr("status is 'gone'"));
  EXPECT_THAT(MistakeIn("X\tX\ttrain\t\trenamed\n"), HasSubstr("replaced_by is empty"));
  EXPECT_THAT(MistakeIn("X\tX\ttrain\t\tcurrent\t\tY\n"), HasSubstr("is current, but"));
  EXPECT_THAT(MistakeIn("X\tX\ttrain\t\t\tApril\n"), HasSubstr("no date such as"));
  EXPECT_THAT(MistakeIn("X\tX\ttrain\t\t\t\tY\n"), HasSubstr("'Y', which is not in the table"));
  EXPECT_THAT(MistakeIn("X\tX\ttrain\t\t\t\tY\nY\tX\ttrain\t\t\t\tX\n"), HasSubstr("in a circle"));
  EXPECT_THAT(MistakeIn("X\tX\ttrain\nx\tY\ttrain\n"),
              HasSubstr("t.tsv:3: 'x' stands on line 2 otherwise"));
  EXPECT_THAT(MistakeIn("X\tX\ttrain\t\t\t\t\tnote\tmore\n"), HasSubstr("more fields"));
  EXPECT_THAT(MistakeIn("X\x01\tX\ttrain\n"), HasSubstr("a control character"));
  EXPECT_THAT(MistakeIn("X\xFF\tX\ttrain\n"), HasSubstr("not UTF-8"));
  EXPECT_EQ(MistakeIn("X\tX\ttrain\nx\tX\ttrain\n"), "none");  // another spelling
}

// At each limit, and one past it.
TEST(AgentList, IsBounded) {
  std::string rows;
  for (std::size_t i = 0; i < limits::kAgentsMax; ++i) {
    rows += "b" + std::to_string(i) + "\tX\ttrain\n";
  }
  EXPECT_EQ(MistakeIn(rows), "none");
  EXPECT_THAT(MistakeIn(rows + "more\tX\ttrain\n"), HasSubstr("more than 2000 agents"));
  const std::string field(limits::kAgentFieldBytesMax, 'x');
  EXPECT_EQ(MistakeIn(field + "\tX\ttrain\n"), "none");
  EXPECT_THAT(MistakeIn(field + "x\tX\ttrain\n"), HasSubstr("has 501 bytes, limit 500"));
  std::string all = std::string(kHead) + "X\tX\ttrain\n";
  all.resize(limits::kAgentsBytesMax, '\n');
  EXPECT_EQ(Mistake(all), "none");
  EXPECT_THAT(Mistake(all + "\n"), HasSubstr("1048577 bytes, limit 1048576"));
  std::string chain;
  for (std::size_t i = 0; i < limits::kAgentRenamesMax; ++i) {
    chain += "b" + std::to_string(i) + "\tX\ttrain\t\t\t\tb" + std::to_string(i + 1) + "\n";
  }
  EXPECT_EQ(MistakeIn(chain + "b8\tX\ttrain\n"), "none");
  EXPECT_THAT(MistakeIn(chain + "b8\tX\ttrain\t\t\t\tb9\nb9\tX\ttrain\n"), HasSubstr("circle"));
}

TEST(AgentList, NamesOfMatchAndStatus) {
  EXPECT_EQ(TokenMatchName(TokenMatch::kToken), "token");
  EXPECT_EQ(TokenMatchName(TokenMatch::kPrefix), "prefix");
  EXPECT_EQ(AgentStatusName(AgentStatus::kCurrent), "current");
  EXPECT_EQ(AgentStatusName(AgentStatus::kRenamed), "renamed");
  EXPECT_EQ(AgentStatusName(AgentStatus::kRetired), "retired");
}

// What others are told by name, for the use `train`.
Verdict Judged(std::initializer_list<std::string_view> refused, Axis use = Axis::kTrain) {
  std::vector<Statement> statements;
  for (const std::string_view agent : refused) {
    Signal signal;
    signal.family = Family::kRobots;
    signal.use = Axis::kCrawl;
    signal.says = Says::kDeny;
    signal.agent = agent;
    statements.push_back({signal, nullptr});
  }
  Question question;
  question.use = use;
  const Coverage coverage{"robots.txt", "ok", std::nullopt};
  return Judge(question, statements, {&coverage, 1}, *BuiltInPolicy("eu-tdm"));
}

TEST(Operators, RetiredTokensAreEvidenceAndToldApart) {
  const Verdict verdict = Judged({"anthropic-ai", "ClaudeBot", "FacebookBot"});
  ASSERT_EQ(verdict.operator_specific.size(), 3U);
  EXPECT_EQ(verdict.operator_specific[0].agent, "ClaudeBot");
  EXPECT_EQ(verdict.operator_specific[0].status, AgentStatus::kCurrent);
  EXPECT_EQ(verdict.operator_specific[1].operator_name, "Meta");
  EXPECT_EQ(verdict.operator_specific[1].status, AgentStatus::kRenamed);
  EXPECT_EQ(verdict.operator_specific[2].operator_name, "Anthropic");
  EXPECT_EQ(verdict.operator_specific[2].agent, "anthropic-ai");
  EXPECT_EQ(verdict.operator_specific[2].status, AgentStatus::kRetired);
  EXPECT_THAT(verdict.flags, ElementsAre("agents.renamed_token", "agents.retired_token"));
  EXPECT_EQ(verdict.decision, Decision::kUnspecified);
  EXPECT_TRUE(Judged({"GPTBot"}).flags.empty());
}

TEST(Operators, TheStrictestTokenWins) {
  // noarchive: Microsoft reads it as a refusal to train; nocache beside it weakens that.
  Signal rule;
  rule.family = Family::kRobotsMeta;
  rule.carrier = Carrier::kHtmlMeta;
  rule.agent = "*";
  rule.key = "nocache";
  Signal refusal = rule;
  refusal.family = Family::kRobotsMeta;
  refusal.agent = "msnbot";
  refusal.key = "noai";
  refusal.use = Axis::kTrain;
  refusal.says = Says::kDeny;
  const Coverage coverage{"robots.txt", "ok", std::nullopt};
  const auto judged = [&](std::vector<Statement> statements) {
    return Judge({}, statements, {&coverage, 1}, *BuiltInPolicy("eu-tdm")).operator_specific;
  };
  const auto weak = judged({{rule, nullptr}});
  ASSERT_FALSE(weak.empty());
  EXPECT_EQ(weak[0].operator_name, "Microsoft");
  EXPECT_EQ(weak[0].decision, Decision::kConditional);
  const auto strict = judged({{rule, nullptr}, {refusal, nullptr}});
  ASSERT_EQ(strict.size(), 1U);
  EXPECT_EQ(strict[0].agent, "msnbot");
  EXPECT_EQ(strict[0].decision, Decision::kDeny);
}

TEST(Operators, AnInstalledRegistryDecidesWhoseWordItIs) {
  const AgentList list = Read(
      "NewBot\tNewCo\ttrain\t\t\t\t\t\n"
      "OldBot\tOldCo\ttrain\t\trenamed\t\tNewBot\t\n"
      "GPTBot\tOther\tsearch\t\t\t\t\t\n");
  const Installed installed(list);
  EXPECT_EQ(AgentRegistry().size(), 3U);
  const Verdict verdict = Judged({"OldBot", "GPTBot"});
  ASSERT_EQ(verdict.operator_specific.size(), 1U);  // GPTBot is for search in this table
  EXPECT_EQ(verdict.operator_specific[0].operator_name, "NewCo");
  EXPECT_EQ(verdict.operator_specific[0].agent, "OldBot");
  EXPECT_EQ(Judged({"GPTBot"}, Axis::kSearch).operator_specific[0].operator_name, "Other");
}

}  // namespace
}  // namespace crawlcard::robots
