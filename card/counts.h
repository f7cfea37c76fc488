// card/counts.h - counters that can be filled in parts and put together again.
//
// Captures arrive in key order, so captures of one URL, host or domain are neighbours. Each such
// group has an ordinal (1, 2, ...) within a partial tally. A GroupCount counts the distinct groups
// it met by remembering the last ordinal: no set is needed. Two parts are joined at a Seam, which
// says whether the group at the end of the left part goes on in the right one. Any split of the
// input gives the same sums.
//
// Thread rule: values, thread-compatible.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "card/limits.h"

namespace crawlcard::card {

// Where two parts meet, for one kind of group.
struct Seam {
  std::uint64_t left_groups = 0;
  bool joined = false;  // the last group on the left is the first on the right

  std::uint64_t shift() const { return left_groups - (joined ? 1 : 0); }
};

struct GroupCount {
  std::uint64_t count = 0;
  std::uint64_t first = 0;  // ordinal of the first group met; 0: none yet
  std::uint64_t last = 0;

  // Ordinals must not decrease. 0 (a capture without such a group) is passed over.
  void Add(std::uint64_t ordinal);
  void Merge(const GroupCount& right, const Seam& seam);
};

// Ordinals of the groups a capture belongs to.
struct Position {
  std::uint64_t url = 0;
  std::uint64_t host = 0;
  std::uint64_t domain = 0;
};
struct Seams {
  Seam url;
  Seam host;
  Seam domain;
};

// Captures that are counted together.
struct Amount {
  std::uint64_t captures = 0;
  std::uint64_t payload_bytes = 0;
  std::uint64_t text_bytes = 0;
};

// How far something reaches: captures, their sizes, the hosts and domains they stand on.
struct Reach {
  std::uint64_t captures = 0;
  std::uint64_t payload_bytes = 0;
  std::uint64_t text_bytes = 0;
  GroupCount hosts;
  GroupCount domains;

  void Add(const Amount& amount, const Position& position);
  void Merge(const Reach& right, const Seams& seams);
};

// Reach by value of an open list, in bounded memory. Beyond the limit it keeps the keys with the
// smallest hash: a key that is kept at the end was kept from its first capture on, so its counts
// are exact, and which keys are kept does not depend on order or split. What was let go is summed.
class ReachTable {
 public:
  // `always_kept` are values that never give way; static storage.
  explicit ReachTable(std::span<const std::string_view> always_kept = {},
                      std::size_t keys_max = limits::kTableKeysMax)
      : always_kept_(always_kept), keys_max_(keys_max) {}

  // Keys longer than limits::kKeyBytesMax are cut.
  void Add(std::string_view key, const Amount& amount, const Position& position);
  void Merge(const ReachTable& right, const Seams& seams);

  struct Row {
    std::string_view key;
    const Reach* reach = nullptr;
  };
  // Most captures first, then by key. Views live as long as this object is not changed.
  std::vector<Row> Sorted() const;
  const Reach* Find(std::string_view key) const;
  std::size_t size() const { return rows_.size(); }
  // Captures and bytes of the values let go; hosts and domains of these are not known.
  const Reach& rest() const { return rest_; }

 private:
  struct KeyView {
    std::uint64_t rank = 0;
    std::string_view text;
  };
  struct Key {
    std::uint64_t rank = 0;
    std::string text;
  };
  struct Less {
    using is_transparent = void;
    template <class A, class B>
    bool operator()(const A& a, const B& b) const {
      if (a.rank != b.rank) return a.rank < b.rank;
      return a.text < b.text;
    }
  };

  // The row met last under a few keys that look alike: most values are one of few. Belongs to one
  // table, so a copy of the table starts without.
  struct Recent {
    Recent() = default;
    Recent(const Recent&) noexcept {}
    Recent& operator=(const Recent&) noexcept {
      slots.fill({});
      return *this;
    }

    struct Slot {
      std::string_view key;  // of a row
      Reach* reach = nullptr;
    };
    static constexpr std::size_t kSlots = 64;
    std::array<Slot, kSlots> slots{};

    Slot& At(std::string_view key) {
      const std::size_t size = key.size();
      if (size == 0) return slots[0];
      const auto byte = [&](std::size_t at) { return static_cast<unsigned char>(key[at]); };
      return slots[(size + 3 * byte(0) + 5 * byte(size / 2) + 7 * byte(size - 1)) % kSlots];
    }
  };

  Reach* FindOrMake(std::string_view key);
  std::uint64_t RankOf(std::string_view key) const;
  void LetGo();

  std::span<const std::string_view> always_kept_;
  std::size_t keys_max_;
  std::map<Key, Reach, Less> rows_;
  Reach rest_;
  Recent recent_;
};

// Counts distinct values by the smallest of their 64-bit hashes: exact up to the limit, an estimate
// beyond. Independent of order and split. Between two calls it holds up to twice the limit.
class DistinctCount {
 public:
  explicit DistinctCount(std::size_t hashes_max = limits::kDistinctHashesMax)
      : hashes_max_(hashes_max) {}

  void Add(std::uint64_t hash);
  void Merge(const DistinctCount& right);
  std::uint64_t Count() const { return Sorted().Estimate(); }
  bool exact() const { return Sorted().exact_; }

 private:
  // Sorts what it holds and lets go of what is beyond the limit.
  void Sort();
  DistinctCount Sorted() const;
  std::uint64_t Estimate() const;

  std::size_t hashes_max_;
  std::vector<std::uint64_t> hashes_;  // in any order, with repeats
  // No larger one can be among the smallest.
  std::uint64_t largest_ = std::numeric_limits<std::uint64_t>::max();
  bool exact_ = true;
};

}  // namespace crawlcard::card
