#include "tools/parse.h"

#include <cstdio>
#include <fstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tools/config_file.h"
#include "tools/judge_flags.h"
#include "tools/limits.h"

namespace crawlcard::tools {
namespace {

using ::testing::ElementsAre;
using ::testing::EndsWith;
using ::testing::HasSubstr;

std::string MessageOf(const std::vector<std::string>& words) {
  const Result<Request> request = ParseCommandLine(words);
  if (request) return "no error";
  EXPECT_EQ(request.error().code(), ErrorCode::kInvalidArgument);
  return request.error().message();
}

std::string TempFile(const std::string& name, const std::string& text) {
  std::string path = ::testing::TempDir() + "crawlcard_parse_" + name;
  std::ofstream(path) << text;
  return path;
}

TEST(Parse, FlagsMayStandBeforeBetweenAndAfterOperands) {
  const auto request =
      ParseCommandLine({"--jobs", "3", "extract", "a.warc", "--language=off", "b.warc"});
  ASSERT_TRUE(request) << request.error().message();
  EXPECT_EQ(request->command->name, "extract");
  EXPECT_THAT(request->operands, ElementsAre("a.warc", "b.warc"));
  EXPECT_EQ(request->settings.Count("jobs"), 3U);
  EXPECT_EQ(request->settings.Text("language"), "off");
  EXPECT_EQ(request->settings.Get("jobs").origin, "flag --jobs");
}

TEST(Parse, TwoWordCommandsAndTheDoubleDash) {
  const auto request = ParseCommandLine({"index", "remove", "--index", "i", "--", "--odd"});
  ASSERT_TRUE(request) << request.error().message();
  EXPECT_EQ(request->command->name, "index remove");
  EXPECT_THAT(request->operands, ElementsAre("--odd"));
  EXPECT_THAT(MessageOf({"index"}), HasSubstr("info, compact, checkpoint, remove"));
}

TEST(Parse, ADashIsAnOperand) {
  const auto request = ParseCommandLine({"extract", "-"});
  ASSERT_TRUE(request);
  EXPECT_THAT(request->operands, ElementsAre("-"));
}

TEST(Parse, ListsGatherAndSplitAtCommas) {
  const auto request =
      ParseCommandLine({"check", "--index", "i", "--agent", "A, B", "--agent=C", "u"});
  ASSERT_TRUE(request);
  EXPECT_THAT(request->settings.List("agent"), ElementsAre("A", "B", "C"));
}

TEST(Parse, FileNamesKeepTheirCommas) {
  const auto request = ParseCommandLine({"card", "--index", "i", "--out", "a,b.html"});
  ASSERT_TRUE(request);
  EXPECT_THAT(request->settings.List("out"), ElementsAre("a,b.html"));
}

TEST(Parse, MistakesAreNamedWithAHint) {
  EXPECT_THAT(MessageOf({"extract", "--langage", "off", "f"}),
              HasSubstr("did you mean '--language'"));
  EXPECT_THAT(MessageOf({"extrat", "f"}), HasSubstr("did you mean 'extract'"));
  EXPECT_THAT(MessageOf({"extract", "--policy", "strict", "f"}),
              HasSubstr("is not one of 'extract'"));
  EXPECT_THAT(MessageOf({"--policy", "strict", "extract", "f"}),
              HasSubstr("is not one of 'extract'"));
  EXPECT_THAT(MessageOf({"extract", "--zzzzzzzz", "f"}), Not(HasSubstr("did you mean")));
  EXPECT_THAT(MessageOf({"extract", "-j", "f"}), HasSubstr("spelt out"));
  EXPECT_THAT(MessageOf({"extract"}), HasSubstr("needs FILE"));
  EXPECT_THAT(MessageOf({"show", "--index", "i", "a", "b"}), HasSubstr("does not take 'b'"));
  EXPECT_THAT(MessageOf({"check", "u"}), HasSubstr("needs --index"));
  EXPECT_THAT(MessageOf({"extract", "f", "--jobs"}), HasSubstr("needs a value"));
  EXPECT_THAT(MessageOf({"extract", "f", "--language", "on"}), HasSubstr("archive|sample|off"));
  EXPECT_THAT(MessageOf({"extract", "f", "--jobs", "1", "--jobs", "2"}), HasSubstr("given twice"));
  EXPECT_THAT(MessageOf({"extract", "f", "--verify-digests=yes"}), HasSubstr("takes no value"));
  EXPECT_THAT(MessageOf({"extract", "f", "--format", "html"}), HasSubstr("writes jsonl|text|none"));
  EXPECT_THAT(MessageOf({"--jobs", "2"}), HasSubstr("no command"));
  EXPECT_THAT(MessageOf({"check", "--index", "", "u"}), HasSubstr("empty"));
}

// limits::kCountMax: at the limit, one past it, and zero.
TEST(Parse, CountsAreBounded) {
  const std::string most = std::to_string(limits::kCountMax);
  const std::string more = std::to_string(limits::kCountMax + 1);
  EXPECT_TRUE(ParseCommandLine({"extract", "f", "--jobs", most}));
  EXPECT_THAT(MessageOf({"extract", "f", "--jobs", more}), HasSubstr("from 1 to"));
  EXPECT_THAT(MessageOf({"extract", "f", "--jobs", "0"}), HasSubstr("from 1 to"));
  EXPECT_THAT(MessageOf({"extract", "f", "--jobs", "two"}), HasSubstr("from 1 to"));
}

TEST(Parse, HelpAndVersionNeedNothingElse) {
  EXPECT_EQ(ParseCommandLine({"check", "-h"})->kind, Request::Kind::kShortHelp);
  EXPECT_EQ(ParseCommandLine({"check", "--help"})->kind, Request::Kind::kLongHelp);
  EXPECT_EQ(ParseCommandLine({"--version"})->kind, Request::Kind::kVersion);
  EXPECT_EQ(ParseCommandLine({"--help"})->command, nullptr);
  EXPECT_EQ(ParseCommandLine({"help"})->kind, Request::Kind::kLongHelp);
  const Result<Request> about = ParseCommandLine({"help", "study", "list"});
  ASSERT_TRUE(about);
  EXPECT_EQ(about->kind, Request::Kind::kLongHelp);
  EXPECT_EQ(about->command->name, "study list");
  const Result<Request> file = ParseCommandLine({"robots", "help", "https://a.example/"});
  ASSERT_TRUE(file) << file.error().message();
  EXPECT_EQ(file->operands.front(), "help");
  EXPECT_FALSE(ParseCommandLine({"help", "nonesuch"}));
}

TEST(ConfigFile, GivesValuesWithTheirLineAndTheCommandLineWins) {
  const std::string path = TempFile(
      "good.toml", "# mine\njobs = 2\nagent = ['A', 'B']\nreplace = true\ndate = 2026-10-02\n");
  const auto request = ParseCommandLine({"config", "--config", path, "--jobs", "5"});
  ASSERT_TRUE(request) << request.error().message();
  const Settings& settings = request->settings;
  EXPECT_EQ(settings.Count("jobs"), 5U);
  EXPECT_THAT(settings.List("agent"), ElementsAre("A", "B"));
  EXPECT_THAT(settings.Get("agent").origin, EndsWith("good.toml:3"));
  EXPECT_TRUE(settings.Switch("replace"));
  EXPECT_EQ(settings.Text("date"), "2026-10-02");
  EXPECT_EQ(settings.Get("policy").origin, "default");
}

TEST(ConfigFile, MistakesNameTheLine) {
  const auto message = [](const std::string& text) {
    return MessageOf({"config", "--config", TempFile("bad.toml", text)});
  };
  EXPECT_THAT(message("\njbos = 2\n"),
              HasSubstr("bad.toml:2: unknown key 'jbos'; did you mean 'jobs'"));
  EXPECT_THAT(message("jobs = 'many'\n"), HasSubstr("bad.toml:1"));
  EXPECT_THAT(message("jobs = true\n"), HasSubstr("wrong type"));
  EXPECT_THAT(message("replace = 'yes'\n"), HasSubstr("wrong type"));
  EXPECT_THAT(message("agent = ['A', 3]\n"), HasSubstr("wrong type"));
  EXPECT_THAT(message("jobs = \n"), HasSubstr("bad.toml:1"));
  EXPECT_THAT(message("man = true\n"), HasSubstr("belongs on the command line"));
  EXPECT_THAT(MessageOf({"config", "--config", "/nonexistent/c.toml"}), HasSubstr("cannot read"));
}

// limits::kConfigBytesMax: at the limit, and one past it.
TEST(ConfigFile, IsBounded) {
  const std::string most(limits::kConfigBytesMax - 1, ' ');
  EXPECT_TRUE(ParseCommandLine({"config", "--config", TempFile("most.toml", "#" + most)}));
  EXPECT_THAT(MessageOf({"config", "--config", TempFile("more.toml", "##" + most)}),
              HasSubstr(std::to_string(limits::kConfigBytesMax)));
}

TEST(ClosestWord, IsQuietAboutStrangers) {
  const std::vector<std::string_view> words{"check", "card"};
  EXPECT_EQ(ClosestWord("chekc", words), "check");
  EXPECT_EQ(ClosestWord("ingest", words), "");
  EXPECT_EQ(ClosestWord(std::string(1000, 'c'), words), "");
}

TEST(JudgeFlags, TurnIntoAQuestion) {
  const auto request = ParseCommandLine({"check", "--index", "i", "u", "--use", "search", "--agent",
                                         "GPTBot", "--dialect", "lenient", "--policy", "strict",
                                         "--as-of", "2026-10-02", "--max-age", "2"});
  ASSERT_TRUE(request);
  const auto options = JudgeOptionsFrom(request->settings, 77);
  ASSERT_TRUE(options) << options.error().message();
  EXPECT_EQ(options->use, robots::Axis::kSearch);
  EXPECT_THAT(options->agents, ElementsAre("GPTBot"));
  EXPECT_EQ(options->dialect, robots::Dialect::kLenient);
  EXPECT_EQ(options->policy.name, "strict");
  EXPECT_EQ(options->policy.robots_age_max_s, 2 * 86'400);
  EXPECT_EQ(options->as_of.kind, index::AsOf::Kind::kInstant);
  EXPECT_EQ(FormatRfc3339(options->as_of.instant), "2026-10-02T00:00:00Z");
}

TEST(JudgeFlags, EveryChoiceIsKnownBelow) {
  for (const std::string use :
       {"crawl", "train", "train-any", "ai-input", "ai-index", "search", "tdm"}) {
    EXPECT_TRUE(robots::AxisFromName(use)) << use;
  }
  for (const std::string_view policy : {"eu-tdm", "robots-only", "open-licence-only", "strict"}) {
    EXPECT_TRUE(robots::BuiltInPolicy(policy)) << policy;
  }
  Settings settings;
  ASSERT_TRUE(settings.Set(*FindFlag("as-of"), {"yesterday"}, "flag"));
  EXPECT_EQ(JudgeOptionsFrom(settings, 0).error().code(), ErrorCode::kInvalidArgument);
  Settings all;
  ASSERT_TRUE(all.Set(*FindFlag("dialect"), {"all"}, "flag"));
  EXPECT_EQ(JudgeOptionsFrom(all, 0).error().code(), ErrorCode::kInvalidArgument);
  Settings now;
  ASSERT_TRUE(now.Set(*FindFlag("as-of"), {"now"}, "flag"));
  EXPECT_EQ(JudgeOptionsFrom(now, 77)->as_of.instant, 77);
}

}  // namespace
}  // namespace crawlcard::tools
