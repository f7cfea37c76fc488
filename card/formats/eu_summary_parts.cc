// card/formats/eu_summary_parts.cc - sizes, dates and lists of the EU summary.
#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "base/text.h"
#include "card/formats/eu_summary.h"
#include "card/formats/words.h"
#include "card/text.h"

namespace crawlcard::card {
namespace {

constexpr std::uint64_t kThousand = 1000;
constexpr std::uint64_t kMillion = kThousand * kThousand;
constexpr std::uint64_t kBillion = kThousand * kMillion;

struct Range {
  std::uint64_t below;  // 0: no upper end
  std::string_view id;
  std::string_view words;
};
constexpr std::array<Range, 3> kTokens{
    {{kBillion, "lt_1e9_tokens", "less than 1 billion tokens"},
     {10 * kThousand * kBillion + 1, "1e9_to_1e13_tokens", "1 billion to 10 trillion tokens"},
     {0, "gt_1e13_tokens", "more than 10 trillion tokens"}}};
constexpr std::array<Range, 3> kImages{
    {{kMillion, "lt_1e6_images", "less than 1 million images"},
     {kBillion + 1, "1e6_to_1e9_images", "1 million to 1 billion images"},
     {0, "gt_1e9_images", "more than 1 billion images"}}};

const Range& RangeOf(const std::array<Range, 3>& ranges, std::uint64_t value) {
  for (const Range& range : ranges) {
    if (range.below == 0 || value < range.below) return range;
  }
  return ranges.back();
}

std::uint64_t NumberIn(const FactCell& cell) {
  const auto* number = std::get_if<std::uint64_t>(&cell);
  return number == nullptr ? 0 : *number;
}

std::string TextIn(const FactCell& cell) {
  const auto* text = std::get_if<FactText>(&cell);
  return text == nullptr ? std::string() : text->text;
}

void TakeRange(const Range& range, EuSize& size) {
  size.range_id = range.id;
  size.range_words = range.words;
}

// The 24 official languages (Regulation No 1 of 1958, as amended), ISO 639-3.
constexpr std::array<std::string_view, 24> kEuLanguages{
    "bul", "ces", "dan", "deu", "ell", "eng", "est", "fin", "fra", "gle", "hrv", "hun",
    "ita", "lav", "lit", "mlt", "nld", "pol", "por", "ron", "slk", "slv", "spa", "swe"};

}  // namespace

bool IsEuLanguage(std::string_view code) {
  return std::find(kEuLanguages.begin(), kEuLanguages.end(), code) != kEuLanguages.end();
}

std::vector<EuSize> EuSizes(const Facts& facts) {
  std::vector<EuSize> out;
  const std::uint64_t tokens = facts.Number("captures.tokens").value_or(0);
  for (const auto& row : facts.Table("content.modalities").rows) {
    const std::uint64_t captures = NumberIn(row[1]);
    if (captures == 0) continue;
    EuSize size;
    size.modality = TextIn(row[0]);
    if (size.modality == "text") {
      size.value = tokens;
      size.unit = "tokens (estimated)";
      size.method = fmt::format("{} bytes of visible text divided by 4",
                                facts.Number("captures.text_bytes").value_or(0));
      TakeRange(RangeOf(kTokens, tokens), size);
    } else if (size.modality == "image") {
      size.value = captures;
      size.unit = "images";
      size.method = "captures with status 200 and a media type image/*";
      TakeRange(RangeOf(kImages, captures), size);
    } else {
      // Hours are not known without decoding: what was counted is given instead.
      size.value = captures;
      size.unit = "captures";
      size.method = fmt::format("captures by media type; {} payload bytes; playing time not known",
                                NumberIn(row[5]));
    }
    out.push_back(std::move(size));
  }
  return out;
}

std::string EuYesNo(const Facts& facts, std::string_view id) {
  const std::string answer = Answer(facts, id);
  return answer == "not applicable" ? std::string(kNotApplicable) : answer;
}

std::string EuMonth(std::optional<UnixSeconds> date) {
  if (!date) return "";
  const std::string text = FormatRfc3339(*date);
  return text.substr(5, 2) + "/" + text.substr(0, 4);
}

std::string EuDay(std::optional<UnixSeconds> date) {
  if (!date) return "";
  const std::string text = FormatRfc3339(*date);
  return text.substr(8, 2) + "/" + text.substr(5, 2) + "/" + text.substr(2, 2);
}

std::vector<EuDataset> EuPublicDatasets(const Facts& facts) {
  std::vector<EuDataset> out;
  const FactTable& stated = facts.Table("about.public_datasets");
  for (const auto& row : stated.rows) {
    EuDataset one;
    for (std::size_t i = 0; i < stated.columns.size(); ++i) {
      const std::string_view column = stated.columns[i].name;
      std::string text = TextIn(row[i]);
      if (column == "name")
        one.name = std::move(text);
      else if (column == "version")
        one.version = std::move(text);
      else if (column == "link")
        one.link = std::move(text);
      else if (column == "selection")
        one.selection = std::move(text);
    }
    if (one.name.empty()) one.name = kNotProvided;
    out.push_back(std::move(one));
  }
  for (const auto& row : facts.Table("inputs.snapshots").rows) {
    EuDataset one;
    one.version = TextIn(row[0]);
    if (one.version.empty()) continue;
    one.measured = true;
    const bool common_crawl = one.version.starts_with("CC-MAIN-");
    one.name = common_crawl ? "Common Crawl" : one.version;
    if (common_crawl) one.link = "https://commoncrawl.org/";
    one.selection = fmt::format("{} archive files of this snapshot", FormatCount(NumberIn(row[1])));
    out.push_back(std::move(one));
  }
  return out;
}

std::vector<std::string> EuUserAgents(const Facts& facts) {
  std::vector<std::string> out;
  for (const auto& row : facts.Table("inputs.warcinfo").rows) {
    if (TextIn(row[0]) == "user agent") out.push_back(TextIn(row[1]));
  }
  return out;
}

}  // namespace crawlcard::card
