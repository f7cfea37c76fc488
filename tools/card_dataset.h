// tools/card_dataset.h - card --dataset: a card about the captures that rows of a data set name.
#pragma once

#include <memory>
#include <optional>

#include "base/result.h"
#include "card/card.h"
#include "dataset/url_set.h"
#include "index/store.h"
#include "tools/command.h"

namespace crawlcard::tools {

struct CardDataset {
  dataset::UrlSet urls;
  card::DatasetRows rows;
  bool is_damaged = false;
  std::unique_ptr<index::Store> store;  // that judged the rows: the card is of the same state
};

// Reads the files of --dataset; nullopt without the flag. Damage is logged and counted. Errors:
// kInvalidArgument, kTooLarge, kIo, and those of the index.
[[nodiscard]] Result<std::optional<CardDataset>> ReadCardDataset(const Context& context);

}  // namespace crawlcard::tools
