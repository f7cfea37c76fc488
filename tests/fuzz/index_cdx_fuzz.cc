// Any bytes as a CDX, packed or not: places stay inside the file, what is read as a line is written
// as one that reads alike, and nothing is handed out twice.
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/assert.h"
#include "base/byte_source.h"
#include "base/codec.h"
#include "index/ingest/cdx_file.h"
#include "index/ingest/cdx_lines.h"
#include "index/interchange/cdx_line.h"

namespace {

namespace index = crawlcard::index;

std::string Written(const index::CdxLine& line) {
  std::string text;
  index::AppendCdxKey(line, text);
  index::AppendCdxjRest(line, text);
  return text;
}

void CheckLine(std::string_view text) {
  index::CdxLineReader reader;
  const auto line = reader.Read(text);
  if (!line || *line == nullptr) return;
  const index::CdxLine& read = **line;
  CRAWLCARD_ASSERT(!read.url.empty() && !read.filename.empty() && read.offset.has_value());
  if (read.surt.empty() || read.surt.find_first_of(" {!#") != std::string_view::npos) return;
  const std::string once = Written(read);
  index::CdxLineReader second;
  const auto again = second.Read(once);
  CRAWLCARD_ASSERT(again.has_value() && *again != nullptr);
  CRAWLCARD_ASSERT(Written(**again) == once);
}

void CheckFile(std::string_view bytes) {
  crawlcard::MemorySource source(bytes);
  index::CdxLines lines(source);
  for (std::size_t i = 0;; ++i) {
    // Each call takes at least a byte, or ends.
    CRAWLCARD_ASSERT(i <= bytes.size() + lines.unpacked_bytes() + 2);
    const auto line = lines.Next();
    if (!line) continue;
    if (!*line) return;
    CRAWLCARD_ASSERT((*line)->extent.offset < bytes.size());
    CRAWLCARD_ASSERT((*line)->extent.offset + (*line)->extent.length <= bytes.size());
    CheckLine((*line)->text);
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  CheckFile(bytes);
  const std::size_t half = size / 2;
  CheckFile(crawlcard::GzipMember(bytes.substr(0, half), 1) +
            crawlcard::GzipMember(bytes.substr(half), 1));
  crawlcard::MemorySource source(bytes);
  std::uint64_t captures = 0;
  index::ObserveHandlers handlers;
  handlers.on_capture = [&](const index::CaptureView& capture) -> crawlcard::Status {
    ++captures;
    CRAWLCARD_ASSERT(capture.via == index::Via::kCdx);
    return {};
  };
  const auto observed = index::ObserveCdxFile(source, "a.cdxj", {}, handlers);
  CRAWLCARD_ASSERT(observed.has_value() && observed->counts.captures == captures);
  return 0;
}
