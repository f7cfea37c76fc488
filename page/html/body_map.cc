// page/html/body_map.cc - see body_map.h.
#include "page/html/body_map.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cstring>

#include "base/assert.h"
#include "base/simd.h"
#include "base/text.h"
#include "page/html/byte_classes.h"
#include "page/internal/letter_triples.h"
#include "page/licence/terms.h"

#if defined(__x86_64__)
#include <immintrin.h>
#endif

namespace crawlcard::page::html {
namespace {

using page::internal::kTripleLetters;
using page::internal::TripleGroupsAt;
using page::internal::TripleWord;

// Without one of these a start tag says nothing to PageReader::OnStartTag() that OnBareStartTag()
// would not do; and without one of those marked X a text names no licence (page/html/text_scan.h).
// Ordered by group. Groups and letters are chosen so that few other places of real pages have them.
constexpr auto kWords = std::to_array<TripleWord>({
    // Licence addresses (page/licence/collector.cc, MayBeLicenceUrl).
    // Terms of rel, property and itemprop (page/licence/terms.cc, rights_reader.cc): W
    // Attributes of subjects and vocabularies, data-nosnippet: A. Types of script and link: T.
    // Class and id words of regions (page/licence/terms.cc, RegionOf): R. Text: X.
    {"commons.org", 2, 0},
    {"ommons", 1, 0, true},  // X
    {"gemma/", 2, 0},
    {"comment", 2, 0},  // R
    {"rights", 3, 0},   // W
    {"rightsstatements", 3, 0},
    {"itemscope", 3, 0},  // A
    {"mpl/", 1, 1},
    {"footer", 1, 1},   // R
    {"rsl+xml", 1, 1},  // T
    {"licen", 1, 2},    // W too
    {"nlod", 1, 2},
    {"attribution", 4, 2},  // W
    {"colophon", 2, 2},     // R
    {"disqus", 1, 3},       // R
    {"resource", 1, 3},     // A
    {"usageinfo", 0, 3},    // W
    {"ld+json", 3, 3},      // T
    {"dl-de", 1, 4},
    {"eserved", 4, 4, true},  // X
    {"ESERVED", 4, 4, true},  // X
    {"about", 1, 5},          // A
    {"copyleft", 1, 5},
    {"copyright", 1, 5},  // W
    {"government-works", 0, 5},
    {"nosnippet", 4, 5},  // A
    {"typeof", 2, 6},     // A
    {"vocab", 0, 6},      // A
    {"cdla.", 0, 7},
    {"accessibleforfree", 1, 7},  // W
    {"CC?", 0, 7, true},          // X
});
constexpr std::array<std::size_t, 9> MakeGroupBegins() {
  std::array<std::size_t, 9> begins{};
  for (const TripleWord& word : kWords) ++begins[word.group + 1];
  for (std::size_t i = 1; i < begins.size(); ++i) begins[i] += begins[i - 1];
  return begins;
}
constexpr std::array<std::size_t, 9> kGroupBegins = MakeGroupBegins();
static_assert(std::is_sorted(kWords.begin(), kWords.end(),
                             [](const TripleWord& a, const TripleWord& b) {
                               return a.group < b.group;
                             }));
// Words that matter only as the whole name of an attribute.
constexpr bool IsAttributeWord(const TripleWord& word) {
  for (const std::string_view name : {"itemscope", "typeof", "about", "resource", "vocab"}) {
    if (word.text == name) return true;
  }
  return false;
}
// Words of regions, which matter only in a class or id of one of these.
constexpr bool IsRegionWordPart(const TripleWord& word) {
  for (const std::string_view part : {"comment", "footer", "colophon", "disqus"}) {
    if (word.text == part) return true;
  }
  return false;
}
constexpr page::internal::TripleTables kTables = page::internal::MakeTripleTables(kWords);

// The first eight bytes of each word as a number, the first byte lowest.
struct WordStart {
  std::uint64_t fold = 0;   // the case bits of its letters
  std::uint64_t value = 0;  // with these set
  std::uint64_t mask = 0;   // the bytes that count
  std::size_t letters_at = 0;

