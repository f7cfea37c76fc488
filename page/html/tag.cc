// page/html/tag.cc - see tag.h.
#include "page/html/tag.h"

#include "base/text.h"

namespace crawlcard::page::html {
namespace {

struct Slot {
  std::string_view name;
  std::string_view TagAttributes::*member;
};
constexpr Slot kSlots[] = {{"about", &TagAttributes::about},
                           {"class", &TagAttributes::class_name},
                           {"content", &TagAttributes::content},
                           {"href", &TagAttributes::href},
                           {"http-equiv", &TagAttributes::http_equiv},
                           {"id", &TagAttributes::id},
                           {"itemid", &TagAttributes::itemid},
                           {"itemprop", &TagAttributes::itemprop},
                           {"itemref", &TagAttributes::itemref},
                           {"itemtype", &TagAttributes::itemtype},
                           {"lang", &TagAttributes::lang},
                           {"name", &TagAttributes::name},
                           {"property", &TagAttributes::property},
                           {"rel", &TagAttributes::rel},
                           {"resource", &TagAttributes::resource},
                           {"src", &TagAttributes::src},
                           {"type", &TagAttributes::type},
                           {"typeof", &TagAttributes::type_of},
                           {"vocab", &TagAttributes::vocab}};

constexpr std::string_view kNoSnippet = "data-nosnippet";

// An empty value still has an address: it is there.
std::string_view NotNull(std::string_view value) {
  return value.data() == nullptr ? std::string_view("") : value;
}

}  // namespace

TagAttributes PickAttributes(std::span<const Attribute> attributes) {
  TagAttributes out;
  for (const Attribute& attribute : attributes) {
    const std::size_t size = attribute.name.size();
    if (size == kNoSnippet.size() && EqualsIgnoreCase(attribute.name, kNoSnippet)) {
      out.no_snippet = true;
    }
    if (size < 2 || size > 10) continue;
    if (size == 9 && EqualsIgnoreCase(attribute.name, "itemscope")) out.itemscope = true;
    const char first = AsciiLower(attribute.name[0]);
    for (const Slot& slot : kSlots) {
      if (slot.name.size() != size || slot.name[0] != first) continue;
      if (!EqualsIgnoreCase(slot.name, attribute.name)) continue;
      out.*slot.member = NotNull(attribute.value);
      break;
    }
  }
  return out;
}

}  // namespace crawlcard::page::html
