// The command's entry. Exceptions of libraries end here: one line, exit 70.

#include <exception>
#include <string>
#include <vector>

#include <unistd.h>

#include "tools/app.h"
#include "tools/exit_code.h"
#include "tools/stop.h"

int main(int argc, char** argv) {
  using namespace crawlcard;  // NOLINT(google-build-using-namespace): one function, no header
  tools::InstallStopSignals();
  tools::Logger log(STDERR_FILENO, tools::Logger::Format::kText);
  try {
    tools::Output out(STDOUT_FILENO);
    return tools::RunApp(std::vector<std::string>(argv + 1, argv + argc), out, log);
  } catch (const std::exception& exception) {
    log.Log({LogLevel::kError, "internal", std::string("internal error: ") + exception.what(), {}});
    return tools::kExitInternal;
  }
}
