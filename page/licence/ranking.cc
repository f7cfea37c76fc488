// page/licence/ranking.cc - see ranking.h.
#include "page/licence/ranking.h"

#include <cstddef>

#include "base/text.h"

namespace crawlcard::page::licence {
namespace {

struct PlaceRow {
  std::string_view location;
  std::string_view region;  // empty: any
  int rank;
};
constexpr PlaceRow kPlaces[] = {
    {"http-link", "", 0},   {"link-rel", "head", 1}, {"link-rel", "", 4},      {"json-ld", "", 2},
    {"microdata", "", 2},   {"rdfa", "", 2},         {"meta", "", 3},          {"meta-dc", "", 3},
    {"a-rel", "", 4},       {"area-rel", "", 4},     {"a-plain", "footer", 5}, {"text", "", 6},
    {"rdf-comment", "", 7}, {"a-plain", "", 8},      {"badge", "", 9}};

std::string_view WithoutRef(std::string_view spdx) {
  constexpr std::string_view kRef = "LicenseRef-";
  return spdx.starts_with(kRef) ? spdx.substr(kRef.size()) : spdx;
}

bool IsCreativeCommons(std::string_view spdx) {
  return WithoutRef(spdx).starts_with("CC-");
}

bool HasPart(std::string_view id, std::string_view part) {
  for (std::size_t at = id.find(part); at != std::string_view::npos; at = id.find(part, at + 1)) {
    const std::size_t end = at + part.size();
    if (at > 0 && id[at - 1] == '-' && (end == id.size() || id[end] == '-')) return true;
  }
  return false;
}

}  // namespace

int PlaceRank(const Licence& licence) {
  for (const PlaceRow& row : kPlaces) {
    if (row.location != licence.location) continue;
    if (row.region.empty() || row.region == licence.region) return row.rank;
  }
  return 9;
}

int Strictness(std::string_view spdx) {
  for (const std::string_view free : {"CC0-1.0", "CC-PDM-1.0", "CC-PDDC", "PDDL-1.0", "Unlicense",
                                      "DL-DE-ZERO-2.0", "LicenseRef-US-GovernmentWork"}) {
    if (spdx == free) return 0;
  }
  if (IsCreativeCommons(spdx)) {
    const std::string_view id = WithoutRef(spdx);
    int strictness = 1;
    if (HasPart(id, "SA")) strictness += 1;
    if (HasPart(id, "ND")) strictness += 2;
    if (HasPart(id, "NC")) strictness += 4;
    return strictness;
  }
  if (spdx.starts_with("ODbL") || spdx.starts_with("GFDL") || spdx.starts_with("LAL")) return 2;
  if (spdx.starts_with("LicenseRef-RightsStatements-NoC")) return 1;
  if (spdx.starts_with("LicenseRef-")) return 9;
  if (spdx.empty()) return 10;
  return 1;
}

bool IsSoftwareLicence(std::string_view spdx) {
  if (spdx.empty() || IsCreativeCommons(spdx) || spdx.starts_with("LicenseRef-")) return false;
  for (const std::string_view content : {"CC0", "ODbL", "ODC", "PDDL", "OGL", "etalab", "DL-DE",
                                         "NLOD", "CDLA", "C-UDA", "O-UDA", "GFDL", "LAL"}) {
    if (spdx.starts_with(content)) return false;
  }
  return true;
}

std::string_view WithoutVersion(std::string_view spdx) {
  const std::string_view id = WithoutRef(spdx);
  for (std::size_t i = 0; i + 1 < id.size(); ++i) {
    if (id[i] == '-' && IsAsciiDigit(id[i + 1])) return id.substr(0, i);
  }
  return id;
}

bool IsOpen(std::string_view spdx) {
  return !spdx.empty() && Strictness(spdx) <= 2;
}

}  // namespace crawlcard::page::licence
