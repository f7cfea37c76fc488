// page/html/tag.cc - see tag.h.
#include "page/html/tag.h"

#include <array>
#include <bit>
#include <cstddef>

#include "page/html/packed_name.h"

namespace crawlcard::page::html {
namespace {

struct Name {
  std::string_view text;
  std::string_view TagAttributes::*member;
  bool rights = false;  // rights are said with it, on whatever element
};
constexpr std::array<Name, 21> kNames = {{
    {"about", &TagAttributes::about, true},
    {"class", &TagAttributes::class_name},
    {"content", &TagAttributes::content},
    {"data-nosnippet", &TagAttributes::no_snippet_value},
    {"href", &TagAttributes::href},
    {"http-equiv", &TagAttributes::http_equiv},
    {"id", &TagAttributes::id},
    {"itemid", &TagAttributes::itemid},
    {"itemprop", &TagAttributes::itemprop, true},
    {"itemref", &TagAttributes::itemref},
    {"itemscope", &TagAttributes::itemscope_value, true},
    {"itemtype", &TagAttributes::itemtype},
    {"lang", &TagAttributes::lang},
    {"name", &TagAttributes::name},
    {"property", &TagAttributes::property, true},
    {"rel", &TagAttributes::rel, true},
    {"resource", &TagAttributes::resource, true},
    {"src", &TagAttributes::src},
    {"type", &TagAttributes::type},
    {"typeof", &TagAttributes::type_of, true},
    {"vocab", &TagAttributes::vocab, true},
}};
constexpr std::size_t kNameBytesMax = 14;

// Where a name is looked for. The multiplier gives every name a slot of its own.
constexpr std::uint64_t kMultiplier = 0x442E3D437204E52DULL;
constexpr unsigned kSlotBits = 6;
constexpr std::size_t SlotOf(const PackedName& name) {
  return static_cast<std::size_t>(name.Hash(kMultiplier) >> (64 - kSlotBits));
}

struct Slot {
  PackedName name;
  std::uint8_t size = 0;   // 0: no attribute of ours
  std::uint8_t index = 0;  // in kNames
};
constexpr std::array<Slot, std::size_t{1} << kSlotBits> MakeSlots() {
  std::array<Slot, std::size_t{1} << kSlotBits> slots{};
  for (std::size_t i = 0; i < kNames.size(); ++i) {
    const PackedName name = PackName(kNames[i].text);
    Slot& slot = slots[SlotOf(name)];
    if (slot.size != 0) return {};  // two names in one slot: caught below
    slot = {name, static_cast<std::uint8_t>(kNames[i].text.size()), static_cast<std::uint8_t>(i)};
  }
  return slots;
}
constexpr auto kSlots = MakeSlots();
static_assert(kSlots[SlotOf(PackName("rel"))].size == 3, "names share a slot");

// The sizes of the names that begin with a byte, a bit each: most attributes end here.
constexpr std::array<std::uint16_t, 256> MakeSizes() {
  std::array<std::uint16_t, 256> sizes{};
  for (const Name& name : kNames) {
    const auto first = static_cast<unsigned char>(name.text.front());
    for (const unsigned byte : {unsigned{first}, unsigned{first} - 0x20}) {
      sizes[byte] = static_cast<std::uint16_t>(sizes[byte] | (1U << name.text.size()));
    }
  }
  return sizes;
}
constexpr auto kSizes = MakeSizes();

constexpr std::uint32_t RightsBits() {
  std::uint32_t bits = 0;
  for (std::size_t i = 0; i < kNames.size(); ++i) {
    if (kNames[i].rights) bits |= std::uint32_t{1} << i;
  }
  return bits;
}

}  // namespace

constinit const std::uint32_t TagAttributes::kRightsBits = RightsBits();

void TagAttributes::Take(std::string_view attribute, std::string_view value, const char* end) {
  const auto first = static_cast<unsigned char>(attribute.front());
  if (attribute.size() > kNameBytesMax || (kSizes[first] >> attribute.size() & 1) == 0) return;
  const PackedName packed = PackNameIn(attribute, end);
  const Slot& slot = kSlots[SlotOf(packed)];
  if (slot.size != attribute.size() || slot.name != packed) return;
  const std::uint32_t bit = std::uint32_t{1} << slot.index;
  if ((present & bit) != 0) return;  // the first of a name counts (HTML Standard, 13.2.5.33)
  present |= bit;
  // An empty value still has an address: it is there.
  this->*kNames[slot.index].member = value.data() == nullptr ? std::string_view("") : value;
}

void TagAttributes::Clear() {
  for (std::uint32_t left = present; left != 0; left &= left - 1) {
    this->*kNames[static_cast<std::size_t>(std::countr_zero(left))].member = {};
  }
  present = 0;
}

TagAttributes PickAttributes(std::span<const Attribute> attributes) {
  TagAttributes out;
  for (const Attribute& attribute : attributes) {
    out.Take(attribute.name, attribute.value, attribute.name.data() + attribute.name.size());
  }
  return out;
}

}  // namespace crawlcard::page::html
