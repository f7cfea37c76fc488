// Statements that stand in a payload, as lines of facts.
#include <string>
#include <vector>

#include "../page/media_builders.h"
#include "base/json_writer.h"
#include "index/ingest/observe.h"
#include "index/limits.h"
#include "index_fixture.h"

namespace crawlcard::index {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

constexpr std::string_view kDay = "2026-10-02T11:22:33Z";

std::string FactsOf(std::string_view type, std::string_view body,
                    std::string_view status = "200 OK") {
  WarcBuilder warc;
  warc.Response("https://example.org/file", kDay, status, {{"Content-Type", std::string(type)}},
                body);
  std::string line;
  ObserveHandlers handlers;
  handlers.on_capture = [&](const CaptureView& capture) -> Status {
    JsonWriter json(line);
    WriteFacts(capture, json);
    return {};
  };
  MemorySource source(warc.bytes());
  EXPECT_TRUE(ObserveFile(source, "t.warc.gz", {}, handlers));
  return line;
}

std::size_t Count(std::string_view text, std::string_view part) {
  std::size_t count = 0;
  for (std::size_t at = text.find(part); at != std::string_view::npos; at = text.find(part, at + 1))
    ++count;
  return count;
}

TEST(Payload, PictureSaysWhatItsMetadataSay) {
  const std::string line = FactsOf(
      "image/jpeg", page::media::build::Jpeg(
                        page::media::build::XmpSegment(page::media::build::Xmp("DMI-PROHIBITED"))));
  EXPECT_THAT(line, HasSubstr(R"("family":"iptc-plus","carrier":"xmp","location":"xmp at byte )"));
  EXPECT_THAT(line, HasSubstr(R"("says":"deny")"));
}

TEST(Payload, LicenceInAFileSpeaksForTheFile) {
  const std::string xmp =
      R"(<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">)"
      R"(<rdf:Description rdf:about="" xmlns:cc="http://creativecommons.org/ns#">)"
      R"(<cc:license rdf:resource="https://creativecommons.org/licenses/by/4.0/"/>)"
      R"(</rdf:Description></rdf:RDF></x:xmpmeta>)";
  const std::string line =
      FactsOf("image/jpeg", page::media::build::Jpeg(page::media::build::XmpSegment(xmp)));
  EXPECT_THAT(line, HasSubstr(R"("licences":[{"spdx":"CC-BY-4.0")"));
  EXPECT_THAT(line, HasSubstr(R"("location":"xmp","scope":"response","region":"file")"));
}

TEST(Payload, PacketsOfEveryFormAreRead) {
  const std::string opf =
      R"(<package version="3.0" xmlns="http://www.idpf.org/2007/opf" prefix="tdm: http://www.w3.org/ns/tdmrep#">)"
      R"(<metadata><meta property="tdm:reservation">1</meta></metadata></package>)";
  EXPECT_THAT(FactsOf("application/epub+zip", page::media::build::Epub(opf, true)),
              HasSubstr(R"("family":"tdmrep","carrier":"epub")"));
  const std::string box = page::media::build::Store(
      page::media::build::Manifest("c2ma", page::media::build::JsonAssertion("notAllowed")));
  EXPECT_THAT(
      FactsOf("image/jpeg", page::media::build::Jpeg(page::media::build::JumbfSegments(box, 100))),
      HasSubstr(R"("family":"c2pa","carrier":"c2pa")"));
}

TEST(Payload, PagesAreNotSearchedForPackets) {
  const std::string line = FactsOf("text/html", "<p>" + page::media::build::Xmp("DMI-PROHIBITED"));
  EXPECT_THAT(line, Not(HasSubstr("iptc-plus")));
}

TEST(Payload, FragmentRulesAreEvidenceWithTheirElement) {
  const std::string line =
      FactsOf("text/html", "<html><body>\n<div data-nosnippet>a</div>\n<span>b</span>");
  EXPECT_THAT(line, HasSubstr(R"("family":"robots-meta","carrier":"html-body","location":"line 2",)"
                              R"("agent":"*","scope":"div","key":"data-nosnippet")"));
  EXPECT_THAT(line, HasSubstr(R"("use":"snippet","says":"limited")"));
}

TEST(Payload, FragmentRulesAreLimited) {
  std::string page = "<html><body>";
  for (std::size_t i = 0; i < limits::kFragmentSignalsMax; ++i) page += "<b data-nosnippet></b>";
  EXPECT_THAT(FactsOf("text/html", page), Not(HasSubstr("index.fragments_dropped")));
  page += "<b data-nosnippet></b>";
  const std::string line = FactsOf("text/html", page);
  EXPECT_THAT(line, HasSubstr("index.fragments_dropped"));
  EXPECT_EQ(Count(line, R"("key":"data-nosnippet")"), limits::kFragmentSignalsMax);
}

constexpr std::string_view kLicence =
    "<!-- a file --><rsl xmlns=\"https://rslstandard.org/rsl\"><content url=\"/news/\"><license>"
    "<prohibits type=\"usage\">ai-train</prohibits></license></content></rsl>";

TEST(Payload, LicenceDocumentIsListedByContent) {
  const std::string line = FactsOf("text/plain", kLicence);
  EXPECT_THAT(line, HasSubstr(R"("document":{"kind":"rsl","body":"sha256:)"));
  EXPECT_THAT(line,
              HasSubstr(R"("family":"rsl","carrier":"rsl","location":"content 1","agent":"*",)"
                        R"("scope":"/news/","key":"train")"));
}

TEST(Payload, PageAboutLicencesIsNoLicence) {
  const std::string line = FactsOf(
      "text/html", "<html><body><pre>xmlns=\"https://rslstandard.org/rsl\"</pre></body></html>");
  EXPECT_THAT(line, HasSubstr(R"("document":null)"));
}

TEST(Payload, RefusedLicenceIsNoDocument) {
  EXPECT_THAT(FactsOf("text/xml", kLicence, "403 Forbidden"), HasSubstr(R"("document":null)"));
}

TEST(Payload, PageLinksAndInlineLicences) {
  const std::string line =
      FactsOf("text/html",
              "<html><head>\n<link rel=\"license\" type=\"application/rsl+xml\" "
              "href=\"/l.xml\"></head><body>x");
  EXPECT_THAT(line, HasSubstr(R"("family":"rsl","carrier":"html-link","location":"line 2")"));
  EXPECT_THAT(line, HasSubstr(R"("key":"license","value":"https://example.org/l.xml")"));
}

TEST(Payload, RightsOfThePageAreFacts) {
  const std::string line = FactsOf(
      "text/html",
      "<html><head><link rel=license href=https://creativecommons.org/licenses/by/4.0/>"
      "<script type=application/ld+json>{\"@context\":\"https://schema.org\",\"@type\":\"Article\","
      "\"isAccessibleForFree\":false,\"license\":"
      "\"https://creativecommons.org/licenses/by-nc/4.0/\"}</script></head><body>x");
  EXPECT_THAT(line, HasSubstr(R"("rights":{"page_licence":"CC-BY-4.0","careful":"CC-BY-NC-4.0")"));
  EXPECT_THAT(line, HasSubstr(R"("disagreement":true)"));
  EXPECT_THAT(line, HasSubstr(R"("access":"paid")"));
}

}  // namespace
}  // namespace crawlcard::index
