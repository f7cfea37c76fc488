// Policies of the user's own: every key, every mistake, and the built-in ones as the files they
// were compiled from.

#include "tools/policy_file.h"

#include <fstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tools/judge_flags.h"
#include "tools/limits.h"
#include "tools/parse.h"

namespace crawlcard::tools {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

constexpr std::string_view kUsable =
    "[usable]\nallow = true\nunspecified = true\nconditional = false\nconflict = false\n"
    "indeterminate = false\n";

std::string WithUsable(std::string_view head) {
  return std::string(head) + std::string(kUsable);
}

std::string Mistake(const std::string& text) {
  const auto policy = ParsePolicy(text, "p.toml");
  if (policy) return "none";
  EXPECT_EQ(policy.error().code(), ErrorCode::kInvalidArgument);
  return policy.error().message();
}

// A mistake in a line after a good name and version, so on line 3.
std::string MistakeIn(std::string_view line) {
  return Mistake(WithUsable("name = 'own'\nversion = 1\n" + std::string(line) + "\n"));
}

std::string MistakeInTable(std::string_view table) {
  return Mistake("name = 'own'\nversion = 1\n[usable]\n" + std::string(table));
}

std::string WriteTemp(const std::string& name, const std::string& text) {
  const std::string path = ::testing::TempDir() + name;
  std::ofstream(path, std::ios::binary) << text;
  return path;
}

TEST(PolicyFile, EveryKeyIsRead) {
  const auto policy = ParsePolicy(
      "name = 'own_1.x'\nversion = 12\nheed = ['tdmrep', 'robots', 'tdmrep']\n"
      "dialect = 'lenient'\nmax_age_days = 30\nany_agent = true\ncareful = true\n"
      "open_licence_only = true\nrobots_only = false\n"
      "[usable]\nallow = false\nunspecified = false\nconditional = true\nconflict = true\n"
      "indeterminate = true\ndeny = false\n",
      "p.toml");
  ASSERT_TRUE(policy) << policy.error().message();
  EXPECT_EQ(policy->Id(), "own_1.x@12");
  EXPECT_THAT(policy->heed, ElementsAre(robots::Family::kRobots, robots::Family::kTdmrep));
  EXPECT_EQ(policy->dialect, robots::Dialect::kLenient);
  EXPECT_EQ(policy->robots_age_max_s, 30 * 86'400);
  EXPECT_TRUE(policy->any_agent && policy->careful && policy->open_licence_only);
  EXPECT_FALSE(policy->robots_only);
  EXPECT_FALSE(policy->allow || policy->unspecified);
  EXPECT_TRUE(policy->conditional && policy->conflict && policy->indeterminate);
}

TEST(PolicyFile, TheBuiltInOnesAreFilesLikeAnyOther) {
  for (const std::string_view name : robots::BuiltInPolicyNames()) {
    const std::string path = std::string(CRAWLCARD_TEST_DATA "/../../robots/data/policies/") +
                             std::string(name) + ".toml";
    const auto policy = LoadPolicy(path);
    ASSERT_TRUE(policy) << policy.error().message();
    EXPECT_EQ(*policy, *robots::BuiltInPolicy(name)) << name;
    EXPECT_EQ(*LoadPolicy(name), *policy);
  }
}

TEST(PolicyFile, ARefusalIsNeverUsable) {
  EXPECT_THAT(MistakeInTable("deny = true\n"), HasSubstr("p.toml:4: 'deny' cannot be usable"));
  EXPECT_THAT(MistakeInTable("deny = 'no'\n"), HasSubstr("p.toml:4: 'deny' cannot be usable"));
  EXPECT_THAT(MistakeIn("deny = false"), HasSubstr("p.toml:3: 'deny' belongs below [usable]"));
}

TEST(PolicyFile, MistakesNameTheLine) {
  EXPECT_THAT(MistakeIn("carefull = true"),
              HasSubstr("p.toml:3: unknown key 'carefull'; did you mean 'careful'?"));
  EXPECT_THAT(MistakeIn("colour = 1"), HasSubstr("p.toml:3: unknown key 'colour'"));
  EXPECT_THAT(MistakeIn("careful = 1"), HasSubstr("p.toml:3: 'careful' is true or false"));
  EXPECT_THAT(MistakeIn("heed = 'robots'"), HasSubstr("p.toml:3: 'heed' is a list"));
  EXPECT_THAT(MistakeIn("heed = []"), HasSubstr("p.toml:3: 'heed' is a list"));
  EXPECT_THAT(MistakeIn("heed = [\n'robots',\n'robot']"),
              HasSubstr("p.toml:5: 'heed' names families: 'robot' is none of robots, robots-meta"));
  EXPECT_THAT(MistakeIn("heed = [1]"), HasSubstr("'?' is none of"));
  EXPECT_THAT(MistakeIn("dialect = 'all'"),
              HasSubstr("p.toml:3: 'dialect' is one of rfc9309, google, lenient, common-crawl"));
  EXPECT_THAT(MistakeIn("dialect = 9309"), HasSubstr("p.toml:3: 'dialect' is one of"));
  EXPECT_THAT(MistakeIn("max_age_days = 0"), HasSubstr("p.toml:3: 'max_age_days' is a whole"));
  EXPECT_THAT(MistakeIn("max_age_days = 100001"), HasSubstr("from 1 to 100000"));
  EXPECT_THAT(MistakeIn("max_age_days = 1.5"), HasSubstr("p.toml:3"));
  EXPECT_THAT(MistakeIn("allow = true"), HasSubstr("p.toml:3: 'allow' belongs below [usable]"));
  EXPECT_THAT(MistakeIn("robots_only = true\nheed = ['tdmrep']"), HasSubstr("one family alone"));
  EXPECT_THAT(MistakeIn("x = = 1"), HasSubstr("p.toml:3: "));
  EXPECT_THAT(MistakeInTable("alow = true\n"),
              HasSubstr("unknown key 'alow'; did you mean 'allow'"));
  EXPECT_THAT(MistakeInTable("allow = 1\n"), HasSubstr("p.toml:4: 'allow' is true or false"));
  EXPECT_THAT(MistakeInTable("allow = true\n"), HasSubstr("[usable] does not say 'unspecified'"));
  EXPECT_THAT(Mistake("usable = 1\n"), HasSubstr("p.toml:1: 'usable' is a table"));
  EXPECT_THAT(Mistake(WithUsable("name = 'a'\n")), HasSubstr("p.toml: 'version' is missing"));
  EXPECT_THAT(Mistake(WithUsable("version = 1\n")), HasSubstr("p.toml: 'name' is missing"));
  EXPECT_THAT(Mistake("name = 'a'\nversion = 1\n"), HasSubstr("p.toml: 'usable' is missing"));
  EXPECT_THAT(Mistake(WithUsable("name = 'a@1'\nversion = 1\n")), HasSubstr("p.toml:1: 'name' is"));
  EXPECT_THAT(Mistake(WithUsable("name = ''\nversion = 1\n")), HasSubstr("p.toml:1: 'name' is"));
  EXPECT_THAT(Mistake(WithUsable("name = 'a'\nversion = '1'\n")), HasSubstr("p.toml:2: 'version'"));
  EXPECT_THAT(Mistake(""), HasSubstr("is missing"));
}

TEST(PolicyFile, MayNotPassForABuiltInOne) {
  EXPECT_THAT(Mistake(WithUsable("name = 'strict'\nversion = 1\n")),
              HasSubstr("strict@1 is a built-in policy and differs"));
  EXPECT_EQ(Mistake(WithUsable("name = 'strict'\nversion = 2\n")), "none");
}

// At each limit, and one past it.
TEST(PolicyFile, IsBounded) {
  const std::string name(limits::kPolicyNameBytesMax, 'n');
  EXPECT_EQ(Mistake(WithUsable("name = '" + name + "'\nversion = 1\n")), "none");
  EXPECT_THAT(Mistake(WithUsable("name = '" + name + "n'\nversion = 1\n")), HasSubstr("1 to 64"));
  std::string text = WithUsable("name = 'a'\nversion = 1\n");
  text.resize(limits::kPolicyBytesMax, '\n');
  EXPECT_TRUE(LoadPolicy(WriteTemp("most.toml", text)));
  const auto more = LoadPolicy(WriteTemp("more.toml", text + "\n"));
  ASSERT_FALSE(more);
  EXPECT_EQ(more.error().code(), ErrorCode::kInvalidArgument);
  EXPECT_THAT(more.error().message(), HasSubstr(std::to_string(limits::kPolicyBytesMax)));
  EXPECT_THAT(LoadPolicy("/nonexistent/p.toml").error().message(), HasSubstr("cannot read policy"));
  EXPECT_THAT(LoadPolicy("nobody").error().message(), HasSubstr("none of eu-tdm, robots-only"));
}

index::JudgeOptions Asked(const std::vector<std::string>& more) {
  std::vector<std::string> words{"check", "--index", "i", "u"};
  words.insert(words.end(), more.begin(), more.end());
  const auto request = ParseCommandLine(words);
  EXPECT_TRUE(request) << request.error().message();
  auto options = JudgeOptionsFrom(request->settings, 0);
  EXPECT_TRUE(options) << options.error().message();
  return *options;
}

TEST(PolicyFile, ItsDialectAndAgeEnterTheQuestion) {
  const std::string path = WriteTemp(
      "own.toml", WithUsable("name = 'own'\nversion = 3\ndialect = 'google'\nmax_age_days = 7\n"));
  index::JudgeOptions options = Asked({"--policy", path});
  EXPECT_EQ(options.policy.Id(), "own@3");
  EXPECT_EQ(options.dialect, robots::Dialect::kGoogle);
  EXPECT_EQ(options.policy.robots_age_max_s, 7 * 86'400);
  options = Asked({"--policy", path, "--max-age", "9", "--dialect", "google"});
  EXPECT_EQ(options.policy.robots_age_max_s, 9 * 86'400);
  EXPECT_EQ(Asked({"--dialect", "lenient"}).dialect, robots::Dialect::kLenient);

  const auto clash =
      ParseCommandLine({"check", "--index", "i", "u", "--policy", path, "--dialect", "rfc9309"});
  ASSERT_TRUE(clash);
  EXPECT_THAT(JudgeOptionsFrom(clash->settings, 0).error().message(),
              HasSubstr("the policy own@3 reads robots.txt by google, not rfc9309"));
}

}  // namespace
}  // namespace crawlcard::tools
