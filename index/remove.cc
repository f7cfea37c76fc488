// Taking files out of an index again. Keys name the place a row came from, not by prefix, so this
// reads all keys of the index: O(rows), constant memory but for the file's own host rows.
#include <optional>
#include <unordered_set>

#include "index/internal/store_impl.h"

namespace crawlcard::index {
namespace {

constexpr std::size_t kBatchBytes = 1 << 20;

// The digest of the blob that a host row names, or empty. Reads the end of the value only.
std::string_view BlobOfRow(std::string_view value) {
  // The value ends with a length (0 or 32) and that many bytes.
  constexpr std::size_t kDigestBytes = 32;
  if (value.size() < kDigestBytes + 1) return {};
  if (value[value.size() - kDigestBytes - 1] != static_cast<char>(kDigestBytes)) return {};
  return value.substr(value.size() - kDigestBytes);
}

}  // namespace

Status Store::Impl::Unseal(const std::set<std::uint64_t>& ids) {
  rocksdb::WriteBatch batch;
  std::string key;
  std::string value;
  for (const std::uint64_t id : ids) {
    EncodeFileKey(id, key);
    CRAWLCARD_ASSIGN(const bool found, Get(Family::kFiles, key, value));
    if (!found) continue;
    CRAWLCARD_ASSIGN(FileEntry entry, DecodeFileEntry(value));
    entry.sealed = false;
    EncodeFileEntry(entry, value);
    batch.Put(family(Family::kFiles), ToSlice(key), ToSlice(value));
  }
  return Write(batch);
}

Status Store::Impl::RemovePages(const std::set<std::uint64_t>& ids) {
  rocksdb::WriteBatch batch;
  const auto rows = NewIterator(Family::kPages, nullptr);
  PageKeyView key;
  for (rows->SeekToFirst(); rows->Valid(); rows->Next()) {
    if (!DecodePageKey(ToView(rows->key()), key) || !ids.contains(key.place.file_id)) continue;
    batch.Delete(family(Family::kPages), rows->key());
    if (batch.GetDataSize() < kBatchBytes) continue;
    CRAWLCARD_TRY(Write(batch));
    batch.Clear();
  }
  if (!rows->status().ok())
    return tl::unexpected(FromRocks(rows->status(), "cannot read the index"));
  return Write(batch);
}

Status Store::Impl::RemoveHostRows(const std::set<std::uint64_t>& ids) {
  rocksdb::WriteBatch batch;
  std::unordered_set<std::string> orphans;
  const auto rows = NewIterator(Family::kHosts, nullptr);
  HostKeyView key;
  for (rows->SeekToFirst(); rows->Valid(); rows->Next()) {
    if (!DecodeHostKey(ToView(rows->key()), key) || !ids.contains(key.place.file_id)) continue;
    batch.Delete(family(Family::kHosts), rows->key());
    if (const std::string_view blob = BlobOfRow(ToView(rows->value())); !blob.empty()) {
      orphans.emplace(blob);
    }
  }
  // A body that another file's row names too stays.
  if (!orphans.empty()) {
    for (rows->SeekToFirst(); rows->Valid(); rows->Next()) {
      if (!DecodeHostKey(ToView(rows->key()), key) || ids.contains(key.place.file_id)) continue;
      orphans.erase(std::string(BlobOfRow(ToView(rows->value()))));
    }
  }
  if (!rows->status().ok())
    return tl::unexpected(FromRocks(rows->status(), "cannot read the index"));
  for (const std::string& digest : orphans) batch.Delete(family(Family::kBlobs), digest);
  std::string file_key;
  for (const std::uint64_t id : ids) {
    EncodeFileKey(id, file_key);
    batch.Delete(family(Family::kFiles), file_key);
  }
  return Write(batch);
}

Status Store::Impl::RemoveFiles(const std::set<std::uint64_t>& ids) {
  if (ids.empty()) return {};
  CRAWLCARD_TRY(Unseal(ids));
  CRAWLCARD_TRY(RemovePages(ids));
  return RemoveHostRows(ids);
}

}  // namespace crawlcard::index
