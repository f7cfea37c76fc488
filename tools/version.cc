#include "tools/version.h"

#include <fmt/format.h>

#include "page/public_suffix.h"

namespace crawlcard::tools {

std::string_view Version() {
  return CRAWLCARD_VERSION;
}

std::string VersionText() {
  const std::string_view build = CRAWLCARD_BUILD_TYPE;
  return fmt::format("crawlcard {}\nbuild: {}, {}\npublic suffix list: {}\n", Version(),
                     build.empty() ? "no build type" : build,
#if defined(__clang__)
                     "clang " __clang_version__,
#else
                     "gcc " __VERSION__,
#endif
                     page::PublicSuffixListVersion());
}

}  // namespace crawlcard::tools
