// page/html/page_reader.h - tag events of one HTML page in, facts out.
//
// Independent of who finds the tags: any scanner that reports the same tags, text and comments in
// order gets the same facts; start tags come with their attributes picked. Values are copied into
// the capture's arena at once.
//
//   tokenizer --OnStartTag/OnEndTag/OnText/OnComment--> PageReader --> metas, links, text
//                                                          |-> RightsReader -> Collector
// Thread rule: thread-compatible.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/arena.h"
#include "page/facts.h"
#include "page/html/char_ref.h"
#include "page/html/open_elements.h"
#include "page/html/tag.h"
#include "page/html/text_counter.h"
#include "page/html/tokenizer.h"
#include "page/json_ld/json_ld.h"
#include "page/licence/collector.h"
#include "page/licence/rights_reader.h"
#include "page/licence/terms.h"

namespace crawlcard::page::html {

class PageReader {
 public:
  PageReader();

  // `body` is UTF-8 (or meant to be); it and the other arguments are borrowed until Finish().
  void Begin(std::string_view body, licence::Collector& collector, Arena& arena,
             std::size_t text_sample_bytes);

  // With its attributes picked.
  void OnStartTag(const Token& tag);
  // One whose attributes say nothing: none of those that this class or RightsReader looks at, or
  // none with a value that they would heed. Not to be used while awaits_text_value(), and not for
  // elements of kReadElement. `self_closing` counts inside svg and math and for these two.
  void OnBareStartTag(TagSpan tag, bool self_closing);
  // A start tag may end the value of a statement, whatever its attributes.
  bool awaits_text_value() const { return rights_.awaits_text_value(); }
  void OnEndTag(TagSpan tag);

  // Whether the three below may be used. Only other members change that.
  bool is_plain() const {
    return pending_ == Pending::kNone && rights_.is_idle() && open_.is_plain();
  }
  // OnBareStartTag() and OnEndTag() for most tags, that end before `end`; false where one is none
  // of these, and nothing is done.
  [[gnu::always_inline]] bool OnPlainStartTag(const OpenElement& element, std::size_t end) {
    if (!open_.PushPlain(element)) return false;
    PassEdge(element.key.Is(kBlockElement), end);
    return true;
  }
  // For an end tag whose name begins at `at`, with `bytes`: where it ends, or zero as above.
  [[gnu::always_inline]] std::size_t OnWrittenEndTag(std::uint64_t bytes, std::size_t at) {
    const OpenElement* const closed = open_.PopWritten(bytes);
    if (closed == nullptr) return 0;
    at += closed->end_tag_bytes;
    PassEdge(closed->key.Is(kBlockElement), at);
    return at;
  }
  [[gnu::always_inline]] bool OnPlainEndTag(const NameKey& key, std::size_t end) {
    if (!open_.PopPlain(key)) return false;
    PassEdge(key.Is(kBlockElement), end);
    return true;
  }
  void OnText(const Token& text);
  // Text in the data state, that begins at `offset` of the body.
  void OnData(std::string_view text, std::size_t offset, const TextScan& scan);
  // Whether of a text without marks (page/html/body_map.h) nothing but its words matters: then one
  // of the two below, else OnData(). Only members other than these two and those of is_plain()
  // change that.
  bool wants_words_alone() const {
    return open_.has_body() && !open_.in_hidden() && !text_.wants_bytes() && !rights_.wants_name();
  }
  void OnWords(const TextScan& scan) { text_.AddWords(scan); }
  // OnData() for white space alone; false where it may be more than that, and nothing is done.
  bool OnBlank() {
    if (rights_.wants_name()) return false;
    if (!open_.in_hidden()) text_.Break();
    return true;
  }
  // For `size` bytes, 1 to 63; `words` has a bit for each that is no white space.
  [[gnu::always_inline]] void OnShortText(std::uint64_t words, std::size_t size) {
    text_.AddBits(words, size);
  }
  // The same, of a text that has references, which mean as many bytes more than they are written
  // with, or fewer, and no white space.
  [[gnu::always_inline]] void OnShortText(std::uint64_t words, std::size_t size,
                                          std::ptrdiff_t more) {
    text_.AddBits(words, size);
    text_.AddMore(more);
  }
  KnownReferences& references() { return references_; }
  void OnComment(std::string_view comment);

  // Whether raw text that comes next says nothing: it is no title, no JSON-LD, and hidden.
  bool ignores_raw_text() const { return pending_ == Pending::kNone && open_.in_hidden(); }
  // Whether the last tag left the parser in svg or math.
  bool in_foreign() const { return open_.in_foreign(); }

  // Fills in what was seen. The collector is not finished here.
  void Finish(PageFacts& facts);

 private:
  void AddWithReferences(std::string_view text, const TextScan& scan);
  void ReadElement(Element element, const Token& tag, const TagAttributes& attributes);
  void ReadMeta(const Token& tag, const TagAttributes& attributes);
  void AddMeta(const Token& tag, const TagAttributes& attributes, std::string_view attribute,
               std::string_view raw_name);
  void ReadLink(const Token& tag, const TagAttributes& attributes);
  void ReadFragment(const Token& tag);
  void BeginTitle();
  void ReadTitle(std::string_view raw);
  // A tag that may begin or end a line of text.
  void BeginBlockIf(bool block, std::size_t offset, std::size_t end) {
    text_.BreakIf(block);
    rights_.OnEdge(block, offset, end);
  }
  // The same while is_plain().
  [[gnu::always_inline]] void PassEdge(bool block, std::size_t end) {
    text_.BreakIf(block);
    rights_.PassEdge(block, end);
  }
  void ReadVisibleText(std::string_view text, std::size_t offset, const TextScan& scan,
                       bool references);
  Where where() const;
  std::uint32_t LineOf(std::size_t offset);
  // Decoded, valid UTF-8, at most `bytes_max`, in the arena.
  std::string_view Keep(std::string_view raw, std::size_t bytes_max);
  std::string_view KeepLower(std::string_view raw, std::size_t bytes_max);

  // Whose raw text comes next.
  enum class Pending : std::uint8_t { kNone, kTitle, kJsonLd };

  std::string_view body_;
  licence::Collector* collector_ = nullptr;
  Arena* arena_ = nullptr;
  OpenElements open_;
  TextCounter text_;
  std::size_t text_sample_bytes_ = 0;
  licence::RightsReader rights_;
  json_ld::BlockReader json_ld_;
  Pending pending_ = Pending::kNone;
  bool has_base_ = false;
  bool has_title_ = false;
  std::string_view title_;
  std::string_view html_lang_;
  std::vector<Meta> metas_;
  std::vector<RightsLink> links_;
  std::vector<Fragment> fragments_;
  bool names_rsl_ = false;
  std::uint32_t json_ld_blocks_ = 0;
  std::uint32_t json_ld_broken_ = 0;
  std::size_t line_offset_ = 0;  // lines are counted up to here
  std::uint32_t line_ = 1;
  KnownReferences references_;
  std::string decoded_;
  std::string valid_;
  bool kept_cut_ = false;  // the last Keep() left something out
};

}  // namespace crawlcard::page::html
