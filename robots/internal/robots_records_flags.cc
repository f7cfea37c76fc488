// The names of deviations (docs/formats/signals.md 1.5).

#include <algorithm>

#include "robots/internal/robots_records.h"

namespace crawlcard::robots::internal {

std::string_view RecordFlagName(RecordFlag flag) {
  switch (flag) {
    case kFlagTypo:
      return "robots.typo";
    case kFlagPrefixKey:
      return "robots.prefix_key";
    case kFlagMissingColon:
      return "robots.missing_colon";
    case kFlagBadPath:
      return "robots.bad_path";
    case kFlagCommaAgents:
      return "robots.comma_agents";
    case kFlagTruncatedAgent:
      return "robots.truncated_agent";
    case kFlagNongrammarToken:
      return "robots.nongrammar_token";
    case kFlagBom:
      return "robots.bom";
    case kFlagTruncated:
      return "robots.truncated";
    case kFlagHtmlBody:
      return "robots.html_body";
    case kFlagUndefinedSignal:
      return "robots.undefined_signal";
    case kFlagTruncatedLine:
      return "robots.truncated_line";
    case kFlagUtf16:
      return "robots.utf16";
  }
  return {};
}

void AppendFlagNames(std::uint16_t flags, std::vector<std::string_view>& names_out) {
  for (unsigned bit = 0; bit < 16; ++bit) {
    const unsigned flag = 1U << bit;
    if ((flags & flag) == 0) continue;
    const std::string_view name = RecordFlagName(static_cast<RecordFlag>(flag));
    const bool known = std::find(names_out.begin(), names_out.end(), name) != names_out.end();
    if (!known) names_out.push_back(name);
  }
}

}  // namespace crawlcard::robots::internal
