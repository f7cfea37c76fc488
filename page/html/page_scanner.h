// page/html/page_scanner.h - finds the tags, texts and comments of one page for a PageReader.
//
// Goes from '<' to '<' by the map of the body (page/html/body_map.h). A tag that holds no word that
// matters is passed on by its name alone; all others, raw text, comments and whatever is unusual
// are left to the tokenizer. PageReader gets the facts that it gets from the tokenizer alone; tests
// compare the two.
//
// Thread rule: thread-compatible.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "page/html/body_map.h"
#include "page/html/open_elements.h"
#include "page/html/page_reader.h"
#include "page/html/tokenizer.h"

namespace crawlcard::page::html {

// Reads every token of `body`. Returns whether attributes were dropped (limits::kAttributesMax).
bool ReadByTokenizer(std::string_view body, Tokenizer& tokenizer, PageReader& reader);

// A name of tags, as known from tags before.
struct KnownName {
  std::uint64_t bytes = 0;  // as written, the first lowest; zero: too many
  OpenElement element;      // what such a tag opens where nothing else is to be said of it
};

// The names of the tags last seen: a page uses few.
class KnownNames {
 public:
  static constexpr std::size_t kBytesMax = 8;

  // `bytes` are those of a name as written, not all zero. Null: not seen of late.
  const KnownName* Find(std::uint64_t bytes) const {
    const KnownName& name = names_[SlotOf(bytes)];
    return name.bytes == bytes ? &name : nullptr;
  }
  // Zero bytes: a longer name, kept until the next one. The reference is good until the next call.
  const KnownName& Add(std::uint64_t bytes, const NameKey& key) {
    KnownName& name = bytes == 0 ? long_name_ : names_[SlotOf(bytes)];
    name.bytes = bytes;
    name.element.key = key;
    name.element.end_tag = EndTagOf(bytes);
    name.element.end_tag_bytes = static_cast<std::uint8_t>(name.element.end_tag.size());
    return name;
  }

 private:
  static constexpr unsigned kSlotBits = 8;
  // Spread by the golden ratio as a fraction of 64 bits.
  static std::size_t SlotOf(std::uint64_t bytes) {
    return static_cast<std::size_t>(bytes * 0x9E3779B97F4A7C15ULL >> (64 - kSlotBits));
  }

  std::array<KnownName, std::size_t{1} << kSlotBits> names_{};
  KnownName long_name_;
};

class PageScanner {
 public:
  PageScanner();

  // The same facts as by ReadByTokenizer(). `body` is borrowed by the reader.
  bool Read(std::string_view body, PageReader& reader);

 private:
  BodyMap map_;
  Tokenizer tokenizer_;
  KnownNames known_names_;
};

}  // namespace crawlcard::page::html
