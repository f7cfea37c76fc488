#include "page/internal/host.h"

#include <algorithm>
#include <array>

#include <arpa/inet.h>
#include <fmt/format.h>

#include "base/text.h"
#include "page/internal/idna.h"
#include "page/limits.h"

namespace crawlcard::page::internal {
namespace {

// WHATWG "forbidden domain code point". Colon and brackets are taken off before.
bool HasForbidden(std::string_view host) {
  return std::any_of(host.begin(), host.end(), [](char c) {
    const auto byte = static_cast<unsigned char>(c);
    return byte <= ' ' || byte == 0x7F ||
           std::string_view("#%/:<>?@[\\]^|").find(c) != std::string_view::npos;
  });
}

// WHATWG "IPv4 number parser": decimal, 0 octal, 0x hexadecimal. nullopt when it is none.
std::optional<std::uint64_t> ParseIpv4Number(std::string_view text) {
  if (text.empty()) return std::nullopt;
  unsigned base = 10;
  if (text.size() >= 2 && text[0] == '0' && (text[1] == 'x' || text[1] == 'X')) {
    base = 16;
    text.remove_prefix(2);
  } else if (text.size() >= 2 && text[0] == '0') {
    base = 8;
    text.remove_prefix(1);
  }
  std::uint64_t value = 0;
  for (const char c : text) {
    const int digit = HexValue(c);
    if (digit < 0 || static_cast<unsigned>(digit) >= base) return std::nullopt;
    // Saturates far beyond any address, so that long digit strings cannot wrap around.
    value = std::min<std::uint64_t>(value * base + static_cast<unsigned>(digit), 1ULL << 40);
  }
  return value;
}

// WHATWG "ends in a number checker": such a host is an IPv4 address or nothing.
bool EndsInNumber(std::string_view host) {
  if (host.ends_with('.')) host.remove_suffix(1);
  const std::string_view last = host.substr(host.rfind('.') + 1);
  if (last.empty()) return false;
  return std::all_of(last.begin(), last.end(), IsAsciiDigit) || ParseIpv4Number(last).has_value();
}

// RFC 5952 section 4. Empty when `text` is no address.
std::string NormaliseIpv6(std::string_view text) {
  std::array<char, 64> copy{};
  if (text.size() >= copy.size()) return {};
  std::copy(text.begin(), text.end(), copy.begin());
  in6_addr address{};
  if (inet_pton(AF_INET6, copy.data(), &address) != 1) return {};
  std::array<unsigned, 8> pieces{};
  for (std::size_t i = 0; i < pieces.size(); ++i) {
    pieces[i] = static_cast<unsigned>(address.s6_addr[2 * i] << 8 | address.s6_addr[2 * i + 1]);
  }
  std::size_t best = 0;
  std::size_t best_length = 0;
  for (std::size_t i = 0; i < pieces.size();) {
    std::size_t run = 0;
    while (i + run < pieces.size() && pieces[i + run] == 0) ++run;
    if (run > best_length) {
      best = i;
      best_length = run;
    }
    i += run + 1;
  }
  if (best_length < 2) best_length = 0;
  std::string out;
  for (std::size_t i = 0; i < pieces.size();) {
    if (best_length > 0 && i == best) {
      out += "::";
      i += best_length;
      continue;
    }
    if (!out.empty() && out.back() != ':') out += ':';
    fmt::format_to(std::back_inserter(out), "{:x}", pieces[i]);
    ++i;
  }
  return out;
}

}  // namespace

std::string PercentDecode(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    const bool escape = text[i] == '%' && i + 2 < text.size() && HexValue(text[i + 1]) >= 0 &&
                        HexValue(text[i + 2]) >= 0;
    if (!escape) {
      out += text[i];
      continue;
    }
    out += static_cast<char>(HexValue(text[i + 1]) * 16 + HexValue(text[i + 2]));
    i += 2;
  }
  return out;
}

std::optional<std::uint32_t> ParseIpv4(std::string_view host) {
  if (host.ends_with('.')) host.remove_suffix(1);
  std::array<std::uint64_t, 4> parts{};
  std::size_t count = 0;
  while (true) {
    const std::size_t dot = host.find('.');
    const std::optional<std::uint64_t> part = ParseIpv4Number(host.substr(0, dot));
    if (!part || count == parts.size()) return std::nullopt;
    parts[count++] = *part;
    if (dot == std::string_view::npos) break;
    host.remove_prefix(dot + 1);
  }
  std::uint64_t address = parts[count - 1];
  if (address >= 1ULL << (8 * (5 - count))) return std::nullopt;
  for (std::size_t i = 0; i + 1 < count; ++i) {
    if (parts[i] > 255) return std::nullopt;
    address += parts[i] << (8 * (3 - i));
  }
  return static_cast<std::uint32_t>(address);
}

std::string FormatIpv4(std::uint32_t address) {
  return fmt::format("{}.{}.{}.{}", address >> 24, address >> 16 & 255, address >> 8 & 255,
                     address & 255);
}

// A name that needs no work: lower-case letters, digits, hyphen, underscore, inner single dots, and
// a last label that is no number.
bool IsPlainName(std::string_view host) {
  if (host.empty() || host.front() == '.' || host.back() == '.') return false;
  char last = '.';
  for (const char c : host) {
    const bool plain = (c >= 'a' && c <= 'z') || IsAsciiDigit(c) || c == '-' || c == '_' ||
                       (c == '.' && last != '.');
    if (!plain) return false;
    last = c;
  }
  const std::size_t dot = host.rfind('.');
  return !IsAsciiDigit(host[dot == std::string_view::npos ? 0 : dot + 1]);
}

std::string NormaliseHost(std::string_view host) {
  if (host.size() > limits::kHostBytesMax) return {};
  if (IsPlainName(host)) return std::string(host);
  if (host.find(':') != std::string_view::npos) return NormaliseIpv6(host);
  std::string name = PercentDecode(host);
  const bool ascii = std::all_of(name.begin(), name.end(),
                                 [](char c) { return static_cast<unsigned char>(c) < 0x80; });
  if (ascii) {
    // Names that are ASCII already are not checked by IDNA: servers answer to bad ones as well.
    std::transform(name.begin(), name.end(), name.begin(), AsciiLower);
  } else {
    std::optional<std::string> mapped = DomainToAscii(name, IdnaMapping::kNontransitional);
    if (!mapped) return {};
    name = std::move(*mapped);
  }
  if (name.empty() || HasForbidden(name)) return {};
  if (EndsInNumber(name)) {
    const std::optional<std::uint32_t> address = ParseIpv4(name);
    return address ? FormatIpv4(*address) : std::string();
  }
  while (name.ends_with('.')) name.pop_back();
  return name;
}

}  // namespace crawlcard::page::internal
