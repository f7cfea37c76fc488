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
#include "page/internal/wide_vectors.h"
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
    {"rights", 3, 0},  // W
    {"vocab", 0, 0},   // A
    {"mpl/", 1, 1},
    {"rsl+xml", 1, 1},      // T
    {"nosnippet", 4, 1},    // A
    {"licen", 1, 2},        // W too
    {"attribution", 4, 2},  // W
    {"colophon", 2, 2},     // R
    {"about", 1, 2},        // A
    {"disqus", 1, 3},       // R
    {"resource", 1, 3},     // A
    {"usageinfo", 0, 3},    // W
    {"ld+json", 3, 3},      // T
    {"nlod", 1, 4},
    {"dl-de", 1, 4},
    {"eserved", 4, 4, true},  // X
    {"ESERVED", 4, 4, true},  // X
    {"footer", 1, 5},         // R
    {"copyleft", 1, 5},
    {"copyright", 1, 5},  // W
    {"government-works", 0, 5},
    {"commons.org", 2, 6},
    {"ommons", 1, 6, true},  // X
    {"gemma/", 2, 6},
    {"comment", 2, 6},    // R
    {"itemscope", 3, 6},  // A
    {"typeof", 2, 6},     // A
    {"cdla.", 0, 7},
    {"accessibleforfree", 1, 7},  // W
    {"CC?", 0, 7, true},          // X
});
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
constexpr page::internal::WideTables kWideTables = page::internal::MakeWideTables(kWords);
// The groups of words of texts.
constexpr char kTextGroups = [] {
  unsigned groups = 0;
  for (const TripleWord& word : kWords) {
    if (word.exact_case) groups |= 1U << word.group;
  }
  return static_cast<char>(static_cast<unsigned char>(groups));
}();

// Whether the part of a word of regions at `begin` may make such a word: they begin with their
// parts, or end with them behind a dash (page/licence/terms.cc sees to that).
bool MayBeRegionWord(std::string_view body, std::size_t begin, std::size_t size) {
  if (begin == 0 || IsByte(body[begin - 1], kEndsValueToken)) return true;
  const std::size_t end = begin + size;
  return body[begin - 1] == '-' && (end == body.size() || IsByte(body[end], kEndsValueToken));
}

// Bytes of a text as a number, the first lowest, and those that count.
struct WordStart {
  std::uint64_t fold = 0;   // the case bits of its letters
  std::uint64_t value = 0;  // with these set
  std::uint64_t mask = 0;   // the bytes that count

  constexpr bool IsIn(std::uint64_t found) const { return (((found | fold) ^ value) & mask) == 0; }
};
constexpr WordStart StartOf(std::string_view text, bool exact_case) {
  WordStart start;
  for (std::size_t k = 0; k < std::min<std::size_t>(text.size(), 8); ++k) {
    const auto c = static_cast<unsigned char>(text[k]);
    if (text[k] == page::internal::kAnyLetter) continue;
    if (!exact_case && c >= 'a' && c <= 'z') start.fold |= std::uint64_t{0x20} << (8 * k);
    start.value |= std::uint64_t{c} << (8 * k);
    start.mask |= std::uint64_t{0xFF} << (8 * k);
  }
  return start;
}
constexpr auto kWordStarts = [] {
  std::array<WordStart, kWords.size()> starts{};
  for (std::size_t i = 0; i < kWords.size(); ++i) {
    starts[i] = StartOf(kWords[i].text, kWords[i].exact_case);
  }
  return starts;
}();
// What nearly all references in tags are; IsHarmlessReference() knows them.
constexpr WordStart kQuote = StartOf("&quot;", true);
constexpr WordStart kAmpersand = StartOf("&amp;", true);

std::uint64_t LoadStart(const char* at) {
  std::uint64_t bytes = 0;
  std::memcpy(&bytes, at, sizeof(bytes));
  return bytes;
}
// Whether eight bytes are a number as above.
constexpr bool kHasStarts = std::endian::native == std::endian::little;
constexpr std::size_t kStartBytes = sizeof(std::uint64_t);

constexpr std::size_t kLettersAtMax = [] {
  std::size_t most = 0;
  for (const TripleWord& word : kWords) most = std::max(most, word.letters_at);
  return most;
}();

