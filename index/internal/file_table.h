// index/internal/file_table.h - names of files by id, and which of them are sealed: rows of the
// others are passed over.
//
// Holds the whole ledger for scans; for lookups, which meet a few files, each entry is read when it
// is asked for.
//
// Thread rule: thread-safe once it is filled.
#pragma once

#include <algorithm>
#include <cstdint>
#include <functional>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "base/result.h"

namespace crawlcard::index {

class FileTable {
 public:
  struct File {
    std::string name;
    bool sealed = false;
  };
  // Gives a file that is not in the ledger no name.
  using Load = std::function<Result<File>(std::uint64_t id)>;

  FileTable() = default;
  explicit FileTable(Load load) : load_(std::move(load)) {}

  void Add(std::uint64_t id, File file) {
    const auto [added, is_new] = files_.emplace(id, std::move(file));
    if (!is_new || !added->second.sealed) return;
    if (++sealed_ * 2 > slots_.size()) {
      Grow();
    } else {
      Place(id, added->second.name);
    }
  }

  // The name of a sealed file, or empty. Asked for each row: one look into memory.
  std::string_view SealedName(std::uint64_t id) const {
    if (load_) return AskedName(id);
    if (slots_.empty()) return {};
    for (std::size_t at = id & (slots_.size() - 1);; at = (at + 1) & (slots_.size() - 1)) {
      const Slot& slot = slots_[at];
      if (slot.name.empty() || slot.id == id) return slot.name;
    }
  }
  // False when nobody knows.
  bool all_sealed() const {
    return !load_ && std::all_of(files_.begin(), files_.end(),
                                 [](const auto& entry) { return entry.second.sealed; });
  }

  // What went wrong while entries were read: rows were passed over then. Errors: kCorrupt, kIo.
  [[nodiscard]] Status failure() const {
    const std::lock_guard lock(mutex_);
    return failure_ ? Status(tl::unexpected(*failure_)) : Status();
  }

 private:
  std::string_view AskedName(std::uint64_t id) const;

  struct Slot {
    std::uint64_t id = 0;
    std::string_view name;  // empty: no file here
  };

  // Ids are digests: their low bits are as good as any.
  void Place(std::uint64_t id, std::string_view name) {
    std::size_t at = id & (slots_.size() - 1);
    while (!slots_[at].name.empty()) at = (at + 1) & (slots_.size() - 1);
    slots_[at] = {id, name};
  }
  void Grow() {
    slots_.assign(std::max<std::size_t>(16, slots_.size() * 2), Slot{});
    for (const auto& [id, file] : files_) {
      if (file.sealed) Place(id, file.name);
    }
  }

  Load load_;
  mutable std::mutex mutex_;                               // where there is a `load_`
  mutable std::optional<Error> failure_;                   // the first one
  mutable std::unordered_map<std::uint64_t, File> files_;  // nodes stay: slots name their texts
  std::vector<Slot> slots_;  // of sealed files; a power of two, half empty
  std::size_t sealed_ = 0;
};

}  // namespace crawlcard::index
