// Answers of people: limits and places of mistakes. tests/cli/card_formats_test.py has the rest.

#include "tools/about_file.h"

#include <fstream>

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "card/limits.h"
#include "tools/limits.h"

namespace crawlcard::tools {
namespace {

using ::testing::EndsWith;
using ::testing::HasSubstr;

Result<card::About> Read(const std::string& text) {
  const std::string path = testing::TempDir() + "/about.toml";
  std::ofstream(path, std::ios::binary) << text;
  return ReadAboutFile(path);
}

std::string Mistake(const std::string& text) {
  const auto about = Read(text);
  if (about) return "none";
  EXPECT_EQ(about.error().code(), ErrorCode::kInvalidArgument);
  return about.error().message();
}

std::string Repeated(std::string_view text, std::size_t times) {
  std::string out;
  for (std::size_t i = 0; i < times; ++i) out += text;
  return out;
}

TEST(AboutFile, ReadsAnswersListsAndRows) {
  const auto about = Read(
      "[dataset]\ntitle = \"T\"\nreleased = 2026-10-02\ncreators = [\"A\", \"B\"]\n"
      "[[models]]\nname = \"M\"\n[[models]]\nname = \"N\"\n");
  ASSERT_TRUE(about.has_value()) << about.error().ToString();
  EXPECT_EQ(about->Text("dataset.title"), "T");
  EXPECT_EQ(about->Text("dataset.released"), "2026-10-02");
  EXPECT_EQ(about->answers.at("dataset.creators").size(), 2U);
  EXPECT_EQ(about->Rows("models").size(), 2U);
  EXPECT_TRUE(about->digest.starts_with("sha256:"));
  EXPECT_FALSE(about->Text("dataset.url").has_value());
}

TEST(AboutFile, ListsAndRowsEndAtTheirLimit) {
  const std::string full = Repeated("'x',", card::limits::kAnswerListMax);
  EXPECT_EQ(Mistake("[dataset]\ncreators = [" + full + "]\n"), "none");
  EXPECT_THAT(Mistake("[dataset]\ncreators = [" + full + "'x']\n"),
              HasSubstr("about.toml:2: 'creators' has 101 entries"));
  const std::string rows = Repeated("[[models]]\nname = 'x'\n", card::limits::kAboutRowsMax);
  EXPECT_EQ(Mistake(rows), "none");
  EXPECT_THAT(Mistake(rows + "[[models]]\n"), HasSubstr("'models' has 101 tables"));
}

TEST(AboutFile, IsReadUpToItsLimit) {
  std::string comment = "# ";
  comment.resize(limits::kAboutBytesMax, 'x');
  EXPECT_EQ(Mistake(comment), "none");
  EXPECT_THAT(Mistake(comment + "x"), HasSubstr("cannot read the about file"));
}

TEST(AboutFile, KeysHaveAtMostSoManyParts) {
  const std::string parts = Repeated("a.", limits::kTomlKeyPartsMax - 1) + "a";
  EXPECT_THAT(Mistake(parts + " = 1\n"), HasSubstr("about.toml:1: unknown key 'a'"));
  const std::string more =
      fmt::format("about.toml:2: a key of more than {} parts", limits::kTomlKeyPartsMax);
  EXPECT_THAT(Mistake("\na." + parts + " = 1\n"), HasSubstr(more));
  EXPECT_THAT(Mistake("\n[\"a\" . " + parts + "]\n"), HasSubstr(more));
  EXPECT_THAT(Mistake("\nx = {" + Repeated("a.", 200'000) + "a = 1}\n"), HasSubstr(more));
  // Dots in texts are none of a key.
  EXPECT_EQ(Mistake("[dataset]\ntitle = '" + Repeated("A word. ", 200) + "'\n"), "none");
  EXPECT_EQ(Mistake("[dataset]\ntitle = '" + std::string(300, '.') + "'\n"), "none");
}

TEST(AboutFile, AMistakeNamesItsLine) {
  EXPECT_THAT(Mistake("# one\n[dataset]\ntitel = 'x'\n"),
              EndsWith("about.toml:3: unknown key 'titel' in [dataset]; did you mean 'title'?"));
  EXPECT_THAT(Mistake("[dataset]\ntitle = 'x'\ntitle = 'y'\n"), HasSubstr("about.toml:3: "));
}

}  // namespace
}  // namespace crawlcard::tools
