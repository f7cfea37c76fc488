// The two ways of reading a page give the same facts, at every level of this machine: over real
// pages, and over pages that were damaged at random.
#include <filesystem>
#include <iterator>
#include <random>
#include <string>
#include <string_view>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "base/arena.h"
#include "base/file.h"
#include "page/facts.h"
#include "page/limits.h"
#include "tests/page/damage.h"
#include "tests/page/levels.h"

namespace crawlcard::page {
namespace {

namespace fs = std::filesystem;

// Every fact but those that come from outside of the body.
std::string Describe(const PageFacts& facts) {
  std::string out = fmt::format("title {} lang {} text {} sample {}\njson-ld {} {} rsl {}\n",
                                facts.title, facts.html_lang, facts.text_bytes, facts.text_sample,
                                facts.json_ld_blocks, facts.json_ld_broken_blocks, facts.names_rsl);
  for (const Meta& meta : facts.metas) {
    out += fmt::format("meta {} {} {} {} {}\n", meta.name, meta.attribute, meta.content,
                       WhereName(meta.where), meta.line);
  }
  for (const RightsLink& link : facts.rights_links) {
    out += fmt::format("link {} {} {} {} {}\n", link.rel, link.type, link.href,
                       WhereName(link.where), link.line);
  }
  for (const Fragment& fragment : facts.fragments) {
    out += fmt::format("fragment {} {} {}\n", fragment.rule, fragment.element, fragment.line);
  }
  for (const Licence& licence : facts.licences) {
    out += fmt::format("licence {} {} {} {} {} {} {} {} {} {} {} {}\n", licence.spdx, licence.name,
                       licence.url, licence.location, licence.scope, licence.region,
                       ConfidenceName(licence.confidence), licence.node_type, licence.subject,
                       licence.value_form, licence.raw, licence.flags.size());
  }
  const Rights& rights = facts.rights;
  out += fmt::format(
      "rights {} {} {} {} {} {} {} {} {} {} {} {} {} {} {} {} {} {}\n", rights.page_licence,
      rights.careful, rights.disagreement, rights.version_disagreement, rights.hint,
      rights.attribution_name, rights.attribution_url, rights.copyright_holder,
      rights.copyright_text, rights.copyright_year, rights.all_rights_reserved,
      static_cast<int>(rights.access), rights.paywall_selector, rights.acquire, rights.usage_info,
      rights.credit_text, rights.conditions_of_access, rights.prose.size());
  for (const std::string_view note : facts.notes) out += fmt::format("note {}\n", note);
  return out;
}

class PageScanner : public ::testing::TestWithParam<Level> {
 protected:
  void SetUp() override { UseLevel(GetParam()); }
  void TearDown() override { UseLevel({}); }

  std::string Facts(Observer& observer, std::string_view body) {
    arena_.Reset();
    return Describe(observer.Observe({.url = "https://h.example/a/b",
                                      .head = nullptr,
                                      .content_type = "text/html; charset=utf-8",
                                      .identified_type = "",
                                      .body = body,
                                      .truncated = false},
                                     arena_));
  }
  void Compare(std::string_view body, std::string_view what) {
    for (Observer* const way : {&scanner_, &scanner_without_sample_}) {
      Observer& measure = way == &scanner_ ? tokenizer_ : tokenizer_without_sample_;
      ASSERT_EQ(Facts(*way, body), Facts(measure, body)) << what;
    }
  }
  // The pieces of an archive, markup and all else: a scanner takes any bytes.
  void ComparePieces(const fs::path& archive, std::size_t damaged_of) {
    std::mt19937 random(7);
    std::size_t number = 0;
    for (const std::string& piece : test::PiecesOf(archive.string())) {
      Compare(piece, fmt::format("{} piece {}", archive.string(), number));
      if (HasFatalFailure()) return;
      if (++number % damaged_of != 0) continue;
      Compare(test::Damaged(piece, random), fmt::format("{} damaged {}", archive.string(), number));
      if (HasFatalFailure()) return;
    }
    EXPECT_GT(number, 0U);
  }

