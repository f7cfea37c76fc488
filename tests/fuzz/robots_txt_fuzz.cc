// Any bytes are a robots.txt: parse, then check what must hold for every file.

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

#include "base/assert.h"
#include "robots/limits.h"
#include "robots/robots_txt.h"

using crawlcard::robots::Dialect;
using crawlcard::robots::RobotsTxt;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(bytes), size);
  // The first line is the question, the rest is the file.
  const std::size_t line = text.find('\n');
  const std::string_view path = text.substr(0, line);
  const RobotsTxt robots =
      RobotsTxt::Parse(line == std::string_view::npos ? text : text.substr(line + 1));
  for (const std::string_view agent : {"*", "GPTBot", "AI2Bot"}) {
    for (const Dialect dialect : crawlcard::robots::AllDialects()) {
      const auto decision = robots.Decide(agent, path, dialect);
      CRAWLCARD_ASSERT(decision.allowed == robots.Allows(agent, path, dialect));
      CRAWLCARD_ASSERT(decision.allowed || decision.line != 0);  // a refusal has its rule
      CRAWLCARD_ASSERT((decision.line == 0) == decision.rule.empty());
      std::vector<crawlcard::robots::Signal> selected;
      robots.SelectSignals(agent, path, dialect, selected);
    }
  }
  for (const auto& signal : robots.signals()) {
    CRAWLCARD_ASSERT(signal.raw.size() <= crawlcard::robots::limits::kRawBytesMax);
    CRAWLCARD_ASSERT(!signal.key.empty() && !signal.location.empty());
  }
  return 0;
}
