#include "robots/robots_form.h"

#include <memory>
#include <string>

#include <gtest/gtest.h>

#include "robots/limits.h"
#include "robots/origin.h"
#include "robots/robots_txt.h"

namespace crawlcard::robots {
namespace {

TEST(WithoutSitemaps, LeavesEverythingElse) {
  EXPECT_EQ(WithoutSitemaps("User-agent: *\nSitemap: https://a.org/s.xml\r\nDisallow: /b"),
            "User-agent: *\nSitemap: /\r\nDisallow: /b");
  EXPECT_EQ(WithoutSitemaps(" \tsiteMAP\t:x\n\nSitemap:\n"), " \tsiteMAP\t:/\n\nSitemap:\n");
  EXPECT_EQ(WithoutSitemaps("sitemap: a\nsitemap:b\r\nSitemap : c\r"),
            "sitemap: /\nsitemap:/\r\nSitemap : /\r");
  for (const std::string_view same :
       {"Sitemap: a b\n", "Sitemap: a#b", "Sitemaps: a", "Allow: /sitemap:x", "", "\n",
        "sitemap sitemap: a", "a\rSitemap: b\n", "Sitemap: a\rDisallow: /\n", "# Sitemap: a",
        "Sitemap", "Sitemap :", "Sitemap: /a\n<html>\n",
        "sitemap: https://a.org/Sitemap:", "sitemap: /Crawl-delay:1"}) {
    EXPECT_EQ(WithoutSitemaps(same), same);
  }
  const std::string wide("Sitemap: a\nx\0y\n", 15);
  EXPECT_EQ(WithoutSitemaps(wide), wide);
  const std::string large = "Sitemap: x\n" + std::string(limits::kRobotsFormBytesMax, '#');
  EXPECT_EQ(WithoutSitemaps(large), large);
  // A reader cuts it, and says so.
  const std::string cut = "Sitemap: " + std::string(limits::kRobotsLineBytesMax, 'x') + "\n";
  EXPECT_EQ(WithoutSitemaps(cut), cut);
  EXPECT_FALSE(RobotsTxt::Parse(cut).flags().empty());
}

struct Cache {
  explicit Cache(std::size_t bytes_max) : files(bytes_max) {}
  std::shared_ptr<const RobotsTxt> Get(const std::string& digest, const std::string& body) {
    return files.GetRobots(digest, body);
  }
  ParsedFileCache files;
};

TEST(ParsedFileCacheTest, CopiesOfOneTemplateAreParsedOnce) {
  Cache cache(1 << 20);
  const auto text = [](std::string_view address, std::string_view rule) {
    return "User-agent: *\n" + std::string(rule) + "\nSitemap: " + std::string(address) + "\n";
  };
  const auto first = cache.Get("d1", text("https://a.example/s.xml", "Disallow: /x"));
  const auto copy = cache.Get("d2", text("https://b.example/s.xml", "Disallow: /x"));
  const auto other = cache.Get("d3", text("https://a.example/s.xml", "Disallow: /y"));
  EXPECT_EQ(first, copy);
  EXPECT_NE(first, other);
  EXPECT_FALSE(copy->Allows("any", "/x", Dialect::kRfc9309));
  EXPECT_TRUE(other->Allows("any", "/x", Dialect::kRfc9309));
  // By any of its digests it is found without a look at the body. Files of other kinds are others.
  const auto whole = cache.files.Get(WellKnown::kRobotsTxt, "d2", "not read");
  EXPECT_EQ(whole, cache.files.Get(WellKnown::kRobotsTxt, "d1", "not read"));
  EXPECT_NE(whole, cache.files.Get(WellKnown::kAiTxt, "d1", text("a", "Disallow: /x")));
}

TEST(ParsedFileCacheTest, ManyCopiesOfOneTemplateStayInBounds) {
  Cache cache(1 << 16);
  const auto first = cache.Get("first", "Sitemap: 0");
  for (int i = 1; i < 40'000; ++i) {
    const std::string number = std::to_string(i);
    ASSERT_EQ(cache.Get(number, "Sitemap: " + number), first);
  }
  // Its key is gone, its form is not: another body under its digest is another file.
  EXPECT_EQ(cache.Get("first", "Sitemap: 0"), first);
  EXPECT_NE(cache.Get("second", "Allow: /"), first);
}

}  // namespace
}  // namespace crawlcard::robots
