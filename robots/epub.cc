// TDMRep in the package file (OPF) of an EPUB; declared in robots/xmp.h.
//
// Sources: TDMRep report of 10 May 2024, EPUB metadata (docs/formats/signals.md 4.2); EPUB Packages
// 3.3 section 5.5 and OPF 2.0.1 section 2.2 for the two forms of a meta.

#include <algorithm>
#include <string>

#include "base/text.h"
#include "robots/internal/xml.h"
#include "robots/limits.h"
#include "robots/xmp.h"

namespace crawlcard::robots {
namespace {

using internal::XmlElement;
using internal::XmlTree;

constexpr std::string_view kTdmHash = "http://www.w3.org/ns/tdmrep#";
constexpr std::string_view kTdmSlash = "http://www.w3.org/ns/tdmrep/";

// What the `prefix` attribute of an EPUB 3 package binds `prefix` to, or an empty view.
std::string_view BoundTo(std::string_view attribute, std::string_view prefix) {
  while (!attribute.empty()) {
    const std::size_t colon = attribute.find(':');
    if (colon == std::string_view::npos) return {};
    const std::string_view name = TrimAscii(attribute.substr(0, colon));
    attribute = TrimAscii(attribute.substr(colon + 1));
    const std::size_t end = std::min(attribute.find_first_of(" \t\r\n"), attribute.size());
    if (name == prefix) return attribute.substr(0, end);
    attribute = TrimAscii(attribute.substr(end));
  }
  return {};
}

// "tdm-reservation" or "tdm-policy" for a name such as "tdm:reservation"; else empty. `prefixes` is
// what the package declares; a name without declaration is taken by its usual prefix.
std::string_view TdmrepName(std::string_view name, std::string_view prefixes,
                            bool& undeclared_out) {
  const std::size_t colon = name.find(':');
  if (colon == std::string_view::npos) return {};
  const std::string_view bound = BoundTo(prefixes, name.substr(0, colon));
  if (bound.empty() ? name.substr(0, colon) != "tdm" : bound != kTdmHash && bound != kTdmSlash) {
    return {};
  }
  undeclared_out = bound.empty();
  const std::string_view local = name.substr(colon + 1);
  if (local == "reservation") return "tdm-reservation";
  return local == "policy" ? std::string_view("tdm-policy") : std::string_view();
}

}  // namespace

TdmrepStatement ReadEpubTdmrep(std::string_view package_file, std::string_view file_url,
                               Arena& arena) {
  const XmlTree tree(package_file, {.allow_doctype = true});
  const auto elements = tree.elements();
  std::vector<NamedValue> values;
  bool any_undeclared = false;
  const std::string_view prefixes =
      elements.empty() ? std::string_view() : elements.front().Attribute("", "prefix");
  std::uint32_t metadata_end = 0;
  for (std::uint32_t i = 0; i < elements.size(); ++i) {
    const XmlElement& element = elements[i];
    if (element.name == "metadata") metadata_end = element.end;
    if (i >= metadata_end || element.name != "meta") continue;
    if (!element.Attribute("", "refines").empty()) continue;  // about a part of the book
    bool undeclared = false;
    NamedValue one;
    const std::string_view property = element.Attribute("", "property");
    if (!property.empty()) {
      one.name = TdmrepName(property, prefixes, undeclared);
      one.value = element.text;
    } else {
      // EPUB 2 knows no prefixes: the name stands for itself.
      one.name = TdmrepName(element.Attribute("", "name"), {}, undeclared);
      one.value = element.Attribute("", "content");
      undeclared = false;
    }
    if (one.name.empty() || values.size() >= limits::kXmpValuesMax) continue;
    one.value = arena.Copy(Utf8Prefix(TrimAscii(one.value), limits::kSignalTextBytesMax));
    any_undeclared = any_undeclared || undeclared;
    values.push_back(one);
  }
  TdmrepStatement statement = ReadTdmrepProperties(values, file_url, arena);
  if (any_undeclared) statement.flags.push_back("tdmrep.undeclared_prefix");
  return statement;
}

}  // namespace crawlcard::robots
