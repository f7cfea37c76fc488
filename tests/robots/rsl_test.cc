#include "robots/rsl.h"

#include <string>
#include <string_view>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/arena.h"
#include "robots/limits.h"
#include "robots/rsl_places.h"

namespace crawlcard::robots {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

std::string Rsl(const std::string& contents) {
  return "<rsl xmlns=\"https://rslstandard.org/rsl\">" + contents + "</rsl>";
}
std::string Content(const std::string& url, const std::string& licences) {
  return "<content url=\"" + url + "\">" + licences + "</content>";
}
std::string Licence(const std::string& inner) {
  return "<license>" + inner + "</license>";
}
std::string Permits(const std::string& tokens) {
  return "<permits type=\"usage\">" + tokens + "</permits>";
}
std::string Prohibits(const std::string& tokens) {
  return "<prohibits type=\"usage\">" + tokens + "</prohibits>";
}

class RslTest : public ::testing::Test {
 protected:
  RslDocument Parse(std::string_view text) { return ParseRsl(text, arena_); }
  RslAnswer Ask(const std::string& text, std::string_view url = "https://p.example/x") {
    return EvaluateRsl(Parse(text), url);
  }
  Arena arena_;
};

TEST_F(RslTest, NamespacesAreComparedByUri) {
  const std::string prefixed =
      "<a:rsl xmlns:a=\"https://rslstandard.org/rsl\"><a:content url=\"/\"><a:license>"
      "<a:permits type=\"usage\">search</a:permits></a:license></a:content></a:rsl>";
  EXPECT_EQ(Ask(prefixed).axes.At(Axis::kSearch), Says::kAllow);
  std::string other = prefixed;
  other.replace(other.find("https"), 5, "http:");
  EXPECT_THAT(Parse(other).flags, ElementsAre("rsl.not_rsl"));
  EXPECT_THAT(Parse("<rsl><content url='/'/></rsl>").flags, ElementsAre("rsl.not_rsl"));
}

TEST_F(RslTest, ForeignElementsAreIgnored) {
  const std::string text =
      Rsl(Content("/", Licence(Permits("search") + "<x:fee xmlns:x=\"urn:x\">9</x:fee>")));
  EXPECT_TRUE(Parse(text).valid);
}

// signals.md 7.3 rule 4: a list of permitted uses is complete.
TEST_F(RslTest, PermittedUsesAreAClosedList) {
  const RslAnswer answer = Ask(Rsl(Content("/", Licence(Permits("ai-train")))));
  EXPECT_EQ(answer.axes.At(Axis::kTrain), Says::kAllow);
  EXPECT_EQ(answer.axes.At(Axis::kTrainAny), Says::kAllow);
  EXPECT_EQ(answer.axes.At(Axis::kSearch), Says::kDeny);
  EXPECT_EQ(answer.axes.At(Axis::kAiIndex), Says::kDeny);
  EXPECT_EQ(answer.axes.At(Axis::kCrawl), Says::kNothing) << "the list cannot name it";
}

// Two licences are two offers: what one does not name, the other may permit.
TEST_F(RslTest, LicencesOfOneContentComplementEachOther) {
  const RslAnswer answer =
      Ask(Rsl(Content("/", Licence(Permits("search")) +
                               Licence(Permits("ai-train") + "<payment type=\"training\"/>"))));
  EXPECT_EQ(answer.axes.At(Axis::kSearch), Says::kAllow);
  EXPECT_EQ(answer.axes.At(Axis::kTrain), Says::kConditional);
  EXPECT_EQ(answer.axes.At(Axis::kAiInput), Says::kDeny);
  EXPECT_THAT(answer.flags, IsEmpty());
}

TEST_F(RslTest, NarrowerContentWinsWhereItSpeaks) {
  const std::string text = Rsl(Content("/", Licence(Prohibits("ai-train"))) +
                               Content("/free/", Licence(Permits("all"))));
  EXPECT_EQ(Ask(text, "https://p.example/free/1").axes.At(Axis::kTrain), Says::kAllow);
  EXPECT_EQ(Ask(text, "https://p.example/other").axes.At(Axis::kTrain), Says::kDeny);
}

TEST_F(RslTest, FullUrlsSpeakForTheirOriginAlone) {
  const std::string text = Rsl(Content("https://p.example/a/*", Licence(Prohibits("all"))));
  EXPECT_TRUE(Ask(text, "https://p.example/a/b").matched);
  EXPECT_TRUE(Ask(text, "https://P.EXAMPLE:443/a/b").matched);
  EXPECT_FALSE(Ask(text, "https://q.example/a/b").matched);
  EXPECT_FALSE(Ask(text, "http://p.example/a/b").matched);
  EXPECT_FALSE(Ask(text, "https://p.example/").matched);
}

TEST_F(RslTest, PaymentMakesAPermissionConditional) {
  const std::string payment =
      "<payment type=\"crawl\"><amount currency=\"USD\">0.015</amount>"
      "<custom>https://p.example/buy</custom></payment>";
  const RslAnswer answer = Ask(Rsl(Content("/", Licence(Permits("ai-train") + payment))));
  EXPECT_EQ(answer.axes.At(Axis::kTrain), Says::kConditional);
  EXPECT_EQ(answer.conditions.payment, "crawl");
  EXPECT_EQ(answer.conditions.amount, "0.015");
  EXPECT_EQ(answer.conditions.currency, "USD");
  EXPECT_EQ(answer.conditions.custom, "https://p.example/buy");
}

TEST_F(RslTest, FreeIsNoConditionUnlessItNamesTerms) {
  const auto train = [&](const std::string& payment) {
    return Ask(Rsl(Content("/", Licence(Permits("ai-train") + payment)))).axes.At(Axis::kTrain);
  };
  EXPECT_EQ(train("<payment type=\"free\"/>"), Says::kAllow);
  EXPECT_EQ(train("<payment/>"), Says::kAllow);
  EXPECT_EQ(train("<payment><standard>https://creativecommons.org/licenses/by/4.0/</standard>"
                  "</payment>"),
            Says::kConditional);
  EXPECT_EQ(train("<payment><standard>https://creativecommons.org/publicdomain/zero/1.0/</standard>"
                  "</payment>"),
            Says::kAllow);
}

TEST_F(RslTest, ReportingAndLegalTermsAreConditions) {
  const RslAnswer answer = Ask(Rsl(
      Content("/", Licence(Permits("search") + "<reporting type=\"telemetry\" profile=\"p\"/>"))));
  EXPECT_EQ(answer.axes.At(Axis::kSearch), Says::kConditional);
  EXPECT_TRUE(answer.conditions.reporting);
}

TEST_F(RslTest, PaymentWithoutUsesIsAConditionOnEverything) {
  const RslAnswer answer = Ask(Rsl(Content("/", Licence("<payment type=\"subscription\"/>"))));
  EXPECT_EQ(answer.axes.At(Axis::kTrain), Says::kConditional);
  EXPECT_EQ(answer.axes.At(Axis::kAll), Says::kConditional);
  EXPECT_EQ(Ask(Rsl(Content("/", Licence("")))).axes.At(Axis::kTrain), Says::kNothing);
}

TEST_F(RslTest, HabitsOfTheDraftAreNamed) {
  EXPECT_EQ(Parse(Rsl(Content("/", Licence(Permits("search,ai-train"))))).version, RslVersion::k09);
  EXPECT_EQ(Parse(Rsl(Content("/", Licence("<payment type=\"inference\"/>")))).version,
            RslVersion::k09);
  EXPECT_EQ(
      Parse(Rsl(Content("/", Licence("<payment><amount currency=\"XBT\">1</amount></payment>"))))
          .version,
      RslVersion::k09);
  EXPECT_EQ(Parse(Rsl(Content("/", Licence(Permits("search"))))).version, RslVersion::k10);
}

// A broken document licenses nothing; a careful reader still heeds what it refuses.
TEST_F(RslTest, BrokenDocumentsCountForTheCareful) {
  const RslAnswer answer =
      Ask(Rsl(Content("/", Licence(Prohibits("ai-train") + "<permit>all</permit>"))));
  EXPECT_FALSE(answer.valid);
  EXPECT_EQ(answer.axes.At(Axis::kTrain), Says::kNothing);
  EXPECT_EQ(answer.careful.At(Axis::kTrain), Says::kDeny);
  SignalList signals;
  AppendRslSignals(answer, {}, arena_, signals);
  ASSERT_FALSE(signals.empty());
  EXPECT_EQ(signals[0].use, Axis::kNone);
  for (const Signal& signal : signals) EXPECT_EQ(signal.says, Says::kNothing);
  EXPECT_EQ(signals.back().careful, Says::kDeny);
}

TEST_F(RslTest, SignalsNameTheirConditions) {
  SignalList signals;
  AppendRslSignals(
      Ask(Rsl("<content url=\"/\" server=\"https://s.example\">" +
              Licence(Permits("ai-train") + "<permits type=\"user\">education</permits>") +
              "</content>")),
      {}, arena_, signals);
  bool found = false;
  for (const Signal& signal : signals) {
    if (signal.use != Axis::kTrain) continue;
    found = true;
    EXPECT_EQ(signal.family, Family::kRsl);
    EXPECT_EQ(signal.condition, "token-server=https://s.example; user=education");
  }
  EXPECT_TRUE(found);
}

TEST_F(RslTest, CutAndHostileDocumentsAreUnlicensed) {
  const std::string whole = Rsl(Content("/", Licence(Permits("all"))));
  for (std::size_t size = 0; size + 1 < whole.size(); ++size) {
    EXPECT_FALSE(Parse(whole.substr(0, size)).valid) << size;
  }
  EXPECT_FALSE(Parse("<!DOCTYPE rsl [<!ENTITY a \"aaaa\">]>" + whole).valid);
  EXPECT_FALSE(Parse("<!DOCTYPE rsl>" + whole).valid);
  EXPECT_FALSE(Parse(std::string(1 << 16, '\0')).valid);
}

TEST_F(RslTest, EntitiesAreNotReplaced) {
  const RslDocument document = Parse(Rsl(Content("/&x;&amp;", Licence(Permits("all")))));
  ASSERT_THAT(document.contents, SizeIs(1));
  EXPECT_EQ(document.contents[0].url, "/&x;&");
}

TEST_F(RslTest, BytesAndDepthAreLimited) {
  const std::string text = Rsl(Content("/", Licence(Permits("all"))));
  const std::string comment =
      "<!--" + std::string(limits::kXmlBytesMax - text.size() - 7, 'c') + "-->";
  EXPECT_TRUE(Parse(comment + text).valid);
  EXPECT_THAT(Parse("<!--c" + comment.substr(4) + text).flags, ElementsAre("rsl.truncated"));
  const auto nested = [&](std::size_t depth) {
    std::string inner;
    for (std::size_t i = 3; i < depth; ++i) inner = "<x:a xmlns:x='u'>" + inner + "</x:a>";
    return Rsl(Content("/", Licence("") + "<x:a xmlns:x='u'>" + inner + "</x:a>"));
  };
  EXPECT_TRUE(Parse(nested(limits::kXmlDepthMax)).valid);
  EXPECT_FALSE(Parse(nested(limits::kXmlDepthMax + 1)).valid);
}

TEST_F(RslTest, ElementsAttributesAndNamespacesAreLimited) {
  const auto with = [](const std::string& extra) {
    return Rsl(Content("/", Licence(Permits("all"))) + extra);
  };
  std::string elements;
  for (std::size_t i = 4; i < limits::kXmlElementsMax; ++i) elements += "<b xmlns=''/>";
  EXPECT_TRUE(Parse(with(elements)).valid);
  EXPECT_THAT(Parse(with(elements + "<b xmlns=''/>")).flags, ElementsAre("rsl.truncated"));

  // Besides xmlns, url and type; each name is short, so that the bytes stay below their limit.
  std::string attributes = "<b xmlns=''";
  for (std::size_t i = 4; i < limits::kXmlAttributesMax; ++i) attributes += " c='d'";
  EXPECT_TRUE(Parse(with(attributes + "/>")).valid);
  EXPECT_THAT(Parse(with(attributes + " c='d'/>")).flags, ElementsAre("rsl.truncated"));

  std::string names = "<b xmlns=''";
  for (std::size_t i = 2; i < limits::kXmlNamespacesMax; ++i) {
    names += " xmlns:n" + std::to_string(i) + "='u'";
  }
  EXPECT_TRUE(Parse(with(names + "/>")).valid);
  EXPECT_THAT(Parse(with(names + " xmlns:z='u'/>")).flags, ElementsAre("rsl.truncated"));
}

TEST_F(RslTest, ContentsLicencesAndTokensAreLimited) {
  const auto repeat = [](const std::string& text, std::size_t times) {
    std::string out;
    for (std::size_t i = 0; i < times; ++i) out += text;
    return out;
  };
  const std::string content = Content("/", Licence(""));
  EXPECT_TRUE(Parse(Rsl(repeat(content, limits::kRslContentsMax))).valid);
  EXPECT_THAT(Parse(Rsl(repeat(content, limits::kRslContentsMax + 1))).flags,
              Contains("rsl.truncated"));
  EXPECT_TRUE(Parse(Rsl(Content("/", repeat(Licence(""), limits::kRslLicencesMax)))).valid);
  EXPECT_FALSE(Parse(Rsl(Content("/", repeat(Licence(""), limits::kRslLicencesMax + 1)))).valid);
  const auto tokens = [&](std::size_t times) {
    return Parse(Rsl(Content("/", Licence(Permits(repeat("search ", times)))))).valid;
  };
  EXPECT_TRUE(tokens(limits::kRslTokensMax));
  EXPECT_FALSE(tokens(limits::kRslTokensMax + 1));
}

TEST_F(RslTest, FreshnessFollowsMaxAge) {
  EXPECT_EQ(Parse("<rsl xmlns=\"https://rslstandard.org/rsl\" max-age=\"7\"/>").max_age_days, 7u);
  EXPECT_TRUE(RslIsFresh({}, 30));
  EXPECT_FALSE(RslIsFresh({}, 31));
  EXPECT_TRUE(RslIsFresh(7, 7));
  EXPECT_FALSE(RslIsFresh(7, 8));
  EXPECT_FALSE(RslIsFresh(0, 0));
}

TEST_F(RslTest, PlacesAreLimitedAndRelativeOnesKeptApart) {
  std::vector<NamedValue> fields;
  const std::string one = "<https://p.example/l>; rel=license; type=\"application/rsl+xml\"";
  for (std::size_t i = 0; i <= limits::kHeaderLinesMax; ++i) fields.push_back({"Link", one});
  EXPECT_THAT(RslPlacesInHeaders(fields, "https://p.example/", arena_).candidates,
              SizeIs(limits::kHeaderLinesMax));
  const std::vector<HtmlRslElement> links(
      limits::kRslPlacesMax + 1, {false, "license", "application/rsl+xml", "/l", "", "head", 1});
  const RslPlaces resolved = RslPlacesInHtml(links, "https://p.example/", arena_);
  EXPECT_THAT(resolved.candidates, SizeIs(limits::kRslPlacesMax));
  EXPECT_THAT(resolved.flags, Contains("rsl.truncated"));
  EXPECT_EQ(resolved.candidates[0].url, "https://p.example/l");
  EXPECT_THAT(RslPlacesInHtml(links, "", arena_).candidates, IsEmpty());
}

TEST_F(RslTest, ChallengesNeedTheLicenseSchemeOrALink) {
  const auto kind = [&](std::uint16_t status, std::string_view field) {
    const std::vector<NamedValue> fields{{"WWW-Authenticate", field}};
    return ReadRslChallenge(status, fields, "https://p.example/", arena_).kind;
  };
  EXPECT_EQ(kind(401, "License error=\"x\""), RslChallengeKind::kLicenceRequired);
  EXPECT_EQ(kind(403, "Basic realm=\"a, License\", license"), RslChallengeKind::kLicenceRequired);
  EXPECT_EQ(kind(401, "Basic realm=\"License, x\""), RslChallengeKind::kNone);
  EXPECT_EQ(kind(401, "Basic license=1"), RslChallengeKind::kNone);
  EXPECT_EQ(kind(402, "Basic"), RslChallengeKind::kPaymentRequired);
  EXPECT_EQ(kind(200, "License"), RslChallengeKind::kNone);
}

TEST_F(RslTest, FeedsSpeakForTheirOwnOrigin) {
  const std::string feed =
      "<!DOCTYPE rss><rss xmlns:r=\"https://rslstandard.org/rsl\"><channel><r:content url=\"/no\"/>"
      "<item><link>https://p.example/2</link><r:content url=\"\"><r:license/></r:content></item>"
      "<item><r:content "
      "url=\"https://q.example/1\"><r:license/></r:content></item></channel></rss>";
  const RslFeed found = RslItemsInFeed(feed, "https://p.example/feed", arena_);
  ASSERT_THAT(found.items, SizeIs(1));
  EXPECT_EQ(found.items[0].url, "https://p.example/2");
  EXPECT_THAT(found.flags, Contains("rsl.foreign_origin"));
}

}  // namespace
}  // namespace crawlcard::robots
