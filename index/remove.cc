// Taking files out of an index again. Keys name the place a row came from, not by prefix, so this
// reads all keys of the index: O(rows), constant memory but for the digests of bodies.
#include <optional>
#include <unordered_set>
#include <utility>

#include "index/internal/row_codec.h"
#include "index/internal/store_impl.h"

namespace crawlcard::index {
namespace {

constexpr std::size_t kBatchBytes = 1 << 20;

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

Status Store::Impl::RemovePages(const std::set<std::uint64_t>& ids,
                                std::unordered_set<std::string>& bodies_out) {
  rocksdb::WriteBatch batch;
  const auto rows = NewIterator(Family::kPages, nullptr);
  PageKeyView key;
  for (rows->SeekToFirst(); rows->Valid(); rows->Next()) {
    if (!DecodePageKey(ToView(rows->key()), key) || !ids.contains(key.place.file_id)) continue;
    batch.Delete(family(Family::kPages), rows->key());
    if (const std::string_view body = BlobOfRow(ToView(rows->value())); !body.empty()) {
      bodies_out.emplace(body);
    }
    if (batch.GetDataSize() < kBatchBytes) continue;
    CRAWLCARD_TRY(Write(batch));
    batch.Clear();
  }
  if (!rows->status().ok())
    return tl::unexpected(FromRocks(rows->status(), "cannot read the index"));
  return Write(batch);
}

// Erases from `bodies` those that a row of another file names.
Status Store::Impl::KeepNamedBodies(Family family, const std::set<std::uint64_t>& ids,
                                    std::unordered_set<std::string>& bodies) const {
  if (bodies.empty()) return {};
  const auto rows = NewIterator(family, nullptr);
  for (rows->SeekToFirst(); rows->Valid() && !bodies.empty(); rows->Next()) {
    const std::string_view body = BlobOfRow(ToView(rows->value()));
    if (body.empty()) continue;
    PageKeyView page;
    HostKeyView host;
    const bool decoded = family == Family::kPages ? DecodePageKey(ToView(rows->key()), page)
                                                  : DecodeHostKey(ToView(rows->key()), host);
    const std::uint64_t file = family == Family::kPages ? page.place.file_id : host.place.file_id;
    if (decoded && !ids.contains(file)) bodies.erase(std::string(body));
  }
  if (!rows->status().ok())
    return tl::unexpected(FromRocks(rows->status(), "cannot read the index"));
  return {};
}

Status Store::Impl::RemoveHostRows(const std::set<std::uint64_t>& ids,
                                   std::unordered_set<std::string> bodies) {
  rocksdb::WriteBatch batch;
  const auto rows = NewIterator(Family::kHosts, nullptr);
  HostKeyView key;
  for (rows->SeekToFirst(); rows->Valid(); rows->Next()) {
    if (!DecodeHostKey(ToView(rows->key()), key) || !ids.contains(key.place.file_id)) continue;
    batch.Delete(family(Family::kHosts), rows->key());
    if (const std::string_view body = BlobOfRow(ToView(rows->value())); !body.empty()) {
      bodies.emplace(body);
    }
  }
  if (!rows->status().ok())
    return tl::unexpected(FromRocks(rows->status(), "cannot read the index"));
  CRAWLCARD_TRY(KeepNamedBodies(Family::kHosts, ids, bodies));
  CRAWLCARD_TRY(KeepNamedBodies(Family::kPages, ids, bodies));
  for (const std::string& digest : bodies) batch.Delete(family(Family::kBlobs), digest);
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
  std::unordered_set<std::string> bodies;
  CRAWLCARD_TRY(RemovePages(ids, bodies));
  return RemoveHostRows(ids, std::move(bodies));
}

}  // namespace crawlcard::index
