// Keys: encoders and decoders beside each other. Layout: index/schema.h.

#include <algorithm>
#include <bit>
#include <cstring>
#include <limits>

#include "base/assert.h"
#include "base/byte_codec.h"
#include "base/digest.h"
#include "base/text.h"
#include "index/internal/row_place.h"
#include "index/limits.h"
#include "index/schema.h"
#include "page/surt.h"
#include "page/url.h"

namespace crawlcard::index {
namespace {

constexpr char kEnd = '\x00';
constexpr char kHostEnd = kStoredHostEnd;
constexpr char kPortMark = kStoredPortMark;
constexpr char kLabelMark = kStoredLabelMark;
constexpr std::string_view kUnkeyed = "-";

// One byte a file, never to be changed: they are on disk.
constexpr std::uint8_t KindCode(robots::WellKnown file) {
  return static_cast<std::uint8_t>(static_cast<unsigned>(file) + 1);
}
static_assert(KindCode(robots::WellKnown::kRobotsTxt) == 1);
static_assert(KindCode(robots::WellKnown::kTdmrep) == 2);
static_assert(KindCode(robots::WellKnown::kAiTxt) == 3);
static_assert(KindCode(robots::WellKnown::kWellKnownAiTxt) == 4);
static_assert(KindCode(robots::WellKnown::kWellKnownAiJson) == 5);
static_assert(KindCode(robots::WellKnown::kTrustTxt) == 6);
static_assert(KindCode(robots::WellKnown::kWellKnownTrustTxt) == 7);
static_assert(KindCode(robots::WellKnown::kLlmsTxt) == 8);
constexpr std::uint8_t kKindCodeMax = 8;

// How many bytes, and as many: sorts as the number does.
void AppendNumber(std::uint64_t number, ByteWriter& writer) {
  const int bytes = (static_cast<int>(std::bit_width(number)) + 7) / 8;
  writer.U8(static_cast<std::uint8_t>(bytes));
  for (int i = bytes; i-- > 0;) writer.U8(static_cast<std::uint8_t>(number >> 8 * i));
}

void AppendTime(std::optional<UnixSeconds> date, ByteWriter& writer) {
  std::uint64_t time = 0;
  if (date) {
    time = static_cast<std::uint64_t>(std::clamp<std::int64_t>(*date, -kTimeMax, kTimeMax) +
                                      kTimeZero);
  }
  for (int shift = 32; shift >= 0; shift -= 8) writer.U8(static_cast<std::uint8_t>(time >> shift));
}

void AppendPlace(const RowPlace& place, std::string& out) {
  ByteWriter writer(out);
  AppendTime(place.date, writer);
  writer.BigEndian64(place.file_id);
  AppendNumber(place.offset, writer);
  if (place.inner_offset != 0) AppendNumber(place.inner_offset, writer);
}

void AppendPlace(const CaptureView& capture, std::string& out) {
  AppendPlace(
      {capture.date, FileId(capture.file), capture.extent.offset, capture.extent.inner_offset},
      out);
}

// Bytes that a stored key uses for itself cannot stand in a SURT; the key maker escapes them.
bool CanBeKey(std::string_view surt) {
  return !surt.empty() && surt.size() <= limits::kKeyUrlBytesMax &&
         std::none_of(surt.begin(), surt.end(),
                      [](char c) { return c >= '\0' && c <= kLabelMark; });
}

std::uint32_t PortOf(const page::UrlParts& parts) {
  if (!parts.port.empty()) {
    const std::optional<std::uint64_t> port = ParseUint(parts.port);
    constexpr std::uint64_t kMax = std::numeric_limits<std::uint32_t>::max();
    return static_cast<std::uint32_t>(std::min(port.value_or(kMax), kMax));
  }
  if (parts.scheme == "https") return 443;
  return parts.scheme == "http" ? 80 : 0;
}

}  // namespace

std::uint64_t FileId(std::string_view archive_name) {
  const Xxh3Digest digest = Xxh3(archive_name);
  std::uint64_t id = 0;
  for (std::size_t i = 0; i < 8; ++i) id = id << 8 | digest[i];
  return id;
}

bool IsHostRow(const CaptureView& capture) {
  return capture.well_known.has_value() && CanBeKey(capture.surt) && CanBeKey(capture.host) &&
         (StartsWithIgnoreCase(capture.url, "http://") ||
          StartsWithIgnoreCase(capture.url, "https://"));
}

void AppendStoredSurt(std::string_view surt, std::string_view host, std::string& out) {
  if (!CanBeKey(surt)) {
    out.append(kUnkeyed);
    return;
  }
  const std::size_t host_end = std::min(surt.find(')'), surt.size());
  // An IPv6 address is not reversed and keeps its colons; the one that may follow marks a port.
  const bool is_ipv6 = host.find(':') != std::string_view::npos && surt.starts_with(host);
  const std::size_t literal = is_ipv6 ? host.size() : 0;
  out.append(surt.substr(0, literal));
  for (const char c : surt.substr(literal, host_end - std::min(host_end, literal))) {
    out.push_back(c == ',' ? kLabelMark : c == ':' ? kPortMark : c);
  }
  if (host_end == surt.size()) return;
  out.push_back(kHostEnd);
  out.append(surt.substr(host_end + 1));
}

std::string SurtFromStored(std::string_view stored) {
  std::string surt;
  surt.reserve(stored.size());
  for (const char c : stored) {
    surt.push_back(c == kLabelMark ? ',' : c == kPortMark ? ':' : c == kHostEnd ? ')' : c);
  }
  return surt == kUnkeyed ? std::string() : surt;
}

std::string_view SurtFromStored(std::string_view stored, Arena& arena) {
  if (stored.empty() || stored == kUnkeyed) return {};
  char* const out = static_cast<char*>(arena.allocate(stored.size(), 1));
  // Marks stand in the host alone: keys cannot hold them elsewhere.
  const std::size_t host = std::min(stored.find(kHostEnd), stored.size() - 1) + 1;
  std::transform(stored.begin(), stored.begin() + static_cast<std::ptrdiff_t>(host), out,
                 [](char c) {
                   return c == kLabelMark ? ',' : c == kPortMark ? ':' : c == kHostEnd ? ')' : c;
                 });
  std::memcpy(out + host, stored.data() + host, stored.size() - host);
  return {out, stored.size()};
}

std::string_view GroupOfStored(std::string_view stored) {
  const std::string_view host = stored.substr(0, stored.find(kHostEnd));
  return host.substr(0, host.find(kPortMark));
}

void EncodePageKey(const CaptureView& capture, std::string& key_out) {
  key_out.clear();
  AppendStoredSurt(capture.surt, capture.host, key_out);
  key_out.push_back(kEnd);
  AppendPlace(capture, key_out);
}

bool DecodePageKey(std::string_view key, PageKeyView& key_out) {
  return ReadPageKey(key, key.find(kEnd), key_out);
}

bool AppendOriginPrefix(std::string_view url, std::string_view surt, std::string& out) {
  const std::string origin = page::OriginOf(url);
  const std::string host = page::HostOf(url);
  const std::optional<page::UrlParts> parts = page::SplitUrl(origin);
  if (!parts || host.empty() || host.find(kEnd) != std::string::npos) return false;

  std::string stored;
  AppendStoredSurt(surt, host, stored);
  out.append(GroupOfStored(stored));
  out.push_back(kEnd);
  out.append(parts->scheme);
  out.push_back(kEnd);
  out.append(host);
  out.push_back(kEnd);
  ByteWriter(out).BigEndian32(PortOf(*parts));
  return true;
}

void EncodeHostKey(const CaptureView& capture, std::string& key_out) {
  key_out.clear();
  const bool has_origin = AppendOriginPrefix(capture.url, capture.surt, key_out);
  CRAWLCARD_ASSERT(has_origin);
  key_out.push_back(static_cast<char>(KindCode(*capture.well_known)));
  AppendPlace(capture, key_out);
}

void AppendHostSeek(robots::WellKnown file, UnixSeconds from, std::string& key_out) {
  ByteWriter writer(key_out);
  writer.U8(KindCode(file));
  AppendTime(from, writer);
}

void AppendPageSeek(UnixSeconds from, std::string& key_out) {
  key_out.push_back(kEnd);
  ByteWriter writer(key_out);
  AppendTime(from, writer);
}

void EncodeFileKey(std::uint64_t file_id, std::string& key_out) {
  key_out.clear();
  ByteWriter(key_out).BigEndian64(file_id);
}

bool DecodeOriginPrefix(std::string_view prefix, HostOriginView& origin_out) {
  const std::size_t group = prefix.find(kEnd);
  if (group == std::string_view::npos) return false;
  const std::size_t scheme = prefix.find(kEnd, group + 1);
  if (scheme == std::string_view::npos) return false;
  const std::size_t host = prefix.find(kEnd, scheme + 1);
  if (host == std::string_view::npos || prefix.size() != host + 5) return false;
  origin_out.scheme = prefix.substr(group + 1, scheme - group - 1);
  origin_out.host = prefix.substr(scheme + 1, host - scheme - 1);
  origin_out.port = ByteReader(prefix.substr(host + 1)).BigEndian32();
  return true;
}

bool DecodeHostKey(std::string_view key, HostKeyView& key_out) {
  const auto take = [&key](std::size_t from, std::string_view& text_out) {
    const std::size_t end = key.find(kEnd, from);
    if (end == std::string_view::npos) return std::string_view::npos;
    text_out = key.substr(from, end - from);
    return end + 1;
  };
  std::size_t at = take(0, key_out.group);
  if (at != std::string_view::npos) at = take(at, key_out.scheme);
  if (at != std::string_view::npos) at = take(at, key_out.host);
  if (at == std::string_view::npos || key.size() < at + 5) return false;

  ByteReader reader(key.substr(at));
  key_out.port = reader.BigEndian32();
  const std::uint8_t kind = reader.U8();
  if (kind == 0 || kind > kKindCodeMax) return false;
  key_out.file = static_cast<robots::WellKnown>(kind - 1);
  key_out.origin = key.substr(0, at + 4);
  return ReadPlace(key.substr(at + 5), key_out.place);
}

// --- takedowns ----------------------------------------------------------------------------------

std::string GroupOfHost(std::string_view host) {
  const bool is_ipv6 = host.find(':') != std::string_view::npos;
  const std::string url =
      is_ipv6 ? "http://[" + std::string(host) + "]/" : "http://" + std::string(host) + "/";
  std::string stored;
  AppendStoredSurt(page::SurtKey(url).value_or(std::string()), host, stored);
  return std::string(GroupOfStored(stored));
}

void EncodeTakedownKey(const Takedown& request, const RowPlace& place, std::string& key_out) {
  key_out = GroupOfHost(HostOf(request));
  key_out.push_back(kEnd);
  key_out.push_back(static_cast<char>(request.scope));
  key_out.append(request.id);
  key_out.push_back(kEnd);
  AppendPlace({request.received, place.file_id, place.offset, place.inner_offset}, key_out);
}

bool DecodeTakedownKey(std::string_view key, TakedownKeyView& key_out) {
  const std::size_t group = key.find(kEnd);
  if (group == std::string_view::npos || group + 1 >= key.size()) return false;
  const std::size_t id = key.find(kEnd, group + 2);
  if (id == std::string_view::npos) return false;
  key_out.group = key.substr(0, group);
  key_out.scope = static_cast<TakedownScope>(key[group + 1]);
  key_out.id = key.substr(group + 2, id - group - 2);
  return !TakedownScopeName(key_out.scope).empty() && ReadPlace(key.substr(id + 1), key_out.place);
}

}  // namespace crawlcard::index
