// page/html/page_scanner.cc - see page_scanner.h. Section numbers are those of the HTML Standard.
#include "page/html/page_scanner.h"

#include <algorithm>
#include <bit>
#include <cstring>

#include "base/simd.h"
#include "base/text.h"
#include "page/html/byte_classes.h"
#include "page/html/picked_tag.h"
#include "page/html/tag_end.h"

#if defined(__x86_64__)
#include <immintrin.h>
#endif

namespace crawlcard::page::html {
namespace {

constexpr std::size_t kNpos = std::string_view::npos;

// Hands one token on; false after the last.
bool Dispatch(const Token& token, Tokenizer& tokenizer, PageReader& reader) {
  switch (token.kind) {
    case TokenKind::kEnd:
      return false;
    case TokenKind::kStartTag:
      reader.OnStartTag(token);
      tokenizer.SetForeign(reader.in_foreign());
      break;
    case TokenKind::kEndTag:
      reader.OnEndTag(token.key, token.name, token.offset, token.end);
      tokenizer.SetForeign(reader.in_foreign());
      break;
    case TokenKind::kText:
      reader.OnText(token);
      break;
    case TokenKind::kComment:
      reader.OnComment(token.data);
      break;
    case TokenKind::kDoctype:
      break;
  }
  return true;
}

// Whether a reference, of which `text` is what follows its '&' in an attribute, means no letter,
// digit, slash, dot or dash, of which words that matter are made (13.2.5.72, 13.2.5.73).
bool IsHarmlessReference(std::string_view text) {
  if (text.size() >= 4 && std::memcmp(text.data(), "amp;", 4) == 0) return true;
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
  return name == "quot" || name == "nbsp" || name == "lt" || name == "gt";
}

// What a pass needs vectors for: NameEnds() tells which of 16 bytes may end the name of a tag,
// white space, '>', '/', or a control character, for which the tokenizer is asked. FindTagEnd()
// gives no end where SkipAttributes() is to be asked.
struct ScalarTags {
  static unsigned NameEnds(const char* bytes) {
    unsigned out = 0;
    for (unsigned i = 0; i < 16; ++i) {
      const char c = bytes[i];
      if (static_cast<unsigned char>(c) <= ' ' || c == '>' || c == '/') out |= 1U << i;
    }
    return out;
  }
  // `bytes` with all but the lowest made zero; one to eight are kept.
  static std::uint64_t LowBytes(std::uint64_t bytes, std::size_t kept) {
    return bytes & (~std::uint64_t{0} >> (8 * (sizeof(bytes) - kept)));
  }
  static TagEnd FindTagEnd(const char*, const char*) { return {}; }
};
#if defined(__x86_64__)
// A byte as often as a vector holds it; not constant, since compilers would make it anew each time.
struct NameEndBytes {
  alignas(16) std::array<char, 16> blanks = Repeat(' ');
  alignas(16) std::array<char, 16> greater = Repeat('>');
  alignas(16) std::array<char, 16> slashes = Repeat('/');

