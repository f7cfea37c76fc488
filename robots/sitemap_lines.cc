#include "robots/sitemap_lines.h"

#include <algorithm>
#include <cstddef>
#include <cstring>

#include "base/text.h"
#include "robots/limits.h"

namespace crawlcard::robots {
namespace {

constexpr std::string_view kName = "sitemap";
constexpr std::string_view kAddress = " x";
// Of an address: longer lines are cut by some readers.
constexpr std::size_t kAddressBytesMax = 1024;

bool IsBlank(char c) {
  return c == ' ' || c == '\t';
}

std::size_t SkipBlanks(std::string_view text, std::size_t at) {
  while (at < text.size() && IsBlank(text[at])) ++at;
  return at;
}

// Where the value of a Sitemap line begins, or npos. `at` is where the line begins.
std::size_t AddressOf(std::string_view body, std::size_t at) {
  at = SkipBlanks(body, at);
  if (!StartsWithIgnoreCase(body.substr(at), kName)) return std::string_view::npos;
  at = SkipBlanks(body, at + kName.size());
  if (at == body.size() || body[at] != ':') return std::string_view::npos;
  return at + 1;
}

// The end of an address of plain octets with nothing behind it, or npos.
std::size_t AddressEnd(std::string_view body, std::size_t begin) {
  bool any = false;
  for (std::size_t at = begin; at - begin <= kAddressBytesMax; ++at) {
    if (at == body.size() || body[at] == '\n' || body[at] == '\r') {
      return any ? at : std::string_view::npos;
    }
    const char c = body[at];
    if ((c <= ' ' && !IsBlank(c)) || c > '~' || c == '#') return std::string_view::npos;
    any = any || !IsBlank(c);
  }
  return std::string_view::npos;
}

// What is text of another kind may be told by octets that stand anywhere near its start.
bool IsPlain(std::string_view body) {
  return body.size() <= limits::kRobotsTxtBytesMax && body.find('<') == std::string_view::npos &&
         body.find('\0') == std::string_view::npos;
}

}  // namespace

bool WithoutSitemaps(std::string_view body, std::string& body_out) {
  std::size_t copied = 0;  // up to here
  for (std::size_t line = 0; line < body.size();) {
    const std::size_t begin = AddressOf(body, line);
    const std::size_t end = begin == std::string_view::npos ? begin : AddressEnd(body, begin);
    if (end != std::string_view::npos) {
      if (copied == 0) {
        if (!IsPlain(body)) return false;
        body_out.clear();
      }
      body_out.append(body.substr(copied, begin - copied)).append(kAddress);
      copied = end;
      line = end;
    }
    const void* const next = std::memchr(body.data() + line, '\n', body.size() - line);
    if (next == nullptr) break;
    line = static_cast<std::size_t>(static_cast<const char*>(next) - body.data()) + 1;
  }
  if (copied == 0) return false;
  body_out.append(body.substr(copied));
  return true;
}

}  // namespace crawlcard::robots
