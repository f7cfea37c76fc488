#include "robots/signal.h"

#include <array>
#include <cstddef>

namespace crawlcard::robots {
namespace {

// Names in the order of the enumerators.
constexpr std::array<std::string_view, 15> kFamilyNames = {
    "robots",  "robots-meta", "tdmrep",     "aipref",     "content-signal",
    "rsl",     "ai-txt",      "ai-txt-car", "trust-txt",  "llms-txt",
    "licence", "iptc-plus",   "c2pa",       "xmp-rights", "other"};
constexpr std::array<std::string_view, 12> kCarrierNames = {
    "robots.txt", "http-header", "html-meta", "html-link", "json-ld",   "well-known",
    "xmp",        "c2pa",        "epub",      "rsl",       "html-body", "policy-document"};
constexpr std::array<std::string_view, 11> kAxisNames = {
    "",       "crawl", "train",   "train-any", "ai-input", "ai-index",
    "search", "tdm",   "snippet", "archive",   "all"};
constexpr std::array<std::string_view, 5> kSaysNames = {"", "allow", "deny", "conditional",
                                                        "limited"};

template <class Enum, std::size_t N>
std::optional<Enum> FromName(const std::array<std::string_view, N>& names, std::string_view name) {
  for (std::size_t i = 0; i < N; ++i) {
    if (names[i] == name && !name.empty()) return static_cast<Enum>(i);
  }
  return std::nullopt;
}

}  // namespace

std::string_view FamilyName(Family family) {
  return kFamilyNames[static_cast<std::size_t>(family)];
}
std::optional<Family> FamilyFromName(std::string_view name) {
  return FromName<Family>(kFamilyNames, name);
}
std::string_view CarrierName(Carrier carrier) {
  return kCarrierNames[static_cast<std::size_t>(carrier)];
}
std::string_view AxisName(Axis axis) {
  return kAxisNames[static_cast<std::size_t>(axis)];
}
std::optional<Axis> AxisFromName(std::string_view name) {
  return FromName<Axis>(kAxisNames, name);
}
std::string_view SaysName(Says says) {
  return kSaysNames[static_cast<std::size_t>(says)];
}

void KeepAsEvidence(Signal& signal) {
  if (signal.says == Says::kDeny) signal.careful = Says::kDeny;
  signal.says = Says::kNothing;
}

}  // namespace crawlcard::robots
