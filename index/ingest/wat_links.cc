#include "index/ingest/wat_links.h"

#include <algorithm>
#include <array>
#include <atomic>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>
#include <utility>

#include <simdjson.h>

#include "base/find.h"
#include "base/simd.h"
#include "page/outline.h"

#if defined(__x86_64__)
#include <immintrin.h>
#endif

namespace crawlcard::index {
namespace {

constexpr std::size_t kNpos = std::string_view::npos;
constexpr std::string_view kKey = "\"Link";

// A shorter array is parsed as fast as it is looked at.
constexpr std::size_t kWorthwhileBytes = 512;

bool IsJsonSpace(char c) {
  return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

std::size_t SkipSpaces(std::string_view text, std::size_t at) {
  while (at < text.size() && IsJsonSpace(text[at])) ++at;
  return at;
}

#if defined(__x86_64__)

#define CRAWLCARD_WALK [[gnu::target("avx2,popcnt,bmi,pclmul")]]
#define CRAWLCARD_WIDE_WALK [[gnu::target("avx512f,avx512bw,popcnt,bmi,pclmul")]]

constexpr std::size_t kBlock = 64;

// Bits of the bytes of a block that matter.
struct Block {
  std::uint64_t opens = 0;   // [ and { outside strings
  std::uint64_t closes = 0;  // ] and } outside strings
  std::uint64_t controls = 0;
  std::uint64_t high = 0;  // not ASCII
};

CRAWLCARD_WALK inline std::uint64_t Bits(__m256i low, __m256i high) {
  return static_cast<std::uint32_t>(_mm256_movemask_epi8(low)) |
         std::uint64_t{static_cast<std::uint32_t>(_mm256_movemask_epi8(high))} << 32;
}

CRAWLCARD_WALK inline std::uint64_t BitsOf(__m256i low, __m256i high, char c) {
  const __m256i wanted = _mm256_set1_epi8(c);
  return Bits(_mm256_cmpeq_epi8(low, wanted), _mm256_cmpeq_epi8(high, wanted));
}

// Bits of the bytes behind a backslash that counts. `carry`: the first byte of the block is one; on
// return the same of the next block.
std::uint64_t Escaped(std::uint64_t backslashes, bool& carry) {
  std::uint64_t escaped = carry ? 1 : 0;
  std::uint64_t left = backslashes & ~escaped;
  carry = false;
  while (left != 0) {
    const int at = std::countr_zero(left);
    if (at == 63) {
      carry = true;
      break;
    }
    escaped |= std::uint64_t{2} << at;
    left &= ~(std::uint64_t{3} << at);
  }
  return escaped;
}

// Each bit becomes the parity of itself and those below.
[[gnu::target("pclmul")]] inline std::uint64_t PrefixXor(std::uint64_t bits) {
  const __m128i all = _mm_set1_epi8(-1);
  const __m128i product =
      _mm_clmulepi64_si128(_mm_set_epi64x(0, static_cast<std::int64_t>(bits)), all, 0);
  return static_cast<std::uint64_t>(_mm_cvtsi128_si64(product));
}

// Tells brackets from text, block by block.
class Brackets {
 public:
  CRAWLCARD_WALK void Read(const char* text, std::span<Block> out) {
    for (Block& block : out) {
      const __m256i low = _mm256_loadu_si256(reinterpret_cast<const __m256i*>(text));
      const __m256i high = _mm256_loadu_si256(reinterpret_cast<const __m256i*>(text + 32));
      const std::uint64_t outside = Outside(BitsOf(low, high, '"'), BitsOf(low, high, '\\'));
      // Brackets and braces differ in one bit.
      const __m256i case_bit = _mm256_set1_epi8(0x20);
      const __m256i low_brace = _mm256_or_si256(low, case_bit);
      const __m256i high_brace = _mm256_or_si256(high, case_bit);
      block.opens = BitsOf(low_brace, high_brace, '{') & outside;
      block.closes = BitsOf(low_brace, high_brace, '}') & outside;
      const __m256i last = _mm256_set1_epi8(0x1F);
      block.controls = Bits(_mm256_cmpeq_epi8(_mm256_max_epu8(low, last), last),
                            _mm256_cmpeq_epi8(_mm256_max_epu8(high, last), last));
      block.high = Bits(low, high);
      text += kBlock;
    }
  }

  CRAWLCARD_WIDE_WALK void ReadWide(const char* text, std::span<Block> out) {
    for (Block& block : out) {
      const __m512i bytes = _mm512_loadu_si512(text);
      const std::uint64_t outside = Outside(_mm512_cmpeq_epi8_mask(bytes, _mm512_set1_epi8('"')),
                                            _mm512_cmpeq_epi8_mask(bytes, _mm512_set1_epi8('\\')));
      const __m512i braces = _mm512_or_si512(bytes, _mm512_set1_epi8(0x20));
      block.opens = _mm512_cmpeq_epi8_mask(braces, _mm512_set1_epi8('{')) & outside;
      block.closes = _mm512_cmpeq_epi8_mask(braces, _mm512_set1_epi8('}')) & outside;
      block.controls = _mm512_cmplt_epu8_mask(bytes, _mm512_set1_epi8(0x20));
      block.high = _mm512_movepi8_mask(bytes);
      text += kBlock;
    }
  }

 private:
  [[gnu::target("pclmul")]] std::uint64_t Outside(std::uint64_t quotes, std::uint64_t backslashes) {
    if (backslashes != 0 || is_escaped_) quotes &= ~Escaped(backslashes, is_escaped_);
    const std::uint64_t inside = PrefixXor(quotes) ^ in_string_;
    in_string_ = static_cast<std::uint64_t>(static_cast<std::int64_t>(inside) >> 63);
    return ~inside;
  }

  std::uint64_t in_string_ = 0;  // all bits set where a block starts in a string
  bool is_escaped_ = false;
};

std::atomic<bool> may_be_wide{true};

bool IsWide() {
  static const bool can = __builtin_cpu_supports("avx512bw") != 0;
  return can && may_be_wide.load(std::memory_order_relaxed);
}

// The blocks of a text from a place on; behind its end stand blanks.
class Blocks {
 public:
  Blocks(std::string_view text, std::size_t begin) : text_(text), ahead_(begin) {}

  // Null at the end of the text.
  const Block* Next() {
    if (next_ == count_ && !Refill()) return nullptr;
    return &blocks_[next_++];
  }
  // Where the last block that was given begins.
  std::size_t place() const { return ahead_ - (count_ - next_ + 1) * kBlock; }

 private:
  static constexpr std::size_t kBlocks = 8;

  bool Refill() {
    if (ahead_ >= text_.size()) return false;
    const std::size_t whole = (text_.size() - ahead_) / kBlock;
    const char* bytes = text_.data() + ahead_;
    std::array<char, kBlock> tail;
    if (whole == 0) {
      tail.fill(' ');
      std::memcpy(tail.data(), bytes, text_.size() - ahead_);
      bytes = tail.data();
    }
    next_ = 0;
    count_ = std::clamp<std::size_t>(whole, 1, kBlocks);
    ahead_ += count_ * kBlock;
    const std::span<Block> out(blocks_.data(), count_);
    if (IsWide()) {
      brackets_.ReadWide(bytes, out);
    } else {
      brackets_.Read(bytes, out);
    }
    return true;
  }

  std::string_view text_;
  std::size_t ahead_;
  std::size_t next_ = 0;
  std::size_t count_ = 0;
  Brackets brackets_;
  std::array<Block, kBlocks> blocks_;
};

// Whether all that is not ASCII is UTF-8, asked of blocks in a row. No sequence reaches from a
// block that has such bytes into one that has none, so runs of blocks are looked at alone.
class HighRuns {
 public:
  explicit HighRuns(std::string_view text) : text_(text) {}

  // The next block begins at `place`. False where the run before it is no UTF-8.
  bool Add(std::size_t place, bool is_high) {
    if (is_high == is_open_) return true;
    is_open_ = is_high;
    if (is_high) {
      begin_ = place;
      return true;
    }
    return simdjson::validate_utf8(text_.data() + begin_, place - begin_);
  }

 private:
  std::string_view text_;
  std::size_t begin_ = 0;
  bool is_open_ = false;
};

// Behind the bracket that closes the array, or 0 where it stands in a later block.
std::size_t EndIn(const Block& block, std::size_t at, std::size_t& depth) {
  for (std::uint64_t left = block.opens | block.closes; left != 0; left &= left - 1) {
    if ((block.opens & left & -left) != 0) {
      ++depth;
    } else if (--depth == 0) {
      return at + static_cast<std::size_t>(std::countr_zero(left)) + 1;
    }
  }
  return 0;
}

// The end of the array whose bracket stands before `begin`, behind its own; npos where the array is
// unusual.
CRAWLCARD_WALK std::size_t ArrayEnd(std::string_view text, std::size_t begin) {
  Blocks blocks(text, begin);
  HighRuns runs(text);
  std::uint64_t controls = 0;
  std::size_t depth = 1;
  while (const Block* const block = blocks.Next()) {
    controls |= block->controls;
    if (!runs.Add(blocks.place(), block->high != 0)) return kNpos;
    const auto closed = static_cast<std::size_t>(std::popcount(block->closes));
    if (closed < depth) {
      depth += static_cast<std::size_t>(std::popcount(block->opens)) - closed;
      continue;
    }
    const std::size_t end = EndIn(*block, blocks.place(), depth);
    if (end == 0) continue;
    // Control characters are an error in strings, and nobody puts them elsewhere.
    const bool is_usual = text[end - 1] == ']' && controls == 0;
    return is_usual && runs.Add(end, false) ? end : kNpos;
  }
  return kNpos;
}

// Takes an array apart whose elements are objects without arrays or objects in them.
class Elements {
 public:
  // `begin` is behind the bracket that opens the array, `end` behind the one that closes it.
  Elements(std::string_view block, std::size_t begin, std::size_t end)
      : block_(block), begin_(begin), end_(end), behind_(begin) {}

  // Appends those with a word, and the bracket behind them. `hit` is the first word from `begin` on
  // and becomes the first one from `end` on. False where the array is unusual.
  CRAWLCARD_WALK bool Keep(std::size_t& hit, std::string& out) {
    Blocks blocks(block_.substr(0, end_ - 1), begin_);
    while (const Block* const block = blocks.Next()) {
      for (std::uint64_t left = block->opens | block->closes; left != 0; left &= left - 1) {
        const std::size_t place = blocks.place() + static_cast<std::size_t>(std::countr_zero(left));
        if (!(is_inside_ ? Close(place, hit, out) : Open(place))) return false;
      }
    }
    if (is_inside_ || SkipSpaces(block_, behind_) != end_ - 1) return false;
    out += ']';
    return true;
  }

 private:
  // One comma stands before each element but the first.
  bool Open(std::size_t place) {
    std::size_t at = SkipSpaces(block_, behind_);
    if (behind_ != begin_) {
      if (block_[at] != ',') return false;
      at = SkipSpaces(block_, at + 1);
    }
    open_ = place;
    is_inside_ = true;
    return at == place && block_[place] == '{';
  }

  bool Close(std::size_t place, std::size_t& hit, std::string& out) {
    behind_ = place + 1;
    is_inside_ = false;
    if (block_[place] != '}') return false;
    if (hit > place) return IsPassedOver(open_ + 1, place);
    if (std::exchange(has_kept_, true)) out += ',';
    out += block_.substr(open_, behind_ - open_);
    hit = page::FindLicenceLink(block_, behind_);
    return true;
  }

  // Of an object that it passes over, the parser looks at the first name and what follows.
  bool IsPassedOver(std::size_t begin, std::size_t end) const {
    const std::string_view object = block_.substr(0, end);
    const std::size_t name = SkipSpaces(object, begin);
    if (name == end) return true;
    const std::size_t colon = BehindString(object, name);
    if (colon >= end || object[colon] != ':') return false;
    const std::size_t behind = BehindString(object, SkipSpaces(object, colon + 1));
    return behind == end || (behind < end && object[behind] == ',');
  }

  // The next token behind the string at `at`; npos for what is none, or has escapes.
  static std::size_t BehindString(std::string_view object, std::size_t at) {
    if (at >= object.size() || object[at] != '"') return kNpos;
    const std::size_t last = FindByte(object, '"', at + 1);
    if (last == kNpos || FindByte(object.substr(0, last), '\\', at) != kNpos) return kNpos;
    return SkipSpaces(object, last + 1);
  }

  std::string_view block_;
  std::size_t begin_;
  std::size_t end_;
  std::size_t behind_;  // the last element
  std::size_t open_ = 0;
  bool is_inside_ = false;
  bool has_kept_ = false;
};

#undef CRAWLCARD_WALK
#undef CRAWLCARD_WIDE_WALK

// The walk uses more than the level says, which all such processors have.
bool CanWalk() {
  static const bool can = __builtin_cpu_supports("popcnt") != 0 &&
                          __builtin_cpu_supports("bmi") != 0 &&
                          __builtin_cpu_supports("pclmul") != 0;
  return can && SimdLevel() == Simd::kAvx2;
}

#endif

// Behind the bracket of the next `"Links": [{` or `"Link": [{` from `from` on, or npos. The quote
// before the name opens it wherever the text is JSON, unless it is escaped, and then it stands in a
// string.
std::size_t FindLinks(std::string_view block, std::size_t from) {
  for (std::size_t key = Find(block, kKey, from); key != kNpos; key = Find(block, kKey, key + 1)) {
    if (block.size() - key < kWorthwhileBytes) return kNpos;
    if (key > 0 && block[key - 1] == '\\') continue;
    std::size_t at = key + kKey.size();
    if (block[at] == 's') ++at;
    if (!block.substr(at).starts_with("\":")) continue;
    const std::size_t bracket = SkipSpaces(block, at + 2);
    if (bracket >= block.size() || block[bracket] != '[') continue;
    const std::size_t first = SkipSpaces(block, bracket + 1);
    if (first < block.size() && block[first] == '{') return bracket + 1;
  }
  return kNpos;
}

}  // namespace

void AllowWideLinks([[maybe_unused]] bool allowed) {
#if defined(__x86_64__)
  may_be_wide.store(allowed, std::memory_order_relaxed);
#endif
}

bool CutLinks(std::string_view block, std::string& out) {
#if defined(__x86_64__)
  if (!CanWalk()) return false;
  std::size_t kept = 0;  // up to where `out` has the block
  std::size_t hit = 0;
  for (std::size_t begin = FindLinks(block, 0); begin != kNpos; begin = FindLinks(block, kept)) {
    if (hit < begin) hit = page::FindLicenceLink(block, begin);
    const std::size_t end = ArrayEnd(block, begin);
    if (end == kNpos) break;
    if (kept == 0) out.clear();
    const std::size_t before = out.size();
    out += block.substr(kept, begin - kept);
    if (hit >= end) {
      out += "{}]";
    } else if (!Elements(block, begin, end).Keep(hit, out)) {
      out.resize(before);
      break;
    }
    kept = end;
  }
  if (kept == 0) return false;
  out += block.substr(kept);
  return true;
#else
  return false;
#endif
}

}  // namespace crawlcard::index