// Three letters as a number, small and capital ones alike.
constexpr std::uint32_t LettersAt(const char* at) {
  std::uint32_t letters = 0;
  for (unsigned i = 0; i < kTripleLetters; ++i) {
    letters |= (static_cast<std::uint32_t>(static_cast<unsigned char>(at[i])) | 0x20U) << (8 * i);
  }
  return letters;
}

// The same of bytes that are a number, the first lowest.
constexpr std::uint64_t kCaseBits = 0x202020;
constexpr std::uint64_t kLettersMask = 0xFFFFFF;
static_assert(LettersAt("mPl") == ((StartOf("mPl", true).value | kCaseBits) & kLettersMask));

// The words of tags by their three letters: those of texts alone, which are written in one case,
// say nothing there. The multiplier gives all letters a slot of their own.
constexpr std::uint8_t kNoWord = 0xFF;
struct LetterSlot {
  std::uint32_t letters = 0;
  std::uint8_t word = kNoWord;    // in kWords
  std::uint8_t second = kNoWord;  // another with the same letters
};
constexpr unsigned kLetterSlotBits = 6;
constexpr std::size_t LetterSlotOf(std::uint32_t letters) {
  return letters * 0x14C15C91U >> (32 - kLetterSlotBits);
}
constexpr std::array<LetterSlot, std::size_t{1} << kLetterSlotBits> MakeLetterSlots() {
  std::array<LetterSlot, std::size_t{1} << kLetterSlotBits> slots{};
  for (std::size_t i = 0; i < kWords.size(); ++i) {
    if (kWords[i].exact_case) continue;
    const std::uint32_t letters = LettersAt(kWords[i].text.data() + kWords[i].letters_at);
    LetterSlot& slot = slots[LetterSlotOf(letters)];
    const bool taken = slot.word != kNoWord;
    if (taken && (slot.letters != letters || slot.second != kNoWord)) return {};  // caught below
    slot.letters = letters;
    (taken ? slot.second : slot.word) = static_cast<std::uint8_t>(i);
  }
  return slots;
}
constexpr auto kLetterSlots = MakeLetterSlots();
static_assert(kLetterSlots[LetterSlotOf(LettersAt("mme"))].word != kNoWord, "letters share a slot");

// Whether a reference, of which `text` is what follows its '&' in an attribute, means no letter,
// digit, slash, dot or dash, of which words that matter are made (13.2.5.72, 13.2.5.73).
bool IsHarmlessReference(std::string_view text) {
  if (text.starts_with("quot;") || text.starts_with("amp;")) return true;
  if (text.starts_with('#')) {
    for (const std::string_view known : {"#39;", "#039;", "#34;"}) {
      if (text.starts_with(known)) return true;
    }
    return false;
  }
  // Without a semicolon only names of Latin-1 characters and of & < > and " count.
  std::size_t size = 0;
  while (size < text.size() && (IsAsciiAlpha(text[size]) || IsAsciiDigit(text[size]))) ++size;
  if (size == text.size() || text[size] != ';') return true;
  const std::string_view name = text.substr(0, size);
  return name == "nbsp" || name == "lt" || name == "gt";
}

// What may be loaded behind a block.
constexpr std::size_t kBehind = kTripleLetters;
// Blocks behind the one that the body ends in, without a bit: some are ready behind each place.
constexpr std::size_t kBlocksBehind = 4;
// Blocks mapped at once.
constexpr std::size_t kBlocksAhead = 32;

using Rows = BodyMap::Rows;

void ReadBlockScalar(const char* bytes, const Rows& rows, std::size_t block) {
  std::array<std::uint64_t, BodyMap::kRowCount> words{};
  for (std::size_t i = 0; i < BodyMap::kBlockBytes; ++i) {
    const std::uint64_t bit = std::uint64_t{1} << i;
    const char c = bytes[i];
    if (c == '<') words[BodyMap::kLess] |= bit;
    if (c == '>' || c == '\'') words[BodyMap::kStop] |= bit;
    if (c == '&' || TripleGroupsAt(kTables, bytes + i) != 0) words[BodyMap::kTextMark] |= bit;
  }
  words[BodyMap::kTagMark] = words[BodyMap::kTextMark];
  for (std::size_t row = 0; row < words.size(); ++row) rows[row][block] = words[row];
}

#if defined(__x86_64__)

