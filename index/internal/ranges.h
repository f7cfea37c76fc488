// index/internal/ranges.h - cuts an index into key ranges that never split a registrable domain.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "index/internal/store_impl.h"

namespace crawlcard::index {

// The registrable domain that a group stands under, as far as the group can tell (it has no "www").
std::string DomainOfGroup(std::string_view group);

// The first key of the registrable domain that a host belongs to, given its group; a prefix that
// all hosts of the domain share.
std::string DomainStart(std::string_view group);

// Up to `ranges` - 1 keys between which pages and hosts can be read side by side. Of an index of at
// most `sample_bytes_max` bytes all keys are looked at, so that ranges have the same number of
// rows; larger ones are cut by bytes, as the indexes of the sorted files tell them. Where the keys
// fall depends on how the rows lie on disk; what is read does not.
[[nodiscard]] Result<std::vector<std::string>> SplitKeys(
    const Store::Impl& store, const ScopedSnapshot* snapshot, std::size_t ranges,
    std::uint64_t sample_bytes_max = std::uint64_t{24} << 20);

}  // namespace crawlcard::index
