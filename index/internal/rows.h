// index/internal/rows.h - walking the rows that share a key prefix.
#pragma once

#include <string_view>

#include "index/internal/store_impl.h"
#include "index/schema.h"
#include "page/url.h"

namespace crawlcard::index {

// Calls `on_row(key, value, file name)` for each row of a sealed file whose key starts with
// `prefix`, in key order.
template <class OnRow>
Status ForEachRow(const Store::Impl& store, Family family, const FileTable& files,
                  std::string_view prefix, const OnRow& on_row) {
  const auto rows = store.NewPrefixIterator(family, prefix);
  for (; rows->Valid() && rows->key().starts_with(ToSlice(prefix)); rows->Next()) {
    const std::string_view key = ToView(rows->key());
    RowPlace place;
    if (family == Family::kPages) {
      PageKeyView page_key;
      if (!DecodePageKey(key, page_key)) continue;
      place = page_key.place;
    } else {
      HostKeyView host_key;
      if (!DecodeHostKey(key, host_key)) continue;
      place = host_key.place;
    }
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
