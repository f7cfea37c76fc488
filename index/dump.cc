// The dump: every fact row in key order as text. Equal dumps, equal indexes.
#include <unordered_set>

#include "base/digest.h"
#include "base/json_writer.h"
#include "index/internal/blob_reader.h"
#include "index/internal/store_impl.h"
#include "index/scan.h"
#include "index/schema.h"

namespace crawlcard::index {
namespace {

class Dumper {
 public:
  Dumper(const Store::Impl& store, const ScopedSnapshot* snapshot, const FileTable& files,
         const std::function<Status(std::string_view)>& on_line)
      : store_(store), snapshot_(snapshot), files_(files), on_line_(on_line), blobs_(store) {}

  Status Hosts();
  Status Pages();
  Status Blobs();
  Status Takedowns();

 private:
  Status WriteRow(std::string_view family, const CaptureView& capture);
  Status Finish(const rocksdb::Iterator& rows) const {
    if (rows.status().ok()) return {};
    return tl::unexpected(FromRocks(rows.status(), "cannot read the index"));
  }

  const Store::Impl& store_;
  const ScopedSnapshot* snapshot_;
  const FileTable& files_;
  const std::function<Status(std::string_view)>& on_line_;
  BlobReader blobs_;
  Arena arena_;
  std::string line_;
  // Bodies that sealed rows name; only kept when some file is unsealed and may have left others.
  std::unordered_set<std::string> named_;
};

Status Dumper::WriteRow(std::string_view family, const CaptureView& capture) {
  line_.clear();
  JsonWriter json(line_);
  json.BeginObject();
  json.Member("family", family);
  json.Key("facts");
  WriteFacts(capture, json);
  json.EndObject();
  return on_line_(line_);
}

Status Dumper::Hosts() {
  const bool all_sealed = files_.all_sealed();
  const auto rows = store_.NewIterator(Family::kHosts, snapshot_);
  for (rows->SeekToFirst(); rows->Valid(); rows->Next()) {
    HostKeyView key;
    if (!DecodeHostKey(ToView(rows->key()), key)) {
      return Fail(ErrorCode::kCorrupt, "host key of {} bytes cannot be decoded",
                  rows->key().size());
    }
    const std::string_view file = files_.SealedName(key.place.file_id);
    if (file.empty()) continue;
    arena_.Reset();
    CaptureView capture;
    CRAWLCARD_TRY(DecodeHostRow(ToView(rows->key()), ToView(rows->value()), file, arena_, capture));
    if (!all_sealed && !capture.body_sha256.empty()) named_.emplace(capture.body_sha256);
    std::string_view body;
    CRAWLCARD_TRY(CompleteHostRow(blobs_, arena_, capture, body));
    CRAWLCARD_TRY(WriteRow("hosts", capture));
  }
  return Finish(*rows);
}

Status Dumper::Pages() {
  const bool all_sealed = files_.all_sealed();
  const auto rows = store_.NewIterator(Family::kPages, snapshot_);
  for (rows->SeekToFirst(); rows->Valid(); rows->Next()) {
    PageKeyView key;
    if (!DecodePageKey(ToView(rows->key()), key)) {
      return Fail(ErrorCode::kCorrupt, "page key of {} bytes cannot be decoded",
                  rows->key().size());
    }
    const std::string_view file = files_.SealedName(key.place.file_id);
    if (file.empty()) continue;
    arena_.Reset();
    CaptureView capture;
    CRAWLCARD_TRY(DecodePageRow(ToView(rows->key()), ToView(rows->value()), file, arena_, capture));
    if (!all_sealed && !capture.body_sha256.empty()) named_.emplace(capture.body_sha256);
    CRAWLCARD_TRY(WriteRow("pages", capture));
  }
  return Finish(*rows);
}

Status Dumper::Blobs() {
  const bool all_sealed = files_.all_sealed();
  const auto rows = store_.NewIterator(Family::kBlobs, snapshot_);
  for (rows->SeekToFirst(); rows->Valid(); rows->Next()) {
    const std::string_view digest = ToView(rows->key());
    if (!all_sealed && !named_.contains(std::string(digest))) continue;
    CRAWLCARD_ASSIGN(const BlobHead head, DecodeBlobHead(ToView(rows->value())));
    line_.clear();
    JsonWriter json(line_);
    json.BeginObject();
    json.Member("family", "blobs");
    json.Member("digest", "sha256:" + Hex(digest));
    json.Member("bytes", head.bytes);
    json.EndObject();
    CRAWLCARD_TRY(on_line_(line_));
  }
  return Finish(*rows);
}

Status Dumper::Takedowns() {
  const auto rows = store_.NewIterator(Family::kTakedowns, snapshot_);
  for (rows->SeekToFirst(); rows->Valid(); rows->Next()) {
    const std::string_view row = ToView(rows->key());
    CRAWLCARD_ASSIGN(const Takedown request, DecodeTakedownRow(row, ToView(rows->value())));
    TakedownKeyView key;
    if (!DecodeTakedownKey(row, key)) continue;  // it was decoded above
    const std::string_view file = files_.SealedName(key.place.file_id);
    if (file.empty()) continue;
    line_.clear();
    JsonWriter json(line_);
    json.BeginObject();
    json.Member("family", "takedowns");
    json.Member("offset", key.place.offset);
    json.Member("inner_offset", key.place.inner_offset);
    json.Key("request");
    WriteTakedown(request, file, json);
    json.EndObject();
    CRAWLCARD_TRY(on_line_(line_));
  }
  return Finish(*rows);
}

void WriteNames(std::string_view key, const NameCounts& names, JsonWriter& json) {
  json.Key(key).BeginObject();
  for (const auto& [name, count] : names) json.Member(name, count);
  json.EndObject();
}

void WriteEntry(const FileEntry& entry, bool with_ledger, JsonWriter& json) {
  json.BeginObject();
  json.Member("family", "files");
  json.Member("file", entry.name);
  json.Key("snapshot").StringOrNull(entry.snapshot);
  json.Member("bytes", entry.bytes);
  json.Member("xxh3", entry.content_xxh3);
  json.Member("fact_version", std::uint64_t{entry.fact_version});
  json.Member("whole", entry.whole);
  json.Member("records", entry.counts.records);
  json.Member("captures", entry.counts.captures);
  json.Member("damaged", entry.counts.damaged);
  json.Member("inflated_bytes", entry.counts.inflated_bytes);
  WriteNames("types", entry.counts.types, json);
  WriteNames("errors", entry.counts.errors, json);
  WriteNames("notes", entry.counts.notes, json);
  json.Key("is_part_of").StringOrNull(entry.info.is_part_of);
  json.Key("software").StringOrNull(entry.info.software);
  json.Key("robots").StringOrNull(entry.info.robots);
  json.Key("operator").StringOrNull(entry.info.operator_name);
  json.Key("user_agent").StringOrNull(entry.info.user_agent);
  json.Key("description").StringOrNull(entry.info.description);
  if (with_ledger) {
    json.Member("sealed", entry.sealed);
    json.Key("sealed_at").String(FormatRfc3339(entry.sealed_at));
  }
  json.EndObject();
}

}  // namespace

Status Dump(const Store& store, const DumpOptions& options,
            const std::function<Status(std::string_view line)>& on_line) {
  const Store::Impl& impl = store.impl();
  // The ledger first: what it calls sealed is all in the snapshot.
  CRAWLCARD_ASSIGN(const std::shared_ptr<const FileTable> files, impl.Files());
  const ScopedSnapshot snapshot(impl);
  Dumper dumper(impl, snapshot.get(), *files, on_line);
  CRAWLCARD_TRY(dumper.Hosts());
  CRAWLCARD_TRY(dumper.Pages());
  CRAWLCARD_TRY(dumper.Blobs());
  CRAWLCARD_TRY(dumper.Takedowns());

  CRAWLCARD_ASSIGN(const std::vector<FileEntry> entries, store.Files());
  for (const FileEntry& entry : entries) {
    if (!entry.sealed && !options.with_ledger) continue;
    std::string line;
    JsonWriter json(line);
    WriteEntry(entry, options.with_ledger, json);
    CRAWLCARD_TRY(on_line(line));
  }
  return {};
}

}  // namespace crawlcard::index
