// benches/micro/robots_files.h - robots.txt files for the benches: real ones where a file is named,
// else made.
//
// CRAWLCARD_BENCH_ROBOTS names a WARC file of robots.txt responses. Without it 3,000 files of 1.5
// KB are made from a seed: groups of one to three agents, 4 to 24 rules each, wildcards, `$`,
// escapes, comments, a third of them with CRLF.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace crawlcard::bench {

const std::vector<std::string>& RobotsFiles();
std::uint64_t RobotsBytes();

// Twenty paths, and four agents that take turns with them.
const std::vector<std::string>& AskedPaths();
std::string_view AskedAgent(std::size_t path);

// A file that names every known AI agent over one rule.
std::string BlockList();

}  // namespace crawlcard::bench
