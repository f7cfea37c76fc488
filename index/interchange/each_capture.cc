#include "index/interchange/each_capture.h"

#include "index/internal/blob_reader.h"
#include "index/internal/store_impl.h"
#include "index/schema.h"

namespace crawlcard::index {
namespace {

// The file of a row by its key, or empty: a row of an unsealed one, or no row at all.
std::string_view FileOf(Family family, std::string_view key, const FileTable& files) {
  PageKeyView page;
  HostKeyView host;
  if (family == Family::kPages) {
    return DecodePageKey(key, page) ? files.SealedName(page.place.file_id) : std::string_view();
  }
  return DecodeHostKey(key, host) ? files.SealedName(host.place.file_id) : std::string_view();
}

class Walk {
 public:
  Walk(const Store::Impl& store, const FileTable& files, bool with_bodies,
       const std::function<Status(const CaptureView&)>& on_capture)
      : store_(store),
        files_(files),
        with_bodies_(with_bodies),
        on_capture_(on_capture),
        blobs_(store) {}

  Status Rows(Family family) {
    const auto rows = store_.NewIterator(family, nullptr);
    for (rows->SeekToFirst(); rows->Valid(); rows->Next()) {
      const std::string_view key = ToView(rows->key());
      const std::string_view file = FileOf(family, key, files_);
      if (!file.empty()) CRAWLCARD_TRY(Row(family, key, ToView(rows->value()), file));
    }
    if (rows->status().ok()) return {};
    return tl::unexpected(FromRocks(rows->status(), "cannot read the index"));
  }

 private:
  Status Row(Family family, std::string_view key, std::string_view value, std::string_view file) {
    arena_.Reset();
    CaptureView capture;
    if (family == Family::kPages) {
      CRAWLCARD_TRY(DecodePageRow(key, value, file, arena_, capture));
      return on_capture_(capture);
    }
    CRAWLCARD_TRY(DecodeHostRow(key, value, file, arena_, capture));
    std::string_view body;
    if (with_bodies_) CRAWLCARD_TRY(CompleteHostRow(blobs_, arena_, capture, body));
    return on_capture_(capture);
  }

  const Store::Impl& store_;
  const FileTable& files_;
  const bool with_bodies_;
  const std::function<Status(const CaptureView&)>& on_capture_;
  BlobReader blobs_;
  Arena arena_;
};

}  // namespace

Status ForEachCapture(const Store& store, const EachCaptureOptions& options,
                      const std::function<Status(const CaptureView&)>& on_capture) {
  CRAWLCARD_ASSIGN(const std::shared_ptr<const FileTable> files, store.impl().Files());
  Walk walk(store.impl(), *files, options.bodies, on_capture);
  if (options.hosts) CRAWLCARD_TRY(walk.Rows(Family::kHosts));
  return options.pages ? walk.Rows(Family::kPages) : Status();
}

}  // namespace crawlcard::index
