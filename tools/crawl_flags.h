// tools/crawl_flags.h - from flags to who asks and where connections may go: for all that fetches.
#pragma once

#include "base/result.h"
#include "crawler/address_guard.h"
#include "crawler/user_agent.h"
#include "tools/settings.h"

namespace crawlcard::tools {

// Errors: kInvalidArgument without --contact, or for one that is neither a URL nor an address.
[[nodiscard]] Result<crawler::UserAgent> UserAgentFrom(const Settings& settings);

// What --allow-private names. Errors: kInvalidArgument.
[[nodiscard]] Result<crawler::AddressGuard> GuardFrom(const Settings& settings);

}  // namespace crawlcard::tools
