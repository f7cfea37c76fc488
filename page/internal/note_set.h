// page/internal/note_set.h - the distinct notes of one record, gathered without allocation.
//
// Notes are string literals. Thread rule: thread-compatible.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <span>
#include <string_view>

#include "base/arena.h"
#include "base/assert.h"

namespace crawlcard::page::internal {

class NoteSet {
 public:
  void Add(std::string_view note) {
    const auto end = notes_.begin() + static_cast<std::ptrdiff_t>(count_);
    if (std::find(notes_.begin(), end, note) != end) return;
    CRAWLCARD_ASSERT(count_ < notes_.size());  // more kinds of notes than kNotesMax
    notes_[count_++] = note;
  }

  // Sorted, in `arena`.
  std::span<const std::string_view> Finish(Arena& arena) {
    if (count_ == 0) return {};
    std::sort(notes_.begin(), notes_.begin() + static_cast<std::ptrdiff_t>(count_));
    return arena.CopySpan(std::span<const std::string_view>(notes_.data(), count_));
  }

 private:
  static constexpr std::size_t kNotesMax = 16;

  std::array<std::string_view, kNotesMax> notes_;
  std::size_t count_ = 0;
};

}  // namespace crawlcard::page::internal
