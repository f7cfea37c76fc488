#include "card/alike.h"

#include <algorithm>
#include <string_view>

#include "page/facts.h"

namespace crawlcard::card {
namespace {

// A revisit and a 304 say "unchanged"; the scan lends them the facts of the capture they repeat.
bool RepeatsEarlier(const index::CaptureView& capture) {
  return capture.record_type == warc::RecordType::kRevisit || capture.status == 304;
}

// "page" is what the publisher says of the page as a whole, in it or in a header field, and not by
// a mere hint (docs/formats/facts.md).
bool IsAboutPage(const page::Licence& licence) {
  return (licence.scope == "page" || licence.scope == "response") &&
         licence.confidence != page::Confidence::kLow;
}

template <class T>
void SortDistinct(std::vector<T>& values) {
  std::sort(values.begin(), values.end());
  values.erase(std::unique(values.begin(), values.end()), values.end());
}

void ReadPage(const index::CaptureView& capture, AlikeFacts& facts) {
  facts.charset = capture.charset;
  const page::LanguageGuess& guess = capture.languages;
  if (!guess.languages.empty()) facts.language = guess.languages.front().code;
  facts.language_source = page::LanguageSourceName(guess.source);
  facts.language_source.append(" ").append(facts.language);
  for (const page::Licence& licence : capture.licences) {
    const bool page_scope = IsAboutPage(licence);
    facts.page_licence = facts.page_licence || page_scope;
    const std::string_view id = licence.spdx.empty() ? licence.name : licence.spdx;
    facts.licences.emplace_back(page_scope ? "page " : "other ").append(id);
  }
  for (const robots::Signal& signal : capture.signals) {
    if (signal.says == robots::Says::kNothing) continue;
    facts.statements.push_back({signal.family, signal.carrier, signal.use, signal.says});
    facts.families.emplace_back(signal.family, signal.says);
  }
  SortDistinct(facts.licences);
  SortDistinct(facts.statements);
  SortDistinct(facts.families);
}

}  // namespace

bool IsPage(const index::CaptureView& capture) {
  return capture.record_type == warc::RecordType::kResponse && capture.status == 200 &&
         capture.is_html;
}

AlikeFacts::AlikeFacts(const index::ScannedPage& page)
    : is_page(IsPage(*page.capture)),
      repeats(RepeatsEarlier(*page.capture)),
      taken_down(page.takedown != nullptr),
      record_type(page.capture->record_type),
      status(page.capture->status),
      truncated(page.capture->truncated),
      notes(page.capture->notes.begin(), page.capture->notes.end()) {
  if (status == 200 && !repeats) {
    content_type = page.capture->content_type;
    modality = ModalityOf(content_type);
  }
  if (is_page) ReadPage(*page.capture, *this);
  if (page.codes != nullptr) verdict.emplace(*page.codes);
}

}  // namespace crawlcard::card
