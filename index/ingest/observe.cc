#include "index/ingest/observe.h"

#include "index/ingest/cdx_file.h"
#include "index/ingest/file_observer.h"
#include "index/ingest/takedown_file.h"
#include "warc/reader.h"

namespace crawlcard::index {
namespace {

Status Cancelled(std::string_view file_name) {
  return tl::unexpected(Error(ErrorCode::kCancelled, "stopped on request").At(file_name));
}

// Reads all records; after damage looks for the next place where one can start.
Status ReadAll(ByteSource& source, std::string_view file_name, const ObserveHandlers& handlers,
               warc::Reader& reader, FileObserver& observer) {
  for (;;) {
    if (handlers.stop_requested && handlers.stop_requested()) return Cancelled(file_name);
    const std::uint64_t before = source.position();
    Result<const warc::RecordView*> next = reader.Next();
    if (next) {
      if (*next == nullptr) return observer.Finish();
      CRAWLCARD_TRY(observer.Take(**next));
      continue;
    }
    Error& error = next.error();
    const bool no_archive = error.code() == ErrorCode::kUnsupported && observer.records() == 0;
    if (error.code() == ErrorCode::kIo || no_archive) {
      CRAWLCARD_TRY(observer.Finish());
      error.At(file_name);
      return tl::unexpected(std::move(error));
    }
    error.At(before);
    CRAWLCARD_TRY(observer.Damage(std::move(error)));
    Result<bool> found = reader.Resync();
    if (!found) return tl::unexpected(std::move(found.error().At(file_name)));
    if (!*found) return observer.Finish();
  }
}

}  // namespace

Result<ObservedFile> ObserveFile(ByteSource& source, std::string_view file_name,
                                 const ObserveFileOptions& options,
                                 const ObserveHandlers& handlers) {
  CRAWLCARD_ASSIGN(const bool is_cdx, IsCdxFile(source));
  if (is_cdx) return ObserveCdxFile(source, file_name, options, handlers);
  CRAWLCARD_ASSIGN(const bool is_takedowns, IsTakedownFile(source));
  if (is_takedowns) {
    return ObserveTakedownFile(source, file_name, handlers,
                               [](const Takedown&, const warc::Extent&) { return Status(); });
  }
  FileObserver observer(file_name, options, handlers);
  CRAWLCARD_ASSIGN(const std::string_view start, source.Peek(1));
  if (start.empty()) {
    CRAWLCARD_TRY(observer.Damage(Error(ErrorCode::kTruncated, "file is empty").At(0)));
    return std::move(observer.observed());
  }
  warc::Reader reader(source, warc::ReaderOptions{});
  CRAWLCARD_TRY(ReadAll(source, file_name, handlers, reader, observer));
  observer.observed().counts.inflated_bytes = reader.inflated_bytes();
  return std::move(observer.observed());
}

}  // namespace crawlcard::index
