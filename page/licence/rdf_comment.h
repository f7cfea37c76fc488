// page/licence/rdf_comment.h - licences in RDF/XML inside HTML comments, a habit of 2002 to 2008.
//
// Not an XML parser: looks for license elements with rdf:resource. Source: signals.md 11.1, row
// "comment"; web.resource.org/cc as Creative Commons described it. Thread rule: thread-safe.
#pragma once

#include <string_view>

#include "page/licence/collector.h"

namespace crawlcard::page::licence {

void ReadRdfComment(std::string_view comment, Collector& out);

}  // namespace crawlcard::page::licence
