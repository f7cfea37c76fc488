// tests/vectors/main.cc - vectors [--kind PREFIX] [DIRECTORY]
//
// Runs the test vectors of DIRECTORY, else of $CRAWLCARD_VECTORS, else of tests/data/vectors.
// Exit codes: 0 all passed, 1 something failed, 2 usage.

#include <cstdlib>
#include <iostream>
#include <string>
#include <string_view>

#include "tests/vectors/runner.h"

int main(int argc, char** argv) {
  const char* from_environment = std::getenv("CRAWLCARD_VECTORS");
  std::string directory =
      from_environment != nullptr ? from_environment : CRAWLCARD_VECTORS_DEFAULT;
  std::string kind_prefix;
  bool directory_seen = false;
  for (int i = 1; i < argc; ++i) {
    const std::string_view argument = argv[i];
    if (argument == "--kind" && i + 1 < argc) {
      kind_prefix = argv[++i];
      continue;
    }
    if (argument.substr(0, 1) == "-" || directory_seen) {
      std::cerr << "usage: vectors [--kind PREFIX] [DIRECTORY]\n";
      return 2;
    }
    directory = argument;
    directory_seen = true;
  }
  const auto [passed, failed] = crawlcard::vectors::RunDirectory(directory, kind_prefix);
  std::cout << passed << " passed, " << failed << " failed\n";
  return failed == 0 ? 0 : 1;
}
