// page/html/page_scanner.cc - see page_scanner.h. Section numbers are those of the HTML Standard.
#include "page/html/page_scanner.h"

#include <algorithm>
#include <bit>
#include <cstring>

#include "base/simd.h"
#include "base/text.h"
#include "page/html/byte_classes.h"
#include "page/html/picked_tag.h"
#include "page/limits.h"

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
      reader.OnEndTag(token.span());
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
  for (const std::string_view known :
       {"amp;", "quot;", "#39;", "#039;", "#34;", "nbsp;", "lt;", "gt;"}) {
    if (text.starts_with(known)) return true;
  }
  if (text.starts_with('#')) return false;
  // Without a semicolon only names of Latin-1 characters and of & < > and " count.
  std::size_t size = 0;
  while (size < text.size() && (IsAsciiAlpha(text[size]) || IsAsciiDigit(text[size]))) ++size;
  return size == text.size() || text[size] != ';';
}

// The delimiters of a body one after another.
class Delimiters {
 public:
  Delimiters(BodyMap& map, std::size_t size) : map_(map), size_(size) {}

  // The next one is the first from `at` on.
  [[gnu::always_inline]] void Seek(std::size_t at) {
    block_ = at & ~(BodyMap::kBlockBytes - 1);
    left_ = map_.BlockOf(at).delimiter & (~std::uint64_t{0} << (at % BodyMap::kBlockBytes));
  }
  // The size of the body behind the last.
  [[gnu::always_inline]] std::size_t Next() {
    while (left_ == 0) {
      block_ += BodyMap::kBlockBytes;
      if (block_ >= size_) return size_;
      map_.Prepare(block_);
      left_ = map_.BlockOf(block_).delimiter;
    }
    const std::size_t at = block_ + static_cast<std::size_t>(std::countr_zero(left_));
    left_ &= left_ - 1;
    return at;
  }

 private:
  BodyMap& map_;
  const std::size_t size_;
  std::size_t block_ = 0;
  std::uint64_t left_ = 0;
};

// Reads one body. A class of this file, so that all of it becomes one loop.
class Pass {
 public:
  Pass(BodyMap& map, Tokenizer& tokenizer, KnownNames& known_names, std::string_view body,
       PageReader& reader)
      : map_(map),
        tokenizer_(tokenizer),
        known_names_(known_names),
        body_(body.data()),
        size_(body.size()),
        reader_(reader) {}

  [[gnu::always_inline]] void Run() {
    std::size_t at = 0;
    while (at < size_) {
      map_.Prepare(at);
      const std::size_t less = map_.Next<&BodyBlock::less>(at);
      // Not too near to the end, so that bytes behind need no check.
      if (size_ - less < kTailBytes) break;
      const char next = body_[less + 1];
      const bool is_end = next == '/';
      const std::size_t name = less + (is_end ? 2 : 1);
      if (!IsAsciiAlpha(body_[name])) {  // a comment, or text that goes on
        at = Delegate(at);
        continue;
      }
      if (less > at) ReadText(at, less);
      at = ReadTag(less, name, is_end);
    }
    while (at < size_) at = Delegate(at);
  }

 private:
  static constexpr std::size_t kTailBytes = 2 + KnownNames::kBytesMax;

  std::string_view Piece(std::size_t begin, std::size_t end) const {
    return {body_ + begin, end - begin};
  }

  [[gnu::always_inline]] void ReadText(std::size_t begin, std::size_t end) {
    // Most texts are white space between two tags, and short.
    for (std::size_t at = begin; at < end;) {
      const std::size_t next = std::min(BodyMap::NextBlock(at), end);
      const bool blank = (~map_.BlockOf(at).space & BlockRange(at, next)) == 0;
      if (!blank) return ReadWords(begin, end);
      at = next;
    }
    if (!reader_.OnBlank()) ReadWords(begin, end);
  }
  [[gnu::noinline]] void ReadWords(std::size_t begin, std::size_t end) {
    reader_.OnData(Piece(begin, end), begin, ScanText(map_, Piece(0, size_), begin, end));
  }

  // Reads the tag whose '<' is at `at` and whose name is at `begin`. Returns where the data state
  // goes on.
  [[gnu::always_inline]] std::size_t ReadTag(std::size_t at, std::size_t begin, bool is_end) {
    const std::size_t edge = NameEdge(begin);
    if (edge == size_) return Delegate(at);
    std::size_t name_size = edge - begin;
    if (body_[edge - 1] == '/') --name_size;
    TagSpan tag;
    tag.name = std::string_view(body_ + begin, name_size);
    tag.offset = at;
    if (!ReadKey(tag)) return Delegate(at);
    tag.end = body_[edge] == '>' ? edge + 1 : TagEnd(edge);
    if (tag.end == kNpos) return Delegate(at);
    if (is_end) {
      const bool foreign = reader_.in_foreign();
      reader_.OnEndTag(tag);
      if (foreign) tokenizer_.SetForeign(reader_.in_foreign());
      return tag.end;
    }
    if (!IsBare(tag, edge)) return Delegate(at);
    reader_.OnBareStartTag(tag);
    if (!Is(tag.key.element, kRawTextElement)) return tag.end;
    tokenizer_.SeekBehind(tag);
    return GoOn();
  }

  // The first white space, '>', '=' or quote from `at` on: where a name ends, but for slashes.
  [[gnu::always_inline]] std::size_t NameEdge(std::size_t at) {
    const BodyBlock& block = map_.BlockOf(at);
    const std::uint64_t edges = (block.space | block.delimiter) >> (at % BodyMap::kBlockBytes);
    if (edges != 0) return at + static_cast<std::size_t>(std::countr_zero(edges));
    return std::min(map_.Next<&BodyBlock::space>(at), map_.Next<&BodyBlock::delimiter>(at));
  }

