// page/licence/url_flags.h - the flags that reading a licence URL may raise, as static lists.
#pragma once

#include <span>
#include <string_view>

namespace crawlcard::page::licence {

inline constexpr std::string_view kFlagCase[] = {"licence.case"};
inline constexpr std::string_view kFlagNoVersion[] = {"licence.no_version"};
inline constexpr std::string_view kFlagUnknownVersion[] = {"licence.unknown_version"};
inline constexpr std::string_view kFlagBadPort[] = {"licence.bad_port"};
inline constexpr std::string_view kFlagNotALicence[] = {"licence.not_a_licence"};
inline constexpr std::string_view kFlagHostMismatch[] = {"licence.host_mismatch"};
inline constexpr std::string_view kFlagEmbedded[] = {"licence.embedded"};
inline constexpr std::string_view kFlagOrLaterUnknown[] = {"licence.or_later_unknown"};

}  // namespace crawlcard::page::licence
