// index/internal/line_form.h - a verdict line without what is its URL's own.
//
//   {"schema":"crawlcard.verdict.v1","url":"...","use":...,"as_of":"...","dialect":...}
//   '------------- head -----------'  its own  '-- middle -----'  its own '--- tail ---'
//
// URLs with the same codes, under the same bodies, have the same tail but for the evidence: where
// the page was captured and where the files in force were. A LineForm is a tail with places left
// free for it.
//
// Thread rule: forms and texts are immutable; free functions are thread-safe.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "index/internal/batch_rows.h"
#include "index/verdict_json.h"

namespace crawlcard::index {

// One file in force as lines tell of it.
class EvidenceTexts {
 public:
  explicit EvidenceTexts(const robots::Evidence& evidence);
  std::string_view Part(EvidencePart part) const;
  std::size_t bytes() const { return text_.size() + sizeof *this; }

 private:
  static constexpr std::size_t kParts = 3;  // all but kCapture, which is a page's
  std::string text_;
  std::array<std::uint32_t, kParts> ends_{};
};

class LineForm {
 public:
  // The form of `places.line`, or null where it does not show whose evidence a part is. `page` is
  // null for a URL without a capture, `wording` that of its statements (PageReader); `files` are
  // those in force.
  static std::unique_ptr<const LineForm> Of(const VerdictPlaces& places,
                                            const robots::Evidence* page, std::string_view wording,
                                            std::span<const OriginEvidence> files);

  // Whether it does for a page with this wording: some reasons quote the page.
  bool Fits(std::string_view wording) const { return !quotes_page_ || wording_ == wording; }

  // `files` are those in force at the URL's origin, in the same order.
  void AppendTail(const CaptureView* page, std::span<const EvidenceTexts> files,
                  std::string& line_out) const;
  std::size_t bytes() const;

 private:
  static constexpr std::uint8_t kPage = 0xFF;
  struct Gap {
    std::uint32_t at = 0;  // in tail_
    std::uint8_t owner = kPage;
    EvidencePart part = EvidencePart::kDate;
  };

  std::string tail_;
  std::vector<Gap> gaps_;
  bool quotes_page_ = false;
  std::string wording_;
};

// The forms of URLs with one verdict.
class LineForms {
 public:
  // Pages that quote themselves may each do so in words of their own.
  static constexpr std::size_t kMost = 16;

  // Null where none fits.
  const LineForm* Find(std::string_view wording) const;
  bool full() const { return forms_.size() >= kMost; }
  // `form` may be null.
  const LineForm* Add(std::unique_ptr<const LineForm> form);

 private:
  std::vector<std::unique_ptr<const LineForm>> forms_;
};

}  // namespace crawlcard::index
