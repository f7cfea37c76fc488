#include "index/proof/leaves.h"

#include "base/digest.h"
#include "base/json_writer.h"
#include "index/capture.h"
#include "index/internal/leaf_rows.h"
#include "index/internal/rows.h"

namespace crawlcard::index {

Status LeafRows::SeekBehind(std::string_view after) {
  const bool in_pages = after.starts_with(kPageLeaf);
  family_ = in_pages ? Family::kPages : Family::kHosts;
  rows_ = store_.NewIterator(family_, snapshot_);
  if (after.empty()) {
    rows_->SeekToFirst();
  } else {
    rows_->Seek(ToSlice(std::string(after.substr(1)) + '\0'));
  }
  return Settle();
}

Status LeafRows::Next() {
  rows_->Next();
  return Settle();
}

Status LeafRows::Settle() {
  for (;;) {
    if (!rows_->Valid()) {
      if (!rows_->status().ok()) {
        return tl::unexpected(FromRocks(rows_->status(), "cannot read the index"));
      }
      if (family_ == Family::kPages) {
        rows_.reset();
        return {};
      }
      family_ = Family::kPages;
      rows_ = store_.NewIterator(family_, snapshot_);
      rows_->SeekToFirst();
      continue;
    }
    const std::string_view key = ToView(rows_->key());
    RowPlace place;
    if (!PlaceOfRow(family_, key, place)) {
      return Fail(ErrorCode::kCorrupt, "key of {} bytes cannot be decoded", key.size());
    }
    file_ = files_.SealedName(place.file_id);
    if (!file_.empty()) {
      leaf_key_.assign(1, family_ == Family::kPages ? kPageLeaf : kHostLeaf);
      leaf_key_ += key;
      return {};
    }
    rows_->Next();
  }
}

Status AppendLeaf(std::string_view leaf_key, std::string_view previous, std::string_view value,
                  std::string_view file, Arena& arena, std::string& out) {
  arena.Reset();
  CaptureView capture;
  const bool is_page = leaf_key.front() == kPageLeaf;
  const std::string_view key = leaf_key.substr(1);
  CRAWLCARD_TRY(is_page ? DecodePageRow(key, value, file, arena, capture)
                        : DecodeHostRow(key, value, file, arena, capture));
  JsonWriter json(out);
  json.BeginObject();
  json.Member("key", Hex(leaf_key));
  json.Member("previous", Hex(previous));
  json.Member("family",
              kFamilyNames[static_cast<std::size_t>(is_page ? Family::kPages : Family::kHosts)]);
  json.Key("facts");
  WriteFacts(capture, json);
  json.EndObject();
  return {};
}

Status ReadLeaves(const Store& store, std::optional<UnixSeconds> known_by, std::string_view after,
                  const std::function<Result<bool>(const LeafView&)>& on_leaf) {
  const Store::Impl& impl = store.impl();
  // The ledger first: what it calls sealed is all in the snapshot.
  CRAWLCARD_ASSIGN(const std::shared_ptr<const FileTable> files, impl.Files(known_by));
  const ScopedSnapshot snapshot(impl);
  LeafRows rows(impl, *files, snapshot.get());
  Arena arena;
  std::string previous(after);
  std::string line;
  for (Status at = rows.SeekBehind(after);; at = rows.Next()) {
    CRAWLCARD_TRY(std::move(at));
    if (!rows.valid()) return {};
    line.clear();
    CRAWLCARD_TRY(AppendLeaf(rows.leaf_key(), previous, rows.value(), rows.file(), arena, line));
    CRAWLCARD_ASSIGN(const bool goes_on, on_leaf({rows.leaf_key(), line}));
    if (!goes_on) return {};
    previous = rows.leaf_key();
  }
}

}  // namespace crawlcard::index
