// tests/page/facts_test.cc - what the observer says about one response.
#include "page/facts.h"

#include <string>

#include <gtest/gtest.h>

#include "page/limits.h"

namespace crawlcard::page {
namespace {

class Facts : public ::testing::Test {
 protected:
  PageFacts Observe(std::string_view body, std::string_view content_type = "text/html",
                    std::string_view identified = "") {
    return observer_.Observe({.url = "https://h.example/a/b",
                              .head = nullptr,
                              .content_type = content_type,
                              .identified_type = identified,
                              .body = body,
                              .truncated = false},
                             arena_);
  }
  static bool Noted(const PageFacts& facts, std::string_view note) {
    for (const std::string_view have : facts.notes) {
      if (have == note) return true;
    }
    return false;
  }

  Arena arena_;
  Observer observer_{ObserveOptions{}};
};

std::string Repeat(std::string_view text, std::size_t times) {
  std::string out;
  out.reserve(text.size() * times);
  for (std::size_t i = 0; i < times; ++i) out += text;
  return out;
}

TEST_F(Facts, HeaderDecidesAboutHtmlThenTheArchiveThenTheBytes) {
  EXPECT_TRUE(Observe("x", "TEXT/HTML; charset=utf-8").is_html);
  EXPECT_TRUE(Observe("x", "application/xhtml+xml").is_html);
  EXPECT_FALSE(Observe("<html>", "text/plain").is_html);
  EXPECT_FALSE(Observe("%PDF-1.7", "text/html", "application/pdf").is_html);
  EXPECT_TRUE(Observe("x", "", "text/html").is_html);
  EXPECT_TRUE(Observe(" \n<!DOCTYPE HTML><p>x", "").is_html);
  EXPECT_EQ(Observe(" \n<!DOCTYPE HTML><p>x", "").content_type, "text/html");
  EXPECT_FALSE(Observe("hello", "").is_html);
  EXPECT_EQ(Observe("", "").content_type, "");
  EXPECT_EQ(Observe("{}", "application/json").charset, "utf-8");
  EXPECT_EQ(Observe("\x89PNG", "image/png").charset, "");
}

TEST_F(Facts, MetasComeInOrderWithPlaceAndLine) {
  const PageFacts facts = Observe(
      "<html>\n<head>\n<meta name=Robots content='no&#97;i'>\n<META property=og:x>\n"
      "<noscript><meta http-equiv=refresh content=0></noscript>\n</head><body>\n"
      "<meta itemprop=y content=\"a\r\nb\"><meta charset=utf-8><meta name=' ' content=z>");
  ASSERT_EQ(facts.metas.size(), 4U);
  EXPECT_EQ(facts.metas[0].name, "robots");
  EXPECT_EQ(facts.metas[0].attribute, "name");
  EXPECT_EQ(facts.metas[0].content, "noai");
  EXPECT_EQ(facts.metas[0].line, 3U);
  EXPECT_EQ(facts.metas[0].where, Where::kHead);
  EXPECT_EQ(facts.metas[1].name, "og:x");
  EXPECT_EQ(facts.metas[1].content, "");
  EXPECT_EQ(facts.metas[2].where, Where::kNoscript);
  EXPECT_EQ(facts.metas[3].where, Where::kBody);
  EXPECT_EQ(facts.metas[3].content, "a\nb");
  EXPECT_EQ(facts.metas[3].line, 7U);
}

TEST_F(Facts, NothingCountsFromCommentsScriptsTextOrTemplates) {
  const PageFacts facts = Observe(
      "<!-- <meta name=robots content=noai> --><script>'<meta name=robots content=noai>'</script>"
      "<style><meta name=robots></style><title><meta name=robots></title>"
      "<textarea><meta name=robots></textarea><template><meta name=robots>"
      "<a rel=license href=https://creativecommons.org/licenses/by/4.0/>x</a></template>"
      "&lt;meta name=robots&gt;<xmp><meta name=robots></xmp><iframe><meta name=robots></iframe>"
      "<svg><![CDATA[<meta name=robots>]]></svg><plaintext><meta name=robots>");
  EXPECT_TRUE(facts.metas.empty());
  EXPECT_TRUE(facts.licences.empty());
}

TEST_F(Facts, MetaAfterTextInHeadStandsInBody) {
  EXPECT_EQ(Observe("<head>x<meta name=a></head>").metas[0].where, Where::kBody);
  EXPECT_EQ(Observe("<head></head><meta name=a><body>").metas[0].where, Where::kHead);
  EXPECT_EQ(Observe("<meta name=a>").metas[0].where, Where::kHead);
  EXPECT_EQ(Observe("<p><meta name=a>").metas[0].where, Where::kBody);
  EXPECT_EQ(Observe("<head><noscript><img></noscript><meta name=a>").metas[0].where, Where::kBody);
}

TEST_F(Facts, VisibleTextIsCountedWithWhiteSpaceCollapsed) {
  // "A b c d e&" : 10 bytes, and the umlaut takes two.
  const PageFacts facts = Observe(
      "<title>no</title> A\n <b>b</b> c<p>d</p>e&amp;<script>x</script><style>y</style>"
      "<template>z</template>\xC3\xBC");
  EXPECT_EQ(facts.text_sample, "A b c d e&\xC3\xBC");
  EXPECT_EQ(facts.text_bytes, 12U);
  EXPECT_EQ(facts.title, "no");
}

TEST_F(Facts, OtherCharsetsAreReadAsUtf8) {
  const PageFacts facts = Observe("<title>\xFC</title>\xE9", "text/html; charset=ISO-8859-1");
  EXPECT_EQ(facts.charset, "windows-1252");
  EXPECT_EQ(facts.title, "\xC3\xBC");
  EXPECT_EQ(facts.text_bytes, 2U);
  const PageFacts broken = Observe("<title>a\xFF</title>", "text/html; charset=utf-8");
  EXPECT_EQ(broken.title, "a\xEF\xBF\xBD");
}

TEST_F(Facts, RightsLinksAreAbsoluteAndFollowTheBase) {
  const PageFacts facts = Observe(
      "<base href=/base/><base href=/other/><link rel=LICENSE href=l.html>"
      "<link rel=alternate type='application/rsl+xml' href='https://r.example/x.xml'>"
      "<link rel=stylesheet href=s.css>");
  ASSERT_EQ(facts.rights_links.size(), 2U);
  EXPECT_EQ(facts.rights_links[0].href, "https://h.example/base/l.html");
  EXPECT_EQ(facts.rights_links[0].rel, "license");
  EXPECT_EQ(facts.rights_links[1].type, "application/rsl+xml");
  ASSERT_EQ(facts.licences.size(), 1U);
  EXPECT_EQ(facts.licences[0].name, "custom");
  EXPECT_EQ(facts.licences[0].spdx, "");
}

TEST_F(Facts, ForeignTitlesAndStylesAreMarkup) {
  const PageFacts facts = Observe(
      "<svg><title>s</title><style><a></style></svg><title>page</title>"
      "<svg/><meta name=a content=b>");
  EXPECT_EQ(facts.title, "page");
  ASSERT_EQ(facts.metas.size(), 1U);
}

TEST_F(Facts, LimitsCutAndSaySo) {
  std::string metas;
  for (std::size_t i = 0; i < limits::kMetasMax; ++i) metas += "<meta name=a>";
  EXPECT_FALSE(Noted(Observe(metas), "html.metas_dropped"));
  const PageFacts over = Observe(metas + "<meta name=a>");
  EXPECT_TRUE(Noted(over, "html.metas_dropped"));
  EXPECT_EQ(over.metas.size(), limits::kMetasMax);

  for (const std::size_t extra : {0U, 1U}) {
    const std::string content(limits::kMetaContentBytesMax + extra, 'x');
    EXPECT_EQ(Observe("<meta name=a content=" + content + ">").metas[0].content.size(),
              limits::kMetaContentBytesMax);
    EXPECT_EQ(Noted(Observe("<meta name=a content=" + content + ">"), "html.meta_cut"), extra == 1);
    const std::string title(limits::kTitleBytesMax + extra, 'x');
    EXPECT_EQ(Observe("<title>" + title + "</title>").title.size(), limits::kTitleBytesMax);
    const std::string name(limits::kMetaNameBytesMax + extra, 'x');
    EXPECT_EQ(Observe("<meta name=" + name + ">").metas[0].name.size(), limits::kMetaNameBytesMax);

    std::string links;
    for (std::size_t i = 0; i < limits::kRightsLinksMax + extra; ++i) {
      links += "<link rel=license href=/" + std::to_string(i) + ">";
    }
    const PageFacts linked = Observe(links);
    EXPECT_EQ(linked.rights_links.size(), limits::kRightsLinksMax);
    EXPECT_EQ(Noted(linked, "html.rights_links_dropped"), extra == 1);
    EXPECT_EQ(linked.licences.size(), limits::kLicencesMax);
    EXPECT_EQ(Noted(linked, "licence.too_many"), extra == 1);

    const std::string items = Repeat("<i itemscope></i>", limits::kItemsMax + extra);
    EXPECT_EQ(Noted(Observe(items), "html.items_dropped"), extra == 1);
    const std::string blocks =
        Repeat("<script type=application/ld+json>{}</script>", limits::kJsonLdBlocksMax + extra);
    EXPECT_EQ(Noted(Observe(blocks), "jsonld.too_many"), extra == 1);
  }
}

TEST_F(Facts, ProseEvidenceIsBounded) {
  for (const std::size_t extra : {0U, 1U}) {
    const PageFacts facts =
        Observe(Repeat("<p>This text is not licensed under Creative Commons BY 4.0.</p>",
                       limits::kProsePassagesMax + extra));
    EXPECT_EQ(facts.rights.prose.size(), limits::kProsePassagesMax);
  }
  // A sentence is looked for in a stretch of text from the first word that asked for it.
  const std::string sentence = " This text is licensed under CC BY 4.0.";
  const std::string near = "<p>CC." + Repeat(" x", 100) + "." + sentence;
  const std::string far = "<p>CC." + Repeat(" x", limits::kProseSpanBytesMax) + "." + sentence;
  EXPECT_EQ(Observe(near).licences.size(), 1U);
  EXPECT_EQ(Observe(far).licences.size(), 0U);
}

TEST_F(Facts, SampleIsBoundedAndCutBetweenCharacters) {
  Observer observer(ObserveOptions{.text_sample_bytes = 5});
  const PageFacts facts = observer.Observe({.url = "https://h.example/",
                                            .head = nullptr,
                                            .content_type = "text/html",
                                            .identified_type = "",
                                            .body = "abcd\xC3\xBC"
                                                    "efgh",
                                            .truncated = false},
                                           arena_);
  EXPECT_EQ(facts.text_sample, "abcd");
  EXPECT_EQ(facts.text_bytes, 10U);
}

TEST_F(Facts, DeepNestingPastTheLimitKeepsReading) {
  for (const std::size_t depth : {limits::kOpenElementsMax - 1, limits::kOpenElementsMax,
                                  limits::kOpenElementsMax + 1, std::size_t{500'000}}) {
    const PageFacts facts = Observe("<footer>" + Repeat("<div>", depth) + Repeat("</div>", depth) +
                                    "</footer><a rel=license "
                                    "href=https://creativecommons.org/licenses/by/4.0/>x</a>");
    ASSERT_EQ(facts.licences.size(), 1U) << depth;
    EXPECT_EQ(facts.licences[0].region, "body") << depth;
  }
}

// Each of these is a few million bytes: the test's timeout is the check of linear time.
TEST_F(Facts, HostilePagesAreReadInLinearTime) {
  const std::size_t many = 500'000;
  Observe(Repeat("<", 10 * many));
  Observe("<!--" + Repeat("<!-- ", many));
  Observe(Repeat("<p>", many));
  Observe(Repeat("<li>", many));
  Observe(Repeat("<dd><div>", many / 2));
  Observe(Repeat("<a>", many));
  Observe(Repeat("<b><i>", many) + Repeat("</b></i>", many));
  Observe(Repeat("<table><td>", many / 2) + Repeat("</p>", many));
  Observe(Repeat("<p><table>", 300) + Repeat("<div>", many));
  Observe(Repeat("CC ", many));
  Observe("licensed under " + Repeat("CC BY ", many));
  Observe(Repeat("<p>licensed under CC CC CC CC", many / 5));
  Observe(Repeat("<a rel=license href=//creativecommons.org/licenses/by/4.0/>", many / 10));
  Observe(Repeat("<svg>", many) + Repeat("<p>", many));
  Observe("<!-- rdf:RDF " +
          Repeat("<license resource=//creativecommons.org/licenses/by/4.0/>", many / 10));
  Observe(std::string(5'000'000, '\0'));
  Observe("<script type=application/ld+json>" + Repeat("[", many));
  Observe("<meta name=rights content='" + Repeat("http", many) + "'>");
}

TEST_F(Facts, ElementsWithDataNosnippetAreFragments) {
  const PageFacts facts = Observe(
      "<body>\n<p>a <SPAN Data-NoSnippet>b</span>\n<div data-nosnippet=false>c</div>"
      "<template><p data-nosnippet></template><!-- <p data-nosnippet> --><p data-nosnippets>");
  ASSERT_EQ(facts.fragments.size(), 2U);
  EXPECT_EQ(facts.fragments[0].rule, "data-nosnippet");
  EXPECT_EQ(facts.fragments[0].element, "span");
  EXPECT_EQ(facts.fragments[0].line, 2U);
  EXPECT_EQ(facts.fragments[1].element, "div");  // a boolean attribute: its value says nothing
  EXPECT_EQ(facts.fragments[1].line, 3U);
}

TEST_F(Facts, FragmentsAtAndOverTheLimit) {
  for (const std::size_t extra : {0U, 1U}) {
    const PageFacts facts =
        Observe(Repeat("<b data-nosnippet></b>", limits::kFragmentsMax + extra));
    EXPECT_EQ(facts.fragments.size(), limits::kFragmentsMax);
    EXPECT_EQ(Noted(facts, "html.fragments_dropped"), extra != 0);
  }
}

}  // namespace
}  // namespace crawlcard::page