  static std::array<char, 16> Repeat(char c) {
    std::array<char, 16> bytes;
    bytes.fill(c);
    return bytes;
  }
};
const NameEndBytes kNameEnds;

struct Sse2Tags : ScalarTags {
  [[gnu::always_inline]] static __m128i Load(const std::array<char, 16>& bytes) {
    return _mm_load_si128(reinterpret_cast<const __m128i*>(bytes.data()));
  }
  [[gnu::always_inline]] static unsigned NameEnds(const char* bytes) {
    const __m128i text = _mm_loadu_si128(reinterpret_cast<const __m128i*>(bytes));
    const __m128i low = _mm_min_epu8(text, Load(kNameEnds.blanks));
    return static_cast<unsigned>(_mm_movemask_epi8(_mm_or_si128(
        _mm_cmpeq_epi8(text, low), _mm_or_si128(_mm_cmpeq_epi8(text, Load(kNameEnds.greater)),
                                                _mm_cmpeq_epi8(text, Load(kNameEnds.slashes))))));
  }
};
struct Avx2Tags : Sse2Tags {
  [[gnu::always_inline]] static TagEnd FindTagEnd(const char* at, const char* end) {
    return QuotedTagEnd(at, end);
  }
  [[gnu::target("bmi2")]] static std::uint64_t LowBytes(std::uint64_t bytes, std::size_t kept) {
    return _bzhi_u64(bytes, static_cast<unsigned>(8 * kept));
  }
};
#endif

// What a pass over one body works with.
struct Parts {
  BodyMap& map;
  Tokenizer& tokenizer;
  KnownNames& known_names;
  std::string_view body;
  PageReader& reader;
};

// Lets the tokenizer go on until it is back in the data state.
[[gnu::noinline]] std::size_t GoOn(const Parts& parts) {
  Tokenizer& tokenizer = parts.tokenizer;
  do {
    if (!Dispatch(tokenizer.Next(), tokenizer, parts.reader)) return parts.body.size();
  } while (!tokenizer.in_data());
  parts.map.SkipTo(tokenizer.position());
  return tokenizer.position();
}

// Lets the tokenizer read what begins at `at`.
[[gnu::noinline]] std::size_t Delegate(const Parts& parts, std::size_t at) {
  parts.tokenizer.Seek(at);
  return GoOn(parts);
}

// The same for what is behind a start tag.
[[gnu::noinline]] std::size_t GoOnBehind(const Parts& parts, TagSpan tag) {
  parts.tokenizer.SeekBehind(tag);
  return GoOn(parts);
}

[[gnu::noinline]] void ReadMarkedText(const Parts& parts, std::size_t begin, std::size_t end) {
  parts.reader.OnData(parts.body.substr(begin, end - begin), begin,
                      ScanText(parts.map, parts.body, begin, end));
}

[[gnu::noinline]] const NameKey& NewKey(const Parts& parts, std::string_view name,
                                        std::uint64_t bytes) {
  return parts.known_names.Add(bytes, KeyOfName(name, parts.body.data() + parts.body.size()));
}

// Whether what is marked from `begin` to before `end` is a word of ours or may hide one.
[[gnu::noinline]] bool AnyWord(const Parts& parts, std::size_t begin, std::size_t end) {
  for (std::size_t at = begin; at < end; at = BodyMap::NextBlock(at)) {
    const std::size_t block = at & ~(BodyMap::kBlockBytes - 1);
    std::uint64_t hits =
        parts.map.BlockOf(at).mark & BlockRange(at, std::min(BodyMap::NextBlock(at), end));
    for (; hits != 0; hits &= hits - 1) {
      const std::size_t hit = block + static_cast<std::size_t>(std::countr_zero(hits));
      if (parts.body[hit] == '&') {
        if (!IsHarmlessReference(parts.body.substr(hit + 1, end - hit - 1))) return true;
      } else if (parts.map.IsWordAround(hit)) {
        return true;
      }
    }
  }
  return false;
}

// Reads one body. All of it becomes one loop that keeps these members in registers: what is not
// inline takes the parts instead.
template <class Vectors>
class Pass {
 public:
  [[gnu::always_inline]] explicit Pass(const Parts& parts)
      : parts_(parts),
        body_(parts.body.data()),
        size_(parts.body.size()),
        blocks_(parts.map.blocks()),
        reader_(parts.reader) {}

  [[gnu::always_inline]] void Run() {
    // Not too near to the end, so that the bytes of a name need no check.
    const std::size_t safe = size_ < kTailBytes ? 0 : size_ - kTailBytes;
    std::size_t at = 0;
    while (at < size_) {
      parts_.map.Prepare(at);
      const std::size_t less = NextLess(at);
      if (less >= safe) {
        if (at < less && less < size_ && parts_.tokenizer.OpensMarkup(less)) {
          ReadText(at, less);
          at = less;
        }
        break;
      }
      const bool is_end = body_[less + 1] == '/';
      const char* const name = body_ + less + 1 + (is_end ? 1 : 0);
      if (!IsAsciiAlpha(*name)) {  // a comment, or text that goes on
        if (at < less && *name == '!' && !is_end) {
          ReadText(at, less);
          at = less;
        }
        at = Delegate(parts_, at);
        continue;
      }
      if (less > at) {
        // Most texts are white space, and short.
        const std::uint64_t words = ~BlockOf(at).space >> (at % BodyMap::kBlockBytes);
        const bool blank =
            words != 0 && at + static_cast<std::size_t>(std::countr_zero(words)) == less;
        if (!blank || !reader_.OnPlainData({})) ReadText(at, less);
      }
      at = ReadTag(less, name, is_end);
    }
    while (at < size_) at = Delegate(parts_, at);
  }

 private:
  static constexpr std::size_t kNameBytesMax = 16;
  static constexpr std::size_t kTailBytes = 2 + kNameBytesMax + 1;

  [[gnu::always_inline]] const BodyBlock& BlockOf(std::size_t at) const {
    return blocks_[at / BodyMap::kBlockBytes];
  }

  // The first '<' from `at` on, or the body's size.
  [[gnu::always_inline]] std::size_t NextLess(std::size_t at) {
    const std::uint64_t bits = BlockOf(at).less >> (at % BodyMap::kBlockBytes);
    if (bits != 0) [[likely]]
      return at + static_cast<std::size_t>(std::countr_zero(bits));
    return parts_.map.Next<&BodyBlock::less>(at);
  }

  [[gnu::always_inline]] void ReadText(std::size_t begin, std::size_t end) {
    TextScan scan;
    std::uint64_t marks = 0;
    std::uint64_t in_word = 0;  // whether the block before ended in a word
    for (std::size_t at = begin; at < end;) {
      const std::size_t next = std::min(BodyMap::NextBlock(at), end);
      const BodyBlock& block = BlockOf(at);
      const std::uint64_t range = BlockRange(at, next);
      const std::uint64_t words = ~block.space & range;
      if (words != 0) {
        marks |= block.mark & range;
        scan.word_bytes += static_cast<std::size_t>(std::popcount(words));
        scan.words += static_cast<std::size_t>(std::popcount(words & ~(words << 1 | in_word)));
      }
      in_word = words >> (BodyMap::kBlockBytes - 1);
      at = next;
    }
    if (scan.words != 0) {
      scan.begins_with_space = IsByte(body_[begin], kSpaceByte);
      scan.ends_with_space = IsByte(body_[end - 1], kSpaceByte);
    }
    if (marks != 0 || !reader_.OnPlainData(scan)) ReadMarkedText(parts_, begin, end);
  }

