// page/html/char_ref.h - character references and the clean-up of raw markup text.
//
// The tokenizer hands out raw bytes of the source. These functions turn them into the text that the
// HTML Standard means: references decoded (section 13.2.5.72 to .80), CR LF made LF, NUL replaced.
// Called only for the few values that are kept. Thread rule: thread-safe but for KnownReferences.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>

namespace crawlcard::page::html {

// Where the raw text stood: in attributes "&copy=1" is no reference.
enum class RefContext { kNone, kText, kAttribute };
// What becomes of U+0000: the data state keeps it, all others replace it by U+FFFD.
enum class NulRule { kKeep, kReplace };

// Appends the meaning of the reference whose '&' stands before `text`. Returns the bytes used of
// `text`; 0 and nothing appended where it is no reference.
std::size_t DecodeReference(std::string_view text, RefContext context, std::string& out);

// A reference of a text as numbers of bytes: of itself without its '&', and of its meaning. Nothing
// used: it is no reference.
struct ReferenceBytes {
  std::size_t used = 0;
  std::size_t meaning = 0;
  bool begins_with_space = false;  // the meaning, with white space of ASCII
};

// What references come to, with those last seen kept: a page uses few. Thread rule:
// thread-compatible.
class KnownReferences {
 public:
  // Of the reference in a text whose '&' stands before `text`.
  ReferenceBytes Measure(std::string_view text) {
    const std::uint64_t bytes = BytesOf(text);
    if (bytes == 0) return Decode(text);
    Known& known = known_[bytes * 0x9E3779B97F4A7C15ULL >> (64 - kSlotBits)];
    if (known.bytes != bytes) known = {bytes, Decode(text)};
    return known.size;
  }

 private:
  // Up to and with the first ';', as a number: what is behind that changes nothing. Zero: further
  // than eight bytes, or where so many cannot be read.
  static std::uint64_t BytesOf(std::string_view text) {
    std::uint64_t bytes = 0;
    if (text.size() < sizeof(bytes)) return 0;
    std::memcpy(&bytes, text.data(), sizeof(bytes));
    const std::uint64_t other = bytes ^ (kOnes * ';');
    const std::uint64_t found = (other - kOnes) & ~other & (0x80 * kOnes);
    return found == 0 ? 0 : bytes & (found ^ (found - 1));
  }
  ReferenceBytes Decode(std::string_view text);

  struct Known {
    std::uint64_t bytes = 0;
    ReferenceBytes size;
  };
  static constexpr std::uint64_t kOnes = 0x0101010101010101ULL;
  static constexpr unsigned kSlotBits = 8;

  std::array<Known, std::size_t{1} << kSlotBits> known_{};
  std::string decoded_;
};

// Appends the meaning of `raw` to `out`. Bytes that are not UTF-8 pass unchanged.
void AppendDecoded(std::string_view raw, RefContext context, NulRule nul, std::string& out);

// The value of an attribute. Returns `raw` itself where nothing needs decoding, else a view of
// `scratch`, which is overwritten.
std::string_view AttributeValue(std::string_view raw, std::string& scratch);

}  // namespace crawlcard::page::html
