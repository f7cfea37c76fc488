#include "index/interchange/each_capture.h"

#include "index/internal/blob_reader.h"
#include "index/internal/rows.h"
#include "index/internal/store_impl.h"
#include "index/schema.h"

namespace crawlcard::index {

Status ForEachCapture(const Store& store, const EachCaptureOptions& options,
                      const std::function<Status(const CaptureView&)>& on_capture) {
  const Store::Impl& impl = store.impl();
  CRAWLCARD_ASSIGN(const std::shared_ptr<const FileTable> files, impl.Files());
  BlobReader blobs(impl);
  Arena arena;
  const auto take_host = [&](std::string_view key, std::string_view value,
                             std::string_view file) -> Status {
    arena.Reset();
    CaptureView capture;
    CRAWLCARD_TRY(DecodeHostRow(key, value, file, arena, capture));
    std::string_view body;
    if (options.bodies) CRAWLCARD_TRY(CompleteHostRow(blobs, arena, capture, body));
    return on_capture(capture);
  };
  const auto take_page = [&](std::string_view key, std::string_view value,
                             std::string_view file) -> Status {
    arena.Reset();
    CaptureView capture;
    CRAWLCARD_TRY(DecodePageRow(key, value, file, arena, capture));
    return on_capture(capture);
  };
  if (options.hosts) CRAWLCARD_TRY(ForEachRow(impl, Family::kHosts, *files, {}, take_host));
  if (!options.pages) return {};
  return ForEachRow(impl, Family::kPages, *files, {}, take_page);
}

}  // namespace crawlcard::index
