// page/licence/terms.h - words of class attributes, RDFa and metas that this room understands.
//
// Thread rule: thread-safe.
#pragma once

#include <string_view>

#include "page/html/elements.h"
#include "page/html/open_elements.h"

namespace crawlcard::page::licence {

enum class Term { kNone, kLicence, kRights, kAttributionName, kAttributionUrl };

// The first token of a rel or property value that is a known term with a prefix or a full IRI
// ("cc:license", "http://purl.org/dc/terms/license"). A bare "license" is none of these.
Term QualifiedTerm(std::string_view list);

// Whether a `license` without prefix means a licence in this RDFa vocabulary.
bool HasLicenceTerm(std::string_view vocabulary);

// Whether a class or id of this name makes an element of no kind of its own a region.
bool IsRegionWord(std::string_view word);

// The region that an element begins: by its name, or by its class and id.
// `end`: of the text that the values stand in.
html::Region RegionOf(html::Element element, std::string_view class_name, std::string_view id,
                      const char* end);

enum class MetaTerm { kNone, kLicence, kRights };

// signals.md 11.1: names of metas that may state a licence. `name` is lower case.
MetaTerm MetaTermOf(std::string_view name);
// "DC." and "DCTERMS." names, and nothing else.
bool IsDublinCore(std::string_view name);

}  // namespace crawlcard::page::licence
