// Any bytes as a form of a card that is read back: the readers of all forms take them, what they
// give stands in bounds, and the checker and the score answer or refuse.
#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/assert.h"
#include "card/check/check_forms.h"
#include "card/check/form_text.h"
#include "card/check/reference.h"
#include "card/score.h"

namespace {

namespace card = crawlcard::card;

// Nothing is handed out that the bytes do not hold: no reader makes text from nothing.
void CheckSize(const card::FormText& form, std::size_t bytes) {
  std::size_t cells = 0;
  for (const auto& row : form.rows) cells += row.size();
  CRAWLCARD_ASSERT(form.texts.size() <= bytes + 1);
  CRAWLCARD_ASSERT(cells <= bytes + form.rows.size() + 1);
  CRAWLCARD_ASSERT(form.values.size() <= bytes + 1);
}

constexpr std::string_view kCardJson =
    R"({"facts_digest":"sha256:00","facts":[{"id":"pages.count","value":3},)"
    R"({"id":"captures.statuses","columns":["status","captures"],"rows":[["200",3]]}]})";

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  for (auto* read : {card::ReadMarkdown, card::ReadHtml, card::ReadJson, card::ReadCsv}) {
    CheckSize(read(bytes), size);
  }
  (void)card::ReadReference(bytes);
  (void)card::ScoreEuSummary(bytes);
  const std::string text(bytes);
  for (const char* name : {"card.md", "card.html", "cyclonedx.json", "domains.csv"}) {
    const std::vector<card::FormFile> files{{"card.json", std::string(kCardJson)}, {name, text}};
    const auto found = card::CheckForms(files);
    if (found) CRAWLCARD_ASSERT(!card::ConsistencyJson(*found).empty());
  }
  const std::vector<card::FormFile> alone{{"card.json", text}};
  (void)card::CheckForms(alone);
  return 0;
}
