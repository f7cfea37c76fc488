// crawler/soft_404.h - whether a 200 for a guessed path is an answer to the question.
//
// Application shells answer 200 with HTML to every path, and APIs with the same JSON; a signal file
// is taken for one only if its body does not begin with HTML markup and is of the format's own kind
// (docs/formats/signals.md 0.3). Pure. Thread rule: thread-safe.
#pragma once

#include <string_view>

#include "crawler/origin_record.h"

namespace crawlcard::crawler {

// `body` is decoded and not empty. Front pages and named documents may be anything. robots.txt is
// told by its own parser.
bool IsSoft404(StepKind kind, std::string_view body);

}  // namespace crawlcard::crawler
