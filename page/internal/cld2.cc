#include "page/internal/cld2.h"

#include <cstddef>
#include <cstdio>  // the next header names FILE without declaring it

#include <cld2/public/compact_lang_det.h>

namespace crawlcard::page::internal {
namespace {

struct RawAnswer {
  std::array<CLD2::Language, 3> languages{CLD2::UNKNOWN_LANGUAGE, CLD2::UNKNOWN_LANGUAGE,
                                          CLD2::UNKNOWN_LANGUAGE};
  std::array<int, 3> percents{};
  bool reliable = false;
  int valid_bytes = 0;
};

RawAnswer Detect(std::string_view text) {
  RawAnswer raw;
  std::array<double, 3> scores{};
  int text_bytes = 0;
  constexpr int kFlags = 0;
  constexpr bool kPlainText = true;
  CLD2::ExtDetectLanguageSummaryCheckUTF8(
      text.data(), static_cast<int>(text.size()), kPlainText, nullptr, kFlags, raw.languages.data(),
      raw.percents.data(), scores.data(), nullptr, &text_bytes, &raw.reliable, &raw.valid_bytes);
  return raw;
}

}  // namespace

Cld2Answer RunCld2(std::string_view text) {
  Cld2Answer answer;
  if (text.empty()) return answer;
  RawAnswer raw = Detect(text);
  const auto valid = static_cast<std::size_t>(raw.valid_bytes);
  if (valid < text.size()) {
    if (valid == 0) return answer;
    raw = Detect(text.substr(0, valid));
  }
  answer.reliable = raw.reliable;
  for (std::size_t i = 0; i < raw.languages.size(); ++i) {
    if (raw.languages[i] == CLD2::UNKNOWN_LANGUAGE || raw.percents[i] <= 0) continue;
    answer.parts[i] = {CLD2::LanguageCode(raw.languages[i]), raw.percents[i]};
  }
  return answer;
}

}  // namespace crawlcard::page::internal
