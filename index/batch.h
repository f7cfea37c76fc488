// index/batch.h - verdicts for the URLs of somebody's rows, in any order, on many threads.
//
// Answers are those of CheckUrl(): the same codes, and as JSON the same bytes as `crawlcard check`
// prints. What rows share is found once: the files of a host are read and compiled once, rules once
// a body, verdicts once a rule. docs/decisions/0020-batch.md says what is kept and for how long.
//
// Thread rule: Batch is thread-safe; a Worker belongs to one thread and borrows its Batch, which
// borrows its Store.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "base/attributes.h"
#include "base/result.h"
#include "base/time.h"
#include "index/limits.h"
#include "index/scan.h"
#include "index/store.h"
#include "index/takedown.h"
#include "robots/verdict.h"

namespace crawlcard::index {

struct BatchOptions {
  // One at least: policies, dates and agents that are compared in one pass. All of them have the
  // same `known_by`.
  std::vector<JudgeOptions> questions;
  // The pages' own rows too; false: by the signals of their hosts alone, as for URLs that were
  // never captured.
  bool pages = true;
  // The whole verdict of the first question with its evidence, as crawlcard.verdict.v1.
  bool json = false;
  // Of what is kept from one batch to the next, of all workers together.
  std::uint64_t memory_bytes = limits::kBatchMemoryBytesDefault;
};

struct AskedUrl {
  std::string_view url;  // or a host name
  // When the row was captured. A question whose `as_of` is kCapture is asked as of this instant;
  // without one as of the latest capture in the index, or the latest file of the origin.
  std::optional<UnixSeconds> date;
};

// Dead after the worker's next batch.
struct BatchAnswer {
  enum class State : std::uint8_t { kAnswered, kBadUrl } state = State::kBadUrl;
  bool host_known = false;  // a well-known file of the URL's origin was observed at some time
  bool page_known = false;  // a capture stands behind the first answer
  UnixSeconds as_of = 0;    // of the first question; 0: the index knows of no instant
  std::string_view host;
  std::string_view domain;                             // registrable
  std::span<const robots::VerdictCodes* const> codes;  // one a question; empty for kBadUrl
  std::string_view json;                               // without a line end
  // The request that covers the URL as of the first question, or null. Such a row is not usable,
  // whatever the codes say; a line in `json` says so itself.
  const Takedown* takedown = nullptr;
};

class Batch {
 public:
  class Impl;
  class Worker;

  // The files that are sealed now, and by `known_by`, count.
  // Errors: kInvalidArgument for no question, or questions of different `known_by`; kCorrupt, kIo.
  [[nodiscard]] static Result<std::unique_ptr<Batch>> Open(const Store& store,
                                                           BatchOptions options);
  ~Batch();

  [[nodiscard]] std::unique_ptr<Worker> NewWorker() const;

 private:
  explicit Batch(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

class Batch::Worker {
 public:
  ~Worker();
  Worker(const Worker&) = delete;
  Worker& operator=(const Worker&) = delete;

  // Answers in the order of `asked`. A batch of some thousand rows pays: rows of one host share
  // what is looked up, in whatever order they come. Errors: kCorrupt, kIo.
  [[nodiscard]] Result<std::span<const BatchAnswer>> Judge(std::span<const AskedUrl> asked)
      CRAWLCARD_LIFETIME_BOUND;

 private:
  friend class Batch;
  class Impl;
  explicit Worker(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace crawlcard::index
