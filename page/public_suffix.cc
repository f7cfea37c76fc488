#include "page/public_suffix.h"

#include <algorithm>
#include <array>
#include <bit>
#include <bitset>
#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/assert.h"
#include "base/find.h"
#include "base/text.h"
#include "page/internal/idna.h"
#include "page/internal/public_suffix_list.h"
#include "page/limits.h"

namespace crawlcard::page {
namespace {

// The list by the name of each rule, without its "*." or "!".
//
// publicsuffix.org/list, "formal algorithm": a name is a suffix when a rule names it, when a
// wildcard names its parent, or when it is a single label; an exception is none. As in libpsl,
// which most tools use, a wildcard's own parent counts as a suffix too.
class Rules {
 public:
  explicit Rules(std::string_view list);

  // Bytes of the registrable domain at the end of `host`; all of them when it is itself a suffix.
  std::size_t DomainBytes(std::string_view host) const;

 private:
  enum Flag : std::uint8_t { kNamed = 1, kWildcard = 2, kException = 4 };

  // A rule in an open table: a host is looked up a label at a time, and most of what is looked up
  // is no rule, which one bit tells.
  struct Slot {
    std::string_view name;
    std::uint8_t flags = 0;  // 0: free
  };
  static constexpr std::size_t kFilterBits = std::size_t{1} << 17;

  static std::size_t HashOf(std::string_view name) {
    std::uint64_t hash = name.size();
    for (const char c : name) hash = (hash ^ static_cast<unsigned char>(c)) * 0x9E3779B97F4A7C15;
    return static_cast<std::size_t>(hash >> 32);
  }

  void Add(std::string_view rule);
  // The slot that holds `name`, or the free one where it belongs.
  std::size_t Place(std::string_view name, std::size_t hash) const {
    std::size_t at = hash & (slots_.size() - 1);
    while (slots_[at].flags != 0 && slots_[at].name != name) at = (at + 1) & (slots_.size() - 1);
    return at;
  }
  std::uint8_t FlagsOf(std::string_view name) const {
    const std::size_t hash = HashOf(name);
    return filter_[hash % kFilterBits] ? slots_[Place(name, hash)].flags : std::uint8_t{0};
  }

  std::vector<Slot> slots_;  // a power of two, at most half of them taken
  std::bitset<kFilterBits> filter_;
  std::deque<std::string> names_;  // of rules that are not written in ASCII
};

Rules::Rules(std::string_view list) {
  slots_.resize(std::bit_ceil(2 * (CountByte(list, '\n') + 1)));
  while (!list.empty()) {
    const std::size_t end = std::min(FindByte(list, '\n'), list.size());
    const std::string_view line = list.substr(0, end);
    list.remove_prefix(std::min(end + 1, list.size()));
    if (line.starts_with("//")) continue;
    const std::string_view rule = line.substr(0, FindFirstOf(line, {' ', '\t', '\r'}));
    if (!rule.empty()) Add(rule);
  }
}

void Rules::Add(std::string_view rule) {
  std::uint8_t flags = kNamed;
  if (rule.starts_with("*.")) {
    flags |= kWildcard;
    rule.remove_prefix(2);
  } else if (rule.starts_with('!')) {
    flags |= kException;
    rule.remove_prefix(1);
  }
  if (AsciiPrefix(rule) != rule.size()) {
    std::optional<std::string> name =
        internal::DomainToAscii(rule, internal::IdnaMapping::kNontransitional);
    CRAWLCARD_ASSERT(name.has_value());
    rule = names_.emplace_back(std::move(*name));
  }
  const std::size_t hash = HashOf(rule);
  Slot& slot = slots_[Place(rule, hash)];
  slot.name = rule;
  slot.flags |= flags;
  filter_.set(hash % kFilterBits);
}

std::size_t Rules::DomainBytes(std::string_view host) const {
  // From the whole name on, label by label, until what is left is a suffix.
  std::size_t domain = host.size();
  for (std::string_view name = host;;) {
    // An empty label at the front counts for nothing.
    const std::string_view suffix = name.starts_with('.') ? name.substr(1) : name;
    const std::size_t dot = FindByte(suffix, '.');
    if (dot == std::string_view::npos) return domain;
    const std::uint8_t flags = FlagsOf(suffix);
    const bool is_suffix =
        flags != 0 ? (flags & kException) == 0 : (FlagsOf(suffix.substr(dot + 1)) & kWildcard) != 0;
    if (is_suffix) return domain;
    domain = name.size();
    name = name.substr(FindByte(name, '.') + 1);
  }
}

// Never changed, so threads may share it.
const Rules& List() {
  static const Rules rules(internal::kPublicSuffixList);
  return rules;
}

const Rules& IcannList() {
  constexpr std::string_view kEnd = "// ===END ICANN DOMAINS===";
  static const Rules rules(
      internal::kPublicSuffixList.substr(0, internal::kPublicSuffixList.find(kEnd)));
  return rules;
}

bool IsAddress(std::string_view host) {
  if (FindByte(host, ':') != std::string_view::npos) return true;
  return !host.empty() && IsAsciiDigit(host.back()) &&
         std::all_of(host.begin(), host.end(), [](char c) { return IsAsciiDigit(c) || c == '.'; });
}

// Pages of one host mostly follow each other, so the last answer is kept for each thread. It
// changes no result.
struct LastAnswer {
  std::array<char, 128> host{};
  std::size_t host_bytes = 0;
  std::size_t domain_bytes = 0;
};

}  // namespace

std::string_view RegistrableDomainView(std::string_view host) {
  if (host.empty() || host.size() > limits::kHostBytesMax || IsAddress(host)) return host;
  thread_local LastAnswer last;
  if (host == std::string_view(last.host.data(), last.host_bytes)) {
    return host.substr(host.size() - last.domain_bytes);
  }
  const std::size_t bytes = List().DomainBytes(host);
  if (host.size() <= last.host.size()) {
    std::copy(host.begin(), host.end(), last.host.begin());
    last.host_bytes = host.size();
    last.domain_bytes = bytes;
  }
  return host.substr(host.size() - bytes);
}

std::string RegistrableDomain(std::string_view host) {
  return std::string(RegistrableDomainView(host));
}

std::string_view IcannDomainView(std::string_view host) {
  if (host.empty() || host.size() > limits::kHostBytesMax || IsAddress(host)) return host;
  return host.substr(host.size() - IcannList().DomainBytes(host));
}

std::string_view PublicSuffixListVersion() {
  return internal::kPublicSuffixListVersion;
}

}  // namespace crawlcard::page
