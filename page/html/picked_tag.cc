#include "page/html/picked_tag.h"

#include <bit>

#include "base/find.h"
#include "page/html/byte_classes.h"
#include "page/html/elements.h"
#include "page/limits.h"

#if defined(__x86_64__)
#include <emmintrin.h>
#endif

namespace crawlcard::page::html {
namespace {

// The first byte from `at` on that may end a name, by vectors where sixteen bytes may be loaded;
// `or_equals`: '=' does too. Exact for all but control characters, which are looked at again.
template <bool kOrEquals>
const char* NameEnd(const char* at, const char* end) {
  constexpr ByteClass kEnds = kOrEquals ? kEndsAttributeName : kEndsTagName;
#if defined(__x86_64__)
  if (end - at >= 16 && SimdLevel() != Simd::kScalar) {
    const __m128i bytes = _mm_loadu_si128(reinterpret_cast<const __m128i*>(at));
    const __m128i blank = _mm_set1_epi8(' ');
    __m128i hits = _mm_or_si128(_mm_cmpeq_epi8(bytes, _mm_min_epu8(bytes, blank)),
                                _mm_or_si128(_mm_cmpeq_epi8(bytes, _mm_set1_epi8('>')),
                                             _mm_cmpeq_epi8(bytes, _mm_set1_epi8('/'))));
    if constexpr (kOrEquals) {
      hits = _mm_or_si128(hits, _mm_cmpeq_epi8(bytes, _mm_set1_epi8('=')));
    }
    const auto mask = static_cast<unsigned>(_mm_movemask_epi8(hits));
    at += mask == 0 ? 16 : std::countr_zero(mask);
    if (mask != 0 && IsByte(*at, kEnds)) return at;
  }
#endif
  return SkipTo(kEnds, at, end);
}

std::string_view Between(const char* begin, const char* end) {
  return {begin, static_cast<std::size_t>(end - begin)};
}

struct Value {
  std::string_view text;
  const char* end = nullptr;  // behind the value and its quote; null: the text ends before
};

// The value at `at`, which is behind '=' and white space.
Value ReadValue(const char* at, const char* end) {
  const char quote = *at;
  if (quote != '"' && quote != '\'') {
    const char* const last = SkipTo(kEndsUnquotedValue, at, end);
    return {Between(at, last), last};
  }
  const std::string_view rest = Between(at + 1, end);
  const std::size_t close = FindByte(rest, quote);
  if (close == std::string_view::npos) return {};
  return {rest.substr(0, close), rest.data() + close + 1};
}

// From where a tag's name ends; each attribute is handed to `take`.
template <class Take>
TagEnd ReadAttributes(const char* at, const char* end, Take take) {
  TagEnd out;
  while (at < end) {
    const char c = *at;
    if (c == ' ' || IsByte(c, kSpaceByte)) {
      ++at;
    } else if (c == '>') {
      out.behind = at + 1;
      return out;
    } else if (c == '/') {
      ++at;
      if (at < end && *at == '>') out.self_closing = true;
    } else {
      const char* const begin = at;
      at = NameEnd<true>(at + 1, end);  // even '=' is a name's first character
      const std::string_view attribute = Between(begin, at);
      if (at < end && *at != '=') at = SkipSpace(at, end);
      if (at == end) return {};
      Value value;
      if (*at == '=') {
        if (++at < end && IsByte(*at, kSpaceByte)) at = SkipSpace(at, end);
        if (at == end) return {};
        value = ReadValue(at, end);
        if (value.end == nullptr) return {};
        at = value.end;
      }
      take(attribute, value.text);
    }
  }
  return {};
}

}  // namespace

const char* TagNameEnd(const char* name, const char* end) {
  return NameEnd<false>(name, end);
}

TagEnd SkipAttributes(const char* at, const char* end) {
  std::size_t seen = 0;
  const TagEnd out =
      ReadAttributes(at, end, [&seen](std::string_view, std::string_view) { ++seen; });
  return seen <= limits::kAttributesMax ? out : TagEnd{};
}

const char* ReadPickedTag(const char* at, const char* end, Token& token_out,
                          TagAttributes& attributes_out, bool& dropped_out) {
  const bool is_end = at[1] == '/';
  token_out.kind = is_end ? TokenKind::kEndTag : TokenKind::kStartTag;
  token_out.self_closing = false;
  const char* const name = at + (is_end ? 2 : 1);
  at = NameEnd<false>(name, end);
  token_out.name = Between(name, at);
  token_out.key = KeyOfName(token_out.name, end);
  if (at < end && *at == '>') {
    if (!is_end) attributes_out.Clear();
    return at + 1;
  }
  attributes_out.Clear();
  std::size_t seen = 0;
  const TagEnd tag =
      ReadAttributes(at, end, [&](std::string_view attribute, std::string_view value) {
        if (++seen > limits::kAttributesMax) {
          dropped_out = true;
        } else {
          attributes_out.Take(attribute, value, end);
        }
      });
  token_out.self_closing = tag.self_closing && !is_end;  // an end tag closes nothing by itself
  return tag.behind;
}

}  // namespace crawlcard::page::html
