// Answers a file of questions about robots.txt files, so that other implementations can be compared
// (differential.py). Usage: robots_decide CASES ANSWERS.
//
// CASES: records `F BYTES\n` and the file, or `Q AGENT_BYTES PATH_BYTES\n` with agent and path,
// each followed by a line end. ANSWERS: two octets a question, for the dialects rfc9309 and google:
// 1 for allowed and 0 for not.

#include <fstream>
#include <optional>
#include <string>

#include "robots/robots_txt.h"

namespace {

std::string ReadBytes(std::istream& in, std::size_t bytes) {
  std::string text(bytes, '\0');
  in.read(text.data(), static_cast<std::streamsize>(bytes));
  return text;
}

}  // namespace

int main(int argc, char** argv) {
  using crawlcard::robots::Dialect;
  using crawlcard::robots::RobotsTxt;
  if (argc != 3) return 2;
  std::ifstream in(argv[1], std::ios::binary);
  std::ofstream out(argv[2], std::ios::binary);
  std::optional<RobotsTxt> robots;
  char kind = 0;
  while (in >> kind) {
    std::size_t first = 0;
    in >> first;
    if (kind == 'F') {
      in.get();
      robots.emplace(RobotsTxt::Parse(ReadBytes(in, first)));
      continue;
    }
    std::size_t second = 0;
    in >> second;
    in.get();
    const std::string agent = ReadBytes(in, first);
    const std::string path = ReadBytes(in, second);
    if (!in || !robots.has_value()) return 1;
    for (const Dialect dialect : {Dialect::kRfc9309, Dialect::kGoogle}) {
      const bool allowed = robots->Allows(agent, path, dialect);
      // The account and the quick answer must never differ.
      if (robots->Decide(agent, path, dialect).allowed != allowed) return 1;
      out.put(allowed ? '1' : '0');
    }
  }
  return out.good() ? 0 : 1;
}
