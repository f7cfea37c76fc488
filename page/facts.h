// page/facts.h - everything that one captured response says about itself.
//
// Observe() reads head and body once and gives flat values whose text lives in the capture's arena,
// so the record's buffer may be reused. It does not know what a directive means: names and values
// of metas and header fields are handed on, in order, for robots/ to read.
//
// Thread rule: functions are thread-safe; an Observer is thread-compatible, one a worker.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string_view>

#include "base/arena.h"
#include "page/http.h"
#include "page/licence.h"

namespace crawlcard::page {

// Where an element stands. noscript inside head is kNoscript.
enum class Where : std::uint8_t { kHead, kBody, kNoscript };
std::string_view WhereName(Where where);

// One <meta>, in document order. Only metas with a name, property, http-equiv or itemprop.
struct Meta {
  std::string_view name;       // lower case
  std::string_view attribute;  // which attribute held the name: "name", "property", ...
  std::string_view content;    // references decoded, UTF-8, at most limits::kMetaContentBytesMax
  Where where = Where::kHead;
  std::uint32_t line = 0;  // line of the tag in the decoded body, from 1
};

// One <link> whose rel says something about rights: license, copyright, or type
// application/rsl+xml.
struct RightsLink {
  std::string_view rel;   // lower case
  std::string_view type;  // lower case
  std::string_view href;  // absolute
  Where where = Where::kHead;
  std::uint32_t line = 0;
};

// A part of the page that a rule of its own speaks about.
struct Fragment {
  std::string_view rule;     // name of the attribute: "data-nosnippet"
  std::string_view element;  // name of the element, lower case
  std::uint32_t line = 0;
};

// ISO 639-3, with the share of the text that the annotator gave it.
struct Language {
  std::string_view code;
  float share = 0;
};
// kNone: nothing found. In order of trust.
enum class LanguageSource : std::uint8_t { kNone, kHtmlLang, kSample, kArchive };
std::string_view LanguageSourceName(LanguageSource source);

struct PageFacts {
  std::string_view
      content_type;          // essence, lower case: header, else sniffed "text/html", else empty
  std::string_view charset;  // WHATWG encoding name, lower case; empty when not text
  bool is_html = false;
  std::uint64_t payload_bytes = 0;  // decoded body
  std::uint64_t text_bytes = 0;     // visible text as UTF-8, white space collapsed
  std::string_view title;           // at most limits::kTitleBytesMax
  std::string_view html_lang;       // as written on <html>
  std::string_view text_sample;     // first visible text, UTF-8, for language detection
  std::span<const Meta> metas;
  std::span<const RightsLink> rights_links;
  bool names_rsl = false;  // a link or script of type application/rsl+xml (page/rsl_places.h)
  std::span<const Fragment> fragments;  // at most limits::kFragmentsMax
  std::span<const Licence> licences;
  Rights rights;
  std::uint32_t json_ld_blocks = 0;         // script elements of type application/ld+json
  std::uint32_t json_ld_broken_blocks = 0;  // of these, unreadable ones
  std::span<const std::string_view> notes;  // sorted, distinct
};

struct ObserveOptions {
  // Affects facts.
  std::size_t text_sample_bytes = 8 * 1024;  // 0: no sample is kept

  // Affects speed.
  bool by_tokenizer = false;  // read every tag of a page: the measure that tests compare with
};

// One response as the archive holds it.
struct Response {
  std::string_view url;              // absolute
  const HttpHead* head = nullptr;    // null for resource records
  std::string_view content_type;     // of the head, or of the resource record
  std::string_view identified_type;  // WARC-Identified-Payload-Type, or empty
  std::string_view body;             // decoded payload
  bool truncated = false;            // the archive cut the payload
};

class Observer {
 public:
  explicit Observer(const ObserveOptions& options);
  ~Observer();

  // Never fails: what cannot be read is a note. Everything in the result lives in `arena`.
  PageFacts Observe(const Response& response, Arena& arena);

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace crawlcard::page
