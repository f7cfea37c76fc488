#include "index/internal/row_url.h"

#include <algorithm>
#include <array>
#include <cstring>

#include "base/text.h"
#include "index/schema.h"

namespace crawlcard::index {
namespace {

constexpr std::uint8_t kSchemeMask = 3;
constexpr std::uint8_t kHttps = 0;
constexpr std::uint8_t kHttp = 1;
constexpr std::uint8_t kWhole = 3;  // IsWholeUrl()
constexpr std::uint8_t kWww = 1 << 2;
static_assert((kSchemeMask | kWww) == kRowUrlAuthority);
constexpr unsigned kTailShift = 3;
constexpr std::uint8_t kEscapesUpper = 1 << 5;
constexpr std::uint8_t kUpper = 1 << 6;
constexpr std::uint8_t kFormMax = 0x7F;

enum Tail : std::uint8_t { kTailOfKey, kTailSlash, kTailOrder, kTailText };

constexpr std::size_t kQueryPartsMax = 32;
constexpr std::size_t kNone = std::string_view::npos;

// The pieces of a stored SURT: reversed host, port and what stands behind them.
struct KeyParts {
  std::string_view host;
  std::string_view port;
  std::string_view tail;
  bool regular = false;
};

KeyParts SplitKey(std::string_view stored) {
  KeyParts parts;
  const std::size_t end = stored.find(kStoredHostEnd);
  if (end == kNone || end == 0) return parts;
  parts.tail = stored.substr(end + 1);
  parts.host = stored.substr(0, end);
  const std::size_t port = parts.host.find(kStoredPortMark);
  if (port != kNone) {
    parts.port = parts.host.substr(port + 1);
    parts.host = parts.host.substr(0, port);
  }
  // IPv6 hosts are not reversed: their URLs are text.
  parts.regular = !parts.host.empty() && parts.host.find(':') == kNone && !parts.tail.empty();
  return parts;
}

// Writes the host of a URL for the reversed one of a key; returns the end.
char* Unreverse(std::string_view reversed, char* out) {
  for (;;) {
    const std::size_t mark = reversed.rfind(kStoredLabelMark);
    const std::string_view label = mark == kNone ? reversed : reversed.substr(mark + 1);
    std::memcpy(out, label.data(), label.size());
    out += label.size();
    if (mark == kNone) return out;
    *out++ = '.';
    reversed = reversed.substr(0, mark);
  }
}

// The parts of a query, at most kQueryPartsMax; zero when there are more.
std::size_t SplitQuery(std::string_view query, std::array<std::string_view, kQueryPartsMax>& out) {
  std::size_t count = 0;
  for (;;) {
    if (count == kQueryPartsMax) return 0;
    const std::size_t end = std::min(query.find('&'), query.size());
    out[count++] = query.substr(0, end);
    if (end == query.size()) return count;
    query.remove_prefix(end + 1);
  }
}

bool IsUpper(char c) {
  return c >= 'A' && c <= 'Z';
}

// Whether the letter at `i` is a hex digit of an escape.
bool InEscape(std::string_view text, std::size_t i) {
  const bool first = i >= 1 && text[i - 1] == '%';
  const bool second = i >= 2 && text[i - 2] == '%';
  return (first || second) && HexValue(text[i]) >= 0;
}

// --- writing -------------------------------------------------------------------------------------

// The order of the query's parts in the key's; false when they are not the same parts.
bool WriteOrder(std::string_view lower, std::string_view key_tail, std::string& data_out) {
  const std::size_t question = lower.find('?');
  const std::size_t key_question = key_tail.find('?');
  if (question == kNone || key_question != question) return false;
  if (lower.substr(0, question) != key_tail.substr(0, question)) return false;
  std::array<std::string_view, kQueryPartsMax> parts;
  std::array<std::string_view, kQueryPartsMax> sorted;
  const std::size_t count = SplitQuery(lower.substr(question + 1), parts);
  if (count == 0 || SplitQuery(key_tail.substr(question + 1), sorted) != count) return false;
  data_out.push_back(static_cast<char>(count));
  std::uint32_t used = 0;
  for (std::size_t i = 0; i < count; ++i) {
    std::size_t at = 0;
    while (at < count && ((used >> at & 1U) != 0 || sorted[at] != parts[i])) ++at;
    if (at == count) return false;
    used |= 1U << at;
    data_out.push_back(static_cast<char>(at));
  }
  return true;
}

// Upper case letters of `tail` as gaps. Sets the bits of `form`.
void WriteUpper(std::string_view tail, std::uint8_t& form, ByteWriter& writer) {
  bool escapes_upper = false;
  bool escapes_lower = false;
  std::size_t others = 0;
  for (std::size_t i = 0; i < tail.size(); ++i) {
    const char c = tail[i];
    if (!IsUpper(c) && !(c >= 'a' && c <= 'f')) continue;
    if (!InEscape(tail, i)) continue;
    (IsUpper(c) ? escapes_upper : escapes_lower) = true;
  }
  const bool escapes = escapes_upper && !escapes_lower;
  if (escapes) form |= kEscapesUpper;
  const auto counts = [&](std::size_t i) {
    return IsUpper(tail[i]) && !(escapes && InEscape(tail, i));
  };
  for (std::size_t i = 0; i < tail.size(); ++i) others += counts(i) ? 1U : 0U;
  if (others == 0) return;
  form |= kUpper;
  writer.Varint(others);
  std::size_t last = 0;
  for (std::size_t i = 0; i < tail.size(); ++i) {
    if (!counts(i)) continue;
    writer.Varint(i - last);
    last = i + 1;
  }
}

// The part behind the host by the key's, or false.
bool WriteTail(std::string_view tail, std::string_view key_tail, std::uint8_t& form,
               std::string& data_out) {
  const std::string lower = AsciiLowerCopy(tail);
  const std::size_t path_end = std::min(lower.find('?'), lower.size());
  Tail kind = kTailOfKey;
  if (lower != key_tail) {
    const bool slash = path_end > 1 && lower[path_end - 1] == '/';
    const bool all_but_slash =
        slash && key_tail.size() + 1 == lower.size() &&
        key_tail.substr(0, path_end - 1) == std::string_view(lower).substr(0, path_end - 1) &&
        key_tail.substr(path_end - 1) == std::string_view(lower).substr(path_end);
    kind = all_but_slash ? kTailSlash : kTailOrder;
    if (kind == kTailOrder && !WriteOrder(lower, key_tail, data_out)) return false;
  }
  form |= static_cast<std::uint8_t>(kind << kTailShift);
  ByteWriter writer(data_out);
  WriteUpper(tail, form, writer);
  return true;
}

// Scheme and host by the key's; what is left of the URL is its tail. False: to be written whole.
bool TakeAuthority(std::string_view& url, const KeyParts& key, std::uint8_t& form) {
  if (!key.regular) return false;
  if (url.starts_with("https://")) {
    form = kHttps;
    url.remove_prefix(8);
  } else if (url.starts_with("http://")) {
    form = kHttp;
    url.remove_prefix(7);
  } else {
    return false;
  }
  std::string host(key.host.size(), '\0');
  Unreverse(key.host, host.data());
  if (url.starts_with("www.") && url.substr(4).starts_with(host)) {
    form |= kWww;
    url.remove_prefix(4);
  }
  if (!url.starts_with(host)) return false;
  url.remove_prefix(host.size());
  if (!key.port.empty()) {
    if (!url.starts_with(':') || !url.substr(1).starts_with(key.port)) return false;
    url.remove_prefix(1 + key.port.size());
  }
  return url.empty() || url.front() == '/' || url.front() == '?' || url.front() == '#';
}

// --- reading -------------------------------------------------------------------------------------

char* Append(std::string_view text, char* out) {
  if (!text.empty()) std::memcpy(out, text.data(), text.size());
  return out + text.size();
}

bool ReadOrder(std::string_view key_tail, ByteReader& reader, char*& out) {
  const std::size_t question = key_tail.find('?');
  if (question == kNone) return false;
  std::array<std::string_view, kQueryPartsMax> sorted;
  const std::size_t count = SplitQuery(key_tail.substr(question + 1), sorted);
  if (count == 0 || reader.U8() != count) return false;
  out = Append(key_tail.substr(0, question + 1), out);
  // Each part once: what is built is as long as the key's.
  std::uint32_t used = 0;
  for (std::size_t i = 0; i < count; ++i) {
    const std::uint8_t at = reader.U8();
    if (at >= count || (used >> at & 1U) != 0) return false;
    used |= 1U << at;
    if (i > 0) *out++ = '&';
    out = Append(sorted[at], out);
  }
  return reader.ok();
}

bool RaiseLetters(std::uint8_t form, ByteReader& reader, char* begin, char* end) {
  const auto raise = [](char& c) {
    if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
  };
  if ((form & kEscapesUpper) != 0) {
    for (char* at = begin;
         (at = static_cast<char*>(std::memchr(at, '%', static_cast<std::size_t>(end - at)))) !=
         nullptr;
         ++at) {
      for (int i = 1; i <= 2 && at + i < end; ++i) {
        if (HexValue(at[i]) >= 0) raise(at[i]);
      }
    }
  }
  if ((form & kUpper) == 0) return true;
  const std::size_t count = reader.Count(1);
  const auto size = static_cast<std::uint64_t>(end - begin);
  std::uint64_t at = 0;
  for (std::size_t i = 0; i < count; ++i) {
    const std::uint64_t gap = reader.Varint();
    if (gap >= size || at + gap >= size) return false;
    at += gap;
    raise(begin[at]);
    ++at;
  }
  return reader.ok();
}

}  // namespace

std::uint8_t EncodeRowUrl(std::string_view url, std::string_view stored_surt,
                          std::string& data_out) {
  const std::size_t start = data_out.size();
  const KeyParts key = SplitKey(stored_surt);
  std::uint8_t form = 0;
  std::string_view tail = url;
  if (TakeAuthority(tail, key, form)) {
    const std::uint8_t authority = form;
    if (WriteTail(tail, key.tail, form, data_out)) {
      // Read back before it is trusted.
      Arena arena(1024);
      RowUrl read;
      ByteReader reader(std::string_view(data_out).substr(start));
      const bool same = DecodeRowUrl(form, stored_surt, reader, arena, read) && read.url == url;
      if (same && data_out.size() - start <= tail.size() + 1) return form;
    }
    data_out.resize(start);
    ByteWriter(data_out).Bytes(tail);
    return static_cast<std::uint8_t>(authority | (kTailText << kTailShift));
  }
  data_out.resize(start);
  ByteWriter(data_out).Bytes(url);
  return kWhole;
}

namespace {

// Beside the key: "https://www.", ":" and a slash.
constexpr std::size_t kRoom = 16;

bool IsForm(std::uint8_t form) {
  return form <= kFormMax && (form & kSchemeMask) <= kHttp;
}

// The part behind the host, to `out`, which is moved behind it.
bool ReadTail(std::uint8_t form, std::string_view key_tail, std::string_view text,
              ByteReader& reader, char*& out) {
  char* const tail = out;
  switch (static_cast<Tail>(form >> kTailShift & 3)) {
    case kTailOfKey:
      out = Append(key_tail, out);
      break;
    case kTailSlash: {
      const std::size_t question = key_tail.find('?');
      out = Append(question == kNone ? key_tail : key_tail.substr(0, question), out);
      *out++ = '/';
      if (question != kNone) out = Append(key_tail.substr(question), out);
      break;
    }
    case kTailOrder:
      if (!ReadOrder(key_tail, reader, out)) return false;
      break;
    case kTailText:
      out = Append(text, out);
      break;
  }
  return RaiseLetters(form, reader, tail, out);
}

// The text that the form says follows, if any. False where it does not.
bool ReadText(std::uint8_t form, ByteReader& reader, std::string_view& text_out) {
  if ((form >> kTailShift & 3) == kTailText) text_out = reader.Bytes();
  return reader.ok();
}

}  // namespace

bool DecodeRowUrl(std::uint8_t form, std::string_view stored_surt, ByteReader& reader, Arena& arena,
                  RowUrl& url_out) {
  url_out = {};
  if (form == kWhole) {
    url_out.url = reader.Bytes();
    return reader.ok();
  }
  const KeyParts key = SplitKey(stored_surt);
  std::string_view text;
  if (!IsForm(form) || !key.regular || !ReadText(form, reader, text)) return false;

  char* const begin =
      static_cast<char*>(arena.allocate(stored_surt.size() + text.size() + kRoom, 1));
  char* out = Append((form & kSchemeMask) == kHttps ? "https://" : "http://", begin);
  url_out.host_begin = static_cast<std::size_t>(out - begin);
  if ((form & kWww) != 0) out = Append("www.", out);
  out = Unreverse(key.host, out);
  url_out.host_end = static_cast<std::size_t>(out - begin);
  if (!key.port.empty()) {
    *out++ = ':';
    out = Append(key.port, out);
  }
  url_out.path_begin = static_cast<std::size_t>(out - begin);
  if (!ReadTail(form, key.tail, text, reader, out)) return false;
  url_out.url = {begin, static_cast<std::size_t>(out - begin)};
  return true;
}

bool DecodeRowPath(std::uint8_t form, std::string_view stored_surt, std::size_t host_bytes,
                   ByteReader& reader, Arena& arena, std::string_view& path_out) {
  std::string_view text;
  if (!IsForm(form) || host_bytes + 1 >= stored_surt.size()) return false;
  if (!ReadText(form, reader, text)) return false;
  const std::string_view key_tail = stored_surt.substr(host_bytes + 1);
  char* const begin = static_cast<char*>(arena.allocate(key_tail.size() + text.size() + kRoom, 1));
  char* out = begin;
  if (!ReadTail(form, key_tail, text, reader, out)) return false;
  path_out = {begin, static_cast<std::size_t>(out - begin)};
  return true;
}

bool TailOfKey(std::uint8_t form, std::string_view stored_surt, std::size_t host_bytes,
               std::string_view& tail_out, bool& start_alone_out) {
  if (!IsForm(form) || host_bytes + 1 >= stored_surt.size()) return false;
  tail_out = stored_surt.substr(host_bytes + 1);
  if (tail_out[0] != '/') return false;
  const auto kind = static_cast<Tail>(form >> kTailShift & 3);
  start_alone_out = kind != kTailOfKey;
  // A slash at the end of the path, or a query in another order.
  return kind != kTailText;
}

bool SkipRowUrl(std::uint8_t form, ByteReader& reader) {
  if (form == kWhole) {
    reader.Bytes();
    return reader.ok();
  }
  if (form > kFormMax || (form & kSchemeMask) > kHttp) return false;
  const auto kind = static_cast<Tail>(form >> kTailShift & 3);
  if (kind == kTailText) reader.Bytes();
  if (kind == kTailOrder) reader.Raw(reader.U8());
  if ((form & kUpper) != 0) {
    for (std::size_t count = reader.Count(1); count > 0; --count) reader.Varint();
  }
  return reader.ok();
}

}  // namespace crawlcard::index
