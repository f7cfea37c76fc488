#include "base/base64.h"

#include <openssl/evp.h>

#include "base/assert.h"

namespace crawlcard {
namespace {

// What OpenSSL takes and gives a call: its lengths are ints. A multiple of 3, and of 4 in text.
constexpr std::size_t kBytesACall = std::size_t{3} << 20;
constexpr std::size_t kTextACall = kBytesACall / 3 * 4;

const unsigned char* Unsigned(const char* bytes) {
  return reinterpret_cast<const unsigned char*>(bytes);
}
unsigned char* Unsigned(char* bytes) {
  return reinterpret_cast<unsigned char*>(bytes);
}

}  // namespace

std::string Base64(std::string_view bytes) {
  std::string out;
  while (!bytes.empty()) {
    const std::string_view part = bytes.substr(0, kBytesACall);
    const std::size_t start = out.size();
    out.resize(start + (part.size() + 2) / 3 * 4 + 1);  // OpenSSL ends it with a zero
    const int written = EVP_EncodeBlock(Unsigned(out.data() + start), Unsigned(part.data()),
                                        static_cast<int>(part.size()));
    CRAWLCARD_ASSERT(written >= 0);
    out.resize(start + static_cast<std::size_t>(written));
    bytes.remove_prefix(part.size());
  }
  return out;
}

std::optional<std::string> DecodeBase64(std::string_view text) {
  if (text.size() % 4 != 0) return std::nullopt;
  std::string out;
  for (std::string_view rest = text; !rest.empty();) {
    const std::string_view part = rest.substr(0, kTextACall);
    const std::size_t start = out.size();
    out.resize(start + part.size() / 4 * 3);
    const int written = EVP_DecodeBlock(Unsigned(out.data() + start), Unsigned(part.data()),
                                        static_cast<int>(part.size()));
    if (written < 0 || static_cast<std::size_t>(written) != part.size() / 4 * 3) {
      return std::nullopt;
    }
    rest.remove_prefix(part.size());
  }
  // OpenSSL counts padding as zero bytes, and passes white space and stray bits over.
  for (std::size_t i = 0; i < 2 && text.ends_with(i == 0 ? "=" : "=="); ++i) out.pop_back();
  if (Base64(out) != text) return std::nullopt;
  return out;
}

}  // namespace crawlcard
