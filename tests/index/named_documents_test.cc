// Licences and policies that are kept at one URL and named at another.
#include <string>

#include "check_fixture.h"
#include "index/limits.h"
#include "index/schema.h"
#include "robots/observe.h"

namespace crawlcard::index {
namespace {

using robots::Decision;
using ::testing::HasSubstr;

constexpr std::string_view kDay = "2026-10-01T00:00:00Z";
constexpr std::string_view kPage = "http://example.org/a";

std::string Rsl(std::string_view path, std::string_view licence) {
  return "<?xml version=\"1.0\"?>\n<rsl xmlns=\"https://rslstandard.org/rsl\"><content url=\"" +
         std::string(path) + "\"><license>" + std::string(licence) + "</license></content></rsl>";
}
constexpr std::string_view kNoTraining = "<prohibits type=\"usage\">ai-train</prohibits>";
constexpr std::string_view kTraining = "<permits type=\"usage\">ai-train</permits>";
constexpr std::string_view kPaidTraining =
    "<permits type=\"usage\">ai-train</permits><payment type=\"training\"/>";

class NamedDocumentsTest : public CheckTest {
 protected:
  void Names(std::string_view line) {
    warc_.Robots("http://example.org", kDay,
                 "User-agent: *\nAllow: /\n\n" + std::string(line) + "\n");
  }
  std::uint64_t Document(std::string_view url, std::string_view body, std::string_view date = kDay,
                         std::string_view status = "200 OK",
                         std::string_view type = "application/rsl+xml") {
    return warc_.Response(url, date, status, {{"Content-Type", std::string(type)}}, body);
  }
  UrlVerdict Ask(std::string_view url = kPage, const JudgeOptions& options = Options()) {
    store_ = IndexOf(warc_);
    return Check(*store_, url, options);
  }

