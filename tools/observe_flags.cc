#include "tools/observe_flags.h"

namespace crawlcard::tools {

index::ObserveFileOptions ObserveOptionsFrom(const Settings& settings) {
  index::ObserveFileOptions options;
  const std::string_view language = settings.Text("language");
  if (language == "archive") options.language = index::LanguageMode::kArchive;
  if (language == "off") options.language = index::LanguageMode::kOff;
  options.verify_digests = settings.Switch("verify-digests");
  return options;
}

}  // namespace crawlcard::tools
