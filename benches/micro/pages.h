// benches/micro/pages.h - pages for the benches: real ones where a file is named, else made.
//
// The environment variable CRAWLCARD_BENCH_WARC names a WARC file of captured pages; its first 32
// MiB of HTML responses are taken. Without it 400 pages are made from a seed.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace crawlcard::bench {

struct Page {
  std::string url;
  std::string head;    // status line and fields, with the empty line
  std::string body;    // as sent
  std::string record;  // a WARC response record of the two
};

const std::vector<Page>& Pages();

// The records as one file of gzip members, made once.
const std::string& PagesFile();

// Sum of what `size` gives for each page.
template <class Size>
std::uint64_t SumOf(const std::vector<Page>& pages, Size size) {
  std::uint64_t bytes = 0;
  for (const Page& page : pages) bytes += size(page);
  return bytes;
}

}  // namespace crawlcard::bench