// Classes by comparison; words byte by byte, since SSE2 has no shuffle.
void ReadBlockSse2(const char* bytes, const Rows& rows, std::size_t block) {
  std::array<std::uint64_t, BodyMap::kRowCount> words{};
  for (std::size_t at = 0; at < BodyMap::kBlockBytes; at += 16) {
    const __m128i text = _mm_loadu_si128(reinterpret_cast<const __m128i*>(bytes + at));
    const auto is = [text](char c) { return _mm_cmpeq_epi8(text, _mm_set1_epi8(c)); };
    const auto bits = [at](__m128i hits) {
      return static_cast<std::uint64_t>(static_cast<unsigned>(_mm_movemask_epi8(hits))) << at;
    };
    words[BodyMap::kLess] |= bits(is('<'));
    words[BodyMap::kStop] |= bits(_mm_or_si128(is('>'), is('\'')));
    words[BodyMap::kTextMark] |= bits(is('&'));
  }
  for (std::size_t i = 0; i < BodyMap::kBlockBytes; ++i) {
    if (TripleGroupsAt(kTables, bytes + i) != 0) {
      words[BodyMap::kTextMark] |= std::uint64_t{1} << i;
    }
  }
  words[BodyMap::kTagMark] = words[BodyMap::kTextMark];
  for (std::size_t row = 0; row < words.size(); ++row) rows[row][block] = words[row];
}

#define CRAWLCARD_AVX2 __attribute__((target("avx2"), always_inline)) inline

// What is looked up in a block: made once a body.
struct Avx2Tables {
  __m256i stop;
  page::internal::TripleVectors words;
};

// The byte of a class with each low half; bytes that are not in the class never equal what they
// look up.
CRAWLCARD_AVX2 Avx2Tables LoadTables() {
  Avx2Tables tables;
  tables.stop = _mm256_setr_epi8(                                         //
      -1, -1, -1, -1, -1, -1, -1, '\'', -1, -1, -1, -1, -1, -1, '>', -1,  //
      -1, -1, -1, -1, -1, -1, -1, '\'', -1, -1, -1, -1, -1, -1, '>', -1);
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
                             const Rows& rows, std::size_t block) {
  const __m256i first = _mm256_loadu_si256(reinterpret_cast<const __m256i*>(bytes));
  const __m256i groups = page::internal::TripleGroups(bytes, tables.words);
  const __m256i marks = _mm256_or_si256(groups, Same(first, _mm256_set1_epi8('&')));
  const __m256i none = Same(marks, _mm256_setzero_si256());
  PutHalf(Same(first, _mm256_set1_epi8('<')), rows[BodyMap::kLess][block], half);
  PutHalf(Same(first, _mm256_shuffle_epi8(tables.stop, first)), rows[BodyMap::kStop][block], half);
  PutHalf(_mm256_xor_si256(none, _mm256_set1_epi8(-1)), rows[BodyMap::kTextMark][block], half);
}

__attribute__((target("avx2"))) void ReadBlocksAvx2(const char* bytes, std::size_t count,
                                                    const Rows& rows_out, std::size_t block) {
  const Avx2Tables tables = LoadTables();
  const Rows rows = rows_out;  // in registers
  for (std::size_t i = 0; i < count; ++i) {
    ReadHalf(bytes + i * BodyMap::kBlockBytes, tables, 0, rows, block + i);
    ReadHalf(bytes + i * BodyMap::kBlockBytes + BodyMap::kBlockBytes / 2, tables, 1, rows,
             block + i);
  }
}

#undef CRAWLCARD_AVX2

// The rows of each ASCII byte, as bits; words are found apart from them.
constexpr auto kByteRows = [] {
  std::array<std::uint8_t, 128> rows{};
  rows['<'] = 1 << BodyMap::kLess;
  rows['>'] = rows['\''] = 1 << BodyMap::kStop;
  rows['&'] = 1 << BodyMap::kTextMark;
  return rows;
}();

CRAWLCARD_WIDE inline std::uint64_t WideRow(__m512i found, BodyMap::Row row) {
  return _mm512_test_epi8_mask(found, _mm512_set1_epi8(static_cast<char>(1 << row)));
}

