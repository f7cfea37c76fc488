// page/licence/rights_reader.h - licence statements in tags, comments and text (signals.md 11.1).
//
// Decides for each element what it says about whom: rel in head and body, RDFa and microdata with
// their subjects, metas, plain links, badges, sentences. What a value means is the collector's
// work. Prefixes of RDFa are taken by their customary names; which item an
// itemref means is not followed.
//
// Thread rule: thread-compatible.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "page/html/open_elements.h"
#include "page/html/tag.h"
#include "page/html/text_scan.h"
#include "page/html/tokenizer.h"
#include "page/licence/collector.h"

namespace crawlcard::page::licence {

class RightsReader {
 public:
  RightsReader();

  // `body` is borrowed for sentences, which are read again from the source.
  void Begin(std::string_view body, Collector& collector);

  // Reads a start tag that stands in `open`, and says how it is to be pushed.
  html::ElementMarks OnStartTag(html::Element element, const html::Token& tag,
                                const html::TagAttributes& attributes,
                                const html::OpenElements& open);

  // A meta with a name, after its values were decoded. `name` is lower case.
  void OnMeta(std::string_view attribute, std::string_view name, std::string_view content,
              const html::OpenElements& open);

  // A start tag without attributes of ours needs no OnStartTag(), unless this is so.
  bool awaits_text_value() const { return text_value_.open; }

  // An end tag, block or not, before it is taken for a block edge, while awaits_text_value().
  void OnEndTag(html::TagSpan tag);
  // A start or end tag, from `offset` to before `end`; an `edge` begins or ends a line of text.
  void OnEdge(bool edge, std::size_t offset, std::size_t end) {
    if (span_ != 0 && edge) [[unlikely]]
      EndSpan(offset);
    PassEdge(edge, end);
  }
  // The same while is_idle(). A store to either place, since most compilers would rather foretell
  // what cannot be foretold.
  [[gnu::always_inline]] void PassEdge(bool edge, std::size_t end) {
    tag_ends_[static_cast<std::size_t>(edge)] = end;
  }
  // Whether neither a statement nor a line that may be one is being read.
  bool is_idle() const { return span_ == 0 && !text_value_.open; }
  // Whether the next text is the name of who is to be attributed.
  bool wants_name() const { return (span_ & kWantsName) != 0; }
  // Whether OnText() would do anything with a text that was scanned.
  bool wants(const html::TextScan& scan) const { return scan.has_marks() || wants_name(); }
  // Visible text, as written, from `offset` of the body on.
  void OnText(std::string_view text, std::size_t offset, const html::TextScan& scan,
              const html::OpenElements& open);
  void OnComment(std::string_view data);
  void Finish();

 private:
  // A microdata or RDFa subject.
  struct Item {
    std::string_view type;
    std::string_view subject;  // absolute; empty: the page, or not said
    bool microdata = false;
    bool about_page = false;
  };

  // Of the line of text being read; most lines have none.
  enum SpanBit : std::uint8_t {
    kHasLicence = 1,   // its words may name a licence
    kHasReserved = 2,  // "rights reserved"
    kHasLink = 4,      // a licence link says it already
    kWantsName = 8,    // its next text is the name of who is to be attributed
  };

  // A statement whose value is the text of its element, until that ends.
  struct TextValue {
    bool open = false;
    Place place;
    Accept accept = Accept::kAny;
    std::string_view element;  // its name, in the body
    std::size_t begin = 0;     // of its text
    std::size_t nested = 0;    // elements of the same name inside
  };

  std::int32_t OpenItem(const html::TagAttributes& attributes);
  const Item* ItemOf(const html::OpenElements& open) const;
  Place PlaceOf(std::string_view location, const html::OpenElements& open,
                Confidence confidence) const;
  Place ItemPlace(const Item& item, std::string_view location,
                  const html::OpenElements& open) const;
  bool ReadMicrodata(html::Element element, const html::Token& tag,
                     const html::TagAttributes& attributes, const html::OpenElements& open);
  bool ReadRdfa(const html::Token& tag, const html::TagAttributes& attributes,
                const html::OpenElements& open, const Item* own);
  bool ReadRel(html::Element element, const html::TagAttributes& attributes,
               const html::OpenElements& open, const Item* own);
  void AwaitText(const Place& place, Accept accept, const html::Token& tag);
  void FinishText(std::size_t end);
  void ReadCcRel(const html::TagAttributes& attributes);
  void ReadBadge(const html::TagAttributes& attributes, const html::OpenElements& open);
  bool ReadPlainLink(const html::TagAttributes& attributes, const html::OpenElements& open);
  std::string_view Decoded(std::string_view raw);
  void EndSpan(std::size_t end);
  void ReadSpan(std::size_t end);
  std::string_view TextOfSpan(std::size_t begin, std::size_t end);

  std::size_t span_begin() const { return tag_ends_[1]; }
  bool Has(SpanBit bit) const { return (span_ & bit) != 0; }
  void SetSpan(SpanBit bit, bool on) {
    span_ = static_cast<std::uint8_t>(on ? span_ | bit : span_ & ~bit);
  }

  const char* body_end() const { return body_.data() + body_.size(); }

  std::string_view body_;
  Collector* collector_ = nullptr;
  std::vector<Item> items_;
  TextValue text_value_;
  // Of the last vocab attribute, of any element: the scope of vocabularies is not followed.
  bool vocabulary_has_licence_ = false;
  bool has_itemref_ = false;  // properties may stand outside their items

  // The line of text being read.
  std::array<std::size_t, 2> tag_ends_{};  // of the last tag that is no edge; of the last edge
  std::uint8_t span_ = 0;                  // what is known of it, as SpanBit
  std::size_t span_hit_ = 0;               // where the first such word stands
  html::Region span_region_ = html::Region::kBody;

  html::Tokenizer span_tokenizer_;
  std::string scratch_;
  std::string span_text_;
};

}  // namespace crawlcard::page::licence
