#include "crawler/internal/printable.h"

namespace crawlcard::crawler {

std::string Printable(std::string_view text, std::size_t bytes_max) {
  static constexpr char kHex[] = "0123456789ABCDEF";
  std::string out;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    const bool plain = byte >= 0x20 && byte < 0x7F && c != '\\';
    if (out.size() + (plain ? 1 : 4) > bytes_max) {
      out += "...";
      break;
    }
    if (plain) {
      out += c;
      continue;
    }
    out += "\\x";
    out += kHex[byte >> 4];
    out += kHex[byte & 15];
  }
  return out;
}

}  // namespace crawlcard::crawler
