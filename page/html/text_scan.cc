// page/html/text_scan.cc - see text_scan.h.
#include "page/html/text_scan.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cstdint>
#include <cstring>

#include "base/simd.h"
#include "base/text.h"
#include "page/internal/space_bits.h"

namespace crawlcard::page::html {
namespace {

// Takes down what stands at `at`: a reference, or the letters that mark one of the words.
void AddMark(std::string_view text, std::size_t at, TextScan& scan) {
  const auto has = [text, at](std::string_view word, std::size_t before) {
    return at >= before && text.substr(at - before).starts_with(word);
  };
  switch (text[at]) {
    case '&':
      scan.has_reference = true;
      break;
    case 'C':
      if (scan.capitals_at == TextScan::kNone && has("CC", 0)) scan.capitals_at = at;
      break;
    case 'm':
      if (scan.commons_at == TextScan::kNone && has("ommons", 1)) scan.commons_at = at - 1;
      break;
    case 'v':
      scan.has_reserved = scan.has_reserved || has("eserved", 4);
      break;
    case 'V':
      scan.has_reserved = scan.has_reserved || has("ESERVED", 4);
      break;
    default:
      break;
  }
}

}  // namespace

TextScan ScanText(std::string_view text) {
  TextScan scan;
  if (text.empty()) return scan;
  bool in_word = false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    const bool word = !IsAsciiSpace(c);
    if (word) ++scan.word_bytes;
    if (word && !in_word) ++scan.words;
    in_word = word;
    AddMark(text, i, scan);
  }
  scan.begins_with_space = IsAsciiSpace(text.front());
  scan.ends_with_space = IsAsciiSpace(text.back());
  return scan;
}

namespace {

// The white space of the block of the body that begins at `block`.
template <class Spaces>
[[gnu::always_inline]] inline std::uint64_t SpacesOfBlock(std::string_view body,
                                                          std::size_t block) {
  const std::string_view rest = body.substr(block, BodyMap::kBlockBytes);
  if (rest.size() == BodyMap::kBlockBytes) return Spaces::Bits(rest.data(), rest.size());
  std::array<char, BodyMap::kBlockBytes> bytes{};
  std::memcpy(bytes.data(), rest.data(), rest.size());
  return Spaces::Bits(bytes.data(), bytes.size());
}

template <class Spaces>
[[gnu::always_inline]] inline TextScan CountWords(std::string_view body, std::size_t begin,
                                                  std::size_t end) {
  TextScan scan;
  std::uint64_t in_word = 0;  // whether the block before ended in a word
  for (std::size_t at = begin; at < end;) {
    const std::size_t next = std::min(BodyMap::NextBlock(at), end);
    const std::size_t block = at & ~(BodyMap::kBlockBytes - 1);
    const std::uint64_t words = ~SpacesOfBlock<Spaces>(body, block) & BlockRange(at, next);
    scan.word_bytes += static_cast<std::size_t>(std::popcount(words));
    scan.words += static_cast<std::size_t>(std::popcount(words & ~(words << 1 | in_word)));
    in_word = words >> (BodyMap::kBlockBytes - 1);
    at = next;
  }
  scan.begins_with_space = begin < end && IsAsciiSpace(body[begin]);
  scan.ends_with_space = begin < end && IsAsciiSpace(body[end - 1]);
  return scan;
}

#if defined(__x86_64__)
// Every processor with AVX2 counts bits by an instruction.
[[gnu::target("avx2,popcnt")]] TextScan CountByAvx2(std::string_view body, std::size_t begin,
                                                    std::size_t end) {
  return CountWords<page::internal::Avx2Spaces>(body, begin, end);
}
#endif

TextScan CountByLevel(std::string_view body, std::size_t begin, std::size_t end) {
#if defined(__x86_64__)
  if (SimdLevel() == Simd::kAvx2) return CountByAvx2(body, begin, end);
  if (SimdLevel() == Simd::kSse2) return CountWords<page::internal::Sse2Spaces>(body, begin, end);
#endif
  return CountWords<page::internal::ScalarSpaces>(body, begin, end);
}

}  // namespace

TextScan ScanText(const BodyMap& map, std::string_view body, std::size_t begin, std::size_t end) {
  TextScan scan = CountByLevel(body, begin, end);
  AddMarks(map, body, begin, end, scan);
  return scan;
}

void AddMarks(const BodyMap& map, std::string_view body, std::size_t begin, std::size_t end,
              TextScan& scan_out) {
  const std::string_view text = body.substr(begin, end - begin);
  for (std::size_t at = begin; at < end; at = BodyMap::NextBlock(at)) {
    const std::size_t block_begin = at & ~(BodyMap::kBlockBytes - 1);
    const std::uint64_t range = BlockRange(at, std::min(BodyMap::NextBlock(at), end));
    std::uint64_t marks = map.WordOf(BodyMap::kTextMark, at) & range;
    for (; marks != 0; marks &= marks - 1) {
      const std::size_t mark = block_begin + static_cast<std::size_t>(std::countr_zero(marks));
      AddMark(text, mark - begin, scan_out);
    }
  }
}

}  // namespace crawlcard::page::html
