#include "page/rsl_places.h"

#include <string>
#include <string_view>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/arena.h"
#include "page/limits.h"

namespace crawlcard::page {
namespace {

using ::testing::IsEmpty;
using ::testing::SizeIs;

constexpr std::string_view kLink =
    "<link rel='License' type='application/rsl+xml' href='/l&amp;m'>";

TEST(RslPlaces, LinksKnowTheirParentAndLine) {
  Arena arena;
  const std::string html = "<html>\n<HEAD>" + std::string(kLink) +
                           "</HEAD>\n<body><article><p>a</p>" + std::string(kLink) +
                           "</article></body>";
  const auto found = FindRslElements(html, arena);
  ASSERT_THAT(found, SizeIs(2));
  EXPECT_EQ(found[0].parent, "head");
  EXPECT_EQ(found[0].line, 2u);
  EXPECT_EQ(found[0].href, "/l&m");
  EXPECT_EQ(found[1].parent, "article");
  EXPECT_EQ(found[1].line, 3u);
}

TEST(RslPlaces, ScriptsGiveTheirText) {
  Arena arena;
  const std::string script =
      "<script type='application/rsl+xml; a=b'><rsl><!-- </b> --></rsl></script>";
  // The text of a script is a view into the page.
  const std::string html = "<aside>" + script + "<script>var a;</script></aside>";
  const auto found = FindRslElements(html, arena);
  ASSERT_THAT(found, SizeIs(1));
  EXPECT_TRUE(found[0].is_script);
  EXPECT_EQ(found[0].text, "<rsl><!-- </b> --></rsl>");
  EXPECT_EQ(found[0].parent, "aside");
}

TEST(RslPlaces, CommentsScriptsAndTextNameNothing) {
  Arena arena;
  const std::string link(kLink);
  const std::string html = "<!-- " + link + " --><script>'" + link + "'</script><title>" + link +
                           "</title><textarea>" + link + "</textarea>";
  EXPECT_THAT(FindRslElements(html, arena), IsEmpty());
}

TEST(RslPlaces, ElementsAreLimited) {
  Arena arena;
  std::string html;
  for (std::size_t i = 0; i <= limits::kRightsLinksMax; ++i) html += kLink;
  EXPECT_THAT(FindRslElements(html, arena), SizeIs(limits::kRightsLinksMax));
}

}  // namespace
}  // namespace crawlcard::page
