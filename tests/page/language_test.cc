#include "page/language.h"

#include <random>
#include <string>
#include <string_view>
#include <thread>
#include <utility>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "page/internal/language_codes.h"
#include "page/limits.h"

namespace crawlcard::page {
namespace {

using ::testing::IsEmpty;
using ::testing::SizeIs;

std::string CodeOf(std::string_view tag) {
  const internal::Iso6393Code code = internal::Iso6393Of(tag);
  return code.known() ? std::string(code.view()) : "";
}

TEST(LanguageCodes, ReadsTags) {
  const std::vector<std::pair<std::string_view, std::string_view>> cases = {
      {"de", "deu"}, {"de-AT", "deu"},   {"DE_at", "deu"},  {"ger", "deu"},   {"deu", "deu"},
      {"iw", "heb"}, {"zh-Hant", "zho"}, {"sr-ME", "srp"},  {"cmn", "cmn"},   {"aa", "aar"},
      {"zu", "zul"}, {"aaa", "aaa"},     {"zzj", "zzj"},    {"no", "nor"},    {"sh", "hbs"},
      {"", ""},      {"d", ""},          {"x-default", ""}, {"i-navajo", ""}, {"und", ""},
      {"mul", ""},   {"zxx", ""},        {"qq", ""},        {"qqq", ""},      {"German", ""},
      {"-de", ""},   {"d\xC3\xA9", ""},  {"12", ""},        {"xx-Latn", ""},  {"zzz", ""},
  };
  for (const auto& [tag, expected] : cases) EXPECT_EQ(CodeOf(tag), expected) << tag;
}

class LanguageTest : public ::testing::Test {
 protected:
  LanguageGuess Archive(std::string_view json) { return LanguagesFromArchive(json, arena_); }
  Arena arena_;
};

// As Common Crawl writes it in a metadata record.
TEST_F(LanguageTest, ReadsTheArchivesAnnotation) {
  const LanguageGuess guess = Archive(
      R"({"reliable":false,"text-bytes":3080,"languages":[{"code":"es","code-iso-639-3":"spa",)"
      R"("text-covered":0.69,"score":335.0,"name":"SPANISH"}]})");
  EXPECT_EQ(guess.source, LanguageSource::kArchive);
  EXPECT_FALSE(guess.reliable);
  ASSERT_THAT(guess.languages, SizeIs(1));
  EXPECT_EQ(guess.languages[0].code, "spa");
  EXPECT_FLOAT_EQ(guess.languages[0].share, 0.69F);
}

TEST_F(LanguageTest, OrdersByCoverageAndMapsShortCodes) {
  const LanguageGuess guess = Archive(
      R"({"languages":[{"text-covered":0.2,"code":"de"},{"code":"zh-Hant","text-covered":1},)"
      R"({"code":"xx","text-covered":0.5}],"reliable":true})");
  EXPECT_TRUE(guess.reliable);
  ASSERT_THAT(guess.languages, SizeIs(2));
  EXPECT_EQ(guess.languages[0].code, "zho");
  EXPECT_EQ(guess.languages[1].code, "deu");
}

TEST_F(LanguageTest, GivesNothingForBrokenAnnotations) {
  for (const std::string_view json :
       {"", "{", "[]", "null", "{}", "{\"languages\":[]}", "{\"languages\":[1]}",
        "{\"languages\":[{\"code\":1}]}", "{\"languages\":[{\"code\":\"de\"}",
        "{\"reliable\":\"yes\",\"languages\":[{\"code\":\"de\"}]}",
        "{\"languages\":[{\"code\":\"\\ud800\"}]}", "{\"languages\":[{\"code\":\"\xFF\"}]}",
        "{\"languages\":{\"code\":\"de\"}}", "\x01"}) {
    const LanguageGuess guess = Archive(json);
    EXPECT_EQ(guess.source, LanguageSource::kNone) << json;
    EXPECT_THAT(guess.languages, IsEmpty()) << json;
  }
}

// A name that nobody reads may hold what is no Unicode.
TEST_F(LanguageTest, PassesOverLoneSurrogatesInNames) {
  const LanguageGuess guess =
      Archive(R"({"languages":[{"code":"de","name":"\ud800","text-covered":1.0}]})");
  EXPECT_THAT(guess.languages, SizeIs(1));
}

TEST_F(LanguageTest, EveryCutAnnotationIsSurvived) {
  const std::string json =
      R"({"reliable":true,"languages":[{"code":"de","code-iso-639-3":"deu","text-covered":0.5}]})";
  for (std::size_t cut = 0; cut < json.size(); ++cut) {
    EXPECT_EQ(Archive(json.substr(0, cut)).source, LanguageSource::kNone) << cut;
  }
}

TEST_F(LanguageTest, LanguagesLimit) {
  std::string json = "{\"languages\":[";
  for (std::size_t i = 0; i < limits::kLanguagesMax; ++i) json += "{\"code\":\"de\"},";
  EXPECT_THAT(Archive(json + "{}]}").languages, SizeIs(limits::kLanguagesMax));
  EXPECT_THAT(Archive(json + "{\"code\":\"en\"}]}").languages, SizeIs(limits::kLanguagesMax));
}

TEST_F(LanguageTest, AnnotationBytesLimit) {
  const std::string json = R"({"languages":[{"code":"de"}]})";
  const std::string at_limit = json + std::string(limits::kLanguageJsonBytesMax - json.size(), ' ');
  EXPECT_THAT(Archive(at_limit).languages, SizeIs(1));
  EXPECT_THAT(Archive(at_limit + " ").languages, IsEmpty());
}

constexpr std::string_view kGerman =
    "Der schnelle braune Fuchs springt ueber den faulen Hund, und die Kinder freuen sich darueber, "
    "denn sie haben so etwas noch nie gesehen. Am Abend gehen alle zusammen nach Hause. ";
constexpr std::string_view kFrench =
    "Le renard brun saute par-dessus le chien paresseux et les enfants sont contents parce qu'ils "
    "n'ont jamais vu une telle chose. Le soir, tout le monde rentre ensemble a la maison. ";

TEST_F(LanguageTest, GuessesFromText) {
  const LanguageGuess guess = LanguagesFromSample(kGerman, arena_);
  EXPECT_EQ(guess.source, LanguageSource::kSample);
  EXPECT_TRUE(guess.reliable);
  ASSERT_THAT(guess.languages, SizeIs(1));
  EXPECT_EQ(guess.languages[0].code, "deu");
  EXPECT_GT(guess.languages[0].share, 0.9F);
}

TEST_F(LanguageTest, SeesTwoLanguages) {
  std::string text;
  for (int i = 0; i < 3; ++i) text += kGerman;
  text += kFrench;
  const LanguageGuess guess = LanguagesFromSample(text, arena_);
  ASSERT_THAT(guess.languages, SizeIs(2));
  EXPECT_EQ(guess.languages[0].code, "deu");
  EXPECT_EQ(guess.languages[1].code, "fra");
}

TEST_F(LanguageTest, KnowsNothingAboutNothing) {
  for (const std::string_view text : {"", " ", "12345", "\xFF\xFE", "?!"}) {
    EXPECT_EQ(LanguagesFromSample(text, arena_).source, LanguageSource::kNone) << text;
  }
}

TEST_F(LanguageTest, LooksAtValidTextOnly) {
  const LanguageGuess guess = LanguagesFromSample(std::string(kGerman) + "\xFF\xFF", arena_);
  ASSERT_THAT(guess.languages, SizeIs(1));
  EXPECT_EQ(guess.languages[0].code, "deu");
}

TEST_F(LanguageTest, SampleBytesLimit) {
  std::string text;
  while (text.size() < limits::kLanguageSampleBytesMax) text += kGerman;
  text.resize(limits::kLanguageSampleBytesMax);
  EXPECT_THAT(LanguagesFromSample(text, arena_).languages, SizeIs(1));
  while (text.size() < 3 * limits::kLanguageSampleBytesMax) text += kFrench;
  EXPECT_THAT(LanguagesFromSample(text, arena_).languages, SizeIs(1));
}

TEST_F(LanguageTest, AnyBytesAreSurvived) {
  std::mt19937 random(3);
  for (int round = 0; round < 500; ++round) {
    std::string text(random() % 300, '\0');
    for (char& c : text) c = static_cast<char>(random() & 0xFF);
    static_cast<void>(LanguagesFromSample(text, arena_));
    static_cast<void>(LanguagesFromArchive(text, arena_));
    static_cast<void>(LanguagesFromHtmlLang(text, arena_));
  }
}

TEST_F(LanguageTest, AnswersThreadsAlike) {
  std::vector<std::thread> threads;
  for (int i = 0; i < 4; ++i) {
    threads.emplace_back([] {
      Arena arena;
      for (int round = 0; round < 20; ++round) {
        EXPECT_EQ(LanguagesFromSample(kGerman, arena).languages[0].code, "deu");
        EXPECT_EQ(LanguagesFromSample(kFrench, arena).languages[0].code, "fra");
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
}

TEST_F(LanguageTest, ReadsHtmlLang) {
  const LanguageGuess guess = LanguagesFromHtmlLang(" de-AT ", arena_);
  EXPECT_EQ(guess.source, LanguageSource::kHtmlLang);
  ASSERT_THAT(guess.languages, SizeIs(1));
  EXPECT_EQ(guess.languages[0].code, "deu");
  EXPECT_EQ(LanguagesFromHtmlLang("en, de", arena_).languages[0].code, "eng");
  EXPECT_EQ(LanguagesFromHtmlLang("", arena_).source, LanguageSource::kNone);
  EXPECT_EQ(LanguagesFromHtmlLang("klingon", arena_).source, LanguageSource::kNone);
}

TEST_F(LanguageTest, TagBytesLimit) {
  const std::string at_limit = "de-" + std::string(limits::kLanguageTagBytesMax - 3, 'x');
  EXPECT_THAT(LanguagesFromHtmlLang(at_limit, arena_).languages, SizeIs(1));
  EXPECT_THAT(LanguagesFromHtmlLang(at_limit + "x", arena_).languages, IsEmpty());
}

}  // namespace
}  // namespace crawlcard::page
