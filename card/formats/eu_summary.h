// card/formats/eu_summary.h - what the JSON and the readable form of the EU summary share.
//
// Template: C(2025) 5235 and C(2025) 8311, annex to Art. 53(1)(d) of Regulation (EU) 2024/1689.
// Fields and ranges as in cards.md section 1.2 of our specification.
//
// Thread rule: functions are thread-safe.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "card/facts.h"

namespace crawlcard::card {

// One kind of content with its size as the template asks for it.
struct EuSize {
  std::string modality;
  std::string range_id;     // "1e9_to_1e13_tokens"; empty: `value` and `unit` instead
  std::string range_words;  // "1 billion to 10 trillion tokens"
  std::uint64_t value = 0;
  std::string unit;
  std::string method;
};
std::vector<EuSize> EuSizes(const Facts& facts);

// "yes", "no", "Not applicable" or "Not provided".
std::string EuYesNo(const Facts& facts, std::string_view id);
// "10/2026" and "02/10/26"; empty without a date.
std::string EuMonth(std::optional<UnixSeconds> date);
std::string EuDay(std::optional<UnixSeconds> date);

// Public datasets: those that a person named, then those that the archive files say they are of.
struct EuDataset {
  std::string name;
  std::string version;
  std::string link;
  std::string selection;
  bool measured = false;
};
std::vector<EuDataset> EuPublicDatasets(const Facts& facts);
// The official languages of the EU among those seen, as ISO 639-3.
bool IsEuLanguage(std::string_view code);
std::vector<std::string> EuUserAgents(const Facts& facts);

}  // namespace crawlcard::card