  Arena arena_;
  Observer scanner_{{}};
  Observer tokenizer_{{.by_tokenizer = true}};
  Observer scanner_without_sample_{{.text_sample_bytes = 0}};
  Observer tokenizer_without_sample_{{.text_sample_bytes = 0, .by_tokenizer = true}};
};

TEST_P(PageScanner, SameFactsOverTheSample) {
  for (const char* name : {"pages.warc.gz", "signals.warc.gz", "whirlwind.warc.gz"}) {
    ComparePieces(fs::path(CRAWLCARD_TEST_DATA) / "sample" / name, 1);
  }
}

TEST_P(PageScanner, SameFactsOverRealPages) {
  const fs::path archive = fs::path(CRAWLCARD_SHARED) / "corpora/pages/pages-00001.warc.gz";
  if (!fs::exists(archive)) GTEST_SKIP() << archive << " is not there";
  ComparePieces(archive, 3);
}

// Where a tag may be passed on by its name alone and must not be.
TEST_P(PageScanner, SameFactsAtTheEdgesOfWhatIsPassedOn) {
  const std::string_view tags[] = {
      "<a href=\"https://creativecommons.org/licenses/by/4.0/\">x</a>",
      "<a rel=\"&#108;icense\" href='/l'>x</a>",
      "<a rel=lic&#x65;nse href=/l>x</a>",
      "<a rel=\"a&nbsp;b\" href=\"?a=1&amp;b=2&license\">x</a>",
      "<a title=\"x > y\" href=\"/a\" rel='license'>x</a>",
      "<a title=a=\"b>c\" rel=license href=/x>\">x</a>",
      "<a =\"x>\" rel=license href=/x>",
      "<a title = \"a>b\" rel=license href=/y>x</a>",
      "<a title=\"a\"rel=\"license\"href=\"/z\">x</a>",
      "<a/rel=license/href=/z>x</a>",
      "<a \"rel=license href=/q>x</a>",
      "<img src=\"https://i&period;creativecommons&period;org/l/by/4&period;0/88x31.png\">",
      "<img src=https://i.creativecommons.org/l/by/4.0/88x31.png alt=x>",
      "<img alt=\"a&lt;b\" src='x?a&amp;b'/>",
      "<br/><br/ ><br\n/><p/x><p=y><p\"z>",
      "<div itemscope itemtype=\"https://schema.org/Article\"><a itemprop=license "
      "href=/l>x</a></div>",
      "<div typeof=\"Article\" about=\"/x\"><span property=\"dct:license\">CC BY 4.0</span></div>",
      "<p vocab=\"http://schema.org/\"><span property=license>MIT</span>",
      "<div id=\"comments\"><a rel=license href=/c>x</a></div>",
      "<footer>&copy; 2020 A. All rights reserved.</footer>",
      "<p class=\"site-footer\">ALL RIGHTS RESERVED</p>",
      "<p>licensed under CC BY-SA 3.0</p>",
      "<p>a&#32;b&nbsp;c &amp; d&Tab;e&notin;f&bogus;g & h</p>",
      "<svg><path d=\"a\"/><title>x</title><a rel=license href=/s /><p>y</p></svg>",
      "<svg><path d=a\"/><title>x</title><DESC><p>y</DESC></svg><a rel=license href=/s>x</a>",
      "<div><SECTION><b>x</B></section><b>y</b ><i>z</i/></div x><small>v</small\t></DIV>",
      "<ul><li class=footer>a<ol><li>b<p>c<li>d</ol><li><menu><li>CC BY 4.0</menu></ul>",
      "<table><tr><td>x</table></td><textarea>x</textarea><article>CC0</article></articles>",
      "<p>a&nbsp;b&#x2019;c&nbsp;d&#32;e</p><p>&lt<b>;&copy</p><p>&#0000000065;&zwnj;</p>",
      "<math><mi>x</mi><script>a</script></math>",
      "<template><a rel=license href=/t>x</a></template>",
      "<script>if (a<b && c</d/) x=\"</scrip\";</script><style>a>b</style><title>t</title>",
      "<script type=\"application/ld&#43;json\">{\"license\":\"https://mit.edu\"}</script>",
      "<script type=application/ld+json>{\"@type\":\"WebPage\",\"license\":\"/l\"}</script>",
      "<link rel=license href=/r><link rel='style' href=x><meta name=robots content=noai>",
      "<p data-nosnippet>x</p><p DATA-NOSNIPPET=1>y</p>",
      "a < b <3 <> </> </ x> <!-- rdf:RDF --> <!x> <?y> <![CDATA[z]]> d",
      "<textarea><p></textarea><xmp><b></xmp><noscript><p>x</noscript><iframe><p></iframe>",
      "<averyveryverylongnameofmine class=x><B CLASS=\"Y\">z</B></averyveryverylongnameofmine>",
      "</p></div></nothing class=\"a>b\" rel=license>",
  };
  for (const std::string_view tag : tags) {
    // Across the edges of blocks, and with the page ending anywhere.
    for (std::size_t before = 0; before < 130; before += 13) {
      const std::string page = "<p>" + std::string(before, ' ') + std::string(tag);
      // So much behind it that the tag is not of those at the end, which the tokenizer reads.
      Compare(page + "<p>more words</p>" + std::string(80, ' '), tag);
      for (std::size_t size = page.size(); size + 20 > page.size() && size > 0; --size) {
        Compare(std::string_view(page).substr(0, size), tag);
      }
      if (HasFatalFailure()) return;
    }
    for (std::size_t size = 0; size <= tag.size(); ++size) Compare(tag.substr(0, size), tag);
  }
}

TEST_P(PageScanner, NamesWithZerosAreNamesOfTheirOwn) {
  using std::string_view_literals::operator""sv;
  Compare("<li>a<li\0>b<l\0i>c</li\0>d</li>e<br\0\0>f and much more to come"sv, "zeros");
}

// Where a tag ends is told from the last quote before a '>': all that may stand around one.
TEST_P(PageScanner, TagsEndAlikeHoweverTheyAreWritten) {
  std::mt19937 random(11);
  constexpr std::string_view kPieces[] = {"\"", "\"", "'", "=", " ",      "\n", "/",  ">",
                                          "a",  "b",  "<", "&", "=\"x\"", " c", "='", "\xC3\xA9"};
  for (int round = 0; round < 20'000; ++round) {
    std::string page = "<body>";
    for (const std::string_view name : {"p", "svg", "/p", "br"}) {
      page += '<';
      page += name;
      for (std::size_t left = random() % 12; left > 0; --left) {
        page += kPieces[random() % std::size(kPieces)];
      }
      page += random() % 4 == 0 ? "/>" : ">";
      page += "text of a page";
    }
    Compare(page + "<i>and more of it</i>\"> '> and still some more of it", page);
  }
}

TEST_P(PageScanner, AttributesAreLimitedAlike) {
  for (const std::string attribute : {" a=1", " class", " b='<'", "/c", " d=\"e\"f=\"g\""}) {
    for (const std::size_t count : {limits::kAttributesMax / 2, limits::kAttributesMax / 2 + 1,
                                    limits::kAttributesMax, limits::kAttributesMax + 1}) {
      std::string tag = "p";
      for (std::size_t i = 0; i < count; ++i) tag += attribute;
      Compare("<" + tag + ">x</" + tag + ">", attribute);
      Compare("<" + tag + " rel=license href=/x>", attribute);
    }
  }
}

TEST_P(PageScanner, DeepPagesAreReadAlike) {
  for (const std::size_t depth : {limits::kOpenElementsMax, limits::kOpenElementsMax + 1}) {
    std::string page;
    for (std::size_t i = 0; i < depth; ++i) page += "<div>";
    page += "<footer><style>x</style>All rights reserved</footer>";
    for (std::size_t i = 0; i < depth; ++i) page += "</div>";
    Compare(page + "y", "deep");
  }
}

INSTANTIATE_TEST_SUITE_P(Levels, PageScanner, AllLevels(), LevelName);

}  // namespace
}  // namespace crawlcard::page
