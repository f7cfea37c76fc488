// page/html/text_scan.cc - see text_scan.h.
#include "page/html/text_scan.h"

#include <algorithm>
#include <bit>
#include <cstdint>

#include "base/simd.h"
#include "base/text.h"

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

__attribute__((always_inline)) inline TextScan ScanMapped(const BodyMap& map, std::string_view body,
                                                          std::size_t begin, std::size_t end) {
  TextScan scan;
  const std::string_view text = body.substr(begin, end - begin);
  std::uint64_t in_word = 0;  // whether the block before ended in a word
  std::uint64_t marks = 0;
  for (std::size_t at = begin; at < end;) {
    const std::size_t next = std::min(BodyMap::NextBlock(at), end);
    const std::uint64_t range = BlockRange(at, next);
    const std::uint64_t words = ~map.WordOf(BodyMap::kSpace, at) & range;
    marks |= map.WordOf(BodyMap::kTextMark, at) & range;
    scan.word_bytes += static_cast<std::size_t>(std::popcount(words));
    scan.words += static_cast<std::size_t>(std::popcount(words & ~(words << 1 | in_word)));
    in_word = words >> (BodyMap::kBlockBytes - 1);
    at = next;
  }
  scan.begins_with_space = !text.empty() && IsAsciiSpace(text.front());
  scan.ends_with_space = !text.empty() && IsAsciiSpace(text.back());
  if (marks != 0) AddMarks(map, body, begin, end, scan);
  return scan;
}

#if defined(__x86_64__)
// Every processor with AVX2 counts bits by an instruction.
__attribute__((target("popcnt"))) TextScan ScanByPopcnt(const BodyMap& map, std::string_view body,
                                                        std::size_t begin, std::size_t end) {
  return ScanMapped(map, body, begin, end);
}
#endif

}  // namespace

TextScan ScanText(const BodyMap& map, std::string_view body, std::size_t begin, std::size_t end) {
#if defined(__x86_64__)
  if (SimdLevel() == Simd::kAvx2) return ScanByPopcnt(map, body, begin, end);
#endif
  return ScanMapped(map, body, begin, end);
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
