#include "robots/licence_terms.h"

#include <array>

namespace crawlcard::robots {
namespace {

constexpr LicenceTerms kFree{true, true, false, false, false, false, false, false};
constexpr LicenceTerms kAttribution{true, true, true, false, false, false, false, false};
constexpr LicenceTerms kShareAlike{true, true, true, false, true, false, false, false};
constexpr LicenceTerms kRestricted{true, false, false, false, false, false, true, false};
constexpr LicenceTerms kUnknown{true, false, false, false, false, false, false, true};
constexpr LicenceTerms kNoGrant{};

struct Row {
  std::string_view prefix;
  LicenceTerms terms;
};

// The first row whose prefix fits counts. Creative Commons units are read by their parts instead.
constexpr std::array kRows = {
    Row{"CC0-", kFree},
    Row{"CC-PDM", kFree},
    Row{"CC-PDDC", kFree},
    Row{"PDDL-", kFree},
    Row{"Unlicense", kFree},
    Row{"0BSD", kFree},
    Row{"DL-DE-ZERO", kFree},
    Row{"ODC-By", kAttribution},
    Row{"OGL-", kAttribution},
    Row{"etalab", kAttribution},
    Row{"DL-DE-BY", kAttribution},
    Row{"NLOD-", kAttribution},
    Row{"CDLA-Permissive", kAttribution},
    Row{"MIT", kAttribution},
    Row{"Apache-", kAttribution},
    Row{"BSD-", kAttribution},
    Row{"ISC", kAttribution},
    Row{"ODbL-", kShareAlike},
    Row{"GFDL-", kShareAlike},
    Row{"GPL-", kShareAlike},
    Row{"LGPL-", kShareAlike},
    Row{"AGPL-", kShareAlike},
    Row{"MPL-", kShareAlike},
    Row{"LAL-", kShareAlike},
    Row{"CDLA-Sharing", kShareAlike},
    Row{"LicenseRef-RAIL", kRestricted},
    Row{"LicenseRef-CreativeML", kRestricted},
    Row{"LicenseRef-BigScience", kRestricted},
    Row{"LicenseRef-Llama", kRestricted},
    Row{"LicenseRef-Gemma", kRestricted},
    Row{"C-UDA", kRestricted},
    Row{"LicenseRef-", kNoGrant},
};

bool HasPrefix(std::string_view text, std::string_view prefix) {
  return text.substr(0, prefix.size()) == prefix;
}

// "CC-BY-NC-SA-4.0", "LicenseRef-CC-BY-3.0-HK": the words between the dashes.
LicenceTerms ReadCreativeCommons(std::string_view unit) {
  LicenceTerms terms;
  terms.grants = true;
  bool sampling = false;
  while (!unit.empty()) {
    const std::size_t dash = unit.find('-');
    const std::string_view word = unit.substr(0, dash);
    terms.attribution = terms.attribution || word == "BY";
    terms.noncommercial = terms.noncommercial || word == "NC";
    terms.share_alike = terms.share_alike || word == "SA";
    terms.no_derivatives = terms.no_derivatives || word == "ND";
    sampling = sampling || word == "Sampling" || word == "DevNations";
    if (dash == std::string_view::npos) break;
    unit.remove_prefix(dash + 1);
  }
  terms.use_restrictions = sampling;
  terms.open = !terms.noncommercial && !terms.no_derivatives && !sampling;
  return terms;
}

}  // namespace

LicenceTerms ReadLicenceTerms(std::string_view spdx) {
  if (spdx.empty()) return kNoGrant;
  constexpr std::string_view kRef = "LicenseRef-CC-";
  if (HasPrefix(spdx, kRef)) return ReadCreativeCommons(spdx.substr(kRef.size()));
  for (const Row& row : kRows) {
    if (HasPrefix(spdx, row.prefix)) return row.terms;
  }
  if (HasPrefix(spdx, "CC-")) return ReadCreativeCommons(spdx.substr(3));
  return kUnknown;
}

}  // namespace crawlcard::robots
