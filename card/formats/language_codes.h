// card/formats/language_codes.h - two-letter language codes, for formats that ask for them, and
// names for people.
//
// Thread rule: thread-safe.
#pragma once

#include <string>
#include <string_view>

namespace crawlcard::card {

// The ISO 639-1 code of an ISO 639-3 one where there is one, else the code as it is.
std::string ShortLanguageCode(std::string_view code);
// "German (deu)" for "deu"; a code that is not in our list stands as it is.
std::string LanguageLabel(std::string_view code);

}  // namespace crawlcard::card
