// warc/digest.h - digests as archives spell them: checks of what is claimed, and our own claims.
#pragma once

#include <string>
#include <string_view>

#include "base/result.h"

namespace crawlcard::warc {

enum class DigestCheck {
  kMatch,
  kMismatch,
  kAbsent,       // nothing claimed
  kUnsupported,  // an algorithm or spelling that we do not compute
};

// Compares `claim` ("sha1:BASE32", "sha1:HEX", "sha256:...", any case) with the digest of `bytes`.
DigestCheck CheckDigest(std::string_view claim, std::string_view bytes);

enum class DigestAlgorithm { kSha1, kSha256 };

// "sha1:BASE32" as Common Crawl and most writers have it, or "sha256:HEX".
std::string MakeDigest(DigestAlgorithm algorithm, std::string_view bytes);

}  // namespace crawlcard::warc
