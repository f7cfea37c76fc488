#include "page/internal/idna.h"

#include <array>
#include <memory>

#include <unicode/uidna.h>

#include "page/limits.h"

namespace crawlcard::page::internal {
namespace {

struct IdnaCloser {
  void operator()(UIDNA* idna) const { uidna_close(idna); }
};
using Idna = std::unique_ptr<UIDNA, IdnaCloser>;

Idna OpenIdna(std::uint32_t options) {
  UErrorCode error = U_ZERO_ERROR;
  Idna idna(uidna_openUTS46(options, &error));
  return U_SUCCESS(error) ? std::move(idna) : nullptr;
}

// A UIDNA is immutable, so threads may share these.
const UIDNA* IdnaFor(IdnaMapping mapping) {
  constexpr std::uint32_t kChecks = UIDNA_CHECK_BIDI | UIDNA_CHECK_CONTEXTJ;
  if (mapping == IdnaMapping::kTransitional) {
    static const Idna transitional = OpenIdna(UIDNA_DEFAULT);
    return transitional.get();
  }
  static const Idna nontransitional = OpenIdna(kChecks | UIDNA_NONTRANSITIONAL_TO_ASCII);
  return nontransitional.get();
}

}  // namespace

std::optional<std::string> DomainToAscii(std::string_view domain, IdnaMapping mapping) {
  if (domain.size() > limits::kHostBytesMax) return std::nullopt;
  const UIDNA* const idna = IdnaFor(mapping);
  if (idna == nullptr) return std::nullopt;
  std::array<char, limits::kHostBytesMax * 2> out;
  UIDNAInfo info = UIDNA_INFO_INITIALIZER;
  UErrorCode error = U_ZERO_ERROR;
  const std::int32_t length =
      uidna_nameToASCII_UTF8(idna, domain.data(), static_cast<std::int32_t>(domain.size()),
                             out.data(), static_cast<std::int32_t>(out.size()), &info, &error);
  // WHATWG URL "domain to ASCII" with beStrict false: lengths, hyphens and empty labels are no
  // error.
  constexpr std::uint32_t kIgnored = UIDNA_ERROR_EMPTY_LABEL | UIDNA_ERROR_LABEL_TOO_LONG |
                                     UIDNA_ERROR_DOMAIN_NAME_TOO_LONG | UIDNA_ERROR_LEADING_HYPHEN |
                                     UIDNA_ERROR_TRAILING_HYPHEN | UIDNA_ERROR_HYPHEN_3_4;
  if (U_FAILURE(error) || (info.errors & ~kIgnored) != 0) return std::nullopt;
  return std::string(out.data(), static_cast<std::size_t>(length));
}

}  // namespace crawlcard::page::internal
