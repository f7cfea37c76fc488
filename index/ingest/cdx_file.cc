#include "index/ingest/cdx_file.h"

#include <array>
#include <optional>

#include "base/member_inflater.h"
#include "index/ingest/cdx_lines.h"
#include "index/ingest/file_observer.h"
#include "index/interchange/cdx_line.h"
#include "index/interchange/limits.h"

namespace crawlcard::index {

Result<bool> IsCdxFile(ByteSource& source) {
  CRAWLCARD_ASSIGN(std::string_view start, source.Peek(limits::kCdxSniffBytesMax));
  start = start.substr(0, limits::kCdxSniffBytesMax);
  MemberFormat format = MemberFormat::kGzip;
  if (start.starts_with("\x28\xb5\x2f\xfd")) {
    format = MemberFormat::kZstd;
  } else if (!start.starts_with("\x1f\x8b")) {
    return LooksLikeCdx(start);
  }
  MemberInflater inflater;
  inflater.StartStream(format);
  std::array<char, limits::kCdxSniffBytesMax> text;
  const StreamStep step = inflater.StreamSome(start, text);
  return LooksLikeCdx(std::string_view(text.data(), step.produced));
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
