// index/kv_store.h - ordered rows of bytes for state that is no fact, such as a crawl's frontier.
//
// The second kind of database beside Store: losing it loses plans, never facts. What keys and
// values mean is the caller's; docs/formats/frontier.md is the one layout so far. Every write goes
// through RocksDB's log, so what Write() has taken outlives the process at once, and the machine
// where it was asked to.
//
// DIR/writer.lock is held while it is open; DIR/db/ is the database.
//
// Thread rule: thread-safe after opening; a KvBatch is thread-compatible.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.h"

namespace crawlcard::index {

// Changes that happen together or not at all, in order.
class KvBatch {
 public:
  void Put(std::string_view key, std::string_view value) {
    changes_.push_back({std::string(key), std::string(value), false});
  }
  void Remove(std::string_view key) { changes_.push_back({std::string(key), {}, true}); }
  bool empty() const { return changes_.empty(); }

  struct Change {
    std::string key;
    std::string value;
    bool removes = false;
  };
  const std::vector<Change>& changes() const { return changes_; }

 private:
  std::vector<Change> changes_;
};

class KvStore {
 public:
  // Opens `directory`, made when it is missing.
  // Errors: kLocked while another process holds it, kCorrupt, kIo.
  [[nodiscard]] static Result<std::unique_ptr<KvStore>> Open(const std::string& directory);
  ~KvStore();

  // False when there is no such key. Replaces `value_out`. Errors: kCorrupt, kIo.
  [[nodiscard]] Result<bool> Get(std::string_view key, std::string& value_out) const;

  // `sync`: survives the machine, not only the process. Errors: kIo.
  [[nodiscard]] Status Write(const KvBatch& batch, bool sync);

  // Calls `on_row` for the rows from `from` up to, not with, `to`, in order of bytes, until it
  // returns false. Views die with the call. Rows written meanwhile are not seen.
  // Errors: kCorrupt, kIo.
  using OnRow = std::function<bool(std::string_view key, std::string_view value)>;
  [[nodiscard]] Status Scan(std::string_view from, std::string_view to, const OnRow& on_row) const;

 private:
  class Impl;
  explicit KvStore(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace crawlcard::index
