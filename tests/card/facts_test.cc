#include "card/facts.h"

#include <set>

#include <gtest/gtest.h>

#include "card/card.h"
#include "card/render_json.h"
#include "tests/card/sample.h"

namespace crawlcard::card {
namespace {

Card SampleCard() {
  return MakeCard(sample::SampleRun(), SummariseInputs(sample::Ledger()),
                  sample::TallyOf(sample::Crowd(7, 120)));
}

TEST(Facts, EachHasADefinitionABasisAndACommand) {
  const Facts facts = BuildFacts(SampleCard());
  std::set<std::string> ids;
  for (const Fact& fact : facts.all()) {
    EXPECT_TRUE(ids.insert(fact.id).second) << fact.id;
    const Definition* definition = FindDefinition(fact.definition);
    ASSERT_NE(definition, nullptr) << fact.id;
    EXPECT_EQ(fact.basis, definition->basis) << fact.id;
    EXPECT_FALSE(fact.title.empty()) << fact.id;
    EXPECT_EQ(facts.Query(fact), "crawlcard card --index INDEX --fact " + fact.id);
    EXPECT_EQ(facts.Find(fact.id), &fact);
  }
  EXPECT_EQ(facts.Find("no.such"), nullptr);
}

TEST(Facts, StateTheFiguresOfTheTally) {
  const Card card = SampleCard();
  const Facts facts = BuildFacts(card);
  EXPECT_EQ(facts.Number("pages.count"), card.tally.pages.captures);
  EXPECT_EQ(facts.Number("captures.urls"), card.tally.urls.count);
  EXPECT_EQ(facts.Number("verdicts.usable"), card.tally.verdicts.usable.captures);
  EXPECT_EQ(facts.Date("dates.last"), card.tally.last);
  EXPECT_EQ(facts.Table("content.languages").rows.size(), card.tally.languages.size());
  EXPECT_EQ(facts.Words("about.provider.name"), "Not provided");
  // Every kind of content of a capture is counted once.
  std::uint64_t captures = 0;
  for (const auto& row : facts.Table("content.modalities").rows) {
    captures += std::get<std::uint64_t>(row[1]);
  }
  std::uint64_t types = 0;
  for (const auto& row : facts.Table("content.media_types").rows) {
    types += std::get<std::uint64_t>(row[1]);
  }
  EXPECT_EQ(captures, types);
  EXPECT_GT(captures, 0U);
}

TEST(Facts, TheDigestChangesWithAFact) {
  const std::string one = BuildFacts(SampleCard()).digest();
  EXPECT_EQ(one.size(), 64U);
  EXPECT_EQ(one, BuildFacts(SampleCard()).digest());
  Card other = SampleCard();
  ++other.tally.undated;
  EXPECT_NE(one, BuildFacts(other).digest());
}

TEST(Facts, PrintAloneForPipes) {
  const Facts facts = BuildFacts(SampleCard());
  EXPECT_EQ(FactAsText(*facts.Find("pages.count")),
            std::to_string(*facts.Number("pages.count")) + "\n");
  EXPECT_EQ(FactAsText(*facts.Find("about.provider.name")), "Not provided\n");
  EXPECT_TRUE(FactAsText(*facts.Find("dates.months")).starts_with("month,captures,pages,"));
}

TEST(Facts, ManifestsOfCrawlsAreFactsAndNoOptions) {
  RunFacts run = sample::SampleRun();
  run.options.emplace_back("run.publishers.1", "robots: obey\ncrawlcard-run: 7\nfree text\n");
  const Card card = MakeCard(run, {}, sample::TallyOf({}));
  for (const auto& [name, value] : card.run.options) EXPECT_FALSE(name.starts_with("run."));
  const Facts facts = BuildFacts(card);
  const FactTable& runs = facts.Table("crawl.runs");
  ASSERT_EQ(runs.rows.size(), 3U);
  EXPECT_EQ(CellWords(runs.rows[0][0], FactUnit::kNone), "publishers.1");
  EXPECT_EQ(CellWords(runs.rows[0][2], FactUnit::kNone), "obey");
  EXPECT_EQ(CellWords(runs.rows[2][1], FactUnit::kNone), "Not applicable");
  EXPECT_EQ(facts.Find("crawl.runs")->basis, Basis::kConfigured);
}

TEST(DomainListTest, TakesATenthOrLessForSmallProviders) {
  EXPECT_EQ(DomainsToList(DomainRule::kTopTenth, 0), 0U);
  EXPECT_EQ(DomainsToList(DomainRule::kTopTenth, 1), 1U);
  EXPECT_EQ(DomainsToList(DomainRule::kTopTenth, 20), 2U);
  EXPECT_EQ(DomainsToList(DomainRule::kTopTenth, 21), 3U);
  EXPECT_EQ(DomainsToList(DomainRule::kSmallProvider, 21), 2U);
  EXPECT_EQ(DomainsToList(DomainRule::kSmallProvider, 10'000'000), 1000U);
}

TEST(DomainListTest, AddsTheLargestOfEachKindAndSaysSo) {
  sample::Events events;
  for (char c = 'a'; c <= 'k'; ++c) {
    const std::string name = std::string(1, c) + ".example";
    events.push_back(sample::Page(name, "example," + std::string(1, c), name, "/",
                                  1000U - static_cast<unsigned>(c)));
    if (c == 'k') {
      events.back()->capture.content_type = "image/png";
      events.back()->capture.is_html = false;
    }
  }
  const Tally tally = sample::TallyOf(events);
  const std::string csv = DomainListCsv(tally, DomainRule::kTopTenth);
  EXPECT_NE(csv.find("\n1,a.example,"), std::string::npos);
  EXPECT_NE(csv.find(",text,size\n"), std::string::npos);
  EXPECT_NE(csv.find("\n3,k.example,"), std::string::npos);
  EXPECT_NE(csv.find(",image,image\n"), std::string::npos);
  const DomainList list = SummariseDomainList(tally, DomainRule::kTopTenth);
  EXPECT_TRUE(list.complete);
  EXPECT_EQ(list.by_size, 2U);
  EXPECT_EQ(list.listed, 3U);
  // More domains than were kept: the list is not known, and says so.
  EXPECT_FALSE(
      SummariseDomainList(sample::TallyOf(events, {.domains_max = 3}), DomainRule::kTopTenth)
          .complete);
}

}  // namespace
}  // namespace crawlcard::card