  // Reads the tag whose '<' is at `at`. Returns where the data state goes on.
  [[gnu::always_inline]] std::size_t ReadTag(std::size_t at, const char* name, bool is_end) {
    const unsigned ends = Vectors::NameEnds(name);
    if (ends == 0) return Delegate(parts_, at);  // a long name
    const auto name_size = static_cast<std::size_t>(std::countr_zero(ends));
    const char* const edge = name + name_size;
    const NameKey& key = KeyOf(name, name_size);
    const std::string_view written(name, name_size);
    const auto edge_at = static_cast<std::size_t>(edge - body_);
    TagEnd tag{edge + 1, false};
    if (*edge != '>') {
      if (!IsByte(*edge, kEndsTagName)) return Delegate(parts_, at);
      tag = Vectors::FindTagEnd(edge, body_ + size_);
      if (tag.behind == nullptr) {
        tag = SkipAttributes(edge, body_ + size_);
        if (tag.behind == nullptr) return Delegate(parts_, at);
      }
    }
    const auto end = static_cast<std::size_t>(tag.behind - body_);
    const bool foreign = reader_.in_foreign();
    if (is_end) {
      if (*edge != '>') parts_.map.SkipTo(end);
      reader_.OnEndTag(key, written, at, end);
      if (foreign) parts_.tokenizer.SetForeign(reader_.in_foreign());
      return end;
    }
    if (key.Is(kReadElement) || reader_.awaits_text_value() ||
        (*edge != '>' && HasMark(edge_at, end) && AnyWord(parts_, edge_at, end))) {
      return Delegate(parts_, at);
    }
    reader_.OnBareStartTag(key, written, at, end, tag.self_closing);
    if (foreign || key.Is(kForeignRoot)) {
      parts_.tokenizer.SetForeign(reader_.in_foreign());
    } else if (key.Is(kRawTextElement)) {
      return GoOnBehind(parts_, {key, written, at, end});
    }
    return end;
  }

  [[gnu::always_inline]] const NameKey& KeyOf(const char* name, std::size_t size) {
    std::uint64_t bytes = 0;
    if (size <= KnownNames::kBytesMax) {
      std::memcpy(&bytes, name, sizeof(bytes));
      bytes = Vectors::LowBytes(bytes, size);
      if (const NameKey* known = parts_.known_names.Find(bytes); known != nullptr) return *known;
    }
    return NewKey(parts_, {name, size}, bytes);
  }

  // Whether something is marked from `begin` to before `end`, some bytes behind.
  [[gnu::always_inline]] bool HasMark(std::size_t begin, std::size_t end) {
    const std::size_t last = (end - 1) / BodyMap::kBlockBytes;
    parts_.map.PrepareTo(end - 1);
    std::size_t block = begin / BodyMap::kBlockBytes;
    std::uint64_t marks = 0;
    std::uint64_t from = ~std::uint64_t{0} << (begin % BodyMap::kBlockBytes);
    for (; block < last; ++block) {
      marks |= blocks_[block].mark & from;
      from = ~std::uint64_t{0};
    }
    marks |= blocks_[last].mark & from & (~std::uint64_t{0} >> (-end % BodyMap::kBlockBytes));
    return marks != 0;
  }

  const Parts& parts_;
  const char* const body_;
  const std::size_t size_;
  const BodyBlock* const blocks_;
  PageReader& reader_;
};

#if defined(__x86_64__)
[[gnu::target("avx2,bmi,bmi2,lzcnt,popcnt")]] void RunByAvx2(const Parts& parts) {
  Pass<Avx2Tags>(parts).Run();
}
void RunBySse2(const Parts& parts) {
  Pass<Sse2Tags>(parts).Run();
}
#endif

}  // namespace

bool ReadByTokenizer(std::string_view body, Tokenizer& tokenizer, PageReader& reader) {
  tokenizer.Reset(body);
  while (Dispatch(tokenizer.Next(), tokenizer, reader)) {
  }
  return tokenizer.attributes_dropped();
}

PageScanner::PageScanner() : tokenizer_({}, AttributeMode::kPicked) {}

bool PageScanner::Read(std::string_view body, PageReader& reader) {
  map_.Reset(body);
  tokenizer_.Reset(body);
  const Parts parts{map_, tokenizer_, known_names_, body, reader};
  switch (SimdLevel()) {
#if defined(__x86_64__)
    case Simd::kAvx2:
      RunByAvx2(parts);
      break;
    case Simd::kSse2:
      RunBySse2(parts);
      break;
#endif
    default:
      Pass<ScalarTags>(parts).Run();
      break;
  }
  return tokenizer_.attributes_dropped();
}

}  // namespace crawlcard::page::html