  // Sets the key of a tag by its name, which begins with a letter. False: it ends before, or has a
  // zero at its end, which its bytes as a number do not show.
  [[gnu::always_inline]] bool ReadKey(TagSpan& tag) {
    if (tag.name.back() == 0) return false;
    std::uint64_t bytes = 0;
    const std::size_t size = tag.name.size();
    if (size <= KnownNames::kBytesMax) {
      std::memcpy(&bytes, tag.name.data(), sizeof(bytes));
      bytes &= ~std::uint64_t{0} >> (8 * (KnownNames::kBytesMax - size));
      if (const NameKey* known = known_names_.Find(bytes); known != nullptr) {
        tag.key = *known;
        return true;
      }
    }
    return ReadNewKey(tag.name, bytes, tag.key);
  }

  [[gnu::noinline]] bool ReadNewKey(std::string_view name, std::uint64_t bytes, NameKey& key_out) {
    const char* const end = body_ + size_;
    if (TagNameEnd(name.data(), end) != name.data() + name.size()) return false;
    key_out = KeyOfName(name, end);
    if (bytes != 0) known_names_.Add(bytes, key_out);
    return true;
  }

  // Behind the '>' of a tag whose name ends before the white space or slashes at `begin`: 13.2.5.32
  // to 13.2.5.40 for attributes as nearly all are written, name="value" and name=value. kNpos: this
  // one is not, or has no end, or may have more attributes than are read.
  [[gnu::always_inline]] std::size_t TagEnd(std::size_t begin) {
    if (!IsByte(body_[begin], kSpaceByte)) return kNpos;  // '=' and quotes are part of a name
    std::size_t name_bytes = 0;                           // of attributes, with white space and '='
    Delimiters delimiters(map_, size_);
    delimiters.Seek(begin);
    while (true) {  // `begin` is behind the last value
      std::size_t at = delimiters.Next();
      if (at == size_) return kNpos;
      name_bytes += at + 1 - begin;
      const char c = body_[at];
      if (c == '>') return name_bytes <= 2 * limits::kAttributesMax ? at + 1 : kNpos;
      // A quote here is part of a name, and an '=' may begin one or stand behind white space.
      if (c != '=' || at == begin || IsByte(body_[at - 1], kEndsAttributeName)) return kNpos;
      if (++at == size_) return kNpos;
      const char quote = body_[at];
      if (quote == '"' || quote == '\'') {
        delimiters.Next();  // the quote itself
        do {
          at = delimiters.Next();
          if (at == size_) return kNpos;
        } while (body_[at] != quote);
        begin = at + 1;
      } else {
        if (IsByte(quote, kSpaceByte)) return kNpos;
        const std::size_t space = map_.Next<&BodyBlock::space>(at);
        while (at < space && body_[at] != '>') ++at;
        if (at == size_) return kNpos;
        delimiters.Seek(at);
        begin = at;
      }
    }
  }

  // Whether the reader needs no more of a start tag than its name, which ends at `edge`.
  [[gnu::always_inline]] bool IsBare(const TagSpan& tag, std::size_t edge) {
    if (Is(tag.key.element, kReadElement) || reader_.wants_start_tags()) return false;
    if (tag.end == edge + 1) return true;
    for (std::size_t at = edge; at < tag.end;) {
      const std::size_t next = std::min(BodyMap::NextBlock(at), tag.end);
      const BodyBlock& block = map_.BlockOf(at);
      const std::uint64_t hits = block.mark & BlockRange(at, next);
      if (hits != 0 && SaysMore(tag.end, at & ~(BodyMap::kBlockBytes - 1), hits)) return false;
      at = next;
    }
    return true;
  }

  // Whether one of the `hits` in the block at `block` is a word of ours or may hide one.
  [[gnu::noinline]] bool SaysMore(std::size_t end, std::size_t block, std::uint64_t hits) const {
    for (; hits != 0; hits &= hits - 1) {
      const std::size_t hit = block + static_cast<std::size_t>(std::countr_zero(hits));
      if (body_[hit] == '&') {
        if (!IsHarmlessReference(Piece(hit + 1, end))) return true;
      } else if (map_.IsWordAround(hit)) {
        return true;
      }
    }
    return false;
  }

  // Lets the tokenizer read what begins at `at`.
  [[gnu::noinline]] std::size_t Delegate(std::size_t at) {
    tokenizer_.Seek(at);
    return GoOn();
  }

  // Lets the tokenizer go on until it is back in the data state.
  [[gnu::noinline]] std::size_t GoOn() {
    do {
      if (!Dispatch(tokenizer_.Next(), tokenizer_, reader_)) return size_;
    } while (!tokenizer_.in_data());
    map_.SkipTo(tokenizer_.position());
    return tokenizer_.position();
  }

  BodyMap& map_;
  Tokenizer& tokenizer_;
  KnownNames& known_names_;
  const char* const body_;
  const std::size_t size_;
  PageReader& reader_;
};

#if defined(__x86_64__)
// The same for processors that have AVX2: these count and shift bits by single instructions.
[[gnu::target("bmi,bmi2,lzcnt,popcnt")]] void RunByBits(Pass& pass) {
  pass.Run();
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
  Pass pass(map_, tokenizer_, known_names_, body, reader);
#if defined(__x86_64__)
  if (SimdLevel() == Simd::kAvx2) {
    RunByBits(pass);
    return tokenizer_.attributes_dropped();
  }
#endif
  pass.Run();
  return tokenizer_.attributes_dropped();
}

}  // namespace crawlcard::page::html
