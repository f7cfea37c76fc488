// page/language.h - languages of a page: the archive's annotation, a text sample, or html lang.
//
// Codes are ISO 639-3. CLD2 gets no hints, so that the same text has the same answer everywhere.
// Thread rule: functions are thread-safe; an Arena is not shared.
#pragma once

#include <span>
#include <string_view>

#include "base/arena.h"
#include "page/facts.h"

namespace crawlcard::page {

struct LanguageGuess {
  LanguageSource source = LanguageSource::kNone;
  std::span<const Language> languages;  // most covered first, at most limits::kLanguagesMax
  bool reliable = false;
};

// Reads the JSON value of Common Crawl's `languages-cld2` metadata field. kNone when unreadable, or
// longer than limits::kLanguageJsonBytesMax.
LanguageGuess LanguagesFromArchive(std::string_view languages_cld2, Arena& arena);

// Runs CLD2 over the first limits::kLanguageSampleBytesMax of a UTF-8 text sample; bytes from the
// first invalid one on are not looked at. kNone when CLD2 knows nothing.
LanguageGuess LanguagesFromSample(std::string_view text_sample, Arena& arena);

// Maps a BCP 47 tag ("de-AT") to its ISO 639-3 code. kNone when it is no known tag.
LanguageGuess LanguagesFromHtmlLang(std::string_view html_lang, Arena& arena);

}  // namespace crawlcard::page
