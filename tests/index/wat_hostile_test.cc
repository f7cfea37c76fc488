// WAT files that are broken, deep, too large, or of other types than the format has.
#include "index/ingest/wat.h"
#include "index/limits.h"
#include "page/limits.h"
#include "wat_builder.h"

namespace crawlcard::index {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

TEST(WatHostile, BrokenJsonIsDamageAndTheNextRecordIsRead) {
  const Envelope envelope;
  const std::string good = envelope.Json();
  std::vector<std::string> broken{
      good.substr(0, good.size() - 1),
      good + "}",
      good.substr(0, good.size() / 2),
      std::string(R"({"Container":{},"Envelope":)") + std::string(100'000, '['),
      R"({"Container":{},"Envelope":{"WARC-Header-Metadata":{"WARC-Target-URI":"x"}}})",
      R"({"Envelope":"text"})",
      R"(["Envelope"])",
      R"("Envelope")",
      "{\"Envelope\":{\"\xff\":1}}",
      "{\"Envelope\":{\"a\":\"\n\"}}",
      R"({"Envelope")",
  };
  WarcBuilder wat;
  for (const std::string& json : broken) {
    wat.Record("metadata", kPageUrl, kDate, JsonFields(), json);
  }
  const std::uint64_t last = wat.Record("metadata", kPageUrl, kDate, JsonFields(), good);
  const Observed observed = Observe(wat.bytes());
  EXPECT_EQ(observed.captures.size(), 1U);
  EXPECT_EQ(observed.damage.size(), broken.size());
  EXPECT_EQ(observed.counts.damaged, broken.size());
  EXPECT_EQ(observed.counts.errors.at("corrupt"), broken.size());
  EXPECT_THAT(observed.damage.front(), HasSubstr("t.warc.wat.gz: offset 0: "));
  EXPECT_THAT(observed.captures.front().line, HasSubstr(fmt::format("\"offset\":{}", last)));
}

TEST(WatHostile, EveryPrefixOfARecordIsDamageOrNoWat) {
  const std::string good = Envelope().Json();
  WatReader reader;
  for (std::size_t i = 0; i < good.size(); ++i) {
    const std::string cut = good.substr(0, i);
    EXPECT_FALSE(reader.Read(cut, false)) << cut;
  }
  EXPECT_TRUE(reader.Read(good, false));
}

TEST(WatHostile, DeepJsonInAMemberThatIsNotReadIsPassedOver) {
  Envelope envelope;
  envelope.head = "\"Scripts\":" + std::string(200'000, '[') + std::string(200'000, ']');
  EXPECT_EQ(One(envelope).via, "wat");
}

TEST(WatHostile, WrongTypesAreSaidAndTheRestIsRead) {
  const std::vector<std::string> wrong = {
      "null", "17", "-1.5e3", "true", R"("text")", "[]", "[[1],{}]", R"({"a":{}})", R"("\ud800")"};
  for (const std::string& value : wrong) {
    Envelope envelope;
    envelope.fields = R"("A":)" + value + R"(,"TDM-Reservation":"1")";
    envelope.head = R"("Base":)" + value + R"(,"Metas":[)" + value + R"(,{"name":)" + value +
                    R"(,"content":)" + value + R"(},{"name":"robots","content":"noai"}],"Link":)" +
                    value;
    envelope.links = R"([{"url":)" + value + R"(,"rel":"license"},)" + value + "]";
    envelope.status = value;
    const Seen seen = One(envelope);
    EXPECT_THAT(seen.notes, Contains("wat.bad_member")) << value;
    EXPECT_THAT(seen.unobserved, Contains("html-meta")) << value;
    EXPECT_THAT(seen.line, HasSubstr(R"("key":"noai")")) << value;
    EXPECT_THAT(seen.line, HasSubstr(R"("family":"tdmrep")")) << value;
  }
}

TEST(WatHostile, ListsAreCutAtTheirLimitsAndThatIsSaid) {
  Envelope envelope;
  std::string fields = R"("Content-Type":"text/html","Set-Cookie":["a")";
  for (std::size_t i = 0; i < page::limits::kHttpFieldsMax; ++i) fields += R"(,"b")";
  envelope.fields = fields + "]";
  std::string metas = R"("Metas":[{"name":"a","content":"b"})";
  for (std::size_t i = 0; i < page::limits::kMetasMax; ++i) metas += R"(,{"name":"a"})";
  envelope.head = metas + "]";
  std::string links = R"([{"path":"A@/href","url":"/licence"})";
  for (std::size_t i = 0; i < limits::kWatLinksMax; ++i) {
    links += R"(,{"path":"A@/href","url":"/licence"})";
  }
  envelope.links = links + "]";
  const Seen seen = One(envelope);
  EXPECT_THAT(seen.notes,
              ElementsAre("html.metas_dropped", "http.too_many_fields", "wat.links_dropped"));
  for (const std::string_view word : {"http-header", "html-meta", "html-link"}) {
    EXPECT_THAT(seen.unobserved, Contains(std::string(word)));
  }
}

TEST(WatHostile, RecordOverItsLimitIsDamage) {
  Envelope envelope;
  envelope.head = R"("Title":")" + std::string(limits::kWatJsonBytesMax, 'x') + "\"";
  const Observed observed = Observe(WatOf(envelope.Json()));
  EXPECT_THAT(observed.captures, IsEmpty());
  EXPECT_EQ(observed.counts.errors.at("too-large"), 1U) << observed.damage.front();
  envelope.head = R"("Title":")";
  envelope.head += std::string(limits::kWatJsonBytesMax - envelope.Json().size() - 1, 'x') + "\"";
  ASSERT_EQ(envelope.Json().size(), limits::kWatJsonBytesMax);
  EXPECT_EQ(One(envelope).via, "wat");
}

TEST(WatHostile, FirstMemberIsLookedForAtTheStart) {
  const std::string json = Envelope().Json();
  const std::string_view key = "{\"Container\"";
  const std::string blank(limits::kWatStartBytesMax - key.size(), ' ');
  EXPECT_TRUE(WatReader::MayBeWat(blank + json));
  EXPECT_FALSE(WatReader::MayBeWat(' ' + blank + json));
}

TEST(WatHostile, PlainFilesAreReadAsCompressedOnes) {
  Envelope envelope;
  envelope.links = R"([{"path":"A@/href","url":"https://creativecommons.org/licenses/by/4.0/"}])";
  const Seen gzip = One(Observe(WatOf(envelope.Json(), kDate, true)));
  const Seen plain = One(Observe(WatOf(envelope.Json(), kDate, false)));
  EXPECT_EQ(gzip.licences, plain.licences);
  EXPECT_EQ(gzip.licences.size(), 1U);
}

}  // namespace
}  // namespace crawlcard::index