  // Whether the word may have its letters at `bytes`.
  bool FitsBefore(const char* bytes) const {
    std::uint64_t found = 0;
    std::memcpy(&found, bytes - letters_at, sizeof(found));
    return (((found | fold) ^ value) & mask) == 0;
  }
};
constexpr auto kWordStarts = [] {
  std::array<WordStart, kWords.size()> starts{};
  for (std::size_t i = 0; i < kWords.size(); ++i) {
    const TripleWord& word = kWords[i];
    starts[i].letters_at = word.letters_at;
    for (std::size_t k = 0; k < std::min<std::size_t>(word.text.size(), 8); ++k) {
      const auto c = static_cast<unsigned char>(word.text[k]);
      if (word.text[k] == page::internal::kAnyLetter) continue;
      if (!word.exact_case && c >= 'a' && c <= 'z')
        starts[i].fold |= std::uint64_t{0x20} << (8 * k);
      starts[i].value |= std::uint64_t{c} << (8 * k);
      starts[i].mask |= std::uint64_t{0xFF} << (8 * k);
    }
  }
  return starts;
}();
constexpr std::size_t kLettersAtMax = [] {
  std::size_t most = 0;
  for (const TripleWord& word : kWords) most = std::max(most, word.letters_at);
  return most;
}();

// What may be loaded behind a block.
constexpr std::size_t kBehind = kTripleLetters - 1;
// Blocks mapped at once.
constexpr std::size_t kBlocksAhead = 32;

using ReadBlock = void (*)(const char*, BodyBlock&);

void ReadBlockScalar(const char* bytes, BodyBlock& out) {
  BodyBlock block;
  for (std::size_t i = 0; i < BodyMap::kBlockBytes; ++i) {
    const std::uint64_t bit = std::uint64_t{1} << i;
    const char c = bytes[i];
    if (c == '<') block.less |= bit;
    if (IsAsciiSpace(c)) block.space |= bit;
    if (c == '&' || TripleGroupsAt(kTables, bytes + i) != 0) block.mark |= bit;
  }
  out = block;
}

#if defined(__x86_64__)

// Classes by comparison; words byte by byte, since SSE2 has no shuffle.
void ReadBlockSse2(const char* bytes, BodyBlock& out) {
  BodyBlock block;
  for (std::size_t at = 0; at < BodyMap::kBlockBytes; at += 16) {
    const __m128i text = _mm_loadu_si128(reinterpret_cast<const __m128i*>(bytes + at));
    const auto is = [text](char c) { return _mm_cmpeq_epi8(text, _mm_set1_epi8(c)); };
    const auto bits = [at](__m128i hits) {
      return static_cast<std::uint64_t>(static_cast<unsigned>(_mm_movemask_epi8(hits))) << at;
    };
    block.less |= bits(is('<'));
    block.mark |= bits(is('&'));
    block.space |= bits(_mm_or_si128(_mm_or_si128(is(' '), is('\t')),
                                     _mm_or_si128(is('\n'), _mm_or_si128(is('\r'), is('\f')))));
  }
  for (std::size_t i = 0; i < BodyMap::kBlockBytes; ++i) {
    if (TripleGroupsAt(kTables, bytes + i) != 0) block.mark |= std::uint64_t{1} << i;
  }
  out = block;
}

#define CRAWLCARD_AVX2 __attribute__((target("avx2"), always_inline)) inline

// What is looked up in a block: made once a body.
struct Avx2Tables {
  __m256i space;
  page::internal::TripleVectors words;
};

// The byte of a class with each low half; bytes that are not in the class never equal what they
// look up.
CRAWLCARD_AVX2 Avx2Tables LoadTables() {
  Avx2Tables tables;
  tables.space = _mm256_setr_epi8(                                              //
      ' ', -1, -1, -1, -1, -1, -1, -1, -1, '\t', '\n', -1, '\f', '\r', -1, -1,  //
      ' ', -1, -1, -1, -1, -1, -1, -1, -1, '\t', '\n', -1, '\f', '\r', -1, -1);
  tables.words = page::internal::LoadTriples(kTables);
  return tables;
}

CRAWLCARD_AVX2 __m256i Same(__m256i a, __m256i b) {
  return _mm256_cmpeq_epi8(a, b);
}

// Sets one half of the bits: 4 bytes at `half` of the block, whose words are stored lowest byte
// first, as vector instructions count.
CRAWLCARD_AVX2 void PutHalf(__m256i hits, std::uint64_t& bits, std::size_t half) {
  const int mask = _mm256_movemask_epi8(hits);
  std::memcpy(reinterpret_cast<char*>(&bits) + 4 * half, &mask, 4);
}

CRAWLCARD_AVX2 void ReadHalf(const char* bytes, const Avx2Tables& tables, std::size_t half,
                             BodyBlock& out) {
  const __m256i first = _mm256_loadu_si256(reinterpret_cast<const __m256i*>(bytes));
  const __m256i groups = page::internal::TripleGroups(bytes, tables.words);
  const __m256i marks = _mm256_or_si256(groups, Same(first, _mm256_set1_epi8('&')));
  const __m256i none = Same(marks, _mm256_setzero_si256());
  PutHalf(Same(first, _mm256_set1_epi8('<')), out.less, half);
  PutHalf(Same(first, _mm256_shuffle_epi8(tables.space, first)), out.space, half);
  PutHalf(_mm256_xor_si256(none, _mm256_set1_epi8(-1)), out.mark, half);
}

__attribute__((target("avx2"))) void ReadBlocksAvx2(const char* bytes, std::size_t count,
                                                    BodyBlock* out) {
  const Avx2Tables tables = LoadTables();
  for (std::size_t i = 0; i < count; ++i) {
    const char* const block = bytes + i * BodyMap::kBlockBytes;
    ReadHalf(block, tables, 0, out[i]);
    ReadHalf(block + BodyMap::kBlockBytes / 2, tables, 1, out[i]);
  }
}

#undef CRAWLCARD_AVX2
#endif

void ReadBlocks(const char* bytes, std::size_t count, BodyBlock* out) {
#if defined(__x86_64__)
  const Simd level = SimdLevel();
  if (level == Simd::kAvx2) return ReadBlocksAvx2(bytes, count, out);
  const ReadBlock read = level == Simd::kSse2 ? ReadBlockSse2 : ReadBlockScalar;
#else
  const ReadBlock read = ReadBlockScalar;
#endif
  for (std::size_t i = 0; i < count; ++i) read(bytes + i * BodyMap::kBlockBytes, out[i]);
}

}  // namespace

void BodyMap::Reset(std::string_view body) {
  body_ = body;
  block_count_ = body.size() / kBlockBytes + 2;
  if (blocks_.size() < block_count_) blocks_.resize(block_count_);
  mapped_ = 0;
}

void BodyMap::MapMore() {
  std::size_t block = mapped_;
  mapped_ = std::min(mapped_ + kBlocksAhead, block_count_);
  // Blocks behind which enough may be loaded.
  const std::size_t whole = body_.size() < kBehind ? 0 : (body_.size() - kBehind) / kBlockBytes;
  if (const std::size_t end = std::min(mapped_, whole); block < end) {
    ReadBlocks(body_.data() + block * kBlockBytes, end - block, &blocks_[block]);
    block = end;
  }
  for (; block < mapped_; ++block) {
    std::array<char, kBlockBytes + kBehind> bytes{};
    const std::size_t begin = std::min(block * kBlockBytes, body_.size());
    const std::string_view rest = body_.substr(begin, bytes.size());
    std::memcpy(bytes.data(), rest.data(), rest.size());
    ReadBlocks(bytes.data(), 1, &blocks_[block]);
  }
}

// Whether what stands at `at` may be the name of an attribute: between white space, slashes and
// quotes before it and what ends a name behind it.
bool BodyMap::IsAttributeAt(std::size_t at, std::size_t size) const {
  if (at == 0 || at + size >= body_.size()) return true;
  const char before = body_[at - 1];
  return (IsByte(before, kEndsTagName) || before == '"' || before == '\'') &&
         IsByte(body_[at + size], kEndsAttributeName);
}

bool BodyMap::IsWordAround(std::size_t at) const {
  if (body_.size() - at < kTripleLetters) return true;  // cannot tell
  // Words that are not there show in their first bytes, where these may be loaded.
  const bool has_starts = std::endian::native == std::endian::little && at >= kLettersAtMax &&
                          body_.size() - at >= sizeof(std::uint64_t);
  const char* const bytes = body_.data() + at;
  for (unsigned groups = TripleGroupsAt(kTables, bytes); groups != 0; groups &= groups - 1) {
    const auto group = static_cast<std::size_t>(std::countr_zero(groups));
    std::size_t i = kGroupBegins[group];
    const std::size_t end = kGroupBegins[group + 1];
    if (has_starts) {
      while (i < end && !kWordStarts[i].FitsBefore(bytes)) ++i;
    }
    for (; i < end; ++i) {
      if (IsWordAt(kWords[i], at)) return true;
    }
  }
  return false;
}

// Whether a word of ours has its letters at `at`.
bool BodyMap::IsWordAt(const page::internal::TripleWord& word, std::size_t at) const {
  if (at < word.letters_at) return false;
  const std::size_t begin = at - word.letters_at;
  if (!page::internal::IsTripleWordAt(word, body_.substr(begin))) return false;
  if (IsAttributeWord(word)) return IsAttributeAt(begin, word.text.size());
  return !IsRegionWordPart(word) || licence::IsRegionWord(TokenAround(begin));
}

// What stands around `at` between white space, quotes and the like, as far as it may be a word of
// a list: of longer ones, a part that is none.
std::string_view BodyMap::TokenAround(std::size_t at) const {
  constexpr std::size_t kReach = 24;
  const auto ends = [this](std::size_t place) {
    const char c = body_[place];
    return IsByte(c, kSpaceByte) || c == '"' || c == '\'' || c == '=' || c == '>';
  };
  std::size_t begin = at;
  while (begin > 0 && at - begin < kReach && !ends(begin - 1)) --begin;
  std::size_t end = at;
  while (end < body_.size() && end - at < kReach && !ends(end)) ++end;
  return body_.substr(begin, end - begin);
}

}  // namespace crawlcard::page::html
