// page/licence/other_licences.cc - see other_licences.h.
#include "page/licence/other_licences.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>

#include "base/text.h"
#include "page/licence/spdx.h"
#include "page/licence/url_flags.h"

namespace crawlcard::page::licence {
namespace {

enum Trait : std::uint8_t { kPlain = 0, kNoVersion = 1, kStatement = 2 };

// A path (lower case) that begins with `prefix` and holds `part` means `id`. First match wins.
// `id` empty: the family is all that is known.
struct Row {
  std::string_view host;
  std::string_view prefix;
  std::string_view part;
  std::string_view id;
  std::string_view family;
  std::uint8_t traits = kPlain;
};
constexpr Row kRows[] = {
    {"opendatacommons.org", "/licenses/odbl", "", "ODbL-1.0", "ODbL"},
    {"opendatacommons.org", "/licenses/by", "", "ODC-By-1.0", "ODC-By"},
    {"opendatacommons.org", "/licenses/pddl", "", "PDDL-1.0", "PDDL"},
    {"opendatacommons.org", "/odc-public-domain-dedication", "", "PDDL-1.0", "PDDL"},
    {"nationalarchives.gov.uk", "/doc/open-government-licence/", "version/1", "OGL-UK-1.0",
     "OGL-UK"},
    {"nationalarchives.gov.uk", "/doc/open-government-licence/", "version/2", "OGL-UK-2.0",
     "OGL-UK"},
    {"nationalarchives.gov.uk", "/doc/open-government-licence/", "version/3", "OGL-UK-3.0",
     "OGL-UK"},
    {"nationalarchives.gov.uk", "/doc/open-government-licence", "", "", "OGL-UK", kNoVersion},
    {"etalab.gouv.fr", "/", "licence-ouverte-v1", "LicenseRef-etalab-1.0", "etalab"},
    {"etalab.gouv.fr", "/", "licence-ouverte-v2", "etalab-2.0", "etalab"},
    {"etalab.gouv.fr", "/", "open-licence-v2", "etalab-2.0", "etalab"},
    {"etalab.gouv.fr", "/", "etalab-2.0", "etalab-2.0", "etalab"},
    {"etalab.gouv.fr", "/licence-ouverte", "", "etalab-2.0", "etalab", kNoVersion},
    {"etalab.gouv.fr", "/", "licence-ouverte", "etalab-2.0", "etalab", kNoVersion},
    {"govdata.de", "/dl-de/by-2-0", "", "DL-DE-BY-2.0", "DL-DE-BY"},
    {"govdata.de", "/dl-de/zero-2-0", "", "DL-DE-ZERO-2.0", "DL-DE-ZERO"},
    {"govdata.de", "/dl-de/by-nc-1-0", "", "LicenseRef-DL-DE-BY-NC-1.0", "DL-DE-BY-NC"},
    {"govdata.de", "/dl-de/by-1-0", "", "LicenseRef-DL-DE-BY-1.0", "DL-DE-BY"},
    {"data.norge.no", "/nlod", "/1.0", "NLOD-1.0", "NLOD"},
    {"data.norge.no", "/nlod", "/2.0", "NLOD-2.0", "NLOD"},
    {"data.norge.no", "/nlod", "", "", "NLOD", kNoVersion},
    {"open.canada.ca", "/", "open-government-licence", "OGL-Canada-2.0", "OGL-Canada"},
    {"open.canada.ca", "/", "licence-du-gouvernement-ouvert", "OGL-Canada-2.0", "OGL-Canada"},
    {"cdla.dev", "/permissive-1", "", "CDLA-Permissive-1.0", "CDLA-Permissive"},
    {"cdla.dev", "/permissive-2", "", "CDLA-Permissive-2.0", "CDLA-Permissive"},
    {"cdla.dev", "/sharing-1", "", "CDLA-Sharing-1.0", "CDLA-Sharing"},
    {"cdla.dev", "/", "computational-use-of-data", "C-UDA-1.0", "C-UDA"},
    {"cdla.dev", "/", "open-use-of-data", "O-UDA-1.0", "O-UDA"},
    {"cdla.dev", "/", "c-uda", "C-UDA-1.0", "C-UDA"},
    {"cdla.dev", "/", "o-uda", "O-UDA-1.0", "O-UDA"},
    {"apache.org", "/licenses/license-2.0", "", "Apache-2.0", "Apache"},
    {"apache.org", "/licenses/license-1.1", "", "Apache-1.1", "Apache"},
    {"apache.org", "/licenses/license-1.0", "", "Apache-1.0", "Apache"},
    {"mozilla.org", "/", "mpl/2.0", "MPL-2.0", "MPL"},
    {"mozilla.org", "/", "mpl/1.1", "MPL-1.1", "MPL"},
    {"mozilla.org", "/mpl", "", "", "MPL", kNoVersion},
    {"unlicense.org", "", "", "Unlicense", "Unlicense"},
    {"artlibre.org", "/", "licence-art-libre-12", "LAL-1.2", "LAL"},
    {"artlibre.org", "/licence/lal", "", "LAL-1.3", "LAL"},
    {"licenses.ai", "", "", "LicenseRef-RAIL", "RAIL"},
    {"huggingface.co", "/spaces/compvis/stable-diffusion-license", "",
     "LicenseRef-CreativeML-OpenRAIL-M", "RAIL"},
    {"huggingface.co", "/spaces/bigscience/license", "", "LicenseRef-BigScience-RAIL", "RAIL"},
    {"ai.meta.com", "/llama/license", "", "LicenseRef-Llama-Community", "Llama"},
    {"ai.google.dev", "/gemma/terms", "", "LicenseRef-Gemma-Terms", "Gemma"},
    {"usa.gov", "/government-works", "", "LicenseRef-US-GovernmentWork", "US-GovernmentWork",
     kStatement},
};

// "/licenses/by" must not take "/licenses/by-something".
bool HasPrefix(std::string_view path, std::string_view prefix) {
  if (!path.starts_with(prefix)) return false;
  if (prefix.empty() || prefix.back() == '/' || path.size() == prefix.size()) return true;
  return !IsAsciiAlpha(path[prefix.size()]);
}

std::string_view LastSegment(std::string_view path) {
  while (path.ends_with('/')) path.remove_suffix(1);
  const std::size_t slash = path.rfind('/');
  return slash == std::string_view::npos ? path : path.substr(slash + 1);
}

std::string_view WithoutSuffix(std::string_view text, std::string_view suffix) {
  if (text.size() > suffix.size() &&
      EqualsIgnoreCase(text.substr(text.size() - suffix.size()), suffix)) {
    text.remove_suffix(suffix.size());
  }
  return text;
}

// "fdl-1.3.html", "gpl-3.0-standalone.html", "gpl.html" below gnu.org/licenses and /copyleft.
LicenceUrl ReadGnu(std::string_view lower_path) {
  static constexpr std::string_view kFamilies[][2] = {
      {"fdl", "GFDL"}, {"gpl", "GPL"}, {"lgpl", "LGPL"}, {"agpl", "AGPL"}, {"lesser", "LGPL"}};
  LicenceUrl out;
  if (!lower_path.starts_with("/licenses/") && !lower_path.starts_with("/copyleft/")) return out;
  const std::string_view last = LastSegment(lower_path);
  const std::size_t letters = std::min(last.find_first_of("-."), last.size());
  for (const auto& row : kFamilies) {
    if (row[0] != last.substr(0, letters)) continue;
    out.known = true;
    out.family = row[1];
    std::size_t end = letters;
    if (letters + 1 < last.size() && last[letters] == '-') {
      end = letters + 1;
      while (end < last.size() &&
             (IsAsciiDigit(last[end]) ||
              (last[end] == '.' && end + 1 < last.size() && IsAsciiDigit(last[end + 1]))))
        ++end;
    }
    const std::string_view version =
        end > letters + 1 ? last.substr(letters + 1, end - letters - 1) : std::string_view();
    if (version.empty()) {
      out.flags = kFlagNoVersion;
      return out;
    }
    const std::string id = out.family + "-" + std::string(version) + "-only";
    if (IsSpdxId(id)) {
      out.spdx = id;
      out.flags = kFlagOrLaterUnknown;
    } else {
      out.flags = kFlagUnknownVersion;
    }
    return out;
  }
  return out;
}

// Sites whose pages are named after the identifier.
LicenceUrl ReadCatalogue(std::string_view path, bool low_confidence) {
  LicenceUrl out;
  std::string_view slug = LastSegment(path);
  for (const std::string_view suffix : {".html", ".php", ".txt", ".json", "-license"}) {
    slug = WithoutSuffix(slug, suffix);
  }
  const std::string_view found = SpdxId(slug);
  if (found.empty()) return out;
  const std::string_view id = WithoutDeprecatedGnuName(found);
  out.known = true;
  out.spdx = id;
  out.family = id;
  if (id != found) out.flags = kFlagOrLaterUnknown;
  if (low_confidence) out.confidence = "low";
  return out;
}

LicenceUrl ReadRightsStatement(std::string_view path) {
  static constexpr std::string_view kNames[] = {"InC",     "InC-OW-EU", "InC-EDU", "InC-NC",
                                                "InC-RUU", "NoC-CR",    "NoC-NC",  "NoC-OKLR",
                                                "NoC-US",  "CNE",       "UND",     "NKC"};
  LicenceUrl out;
  std::string_view rest = path;
  if (rest.starts_with("/vocab/")) {
    rest.remove_prefix(7);
  } else if (rest.starts_with("/page/")) {
    rest.remove_prefix(6);
  } else {
    return out;
  }
  const std::size_t slash = std::min(rest.find('/'), rest.size());
  const std::string_view name = rest.substr(0, slash);
  for (const std::string_view known : kNames) {
    if (!EqualsIgnoreCase(known, name)) continue;
    out.known = true;
    out.tool = "statement";
    out.family = "RightsStatements";
    if (!rest.substr(slash).starts_with("/1.0")) {
      out.flags = slash + 1 < rest.size() ? kFlagUnknownVersion : kFlagNoVersion;
      return out;
    }
    out.spdx = "LicenseRef-RightsStatements-" + std::string(known) + "-1.0";
    return out;
  }
  return out;
}

LicenceUrl ReadRows(std::string_view host, std::string_view lower_path) {
  LicenceUrl out;
  if (host == "cdla.io") host = "cdla.dev";
  for (const Row& row : kRows) {
    if (row.host != host || !HasPrefix(lower_path, row.prefix)) continue;
    if (!row.part.empty() && lower_path.find(row.part) == std::string_view::npos) continue;
    out.known = true;
    out.spdx = row.id;
    out.family = row.family;
    if ((row.traits & kNoVersion) != 0) out.flags = kFlagNoVersion;
    if ((row.traits & kStatement) != 0) out.tool = "statement";
    return out;
  }
  return out;
}

}  // namespace

LicenceUrl ReadOtherLicence(std::string_view host, std::string_view path) {
  const std::string lower_path = AsciiLowerCopy(path);
  if (host == "gnu.org") return ReadGnu(lower_path);
  if (host == "opensource.org" &&
      (lower_path.starts_with("/license/") || lower_path.starts_with("/licenses/"))) {
    return ReadCatalogue(path, false);
  }
  if (host == "spdx.org" && lower_path.starts_with("/licenses/")) return ReadCatalogue(path, false);
  if (host == "choosealicense.com" && lower_path.starts_with("/licenses/")) {
    return ReadCatalogue(path, true);
  }
  if (host == "rightsstatements.org") return ReadRightsStatement(path);
  return ReadRows(host, lower_path);
}

}  // namespace crawlcard::page::licence
