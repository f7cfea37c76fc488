// index/internal/rows.h - walking the rows that share a key prefix.
#pragma once

#include <string_view>

#include "index/internal/store_impl.h"
#include "index/schema.h"
#include "page/url.h"

namespace crawlcard::index {

// Where a row of `pages`, `hosts` or `takedowns` came from. False for bytes that are no key.
inline bool PlaceOfRow(Family family, std::string_view key, RowPlace& place_out) {
  if (family == Family::kTakedowns) {
    TakedownKeyView takedown;
    const bool is_key = DecodeTakedownKey(key, takedown);
    place_out = takedown.place;
    return is_key;
  }
  PageKeyView page;
  HostKeyView host;
  const bool decoded =
      family == Family::kPages ? DecodePageKey(key, page) : DecodeHostKey(key, host);
  place_out = family == Family::kPages ? page.place : host.place;
  return decoded;
}

// Calls `on_row(key, value, file name)` for each row of a sealed file whose key starts with
// `prefix`, in key order; for each row of the family when it is empty.
template <class OnRow>
Status ForEachRow(const Store::Impl& store, Family family, const FileTable& files,
                  std::string_view prefix, const OnRow& on_row) {
  const auto rows =
      prefix.empty() ? store.NewIterator(family, nullptr) : store.NewPrefixIterator(family, prefix);
  if (prefix.empty()) rows->SeekToFirst();
  for (; rows->Valid() && rows->key().starts_with(ToSlice(prefix)); rows->Next()) {
    const std::string_view key = ToView(rows->key());
    RowPlace place;
    if (!PlaceOfRow(family, key, place)) continue;
    const std::string_view file = files.SealedName(place.file_id);
    if (file.empty()) continue;
    CRAWLCARD_TRY(on_row(key, ToView(rows->value()), file));
  }
  if (!rows->status().ok())
    return tl::unexpected(FromRocks(rows->status(), "cannot read the index"));
  return {};
}

// Two spellings of one thing to ask a server for.
inline bool SameUrl(std::string_view a, std::string_view b) {
  return a == b || (page::OriginOf(a) == page::OriginOf(b) &&
                    page::PathAndQueryOf(a) == page::PathAndQueryOf(b));
}

}  // namespace crawlcard::index
