// page/html/tag.h - the attributes of one tag that this room reads, picked out by name.
//
// Thread rule: values; views of the source, not decoded.
#pragma once

#include <span>
#include <string_view>

#include "page/html/tokenizer.h"

namespace crawlcard::page::html {

// Raw values; an attribute that is not there has a null data().
struct TagAttributes {
  std::string_view about, content, href, http_equiv, id, itemid, itemprop, itemtype, lang, name,
      property, rel, resource, src, type, type_of, vocab, class_name;
  bool itemscope = false;
  bool no_snippet = false;  // data-nosnippet
};

inline bool Present(std::string_view raw) {
  return raw.data() != nullptr;
}

TagAttributes PickAttributes(std::span<const Attribute> attributes);

}  // namespace crawlcard::page::html
