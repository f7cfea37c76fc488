// page/html/tag.h - the attributes of one tag that this room reads, picked out by name.
//
// Attributes are those of the HTML Standard (4.2.4, 4.6.7, 5.2), of RDFa Core 1.1 section 5, and
// data-nosnippet (signals.md 3.2). Thread rule: values; views of the source, not decoded.
#pragma once

#include <span>
#include <string_view>

#include "page/html/tokenizer.h"

namespace crawlcard::page::html {

// Raw values; an attribute that is not there has a null data().
struct TagAttributes {
  std::string_view about, content, href, http_equiv, id, itemid, itemprop, itemref, itemtype, lang,
      name, property, rel, resource, src, type, type_of, vocab, class_name;
  bool itemscope = false;
  bool no_snippet = false;  // data-nosnippet
};

inline bool Present(std::string_view raw) {
  return raw.data() != nullptr;
}

TagAttributes PickAttributes(std::span<const Attribute> attributes);

}  // namespace crawlcard::page::html
