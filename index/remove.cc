// Taking files out of an index again. Keys name the place a row came from, not by prefix, so this
// reads all keys of the index: O(rows), constant memory but for the digests of bodies.
#include <set>
#include <unordered_set>
#include <utility>

#include "index/internal/row_codec.h"
#include "index/internal/rows.h"
#include "index/internal/store_impl.h"

namespace crawlcard::index {
namespace {

constexpr std::size_t kBatchBytes = 1 << 20;

// Takes files out of one partition: the bodies that its rows name are beside them, so that what
// other partitions hold is of no concern.
class FileRemover {
 public:
  FileRemover(Partition& partition, const std::set<std::uint64_t>& ids)
      : partition_(partition), ids_(ids) {}

  Status Run();

 private:
  Status Unseal();
  // Bodies that the rows named go to `bodies_out`.
  Status RemovePages(std::unordered_set<std::string>& bodies_out);
  Status KeepNamedBodies(Family family, std::unordered_set<std::string>& bodies);
  Status RemoveTakedowns();
  Status RemoveHostRows(std::unordered_set<std::string> bodies);

  Partition& partition_;
  const std::set<std::uint64_t>& ids_;
};

Status FileRemover::Unseal() {
  rocksdb::WriteBatch batch;
  std::string key;
  std::string value;
  for (const std::uint64_t id : ids_) {
    EncodeFileKey(id, key);
    CRAWLCARD_ASSIGN(const bool found, partition_.Get(Family::kFiles, key, value));
    if (!found) continue;
    CRAWLCARD_ASSIGN(FileEntry entry, DecodeFileEntry(value));
    entry.sealed = false;
    EncodeFileEntry(entry, value);
    batch.Put(partition_.family(Family::kFiles), ToSlice(key), ToSlice(value));
  }
  return partition_.Write(batch);
}

Status FileRemover::RemovePages(std::unordered_set<std::string>& bodies_out) {
  rocksdb::WriteBatch batch;
  const auto rows = partition_.NewIterator(Family::kPages, nullptr, false);
  PageKeyView key;
  for (rows->SeekToFirst(); rows->Valid(); rows->Next()) {
    if (!DecodePageKey(ToView(rows->key()), key) || !ids_.contains(key.place.file_id)) continue;
    batch.Delete(partition_.family(Family::kPages), rows->key());
    const std::string_view body = BlobOfRow(ToView(rows->value()));
    if (!body.empty()) bodies_out.emplace(body);
    if (batch.GetDataSize() < kBatchBytes) continue;
    CRAWLCARD_TRY(partition_.Write(batch));
    batch.Clear();
  }
  if (!rows->status().ok())
    return tl::unexpected(FromRocks(rows->status(), "cannot read the index"));
  return partition_.Write(batch);
}

Status FileRemover::RemoveTakedowns() {
  rocksdb::WriteBatch batch;
  const auto rows = partition_.NewIterator(Family::kTakedowns, nullptr, false);
  TakedownKeyView key;
  for (rows->SeekToFirst(); rows->Valid(); rows->Next()) {
    if (!DecodeTakedownKey(ToView(rows->key()), key) || !ids_.contains(key.place.file_id)) continue;
    batch.Delete(partition_.family(Family::kTakedowns), rows->key());
  }
  if (!rows->status().ok())
    return tl::unexpected(FromRocks(rows->status(), "cannot read the index"));
  return partition_.Write(batch);
}

// Erases from `bodies` those that a row of another file names.
Status FileRemover::KeepNamedBodies(Family family, std::unordered_set<std::string>& bodies) {
  if (bodies.empty()) return {};
  const auto rows = partition_.NewIterator(family, nullptr, false);
  for (rows->SeekToFirst(); rows->Valid() && !bodies.empty(); rows->Next()) {
    RowPlace place;
    if (!PlaceOfRow(family, ToView(rows->key()), place) || ids_.contains(place.file_id)) continue;
    const std::string_view body = BlobOfRow(ToView(rows->value()));
    if (!body.empty()) bodies.erase(std::string(body));
  }
  if (!rows->status().ok())
    return tl::unexpected(FromRocks(rows->status(), "cannot read the index"));
  return {};
}

Status FileRemover::RemoveHostRows(std::unordered_set<std::string> bodies) {
  rocksdb::WriteBatch batch;
  const auto rows = partition_.NewIterator(Family::kHosts, nullptr, false);
  HostKeyView key;
  for (rows->SeekToFirst(); rows->Valid(); rows->Next()) {
    if (!DecodeHostKey(ToView(rows->key()), key) || !ids_.contains(key.place.file_id)) continue;
    batch.Delete(partition_.family(Family::kHosts), rows->key());
    const std::string_view body = BlobOfRow(ToView(rows->value()));
    if (!body.empty()) bodies.emplace(body);
  }
  if (!rows->status().ok())
    return tl::unexpected(FromRocks(rows->status(), "cannot read the index"));
  CRAWLCARD_TRY(KeepNamedBodies(Family::kHosts, bodies));
  CRAWLCARD_TRY(KeepNamedBodies(Family::kPages, bodies));
  for (const std::string& digest : bodies) batch.Delete(partition_.family(Family::kBlobs), digest);
  std::string file_key;
  for (const std::uint64_t id : ids_) {
    EncodeFileKey(id, file_key);
    batch.Delete(partition_.family(Family::kFiles), file_key);
  }
  return partition_.Write(batch);
}

Status FileRemover::Run() {
  CRAWLCARD_TRY(Unseal());
  CRAWLCARD_TRY(RemoveTakedowns());
  std::unordered_set<std::string> bodies;
  CRAWLCARD_TRY(RemovePages(bodies));
  return RemoveHostRows(std::move(bodies));
}

}  // namespace

Status Store::Impl::RemoveFilesIn(std::size_t partition, const std::set<std::uint64_t>& ids) {
  if (ids.empty()) return {};
  return FileRemover(this->partition(partition), ids).Run();
}

Status Store::Impl::RemoveFiles(const std::set<std::uint64_t>& ids) {
  for (std::size_t i = 0; i < partition_count(); ++i) CRAWLCARD_TRY(RemoveFilesIn(i, ids));
  return {};
}

}  // namespace crawlcard::index
