// What each agent, family and rule takes away, against single questions asked one by one.
#include "dataset/loss_plan.h"

#include <algorithm>
#include <set>

#include "dataset/limits.h"
#include "rows_fixture.h"

namespace crawlcard::dataset {
namespace {

using index::JudgeOptions;
using index::WarcBuilder;

struct MadeRow {
  std::string url;
  std::uint64_t tokens = 0;
};

class LossPlanTest : public RowsTest {
 protected:
  // Sites that say the same thing in different families, and some that say nothing.
  std::unique_ptr<index::Store> Made() {
    const std::vector<std::string> robots = {
        "User-agent: GPTBot\nDisallow: /\n",
        "User-agent: CCBot\nDisallow: /a\n",
        "User-agent: *\nDisallow: /b\n",
        "User-agent: *\nContent-Signal: ai-train=no\nAllow: /\n",
        "User-agent: *\nContent-Usage: train-ai=n\nAllow: /\n",
        "User-agent: GPTBot\nUser-agent: CCBot\nDisallow: /\n",
        "",
    };
    WarcBuilder warc;
    for (std::size_t i = 0; i < robots.size(); ++i) {
      const std::string origin = "https://s" + std::to_string(i) + ".org";
      warc.Robots(origin, i == 5 ? "2024-06-10T00:00:00Z" : "2022-01-01T00:00:00Z", robots[i]);
      for (const std::string path : {"/a", "/b", "/c"}) {
        WarcBuilder::Fields fields;
        if (path == "/c") fields.emplace_back("tdm-reservation", "1");
        if (path == "/b") fields.emplace_back("X-Robots-Tag", "noai");
        warc.Html(origin + path, "2022-06-01T00:00:00Z", "x", fields);
        rows_.push_back({origin + path, 10 * (i + 1) + rows_.size()});
      }
    }
    warc.Robots("https://down.org", "2022-01-01T00:00:00Z", "", "503 Service Unavailable");
    warc.Html("https://down.org/", "2022-06-01T00:00:00Z", "x");
    rows_.push_back({"https://down.org/", 1000});
    rows_.push_back({"https://never.org/seen", 5000});
    auto store = Open(Path("idx"));
    IngestAll(*store, {Put("a.warc.gz", warc.bytes())});
    for (const MadeRow& row : rows_) {
      text_ += "{\"url\":\"" + row.url +
               "\",\"date\":\"2022-06-01T00:00:00Z\",\"tokens\":" + std::to_string(row.tokens) +
               "}\n";
    }
    return store;
  }

  static JudgeOptions Under(std::string_view policy, std::vector<std::string> agents) {
    JudgeOptions options;
    options.policy = *robots::BuiltInPolicy(policy);
    options.agents = std::move(agents);
    options.as_of = {index::AsOf::Kind::kInstant, *ParseRfc3339("2022-07-01")};
    return options;
  }

  // Rows that one question loses, asked one by one.
  std::set<std::string> LostBy(const index::Store& store, const JudgeOptions& options) {
    std::set<std::string> lost;
    for (const MadeRow& row : rows_) {
      const auto verdict = index::CheckUrl(store, row.url, options);
      EXPECT_TRUE(verdict);
      if (verdict && !verdict->verdict.usable) lost.insert(row.url);
    }
    return lost;
  }
  Amount AmountOf(const std::set<std::string>& urls) const {
    Amount amount;
    for (const MadeRow& row : rows_) {
      if (urls.contains(row.url)) amount.Add({1, 0, row.tokens});
    }
    return amount;
  }
  LossTally Measure(const index::Store& store, const LossPlan& plan, unsigned jobs) {
    LossTally tally = LossObserver(plan).tally;
    Pass(
        store, plan.questions, plan.policies, text_, jobs,
        [&] { return std::make_unique<LossObserver>(plan); },
        [&](RowObserver& seen) { tally.Merge(static_cast<LossObserver&>(seen).tally); });
    return tally;
  }
  // Bytes are those of lines: nothing to compare them with here.
  static void ExpectRows(const Amount& found, const Amount& expected, std::string_view what) {
    EXPECT_EQ(found.rows, expected.rows) << what;
    EXPECT_EQ(found.tokens, expected.tokens) << what;
  }

