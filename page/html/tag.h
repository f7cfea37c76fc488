// page/html/tag.h - the attributes of one tag that this room reads, picked out by name.
//
// Attributes are those of the HTML Standard (4.2.4, 4.6.7, 5.2), of RDFa Core 1.1 section 5, and
// data-nosnippet (signals.md 3.2). Thread rule: values; views of the source, not decoded.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

namespace crawlcard::page::html {

// Raw bytes of the source. Compare names without case.
struct Attribute {
  std::string_view name;
  std::string_view value;
};

// Raw values; an attribute that is not there has a null data().
struct TagAttributes {
  std::string_view about, content, href, http_equiv, id, itemid, itemprop, itemref, itemscope_value,
      itemtype, lang, name, no_snippet_value, property, rel, resource, src, type, type_of, vocab,
      class_name;
  std::uint32_t present = 0;  // a bit for each that is there

  // Takes the first attribute of a name; `end` is the end of the text that it stands in.
  void Take(std::string_view attribute, std::string_view value, const char* end);
  // Forgets all attributes.
  void Clear();

  bool itemscope() const { return itemscope_value.data() != nullptr; }
  bool no_snippet() const { return no_snippet_value.data() != nullptr; }
  // Whether there is more than class, id, href, src, type and the like: what rights are said with.
  bool says_rights() const { return (present & kRightsBits) != 0; }

 private:
  static const std::uint32_t kRightsBits;
};

inline bool Present(std::string_view raw) {
  return raw.data() != nullptr;
}

TagAttributes PickAttributes(std::span<const Attribute> attributes);

}  // namespace crawlcard::page::html