  WarcBuilder warc_;
  std::unique_ptr<Store> store_;
};

TEST_F(NamedDocumentsTest, LicenceOfTheSiteRefuses) {
  Names("License: https://licences.example/site.xml");
  const std::uint64_t offset =
      Document("https://licences.example/site.xml", Rsl("/", kNoTraining), kDay, "200 OK",
               "text/xml");  // wrong types are common
  warc_.Html(kPage, kDay, "x");
  const UrlVerdict verdict = Ask();
  EXPECT_EQ(verdict.verdict.decision, Decision::kDeny);
  ASSERT_FALSE(verdict.verdict.reasons.empty());
  const robots::Reason& reason = verdict.verdict.reasons[0];
  EXPECT_EQ(reason.family, robots::Family::kRsl);
  EXPECT_EQ(reason.evidence.offset, offset);
  EXPECT_THAT(reason.evidence.digest, ::testing::StartsWith("sha256:"));
  EXPECT_EQ(reason.location, "robots.txt line 4");
  EXPECT_EQ(StateOf(verdict, "rsl"), "ok");
}

TEST_F(NamedDocumentsTest, LicenceOfAnotherPathSaysNothing) {
  Names("License: https://licences.example/site.xml");
  Document("https://licences.example/site.xml", Rsl("/news/", kNoTraining));
  warc_.Html(kPage, kDay, "x");
  EXPECT_EQ(Ask().verdict.decision, Decision::kUnspecified);
}

TEST_F(NamedDocumentsTest, DocumentOutsideTheArchiveIsCoverage) {
  Names("License: https://licences.example/site.xml");
  warc_.Html(kPage, kDay, "x");
  const UrlVerdict verdict = Ask();
  EXPECT_EQ(verdict.verdict.decision, Decision::kUnspecified);
  EXPECT_EQ(StateOf(verdict, "rsl"), "not-asked");
  EXPECT_THAT(verdict.verdict.flags, ::testing::Contains("rsl.not_fetched"));
}

TEST_F(NamedDocumentsTest, LaterDocumentDoesNotCount) {
  Names("License: https://licences.example/site.xml");
  Document("https://licences.example/site.xml", Rsl("/", kNoTraining), "2026-10-02T00:00:00Z");
  warc_.Html(kPage, kDay, "x");
  EXPECT_EQ(Ask().verdict.decision, Decision::kUnspecified);
  EXPECT_EQ(Check(*store_, kPage, Options("2026-10-03T00:00:00Z")).verdict.decision,
            Decision::kDeny);
}

TEST_F(NamedDocumentsTest, BrokenLicenceClearsNothing) {
  Names("License: https://licences.example/site.xml");
  Document("https://licences.example/site.xml",
           "<rsl xmlns=\"https://rslstandard.org/rsl\"><content url=\"/\"/></rsl>");
  warc_.Html(kPage, kDay, "x");
  const UrlVerdict verdict = Ask();
  EXPECT_EQ(verdict.verdict.decision, Decision::kIndeterminate);
  EXPECT_EQ(StateOf(verdict, "rsl"), "broken");
  JudgeOptions robots_only = Options();
  robots_only.policy = *robots::BuiltInPolicy("robots-only");
  EXPECT_TRUE(Check(*store_, kPage, robots_only).verdict.usable);
}

TEST_F(NamedDocumentsTest, MissingAnswerIsUnavailable) {
  Names("License: https://licences.example/site.xml");
  Document("https://licences.example/site.xml", "gone", kDay, "404 Not Found", "text/plain");
  warc_.Html(kPage, kDay, "x");
  const UrlVerdict verdict = Ask();
  EXPECT_EQ(verdict.verdict.decision, Decision::kUnspecified);
  EXPECT_EQ(StateOf(verdict, "rsl"), "unavailable");
}

TEST_F(NamedDocumentsTest, OneRedirectIsFollowed) {
  Names("License: https://licences.example/old.xml");
  warc_.Response("https://licences.example/old.xml", kDay, "301 Moved Permanently",
                 {{"Location", "/new.xml"}}, "");
  Document("https://licences.example/new.xml", Rsl("/", kNoTraining));
  warc_.Html(kPage, kDay, "x");
  EXPECT_EQ(Ask().verdict.decision, Decision::kDeny);
}

TEST_F(NamedDocumentsTest, NarrowerPlaceGoesFirst) {
  Names("License: https://licences.example/site.xml");
  Document("https://licences.example/site.xml", Rsl("/", kNoTraining));
  Document("https://licences.example/page.xml", Rsl("http://example.org/", kPaidTraining));
  warc_.Html(kPage, kDay,
             "<head><link rel=license type=application/rsl+xml "
             "href=https://licences.example/page.xml></head><body>x");
  const UrlVerdict verdict = Ask();
  EXPECT_EQ(verdict.verdict.decision, Decision::kConditional);
  EXPECT_EQ(verdict.verdict.conditions.payment, "training");
}

TEST_F(NamedDocumentsTest, LinkFieldNamesTheResponse) {
  Names("");
  Document("https://licences.example/page.xml", Rsl("http://example.org/", kNoTraining));
  warc_.Html(kPage, kDay, "x",
             {{"Link",
               "<https://licences.example/page.xml>; rel=\"license\"; "
               "type=\"application/rsl+xml\""}});
  EXPECT_EQ(Ask().verdict.decision, Decision::kDeny);
}

TEST_F(NamedDocumentsTest, StaleLicenceGrantsNothingButStillRefuses) {
  Names("License: https://licences.example/site.xml");
  const std::string body =
      "<rsl xmlns=\"https://rslstandard.org/rsl\" max-age=\"1\"><content url=\"/\"><license>"
      "<permits type=\"usage\">ai-train</permits></license></content></rsl>";
  Document("https://licences.example/site.xml", body, "2026-09-01T00:00:00Z");
  warc_.Html(kPage, kDay, "x");
  const UrlVerdict verdict = Ask();
  EXPECT_EQ(verdict.verdict.decision, Decision::kUnspecified);
  EXPECT_THAT(verdict.verdict.flags, ::testing::Contains("rsl.stale"));
  // The list of permitted uses is complete: search is refused, stale or not.
  JudgeOptions search = Options();
  search.use = robots::Axis::kSearch;
  EXPECT_EQ(Check(*store_, kPage, search).verdict.decision, Decision::kDeny);
}

TEST_F(NamedDocumentsTest, FreshLicenceGrants) {
  Names("License: https://licences.example/site.xml");
  Document("https://licences.example/site.xml", Rsl("/", kTraining));
  warc_.Html(kPage, kDay, "x");
  EXPECT_EQ(Ask().verdict.decision, Decision::kAllow);
}

TEST_F(NamedDocumentsTest, LicenceWrittenIntoThePage) {
  Names("");
  warc_.Html(
      kPage, kDay,
      "<head><script type=application/rsl+xml>" + Rsl("", kNoTraining) + "</script></head><body>x");
  EXPECT_EQ(Ask().verdict.decision, Decision::kDeny);
}

TEST_F(NamedDocumentsTest, LicenceOfAnElementIsForCarefulReaders) {
  Names("");
  warc_.Html(kPage, kDay,
             "<head></head><body><div><script type=application/rsl+xml>" + Rsl("", kNoTraining) +
                 "</script></div>");
  const UrlVerdict verdict = Ask();
  EXPECT_EQ(verdict.verdict.decision, Decision::kUnspecified);
  EXPECT_EQ(verdict.verdict.careful, Decision::kDeny);
}

// --- TDM policies -------------------------------------------------------------------------------

std::string Odrl(std::string_view permission) {
  return R"({"@context":["http://www.w3.org/ns/odrl.jsonld","http://www.w3.org/ns/tdmrep.jsonld"],)"
         R"("@type":"Offer","profile":"http://www.w3.org/ns/tdmrep","uid":"u:1",)"
         R"("assigner":{"uid":"u","vcard:hasEmail":"mailto:r@example.org"},"permission":[)" +
         std::string(permission) + "]}";
}

class PolicyDocumentTest : public NamedDocumentsTest {
 protected:
  void Reserve() {
    warc_.Html(kPage, kDay, "x", {{"TDM-Reservation", "1"}, {"TDM-Policy", "/policy.json"}});
  }
};

TEST_F(PolicyDocumentTest, MachineReadableOfferMakesItConditional) {
  Names("");
  Reserve();
  Document("http://example.org/policy.json",
           Odrl(R"({"action":"tdm:mine","duty":[{"action":"obtainConsent"}]})"), kDay, "200 OK",
           "application/ld+json");
  const UrlVerdict verdict = Ask();
  EXPECT_EQ(verdict.verdict.decision, Decision::kConditional);
  EXPECT_EQ(verdict.verdict.careful, Decision::kDeny);
  EXPECT_FALSE(verdict.verdict.usable);
  EXPECT_THAT(verdict.verdict.condition, HasSubstr("duty=obtainConsent"));
  EXPECT_THAT(verdict.verdict.condition, HasSubstr("contact=mailto:r@example.org"));
  EXPECT_EQ(StateOf(verdict, "tdm-policy"), "ok");
}

TEST_F(PolicyDocumentTest, WithoutADocumentTheReservationStands) {
  Names("");
  Reserve();
  const UrlVerdict verdict = Ask();
  EXPECT_EQ(verdict.verdict.decision, Decision::kDeny);
  EXPECT_EQ(StateOf(verdict, "tdm-policy"), "not-asked");
}

TEST_F(PolicyDocumentTest, PolicyForPeopleLiftsNothing) {
  Names("");
  Reserve();
  Document("http://example.org/policy.json", "<p>Ask us.</p>", kDay, "200 OK", "text/html");
  EXPECT_EQ(Ask().verdict.decision, Decision::kDeny);
}

// --- the row ------------------------------------------------------------------------------------

TEST_F(NamedDocumentsTest, BodyLeavesWithTheLastFileThatHoldsIt) {
  const std::string body = Rsl("/", kNoTraining);
  WarcBuilder other;
  other.Response("https://licences.example/site.xml", "2026-10-05T00:00:00Z", "200 OK", {}, body);
  Document("https://licences.example/site.xml", body);
  const auto store = Open(Path("idx"));
  IngestAll(*store, {Put("a.warc.gz", warc_.bytes()), Put("b.warc.gz", other.bytes())});
  const auto holds_body = [&] { return DumpOf(*store).find("\"blobs\"") != std::string::npos; };
  EXPECT_TRUE(holds_body());
  EXPECT_TRUE(store->RemoveFile("a.warc.gz"));
  EXPECT_TRUE(holds_body());
  EXPECT_TRUE(store->RemoveFile("b.warc.gz"));
  EXPECT_FALSE(holds_body());
}

TEST_F(NamedDocumentsTest, ReadersForgetDocumentsBeyondTheLimit) {
  std::string lines;
  for (std::size_t i = 0; i <= limits::kNamedDocumentsMax; ++i) {
    lines += "License: https://licences.example/" + std::to_string(i) + ".xml\n";
  }
  Names(lines);
  Document("https://licences.example/0.xml", Rsl("/", kNoTraining));
  Document("https://licences.example/" + std::to_string(limits::kNamedDocumentsMax) + ".xml",
           Rsl("/", kNoTraining));
  warc_.Html(kPage, kDay, "x");
  const UrlVerdict verdict = Ask();
  EXPECT_EQ(verdict.verdict.decision, Decision::kDeny);
  std::size_t refusals = 0;
  for (const robots::Reason& reason : verdict.verdict.reasons) {
    if (reason.says == robots::Says::kDeny && reason.use == robots::Axis::kTrain) ++refusals;
  }
  EXPECT_EQ(refusals, 1U);  // the place beyond the limit was not looked at
}

TEST_F(NamedDocumentsTest, OldVersionsBeyondTheLimitAreForgotten) {
  Names("License: https://licences.example/site.xml");
  Document("https://licences.example/site.xml", Rsl("/", kNoTraining), "2026-09-01T00:00:00Z");
  for (std::size_t i = 0; i < limits::kNamedDocumentVersionsMax; ++i) {
    Document("https://licences.example/site.xml", "gone", "2027-01-01T00:00:00Z", "404 Not Found",
             "text/plain");
  }
  warc_.Html(kPage, kDay, "x");
  EXPECT_EQ(Ask().verdict.decision, Decision::kUnspecified);
}

}  // namespace
}  // namespace crawlcard::index
