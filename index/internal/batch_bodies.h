// index/internal/batch_bodies.h - files in force, compiled once for all origins that serve them.
//
// Least recently found ones leave when the bodies take more than they may; who still uses one keeps
// it alive.
//
// Thread rule: thread-safe; OriginBodies are immutable.
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <list>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>

#include "robots/origin.h"

namespace crawlcard::index {

struct OriginBodies {
  std::uint64_t id = 0;
  robots::OriginSignals signals;
  bool silent = false;    // nothing in them can say anything about any path
  std::size_t bytes = 0;  // about
};

class BodiesTable {
 public:
  explicit BodiesTable(std::uint64_t bytes_max) : bytes_max_(bytes_max) {}

  // Null where they are not, or no longer, there. Ids are never given again.
  std::shared_ptr<const OriginBodies> Find(std::uint64_t id);
  std::shared_ptr<const OriginBodies> Find(const std::string& key);
  // Those of another thread when that was first.
  std::shared_ptr<const OriginBodies> Insert(const std::string& key, robots::OriginSignals signals,
                                             bool silent, std::size_t bytes);

  // What a body by this SHA-256 is known as: the digest of its shared form, or empty.
  std::string FormOf(const std::string& sha256);
  void PutForm(const std::string& sha256, const std::string& form);

  // How many have left so far.
  std::uint64_t left() const { return left_.load(std::memory_order_relaxed); }

 private:
  struct Entry {
    std::string key;
    std::shared_ptr<const OriginBodies> bodies;  // shared with the workers
  };
  using Entries = std::list<Entry>;

  std::shared_ptr<const OriginBodies> Use(Entries::iterator entry);

  const std::uint64_t bytes_max_;
  std::atomic<std::uint64_t> left_{0};
  std::mutex mutex_;
  Entries entries_;  // latest first
  std::unordered_map<std::string_view, Entries::iterator> by_key_;
  std::unordered_map<std::uint64_t, Entries::iterator> by_id_;
  std::unordered_map<std::string, std::string> forms_;
  std::uint64_t bytes_ = 0;
  std::uint64_t last_id_ = 0;
};

}  // namespace crawlcard::index
