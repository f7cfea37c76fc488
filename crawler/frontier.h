// crawler/frontier.h - which origins are known, what each still needs, and which is due next.
//
// A database of its own (index/kv_store.h) that outlives kill -9: every change of an origin and of
// its place in the queue is one batch. Losing it loses plans, no facts. Layout:
// docs/formats/frontier.md.
//
// An origin that TakeDue() handed out is held: it is not handed out again until Put().
// Its place in the queue stays, so after a crash it is simply due.
//
// Thread rule: thread-compatible.
#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "base/result.h"
#include "crawler/clock.h"
#include "crawler/origin_record.h"
#include "index/kv_store.h"

namespace crawlcard::crawler {

class Frontier {
 public:
  // Opens `directory`, made when it is missing. Errors: kLocked, kSchema, kCorrupt, kIo.
  [[nodiscard]] static Result<std::unique_ptr<Frontier>> Open(const std::string& directory);

  // The number of this run: 1 for a new frontier, one more each time it is opened.
  std::uint64_t run() const { return run_; }

  // Errors of all below: kCorrupt, kSchema, kIo.
  [[nodiscard]] Result<std::optional<OriginRecord>> Find(std::string_view origin) const;

  // Stores `record` and its place in the queue (record.queued, record.due), which may have changed
  // since it was read. Ends a hold.
  [[nodiscard]] Status Put(const OriginRecord& record);

  // From here to EndGroup(), Put() gathers what it would write, so that one write does for many
  // origins that are held. Nothing is read in between.
  void BeginGroup();
  [[nodiscard]] Status EndGroup();

  // Hands out up to `count_max` origins that are due at `now`, longest due first: those whose plan
  // has begun before those that were never asked. So as few hosts are open at once as the pace
  // allows, their connections are used again, and what a stop interrupts is little.
  [[nodiscard]] Result<std::vector<OriginRecord>> TakeDue(UnixMillis now, std::size_t count_max);
  bool IsHeld(std::string_view origin) const { return held_.contains(std::string(origin)); }
  std::size_t held() const { return held_.size(); }

  // When the next origin that is not held is due; nullopt when there is none.
  [[nodiscard]] Result<std::optional<UnixMillis>> NextDue();

  // The body of the last good robots.txt of an origin; false when none is kept.
  [[nodiscard]] Status PutRobots(std::string_view origin, std::string_view body);
  [[nodiscard]] Result<bool> GetRobots(std::string_view origin, std::string& body_out) const;

  // Calls `on_origin` for every origin, in order of their names.
  using OnOrigin = std::function<void(const OriginRecord& record)>;
  [[nodiscard]] Status ForEach(const OnOrigin& on_origin) const;

 private:
  explicit Frontier(std::unique_ptr<index::KvStore> rows) : rows_(std::move(rows)) {}
  [[nodiscard]] Status CheckVersion();

  std::unique_ptr<index::KvStore> rows_;
  std::uint64_t run_ = 0;
  std::unordered_map<std::string, std::string> held_;  // with their keys in a queue
  std::optional<index::KvBatch> group_;
  // What NextDue() would find, where that is known: most questions come when nothing has changed.
  bool next_due_known_ = false;
  std::optional<UnixMillis> next_due_;
  // Every key of a queue before these is held: spares walking over them, and over what was
  // removed.
  std::array<std::string, 2> floors_;
};

}  // namespace crawlcard::crawler
