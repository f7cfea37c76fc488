// page/licence/phrase.h - licences named in words: "licensed under CC BY 4.0".
//
// Source: signals.md 11.1, row "text", and its list of known false positives (11.4).
// English only. A name is read into an identifier by the words of the Creative Commons deeds; ports
// keep their own. Thread rule: thread-safe.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace crawlcard::page::licence {

// A licence name inside a text.
struct LicenceName {
  std::string spdx;    // empty where the version is not said
  std::string family;  // "CC-BY-SA"
  std::size_t begin = 0;
  std::size_t end = 0;
};

// The first name at or after `from`.
std::optional<LicenceName> FindLicenceName(std::string_view text, std::size_t from = 0);

enum class SentenceKind { kNone, kStatement, kDoubtful, kNegated };

// "... licensed under NAME ...". kDoubtful: a negation stands nearby; kNegated: the sentence
// denies the licence.
struct LicenceSentence {
  SentenceKind kind = SentenceKind::kNone;
  LicenceName name;
  std::string_view sentence;  // part of the text
  bool about_media = false;   // its subject is pictures, films or sounds
};
LicenceSentence FindLicenceSentence(std::string_view text);

// Whether `text` holds "all rights reserved" without case.
bool SaysAllRightsReserved(std::string_view text);

// "(c) 2026 Example Org. All rights reserved." taken apart. Year 0: none.
struct CopyrightNotice {
  std::string_view holder;
  int year = 0;
};
CopyrightNotice ReadCopyrightNotice(std::string_view text);

}  // namespace crawlcard::page::licence
