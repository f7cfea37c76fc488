// What does walking the records cost, and what of it is above inflating? Compare inflate/ours and
// inflate/libdeflate over the same file.

#include <benchmark/benchmark.h>

#include "base/byte_source.h"
#include "benches/micro/pages.h"
#include "benches/micro/stage.h"
#include "warc/reader.h"

namespace crawlcard::bench {
namespace {

std::size_t CountRecords(std::string_view file) {
  MemorySource source(file);
  warc::Reader reader(source, {});
  std::size_t records = 0;
  for (;; ++records) {
    const Result<const warc::RecordView*> next = reader.Next();
    if (!next || *next == nullptr) return records;
    benchmark::DoNotOptimize((*next)->target_uri());
  }
}

Stage Over(const std::string& file) {
  const auto size = [](const Page& page) { return page.record.size(); };
  return {SumOf(Pages(), size), Pages().size(),
          [&file] { benchmark::DoNotOptimize(CountRecords(file)); }};
}

const std::string& PlainFile() {
  static const std::string file = [] {
    std::string records;
    for (const Page& page : Pages()) records += page.record;
    return records;
  }();
  return file;
}

const bool kStages = AddStage("records/gzip", [] { return Over(PagesFile()); }) &&
                     AddStage("records/plain", [] { return Over(PlainFile()); });

}  // namespace
}  // namespace crawlcard::bench
