#include "tools/inputs.h"

#include <filesystem>
#include <fstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

namespace crawlcard::tools {
namespace {

TEST(ExpandSeeds, OperandsAndLinesWithoutCommentsAndBlanks) {
  const std::filesystem::path listing =
      std::filesystem::temp_directory_path() / ("crawlcard_seeds_" + std::to_string(::getpid()));
  std::ofstream(listing) << "# publishers\n\n  b.example \r\nhttp://c.example:8080/x#y\n";
  const auto seeds = ExpandSeeds({"a.example", "@" + listing.string(), "@"});
  std::filesystem::remove(listing);
  ASSERT_TRUE(seeds);
  EXPECT_THAT(*seeds,
              testing::ElementsAre("a.example", "b.example", "http://c.example:8080/x#y", "@"));
  EXPECT_FALSE(ExpandSeeds({"@/nonesuch"}));
}

}  // namespace
}  // namespace crawlcard::tools
