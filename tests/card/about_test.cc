#include "card/about.h"

#include <set>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "card/card.h"
#include "card/facts.h"
#include "card/limits.h"
#include "tests/card/sample.h"

namespace crawlcard::card {
namespace {

using ::testing::HasSubstr;

const Question& Q(std::string_view group, std::string_view key) {
  const Question* question = FindQuestion(group, key);
  EXPECT_NE(question, nullptr) << group << "." << key;
  return *question;
}

TEST(Questions, EachStandsOnceWithATitleAndAHelp) {
  std::set<std::string> ids;
  std::set<std::string_view> closed;
  std::string_view group;
  for (const Question& question : Questions()) {
    EXPECT_TRUE(ids.insert(std::string(question.group) + "." + std::string(question.key)).second);
    EXPECT_FALSE(question.title.empty()) << question.key;
    EXPECT_FALSE(question.help.empty()) << question.key;
    EXPECT_FALSE(GroupTitle(question.group).empty()) << question.group;
    if (question.group != group) {
      EXPECT_TRUE(closed.insert(question.group).second) << "not neighbours: " << question.group;
    }
    group = question.group;
    const bool words = question.kind == AnswerKind::kChoice || question.kind == AnswerKind::kYesNo;
    EXPECT_EQ(words, !question.choices.empty()) << question.key;
  }
}

TEST(Answers, AreTakenUpToTheirLimit) {
  const Question& name = Q("provider", "name");
  EXPECT_EQ(WrongAnswer(name, std::string(limits::kAnswerBytesMax, 'x')), "");
  EXPECT_THAT(WrongAnswer(name, std::string(limits::kAnswerBytesMax + 1, 'x')),
              HasSubstr("4001 bytes"));
  EXPECT_EQ(WrongAnswer(name, "two\nlines\tand <b> \"quotes\""), "");
  for (const char* bad : {"", "  ", "a\x1b[31m", "a\xE2\x80\xAE", "a\xE2\x80\x8B", "\xFF", "\r"}) {
    EXPECT_NE(WrongAnswer(name, bad), "") << bad;
  }
}

TEST(Answers, AddressesAreWhatABrowserWouldOpenAndNoMore) {
  const Question& url = Q("dataset", "url");
  for (const char* good : {"https://example.org", "http://a.b/c?d=e#f", "https://[::1]/x"}) {
    EXPECT_EQ(WrongAnswer(url, good), "") << good;
  }
  for (const char* bad : {"javascript:alert(1)", "ftp://a", "https://", "https:///x", "https://a b",
                          "https://a\"b", "https://a<b", "https://a|b", "https://a`b", "//a",
                          "a.example", "https://\xC3\xA4.example", "https://a\\b", "https://{a}"}) {
    EXPECT_NE(WrongAnswer(url, bad), "") << bad;
  }
}

TEST(Answers, DatesAreDaysOfTheCalendar) {
  const Question& date = Q("dataset", "released");
  EXPECT_EQ(WrongAnswer(date, "2024-02-29"), "");
  for (const char* bad :
       {"2023-02-29", "2024-2-9", "2024-02", "2024-02-29T00:00:00Z", "tomorrow"}) {
    EXPECT_NE(WrongAnswer(date, bad), "") << bad;
  }
}

TEST(Answers, ChoicesAreTheirWordsAlone) {
  const Question& sme = Q("provider", "sme");
  for (const char* good : {"yes", "no", "not applicable"}) EXPECT_EQ(WrongAnswer(sme, good), "");
  for (const char* bad : {"Yes", "yes|no", "|", "maybe", "no "}) {
    EXPECT_NE(WrongAnswer(sme, bad), "") << bad;
  }
}

TEST(Template, HasEveryQuestionAsAComment) {
  const std::string text = AboutTemplate();
  for (const Question& question : Questions()) {
    EXPECT_THAT(text, HasSubstr("\n# " + std::string(question.key) + " = " +
                                std::string(question.example) + "\n"));
  }
}

TEST(AboutFacts, AnswersAreFactsAndSmallProvidersListLess) {
  RunFacts run = sample::SampleRun();
  run.about.answers = {{"provider.sme", {"yes"}}, {"dataset.creators", {"A", "B"}}};
  run.about.rows["models"] = {{{"name", {"M-1"}}}};
  const Card card = MakeCard(run, {}, sample::TallyOf(sample::Crowd(7, 120)));
  const Facts facts = BuildFacts(card);
  EXPECT_EQ(facts.Words("domain_list.rule"), "sme_top_5_percent_or_1000");
  EXPECT_EQ(facts.Table("about.dataset.creators").rows.size(), 2U);
  EXPECT_EQ(facts.Table("about.models").rows.size(), 1U);
  EXPECT_EQ(facts.Find("about.models")->basis, Basis::kHuman);
  EXPECT_EQ(facts.Words("about.dataset.title"), "Not provided");
  const DomainList& list = card.domain_list;
  EXPECT_EQ(list.by_size,
            DomainsToList(DomainRule::kSmallProvider, card.tally.captures.domains.count));
}

}  // namespace
}  // namespace crawlcard::card
