// robots/internal/rdf.h - the part of RDF/XML that XMP uses: properties of top-level nodes.
//
// Sources: ISO 16684-1 section 7 (XMP) and RDF 1.1 XML Syntax sections 2.5, 2.12 and 2.15; which
// forms are taken: docs/formats/signals.md 10.1.
// Thread rule: functions are thread-safe; views live as long as the tree.
#pragma once

#include <string_view>
#include <vector>

#include "robots/internal/xml.h"

namespace crawlcard::robots::internal {

inline constexpr std::string_view kRdfNamespace = "http://www.w3.org/1999/02/22-rdf-syntax-ns#";

struct RdfProperty {
  std::string_view space;
  std::string_view name;
  // Values in order, at most limits::kXmpValuesMax; of an Alt the default language first.
  std::vector<std::string_view> values;
};

// The properties of every node directly below an rdf:RDF, in document order. Nested nodes speak of
// other things (parts, ingredients, agents) and give no properties of their own.
std::vector<RdfProperty> RdfProperties(const XmlTree& tree);

}  // namespace crawlcard::robots::internal
