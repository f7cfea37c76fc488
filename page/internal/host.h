// page/internal/host.h - a host as written in a URL, in the one spelling that we compare.
//
// WHATWG URL section 3.5 "host parsing", leniently. Thread rule: thread-safe.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace crawlcard::page::internal {

// Lower-case ASCII without brackets or final dot: percent-encoding undone, IDNA applied, IPv4 in
// any of its spellings as four decimals, IPv6 compressed. Empty where no server can have that name.
std::string NormaliseHost(std::string_view host);

// True for names that NormaliseHost() gives back as they are.
bool IsPlainName(std::string_view host);

// "192.168.0.1" for "0xC0.0250.1": the WHATWG IPv4 parser. nullopt when `host` is no number at all,
// or one that is out of range.
std::optional<std::uint32_t> ParseIpv4(std::string_view host);

std::string FormatIpv4(std::uint32_t address);

// Decodes every "%XX"; what is no escape stays.
std::string PercentDecode(std::string_view text);

}  // namespace crawlcard::page::internal
