// warc/digest.h - checks of the digests that an archive claims.
#pragma once

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

}  // namespace crawlcard::warc
