// page/licence.cc - see licence.h. Splits the URL and hands it to the family that knows the host.
#include "page/licence.h"

#include <algorithm>
#include <cstddef>

#include "base/text.h"
#include "page/licence/creative_commons.h"
#include "page/licence/other_licences.h"
#include "page/licence/url_flags.h"
#include "page/limits.h"

namespace crawlcard::page {
namespace {

constexpr std::size_t kNpos = std::string_view::npos;

// "%2B" becomes '+'. A broken escape stays as it is.
std::string PercentDecode(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '%' && i + 2 < text.size() && HexValue(text[i + 1]) >= 0 &&
        HexValue(text[i + 2]) >= 0) {
      out += static_cast<char>(HexValue(text[i + 1]) * 16 + HexValue(text[i + 2]));
      i += 2;
      continue;
    }
    out += text[i];
  }
  return out;
}

// A licence URL inside another one: a share link, a redirect, an archived copy.
bool HasEmbeddedLicence(std::string_view rest) {
  const std::string lower = AsciiLowerCopy(PercentDecode(rest));
  for (const std::string_view part :
       {"creativecommons.org/licenses/", "creativecommons.org/publicdomain/",
        "opendatacommons.org/licenses/"}) {
    if (lower.find(part) != std::string::npos) return true;
  }
  return false;
}

bool IsLookAlikeHost(std::string_view host) {
  return host.find("creativecommons") != kNpos && !host.ends_with(".creativecommons.org");
}

}  // namespace

std::string_view ConfidenceName(Confidence confidence) {
  switch (confidence) {
    case Confidence::kLow:
      return "low";
    case Confidence::kMedium:
      return "medium";
    case Confidence::kHigh:
      return "high";
  }
  return "low";
}

LicenceUrl ReadLicenceUrl(std::string_view url) {
  LicenceUrl out;
  url = TrimAscii(url);
  if (url.empty() || url.size() > limits::kLicenceUrlBytesMax) return out;
  std::size_t host_begin = 0;
  for (const std::string_view scheme : {"https://", "http://", "//"}) {
    if (StartsWithIgnoreCase(url, scheme)) {
      host_begin = scheme.size();
      break;
    }
  }
  if (host_begin == 0) return out;
  const std::size_t host_end = std::min(url.find_first_of("/?#\\", host_begin), url.size());
  const std::string_view written_host = url.substr(host_begin, host_end - host_begin);
  std::string host = AsciiLowerCopy(written_host);
  if (host.starts_with("www.")) host.erase(0, 4);
  const std::string_view rest = url.substr(host_end);
  const std::string path =
      PercentDecode(rest.substr(0, std::min(rest.find_first_of("?#"), rest.size())));

  if (host == "creativecommons.org") {
    out = licence::ReadCreativeCommonsPath(path);
    if (out.flags.empty() && host.size() <= written_host.size() &&
        written_host.substr(written_host.size() - host.size()) != host) {
      out.flags = licence::kFlagCase;
    }
    return out;
  }
  if (host == "i.creativecommons.org" || host == "licensebuttons.net") {
    out.hint = licence::BadgeHint(path);
    return out;
  }
  out = licence::ReadOtherLicence(host, path);
  if (out.known) return out;
  if (IsLookAlikeHost(host)) {
    out.flags = licence::kFlagHostMismatch;
  } else if (HasEmbeddedLicence(rest)) {
    out.flags = licence::kFlagEmbedded;
  }
  return out;
}

}  // namespace crawlcard::page
