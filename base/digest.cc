#include "base/digest.h"

#include <openssl/evp.h>
#include <xxhash.h>

#include "base/assert.h"

namespace crawlcard {
namespace {

// A digest of OpenSSL, set up once a thread: looking its algorithm up costs more than a page of
// text.
class OpensslHasher {
 public:
  explicit OpensslHasher(const char* name)
      : algorithm_(EVP_MD_fetch(nullptr, name, nullptr)), context_(EVP_MD_CTX_new()) {
    CRAWLCARD_ASSERT(algorithm_ != nullptr && context_ != nullptr);
  }
  ~OpensslHasher() {
    EVP_MD_CTX_free(context_);
    EVP_MD_free(algorithm_);
  }
  OpensslHasher(const OpensslHasher&) = delete;
  OpensslHasher& operator=(const OpensslHasher&) = delete;

  template <std::size_t N>
  std::array<std::uint8_t, N> Hash(std::string_view bytes) {
    std::array<std::uint8_t, N> out{};
    unsigned length = 0;
    const bool ok = EVP_DigestInit_ex2(context_, algorithm_, nullptr) == 1 &&
                    EVP_DigestUpdate(context_, bytes.data(), bytes.size()) == 1 &&
                    EVP_DigestFinal_ex(context_, out.data(), &length) == 1;
    CRAWLCARD_ASSERT(ok && length == N);
    return out;
  }

 private:
  EVP_MD* algorithm_;
  EVP_MD_CTX* context_;
};

Xxh3Digest Canonical(const XXH128_hash_t& hash) {
  XXH128_canonical_t canonical;
  XXH128_canonicalFromHash(&canonical, hash);
  Xxh3Digest out{};
  static_assert(sizeof(canonical.digest) == sizeof(out));
  for (std::size_t i = 0; i < out.size(); ++i) out[i] = canonical.digest[i];
  return out;
}

}  // namespace

Sha1Digest Sha1(std::string_view bytes) {
  thread_local OpensslHasher hasher("SHA1");
  return hasher.Hash<20>(bytes);
}

Sha256Digest Sha256(std::string_view bytes) {
  thread_local OpensslHasher hasher("SHA256");
  return hasher.Hash<32>(bytes);
}

Xxh3Digest Xxh3(std::string_view bytes) {
  return Canonical(XXH3_128bits(bytes.data(), bytes.size()));
}

struct Xxh3Hasher::State {
  XXH3_state_t* xxh = XXH3_createState();
  State() { CRAWLCARD_ASSERT(xxh != nullptr); }
  ~State() { XXH3_freeState(xxh); }
  State(const State&) = delete;
  State& operator=(const State&) = delete;
};

Xxh3Hasher::Xxh3Hasher() : state_(std::make_unique<State>()) {
  XXH3_128bits_reset(state_->xxh);
}
Xxh3Hasher::~Xxh3Hasher() = default;
Xxh3Hasher::Xxh3Hasher(Xxh3Hasher&&) noexcept = default;
Xxh3Hasher& Xxh3Hasher::operator=(Xxh3Hasher&&) noexcept = default;

void Xxh3Hasher::Update(std::string_view bytes) {
  XXH3_128bits_update(state_->xxh, bytes.data(), bytes.size());
}

Xxh3Digest Xxh3Hasher::Digest() const {
  return Canonical(XXH3_128bits_digest(state_->xxh));
}

std::optional<std::string> ParseHex(std::string_view text) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  if (text.size() % 2 != 0) return std::nullopt;
  std::string out;
  out.reserve(text.size() / 2);
  for (std::size_t i = 0; i < text.size(); i += 2) {
    const std::size_t high = kDigits.find(text[i]);
    const std::size_t low = kDigits.find(text[i + 1]);
    if (high == std::string_view::npos || low == std::string_view::npos) return std::nullopt;
    out.push_back(static_cast<char>(high << 4 | low));
  }
  return out;
}

std::string Hex(std::string_view bytes) {
  static constexpr char kDigits[] = "0123456789abcdef";
  std::string out;
  out.reserve(bytes.size() * 2);
  for (const char c : bytes) {
    const auto byte = static_cast<unsigned char>(c);
    out += kDigits[byte >> 4];
    out += kDigits[byte & 15];
  }
  return out;
}

std::string Base32(std::string_view bytes) {
  static constexpr char kAlphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
  std::string out;
  out.reserve((bytes.size() + 4) / 5 * 8);
  std::uint32_t bits = 0;
  int held = 0;
  for (const char c : bytes) {
    bits = (bits << 8) | static_cast<unsigned char>(c);
    held += 8;
    while (held >= 5) {
      held -= 5;
      out += kAlphabet[(bits >> held) & 31];
    }
  }
  if (held > 0) out += kAlphabet[(bits << (5 - held)) & 31];
  while (out.size() % 8 != 0) out += '=';
  return out;
}

}  // namespace crawlcard
