// The reader beside a bare libdeflate loop over the same members: what is above the raw limit.
//
// Data: made, seeded; each member one response record with HTML-like text. The argument is the
// unpacked size of a record: 1 KiB (many small ones) and 40 KiB (Common Crawl's usual).
#include <random>
#include <string>
#include <vector>

#include <benchmark/benchmark.h>
#include <libdeflate.h>

#include "base/byte_source.h"
#include "base/codec.h"
#include "warc/reader.h"

namespace crawlcard::warc {
namespace {

constexpr std::size_t kFileBytes = std::size_t{32} << 20;  // unpacked

struct Made {
  std::string file;
  std::size_t unpacked = 0;
  std::size_t records = 0;
};

Made MakeFile(std::size_t record_bytes) {
  std::mt19937 random(1);
  Made made;
  while (made.unpacked < kFileBytes) {
    std::string block = "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n";
    while (block.size() < record_bytes) {
      block += "<p class=\"c" + std::to_string(random() % 40) + "\">word" +
               std::to_string(random() % 3000) + " and more text</p>\n";
    }
    const std::string record =
        "WARC/1.0\r\nWARC-Type: response\r\nWARC-Date: 2024-05-18T01:58:10Z\r\n"
        "WARC-Record-ID: <urn:uuid:00000000-0000-4000-8000-000000000000>\r\n"
        "WARC-Target-URI: https://www.example.org/" +
        std::to_string(made.records) + "\r\nContent-Type: application/http; msgtype=response\r\n" +
        "Content-Length: " + std::to_string(block.size()) + "\r\n\r\n" + block + "\r\n\r\n";
    made.unpacked += record.size();
    ++made.records;
    made.file += GzipMember(record, 6);
  }
  return made;
}

void Report(benchmark::State& state, const Made& made) {
  state.SetBytesProcessed(static_cast<std::int64_t>(made.unpacked) * state.iterations());
  state.SetItemsProcessed(static_cast<std::int64_t>(made.records) * state.iterations());
}

void BareLibdeflate(benchmark::State& state) {
  const Made made = MakeFile(static_cast<std::size_t>(state.range(0)));
  std::vector<char> out(std::size_t{1} << 20);
  libdeflate_decompressor* inflater = libdeflate_alloc_decompressor();
  for (auto _ : state) {
    for (std::size_t at = 0; at < made.file.size();) {
      std::size_t used = 0;
      std::size_t got = 0;
      libdeflate_gzip_decompress_ex(inflater, made.file.data() + at, made.file.size() - at,
                                    out.data(), out.size(), &used, &got);
      benchmark::DoNotOptimize(got);
      at += used;
    }
  }
  libdeflate_free_decompressor(inflater);
  Report(state, made);
}
BENCHMARK(BareLibdeflate)->Arg(1 << 10)->Arg(40 << 10)->Unit(benchmark::kMillisecond);

void ReadRecords(benchmark::State& state) {
  const Made made = MakeFile(static_cast<std::size_t>(state.range(0)));
  for (auto _ : state) {
    MemorySource source(made.file);
    Reader reader(source, {});
    std::size_t records = 0;
    for (;;) {
      const Result<const RecordView*> next = reader.Next();
      if (!next || *next == nullptr) break;
      ++records;
    }
    if (records != made.records) state.SkipWithError("records are missing");
  }
  Report(state, made);
}
BENCHMARK(ReadRecords)->Arg(1 << 10)->Arg(40 << 10)->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace crawlcard::warc
