#include "page/internal/surt_escape.h"

#include <algorithm>

#include "base/text.h"

namespace crawlcard::page::internal {
namespace {

bool IsKept(char c) {
  const auto byte = static_cast<unsigned char>(c);
  return byte > ' ' && byte < 0x80 && c != '#' && c != '%';
}

// The byte that "%XX" at `position` stands for, or -1.
int EscapeAt(std::string_view text, std::size_t position) {
  if (position + 3 > text.size() || text[position] != '%') return -1;
  const int high = HexValue(text[position + 1]);
  const int low = HexValue(text[position + 2]);
  return high < 0 || low < 0 ? -1 : high * 16 + low;
}

// Escapes never overlap, so the order of decoding does not matter: replacing each ASCII escape as
// soon as its last digit arrives reaches the same end as any number of passes over the text.
std::string UnescapeAscii(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (const char c : text) {
    out += c;
    while (out.size() >= 3) {
      const int byte = EscapeAt(out, out.size() - 3);
      if (byte < 0 || byte >= 0x80) break;
      out.resize(out.size() - 3);
      out += static_cast<char>(byte);
    }
  }
  return out;
}

// Length of the UTF-8 sequence that `lead` opens, 0 when it opens none.
std::size_t SequenceLength(int lead) {
  if (lead >= 0xC2 && lead <= 0xDF) return 2;
  if (lead >= 0xE0 && lead <= 0xEF) return 3;
  if (lead >= 0xF0 && lead <= 0xF4) return 4;
  return 0;
}

// The UTF-8 sequence spelled by the escapes at `position`. Empty when there is none.
std::string_view DecodeSequence(std::string_view text, std::size_t position, char (&bytes)[4]) {
  const std::size_t length = SequenceLength(EscapeAt(text, position));
  for (std::size_t i = 0; i < length; ++i) {
    const int byte = EscapeAt(text, position + 3 * i);
    if (byte < 0) return {};
    bytes[i] = static_cast<char>(byte);
  }
  const std::string_view sequence(bytes, length);
  return IsUtf8(sequence) ? sequence : std::string_view();
}

}  // namespace

bool IsEscapeFree(std::string_view text) {
  return std::all_of(text.begin(), text.end(), IsKept);
}

std::string UnescapeRepeatedly(std::string_view text) {
  std::string ascii = UnescapeAscii(text);
  if (ascii.find('%') == std::string::npos) return ascii;
  std::string out;
  out.reserve(ascii.size());
  for (std::size_t i = 0; i < ascii.size();) {
    char bytes[4];
    const std::string_view sequence = DecodeSequence(ascii, i, bytes);
    if (sequence.empty()) {
      out += ascii[i++];
      continue;
    }
    out += sequence;
    i += 3 * sequence.size();
  }
  return out;
}

void AppendEscapedOnce(std::string_view text, std::string& out) {
  constexpr char kHex[] = "0123456789ABCDEF";
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (IsKept(c)) {
      out += c;
      continue;
    }
    int byte = static_cast<unsigned char>(c);
    if (const int escaped = EscapeAt(text, i); escaped >= 0) {
      byte = escaped;
      i += 2;
    }
    out += '%';
    out += kHex[byte >> 4];
    out += kHex[byte & 15];
  }
}

}  // namespace crawlcard::page::internal
