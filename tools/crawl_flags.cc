#include "tools/crawl_flags.h"

#include <string>
#include <utility>
#include <vector>

#include "tools/version.h"

namespace crawlcard::tools {

Result<crawler::UserAgent> UserAgentFrom(const Settings& settings) {
  const std::string_view contact = settings.Text("contact");
  if (contact.empty()) {
    return Fail(ErrorCode::kInvalidArgument,
                "--contact is needed: a URL or mail address of who runs the crawl");
  }
  return crawler::UserAgent::Make("crawlcard", Version(), contact);
}

Result<crawler::AddressGuard> GuardFrom(const Settings& settings) {
  std::vector<crawler::AddressRange> allowed;
  for (const std::string& text : settings.List("allow-private")) {
    CRAWLCARD_ASSIGN(crawler::AddressRange range, crawler::AddressRange::Parse(text));
    allowed.push_back(range);
  }
  return crawler::AddressGuard(std::move(allowed));
}

}  // namespace crawlcard::tools
