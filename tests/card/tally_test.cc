#include "card/tally.h"

#include <limits>
#include <random>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "card/render_json.h"
#include "tests/card/sample.h"

namespace crawlcard::card {
namespace {

using sample::Events;
using sample::Feed;
using sample::HostFile;
using sample::Page;

template <class... One>
Events List(One... one) {
  Events events;
  (events.push_back(std::move(one)), ...);
  return events;
}

TEST(Tally, CountsCapturesPagesAndDistinctUrls) {
  auto missing = Page("a.example", "example,a", "a.example", "/gone");
  missing->capture.status = 404;
  auto picture = Page("a.example", "example,a", "a.example", "/p.png", 50);
  picture->capture.is_html = false;
  picture->capture.content_type = "image/png";
  auto revisit = Page("a.example", "example,a", "a.example", "/x");
  revisit->capture.record_type = warc::RecordType::kRevisit;
  const Tally tally = sample::TallyOf(List(
      Page("a.example", "example,a", "a.example", "/"),
      Page("www.a.example", "example,a", "a.example", "/"), std::move(missing), std::move(picture),
      std::move(revisit), Page("b.a.example", "example,a,b", "a.example", "/")));
  EXPECT_EQ(tally.captures.captures, 6U);
  EXPECT_EQ(tally.pages.captures, 3U);
  EXPECT_EQ(tally.urls.count, 5U);
  EXPECT_EQ(tally.page_urls.count, 2U);
  EXPECT_EQ(tally.captures.hosts.count, 2U);
  EXPECT_EQ(tally.captures.domains.count, 1U);
  EXPECT_EQ(tally.captures.payload_bytes, 5050U);
  EXPECT_EQ(tally.record_bytes, 300U);
  EXPECT_EQ(tally.status_classes[4], 1U);
  EXPECT_EQ(tally.media_types.Find("image/png")->captures, 1U);
}

// More kinds than a fold remembers, each met again on the next host.
TEST(Tally, CapturesThatSayTheSameAreCountedTogether) {
  Tally together;
  Tally one_by_one;
  std::size_t asked = 0;
  for (const char* host : {"a", "b", "c"}) {
    for (std::size_t i = 0; i < 2 * (limits::kLotsMax + 3); ++i) {
      const std::size_t kind = i / 2;
      const auto event = Page(std::string(host) + ".example", std::string("example,") + host,
                              std::string(host) + ".example", fmt::format("/{:05}", i), 10 + i);
      event->capture.status = static_cast<std::uint16_t>(kind % 3 == 0 ? 200 : kind % 500);
      event->capture.date = sample::kMay2024 + static_cast<UnixSeconds>(i * 10'000);
      event->verdict.usable = kind % 2 == 0;
      const robots::VerdictCodes codes = robots::CodesOf(event->verdict);
      index::ScannedPage page;
      page.capture = &event->capture;
      const std::string key = sample::StoredKey(*event);
      page.url_key = key;
      page.codes = &codes;
      one_by_one.AddPage(page);
      page.alike = kind + 1;
      const bool wanted = together.WantsFacts(page.alike);
      asked += wanted ? 1 : 0;
      index::CaptureView numbers = event->capture;
      if (!wanted) numbers.languages = {};
      page.capture = &numbers;
      together.AddPage(page);
    }
  }
  EXPECT_GT(asked, limits::kLotsMax);
  EXPECT_LT(asked, 4 * limits::kLotsMax);
  // Parts are merged before anything is finished.
  Tally merged;
  merged.Merge(std::move(together));
  merged.Finish();
  one_by_one.Finish();
  EXPECT_EQ(merged.captures.captures, one_by_one.captures.captures);
  EXPECT_EQ(merged.captures.hosts.count, 3U);
  EXPECT_EQ(merged.pages.payload_bytes, one_by_one.pages.payload_bytes);
  EXPECT_EQ(merged.pages.text_bytes, one_by_one.pages.text_bytes);
  EXPECT_EQ(merged.record_bytes, one_by_one.record_bytes);
  EXPECT_EQ(merged.statuses, one_by_one.statuses);
  EXPECT_EQ(merged.first, one_by_one.first);
  EXPECT_EQ(merged.last, one_by_one.last);
  EXPECT_EQ(merged.page_urls.count, one_by_one.page_urls.count);
  EXPECT_EQ(merged.verdicts.captures_usable, one_by_one.verdicts.captures_usable);
  EXPECT_EQ(merged.verdicts.usable.hosts.count, 3U);
  EXPECT_EQ(merged.languages.Sorted().size(), one_by_one.languages.Sorted().size());
  ASSERT_EQ(merged.domains.rows().size(), 3U);
  for (std::size_t i = 0; i < 3; ++i) {
    EXPECT_EQ(merged.domains.rows()[i].domain, one_by_one.domains.rows()[i].domain);
    EXPECT_EQ(merged.domains.rows()[i].pages, one_by_one.domains.rows()[i].pages);
    EXPECT_EQ(merged.domains.rows()[i].last, one_by_one.domains.rows()[i].last);
  }
}

TEST(Tally, RecordsInASharedUnitHaveNoLengthOfTheirOwn) {
  auto page = Page("a.example", "example,a", "a.example", "/");
  page->capture.extent = {0, 1'000'000, 4096};
  const Tally tally = sample::TallyOf(List(std::move(page)));
  EXPECT_EQ(tally.record_bytes, 0U);
  EXPECT_EQ(tally.shared_unit_captures, 1U);
}

// The scan lends a revisit the text, type and languages of the capture it repeats.
TEST(Tally, ARevisitAddsNoTextAndNoMediaType) {
  auto page = Page("a.example", "example,a", "a.example", "/", 400);
  auto revisit = Page("a.example", "example,a", "a.example", "/", 400);
  revisit->capture.record_type = warc::RecordType::kRevisit;
  revisit->capture.payload_bytes = 0;
  const Tally tally = sample::TallyOf(List(std::move(page), std::move(revisit)));
  EXPECT_EQ(tally.captures.captures, 2U);
  EXPECT_EQ(tally.captures.text_bytes, 100U);
  EXPECT_EQ(tally.domains.rows()[0].text_bytes, 100U);
  EXPECT_EQ(tally.media_types.Find("text/html")->captures, 1U);
}

TEST(Tally, UrlsWithoutAKeyHaveNoHost) {
  Events events;
  for (const char* surt : {"", "-"}) {
    auto page = Page("a.example", "", "a.example", "/" + std::string(surt));
    page->surt = surt;
    page->Bind();
    events.push_back(std::move(page));
  }
  const Tally tally = sample::TallyOf(events);
  EXPECT_EQ(tally.urls.count, 2U);
  EXPECT_EQ(tally.captures.hosts.count, 0U);
  EXPECT_EQ(tally.captures.domains.count, 0U);
  EXPECT_TRUE(tally.domains.rows().empty());
}

TEST(Tally, DatesOutsideReasonAreUndated) {
  auto none = Page("a.example", "example,a", "a.example", "/1");
  none->capture.date.reset();
  auto huge = Page("a.example", "example,a", "a.example", "/2");
  huge->capture.date = std::numeric_limits<UnixSeconds>::max();
  auto small = Page("a.example", "example,a", "a.example", "/3");
  small->capture.date = std::numeric_limits<UnixSeconds>::min();
  auto early = Page("a.example", "example,a", "a.example", "/4");
  early->capture.date = 631'151'999;  // the second before 1990
  auto first = Page("a.example", "example,a", "a.example", "/5");
  first->capture.date = 631'152'000;
  auto last = Page("a.example", "example,a", "a.example", "/6");
  last->capture.date = 4'133'980'799;  // the last second of 2100
  auto late = Page("a.example", "example,a", "a.example", "/7");
  late->capture.date = 4'133'980'800;
  static_assert(limits::kYearMin == 1990 && limits::kYearMax == 2100);
  const Tally tally =
      sample::TallyOf(List(std::move(none), std::move(huge), std::move(small), std::move(early),
                           std::move(first), std::move(last), std::move(late)));
  EXPECT_EQ(tally.undated, 5U);
  EXPECT_EQ(tally.first, 631'152'000);
  EXPECT_EQ(tally.last, 4'133'980'799);
  EXPECT_EQ(tally.months.size(), 2U);
  EXPECT_EQ(tally.domains.rows()[0].last, 4'133'980'799);
}

TEST(Tally, AHostFileAmongThePagesIsNoPage) {
  auto robots = Page("a.example", "example,a", "a.example", "/robots.txt");
  robots->capture.well_known = robots::WellKnown::kRobotsTxt;
  const Tally tally = sample::TallyOf(List(std::move(robots)));
  EXPECT_EQ(tally.captures.captures, 0U);
}

TEST(Tally, StatementsOfOneKindCountOncePerPage) {
  auto page = Page("a.example", "example,a", "a.example", "/");
  robots::Signal signal;
  signal.family = robots::Family::kTdmrep;
  signal.carrier = robots::Carrier::kHtmlMeta;
  signal.use = robots::Axis::kTdm;
  signal.says = robots::Says::kDeny;
  page->signals = {signal, signal};
  signal.carrier = robots::Carrier::kHttpHeader;
  page->signals.push_back(signal);
  signal.says = robots::Says::kNothing;
  page->signals.push_back(signal);
  page->Bind();
  const Tally tally = sample::TallyOf(List(std::move(page)));
  EXPECT_EQ(tally.statements.size(), 2U);
  ASSERT_EQ(tally.families.size(), 1U);
  EXPECT_EQ(tally.families.begin()->second.captures, 1U);
  EXPECT_EQ(tally.pages_with_statement.captures, 1U);
}

TEST(Tally, LicencesCountByIdAndScope) {
  auto page = Page("a.example", "example,a", "a.example", "/");
  page::Licence licence;
  licence.spdx = "CC-BY-4.0";
  licence.scope = "page";
  licence.confidence = page::Confidence::kHigh;
  page->licences = {licence, licence};
  licence.scope = "media";
  page->licences.push_back(licence);
  page->Bind();
  auto other = Page("b.example", "example,b", "b.example", "/");
  licence.scope = "page";
  licence.confidence = page::Confidence::kLow;
  licence.spdx = "";
  licence.name = "custom";
  other->licences = {licence};
  other->Bind();
  const Tally tally = sample::TallyOf(List(std::move(page), std::move(other)));
  EXPECT_EQ(tally.licences.Find("page CC-BY-4.0")->captures, 1U);
  EXPECT_EQ(tally.licences.Find("other CC-BY-4.0")->captures, 1U);
  EXPECT_EQ(tally.licences.Find("other custom")->captures, 1U);
  EXPECT_EQ(tally.pages_with_licence.captures, 1U);
  EXPECT_EQ(tally.pages_with_any_licence.captures, 2U);
}

TEST(TopDomains, KeepsTheLargestAndBreaksTiesByName) {
  Events events;
  for (const auto& [name, bytes] : {std::pair<std::string, std::uint64_t>{"a", 10},
                                    {"b", 30},
                                    {"c", 20},
                                    {"d", 30},
                                    {"e", 5}}) {
    events.push_back(Page(name + ".example", "example," + name, name + ".example", "/", bytes));
  }
  const Tally tally = sample::TallyOf(events, {.domains_max = 3});
  ASSERT_EQ(tally.domains.rows().size(), 3U);
  EXPECT_EQ(tally.domains.rows()[0].domain, "b.example");
  EXPECT_EQ(tally.domains.rows()[1].domain, "d.example");
  EXPECT_EQ(tally.domains.rows()[2].domain, "c.example");
  EXPECT_EQ(sample::TallyOf(events, {.domains_max = 0}).domains.rows().size(), 5U);
  EXPECT_EQ(limits::kDomainRowsMax, sample::TallyOf(events).domains.rows_max());
}

// Everything a card says, for cuts anywhere: within a domain, a host, a URL or an origin.
TEST(Tally, AnySplitGivesTheSameCard) {
  const Events events = sample::Crowd(11, 60);
  const auto render = [](Tally tally) {
    return RenderJson(
        MakeCard(sample::SampleRun(), SummariseInputs(sample::Ledger()), std::move(tally)));
  };
  const TallyOptions options{.domains_max = 15};
  const std::string whole = render(sample::TallyOf(events, options));
  std::mt19937 engine(5);
  for (int round = 0; round < 60; ++round) {
    const std::size_t longest = 1 + engine() % (round % 3 == 0 ? 3 : 200);
    Tally merged(options);
    std::size_t at = 0;
    while (at < events.size()) {
      Tally part(options);
      const std::size_t end = std::min(events.size(), at + engine() % (longest + 1));
      for (; at < end; ++at) Feed(part, *events[at]);
      merged.Merge(std::move(part));
    }
    merged.Finish();
    ASSERT_EQ(render(std::move(merged)), whole) << "round " << round;
  }
}

TEST(Tally, MergingIsAssociative) {
  const Events events = sample::Crowd(12, 12);
  const auto part = [&](std::size_t from, std::size_t to) {
    Tally tally;
    for (std::size_t i = from; i < to; ++i) Feed(tally, *events[i]);
    return tally;
  };
  const auto render = [](Tally tally) {
    tally.Finish();
    return RenderJson(MakeCard(sample::SampleRun(), {}, std::move(tally)));
  };
  const std::string whole = render(part(0, events.size()));
  std::mt19937 engine(6);
  for (int round = 0; round < 100; ++round) {
    std::size_t a = engine() % events.size();
    std::size_t b = engine() % events.size();
    if (a > b) std::swap(a, b);
    Tally right = part(a, b);
    right.Merge(part(b, events.size()));
    Tally left = part(0, a);
    left.Merge(std::move(right));
    ASSERT_EQ(render(std::move(left)), whole) << a << " " << b;
  }
}

TEST(Tally, FoldsOfAScanMergeInOrder) {
  std::vector<std::unique_ptr<index::Fold>> folds;
  for (const char* name : {"a", "b"}) {
    auto fold = std::make_unique<TallyFold>(TallyOptions{});
    const auto page = Page(std::string(name) + ".example", std::string("example,") + name,
                           std::string(name) + ".example", "/");
    index::ScannedPage scanned;
    scanned.capture = &page->capture;
    const std::string key = sample::StoredKey(*page);
    scanned.url_key = key;
    const robots::VerdictCodes codes = robots::CodesOf(page->verdict);
    scanned.codes = &codes;
    EXPECT_TRUE(fold->OnPage(scanned).has_value());
    const auto robots = HostFile(std::string(name) + ".example", robots::WellKnown::kRobotsTxt, "");
    index::ScannedHostRow row;
    row.capture = &robots->capture;
    row.first_of_origin = true;
    EXPECT_TRUE(fold->OnHostRow(row).has_value());
    folds.push_back(std::move(fold));
  }
  const Tally tally = MergeFolds(std::move(folds), {});
  EXPECT_EQ(tally.pages.captures, 2U);
  EXPECT_EQ(tally.captures.domains.count, 2U);
  EXPECT_EQ(tally.hosts.origins(), 2U);
  EXPECT_EQ(tally.verdicts.usable.captures, 2U);
}

}  // namespace
}  // namespace crawlcard::card
