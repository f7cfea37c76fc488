// crawler/budget_lease.h - one budget of requests per second for all processes of a job.
//
// The state of a token bucket in a small file that every worker opens; docs/formats/budget.md
// draws it. A worker asks before each request and holds the file's lock for one read and one write.
// Nothing is handed out in advance, so a worker that dies takes nothing with it, and in any window
// of w seconds all workers together start at most burst + w * rate requests. A refusal that one
// worker met pauses them all.
//
// Works wherever flock(2) does: one machine, or a file system that carries locks between machines
// (NFS 4). Clocks that differ slow the job down, never up.
//
// Thread rule: thread-compatible; one object a process and budget.
#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "base/result.h"
#include "crawler/clock.h"
#include "crawler/token_bucket.h"

namespace crawlcard::crawler {

class BudgetLease {
 public:
  // Opens `path`, made when it is missing; its directory must exist. Workers that were started with
  // different rates share the slowest of those in use in the last minute.
  // Errors: kInvalidArgument for the rate, kIo.
  [[nodiscard]] static Result<std::unique_ptr<BudgetLease>> Open(const std::string& path,
                                                                 const Rate& rate);
  ~BudgetLease();
  BudgetLease(const BudgetLease&) = delete;
  BudgetLease& operator=(const BudgetLease&) = delete;

  // Asks to start one request. `now` or earlier: it may start at once and is paid for. Later: not
  // yet, ask again then; another worker may be first. Errors: kIo.
  [[nodiscard]] Result<UnixMillis> Ask(UnixMillis now);

  // No worker starts a request before `until`, at most limits::kPauseMsMax from now. Pauses only
  // grow. Errors: kIo.
  [[nodiscard]] Status PauseUntil(UnixMillis now, UnixMillis until);

 private:
  struct State;
  BudgetLease(int fd, std::string path, const Rate& rate);
  [[nodiscard]] Result<State> Read(UnixMillis now) const;
  [[nodiscard]] Status Write(const State& state) const;
  [[nodiscard]] Status Lock() const;
  void Unlock() const;

  int fd_;
  std::string path_;
  Rate rate_;
};

}  // namespace crawlcard::crawler