// Looks at four letters, and past most references: in tags those count that may mean letters of
// words, which none does whose name begins with a small "a" or "q".
CRAWLCARD_WIDE void ReadBlocksWide(const char* bytes, std::size_t count, const Rows& rows_out,
                                   std::size_t block) {
  const page::internal::WideVectors words = page::internal::LoadWide(kWideTables);
  const auto table = page::internal::WideTable::Load(kByteRows.data());
  const Rows rows = rows_out;  // in registers
  for (std::size_t i = 0; i < count; ++i) {
    const char* const at = bytes + i * BodyMap::kBlockBytes;
    const __m512i groups = page::internal::WideGroupsOfFour(at, words);
    const __m512i found = table.Find(_mm512_loadu_si512(at));
    const __m512i next = _mm512_loadu_si512(at + 1);
    const std::uint64_t references = WideRow(found, BodyMap::kTextMark);
    const std::uint64_t harmless = _mm512_cmpeq_epi8_mask(next, _mm512_set1_epi8('a')) |
                                   _mm512_cmpeq_epi8_mask(next, _mm512_set1_epi8('q'));
    rows[BodyMap::kLess][block + i] = WideRow(found, BodyMap::kLess);
    rows[BodyMap::kStop][block + i] = WideRow(found, BodyMap::kStop);
    rows[BodyMap::kTextMark][block + i] =
        references | _mm512_test_epi8_mask(groups, _mm512_set1_epi8(kTextGroups));
    rows[BodyMap::kTagMark][block + i] =
        (references & ~harmless) | _mm512_test_epi8_mask(groups, groups);
  }
}
#endif

// Reads as many blocks from `bytes` on; the first of them is `block` of the body.
void ReadBlocks(const char* bytes, std::size_t count, const Rows& rows, std::size_t block) {
#if defined(__x86_64__)
  const Simd level = SimdLevel();
  if (page::internal::HasWideVectors()) return ReadBlocksWide(bytes, count, rows, block);
  if (level == Simd::kAvx2) return ReadBlocksAvx2(bytes, count, rows, block);
  const auto read = level == Simd::kSse2 ? ReadBlockSse2 : ReadBlockScalar;
#else
  const auto read = ReadBlockScalar;
#endif
  for (std::size_t i = 0; i < count; ++i) read(bytes + i * BodyMap::kBlockBytes, rows, block + i);
}

}  // namespace

void BodyMap::Reset(std::string_view body) {
  body_ = body;
  block_count_ = body.size() / kBlockBytes + kBlocksBehind;
  if (words_.size() < kRowCount * block_count_) {
    words_.resize(kRowCount * block_count_);
    for (std::size_t row = 0; row < kRowCount; ++row) {
      rows_[row] = words_.data() + row * (words_.size() / kRowCount);
    }
  }
  static_assert(kTagMark + 1 == kRowCount, "the last row, which may be left out");
  rows_[kTagMark] = page::internal::HasWideVectors()
                        ? words_.data() + kTagMark * (words_.size() / kRowCount)
                        : rows_[kTextMark];
  mapped_ = 0;
  ready_ = 0;
}

void BodyMap::MapMore() {
  std::size_t block = mapped_;
  mapped_ = std::min(mapped_ + kBlocksAhead, block_count_);
  // Blocks behind which enough may be loaded.
  const std::size_t whole = body_.size() < kBehind ? 0 : (body_.size() - kBehind) / kBlockBytes;
  if (const std::size_t end = std::min(mapped_, whole); block < end) {
    ReadBlocks(body_.data() + block * kBlockBytes, end - block, rows_, block);
    block = end;
  }
  for (; block < mapped_; ++block) {
    const std::size_t begin = block * kBlockBytes;
    if (begin >= body_.size()) {  // there is nothing
      for (std::uint64_t* const row : rows_) row[block] = 0;
      continue;
    }
    std::array<char, kBlockBytes + kBehind> bytes{};
    const std::string_view rest = body_.substr(begin, bytes.size());
    std::memcpy(bytes.data(), rest.data(), rest.size());
    ReadBlocks(bytes.data(), 1, rows_, block);
  }
  ready_ = (mapped_ - 2) * kBlockBytes;
}

std::size_t BodyMap::Next(Row row, std::size_t at) {
  const std::uint64_t first = WordOf(row, at) >> (at % kBlockBytes);
  if (first != 0) return at + static_cast<std::size_t>(std::countr_zero(first));
  for (at = NextBlock(at); at < body_.size(); at += kBlockBytes) {
    Prepare(at);
    const std::uint64_t word = WordOf(row, at);
    if (word != 0) return at + static_cast<std::size_t>(std::countr_zero(word));
  }
  return body_.size();
}

