// page/html/page_scanner.cc - see page_scanner.h. Section numbers are those of the HTML Standard.
#include "page/html/page_scanner.h"

#include <algorithm>
#include <bit>
#include <cstring>

#include "base/simd.h"
#include "base/text.h"
#include "page/html/byte_classes.h"
#include "page/html/picked_tag.h"
#include "page/html/script_data.h"
#include "page/html/tag_end.h"
#include "page/internal/tag_vectors.h"
#include "page/limits.h"

namespace crawlcard::page::html {
namespace {

using page::internal::ScalarTags;
#if defined(__x86_64__)
using page::internal::Avx2Tags;
using page::internal::Sse2Tags;
#endif

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
      reader.OnEndTag({token.key, token.name, token.offset, token.end});
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

// Passes what is between the start tag of a raw text element and its end tag.
[[gnu::noinline]] std::size_t PassRawText(const Parts& parts, TagSpan tag) {
  const bool script = tag.key.element == Element::kScript;
  const bool raw = script || tag.key.element == Element::kStyle;
  if (!raw || !parts.reader.ignores_raw_text()) return GoOnBehind(parts, tag);
  const std::size_t end = script ? ScriptDataEnd(parts.body, tag.end, tag.name)
                                 : RawTextEnd(parts.body, tag.end, tag.name);
  parts.map.SkipTo(end);
  return end;
}

// Reads the comment whose '<' is at `at`.
[[gnu::noinline]] std::size_t ReadComment(const Parts& parts, std::size_t at) {
  const std::size_t begin = at + std::string_view("<!--").size();
  const CommentSpan comment = FindCommentEnd(parts.body, begin);
  parts.reader.OnComment(parts.body.substr(begin, comment.data_end - begin));
  parts.map.SkipTo(comment.end);
  return comment.end;
}

[[gnu::noinline]] void ReadOtherText(const Parts& parts, std::size_t begin, std::size_t end) {
  parts.reader.OnData(parts.body.substr(begin, end - begin), begin,
                      ScanText(parts.map, parts.body, begin, end));
}

// The same for a text whose words are counted.
[[gnu::noinline]] void ReadCountedText(const Parts& parts, std::size_t begin, std::size_t end,
                                       TextScan scan) {
  AddMarks(parts.map, parts.body, begin, end, scan);
  parts.reader.OnData(parts.body.substr(begin, end - begin), begin, scan);
}

// The first '>' or apostrophe, and bits of what is marked before it, if there is anything.
struct Stop {
  std::size_t at = 0;
  std::uint64_t marked = 0;
};
// From behind the block of `at` on, where `marked` is marked. Without any: the place before `at`.
[[gnu::noinline]] Stop FarStop(const Parts& parts, std::size_t at, std::uint64_t marked) {
  BodyMap& map = parts.map;
  std::size_t block = at / BodyMap::kBlockBytes + 1;
  while (block * BodyMap::kBlockBytes < parts.body.size()) {
    map.Prepare(block * BodyMap::kBlockBytes);
    const std::uint64_t* const stops = map.rows()[BodyMap::kStop];
    const std::uint64_t* const marks = map.rows()[BodyMap::kTagMark];
    const std::size_t ready = map.ready() / BodyMap::kBlockBytes;
    for (; block < ready; ++block) {
      if (stops[block] != 0) {
        return {
            block * BodyMap::kBlockBytes + static_cast<std::size_t>(std::countr_zero(stops[block])),
            marked | (marks[block] & (stops[block] ^ (stops[block] - 1)))};
      }
      marked |= marks[block];
    }
  }
  return {at - 1, marked};
}

[[gnu::noinline]] const KnownName& NewName(const Parts& parts, std::string_view name,
                                           std::uint64_t bytes) {
  return parts.known_names.Add(bytes, KeyOfName(name, parts.body.data() + parts.body.size()));
}

// The low bits, fewer than 64.
constexpr std::uint64_t LowBits(std::size_t count) {
  return ~(~std::uint64_t{0} << count);
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
        rows_(parts.map.rows()),
        reader_(parts.reader) {}

  [[gnu::always_inline]] void Run() {
    // Not too near to the end, so that the bytes of a name, and 64 of a text, need no check.
    const std::size_t safe = size_ < kTailBytes ? 0 : size_ - kTailBytes;
    std::size_t at = 0;
    LookAround();
    while (at < ready_ || Prepare(at)) {
      const std::size_t less = Next(BodyMap::kLess, at);
      if (less >= safe) {
        if (at < less && less < size_ && parts_.tokenizer.OpensMarkup(less)) {
          ReadOtherText(parts_, at, less);
          at = less;
        }
        break;
      }
      const char* const name = body_ + less + 1;
      if (IsAsciiAlpha(*name)) {
        if (less > at) ReadText(at, less);
        at = ReadStartTag(less, name);
      } else if (*name == '/' && IsAsciiAlpha(name[1])) {
        if (less > at) ReadText(at, less);
        at = ReadEndTag(less, name + 1);
      } else {  // a comment, or text that goes on
        const bool is_comment = std::string_view(name, 3) == "!--";
        if (at < less && *name == '!') {
          ReadText(at, less);
          at = less;
        }
        at = is_comment ? ReadComment(parts_, less) : Delegate(parts_, at);
        LookAround();
      }
    }
    while (at < size_) at = Delegate(parts_, at);
  }

 private:
  static constexpr std::size_t kNameBytesMax = 16;
  static constexpr std::size_t kTailBytes = BodyMap::kBlockBytes;
  static_assert(kTailBytes > 2 + kNameBytesMax);

  // False at the end of the body.
  bool Prepare(std::size_t at) {
    if (at >= size_) return false;
    parts_.map.Prepare(at);
    ready_ = std::min(parts_.map.ready(), size_);
    return true;
  }

  [[gnu::always_inline]] std::uint64_t Bits(BodyMap::Row row, std::size_t at) const {
    return BodyMap::Bits(rows_[row], at);
  }

  // A bit for each of `size` bytes, 64 at most, that is no white space; others are not told. Not
  // for the end of a body.
  [[gnu::always_inline]] std::uint64_t Words(std::size_t at, std::size_t size) const {
    return ~Vectors::Spaces::Bits(body_ + at, size);
  }

  // The first byte of a row from `at` on, or the body's size.
  [[gnu::always_inline]] std::size_t Next(BodyMap::Row row, std::size_t at) {
    const std::uint64_t bits = Bits(row, at);
    if (bits != 0) [[likely]]
      return at + static_cast<std::size_t>(std::countr_zero(bits));
    return parts_.map.Next(row, at);
  }

  // Keeps what the reader says of itself, after anything that may change that.
  [[gnu::always_inline]] void LookAround() {
    is_plain_ = reader_.is_plain();
    wants_words_alone_ = reader_.wants_words_alone();
  }

  void ReadMarkedText(std::size_t begin, std::size_t end) {
    ReadOtherText(parts_, begin, end);
    LookAround();
  }

  // Whether what is marked in the text at `begin` are references that mean no white space, or
  // nothing; then `more_out` is how many bytes they mean more than are written.
  [[gnu::noinline]] static bool MeasureReferences(const Parts& parts, std::size_t begin,
                                                  std::uint64_t marks, std::ptrdiff_t& more_out) {
    more_out = 0;
    for (; marks != 0; marks &= marks - 1) {
      const std::size_t at = begin + static_cast<std::size_t>(std::countr_zero(marks));
      const char mark = parts.body[at];
      if (!IsTextMark(mark)) continue;
      if (mark != '&') return false;
      // Read on behind the text: no reference reaches past the '<' there.
      const ReferenceBytes reference = parts.reader.references().Measure(parts.body.substr(at + 1));
      if (reference.begins_with_space) return false;
      if (reference.used == 0) continue;
      more_out += static_cast<std::ptrdiff_t>(reference.meaning - (reference.used + 1));
    }
    return true;
  }

  // In the head there is nothing but white space between most tags.
  void ReadHeadText(std::size_t begin, std::size_t end) {
    const bool blank =
        end - begin <= BodyMap::kBitsMin && (Words(begin, end - begin) & LowBits(end - begin)) == 0;
    if (!blank || !reader_.OnBlank()) ReadMarkedText(begin, end);
  }

  // Most texts are white space, and short.
  [[gnu::always_inline]] void ReadText(std::size_t begin, std::size_t end) {
    const std::size_t size = end - begin;
    if (!wants_words_alone_) return ReadHeadText(begin, end);
    if (size > BodyMap::kBitsMin) return ReadLongText(begin, end);
    const std::uint64_t range = LowBits(size);
    const std::uint64_t marks = Bits(BodyMap::kTextMark, begin) & range;
    const std::uint64_t words = Words(begin, size) & range;
    if (marks == 0) return reader_.OnShortText(words, size);
    std::ptrdiff_t more = 0;
    if (!MeasureReferences(parts_, begin, marks, more)) return ReadMarkedText(begin, end);
    reader_.OnShortText(words, size, more);
  }

  [[gnu::always_inline]] void ReadLongText(std::size_t begin, std::size_t end) {
    TextScan scan;
    const std::uint64_t* const marked = rows_[BodyMap::kTextMark];
    const std::size_t last = (end - 1) / BodyMap::kBlockBytes;
    std::uint64_t range = ~std::uint64_t{0} << (begin % BodyMap::kBlockBytes);
    bool other = false;         // something is marked that may matter
    std::uint64_t in_word = 0;  // whether the block before ended in a word
    for (std::size_t block = begin / BodyMap::kBlockBytes; block <= last; ++block) {
      if (block == last) range &= ~std::uint64_t{0} >> (-end % BodyMap::kBlockBytes);
      const std::uint64_t words = Words(block * BodyMap::kBlockBytes, BodyMap::kBlockBytes) & range;
      const std::uint64_t here = marked[block] & range;
      if (here != 0) [[unlikely]]
        other = other || MayMarkText(body_ + block * BodyMap::kBlockBytes, here);
      scan.word_bytes += static_cast<std::size_t>(std::popcount(words));
      scan.words += static_cast<std::size_t>(std::popcount(words & ~(words << 1 | in_word)));
      in_word = words >> (BodyMap::kBlockBytes - 1);
      range = ~std::uint64_t{0};
    }
    scan.begins_with_space = IsByte(body_[begin], kSpaceByte);
    scan.ends_with_space = IsByte(body_[end - 1], kSpaceByte);
    if (!other) return reader_.OnWords(scan);
    ReadCountedText(parts_, begin, end, scan);
    LookAround();
  }

  [[gnu::always_inline]] Stop NextStop(std::size_t at) {
    const std::uint64_t stops = Bits(BodyMap::kStop, at);
    const std::uint64_t marks = Bits(BodyMap::kTagMark, at);
    if (stops != 0) {
      return {at + static_cast<std::size_t>(std::countr_zero(stops)),
              marks & (stops ^ (stops - 1))};
    }
    // The block behind is ready, too.
    const std::size_t next = BodyMap::NextBlock(at);
    const std::uint64_t next_stops = rows_[BodyMap::kStop][next / BodyMap::kBlockBytes];
    const std::uint64_t next_marks = rows_[BodyMap::kTagMark][next / BodyMap::kBlockBytes];
    if (next_stops == 0) return FarStop(parts_, at, marks);
    return {next + static_cast<std::size_t>(std::countr_zero(next_stops)),
            marks | (next_marks & (next_stops ^ (next_stops - 1)))};
  }

  std::size_t DelegateTag(std::size_t at) {
    const std::size_t behind = Delegate(parts_, at);
    LookAround();
    return behind;
  }

  // Reads the end tag whose '<' is at `at`. Returns where the data state goes on.
  [[gnu::always_inline]] std::size_t ReadEndTag(std::size_t at, const char* name) {
    if (is_plain_) [[likely]] {
      std::uint64_t bytes = 0;
      std::memcpy(&bytes, name, sizeof(bytes));
      if (const std::size_t end = reader_.OnWrittenEndTag(bytes, at + 2); end != 0) return end;
    }
    const std::size_t behind = ReadOtherEndTag(parts_, at, name, NextStop(at + 2), is_plain_);
    LookAround();
    return behind;
  }

  // The same for a start tag.
  [[gnu::always_inline]] std::size_t ReadStartTag(std::size_t at, const char* name) {
    const Stop stop = NextStop(at + 2);
    const std::size_t name_size = NameSize(name);
    if (name_size == kNoSize) return DelegateTag(at);
    const std::size_t edge = static_cast<std::size_t>(name - body_) + name_size;
    const KnownName& known = NameOf(parts_, name, name_size);
    const std::size_t end = stop.at + 1;
    std::uint64_t marked = stop.marked;
    if (is_plain_ && (stop.at == edge || EndsAt(body_, stop.at, edge))) [[likely]] {
      if (marked != 0 && stop.at != edge) {
        if (parts_.map.HasWord(edge, end)) return DelegateTag(at);
        marked = 0;
      }
      if (reader_.OnPlainStartTag(known.element, end)) return end;
    }
    const TagSpan tag{known.element.key, {name, name_size}, at, end};
    const std::size_t behind = ReadOtherStartTag(parts_, tag, known.element, edge, marked != 0);
    LookAround();
    return behind;
  }

  // Of the name of a tag. kNoSize for one that is to be read by the tokenizer: long, or with a zero
  // byte at its end, which is not told from a shorter name.
  static constexpr std::size_t kNoSize = kNpos;
  [[gnu::always_inline]] static std::size_t NameSize(const char* name) {
    const unsigned ends = Vectors::NameEnds(name);
    if (ends == 0) return kNoSize;
    const int size = std::countr_zero(ends);
    return name[size - 1] == '\0' ? kNoSize : static_cast<std::size_t>(size);
  }

  // The two for tags that are not of the usual kind. `tag` ends at the first '>' or apostrophe.
  [[gnu::noinline]] static std::size_t ReadOtherEndTag(const Parts& parts, std::size_t at,
                                                       const char* name, Stop stop, bool plain) {
    const std::size_t size = NameSize(name);
    if (size == kNoSize) return Delegate(parts, at);
    const std::size_t edge = static_cast<std::size_t>(name - parts.body.data()) + size;
    TagSpan tag{NameOf(parts, name, size).element.key, {name, size}, at, stop.at + 1};
    if (plain && stop.at == edge && parts.reader.OnPlainEndTag(tag.key, tag.end)) return tag.end;
    if (tag.end != edge + 1) {
      tag.end = UnusualTagEnd(parts, tag.end - 1, edge, false).behind;
      if (tag.end == 0) return Delegate(parts, tag.offset);
    }
    const bool foreign = parts.reader.in_foreign();
    parts.reader.OnEndTag(tag);
    if (foreign) parts.tokenizer.SetForeign(parts.reader.in_foreign());
    return tag.end;
  }
  [[gnu::noinline]] static std::size_t ReadOtherStartTag(const Parts& parts, const TagSpan& tag_in,
                                                         const OpenElement& element,
                                                         std::size_t edge, bool marked) {
    TagSpan tag = tag_in;
    PageReader& reader = parts.reader;
    if (tag.key.Is(kReadElement) || reader.awaits_text_value()) return Delegate(parts, tag.offset);
    const bool foreign = reader.in_foreign();
    bool self_closing = false;
    if (tag.end != edge + 1) {
      const std::size_t stop = tag.end - 1;
      self_closing = parts.body[stop - 1] == '/';
      // Whether a tag closes itself matters only there.
      const bool exact = self_closing && (foreign || tag.key.Is(kForeignRoot));
      if (exact || !EndsAt(parts.body.data(), stop, edge)) {
        const PlaceBehind place = UnusualTagEnd(parts, stop, edge, exact);
        if (place.behind == 0) return Delegate(parts, tag.offset);
        marked = marked || tag.end != place.behind;
        tag.end = place.behind;
        self_closing = place.self_closing;
      }
      if (marked && parts.map.HasWord(edge, tag.end)) return Delegate(parts, tag.offset);
    }
    if (reader.is_plain() && reader.OnPlainStartTag(element, tag.end)) return tag.end;
    reader.OnBareStartTag(tag, self_closing);
    if (foreign || tag.key.Is(kForeignRoot)) {
      parts.tokenizer.SetForeign(reader.in_foreign());
    } else if (tag.key.Is(kRawTextElement)) {
      return PassRawText(parts, tag);
    }
    return tag.end;
  }

  // TagEnd by its place in the body; zero where the body ends before. Whether the tag closes itself
  // is told only if that is to be `exact`.
  struct PlaceBehind {
    std::size_t behind = 0;
    bool self_closing = false;
  };
  [[gnu::noinline]] static PlaceBehind UnusualTagEnd(const Parts& parts, std::size_t stop,
                                                     std::size_t edge, bool exact) {
    const char* const begin = parts.body.data();
    const char* const end = begin + parts.body.size();
    if (!exact && IsEndOf(parts.body, stop, edge)) return {stop + 1, false};
    TagEnd tag = Vectors::FindTagEnd(begin + edge, end);
    if (tag.behind == nullptr) tag = SkipAttributes(begin + edge, end);
    if (tag.behind == nullptr) return {};
    const auto behind = static_cast<std::size_t>(tag.behind - begin);
    parts.map.PrepareTo(behind);
    return {behind, tag.self_closing};
  }

  [[gnu::always_inline]] static const KnownName& NameOf(const Parts& parts, const char* name,
                                                        std::size_t size) {
    std::uint64_t bytes = 0;
    if (size <= KnownNames::kBytesMax) {
      std::memcpy(&bytes, name, sizeof(bytes));
      bytes = Vectors::LowBytes(bytes, size);
      if (const KnownName* known = parts.known_names.Find(bytes); known != nullptr) return *known;
    }
    return NewName(parts, {name, size}, bytes);
  }

  const Parts& parts_;
  const char* const body_;
  const std::size_t size_;
  const BodyMap::Rows rows_;
  PageReader& reader_;
  std::size_t ready_ = 0;           // the map is ready before this
  bool is_plain_ = false;           // as the reader says
  bool wants_words_alone_ = false;  // the same
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
