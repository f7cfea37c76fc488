// index/internal/verify_run.h - one run of VerifyIndex(): the database, then the archive.
//
// Thread rule: thread-compatible; one a run.
#pragma once

#include <atomic>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_set>

#include "base/arena.h"
#include "base/digest.h"
#include "base/file.h"
#include "index/ingest/observe.h"
#include "index/internal/blob_reader.h"
#include "index/internal/store_impl.h"
#include "index/verify/verify.h"

namespace crawlcard::index {

class VerifyRun {
 public:
  // Borrows all.
  VerifyRun(const Store& store, const VerifyOptions& options,
            const std::function<Status(const VerifyFinding&)>& on_finding,
            const std::atomic<bool>& stop_requested)
      : public_store_(store),
        store_(store.impl()),
        options_(options),
        on_finding_(on_finding),
        stop_requested_(stop_requested),
        blobs_(store.impl()) {}

  [[nodiscard]] Result<VerifySummary> Run();

 private:
  struct Counted {
    FileEntry entry;
    std::uint64_t rows = 0;
    std::uint64_t requests = 0;  // rows of `takedowns`
  };

  [[nodiscard]] Status Find(VerifyLayer layer, std::string_view file,
                            std::optional<std::uint64_t> offset, std::string message);
  [[nodiscard]] Status Stopped() const;
  [[nodiscard]] Result<bool> CheckDatabase();
  [[nodiscard]] Status LoadLedger();
  [[nodiscard]] Status CheckRows(Family family);
  [[nodiscard]] Status CheckRow(Family family, std::string_view key, std::string_view value);
  [[nodiscard]] Status CheckTakedowns();
  [[nodiscard]] Status CheckBody(const CaptureView& row);
  [[nodiscard]] Status CheckBlobs();
  [[nodiscard]] Status CheckLedger();
  [[nodiscard]] Status CheckEnd(const rocksdb::Iterator& rows);

  // verify_archive.cc
  [[nodiscard]] Status LoadOptions();
  [[nodiscard]] Status CompareFiles();
  [[nodiscard]] Status CompareFile(const FileEntry& entry, FileSource& source);
  [[nodiscard]] Status CompareCaptures(const FileEntry& entry, FileSource& source);
  [[nodiscard]] Status CompareCapture(const CaptureView& observed);
  [[nodiscard]] Status CompareSampled(const CaptureView& row);
  [[nodiscard]] Status CompareFacts(const CaptureView& row, const CaptureView& observed);
  [[nodiscard]] Result<std::unique_ptr<FileSource>> OpenArchive(const std::string& name);
  bool IsSampled(std::string_view key) const;
  CaptureView AsIngested(const CaptureView& observed);

  const Store& public_store_;
  const Store::Impl& store_;
  const VerifyOptions& options_;
  const std::function<Status(const VerifyFinding&)>& on_finding_;
  const std::atomic<bool>& stop_requested_;
  BlobReader blobs_;
  VerifySummary summary_;
  std::map<std::uint64_t, Counted> files_;
  ObserveFileOptions observe_;
  bool verified_digests_ = false;  // when the index was built
  std::unordered_set<std::string> bodies_seen_;
  std::string open_name_;  // of the archive file that was looked at last
  std::unique_ptr<FileSource> open_file_;
  std::vector<std::string_view> notes_;
  std::string key_;
  Arena arena_;
  Arena row_arena_;
};

}  // namespace crawlcard::index
