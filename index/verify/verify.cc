#include "index/verify/verify.h"

#include "index/ingest/takedown_file.h"
#include "index/internal/verify_run.h"

namespace crawlcard::index {

std::string_view VerifyLayerName(VerifyLayer layer) {
  switch (layer) {
    case VerifyLayer::kRocksDb:
      return "rocksdb";
    case VerifyLayer::kRow:
      return "row";
    case VerifyLayer::kBlob:
      return "blob";
    case VerifyLayer::kLedger:
      return "ledger";
    case VerifyLayer::kFile:
      return "file";
    case VerifyLayer::kRecord:
      return "record";
    case VerifyLayer::kFacts:
      return "facts";
  }
  return "";
}

Status VerifyRun::Find(VerifyLayer layer, std::string_view file,
                       std::optional<std::uint64_t> offset, std::string message) {
  ++summary_.findings;
  return on_finding_({layer, std::string(file), offset, std::move(message)});
}

Status VerifyRun::Stopped() const {
  return stop_requested_.load(std::memory_order_relaxed)
             ? Fail(ErrorCode::kCancelled, "stopped on request")
             : Status();
}

// --- the database -------------------------------------------------------------------------------

// False when a file of the database is damaged: RocksDB may abort on what it parses there, since a
// footer says itself which checksum its blocks have. Such an index is rebuilt, not read on.
Result<bool> VerifyRun::CheckDatabase() {
  rocksdb::ReadOptions options;
  options.fill_cache = false;
  bool is_whole = true;
  for (std::size_t i = 0; i < store_.partition_count(); ++i) {
    rocksdb::DB& db = store_.partition(i).db();
    // Whole files first: their checksums cover what no block does. Files that an older build wrote
    // have none; those are passed over.
    for (const bool whole_files : {true, false}) {
      const rocksdb::Status status =
          whole_files ? db.VerifyFileChecksums(options) : db.VerifyChecksum(options);
      if (status.ok() || status.IsInvalidArgument() || status.IsNotSupported()) continue;
      CRAWLCARD_TRY(Find(VerifyLayer::kRocksDb, {}, {}, status.ToString()));
      is_whole = false;
      break;
    }
  }
  return is_whole;
}

Status VerifyRun::LoadLedger() {
  Status loaded = store_.ForEachFile([this](std::uint64_t id, FileEntry&& entry) -> Status {
    ++summary_.files;
    if (!entry.sealed) ++summary_.files_unsealed;
    CRAWLCARD_TRY(Stopped());
    files_.emplace(id, Counted{std::move(entry), 0, 0});
    return {};
  });
  if (loaded || loaded.error().code() == ErrorCode::kCancelled) return loaded;
  return Find(VerifyLayer::kLedger, {}, {}, loaded.error().ToString());
}

// --- rows ---------------------------------------------------------------------------------------

Status VerifyRun::CheckRows(Family family) {
  const auto rows = store_.NewIterator(family, nullptr);
  for (rows->SeekToFirst(); rows->Valid(); rows->Next()) {
    CRAWLCARD_TRY(Stopped());
    ++summary_.rows;
    CRAWLCARD_TRY(CheckRow(family, ToView(rows->key()), ToView(rows->value())));
  }
  return CheckEnd(*rows);
}

Status VerifyRun::CheckEnd(const rocksdb::Iterator& rows) {
  if (rows.status().ok()) return {};
  return Find(VerifyLayer::kRocksDb, {}, {}, rows.status().ToString());
}

Status VerifyRun::CheckRow(Family family, std::string_view key, std::string_view value) {
  arena_.Reset();
  CaptureView row;
  const bool is_page = family == Family::kPages;
  PageKeyView page;
  HostKeyView host;
  if (!(is_page ? DecodePageKey(key, page) : DecodeHostKey(key, host))) {
    return Find(VerifyLayer::kRow, {}, {}, fmt::format("a key of {} bytes is none", key.size()));
  }
  const RowPlace& place = is_page ? page.place : host.place;
  const auto found = files_.find(place.file_id);
  if (found == files_.end()) {
    return Find(VerifyLayer::kRow, {}, place.offset,
                fmt::format("a row of file {:016x}, which is not in the ledger", place.file_id));
  }
  Counted& file = found->second;
  if (!file.entry.sealed) return {};
  ++file.rows;
  const std::string& name = file.entry.name;
  const Status decoded = is_page ? DecodePageRow(key, value, name, arena_, row)
                                 : DecodeHostRow(key, value, name, arena_, row);
  if (!decoded) return Find(VerifyLayer::kRow, name, place.offset, decoded.error().message());
  if (is_page) {
    EncodePageKey(row, key_);
  } else {
    EncodeHostKey(row, key_);
  }
  if (key_ != key) {
    CRAWLCARD_TRY(Find(VerifyLayer::kRow, name, place.offset, "the row stands under another key"));
  }
  CRAWLCARD_TRY(CheckBody(row));
  if (!IsSampled(key)) return {};
  return CompareSampled(row);
}

Status VerifyRun::CheckTakedowns() {
  const auto rows = store_.NewIterator(Family::kTakedowns, nullptr);
  for (rows->SeekToFirst(); rows->Valid(); rows->Next()) {
    CRAWLCARD_TRY(Stopped());
    ++summary_.rows;
    const std::string_view bytes = ToView(rows->key());
    TakedownKeyView key;
    if (!DecodeTakedownKey(bytes, key)) {
      CRAWLCARD_TRY(
          Find(VerifyLayer::kRow, {}, {}, fmt::format("a key of {} bytes is none", bytes.size())));
      continue;
    }
    const auto found = files_.find(key.place.file_id);
    if (found == files_.end()) {
      CRAWLCARD_TRY(Find(
          VerifyLayer::kRow, {}, key.place.offset,
          fmt::format("a row of file {:016x}, which is not in the ledger", key.place.file_id)));
      continue;
    }
    Counted& file = found->second;
    if (!file.entry.sealed) continue;
    ++file.requests;
    const Result<Takedown> request = DecodeTakedownRow(bytes, ToView(rows->value()));
    if (request) EncodeTakedownKey(*request, key.place, key_);
    if (request && key_ == bytes) continue;
    const std::string why =
        request ? "the row stands under another key" : request.error().message();
    CRAWLCARD_TRY(Find(VerifyLayer::kRow, file.entry.name, key.place.offset, why));
  }
  return CheckEnd(*rows);
}

Status VerifyRun::CheckBody(const CaptureView& row) {
  constexpr std::size_t kBodiesRememberedMax = 64 * 1024;
  if (row.body_sha256.empty()) return {};
  if (bodies_seen_.size() >= kBodiesRememberedMax) bodies_seen_.clear();
  if (!bodies_seen_.emplace(row.body_sha256).second) return {};
  const Result<std::string_view> body = blobs_.Read(row.body_sha256);
  if (body) return {};
  const bool is_blob = body.error().code() == ErrorCode::kCorrupt;
  return Find(is_blob ? VerifyLayer::kBlob : VerifyLayer::kRocksDb, row.file, row.extent.offset,
              body.error().message());
}

Status VerifyRun::CheckBlobs() {
  const auto rows = store_.NewIterator(Family::kBlobs, nullptr);
  std::string body;
  for (rows->SeekToFirst(); rows->Valid(); rows->Next()) {
    CRAWLCARD_TRY(Stopped());
    ++summary_.blobs;
    const std::string_view digest = ToView(rows->key());
    const Status decoded = DecodeBlob(ToView(rows->value()), body);
    if (!decoded) {
      CRAWLCARD_TRY(Find(VerifyLayer::kBlob, {}, {},
                         fmt::format("sha256:{}: {}", Hex(digest), decoded.error().message())));
      continue;
    }
    if (Hex(Sha256(body)) != Hex(digest)) {
      CRAWLCARD_TRY(Find(
          VerifyLayer::kBlob, {}, {},
          fmt::format("sha256:{} names a body with sha256:{}", Hex(digest), Hex(Sha256(body)))));
      continue;
    }
    CRAWLCARD_ASSIGN(const BlobHead head, DecodeBlobHead(ToView(rows->value())));
    if (head.form && *head.form != BlobForm(body)) {
      CRAWLCARD_TRY(Find(VerifyLayer::kBlob, {}, {},
                         fmt::format("sha256:{} has the form of another body", Hex(digest))));
    }
  }
  return CheckEnd(*rows);
}

Status VerifyRun::CheckLedger() {
  for (const auto& [id, file] : files_) {
    const FileEntry& entry = file.entry;
    if (FileId(entry.name) != id) {
      CRAWLCARD_TRY(
          Find(VerifyLayer::kLedger, entry.name, {}, "the entry stands under another id"));
    }
    if (entry.sealed && entry.counts.captures != file.rows) {
      CRAWLCARD_TRY(Find(VerifyLayer::kLedger, entry.name, {},
                         fmt::format("{} captures were counted, {} rows are there",
                                     entry.counts.captures, file.rows)));
    }
    const auto requests = entry.counts.types.find(kTakedownType);
    const std::uint64_t counted = requests == entry.counts.types.end() ? 0 : requests->second;
    if (entry.sealed && counted != file.requests) {
      CRAWLCARD_TRY(Find(VerifyLayer::kLedger, entry.name, {},
                         fmt::format("{} takedown requests were counted, {} rows are there",
                                     counted, file.requests)));
    }
  }
  return {};
}

Result<VerifySummary> VerifyRun::Run() {
  CRAWLCARD_ASSIGN(const bool is_whole, CheckDatabase());
  if (!is_whole) return summary_;
  CRAWLCARD_TRY(LoadLedger());
  CRAWLCARD_TRY(LoadOptions());
  CRAWLCARD_TRY(CheckRows(Family::kHosts));
  CRAWLCARD_TRY(CheckRows(Family::kPages));
  CRAWLCARD_TRY(CheckTakedowns());
  CRAWLCARD_TRY(CheckBlobs());
  CRAWLCARD_TRY(CheckLedger());
  if (!options_.archive.empty()) CRAWLCARD_TRY(CompareFiles());
  return summary_;
}

Result<VerifySummary> VerifyIndex(const Store& store, const VerifyOptions& options,
                                  const std::function<Status(const VerifyFinding&)>& on_finding,
                                  const std::atomic<bool>& stop_requested) {
  return VerifyRun(store, options, on_finding, stop_requested).Run();
}

}  // namespace crawlcard::index
