// Studies over made indexes, worked out by hand.
#include "dataset/study/study.h"

#include <map>

#include "dataset/study/apertus_2025.h"
#include "dataset/study/cic_2024.h"
#include "dataset/study/robots_census.h"
#include "index/site_walk.h"
#include "rows_fixture.h"

namespace crawlcard::dataset {
namespace {

using index::WarcBuilder;
using robots::DetailClass;

class StudyTest : public RowsTest {
 protected:
  std::unique_ptr<index::Store> IndexOf(const WarcBuilder& warc) {
    auto store = Open(Path("idx"));
    IngestAll(*store, {Put("a.warc.gz", warc.bytes())});
    return store;
  }
  static StudyOptions Options(std::string_view dates) {
    StudyOptions options;
    options.now = *ParseRfc3339("2026-11-22");
    if (!dates.empty()) options.dates = *ParsePeriods(dates);
    return options;
  }
  // The value with these labels, in their order; labels left out may be anything.
  static const StudyValue* Find(const StudyReport& report,
                                const std::map<std::string_view, std::string>& labels) {
    for (const StudyValue& value : report.values) {
      std::size_t same = 0;
      for (const auto& [name, label] : value.labels) {
        const auto wanted = labels.find(name);
        if (wanted != labels.end() && wanted->second == label) ++same;
      }
      if (same == labels.size()) return &value;
    }
    return nullptr;
  }
  static std::optional<double> Number(const StudyReport& report,
                                      const std::map<std::string_view, std::string>& labels,
                                      std::string_view name) {
    const StudyValue* const value = Find(report, labels);
    if (value == nullptr) return std::nullopt;
    for (const auto& [each, number] : value->numbers) {
      if (each != name) continue;
      if (const auto* count = std::get_if<std::uint64_t>(&number)) {
        return static_cast<double>(*count);
      }
      return std::get<double>(number);
    }
    return std::nullopt;
  }
};

// --- cic-2024 -----------------------------------------------------------------------------------

// A site counts in periods that begin after it was first seen; it has no robots.txt until the first
// snapshot; a snapshot holds on until the next.
TEST(CicAt, FirstAppearanceAndCarryForward) {
  const auto at = [](std::string_view text) { return *ParseRfc3339(text); };
  const auto period = [](std::string_view name) { return ParsePeriods(name)->front(); };
  const CicClasses no_robots = {DetailClass::kNoRobots};
  CicSite site;
  site.first_seen = at("2016-01-15");
  EXPECT_EQ(CicAt(site, period("2020-01"), no_robots), nullptr);  // never a snapshot
  site.snapshots = {{at("2016-03-31T23:59:59Z"), {DetailClass::kSomeOther}},
                    {at("2017-02-01"), {DetailClass::kAll}}};
  EXPECT_EQ(CicAt(site, period("2015-12"), no_robots), nullptr);
  EXPECT_EQ(CicAt(site, period("2016-01"), no_robots), nullptr);  // began before the site was seen
  EXPECT_EQ(CicAt(site, period("2016-02"), no_robots)->front(), DetailClass::kNoRobots);
  EXPECT_EQ(CicAt(site, period("2016-03"), no_robots)->front(), DetailClass::kSomeOther);
  EXPECT_EQ(CicAt(site, period("2017-01"), no_robots)->front(), DetailClass::kSomeOther);
  EXPECT_EQ(CicAt(site, period("2017-02"), no_robots)->front(), DetailClass::kAll);
  EXPECT_EQ(CicAt(site, period("2024-04"), no_robots)->front(), DetailClass::kAll);
}

// h = 0.2, head 30 of 100, random 1 of 8: 0.2 * 0.3 + 0.8 * 0.125 = 0.06 + 0.1 = 0.16.
TEST(CicEstimate, ByHand) {
  CicStratum head;
  head.Add(DetailClass::kAll, 30);
  head.Add(DetailClass::kNoRobots, 50);
  head.Add(DetailClass::kSomeOther, 20);
  CicStratum random;
  random.Add(DetailClass::kAll, 1);
  random.Add(DetailClass::kNone, 7);
  EXPECT_DOUBLE_EQ(CicEstimate(0.2, head, random).value_or(-1), 0.16);
  EXPECT_DOUBLE_EQ(CicEstimate(1, head, CicStratum()).value_or(-1), 0.3);
  EXPECT_FALSE(CicEstimate(0.5, head, CicStratum()));  // half of the whole was not looked at
}

// "Combined" takes neither Amazon nor the false names; Anthropic has CCBot's class.
TEST(CicReduce, OperatorsAndCombined) {
  const auto classes_of = [](std::string_view body, std::size_t mode) {
    const CicClasses all = CicReduce(body);
    std::map<std::string, std::string> named;
    const auto tracked = CicTracked(kCicModes[mode]);
    for (std::size_t i = 0; i < tracked.size(); ++i) {
      named[std::string(tracked[i].name)] = robots::DetailClassName(all[CicModeBegin(mode) + i]);
    }
    named["Combined"] = robots::DetailClassName(all[CicModeBegin(mode) + tracked.size()]);
    return named;
  };
  for (std::size_t mode = 0; mode < kCicModes.size(); ++mode) {
    auto amazon = classes_of("User-agent: Amazonbot\nDisallow: /\n", mode);
    EXPECT_EQ(amazon["Amazon"], "all");
    EXPECT_EQ(amazon["Combined"], "none");
    auto ccbot = classes_of("User-agent: CCBot\nDisallow: /\n", mode);
    EXPECT_EQ(ccbot["Anthropic"], "all");
    EXPECT_EQ(ccbot["Common Crawl"], "all");
    EXPECT_EQ(ccbot["OpenAI"], "none");
    EXPECT_EQ(ccbot["Combined"], "all");
  }
  // OAI-SearchBot joined later.
  constexpr std::string_view kSearch = "User-agent: OAI-SearchBot\nDisallow: /\n";
  EXPECT_EQ(classes_of(kSearch, 0)["OpenAI"], "none");
  EXPECT_EQ(classes_of(kSearch, 1)["OpenAI"], "all");
  EXPECT_EQ(classes_of(kSearch, 2)["OpenAI"], "all");
  EXPECT_EQ(CicNoRobots().size(), CicReduce("").size());
}

// Four sites: a 400 tokens, b 300 (head, h = 700/1000), c 200, d 100 (random).
//   a  2016-02-10 open               2019-05-03 GPTBot refused
//   b  2018-07-01T00:00:01 404       2020-01-15 everybody refused
//   c  2017-01-01 "gptbot" in small letters refused: none in cic-legacy, all in the others
//   d  2015-06-01 everybody refused  2016-03-15 503, which says nothing
class Cic2024Test : public StudyTest {
 protected:
  std::unique_ptr<index::Store> Made() {
    constexpr std::string_view kOpen = "User-agent: *\nAllow: /\n";
    constexpr std::string_view kClosed = "User-agent: *\nDisallow: /\n";
    WarcBuilder warc;
    warc.Robots("http://a.org", "2016-02-10T00:00:00Z", kOpen);
    warc.Robots("https://www.a.org", "2019-05-03T00:00:00Z", "User-agent: GPTBot\nDisallow: /\n");
    warc.Robots("https://b.org", "2018-07-01T00:00:01Z", "", "404 Not Found");
    warc.Robots("https://b.org", "2020-01-15T00:00:00Z", kClosed);
    warc.Robots("https://c.org", "2017-01-01T00:00:00Z", "user-agent: gptbot\ndisallow: /\n");
    warc.Robots("https://d.org", "2015-06-01T00:00:00Z", kClosed);
    warc.Robots("https://d.org", "2016-03-15T00:00:00Z", "", "503 Service Unavailable");
    totals_.Add({{"a.org", {{1, 1, 400}, {}}},
                 {"b.org", {{1, 1, 300}, {}}},
                 {"c.org", {{1, 1, 200}, {}}},
                 {"d.org", {{1, 1, 100}, {}}}});
    return IndexOf(warc);
  }
  StudyOptions Asked() {
    StudyOptions options =
        Options("2016-02..2016-04,2018-07,2018-08,2019-04,2019-06,2020-01,2024-04");
    options.totals = &totals_;
    options.head_sites = 2;
    options.random_sites = 2;
    return options;
  }
  SiteTotals totals_{Weight::kTokens, 100, 100};
};

TEST_F(Cic2024Test, ByHandModeByMode) {
  const auto store = Made();
  const auto report = RunCic2024(*store, Asked());
  ASSERT_TRUE(report) << report.error().ToString();
  const auto estimate = [&](std::string_view mode, std::string_view date) {
    return Number(*report,
                  {{"mode", std::string(mode)},
                   {"operator", "OpenAI"},
                   {"date", std::string(date)},
                   {"what", "estimate"}},
                  "restricted");
  };
  for (const std::string_view mode : {"cic-legacy", "cic-fixed", "rfc9309"}) {
    const bool legacy = mode == "cic-legacy";
    // a was first seen after the month began: no head, no estimate.
    EXPECT_FALSE(estimate(mode, "2016-02")) << mode;
    // head: a open, 0 of 400; random: d alone, 100 of 100: 0.7 * 0 + 0.3 * 1.
    EXPECT_NEAR(*estimate(mode, "2016-03"), 0.3, 1e-9) << mode;
    EXPECT_NEAR(*estimate(mode, "2016-04"), 0.3, 1e-9) << mode;  // 503: carried forward
    // c: random 100 of 300 in cic-legacy, else 300 of 300. b has appeared too late in 2018-07.
    const double random = legacy ? 0.3 * 100 / 300 : 0.3;
    EXPECT_NEAR(*estimate(mode, "2018-07"), random, 1e-9) << mode;
    EXPECT_NEAR(*estimate(mode, "2018-08"), random, 1e-9) << mode;
    EXPECT_NEAR(*estimate(mode, "2019-04"), random, 1e-9) << mode;
    // a refuses GPTBot: head 400 of 700, b being without a robots.txt.
    EXPECT_NEAR(*estimate(mode, "2019-06"), 0.7 * 400 / 700 + random, 1e-9) << mode;
    // b refuses everybody: 700 of 700.
    EXPECT_NEAR(*estimate(mode, "2020-01"), 0.7 + random, 1e-9) << mode;
    EXPECT_NEAR(*estimate(mode, "2024-04"), 0.7 + random, 1e-9) << mode;
    // GPTBot is not CCBot: a does not count for Common Crawl.
    EXPECT_NEAR(*Number(*report,
                        {{"mode", std::string(mode)},
                         {"operator", "Common Crawl"},
                         {"date", "2019-06"},
                         {"what", "estimate"}},
                        "head_restricted"),
                0, 1e-9)
        << mode;
  }
  EXPECT_EQ(Number(*report,
                   {{"mode", "rfc9309"},
                    {"operator", "OpenAI"},
                    {"date", "2019-06"},
                    {"stratum", "head"},
                    {"detail", "no_robots"}},
                   "weight"),
            300);
  EXPECT_NEAR(*Number(*report, {{"what", "sample"}}, "head_share"), 0.7, 1e-9);
  EXPECT_EQ(Number(*report, {{"what", "sample"}}, "random_sites_known"), 2);
}

TEST_F(Cic2024Test, JobsDoNotMatter) {
  const auto store = Made();
  StudyOptions options = Asked();
  const auto one = RunCic2024(*store, options);
  options.jobs = 4;
  const auto four = RunCic2024(*store, options);
  ASSERT_TRUE(one);
  ASSERT_TRUE(four);
  EXPECT_EQ(StudyLines(*one), StudyLines(*four));
}

// --- apertus-2025 -------------------------------------------------------------------------------

TEST_F(StudyTest, ApertusByHand) {
  ASSERT_EQ(kApertusAgents.size(), 15U);
  WarcBuilder warc;
  // Seen over http alone, asked about over both.
  warc.Robots("http://a.org", "2024-12-01T00:00:00Z", "user-agent: gptbot\nDisallow: /private\n");
  // A version behind the name.
  warc.Robots("https://b.org", "2024-12-01T00:00:00Z", "User-agent: CCBot/2.0\nDisallow: /\n");
  // Too late.
  warc.Robots("https://c.org", "2024-12-01T00:00:00Z", "User-agent: *\nAllow: /\n");
  warc.Robots("https://c.org", "2025-02-01T00:00:00Z", "User-agent: *\nDisallow: /\n");
  // Errors allow.
  warc.Robots("https://d.org", "2024-12-01T00:00:00Z", "", "503 Service Unavailable");
  // An agent that is not on the list.
  warc.Robots("https://e.org", "2024-12-01T00:00:00Z", "User-agent: PerplexityBot\nDisallow: /\n");
  // Keyed by host: www.b.org is another.
  const auto store = IndexOf(warc);
  const auto row = [](std::string_view url, int tokens) {
    return fmt::format("{{\"url\":\"{}\",\"date\":\"2014-01-01\",\"tokens\":{}}}\n", url, tokens);
  };
  const std::string rows = row("https://a.org/private/x", 1) + row("http://a.org/private", 2) +
                           row("https://a.org/open", 4) + row("https://b.org/x", 8) +
                           row("https://www.b.org/x", 16) + row("https://c.org/x", 32) +
                           row("https://d.org/x", 64) + row("https://e.org/x", 128) +
                           row("https://never.org/x", 256);
  const Period date = ParsePeriods(kApertusDate)->front();
  for (const unsigned jobs : {1U, 4U}) {
    HostRules rules(*store, date.end, std::nullopt);
    SiteTotals totals(Weight::kTokens, 1000, 10);
    Amount with_rules;
    index::JudgeOptions question;
    question.policy = *robots::BuiltInPolicy("eu-tdm");
    Pass(
        *store, {question}, 1, rows, jobs, [&] { return std::make_unique<SiteRows>(&rules); },
        [&](RowObserver& seen) {
          auto& part = static_cast<SiteRows&>(seen);
          totals.Add(part.sites);
          with_rules.Add(part.with_rules);
        });
    ASSERT_TRUE(rules.failure());
    const StudyReport report = ReportApertus2025(totals, with_rules, date);
    // 1 + 2 + 8 of 511.
    EXPECT_EQ(Number(report, {}, "removed_tokens"), 11);
    EXPECT_EQ(Number(report, {}, "tokens"), 511);
    EXPECT_NEAR(*Number(report, {}, "loss_tokens"), 11.0 / 511, 1e-9);
    EXPECT_EQ(Number(report, {}, "removed_rows"), 3);
    EXPECT_EQ(Number(report, {}, "hosts"), 7);
    EXPECT_EQ(Number(report, {}, "hosts_blocking"), 2);
    EXPECT_EQ(Number(report, {}, "rows_with_robots"), 6);
  }
}

// --- agent-naming, bot-variants -----------------------------------------------------------------

TEST(ViewOfBot, ReadingsByHand) {
  const auto says = [](std::string_view body, AgentSet set) {
    const BotView view = ViewOfBot(body, "GPTBot");
    std::string text;
    for (std::size_t i = 0; i < kBlockReadingCount; ++i) {
      const auto reading = static_cast<BlockReading>(i);
      if (view.Says(set, reading)) text += std::string(BlockReadingName(reading)) + " ";
    }
    return text;
  };
  constexpr std::string_view kStar = "User-agent: *\nDisallow: /\n";
  EXPECT_EQ(says(kStar, AgentSet::kBot), "all some_or_all ");
  EXPECT_EQ(says("User-agent: GPTBot\nDisallow: /\n", AgentSet::kBot),
            "named named_all named_some_or_all all some_or_all ");
  EXPECT_EQ(says("User-agent: GPTBot\nAllow: /\n\nUser-agent: *\nDisallow: /\n", AgentSet::kBot),
            "named ");
  EXPECT_EQ(says("User-agent: GPTBot\nDisallow: /a\n", AgentSet::kBot),
            "named named_some_or_all some_or_all ");
  // ChatGPT-User is of the same operator, CCBot is of another.
  constexpr std::string_view kOther = "User-agent: ChatGPT-User\nDisallow: /\n";
  EXPECT_EQ(says(kOther, AgentSet::kBot), "");
  EXPECT_EQ(says(kOther, AgentSet::kOperator),
            "named named_all named_some_or_all all some_or_all ");
  constexpr std::string_view kCcbot = "User-agent: CCBot\nDisallow: /\n";
  EXPECT_EQ(says(kCcbot, AgentSet::kOperator), "");
  EXPECT_EQ(says(kCcbot, AgentSet::kAnyAi), "named named_all named_some_or_all all some_or_all ");
  EXPECT_EQ(says("<html></html>", AgentSet::kAnyAi), "");
  EXPECT_FALSE(ViewOfBot("<html></html>", "GPTBot").has_rules);
}

// Ten sites, one a way of answering; ranks put five into the first thousand.
TEST_F(StudyTest, NamingAndVariantsByStratum) {
  WarcBuilder warc;
  constexpr std::string_view kDay = "2024-05-01T00:00:00Z";
  warc.Robots("https://r1.org", kDay, "User-agent: CCBot\nDisallow: /\n");
  warc.Robots("https://www.r2.org", kDay, "User-agent: CCBot\nDisallow: /a\n");
  warc.Robots("https://r3.org", kDay, "User-agent: *\nDisallow: /\n");
  warc.Robots("https://r4.org", kDay, "", "404 Not Found");
  warc.Robots("https://r5.org", kDay, "", "500 Oops");
  warc.Robots("https://r6.org", kDay, "User-agent: ccbot\nAllow: /\n");
  warc.Robots("https://r7.org", kDay, "<html>no</html>");
  warc.Robots("https://r8.org", "2025-05-01T00:00:00Z", "User-agent: CCBot\nDisallow: /\n");
  const auto store = IndexOf(warc);
  const auto ranks = RankList::Parse(
      "r1.org,1\nr2.org,999\nr3.org,1000\nr4.org,500\nr5.org,600\nr6.org,1001\nr7.org,2000\n", "r");
  ASSERT_TRUE(ranks);
  StudyOptions options = Options("2024-05,2025-05");
  options.ranks = &*ranks;
  const auto report = RunAgentNaming(*store, options);
  ASSERT_TRUE(report) << report.error().ToString();
  const auto number = [&](std::string_view date, std::string_view stratum, std::string_view name) {
    return Number(*report, {{"date", std::string(date)}, {"stratum", std::string(stratum)}}, name)
        .value_or(-1);
  };
  // 1k: r1, r2, r3 gave rules, r1 and r2 name it.
  EXPECT_NEAR(number("2024-05", "1k", "naming"), 2.0 / 3, 1e-9);
  EXPECT_EQ(number("2024-05", "1k", "sites"), 5);
  EXPECT_EQ(number("2024-05", "1k", "absent"), 1);
  EXPECT_EQ(number("2024-05", "1k", "unreachable"), 1);
  EXPECT_NEAR(number("2024-05", "1k", "disallow_all_of_naming"), 0.5, 1e-9);
  // 10k: and r6, r7; the strata hold those before them.
  EXPECT_NEAR(number("2024-05", "10k", "naming"), 3.0 / 4, 1e-9);
  EXPECT_EQ(number("2024-05", "10k", "no_rules"), 1);
  EXPECT_EQ(number("2024-05", "2M", "sites"), 7);
  EXPECT_EQ(number("2024-05", "all", "sites"), 7);  // r8 was not seen yet
  EXPECT_EQ(number("2025-05", "all", "sites"), 8);
  EXPECT_NEAR(number("2025-05", "all", "naming"), 4.0 / 5, 1e-9);
  EXPECT_EQ(number("2025-05", "all", "naming_disallow_all"), 2);
  EXPECT_EQ(number("2025-05", "all", "naming_allow_part"), 1);
  EXPECT_EQ(number("2025-05", "all", "naming_allow_all"), 1);

  options.agents = {"CCBot"};
  const auto variants = RunBotVariants(*store, options);
  ASSERT_TRUE(variants);
  const auto variant = [&](std::string_view reading, std::string_view name) {
    return Number(*variants,
                  {{"date", "2024-05"},
                   {"stratum", "all"},
                   {"agents", "bot"},
                   {"reading", std::string(reading)}},
                  name)
        .value_or(-1);
  };
  // 7 sites, of which r5 did not answer; 4 gave rules.
  EXPECT_NEAR(variant("named", "of_sites"), 3.0 / 7, 1e-6);
  EXPECT_NEAR(variant("named", "of_answered"), 3.0 / 6, 1e-6);
  EXPECT_NEAR(variant("named", "of_rules"), 3.0 / 4, 1e-6);
  EXPECT_EQ(variant("named_all", "sites"), 1);
  EXPECT_EQ(variant("all", "sites"), 2);  // r3 refuses everybody
  EXPECT_EQ(variant("some_or_all", "sites"), 3);
  options.jobs = 4;
  EXPECT_EQ(StudyLines(*variants), StudyLines(*RunBotVariants(*store, options)));
}

// --- sites --------------------------------------------------------------------------------------

class ListSites final : public index::SiteFold {
 public:
  explicit ListSites(std::string& out) : out_(out) {}
  Status OnSite(index::Site& site) override {
    out_ += std::string(site.name()) + ":";
    for (const index::RobotsSeen& seen : site.robots()) {
      out_ += fmt::format(" {}{}", seen.https ? "https://" : "http://", seen.host);
      if (seen.body_sha256.empty()) continue;
      CRAWLCARD_ASSIGN(const std::string_view body, site.Body(seen.body_sha256));
      out_ += fmt::format("={}", body.size());
    }
    out_ += "\n";
    return {};
  }

