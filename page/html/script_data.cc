// page/html/script_data.cc - see script_data.h.
#include "page/html/script_data.h"

#include <algorithm>

#include "base/find.h"
#include "base/text.h"

namespace crawlcard::page::html {
namespace {

constexpr std::size_t kNpos = std::string_view::npos;
constexpr std::string_view kScript = "script";

// Whether `name` stands at `at`, followed by a character that ends a tag name.
bool IsNameAt(std::string_view body, std::size_t at, std::string_view name) {
  if (body.size() <= at + name.size()) return false;
  if (!EqualsIgnoreCase(body.substr(at, name.size()), name)) return false;
  const char after = body[at + name.size()];
  return IsAsciiSpace(after) || after == '/' || after == '>';
}

enum class Escape { kNone, kEscaped, kDouble };

}  // namespace

bool IsEndTagAt(std::string_view body, std::size_t at, std::string_view name) {
  return !name.empty() && at + 1 < body.size() && body[at] == '<' && body[at + 1] == '/' &&
         IsNameAt(body, at + 2, name);
}

std::size_t ScriptDataEnd(std::string_view body, std::size_t begin, std::string_view end_name) {
  Escape escape = Escape::kNone;
  unsigned dashes = 0;  // dashes right before, up to 2
  std::size_t at = begin;
  while (at < body.size()) {
    if (escape == Escape::kNone) {
      // Only "</" and "<!" matter; scripts compare numbers, too.
      do {
        at = body.find('<', at);
        if (at >= body.size() - 1) return body.size();
      } while (body[at + 1] != '/' && body[at + 1] != '!' && ++at < body.size());
    } else {
      const std::size_t next = FindFirstOf(body, {'<', '-', '>'}, at);
      if (next == kNpos) return body.size();
      if (next != at) dashes = 0;
      at = next;
    }
    const char c = body[at];
    if (c == '-') {
      dashes = std::min(dashes + 1, 2U);
      ++at;
      continue;
    }
    if (c == '>' && dashes == 2) escape = Escape::kNone;
    dashes = 0;
    if (c != '<') {
      ++at;
      continue;
    }
    if (escape == Escape::kNone) {
      if (IsEndTagAt(body, at, end_name)) return at;
      if (body.substr(at).starts_with("<!--")) {
        escape = Escape::kEscaped;
        dashes = 2;
        at += 4;
        continue;
      }
    } else if (escape == Escape::kEscaped) {
      if (IsEndTagAt(body, at, end_name)) return at;
      if (IsNameAt(body, at + 1, kScript)) {
        escape = Escape::kDouble;
        at += 1 + kScript.size() + 1;  // the character after the name is consumed too
        continue;
      }
    } else if (IsEndTagAt(body, at, kScript)) {
      escape = Escape::kEscaped;
      at += 2 + kScript.size() + 1;
      continue;
    }
    ++at;
  }
  return body.size();
}

std::size_t RawTextEnd(std::string_view body, std::size_t begin, std::string_view end_name) {
  for (std::size_t at = body.find("</", begin); at != kNpos; at = body.find("</", at + 2)) {
    if (IsEndTagAt(body, at, end_name)) return at;
  }
  return body.size();
}

CommentSpan FindCommentEnd(std::string_view body, std::size_t begin) {
  const std::string_view rest = body.substr(begin);
  if (rest.starts_with(">")) return {begin, begin + 1};
  if (rest.starts_with("->")) return {begin, begin + 2};
  for (std::size_t at = body.find("--", begin); at != kNpos; at = body.find("--", at + 1)) {
    const std::string_view after = body.substr(at + 2);
    if (after.starts_with(">")) return {at, at + 3};
    if (after.starts_with("!>")) return {at, at + 4};
  }
  // The body ends inside the comment: dashes that began an end are not part of it.
  std::size_t data_end = body.size();
  for (const std::string_view tail :
       {std::string_view("--!"), std::string_view("--"), std::string_view("-")}) {
    if (!rest.ends_with(tail)) continue;
    data_end -= tail.size();
    break;
  }
  return {data_end, body.size()};
}

}  // namespace crawlcard::page::html
