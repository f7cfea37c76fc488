// Any bytes: reading ends, extents lie in the input and in order, and views hold what they claim.
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "base/assert.h"
#include "base/byte_source.h"
#include "warc/reader.h"

using crawlcard::Result;
using crawlcard::warc::RecordView;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  crawlcard::MemorySource source({reinterpret_cast<const char*>(data), size});
  crawlcard::warc::Reader reader(source, {.block_bytes_max = 1 << 16});
  std::uint64_t last_offset = 0;
  // A member may hold many records, but no more than its unpacked bytes can spell.
  for (std::uint64_t steps = 0;; ++steps) {
    CRAWLCARD_ASSERT(steps <= size + reader.inflated_bytes() + 2);
    const Result<const RecordView*> next = reader.Next();
    if (next && *next == nullptr) break;
    if (!next) {
      CRAWLCARD_ASSERT(next.error().offset().value_or(0) <= size);
      const Result<bool> found = reader.Resync();
      if (!found || !*found) break;
      continue;
    }
    const RecordView& record = **next;
    CRAWLCARD_ASSERT(record.extent.offset >= last_offset);
    CRAWLCARD_ASSERT(record.extent.offset + record.extent.length <= size);
    CRAWLCARD_ASSERT(record.block.size() <= 1 << 16);
    CRAWLCARD_ASSERT(record.version.starts_with("WARC/") || !record.notes.empty() ||
                     record.version == "ARC/1");
    last_offset = record.extent.offset;
  }
  return 0;
}
