// page/licence/creative_commons.cc - see creative_commons.h.
#include "page/licence/creative_commons.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <iterator>
#include <span>
#include <string>

#include "base/text.h"
#include "page/licence/spdx.h"
#include "page/licence/url_flags.h"

namespace crawlcard::page::licence {
namespace {

// One licence unit of the URL. Versions are a string of those that exist, in "1.0 2.0" form.
struct Unit {
  std::string_view path;      // as in the URL
  std::string_view name;      // as in identifiers
  std::string_view versions;  // unported or ported
};
constexpr std::string_view kLiving = "1.0 2.0 2.1 2.5 3.0 4.0";
constexpr Unit kUnits[] = {
    {"by", "BY", kLiving},
    {"by-sa", "BY-SA", kLiving},
    {"by-nd", "BY-ND", kLiving},
    {"by-nc", "BY-NC", kLiving},
    {"by-nc-sa", "BY-NC-SA", kLiving},
    {"by-nc-nd", "BY-NC-ND", kLiving},
    {"by-nd-nc", "BY-NC-ND", "1.0"},
    {"sa", "SA", "1.0 2.0"},
    {"nc", "NC", "1.0 2.0"},
    {"nd", "ND", "1.0 2.0"},
    {"nc-sa", "NC-SA", "1.0 2.0"},
    {"nd-nc", "ND-NC", "1.0 2.0"},
    {"sampling", "Sampling", "1.0"},
    {"sampling+", "Sampling-Plus", "1.0"},
    {"nc-sampling+", "NC-Sampling-Plus", "1.0"},
    {"devnations", "DevNations", "2.0"},
};

// Jurisdictions that ported a suite up to 3.0.
constexpr std::string_view kPorts =
    " ar at au az be bg br ca ch cl cn co cr cz de dk ec ee eg es fi fr ge gr gt hk hr hu ie igo "
    "il "
    "in it jp kr lu mk mt mx my nl no nz pe ph pl pr pt ro rs scotland se sg si th tw ug uk us ve "
    "vn za ";

const Unit* FindUnit(std::string_view path) {
  const auto* found = std::find_if(std::begin(kUnits), std::end(kUnits),
                                   [&](const Unit& unit) { return unit.path == path; });
  return found == std::end(kUnits) ? nullptr : found;
}

bool ContainsWord(std::string_view list, std::string_view word) {
  if (word.empty() || word.find(' ') != std::string_view::npos) return false;
  for (std::size_t at = list.find(word); at != std::string_view::npos;
       at = list.find(word, at + 1)) {
    const bool starts = at == 0 || list[at - 1] == ' ';
    const std::size_t end = at + word.size();
    if (starts && (end == list.size() || list[end] == ' ')) return true;
  }
  return false;
}

bool IsRetired(const Unit& unit) {
  return !unit.path.starts_with("by");
}

// Whether the version exists for that unit with that port ("" = unported).
bool VersionExists(const Unit& unit, std::string_view version, std::string_view port) {
  if (!ContainsWord(unit.versions, version)) return false;
  // 2.1 exists in ports only; units without attribution had 2.0 in Japan alone.
  if (version == "2.1") return !port.empty();
  if (IsRetired(unit) && version == "2.0" && unit.path != "devnations") return port == "jp";
  return true;
}

bool PortExists(std::string_view version, std::string_view port) {
  if (version == "4.0") return false;
  if (port == "igo") return version == "3.0";
  return ContainsWord(kPorts, port);
}

std::string Upper(std::string_view text) {
  std::string out(text);
  for (char& c : out) {
    if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
  }
  return out;
}

constexpr std::size_t kSegmentsMax = 6;
struct Segments {
  std::array<std::string_view, kSegmentsMax> at;
  std::size_t size = 0;
};

Segments SplitPath(std::string_view path) {
  Segments out;
  while (!path.empty() && out.size < kSegmentsMax) {
    const std::size_t slash = std::min(path.find('/'), path.size());
    if (slash > 0) out.at[out.size++] = path.substr(0, slash);
    path.remove_prefix(std::min(slash + 1, path.size()));
  }
  return out;
}

// Reads "deed", "legalcode.fr", "deed.pt_BR", "deed.en@GB". False where `segment` is neither.
bool ReadDocument(std::string_view segment, LicenceUrl& out) {
  const std::size_t dot = std::min(segment.find('.'), segment.size());
  const std::string word = AsciiLowerCopy(segment.substr(0, dot));
  if (word != "deed" && word != "legalcode") return false;
  out.document = word;
  if (dot == segment.size()) return true;
  std::string lang = AsciiLowerCopy(segment.substr(dot + 1));
  std::replace(lang.begin(), lang.end(), '_', '-');
  std::replace(lang.begin(), lang.end(), '@', '-');
  if (lang != "txt" && lang != "html") out.lang = lang;
  return true;
}

bool HasUpper(std::string_view text) {
  return std::any_of(text.begin(), text.end(), [](char c) { return c >= 'A' && c <= 'Z'; });
}

void FlagOnly(LicenceUrl& out, std::span<const std::string_view> flags) {
  out.flags = flags;
  out.spdx.clear();
}

LicenceUrl NotALicence() {
  LicenceUrl out;
  FlagOnly(out, kFlagNotALicence);
  return out;
}

LicenceUrl ReadLicences(const Segments& segments) {
  LicenceUrl out;
  if (segments.size < 2) return NotALicence();
  const std::string unit_text = AsciiLowerCopy(segments.at[1]);
  if (HasUpper(segments.at[0]) || HasUpper(segments.at[1])) out.flags = kFlagCase;
  if (unit_text == "publicdomain") {
    out.known = true;
    out.family = "CC-PDDC";
    out.spdx = "CC-PDDC";
    return out;
  }
  const Unit* unit = FindUnit(unit_text);
  if (unit == nullptr) return NotALicence();
  out.known = true;
  out.family = "CC-" + std::string(unit->name);
  if (segments.size < 3 || ReadDocument(segments.at[2], out)) {
    FlagOnly(out, kFlagNoVersion);
    return out;
  }
  const std::string version(segments.at[2]);
  std::string port;
  if (segments.size > 3 && !ReadDocument(segments.at[3], out)) {
    port = AsciiLowerCopy(segments.at[3]);
    if (segments.size > 4) ReadDocument(segments.at[4], out);
  }
  const bool looks_like_port = port.size() == 2 || port == "igo" || port == "scotland";
  if (!looks_like_port) port.clear();
  if (!ContainsWord(unit->versions, version)) {
    FlagOnly(out, kFlagUnknownVersion);
    return out;
  }
  if (!port.empty() && !PortExists(version, port)) {
    FlagOnly(out, kFlagBadPort);
    return out;
  }
  out.spdx = CreativeCommonsId(unit->path, version, port);
  if (out.spdx.empty()) FlagOnly(out, kFlagUnknownVersion);
  out.jurisdiction = port;
  return out;
}

LicenceUrl ReadPublicDomain(const Segments& segments) {
  static constexpr std::string_view kTools[][2] = {
      {"zero", "CC0-1.0"}, {"mark", "CC-PDM-1.0"}, {"certification", "CC-PDDC"}};
  LicenceUrl out;
  if (segments.size < 2) return NotALicence();
  const std::string tool = AsciiLowerCopy(segments.at[1]);
  if (HasUpper(segments.at[0]) || HasUpper(segments.at[1])) out.flags = kFlagCase;
  for (const auto& row : kTools) {
    if (row[0] != tool) continue;
    out.known = true;
    out.family = tool == "zero" ? "CC0" : (tool == "mark" ? "CC-PDM" : "CC-PDDC");
    if (tool == "mark") out.tool = "mark";
    if (segments.size < 3 || ReadDocument(segments.at[2], out)) {
      FlagOnly(out, kFlagNoVersion);
      return out;
    }
    if (segments.at[2] != "1.0") {
      FlagOnly(out, kFlagUnknownVersion);
      return out;
    }
    out.spdx = row[1];
    for (std::size_t i = 3; i < segments.size; ++i) {
      if (!ReadDocument(segments.at[i], out) && tool == "certification" &&
          EqualsIgnoreCase(segments.at[i], "us")) {
        out.jurisdiction = "us";
      }
    }
    return out;
  }
  return NotALicence();
}

}  // namespace

std::string CreativeCommonsId(std::string_view unit_path, std::string_view version,
                              std::string_view port) {
  const Unit* unit = FindUnit(unit_path);
  if (unit == nullptr || !VersionExists(*unit, version, port)) return {};
  if (!port.empty() && !PortExists(version, port)) return {};
  std::string id = "CC-";
  id += unit->name;
  id += '-';
  id += version;
  if (!port.empty()) {
    id += '-';
    id += Upper(port);
  }
  if (IsSpdxId(id)) return id;
  std::string reference("LicenseRef-");
  reference += id;
  return reference;
}

LicenceUrl ReadCreativeCommonsPath(std::string_view path) {
  const Segments segments = SplitPath(path);
  if (segments.size == 0) return NotALicence();
  if (EqualsIgnoreCase(segments.at[0], "licenses")) return ReadLicences(segments);
  if (EqualsIgnoreCase(segments.at[0], "publicdomain")) return ReadPublicDomain(segments);
  return NotALicence();
}

std::string BadgeHint(std::string_view path) {
  const Segments segments = SplitPath(path);
  if (segments.size < 3) return {};
  const bool is_licence = segments.at[0] == "l";
  if (!is_licence && segments.at[0] != "p") return {};
  if (segments.at[1] == "zero" || segments.at[1] == "mark") {
    if (segments.at[2] != "1.0") return {};
    return segments.at[1] == "zero" ? "CC0-1.0" : "CC-PDM-1.0";
  }
  if (segments.at[1] == "publicdomain") return "CC-PDDC";
  const std::string port = segments.size > 4 ? AsciiLowerCopy(segments.at[3]) : std::string();
  return CreativeCommonsId(AsciiLowerCopy(segments.at[1]), segments.at[2], port);
}

}  // namespace crawlcard::page::licence
