#include "card/host_tally.h"

#include <algorithm>

#include <gtest/gtest.h>

#include "base/digest.h"
#include "tests/card/sample.h"

namespace crawlcard::card {
namespace {

using robots::FetchState;
using robots::WellKnown;
using sample::Events;
using sample::HostFile;

std::size_t AgentIndex(std::string_view token) {
  const auto registry = robots::AgentRegistry();
  for (std::size_t i = 0; i < registry.size(); ++i) {
    if (registry[i].token == token) return i + 1;
  }
  ADD_FAILURE() << token << " is not in the registry";
  return 0;
}

Access AccessFor(std::string_view body, std::string_view token) {
  return RobotsReader().Read(body).access[AgentIndex(token)];
}

TEST(RobotsReading, NoRuleAllowsEverybody) {
  const RobotsReading reading = RobotsReader().Read("");
  EXPECT_EQ(reading.access.size(), robots::AgentRegistry().size() + 1);
  EXPECT_TRUE(std::all_of(reading.access.begin(), reading.access.end(),
                          [](Access one) { return one == Access::kAllowed; }));
}

TEST(RobotsReading, UnnamedAgentsFallUnderTheStar) {
  const std::string_view body = "User-agent: *\nDisallow: /\n\nUser-agent: GPTBot\nDisallow:\n";
  EXPECT_EQ(RobotsReader().Read(body).access[0], Access::kRefused);
  EXPECT_EQ(AccessFor(body, "CCBot"), Access::kRefused);
  EXPECT_EQ(AccessFor(body, "GPTBot"), Access::kAllowed);
  EXPECT_TRUE(RobotsReader().Read(body).named[AgentIndex("GPTBot")]);
  EXPECT_FALSE(RobotsReader().Read(body).named[AgentIndex("CCBot")]);
}

TEST(RobotsReading, EverythingSomethingNothing) {
  EXPECT_EQ(AccessFor("User-agent: gptbot\nDisallow: /*\n", "GPTBot"), Access::kRefused);
  EXPECT_EQ(AccessFor("User-agent: GPTBot\nDisallow: / # all\n", "GPTBot"), Access::kRefused);
  EXPECT_EQ(AccessFor("User-agent: GPTBot\nDisallow: /$\n", "GPTBot"), Access::kPartly);
  EXPECT_EQ(AccessFor("User-agent: GPTBot\nDisallow: /*.pdf$\n", "GPTBot"), Access::kPartly);
  EXPECT_EQ(AccessFor("User-agent: GPTBot\nDisallow: /a\n", "CCBot"), Access::kAllowed);
  EXPECT_EQ(AccessFor("User-agent: GPTBot\nDisallow:\n", "GPTBot"), Access::kAllowed);
}

// RFC 9309, 2.2.2: on a tie allow wins, so the root stays open.
TEST(RobotsReading, AllowOfTheRootBeatsDisallowOfTheRoot) {
  EXPECT_NE(AccessFor("User-agent: GPTBot\nDisallow: /\nAllow: /\n", "GPTBot"), Access::kRefused);
}

TEST(RobotsReading, OwnLinesAreTriedBeforeManyForeignOnes) {
  std::string body = "User-agent: CCBot\n";
  for (std::size_t i = 0; i < 2 * limits::kRobotsProbesMax; ++i) {
    body += "Disallow: /foreign" + std::to_string(i) + "\n";
  }
  body += "\nUser-agent: GPTBot\nDisallow: /own\n";
  EXPECT_EQ(AccessFor(body, "GPTBot"), Access::kPartly);
}

// Lines for everybody do not bind an agent that has a group: they are tried last of all.
TEST(RobotsReading, OwnLinesAreTriedBeforeThoseForEverybody) {
  std::string body = "User-agent: *\n";
  for (std::size_t i = 0; i < 2 * limits::kRobotsProbesMax; ++i) {
    body += "Disallow: /everybody" + std::to_string(i) + "\n";
  }
  body += "\nUser-agent: CCBot\nUser-agent: GPTBot\nDisallow: /own\n";
  EXPECT_EQ(AccessFor(body, "GPTBot"), Access::kPartly);
}

Tally Feed(const Events& events) {
  return sample::TallyOf(events);
}

// A body that was read before is not asked for, and its row counts the same without it.
TEST(HostTally, ABodyIsWantedOnce) {
  const std::string body = "User-agent: *\nDisallow: /\n";
  const Sha256Digest digest = Sha256(body);
  const std::string raw(reinterpret_cast<const char*>(digest.data()), digest.size());
  HostTally tally;
  for (const char* host : {"a.example", "b.example", "c.example"}) {
    const auto event = HostFile(host, WellKnown::kRobotsTxt, body);
    event->capture.body_sha256 = raw;
    index::ScannedHostRow row;
    row.capture = &event->capture;
    row.first_of_origin = true;
    EXPECT_TRUE(tally.WantsBody(row)) << "nothing is known of a body without a number";
    row.number = {5, 3};
    EXPECT_EQ(tally.WantsBody(row), host[0] == 'a') << host;
    if (tally.WantsBody(row)) row.body = event->body;
    tally.Add(row);
  }
  tally.Finish();
  EXPECT_EQ(tally.robots_read(), 3U);
  EXPECT_EQ(tally.agents()[0].refused(), 3U);
  EXPECT_EQ(tally.file(WellKnown::kRobotsTxt).bodies.Count(), 1U);
  EXPECT_EQ(tally.file(WellKnown::kRobotsTxt).unread, 0U);
}

TEST(HostTally, TheLatestObservationSpeaks) {
  Events events;
  events.push_back(HostFile("a.example", WellKnown::kRobotsTxt, "User-agent: *\nDisallow: /\n"));
  events.push_back(HostFile("a.example", WellKnown::kRobotsTxt, "User-agent: *\nDisallow:\n",
                            FetchState::kOk, false));
  events.back()->capture.date = sample::kMay2024 + 1;
  events.push_back(
      HostFile("a.example", WellKnown::kRobotsTxt, "", FetchState::kUnreachable, false));
  events.back()->capture.date = sample::kMay2024 - 1;
  events.push_back(
      HostFile("a.example", WellKnown::kRobotsTxt, "", FetchState::kUnreachable, false));
  events.back()->capture.date.reset();
  const Tally tally = Feed(events);
  const WellKnownCount& count = tally.hosts.file(WellKnown::kRobotsTxt);
  EXPECT_EQ(tally.hosts.origins(), 1U);
  EXPECT_EQ(count.observations, 4U);
  EXPECT_EQ(count.bodies.Count(), 2U);
  EXPECT_EQ(count.latest_state[static_cast<std::size_t>(FetchState::kOk)], 1U);
  EXPECT_EQ(tally.hosts.robots_read(), 1U);
  EXPECT_EQ(tally.hosts.agents()[0].refused(), 0U);
}

TEST(HostTally, UnreadFilesSayNothingToAgents) {
  Events events;
  events.push_back(HostFile("a.example", WellKnown::kRobotsTxt, ""));  // body not kept
  events.push_back(HostFile("b.example", WellKnown::kRobotsTxt, "", FetchState::kUnavailable));
  events.push_back(HostFile("c.example", WellKnown::kRobotsTxt, "", FetchState::kOkEmpty));
  const Tally tally = Feed(events);
  EXPECT_EQ(tally.hosts.file(WellKnown::kRobotsTxt).unread, 1U);
  EXPECT_EQ(tally.hosts.robots_read(), 1U);
  EXPECT_EQ(tally.hosts.agents()[0].allowed(), 1U);
}

TEST(HostTally, OperatorsByTheirStrictestAgent) {
  Events events;
  events.push_back(
      HostFile("a.example", WellKnown::kRobotsTxt, "User-agent: ChatGPT-User\nDisallow: /\n"));
  events.push_back(
      HostFile("b.example", WellKnown::kRobotsTxt, "User-agent: GPTBot\nDisallow: /\n"));
  const Tally tally = Feed(events);
  const HostTally::OperatorCount& count = tally.hosts.operators().at("OpenAI");
  EXPECT_TRUE(count.trains);
  EXPECT_EQ(count.any.refused(), 2U);
  EXPECT_EQ(count.training.refused(), 1U);
  EXPECT_EQ(tally.hosts.operators().at("Anthropic").any.refused(), 0U);
}

TEST(HostTally, StatementsCountOncePerOrigin) {
  Events events;
  for (const char* host : {"a.example", "b.example"}) {
    events.push_back(HostFile(host, WellKnown::kRobotsTxt,
                              "User-agent: *\nContent-Signal: ai-train=no\nDisallow: /a\n"
                              "Disallow: /b\n"));
  }
  events.push_back(HostFile("b.example", WellKnown::kTdmrep,
                            R"([{"location":"/","tdm-reservation":1}])", FetchState::kOk, false));
  const Tally tally = Feed(events);
  std::uint64_t disallow = 0;
  std::uint64_t signal = 0;
  std::uint64_t tdmrep = 0;
  for (const auto& [one, origins] : tally.hosts.statements()) {
    if (one.says != robots::Says::kDeny) continue;
    if (one.family == robots::Family::kRobots) disallow = std::max(disallow, origins);
    if (one.family == robots::Family::kContentSignal) signal = std::max(signal, origins);
    if (one.family == robots::Family::kTdmrep) tdmrep = std::max(tdmrep, origins);
  }
  EXPECT_EQ(disallow, 2U);
  EXPECT_EQ(signal, 2U);
  EXPECT_EQ(tdmrep, 1U);
  EXPECT_EQ(tally.hosts.origins(), 2U);
}

// More forms than are remembered, which are more than readings are.
TEST(HostTally, AFullCacheOfReadingsChangesNothing) {
  static_assert(limits::kRobotsFormsMax >= limits::kRobotsCacheEntriesMax);
  constexpr std::size_t kFiles = limits::kRobotsFormsMax + 2;
  HostTally tally;
  for (std::size_t i = 0; i < kFiles; ++i) {
    const std::string host = std::to_string(i) + ".example";
    const auto event =
        HostFile(host, WellKnown::kRobotsTxt, "# " + host + "\nUser-agent: GPTBot\nDisallow: /\n");
    index::ScannedHostRow row;
    row.capture = &event->capture;
    row.first_of_origin = true;
    row.body = event->body;
    row.number = {i + 1, i + 1};
    tally.Add(row);
  }
  tally.Finish();
  EXPECT_EQ(tally.agents()[AgentIndex("GPTBot")].refused(), kFiles);
}

// Rows as a scan hands them out: a body that is not wanted stays away.
TEST(HostTally, FormsThatTakeEachOthersPlaceAreReadAgain) {
  const std::string refuses = "User-agent: GPTBot\nDisallow: /\n";
  const std::string allows = "User-agent: GPTBot\nAllow: /\n";
  HostTally tally;
  std::size_t wanted = 0;
  for (std::size_t i = 0; i < 12; ++i) {
    // Twice the one and twice the other, so that some are met again before they are replaced.
    const bool first = i / 2 % 2 == 0;
    const auto event =
        HostFile(std::to_string(i) + ".example", WellKnown::kRobotsTxt, first ? refuses : allows);
    const std::string digest(32, first ? 'a' : 'b');
    event->capture.body_sha256 = digest;
    index::ScannedHostRow row;
    row.capture = &event->capture;
    row.first_of_origin = true;
    row.number = {first ? 1U : 2U, first ? 7U : 7U + limits::kRobotsFormsMax};
    if (tally.WantsBody(row)) {
      row.body = event->body;
      ++wanted;
    }
    tally.Add(row);
  }
  tally.Finish();
  EXPECT_EQ(wanted, 6U);
  EXPECT_EQ(tally.robots_read(), 12U);
  EXPECT_EQ(tally.agents()[AgentIndex("GPTBot")].refused(), 6U);
  EXPECT_EQ(tally.file(WellKnown::kRobotsTxt).bodies.Count(), 2U);
}

// Hosts that answer everything with one page serve it for files of all kinds.
TEST(HostTally, ABodyCountsForEachKindOfFile) {
  HostTally tally;
  for (const WellKnown file : {WellKnown::kRobotsTxt, WellKnown::kTdmrep, WellKnown::kAiTxt}) {
    const auto event = HostFile("a.example", file, "<p>Not here.</p>");
    const std::string digest(32, 'a');
    event->capture.body_sha256 = digest;
    index::ScannedHostRow row;
    row.capture = &event->capture;
    row.first_of_origin = file == WellKnown::kRobotsTxt;
    row.body = event->body;
    row.number = {1, 1};
    tally.Add(row);
  }
  tally.Finish();
  EXPECT_EQ(tally.file(WellKnown::kRobotsTxt).bodies.Count(), 1U);
  EXPECT_EQ(tally.file(WellKnown::kTdmrep).bodies.Count(), 1U);
  EXPECT_EQ(tally.file(WellKnown::kAiTxt).bodies.Count(), 1U);
}

TEST(HostTally, BodiesAreCountedOnceWhateverTheirNumber) {
  HostTally tally;
  for (int round = 0; round < 2; ++round) {
    for (const std::uint64_t number :
         {std::uint64_t{1}, std::uint64_t{limits::kNumberedBodiesMax} - 1,
          std::uint64_t{limits::kNumberedBodiesMax}, ~std::uint64_t{0}}) {
      const auto event = HostFile("a.example", WellKnown::kRobotsTxt, "# nothing\n");
      const std::string digest(32, static_cast<char>('a' + number % 23));
      event->capture.body_sha256 = digest;
      index::ScannedHostRow row;
      row.capture = &event->capture;
      row.body = event->body;
      row.number = {number, 1};
      tally.Add(row);
    }
  }
  tally.Finish();
  EXPECT_EQ(tally.file(WellKnown::kRobotsTxt).observations, 8U);
  EXPECT_EQ(tally.file(WellKnown::kRobotsTxt).bodies.Count(), 4U);
}

}  // namespace
}  // namespace crawlcard::card