 private:
  std::string& out_;
};

// "www." is cut, "www2." is a site of its own though its keys are those of the other; odd ports and
// rows without a date are left out; a redirect is what it leads to; one second: http first.
TEST_F(StudyTest, SitesOfAWalk) {
  WarcBuilder warc;
  warc.Robots("https://www.a.org", "2024-05-03T00:00:00Z", "User-agent: a\n");
  warc.Robots("http://a.org", "2024-05-03T00:00:00Z", "User-agent: ab\n");
  warc.Robots("https://a.org:8443", "2024-05-01T00:00:00Z", "User-agent: x\n");
  warc.Robots("http://www2.a.org", "2024-05-02T00:00:00Z", "User-agent: abc\n");
  warc.Response("http://b.org/robots.txt", "2024-05-01T00:00:00Z", "301 Moved",
                {{"Location", "https://b.org/robots.txt"}}, "");
  warc.Robots("https://b.org", "2024-05-01T00:00:01Z", "User-agent: abcd\n");
  const auto store = IndexOf(warc);
  const auto walk = [&](std::vector<std::string> hosts) {
    std::string text;
    index::SiteWalkOptions options;
    options.hosts = std::move(hosts);
    const auto folds =
        index::WalkSites(*store, options, [&] { return std::make_unique<ListSites>(text); });
    EXPECT_TRUE(folds);
    return text;
  };
  const std::string a = "a.org: http://a.org=15 https://www.a.org=14\n";
  const std::string www2 = "www2.a.org: http://www2.a.org=16\n";
  EXPECT_EQ(walk({}), a + www2 + "b.org: http://b.org=17 https://b.org=17\n");
  EXPECT_EQ(walk({"www2.a.org", "a.org"}), a + www2);  // once
  EXPECT_EQ(walk({"never.org"}), "");
  index::SiteWalkOptions bad;
  bad.hosts = {"no host"};
  std::string text;
  EXPECT_FALSE(index::WalkSites(*store, bad, [&] { return std::make_unique<ListSites>(text); }));
}

// --- page-signals, contradictions ---------------------------------------------------------------

TEST_F(StudyTest, PageSignals) {
  WarcBuilder warc;
  warc.Html("https://a.org/1", "2024-05-01T00:00:00Z", "x", {{"X-Robots-Tag", "noai, noimageai"}});
  warc.Html("https://a.org/2", "2024-05-01T00:00:00Z", "x", {{"tdm-reservation", "1"}});
  warc.Html("https://a.org/3", "2024-05-01T00:00:00Z",
            "<html><head><meta name=robots content=noai></head><body>x</body></html>");
  warc.Html("https://a.org/4", "2024-05-01T00:00:00Z", "x");
  warc.Robots("https://a.org", "2024-05-01T00:00:00Z", "User-agent: *\nAllow: /\n");
  const auto store = IndexOf(warc);
  const auto report = RunPageSignals(*store, Options(""));
  ASSERT_TRUE(report);
  const auto records = [&](std::string_view signal) {
    return Number(*report, {{"signal", std::string(signal)}}, "records").value_or(-1);
  };
  EXPECT_EQ(Number(*report, {{"signal", "noai"}}, "responses"), 4);  // robots.txt is no page
  EXPECT_EQ(records("x-robots-tag"), 1);
  EXPECT_EQ(records("tdm-reservation"), 1);
  EXPECT_EQ(records("noai"), 2);
  EXPECT_EQ(records("noimageai"), 1);
}

// A refusal and a grant of one use; search allowed where training is refused is none.
TEST_F(StudyTest, ContradictionsByUse) {
  WarcBuilder warc;
  warc.Robots("https://a.org", "2024-05-01T00:00:00Z",
              "User-agent: *\nContent-Signal: ai-train=no\nContent-Usage: train-ai=y\nAllow: /\n");
  warc.Robots("https://b.org", "2024-05-01T00:00:00Z",
              "User-agent: *\nContent-Signal: search=yes\nAllow: /\n\n"
              "User-agent: GPTBot\nDisallow: /\n");
  const auto store = IndexOf(warc);
  const auto report = RunContradictions(*store, Options("2024-05"));
  ASSERT_TRUE(report);
  EXPECT_EQ(Number(*report, {{"use", "any"}}, "origins"), 1);
  EXPECT_EQ(Number(*report, {{"use", "any"}}, "all_origins"), 2);
  EXPECT_EQ(Number(*report, {{"use", "train"}, {"families", "any"}}, "origins"), 1);
  EXPECT_EQ(Find(*report, {{"use", "search"}}), nullptr);
}

// --- all ----------------------------------------------------------------------------------------

TEST(Studies, DefinitionsStandWithTheNumbers) {
  EXPECT_EQ(Studies().size(), 6U);
  EXPECT_EQ(FindStudy("nonesuch"), nullptr);
  for (const Study& study : Studies()) {
    EXPECT_EQ(FindStudy(study.name), &study);
    EXPECT_EQ(study.run == nullptr, study.name == "apertus-2025");
  }
  StudyReport report;
  report.name = "x";
  report.definition = {{"population", "all \"of\" them"}};
  report.inputs = {{"index", "idx", ""}};
  report.values = {{{{"date", "2024"}}, {{"sites", std::uint64_t{3}}, {"share", 0.25}}, true}};
  EXPECT_EQ(StudyLines(report),
            R"({"schema":"crawlcard.study.v1","study":"x","version":1,"kind":"definition",)"
            R"("definition":{"population":"all \"of\" them"},)"
            R"("inputs":[{"kind":"index","name":"idx","digest":null}]})"
            "\n"
            R"({"schema":"crawlcard.study.v1","study":"x","version":1,"kind":"value",)"
            R"("of":{"date":"2024"},"numbers":{"sites":3,"share":0.250000}})"
            "\n");
  EXPECT_NE(StudyText(report).find("25.0000 %"), std::string::npos);
}

}  // namespace
}  // namespace crawlcard::dataset
