#include "card/check/check_forms.h"

#include <algorithm>

#include <gtest/gtest.h>

#include "card/check/pattern.h"
#include "card/check/reference.h"
#include "card/formats/format.h"
#include "tests/card/sample.h"

namespace crawlcard::card {
namespace {

std::vector<FormFile> AllForms() {
  RunFacts run = sample::SampleRun();
  run.takedowns = TakedownSummary{};
  Tally tally = sample::TallyOf(sample::Crowd(7, 20));
  // Another policy that got a scan of its own, with a share that no other fact has.
  PolicyOutcome strict = OutcomeOf(*robots::BuiltInPolicy("strict"), tally.verdicts);
  strict.pages_usable = tally.verdicts.pages.captures / 7;
  const Card card =
      MakeCard(std::move(run), SummariseInputs(sample::Ledger()), std::move(tally), {strict});
  const Facts facts = BuildFacts(card);
  std::vector<FormFile> files;
  for (const Format& format : Formats()) {
    files.push_back({std::string(format.file), format.render({card, facts})});
  }
  return files;
}

FormFile& Named(std::vector<FormFile>& files, std::string_view name) {
  const auto found = std::ranges::find(files, name, &FormFile::name);
  EXPECT_NE(found, files.end()) << name;
  return *found;
}

// Writes `to` for the first `from` behind `anchor`.
void Replace(std::string& bytes, std::string_view anchor, std::string_view from,
             std::string_view to) {
  const std::size_t start = bytes.find(anchor);
  ASSERT_NE(start, std::string::npos) << anchor;
  const std::size_t at = bytes.find(from, start + anchor.size());
  ASSERT_NE(at, std::string::npos) << from;
  bytes.replace(at, from.size(), to);
}

TEST(CheckForms, FormsOfOneCardAgree) {
  const std::vector<FormFile> files = AllForms();
  const Result<Consistency> found = CheckForms(files);
  ASSERT_TRUE(found.has_value());
  EXPECT_TRUE(found->missing.empty());
  for (const Difference& one : found->differences) {
    ADD_FAILURE() << one.file << ": " << one.where << ": " << one.said << ", not " << one.wanted;
  }
  ASSERT_EQ(found->files.size(), Formats().size());
  for (const CheckedFile& one : found->files) {
    EXPECT_GT(one.by_fact + one.by_row + one.by_value, 0U) << one.name;
  }
}

// Small plain numbers in sentences are held to the fact that the sentence is about.
TEST(CheckForms, ASmallNumberInASentenceIsCompared) {
  std::vector<FormFile> files = AllForms();
  Replace(Named(files, "datasheet.md").bytes, "Takedown requests in force: ", "0", "3");
  const Result<Consistency> found = CheckForms(files);
  ASSERT_TRUE(found.has_value());
  ASSERT_FALSE(found->differences.empty());
  EXPECT_EQ(found->differences[0].file, "datasheet.md");
  EXPECT_EQ(found->differences[0].fact, "takedowns.requests");
  EXPECT_EQ(found->differences[0].said, "3");
}

TEST(CheckForms, EveryFormIsRead) {
  const std::vector<FormFile> good = AllForms();
  for (const FormFile& one : good) {
    // What card.json says is what the others are held to; a list is held to its digest.
    if (one.name == "card.json") continue;
    std::vector<FormFile> files = good;
    std::string& bytes = Named(files, one.name).bytes;
    const bool json = one.name.ends_with("json") || one.name.ends_with("jsonld");
    constexpr std::string_view kWrong = "In all 987,654,321 pages.";
    if (json) {
      bytes.resize(bytes.size() / 2);
    } else if (const std::size_t end = bytes.find("</body>"); end != std::string::npos) {
      bytes.insert(end, "<p>" + std::string(kWrong) + "</p>");
    } else {
      bytes += "\n" + std::string(kWrong) + "\n";
    }
    const Result<Consistency> found = CheckForms(files);
    ASSERT_TRUE(found.has_value());
    EXPECT_FALSE(found->differences.empty()) << one.name;
  }
}

TEST(CheckForms, WithoutFactsNothingIsCompared) {
  std::vector<FormFile> files = AllForms();
  std::erase_if(files, [](const FormFile& one) { return one.name == "card.json"; });
  EXPECT_EQ(CheckForms(files).error().code(), ErrorCode::kInvalidArgument);
  files.push_back({"card.json", "{\"facts\":"});
  EXPECT_FALSE(CheckForms(files).has_value());
}

TEST(CheckForms, AMissingFormIsNamed) {
  std::vector<FormFile> files = AllForms();
  std::erase_if(files, [](const FormFile& one) { return one.name == "prov.json"; });
  const Result<Consistency> found = CheckForms(files);
  ASSERT_TRUE(found.has_value());
  EXPECT_EQ(found->missing, std::vector<std::string>{"prov.json"});
  EXPECT_NE(ConsistencyText(*found).find("prov.json"), std::string::npos);
}

TEST(Pattern, WordsBetweenLiterals) {
  const Pattern pattern = ReadPattern("read {a} of {b} files");
  EXPECT_EQ(pattern.ids, (std::vector<std::string_view>{"a", "b"}));
  const std::string text = "It read 3 of 1,200 files.";
  EXPECT_EQ(MatchAt(pattern, text, text.find(" of ")),
            (std::vector<std::string_view>{"3", "1,200"}));
  EXPECT_TRUE(MatchAt(pattern, "3 of 4 files", 1).empty());
}

TEST(Pattern, AStarStandsForANumberInAPath) {
  EXPECT_TRUE(PathMatches("/a/*/b", "/a/12/b"));
  EXPECT_FALSE(PathMatches("/a/*/b", "/a//b"));
  EXPECT_FALSE(PathMatches("/a/*/b", "/a/x/b"));
  EXPECT_FALSE(PathMatches("/a/*", "/a/1/b"));
}

TEST(Reference, FiguresInTheWordsOfPeople) {
  StatedValue value;
  value.number = 1'234'567;
  EXPECT_TRUE(Says("1234567", value));
  EXPECT_TRUE(Says("1,234,567", value));
  EXPECT_FALSE(Says("1,234,568", value));
  value = {};
  value.fraction = 0.1249;
  EXPECT_TRUE(Says("12.5 %", value));
  EXPECT_FALSE(Says("12.6 %", value));
}

}  // namespace
}  // namespace crawlcard::card
