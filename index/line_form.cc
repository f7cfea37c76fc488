#include "index/internal/line_form.h"

#include <algorithm>
#include <optional>

#include "index/internal/host_history.h"
#include "robots/observe.h"

namespace crawlcard::index {
namespace {

bool SameEvidence(const robots::Evidence& a, const robots::Evidence& b) {
  return a.offset == b.offset && a.length == b.length && a.inner_offset == b.inner_offset &&
         a.date == b.date && a.file == b.file && a.record_id == b.record_id && a.digest == b.digest;
}

// Says whose evidence a place tells of.
class Owners {
 public:
  Owners(const robots::Evidence* page, std::span<const OriginEvidence> files)
      : page_(page), files_(files) {}

  // No two that cannot be told from each other.
  bool AreDistinct() const {
    for (std::size_t i = 0; i < files_.size(); ++i) {
      if (page_ != nullptr && SameEvidence(*page_, files_[i].evidence)) return false;
      for (std::size_t j = 0; j < i; ++j) {
        if (SameEvidence(files_[j].evidence, files_[i].evidence)) return false;
      }
    }
    return true;
  }

  bool IsPage(const EvidencePlace& place) const {
    if (page_ == nullptr) return false;
    return place.evidence == nullptr ? place.carrier == "page"
                                     : SameEvidence(*place.evidence, *page_);
  }

  std::optional<std::size_t> File(const EvidencePlace& place) const {
    const auto found = std::ranges::find_if(files_, [&](const OriginEvidence& one) {
      return place.evidence == nullptr ? robots::WellKnownName(one.file) == place.carrier
                                       : SameEvidence(*place.evidence, one.evidence);
    });
    if (found == files_.end()) return std::nullopt;
    return static_cast<std::size_t>(found - files_.begin());
  }

 private:
  const robots::Evidence* page_;
  std::span<const OriginEvidence> files_;
};

}  // namespace

EvidenceTexts::EvidenceTexts(const robots::Evidence& evidence) {
  for (std::size_t i = 0; i < kParts; ++i) {
    JsonWriter json(text_);
    WriteEvidencePart(static_cast<EvidencePart>(i), evidence, json);
    ends_[i] = static_cast<std::uint32_t>(text_.size());
  }
}

std::string_view EvidenceTexts::Part(EvidencePart part) const {
  const auto number = static_cast<std::size_t>(part);
  const std::size_t begin = number == 0 ? 0 : ends_[number - 1];
  return std::string_view(text_).substr(begin, ends_[number] - begin);
}

std::unique_ptr<const LineForm> LineForm::Of(const VerdictPlaces& places,
                                             const robots::Evidence* page, std::string_view wording,
                                             std::span<const OriginEvidence> files) {
  const Owners owners(page, files);
  if (files.size() >= kPage || !owners.AreDistinct()) return nullptr;
  auto form = std::make_unique<LineForm>();
  const std::string_view line = places.line;
  std::size_t at = places.instant_end;
  for (const EvidencePlace& place : places.evidence) {
    Gap gap;
    gap.part = place.part;
    const bool is_page = owners.IsPage(place);
    form->quotes_page_ = form->quotes_page_ || (is_page && place.of_reason);
    if (!is_page) {
      const std::optional<std::size_t> file = owners.File(place);
      if (!file || place.part == EvidencePart::kCapture) return nullptr;
      gap.owner = static_cast<std::uint8_t>(*file);
    }
    form->tail_ += line.substr(at, place.begin - at);
    gap.at = static_cast<std::uint32_t>(form->tail_.size());
    form->gaps_.push_back(gap);
    at = place.end;
  }
  form->tail_ += line.substr(at);
  if (form->quotes_page_) form->wording_ = wording;
  return form;
}

void LineForm::AppendTail(const CaptureView* page, std::span<const EvidenceTexts> files,
                          std::string& line_out) const {
  const std::string_view tail = tail_;
  const robots::Evidence of_page = page == nullptr ? robots::Evidence() : EvidenceOf(*page);
  std::size_t at = 0;
  for (const Gap& gap : gaps_) {
    line_out += tail.substr(at, gap.at - at);
    at = gap.at;
    if (gap.owner != kPage) {
      line_out += files[gap.owner].Part(gap.part);
      continue;
    }
    JsonWriter json(line_out);
    WriteEvidencePart(gap.part, of_page, json);
  }
  line_out += tail.substr(at);
}

std::size_t LineForm::bytes() const {
  return sizeof *this + tail_.size() + wording_.size() + gaps_.size() * sizeof(Gap);
}

const LineForm* LineForms::Find(std::string_view wording) const {
  for (const auto& form : forms_) {
    if (form != nullptr && form->Fits(wording)) return form.get();
  }
  return nullptr;
}

const LineForm* LineForms::Add(std::unique_ptr<const LineForm> form) {
  forms_.push_back(std::move(form));
  return forms_.back().get();
}

}  // namespace crawlcard::index
