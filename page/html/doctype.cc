// page/html/doctype.cc - see doctype.h.
#include "page/html/doctype.h"

#include <cstddef>

#include "base/text.h"
#include "page/html/char_ref.h"

namespace crawlcard::page::html {
namespace {

class Reader {
 public:
  Reader(std::string_view raw, bool closed) : raw_(raw), closed_(closed) {}

  Doctype Read() {
    SkipSpace();
    if (AtEnd()) return Quirks();
    const std::size_t begin = at_;
    while (!AtEnd() && !IsAsciiSpace(raw_[at_])) ++at_;
    out_.name = AsciiLowerCopy(Cleaned(raw_.substr(begin, at_ - begin)));
    SkipSpace();
    if (AtEnd()) return closed_ ? out_ : Quirks();
    if (TakeWord("public")) return ReadPublic();
    if (TakeWord("system")) return ReadSystem(true);
    return Quirks();
  }

 private:
  Doctype ReadPublic() {
    SkipSpace();
    if (!ReadQuoted(out_.public_id)) return Quirks();
    SkipSpace();
    if (AtEnd()) return closed_ ? out_ : Quirks();
    return ReadSystem(true);
  }

  Doctype ReadSystem(bool required) {
    SkipSpace();
    if (!ReadQuoted(out_.system_id)) return required ? Quirks() : out_;
    SkipSpace();
    if (AtEnd() && !closed_) return Quirks();
    return out_;  // what follows the system identifier is dropped without quirks
  }

  // False where there is no quoted text, or it is never closed.
  bool ReadQuoted(std::optional<std::string>& out) {
    if (AtEnd() || (raw_[at_] != '"' && raw_[at_] != '\'')) return false;
    const char quote = raw_[at_++];
    const std::size_t close = raw_.find(quote, at_);
    const bool found = close != std::string_view::npos;
    out = Cleaned(raw_.substr(at_, found ? close - at_ : std::string_view::npos));
    at_ = found ? close + 1 : raw_.size();
    return found;
  }

  bool TakeWord(std::string_view word) {
    if (!StartsWithIgnoreCase(raw_.substr(at_), word)) return false;
    at_ += word.size();
    return true;
  }
  void SkipSpace() {
    while (!AtEnd() && IsAsciiSpace(raw_[at_])) ++at_;
  }
  bool AtEnd() const { return at_ >= raw_.size(); }
  static std::string Cleaned(std::string_view text) {
    std::string out;
    AppendDecoded(text, RefContext::kNone, NulRule::kReplace, out);
    return out;
  }
  Doctype Quirks() {
    out_.force_quirks = true;
    return out_;
  }

  std::string_view raw_;
  bool closed_;
  std::size_t at_ = 0;
  Doctype out_;
};

}  // namespace

Doctype ParseDoctype(std::string_view raw, bool closed) {
  return Reader(raw, closed).Read();
}

}  // namespace crawlcard::page::html
