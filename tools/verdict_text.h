// tools/verdict_text.h - a verdict as one screen of text. As JSON: index/verdict_json.h.
#pragma once

#include <string>

#include "index/scan.h"

namespace crawlcard::tools {

// Verdict first, then the reasons with the words that caused them, coverage, and pointers.
void AppendVerdictText(const index::UrlVerdict& answer, const index::JudgeOptions& options,
                       std::string& out);

}  // namespace crawlcard::tools