// Whether what stands at `at` may be the name of an attribute: between white space, slashes and
// quotes before it and what ends a name behind it.
bool BodyMap::IsAttributeAt(std::size_t at, std::size_t size) const {
  if (at == 0 || at + size >= body_.size()) return true;
  const char before = body_[at - 1];
  return (IsByte(before, kEndsTagName) || before == '"' || before == '\'') &&
         IsByte(body_[at + size], kEndsAttributeName);
}

bool BodyMap::HasWord(std::size_t begin, std::size_t end) const {
  if (begin >= end) return false;
  const std::size_t last = (end - 1) / kBlockBytes;
  std::uint64_t range = ~std::uint64_t{0} << (begin % kBlockBytes);
  for (std::size_t block = begin / kBlockBytes; block <= last; ++block) {
    std::uint64_t hits = rows_[kTagMark][block] & range;
    if (block == last) hits &= ~std::uint64_t{0} >> (-end % kBlockBytes);
    for (; hits != 0; hits &= hits - 1) {
      const auto bit = static_cast<std::size_t>(std::countr_zero(hits));
      if (MayMatter(block * kBlockBytes + bit, end)) return true;
    }
    range = ~std::uint64_t{0};
  }
  return false;
}

// Most marks say nothing, and show that in the eight bytes there.
inline bool BodyMap::MayMatter(std::size_t at, std::size_t end) const {
  const char* const bytes = body_.data() + at;
  if (!kHasStarts || end - at < kStartBytes || at < kLettersAtMax)
    return MayMatterAnywhere(at, end);
  const std::uint64_t found = LoadStart(bytes);
  if (*bytes == '&') {
    if (kQuote.IsIn(found) || kAmpersand.IsIn(found)) return false;
    return MayMatterAnywhere(at, end);
  }
  const auto letters = static_cast<std::uint32_t>((found | kCaseBits) & kLettersMask);
  const LetterSlot& slot = kLetterSlots[LetterSlotOf(letters)];
  if (slot.letters != letters) return false;
  for (const std::uint8_t word : {slot.word, slot.second}) {
    if (word == kNoWord) continue;
    if (!kWordStarts[word].IsIn(LoadStart(bytes - kWords[word].letters_at))) continue;
    if (IsWordAt(kWords[word], at)) return true;
  }
  return false;
}

bool BodyMap::MayMatterAnywhere(std::size_t at, std::size_t end) const {
  if (body_[at] != '&') return IsWordAround(at);
  return !IsHarmlessReference(body_.substr(at + 1, end - at - 1));
}

bool BodyMap::IsWordAround(std::size_t at) const {
  if (body_.size() - at < kTripleLetters) return true;  // cannot tell
  const std::uint32_t letters = LettersAt(body_.data() + at);
  const LetterSlot& slot = kLetterSlots[LetterSlotOf(letters)];
  if (slot.letters != letters) return false;
  for (const std::uint8_t word : {slot.word, slot.second}) {
    if (word != kNoWord && IsWordAt(kWords[word], at)) return true;
  }
  return false;
}

// Whether a word of ours has its letters at `at`.
bool BodyMap::IsWordAt(const page::internal::TripleWord& word, std::size_t at) const {
  if (at < word.letters_at) return false;
  const std::size_t begin = at - word.letters_at;
  if (!page::internal::IsTripleWordAt(word, body_.substr(begin))) return false;
  if (IsAttributeWord(word)) return IsAttributeAt(begin, word.text.size());
  if (!IsRegionWordPart(word)) return true;
  return MayBeRegionWord(body_, begin, word.text.size()) &&
         licence::IsRegionWord(TokenAround(begin));
}

// What stands around `at` between white space, quotes and the like, as far as it may be a word of
// a list: of longer ones, a part that is none.
std::string_view BodyMap::TokenAround(std::size_t at) const {
  constexpr std::size_t kReach = 24;
  std::size_t begin = at;
  while (begin > 0 && at - begin < kReach && !IsByte(body_[begin - 1], kEndsValueToken)) --begin;
  std::size_t end = at;
  while (end < body_.size() && end - at < kReach && !IsByte(body_[end], kEndsValueToken)) ++end;
  return body_.substr(begin, end - begin);
}

}  // namespace crawlcard::page::html