  std::vector<MadeRow> rows_;
  std::string text_;
};

std::set<std::string> Minus(const std::set<std::string>& a, const std::set<std::string>& b) {
  std::set<std::string> out;
  std::ranges::set_difference(a, b, std::inserter(out, out.end()));
  return out;
}

TEST_F(LossPlanTest, AgentsAndFamiliesAgainstSingleQuestions) {
  const auto store = Made();
  const JudgeOptions base = Under("eu-tdm", {"GPTBot", "CCBot", "Bytespider"});
  LossPlan plan = LossPlan::Of({base});
  ASSERT_TRUE(plan.AddMarginals());
  const LossTally tally = Measure(*store, plan, 1);
  const std::set<std::string> lost = LostBy(*store, base);
  ASSERT_FALSE(lost.empty());
  ASSERT_LT(lost.size(), rows_.size());

  std::size_t agents = 0;
  std::size_t families = 0;
  Amount any_only;
  for (std::size_t i = 0; i < plan.factors.size(); ++i) {
    const Factor& factor = plan.factors[i];
    if (factor.kind == "rule") continue;
    JudgeOptions alone = base;
    alone.policy.unspecified = true;
    alone.policy.indeterminate = true;
    JudgeOptions without = base;
    if (factor.kind == "agent") {
      ++agents;
      alone.agents = {factor.name};
      std::erase(without.agents, factor.name);
    } else {
      ++families;
      const robots::Family family = *robots::FamilyFromName(factor.name);
      alone.policy.heed = {family};
      for (int f = 0; f <= static_cast<int>(robots::Family::kOther); ++f) {
        if (static_cast<robots::Family>(f) != family) {
          without.policy.heed.push_back(static_cast<robots::Family>(f));
        }
      }
    }
    ExpectRows(tally.effects[i].removes, AmountOf(LostBy(*store, alone)), factor.name);
    ExpectRows(tally.effects[i].only, AmountOf(Minus(lost, LostBy(*store, without))), factor.name);
    any_only.Add(tally.effects[i].only);
  }
  EXPECT_EQ(agents, 3U);
  EXPECT_GE(families, 10U);
  EXPECT_GT(any_only.rows, 0U);
}

TEST_F(LossPlanTest, RulesAgainstSingleQuestions) {
  const auto store = Made();
  const JudgeOptions base = Under("strict", {"GPTBot"});
  LossPlan plan = LossPlan::Of({base});
  ASSERT_TRUE(plan.AddMarginals());
  const LossTally tally = Measure(*store, plan, 1);
  const std::set<std::string> lost = LostBy(*store, base);

  JudgeOptions bare = base;
  bare.policy.unspecified = bare.policy.conditional = bare.policy.conflict = true;
  bare.policy.indeterminate = bare.policy.allow = true;
  bare.policy.any_agent = bare.policy.careful = false;
  bare.policy.robots_age_max_s = 1'000'000'000'000;
  const std::set<std::string> refused = LostBy(*store, bare);
  JudgeOptions unspecified = bare;
  unspecified.policy.unspecified = false;
  JudgeOptions spoken = base;
  spoken.policy.unspecified = true;

  bool met = false;
  for (std::size_t i = 0; i < plan.factors.size(); ++i) {
    const Factor& factor = plan.factors[i];
    if (factor.name == "refusal") {
      ExpectRows(tally.effects[i].removes, AmountOf(refused), "refusal");
      EXPECT_FALSE(factor.without);
    }
    if (factor.name != "unspecified") continue;
    met = true;
    ExpectRows(tally.effects[i].removes, AmountOf(Minus(LostBy(*store, unspecified), refused)),
               "unspecified");
    ExpectRows(tally.effects[i].only, AmountOf(Minus(lost, LostBy(*store, spoken))), "unspecified");
  }
  EXPECT_TRUE(met);
}

// s5.org refuses from 2024-06-10 on; all others have said the same since 2022.
TEST_F(LossPlanTest, CurveOverDates) {
  const auto store = Made();
  JudgeOptions base = Under("robots-only", {"GPTBot"});
  base.policy.robots_age_max_s = 1'000'000'000;
  base.policy.indeterminate = true;
  LossPlan plan = LossPlan::Of({base});
  const auto dates = ParsePeriods("2021-12,2022-01,2024-05..2024-07");
  ASSERT_TRUE(dates);
  ASSERT_TRUE(plan.AddDates(*dates));
  const LossTally tally = Measure(*store, plan, 1);
  ASSERT_EQ(tally.lost.size(), 5U);
  for (std::size_t i = 0; i < dates->size(); ++i) {
    JudgeOptions then = base;
    then.as_of = {index::AsOf::Kind::kInstant, (*dates)[i].end};
    ExpectRows(tally.lost[i], AmountOf(LostBy(*store, then)), (*dates)[i].name);
  }
  EXPECT_EQ(tally.lost[0].rows, 0U);  // nothing was seen in 2021
  EXPECT_EQ(tally.lost[1], tally.lost[2]);
  EXPECT_EQ(tally.lost[2].rows + 3, tally.lost[3].rows);  // the three pages of s5.org
  EXPECT_EQ(tally.lost[3], tally.lost[4]);
}

TEST_F(LossPlanTest, JobsDoNotMatterAndStrataAddUp) {
  const auto store = Made();
  // Enough rows for many blocks.
  const std::string once = text_;
  for (int i = 0; i < 2000; ++i) text_ += once;
  const auto ranks = RankList::Parse("s0.org,1\ns1.org,1000\ns2.org,1001\n", "r");
  LossPlan plan = LossPlan::Of({Under("eu-tdm", {"GPTBot"}), Under("strict", {"GPTBot"})});
  ASSERT_TRUE(plan.AddMarginals());
  plan.ranks = &*ranks;
  const LossTally one = Measure(*store, plan, 1);
  EXPECT_EQ(one, Measure(*store, plan, 4));
  EXPECT_EQ(one.strata[0].all.rows, 2001U * 6);  // two sites of three pages
  EXPECT_EQ(one.strata[1].all.rows, 2001U * 9);
  EXPECT_EQ(one.strata.back().all.rows, 2001U * rows_.size());
  EXPECT_GE(one.strata.back().lost[1].rows, one.strata.back().lost[0].rows);
}

TEST_F(LossPlanTest, AtMost_kQuestionsMax) {
  LossPlan plan = LossPlan::Of({Under("eu-tdm", {"GPTBot"})});
  const auto dates = ParsePeriods("2000-01-01..2000-09-11");  // 255 days
  ASSERT_TRUE(dates);
  ASSERT_EQ(dates->size() + 1, limits::kQuestionsMax);
  EXPECT_TRUE(plan.AddDates(*dates));
  LossPlan more = LossPlan::Of({Under("eu-tdm", {"GPTBot"})});
  EXPECT_FALSE(more.AddDates(*ParsePeriods("2000-01-01..2000-09-12")));
}

}  // namespace
}  // namespace crawlcard::dataset
