#include "index/ingest/cdx_file.h"

#include <optional>

#include "index/ingest/cdx_lines.h"
#include "index/ingest/file_observer.h"
#include "index/interchange/cdx_line.h"
#include "index/interchange/limits.h"

namespace crawlcard::index {

Result<bool> IsCdxFile(ByteSource& source) {
  CRAWLCARD_ASSIGN(const std::string start, PeekUnpacked(source, limits::kCdxSniffBytesMax));
  return LooksLikeCdx(start);
}

Result<ObservedFile> ObserveCdxFile(ByteSource& source, std::string_view file_name,
                                    const ObserveFileOptions& options,
                                    const ObserveHandlers& handlers) {
  FileObserver observer(file_name, options, handlers);
  CdxLines lines(source);
  CdxLineReader reader;
  for (;;) {
    if (handlers.stop_requested && handlers.stop_requested()) {
      return tl::unexpected(Error(ErrorCode::kCancelled, "stopped on request").At(file_name));
    }
    Result<std::optional<CdxLines::Line>> line = lines.Next();
    if (!line) {
      if (line.error().code() == ErrorCode::kIo) {
        return tl::unexpected(std::move(line.error().At(file_name)));
      }
      CRAWLCARD_TRY(observer.Damage(std::move(line.error())));
      continue;
    }
    if (!*line) break;
    const warc::Extent& place = (*line)->extent;
    Result<const CdxLine*> cdx = reader.Read((*line)->text);
    if (!cdx) {
      const std::string message = fmt::format("{} (byte {} of what is unpacked there)",
                                              cdx.error().message(), place.inner_offset);
      CRAWLCARD_TRY(observer.Damage(Error(cdx.error().code(), message).At(place.offset)));
    } else if (*cdx != nullptr) {
      CRAWLCARD_TRY(observer.TakeCdx(**cdx, place));
    }
  }
  CRAWLCARD_TRY(observer.Finish());
  observer.observed().counts.inflated_bytes = lines.unpacked_bytes();
  return std::move(observer.observed());
}

}  // namespace crawlcard::index
