#include "crawler/soft_404.h"

#include "base/text.h"
#include "robots/well_known.h"

namespace crawlcard::crawler {
namespace {

// The first byte that is neither white space nor part of a byte order mark.
char FirstByte(std::string_view body) {
  if (body.substr(0, 3) == "\xEF\xBB\xBF") body.remove_prefix(3);
  const std::string_view text = TrimAscii(body);
  return text.empty() ? '\0' : text.front();
}

}  // namespace

bool IsSoft404(StepKind kind, std::string_view body) {
  switch (kind) {
    case StepKind::kTdmrep:
    case StepKind::kWellKnownAiJson: {
      const char first = FirstByte(body);
      return first != '[' && first != '{';
    }
    case StepKind::kAiTxt:
    case StepKind::kWellKnownAiTxt:
    case StepKind::kTrustTxt:
    case StepKind::kWellKnownTrustTxt: {
      const char first = FirstByte(body);
      return first == '{' || first == '[' || robots::IsHtmlBody(body);
    }
    case StepKind::kRobots:
    case StepKind::kFrontPage:
    case StepKind::kNamed:
      break;
  }
  return false;
}

}  // namespace crawlcard::crawler
