#include "card/counts.h"

#include <algorithm>
#include <limits>

#include "base/assert.h"
#include "base/text.h"

namespace crawlcard::card {
namespace {

// FNV-1a, 64 bits: the order of let-go keys must be the same on every machine.
std::uint64_t Hash(std::string_view text) {
  std::uint64_t hash = 0xcbf29ce484222325ULL;
  for (const char c : text) {
    hash ^= static_cast<unsigned char>(c);
    hash *= 0x100000001b3ULL;
  }
  return hash;
}

}  // namespace

void GroupCount::Add(std::uint64_t ordinal) {
  if (ordinal == 0 || ordinal == last) return;
  CRAWLCARD_ASSERT(ordinal > last);
  ++count;
  if (first == 0) first = ordinal;
  last = ordinal;
}

void GroupCount::Merge(const GroupCount& right, const Seam& seam) {
  if (right.count == 0) return;
  const bool shared = seam.joined && count > 0 && last == seam.left_groups && right.first == 1;
  if (count == 0) first = right.first + seam.shift();
  count += right.count - (shared ? 1 : 0);
  last = right.last + seam.shift();
}

void Reach::Add(const Amount& amount, const Position& position) {
  captures += amount.captures;
  payload_bytes += amount.payload_bytes;
  text_bytes += amount.text_bytes;
  hosts.Add(position.host);
  domains.Add(position.domain);
}

void Reach::Merge(const Reach& right, const Seams& seams) {
  captures += right.captures;
  payload_bytes += right.payload_bytes;
  text_bytes += right.text_bytes;
  hosts.Merge(right.hosts, seams.host);
  domains.Merge(right.domains, seams.domain);
}

std::uint64_t ReachTable::RankOf(std::string_view key) const {
  if (std::find(always_kept_.begin(), always_kept_.end(), key) != always_kept_.end()) return 0;
  return std::max<std::uint64_t>(Hash(key), 1);
}

void ReachTable::Add(std::string_view key, const Amount& amount, const Position& position) {
  key = Utf8Prefix(key, limits::kKeyBytesMax);
  Recent::Slot& slot = recent_.At(key);
  if (slot.reach != nullptr && slot.key == key) {
    slot.reach->Add(amount, position);
    return;
  }
  Reach* const reach = FindOrMake(key);
  if (reach == nullptr) {
    rest_.Add(amount, Position{});
    return;
  }
  reach->Add(amount, position);
  LetGo();
}

// Null where the key would have to give way at once.
Reach* ReachTable::FindOrMake(std::string_view key) {
  const KeyView view{RankOf(key), key};
  auto found = rows_.find(view);
  if (found == rows_.end()) {
    if (rows_.size() >= keys_max_ && !Less{}(view, rows_.rbegin()->first)) return nullptr;
    found = rows_.emplace(Key{view.rank, std::string(key)}, Reach{}).first;
  }
  recent_.At(key) = {found->first.text, &found->second};
  return &found->second;
}

void ReachTable::LetGo() {
  if (rows_.size() <= keys_max_) return;
  recent_ = {};
  while (rows_.size() > keys_max_) {
    const auto last = std::prev(rows_.end());
    rest_.captures += last->second.captures;
    rest_.payload_bytes += last->second.payload_bytes;
    rest_.text_bytes += last->second.text_bytes;
    rows_.erase(last);
  }
}

void ReachTable::Merge(const ReachTable& right, const Seams& seams) {
  for (const auto& [key, reach] : right.rows_) rows_[key].Merge(reach, seams);
  rest_.captures += right.rest_.captures;
  rest_.payload_bytes += right.rest_.payload_bytes;
  rest_.text_bytes += right.rest_.text_bytes;
  LetGo();
}

std::vector<ReachTable::Row> ReachTable::Sorted() const {
  std::vector<Row> rows;
  rows.reserve(rows_.size());
  for (const auto& [key, reach] : rows_) rows.push_back({key.text, &reach});
  std::sort(rows.begin(), rows.end(), [](const Row& a, const Row& b) {
    if (a.reach->captures != b.reach->captures) return a.reach->captures > b.reach->captures;
    return a.key < b.key;
  });
  return rows;
}

const Reach* ReachTable::Find(std::string_view key) const {
  const auto found = rows_.find(KeyView{RankOf(key), key});
  return found == rows_.end() ? nullptr : &found->second;
}

void DistinctCount::Add(std::uint64_t hash) {
  if (hash > largest_) {
    exact_ = false;
    return;
  }
  hashes_.push_back(hash);
  if (hashes_.size() >= 2 * hashes_max_) Sort();
}

void DistinctCount::Sort() {
  std::sort(hashes_.begin(), hashes_.end());
  hashes_.erase(std::unique(hashes_.begin(), hashes_.end()), hashes_.end());
  if (hashes_.size() < hashes_max_) return;
  exact_ = exact_ && hashes_.size() == hashes_max_;
  hashes_.resize(hashes_max_);
  largest_ = hashes_.back();
}

DistinctCount DistinctCount::Sorted() const {
  DistinctCount sorted = *this;
  sorted.Sort();
  return sorted;
}

void DistinctCount::Merge(const DistinctCount& right) {
  for (const std::uint64_t hash : right.hashes_) Add(hash);
  exact_ = exact_ && right.exact_;
}

// K-minimum-values estimate: k - 1 hashes lie below the k-th smallest, so the density of hashes
// gives the number (Bar-Yossef et al., "Counting distinct elements in a data stream", 2002).
std::uint64_t DistinctCount::Estimate() const {
  if (exact_) return hashes_.size();
  const long double range = static_cast<long double>(std::numeric_limits<std::uint64_t>::max());
  const long double kth = static_cast<long double>(hashes_.back()) + 1;
  return static_cast<std::uint64_t>(static_cast<long double>(hashes_.size() - 1) * range / kth);
}

}  // namespace crawlcard::card
