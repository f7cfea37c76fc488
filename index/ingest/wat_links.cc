#include "index/ingest/wat_links.h"

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
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

#define CRAWLCARD_WALK __attribute__((target("avx2,popcnt,bmi,pclmul")))

constexpr std::size_t kBlock = 64;

// The bytes of a block, and bits of those that matter.
struct Block {
  __m256i low;
  __m256i high;
  std::uint64_t opens = 0;   // [ and { outside strings
  std::uint64_t closes = 0;  // ] and } outside strings
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
CRAWLCARD_WALK inline std::uint64_t PrefixXor(std::uint64_t bits) {
  const __m128i all = _mm_set1_epi8(-1);
  const __m128i product =
      _mm_clmulepi64_si128(_mm_set_epi64x(0, static_cast<std::int64_t>(bits)), all, 0);
  return static_cast<std::uint64_t>(_mm_cvtsi128_si64(product));
}

// Tells brackets from text, block by block.
class Brackets {
 public:
  CRAWLCARD_WALK Block Read(const char* text) {
    Block block;
    block.low = _mm256_loadu_si256(reinterpret_cast<const __m256i*>(text));
    block.high = _mm256_loadu_si256(reinterpret_cast<const __m256i*>(text + 32));
    std::uint64_t quotes = BitsOf(block.low, block.high, '"');
    const std::uint64_t backslashes = BitsOf(block.low, block.high, '\\');
    if (backslashes != 0 || is_escaped_) quotes &= ~Escaped(backslashes, is_escaped_);
    const std::uint64_t inside = PrefixXor(quotes) ^ in_string_;
    in_string_ = static_cast<std::uint64_t>(static_cast<std::int64_t>(inside) >> 63);
    // Brackets and braces differ in one bit.
    const __m256i case_bit = _mm256_set1_epi8(0x20);
    const __m256i low_brace = _mm256_or_si256(block.low, case_bit);
    const __m256i high_brace = _mm256_or_si256(block.high, case_bit);
    block.opens = BitsOf(low_brace, high_brace, '{') & ~inside;
    block.closes = BitsOf(low_brace, high_brace, '}') & ~inside;
    return block;
  }

 private:
  std::uint64_t in_string_ = 0;  // all bits set where a block starts in a string
  bool is_escaped_ = false;
};

// The blocks of a text; behind its end stand blanks.
class Blocks {
 public:
  explicit Blocks(std::string_view text) : text_(text) {}

  const char* BytesAt(std::size_t at) {
    if (at + kBlock <= text_.size()) return text_.data() + at;
    tail_.fill(' ');
    std::memcpy(tail_.data(), text_.data() + at, text_.size() - at);
    return tail_.data();
  }

 private:
  std::string_view text_;
  std::array<char, kBlock> tail_;
};

// Finds where an array ends.
class Walk {
 public:
  // `begin` is behind the bracket that opens the array.
  Walk(std::string_view text, std::size_t begin) : text_(text), begin_(begin), blocks_(text) {}

  // The end, behind its bracket; npos where the array is unusual.
  CRAWLCARD_WALK std::size_t Run() {
    const __m256i last_control = _mm256_set1_epi8(0x1F);
    __m256i smallest = _mm256_set1_epi8(-1);
    __m256i bits = _mm256_setzero_si256();
    Brackets brackets;
    std::size_t depth = 1;
    std::size_t end = 0;
    for (std::size_t at = begin_; at < text_.size() && end == 0; at += kBlock) {
      const Block block = brackets.Read(blocks_.BytesAt(at));
      smallest = _mm256_min_epu8(smallest, _mm256_min_epu8(block.low, block.high));
      bits = _mm256_or_si256(bits, _mm256_or_si256(block.low, block.high));
      const auto closed = static_cast<std::size_t>(std::popcount(block.closes));
      if (closed < depth) {
        depth += static_cast<std::size_t>(std::popcount(block.opens)) - closed;
      } else {
        end = EndIn(block, at, depth);
      }
    }
    // Control characters are an error in strings, and nobody puts them elsewhere.
    const __m256i controls =
        _mm256_cmpeq_epi8(_mm256_max_epu8(smallest, last_control), last_control);
    if (end == 0 || text_[end - 1] != ']' || _mm256_testz_si256(controls, controls) == 0) {
      return kNpos;
    }
    const bool has_high = _mm256_movemask_epi8(bits) != 0;
    const std::string_view array = text_.substr(begin_, end - begin_);
    return !has_high || simdjson::validate_utf8(array.data(), array.size()) ? end : kNpos;
  }

 private:
  // Behind the bracket that closes the array, or 0 where it stands in a later block.
  CRAWLCARD_WALK static std::size_t EndIn(const Block& block, std::size_t at, std::size_t& depth) {
    for (std::uint64_t left = block.opens | block.closes; left != 0; left &= left - 1) {
      if ((block.opens & left & -left) != 0) {
        ++depth;
      } else if (--depth == 0) {
        return at + static_cast<std::size_t>(std::countr_zero(left)) + 1;
      }
    }
    return 0;
  }

  std::string_view text_;
  std::size_t begin_;
  Blocks blocks_;
};

// Takes an array apart whose elements are objects without arrays or objects in them.
class Elements {
 public:
  // `begin` is behind the bracket that opens the array, `end` behind the one that closes it.
  Elements(std::string_view block, std::size_t begin, std::size_t end)
      : block_(block), begin_(begin), end_(end), behind_(begin) {}

  // Appends those with a word, and the bracket behind them. `hit` is the first word from `begin` on
  // and becomes the first one from `end` on. False where the array is unusual.
  CRAWLCARD_WALK bool Keep(std::size_t& hit, std::string& out) {
    const std::string_view array = block_.substr(0, end_ - 1);
    Blocks blocks(array);
    Brackets brackets;
    for (std::size_t at = begin_; at < array.size(); at += kBlock) {
      const Block block = brackets.Read(blocks.BytesAt(at));
      for (std::uint64_t left = block.opens | block.closes; left != 0; left &= left - 1) {
        const std::size_t place = at + static_cast<std::size_t>(std::countr_zero(left));
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

  // Of an object that it passes over, the parser looks at the first name and what follows. Most
  // begin as another one did: with the kind of the link.
  bool IsPassedOver(std::size_t begin, std::size_t end) {
    const std::string_view object = block_.substr(0, end);
    if (!known_start_.empty() && object.substr(begin).starts_with(known_start_)) return true;
    const std::size_t name = SkipSpaces(object, begin);
    if (name == end) return true;
    const std::size_t colon = BehindString(object, name);
    if (colon >= end || object[colon] != ':') return false;
    const std::size_t behind = BehindString(object, SkipSpaces(object, colon + 1));
    if (behind == end) return true;
    if (behind > end || object[behind] != ',') return false;
    known_start_ = object.substr(begin, behind + 1 - begin);
    return true;
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
  std::size_t behind_;            // the last element
  std::string_view known_start_;  // of an object, up to its first comma
  std::size_t open_ = 0;
  bool is_inside_ = false;
  bool has_kept_ = false;
};

#undef CRAWLCARD_WALK

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

bool CutLinks(std::string_view block, std::string& out) {
#if defined(__x86_64__)
  if (!CanWalk()) return false;
  std::size_t kept = 0;  // up to where `out` has the block
  std::size_t hit = 0;
  for (std::size_t begin = FindLinks(block, 0); begin != kNpos; begin = FindLinks(block, kept)) {
    if (hit < begin) hit = page::FindLicenceLink(block, begin);
    const std::size_t end = Walk(block, begin).Run();
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
