#include "index/internal/batch_bodies.h"

namespace crawlcard::index {
namespace {

// A digest and what it stands for, in a table.
constexpr std::size_t kFormBytes = 200;

}  // namespace

std::shared_ptr<const OriginBodies> BodiesTable::Use(Entries::iterator entry) {
  entries_.splice(entries_.begin(), entries_, entry);
  return entry->bodies;
}

std::shared_ptr<const OriginBodies> BodiesTable::Find(std::uint64_t id) {
  const std::lock_guard lock(mutex_);
  const auto found = by_id_.find(id);
  return found == by_id_.end() ? nullptr : Use(found->second);
}

std::shared_ptr<const OriginBodies> BodiesTable::Find(const std::string& key) {
  const std::lock_guard lock(mutex_);
  const auto found = by_key_.find(key);
  return found == by_key_.end() ? nullptr : Use(found->second);
}

std::string BodiesTable::FormOf(const std::string& sha256) {
  const std::lock_guard lock(mutex_);
  const auto found = forms_.find(sha256);
  return found == forms_.end() ? std::string() : found->second;
}

void BodiesTable::PutForm(const std::string& sha256, const std::string& form) {
  const std::lock_guard lock(mutex_);
  if (forms_.size() * kFormBytes > bytes_max_ / 4) forms_.clear();
  forms_.emplace(sha256, form);
}

std::shared_ptr<const OriginBodies> BodiesTable::Insert(const std::string& key,
                                                        robots::OriginSignals signals, bool silent,
                                                        std::size_t bytes) {
  const std::lock_guard lock(mutex_);
  if (const auto found = by_key_.find(key); found != by_key_.end()) return Use(found->second);
  // A parsed file takes some ten times its bytes.
  constexpr std::size_t kParsedTimes = 10;
  const std::uint64_t id = ++last_id_;
  const std::size_t held = bytes * kParsedTimes + key.size() * 2 + 512;
  auto made =
      std::make_shared<const OriginBodies>(OriginBodies{id, std::move(signals), silent, held});
  entries_.push_front({key, std::move(made)});
  by_key_.emplace(entries_.front().key, entries_.begin());
  by_id_.emplace(id, entries_.begin());
  bytes_ += entries_.front().bodies->bytes;
  while (bytes_ > bytes_max_ && entries_.size() > 1) {
    const Entry& last = entries_.back();
    bytes_ -= last.bodies->bytes;
    by_key_.erase(last.key);
    by_id_.erase(last.bodies->id);
    entries_.pop_back();
    left_.fetch_add(1, std::memory_order_relaxed);
  }
  return entries_.front().bodies;
}

}  // namespace crawlcard::index
