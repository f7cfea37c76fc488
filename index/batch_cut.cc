// The usual address, cut where its path begins.

#include <array>

#include "base/find.h"
#include "index/internal/batch_worker.h"
#include "index/limits.h"

namespace crawlcard::index {
namespace {

// Bytes of an authority that mean the same to every reader of URLs. Anything else is looked at
// where URLs are taken apart.
constexpr std::array<bool, 256> PlainBytes() {
  std::array<bool, 256> plain{};
  for (int c = 'a'; c <= 'z'; ++c) plain[static_cast<std::size_t>(c)] = true;
  for (int c = 'A'; c <= 'Z'; ++c) plain[static_cast<std::size_t>(c)] = true;
  for (int c = '0'; c <= '9'; ++c) plain[static_cast<std::size_t>(c)] = true;
  for (const char c : {'.', '-', '_', ':'}) plain[static_cast<std::size_t>(c)] = true;
  return plain;
}
constexpr std::array<bool, 256> kPlain = PlainBytes();

}  // namespace

bool CutPlainUrl(std::string_view url, CutUrl& cut_out) {
  if (url.size() > limits::kBatchUrlBytesMax || url.size() < 8) return false;
  const std::size_t scheme = url.starts_with("https://") ? 8 : url.starts_with("http://") ? 7 : 0;
  // White space behind a URL is not part of it.
  if (scheme == 0 || static_cast<unsigned char>(url.back()) <= ' ') return false;
  std::size_t at = scheme;
  while (at < url.size() && kPlain[static_cast<unsigned char>(url[at])]) ++at;
  if (at == scheme) return false;
  cut_out.authority = url.substr(0, at);
  if (at == url.size() || url[at] == '#') {
    cut_out.path = "/";
    return true;
  }
  if (url[at] != '/') return false;
  const std::string_view tail = url.substr(at);
  cut_out.path = tail.substr(0, FindByte(tail, '#'));
  return true;
}

}  // namespace crawlcard::index
