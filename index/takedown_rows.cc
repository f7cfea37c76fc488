// The takedown requests of an open index, and when they count.
#include "index/internal/rows.h"
#include "index/internal/store_impl.h"
#include "index/takedown_table.h"

namespace crawlcard::index {

// A request is known from its receipt on. When its ledger was sealed says nothing: the ledger
// grows, and each growth seals it anew.
Result<std::shared_ptr<const TakedownTable>> Store::Impl::ReadTakedowns(
    std::optional<UnixSeconds> known_by) const {
  std::vector<Takedown> requests;
  const auto rows = NewIterator(Family::kTakedowns, nullptr);
  rows->SeekToFirst();
  if (rows->Valid()) {
    CRAWLCARD_ASSIGN(const std::shared_ptr<const FileTable> files, AskedFiles(std::nullopt));
    for (; rows->Valid(); rows->Next()) {
      TakedownKeyView key;
      if (!DecodeTakedownKey(ToView(rows->key()), key)) {
        return Fail(ErrorCode::kCorrupt, "takedown key of {} bytes cannot be decoded",
                    rows->key().size());
      }
      if (known_by && key.place.date.value_or(0) > *known_by) continue;
      if (files->SealedName(key.place.file_id).empty()) continue;
      CRAWLCARD_ASSIGN(Takedown request,
                       DecodeTakedownRow(ToView(rows->key()), ToView(rows->value())));
      requests.push_back(std::move(request));
    }
    CRAWLCARD_TRY(files->failure());
  }
  if (!rows->status().ok()) {
    return tl::unexpected(FromRocks(rows->status(), "cannot read the index"));
  }
  return std::make_shared<const TakedownTable>(std::move(requests));
}

Result<std::shared_ptr<const TakedownTable>> Store::Impl::Takedowns(
    std::optional<UnixSeconds> known_by) const {
  if (writable()) return ReadTakedowns(known_by);
  {
    const std::lock_guard lock(files_mutex_);
    if (takedowns_ && takedowns_known_by_ == known_by) return takedowns_;
  }
  CRAWLCARD_ASSIGN(std::shared_ptr<const TakedownTable> table, ReadTakedowns(known_by));
  const std::lock_guard lock(files_mutex_);
  takedowns_ = std::move(table);
  takedowns_known_by_ = known_by;
  return takedowns_;
}

}  // namespace crawlcard::index
