#include "warc/digest.h"

#include <string>

#include "base/digest.h"
#include "base/text.h"

namespace crawlcard::warc {
namespace {

// Base32 without its padding: writers leave it out.
std::string_view WithoutPadding(std::string_view text) {
  while (!text.empty() && text.back() == '=') text.remove_suffix(1);
  return text;
}

// The spelling is told from the length: hexadecimal takes two letters a byte, Base32 8 letters
// for 5.
template <class Digest>
DigestCheck Compare(std::string_view claim, const Digest& digest) {
  constexpr std::size_t kHexLetters = std::tuple_size_v<Digest> * 2;
  constexpr std::size_t kBase32Letters = (std::tuple_size_v<Digest> * 8 + 4) / 5;
  std::string ours;
  if (claim.size() == kHexLetters) {
    ours = Hex(digest);
  } else if (WithoutPadding(claim).size() == kBase32Letters) {
    claim = WithoutPadding(claim);
    ours = Base32(digest);
  } else {
    return DigestCheck::kUnsupported;
  }
  return EqualsIgnoreCase(claim, WithoutPadding(ours)) ? DigestCheck::kMatch
                                                       : DigestCheck::kMismatch;
}

}  // namespace

DigestCheck CheckDigest(std::string_view claim, std::string_view bytes) {
  claim = TrimAscii(claim);
  if (claim.empty()) return DigestCheck::kAbsent;
  const std::size_t colon = claim.find(':');
  if (colon == std::string_view::npos) return DigestCheck::kUnsupported;
  const std::string_view algorithm = claim.substr(0, colon);
  const std::string_view value = TrimAscii(claim.substr(colon + 1));
  if (EqualsIgnoreCase(algorithm, "sha1") || EqualsIgnoreCase(algorithm, "sha-1")) {
    return Compare(value, Sha1(bytes));
  }
  if (EqualsIgnoreCase(algorithm, "sha256") || EqualsIgnoreCase(algorithm, "sha-256")) {
    return Compare(value, Sha256(bytes));
  }
  return DigestCheck::kUnsupported;
}

std::string MakeDigest(DigestAlgorithm algorithm, std::string_view bytes) {
  if (algorithm == DigestAlgorithm::kSha256) return "sha256:" + Hex(Sha256(bytes));
  return "sha1:" + Base32(Sha1(bytes));
}

}  // namespace crawlcard::warc
