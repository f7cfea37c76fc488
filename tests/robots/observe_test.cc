// Headers, metas and well-known files as Signals; limits of each.

#include "robots/observe.h"

#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "robots/agents.h"
#include "robots/aipref.h"
#include "robots/axes.h"
#include "robots/internal/url.h"
#include "robots/limits.h"
#include "robots/robots_txt.h"
#include "robots/tdmrep.h"
#include "robots/well_known.h"

namespace crawlcard::robots {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

class Observe : public testing::Test {
 protected:
  void Headers(const std::vector<NamedValue>& fields) {
    ObserveHeaders(fields, "https://p.example/a/b", arena, signals);
  }
  void Metas(const std::vector<NamedValue>& metas) {
    ObserveMetas(metas, "https://p.example/a/b", arena, signals);
  }
  void File(WellKnown file, std::string_view body) {
    ObserveWellKnown(file, body, "https://p.example/f", arena, signals, flags);
  }

  Arena arena;
  SignalList signals;
  std::pmr::vector<std::string_view> flags;
};

TEST_F(Observe, HeadersKeepTheirLineAndWords) {
  Headers({{"x-robots-tag", "noai", 3},
           {"Server", "x", 4},
           {"TDM-Reservation", "1", 5},
           {"tdm-policy", "/p.json", 6}});
  ASSERT_THAT(signals, SizeIs(3));  // noai speaks about two uses
  EXPECT_EQ(signals[0].location, "header line 3");
  EXPECT_EQ(signals[0].raw, "x-robots-tag: noai");
  EXPECT_EQ(signals[0].confidence, SignalConfidence::kMedium);
  EXPECT_EQ(signals[2].family, Family::kTdmrep);
  EXPECT_EQ(signals[2].condition, "https://p.example/p.json");
  EXPECT_THAT(signals[2].flags, ElementsAre("tdmrep.relative_policy"));
}

TEST_F(Observe, OnlyRslLinksAreSignals) {
  Headers({{"Link",
            "</x>; rel=next, <https://p.example/l.xml>; rel=\"nofollow license\"; "
            "type=\"application/rsl+xml\", <https://cc.example/>; rel=license",
            2}});
  ASSERT_THAT(signals, SizeIs(1));
  EXPECT_EQ(signals[0].value, "https://p.example/l.xml");
}

TEST_F(Observe, OtherNamesArePassedOver) {
  EXPECT_FALSE(IsSignalHeader("X-Powered-By"));
  EXPECT_TRUE(IsSignalHeader("X-ROBOTS-TAG"));
  Headers({{"Content-Type", "text/html", 2}});
  Metas({{"viewport", "width=1", 2}, {"description", "noai", 3}});
  EXPECT_THAT(signals, IsEmpty());
}

TEST_F(Observe, MetasOutsideHeadAreDoubted) {
  NamedValue meta{"robots", "noindex", 9};
  meta.in_head = false;
  Metas({meta});
  ASSERT_THAT(signals, SizeIs(1));
  EXPECT_EQ(signals[0].confidence, SignalConfidence::kLow);
  EXPECT_EQ(signals[0].location, "meta line 9");
  EXPECT_THAT(signals[0].flags, ElementsAre("meta.in_body"));
}

TEST_F(Observe, MetasOfCrawlersNameTheirAgent) {
  Metas({{"gptbot", "noindex", 1}, {"ai-policy", "no", 2}});
  ASSERT_THAT(signals, SizeIs(2));
  EXPECT_EQ(signals[0].agent, "gptbot");
  EXPECT_EQ(signals[1].family, Family::kOther);
  EXPECT_EQ(signals[1].says, Says::kNothing);
}

TEST_F(Observe, FieldLinesOfAKindAreBounded) {
  std::vector<NamedValue> fields(limits::kHeaderLinesMax + 1,
                                 NamedValue{"X-Robots-Tag", "noindex", 2});
  fields.pop_back();
  Headers(fields);
  EXPECT_THAT(signals, SizeIs(limits::kHeaderLinesMax));
  signals.clear();
  fields.push_back({"X-Robots-Tag", "noai", 101});
  Headers(fields);
  ASSERT_THAT(signals, SizeIs(limits::kHeaderLinesMax + 1));
  EXPECT_EQ(signals.back().key, "x-robots-tag");
  EXPECT_EQ(signals.back().use, Axis::kNone);
  EXPECT_EQ(signals.back().location, "header line 101");
  EXPECT_THAT(signals.back().flags, ElementsAre("header.truncated"));

  signals.clear();
  std::vector<NamedValue> metas(limits::kHeaderLinesMax, NamedValue{"tdm-reservation", "1", 2});
  Metas(metas);
  EXPECT_THAT(signals, SizeIs(1));
  signals.clear();
  metas.push_back({"tdm-reservation", "0", 3});
  Metas(metas);
  ASSERT_THAT(signals, SizeIs(2));
  EXPECT_THAT(signals.back().flags, ElementsAre("meta.truncated"));
}

TEST_F(Observe, SignalsOfAPageAreBoundedAndThoseWithAUseStay) {
  std::string value;
  for (std::size_t i = 0; i < limits::kObservedSignalsMax; ++i) value += "x,";
  Headers({{"X-Robots-Tag", value, 2}});
  EXPECT_THAT(signals, SizeIs(limits::kObservedSignalsMax));
  signals.clear();
  Headers({{"X-Robots-Tag", value, 2}, {"Robots-Tag", "noindex", 3}});
  ASSERT_THAT(signals, SizeIs(limits::kObservedSignalsMax + 1));
  EXPECT_EQ(signals.front().key, "noindex");
  EXPECT_THAT(signals.back().flags, ElementsAre("header.truncated"));

  signals.clear();
  Metas({{"robots", value, 2}});
  EXPECT_THAT(signals, SizeIs(limits::kObservedSignalsMax));
  signals.clear();
  Metas({{"robots", value, 2}, {"robots", "noai", 3}});
  ASSERT_THAT(signals, SizeIs(limits::kObservedSignalsMax + 1));
  EXPECT_EQ(signals.front().key, "noai");
  EXPECT_THAT(signals.back().flags, ElementsAre("meta.truncated"));
}

TEST_F(Observe, APairWithoutKeyIsNamedByItsLine) {
  const auto robots = RobotsTxt::Parse("User-agent: *\nContent-Signal: =no, ai-input=no\n");
  ASSERT_THAT(robots.signals(), SizeIs(2));
  EXPECT_EQ(robots.signals()[0].key, "content-signal");
  EXPECT_THAT(robots.signals()[0].flags, ElementsAre("contentsignal.bad_value"));
  Headers({{"Content-Signal", "=no", 2}, {"Content-Usage", "((", 3}});
  ASSERT_THAT(signals, SizeIs(2));
  EXPECT_EQ(signals[0].key, "content-usage");
  EXPECT_EQ(signals[1].key, "content-signal");
}

TEST_F(Observe, PairsOfOneLineAreBounded) {
  std::string pairs = "a=b";
  for (std::size_t i = 1; i < limits::kContentSignalPairsMax; ++i) pairs += ",a=b";
  Headers({{"Content-Signal", pairs, 2}});
  EXPECT_THAT(signals, SizeIs(limits::kContentSignalPairsMax));
  signals.clear();
  Headers({{"Content-Signal", pairs + ",ai-train=no", 2}});
  EXPECT_THAT(signals.back().flags, Contains("contentsignal.truncated"));

  std::string members = "a=b";
  for (std::size_t i = 1; i < limits::kDictionaryMembersMax; ++i) members += ",a=b";
  EXPECT_THAT(ParseDictionary(members).members, SizeIs(limits::kDictionaryMembersMax));
  EXPECT_FALSE(ParseDictionary(members + ",a=b").valid);
}

TEST_F(Observe, LongFieldLinesAreCut) {
  std::string value(limits::kHeaderLineBytesMax - 5, ' ');
  value += ",noai";
  Headers({{"X-Robots-Tag", value, 2}});
  EXPECT_THAT(signals, SizeIs(2));
  signals.clear();
  value.insert(0, ",");
  value += ", noindex";
  Headers({{"X-Robots-Tag", value, 2}});
  for (const Signal& signal : signals) EXPECT_NE(signal.key, "noindex");
  EXPECT_THAT(signals.back().flags, ElementsAre("header.truncated"));
}

TEST_F(Observe, WellKnownFilesAreFoundByTheirPath) {
  EXPECT_TRUE(WellKnownFromPath("/robots.txt?x").found);
  EXPECT_FALSE(WellKnownFromPath("/Robots.txt").found);
  EXPECT_EQ(WellKnownFromPath("/.well-known/tdmrep.json").file, WellKnown::kTdmrep);
  EXPECT_EQ(WellKnownName(WellKnown::kTdmrep), "tdmrep.json");
}

TEST_F(Observe, ShellsThatAnswerEverythingGiveNothing) {
  for (const WellKnown file : {WellKnown::kAiTxt, WellKnown::kTrustTxt, WellKnown::kLlmsTxt,
                               WellKnown::kWellKnownAiJson}) {
    File(file, "\xEF\xBB\xBF <!doctype html><p>Disallow: /");
  }
  EXPECT_THAT(signals, IsEmpty());
  EXPECT_THAT(flags, Contains("aitxt.html_body"));
}

TEST_F(Observe, TextsOfRobotsTxtAreBounded) {
  std::string file;
  for (int i = 0; i < 2000; ++i) file += "User-agent: agent" + std::to_string(i) + "\n";
  file += "Disallow: /" + std::string(limits::kSignalTextBytesMax, 'a') + "\n";
  File(WellKnown::kRobotsTxt, file);
  ASSERT_THAT(signals, SizeIs(1));
  EXPECT_LE(signals[0].agent.size(), limits::kSignalTextBytesMax);
  EXPECT_EQ(signals[0].value.size(), limits::kSignalTextBytesMax);
}

TEST_F(Observe, LinesOfAWellKnownFileAreBounded) {
  std::string body = "User-Agent: *\n";
  for (std::size_t i = 0; i < limits::kWellKnownLinesMax; ++i) body += "Disallow: *.a\n";
  EXPECT_THAT(ParseSpawning(body, arena), SizeIs(limits::kWellKnownLinesMax - 1));
  const std::string late = std::string(limits::kWellKnownBytesMax, ' ') + "\nDisallow: /";
  EXPECT_THAT(ParseSpawning("User-Agent: *" + late, arena), IsEmpty());
}

TEST(Tdmrep, FileLimits) {
  Arena arena;
  std::string body = "[";
  for (std::size_t i = 0; i < limits::kTdmrepRulesMax; ++i) {
    body += R"({"location":"/","tdm-reservation":1},)";
  }
  body.back() = ']';
  EXPECT_THAT(TdmrepFile::Parse(body, "", arena).rules(), SizeIs(limits::kTdmrepRulesMax));
  EXPECT_THAT(TdmrepFile::Parse(body, "", arena).flags(), IsEmpty());
  body.back() = ',';
  body += R"({"location":"/","tdm-reservation":1}])";
  EXPECT_THAT(TdmrepFile::Parse(body, "", arena).rules(), SizeIs(limits::kTdmrepRulesMax));
  EXPECT_THAT(TdmrepFile::Parse(body, "", arena).flags(), ElementsAre("tdmrep.truncated"));

  std::string padded = R"([{"location":"/","tdm-reservation":1}])";
  padded.resize(limits::kTdmrepBytesMax, ' ');
  EXPECT_TRUE(TdmrepFile::Parse(padded, "", arena).readable());
  padded.push_back(' ');
  EXPECT_FALSE(TdmrepFile::Parse(padded, "", arena).readable());

  const auto nested = [&](std::size_t depth) {
    const std::string text =
        R"([{"location":"/","x":)" + std::string(depth, '[') + std::string(depth, ']') + "}]";
    return TdmrepFile::Parse(text, "", arena).readable();
  };
  EXPECT_TRUE(nested(limits::kTdmrepDepthMax - 3));
  EXPECT_FALSE(nested(limits::kTdmrepDepthMax));
}

TEST(Tdmrep, BrokenFilesGiveFlags) {
  Arena arena;
  for (const std::string_view body : {"", "nonsense", "[", "[1,2", "\x00\xFF"}) {
    EXPECT_THAT(TdmrepFile::Parse(body, "", arena).flags(), Contains("tdmrep.not_json")) << body;
  }
  EXPECT_THAT(TdmrepFile::Parse("[1]", "", arena).flags(), ElementsAre("tdmrep.missing_location"));
  EXPECT_EQ(TdmrepFile::Parse("[]", "", arena).Match("/").rule, nullptr);
}

TEST(Tdmrep, LocationMayBeAFullUrl) {
  Arena arena;
  const auto file =
      TdmrepFile::Parse(R"([{"location":"https://p.example/a","tdm-reservation":1}])", "", arena);
  ASSERT_NE(file.Match("/a/b").rule, nullptr);
  EXPECT_EQ(file.Match("/b").rule, nullptr);
}

// RFC 9651, 4.2.2.
TEST(Rfc9651, S4_2_2_Dictionaries) {
  EXPECT_TRUE(
      ParseDictionary("a=1, b;x, c=(1 \"s\");y=?1, *k=:aGk=:, d=@1, e=-1.5, f=to/k:en").valid);
  for (const std::string_view bad : {"a=1,", "A=1", "a =1", "a=", "a=(1", "a=\"x", "a=1.", "a=?2",
                                     "a=1 b=2", "\xC3\xA9=1", "a=:x", "=1", "a=(1,2)"}) {
    EXPECT_FALSE(ParseDictionary(bad).valid) << bad;
  }
}

TEST(Axes, RefusalsAreWidenedAndPermissionsAreNot) {
  AxisMap map;
  map.Add(Axis::kTdm, Says::kDeny);
  map.Add(Axis::kTrainAny, Says::kAllow);
  map.Widen();
  EXPECT_EQ(map.At(Axis::kTrain), Says::kDeny);
  EXPECT_EQ(map.At(Axis::kTrainAny), Says::kAllow);
  EXPECT_EQ(map.At(Axis::kSearch), Says::kNothing);
}

TEST(Agents, RegistryIsCompiledIn) {
  EXPECT_EQ(AgentRegistry().size(), 187U);
  ASSERT_NE(FindAgent("gptbot"), nullptr);
  EXPECT_EQ(FindAgent("gptbot")->operator_name, "OpenAI");
  EXPECT_EQ(AxisOfPurpose(FindAgent("CCBot")->purpose), Axis::kCrawl);
  EXPECT_TRUE(FindAgent("anthropic-ai")->retired);
  EXPECT_EQ(FindAgent("nobody"), nullptr);
}

// RFC 3986, 5.4: the usual references.
TEST(Rfc3986, S5_4_References) {
  using internal::Resolve;
  EXPECT_EQ(Resolve("https://a/b/c/d?q", "g"), "https://a/b/c/g");
  EXPECT_EQ(Resolve("https://a/b/c/d?q", "../g?x#y"), "https://a/b/g?x#y");
  EXPECT_EQ(Resolve("https://a/b/c/d?q", "/g/./h"), "https://a/g/h");
  EXPECT_EQ(Resolve("https://a/b/c/d?q", "//h/x"), "https://h/x");
  EXPECT_EQ(Resolve("https://a", "g"), "https://a/g");
  EXPECT_EQ(Resolve("https://a/b", "mailto:x"), "mailto:x");
  EXPECT_EQ(internal::Origin("HTTPS://u@A.Example:443/x"), "https://a.example");
  EXPECT_EQ(internal::PathAndQuery("https://a.example?q#f"), "/?q");
}

}  // namespace
}  // namespace crawlcard::robots
