#include "page/language.h"

#include <algorithm>
#include <array>
#include <cstring>

#include <simdjson.h>

#include "base/text.h"
#include "page/internal/cld2.h"
#include "page/internal/language_codes.h"
#include "page/limits.h"

namespace crawlcard::page {
namespace {

namespace ondemand = simdjson::ondemand;
using internal::Iso6393Code;

// Languages in the order they come, at most kLanguagesMax.
class LanguageList {
 public:
  void Add(const Iso6393Code& code, double share, Arena& arena) {
    if (!code.known() || count_ == languages_.size()) return;
    const double bounded = std::clamp(share, 0.0, 1.0);
    languages_[count_++] = {arena.Copy(code.view()), static_cast<float>(bounded)};
  }

  LanguageGuess Finish(LanguageSource source, bool reliable, Arena& arena) {
    LanguageGuess guess;
    if (count_ == 0) return guess;
    const auto end = languages_.begin() + static_cast<std::ptrdiff_t>(count_);
    std::stable_sort(languages_.begin(), end,
                     [](const Language& a, const Language& b) { return a.share > b.share; });
    guess.source = source;
    guess.languages = arena.CopySpan(std::span<const Language>(languages_.data(), count_));
    guess.reliable = reliable;
    return guess;
  }

 private:
  std::array<Language, limits::kLanguagesMax> languages_;
  std::size_t count_ = 0;
};

// One element of "languages". False when the JSON is broken.
bool ReadLanguage(ondemand::object object, LanguageList& list, Arena& arena) {
  Iso6393Code code;
  double share = 0;
  for (auto field : object) {
    std::string_view key;
    if (field.unescaped_key().get(key) != simdjson::SUCCESS) return false;
    ondemand::value value;
    if (field.value().get(value) != simdjson::SUCCESS) return false;
    std::string_view text;
    if (key == "code-iso-639-3" || (key == "code" && !code.known())) {
      // Annotations of 2018 have the two-letter code alone.
      if (value.get_string().get(text) != simdjson::SUCCESS) return false;
      if (const Iso6393Code found = internal::Iso6393Of(text); found.known()) code = found;
    } else if (key == "text-covered") {
      if (value.get_double().get(share) != simdjson::SUCCESS) return false;
    }
  }
  list.Add(code, share, arena);
  return true;
}

bool ReadAnnotation(ondemand::object object, LanguageList& list, bool& reliable, Arena& arena) {
  for (auto field : object) {
    std::string_view key;
    if (field.unescaped_key().get(key) != simdjson::SUCCESS) return false;
    ondemand::value value;
    if (field.value().get(value) != simdjson::SUCCESS) return false;
    if (key == "reliable") {
      if (value.get_bool().get(reliable) != simdjson::SUCCESS) return false;
    } else if (key == "languages") {
      ondemand::array languages;
      if (value.get_array().get(languages) != simdjson::SUCCESS) return false;
      for (auto element : languages) {
        ondemand::object language;
        if (element.get_object().get(language) != simdjson::SUCCESS) return false;
        if (!ReadLanguage(language, list, arena)) return false;
      }
    }
  }
  return true;
}

}  // namespace

LanguageGuess LanguagesFromArchive(std::string_view languages_cld2, Arena& arena) {
  const std::size_t bytes = languages_cld2.size();
  if (bytes == 0 || bytes > limits::kLanguageJsonBytesMax) return {};
  auto* const padded = static_cast<char*>(arena.allocate(bytes + simdjson::SIMDJSON_PADDING, 1));
  std::memcpy(padded, languages_cld2.data(), bytes);
  std::memset(padded + bytes, 0, simdjson::SIMDJSON_PADDING);

  // The parser only holds memory, which is worth keeping from page to page.
  thread_local ondemand::parser parser;
  ondemand::document document;
  if (parser.iterate(padded, bytes, bytes + simdjson::SIMDJSON_PADDING).get(document) !=
      simdjson::SUCCESS) {
    return {};
  }
  ondemand::object object;
  if (document.get_object().get(object) != simdjson::SUCCESS) return {};
  LanguageList list;
  bool reliable = false;
  if (!ReadAnnotation(object, list, reliable, arena)) return {};
  return list.Finish(LanguageSource::kArchive, reliable, arena);
}

LanguageGuess LanguagesFromSample(std::string_view text_sample, Arena& arena) {
  const internal::Cld2Answer answer =
      internal::RunCld2(Utf8Prefix(text_sample, limits::kLanguageSampleBytesMax));
  LanguageList list;
  for (const internal::Cld2Answer::Part& part : answer.parts) {
    list.Add(internal::Iso6393Of(part.code), part.percent / 100.0, arena);
  }
  return list.Finish(LanguageSource::kSample, answer.reliable, arena);
}

LanguageGuess LanguagesFromHtmlLang(std::string_view html_lang, Arena& arena) {
  std::string_view tag = TrimAscii(html_lang);
  // A list is no tag, but its first entry is what the page is in.
  tag = tag.substr(0, tag.find_first_of(",; \t\n\f\r"));
  if (tag.size() > limits::kLanguageTagBytesMax) return {};
  LanguageList list;
  list.Add(internal::Iso6393Of(tag), 1.0, arena);
  return list.Finish(LanguageSource::kHtmlLang, false, arena);
}

}  // namespace crawlcard::page
