// page/licence/rdf_comment.h - licences in RDF/XML inside HTML comments, a habit of 2002 to 2008.
//
// Not an XML parser: looks for license elements with rdf:resource. Thread rule: thread-safe.
#pragma once

#include <string_view>

#include "page/licence/collector.h"

namespace crawlcard::page::licence {

void ReadRdfComment(std::string_view comment, Collector& out);

}  // namespace crawlcard::page::licence
