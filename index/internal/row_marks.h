// index/internal/row_marks.h - what a scan compares rows by, out of the bytes of a row.
//
// Thread rule: functions are thread-safe.
#pragma once

#include <cstdint>
#include <string_view>

#include "index/internal/row_domain.h"
#include "index/internal/row_shape.h"
#include "index/internal/row_url.h"
#include "index/schema.h"

namespace crawlcard::index {

// RowMarks::host_form of a row.
inline std::uint8_t HostFormOf(std::uint8_t url_form, std::uint8_t shape) {
  constexpr unsigned kHostBits = kRegularHost | kLabelsText << kLabelsShift;
  const bool by_labels = (shape >> kLabelsShift & kLabelsText) != kLabelsText;
  if (IsWholeUrl(url_form) || !by_labels || (shape & kRegularHost) == 0) return 0;
  return static_cast<std::uint8_t>((url_form & kRowUrlAuthority) << 4 | (shape & kHostBits));
}

// Where the pieces of RowMarks::facts are.
struct FactsPlace {
  const char* words = nullptr;      // behind the shape
  const char* languages = nullptr;  // behind the words
  const char* said = nullptr;       // behind the languages
  const char* end = nullptr;        // behind what the statements say
};

inline RowFacts FactsOf(std::string_view value, std::uint64_t parts, const FactsPlace& place) {
  constexpr std::uint32_t kOwn = kRedirect | kWellKnown | kDocument | kBody;
  if ((parts & kOwn) != 0) return {};
  const auto octet = [](char c) { return std::uint32_t{static_cast<std::uint8_t>(c)}; };
  std::uint32_t language = 0;
  if (place.said - place.languages > 3) {
    language = octet(place.languages[1]) << 8 | octet(place.languages[2]);
    if (language == 0) return {};  // no three letters
  }
  RowFacts facts;
  facts.numbers = octet(value[1]) | octet(value[3]) >> kSourceShift << 8 | language << 16;
  facts.words = {place.words, static_cast<std::size_t>(place.languages - place.words)};
  facts.said = {place.said, static_cast<std::size_t>(place.end - place.said)};
  return facts;
}

}  // namespace crawlcard::index
