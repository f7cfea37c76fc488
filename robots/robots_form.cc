#include "robots/robots_form.h"

#include <algorithm>

#include "base/digest.h"
#include "base/find.h"
#include "base/text.h"
#include "robots/limits.h"

namespace crawlcard::robots {
namespace {

constexpr std::string_view kSitemap = "sitemap";

bool IsBlank(char c) {
  return c == ' ' || c == '\t';
}

// Nothing that a reader of robots.txt looks for.
bool IsPlainValue(char c) {
  return IsAsciiAlpha(c) || IsAsciiDigit(c) ||
         std::string_view(":/._-?=&%+~").find(c) != std::string_view::npos;
}

// Whether nothing but blanks stands between the start of a line and `at`, no further back than
// `from`. `begin_out` gets the start.
bool StartsLine(std::string_view body, std::size_t from, std::size_t at, std::size_t& begin_out) {
  begin_out = at;
  while (begin_out > from && IsBlank(body[begin_out - 1])) --begin_out;
  return begin_out == 0 || body[begin_out - 1] == '\n';
}

// Where the value begins behind a name that ends at `at`, or npos where no colon follows.
std::size_t ValueBehind(std::string_view body, std::size_t at) {
  while (at < body.size() && IsBlank(body[at])) ++at;
  if (at == body.size() || body[at] != ':') return std::string_view::npos;
  ++at;
  while (at < body.size() && IsBlank(body[at])) ++at;
  return at;
}

// A text of another kind is told by octets near its start, which would move.
bool MayHaveForm(std::string_view body) {
  return body.size() <= limits::kRobotsFormBytesMax &&
         body.find_first_of(std::string_view("<\0", 2)) == std::string_view::npos;
}

// Readers that look for the name of a field anywhere would find it in an address, too. The colon
// of https:// ends no such name.
bool MayNameField(std::string_view address) {
  const std::size_t colon = address.rfind(':');
  return colon != std::string_view::npos && colon > std::string_view("https").size();
}

bool EndsLine(std::string_view body, std::size_t at) {
  if (at < body.size() && body[at] == '\r') ++at;
  return at == body.size() || body[at] == '\n';
}

}  // namespace

std::string WithoutSitemaps(std::string_view body) {
  if (!MayHaveForm(body)) return std::string(body);
  std::string out;
  out.reserve(body.size());
  std::size_t taken = 0;   // bytes of body that are in out, or replaced
  std::size_t looked = 0;  // no name begins before it
  for (;;) {
    const std::size_t name = FindIgnoreCase(body, kSitemap, looked);
    if (name == std::string_view::npos) break;
    const std::size_t from = looked;
    looked = name + kSitemap.size();
    std::size_t begin = 0;
    if (!StartsLine(body, from, name, begin)) continue;
    const std::size_t value = ValueBehind(body, looked);
    if (value == std::string_view::npos) continue;
    std::size_t end = value;
    while (end < body.size() && IsPlainValue(body[end])) ++end;
    if (end == value || !EndsLine(body, end)) continue;
    if (end - begin >= limits::kRobotsLineBytesMax - 1) continue;
    if (MayNameField(body.substr(value, end - value))) continue;
    out.append(body.substr(taken, value - taken));
    out += '/';
    taken = looked = end;
  }
  out.append(body.substr(taken));
  return out;
}

std::string RobotsForm(std::string_view body) {
  const Sha256Digest digest = Sha256(WithoutSitemaps(body));
  return {digest.begin(), digest.end()};
}

}  // namespace crawlcard::robots
