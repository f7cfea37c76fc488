// page/outline.h - what a page says about rights, read from a list of its metas and links instead
// of its bytes: all that an archive's metadata file (WAT) shows of it.
//
// Where on the page a meta or link stood is not known. Metas and link elements are taken as those
// of the head, where nearly all are; a rel=license elsewhere may speak of the page, of a picture or
// of a comment: it is kept with low confidence and the flag "licence.place_unknown". Links without
// rel are mentions. Words: docs/formats/facts.md; what cannot be seen: docs/formats/wat.md.
//
// Thread rule: an OutlineObserver is thread-compatible, one a worker.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string_view>

#include "base/arena.h"
#include "page/facts.h"
#include "page/http.h"

namespace crawlcard::page {

// A name of a <meta> with its content; a meta with two names is two of these.
struct OutlineMeta {
  std::string_view attribute;  // "name", "property" or "http-equiv"; static
  std::string_view name;       // as written
  std::string_view content;
};

enum class OutlineElement : std::uint8_t { kLink, kA, kArea };

struct OutlineLink {
  OutlineElement element = OutlineElement::kA;
  std::string_view href;  // as written
  std::string_view rel;
  std::string_view type;
};

// Text is UTF-8 with references decoded, in document order.
struct Outline {
  std::string_view url;              // absolute
  const HttpHead* head = nullptr;    // null where there was none
  std::string_view identified_type;  // WARC-Identified-Payload-Type, or empty
  std::string_view base;             // href of <base>, or empty
  std::span<const OutlineMeta> metas;
  std::span<const OutlineLink> links;
};

// Whether a link is worth handing over: its rel, type or address may name a licence.
bool MayNameLicence(const OutlineLink& link);

// Where such a link may stand in a text, such as the source of a list of links, from `from` on: a
// place inside it, or npos. A filter.
std::size_t FindLicenceLink(std::string_view text, std::size_t from);

class OutlineObserver {
 public:
  OutlineObserver();
  ~OutlineObserver();

  // Fills content type, metas (line 0), rights links, licences, rights and notes; the rest stays
  // empty. Never fails. The result lives in `arena`; contents of metas may be views into the
  // outline.
  PageFacts Observe(const Outline& outline, Arena& arena);

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace crawlcard::page
