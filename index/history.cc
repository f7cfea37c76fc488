#include "index/history.h"

#include <algorithm>
#include <map>
#include <memory>
#include <utility>

#include "base/digest.h"
#include "index/internal/blob_reader.h"
#include "index/internal/host_history.h"
#include "index/internal/host_walk.h"
#include "index/internal/store_impl.h"
#include "index/internal/target.h"
#include "index/schema.h"

namespace crawlcard::index {
namespace {

using robots::Changed;
using robots::FetchState;
using robots::FileChange;
using Parsed = std::shared_ptr<const robots::ParsedFile>;  // shared with the store's cache

// What is kept of the last bodies: most histories have fewer, and need not fit.
constexpr std::size_t kParsedMax = 16;
constexpr std::size_t kComparedMax = 256;

// Bodies of one file of one origin.
class Bodies {
 public:
  Bodies(const Store::Impl& store, BlobReader& blobs, const HistoryOptions& options)
      : store_(store), blobs_(blobs), options_(options) {}

  void Begin(robots::WellKnown file) {
    file_ = file;
    parsed_.clear();
    compared_.clear();
  }

  // Bodies are named by their SHA-256. Dead after the next call of Begin().
  Result<bool> HasContent(const std::string& body) {
    CRAWLCARD_ASSIGN(const Parsed parsed, Get(body));
    return robots::HasContent(*parsed);
  }

  // Dead after the next call.
  Result<const FileChange*> Compare(const std::string& before, const std::string& after) {
    if (const auto known = compared_.find({before, after}); known != compared_.end()) {
      return &known->second;
    }
    if (compared_.size() >= kComparedMax) compared_.clear();
    FileChange change;
    if (before != after) {
      CRAWLCARD_ASSIGN(const Parsed one, Get(before));
      CRAWLCARD_ASSIGN(const Parsed other, Get(after));
      change = robots::CompareFiles(*one, *other, {options_.dialect, options_.agents});
    }
    return &compared_.emplace(std::pair(before, after), std::move(change)).first->second;
  }

 private:
  Result<Parsed> Get(const std::string& body) {
    if (const auto known = parsed_.find(body); known != parsed_.end()) return known->second;
    if (parsed_.size() >= kParsedMax) parsed_.clear();
    CRAWLCARD_ASSIGN(const std::string_view bytes, blobs_.Read(body));
    Parsed parsed = store_.parsed_files().Get(file_, "sha256:" + Hex(body), bytes);
    parsed_.emplace(body, parsed);
    return parsed;
  }

  const Store::Impl& store_;
  BlobReader& blobs_;
  const HistoryOptions& options_;
  robots::WellKnown file_ = robots::WellKnown::kRobotsTxt;
  std::map<std::string, Parsed> parsed_;
  std::map<std::pair<std::string, std::string>, FileChange> compared_;
};

// Gathers observations into runs.
class RunMaker {
 public:
  RunMaker(Bodies& bodies, const std::function<Status(const HistoryRun&)>& on_run)
      : bodies_(bodies), on_run_(on_run) {}

  Status Take(std::string_view prefix, Observation seen) {
    if (prefix != prefix_ || !open_ || seen.file != run_.file) CRAWLCARD_TRY(Begin(prefix, seen));
    // Nothing of the right kind in it: verdicts take it so, too.
    if (seen.state == FetchState::kOk && !seen.body_sha256.empty()) {
      CRAWLCARD_ASSIGN(const bool has_content, bodies_.HasContent(seen.body_sha256));
      if (!has_content) seen.state = FetchState::kOkEmpty;
    }
    if (seen.state != FetchState::kOk) seen.body_sha256.clear();

    const FileChange* body = nullptr;
    if (!seen.body_sha256.empty() && !last_body_.empty()) {
      CRAWLCARD_ASSIGN(body, bodies_.Compare(last_body_, seen.body_sha256));
    }
    const bool same_meaning = body == nullptr || body->changed <= Changed::kBytes;
    if (run_.observations == 0) {
      Open(seen);
    } else if (run_.state != seen.state || !same_meaning) {
      CRAWLCARD_TRY(Next(seen, body));
    }
    Count(seen, body);
    return {};
  }

  Status Finish() {
    if (!std::exchange(open_, false)) return {};
    return on_run_(run_);
  }

 private:
  Status Begin(std::string_view prefix, const Observation& seen) {
    CRAWLCARD_TRY(Finish());
    prefix_ = prefix;
    last_body_.clear();
    bodies_.Begin(seen.file);
    run_ = {};
    run_.origin = OriginText(prefix);
    run_.file = seen.file;
    open_ = true;
    return {};
  }

  void Open(const Observation& seen) {
    run_.state = seen.state;
    run_.from = seen.date;
    run_.evidence = seen.evidence;
  }

  Status Next(const Observation& seen, const FileChange* body) {
    HistoryChange change;
    change.state_before = run_.state;
    if (body != nullptr) change.body = *body;
    CRAWLCARD_TRY(on_run_(run_));
    run_.bodies.clear();
    run_.observations = 0;
    run_.unchanged = 0;
    Open(seen);
    run_.change = std::move(change);
    return {};
  }

  void Count(const Observation& seen, const FileChange* change) {
    run_.last_seen = seen.date;
    ++run_.observations;
    if (seen.unchanged) ++run_.unchanged;
    if (seen.body_sha256.empty()) return;
    last_body_ = seen.body_sha256;
    // A run has few bodies, but a hostile one has one an observation: they are looked up.
    const auto [found, added] = run_.bodies.empty()
                                    ? Reset(seen.body_sha256)
                                    : body_at_.try_emplace(seen.body_sha256, run_.bodies.size());
    if (added) {
      HistoryBody body;
      if (!run_.bodies.empty() && change != nullptr) body.differs = change->changed;
      body.from = seen.date;
      body.evidence = seen.evidence;
      run_.bodies.push_back(std::move(body));
    }
    HistoryBody& body = run_.bodies[found->second];
    body.last_seen = seen.date;
    ++body.observations;
  }

  std::pair<std::map<std::string, std::size_t>::iterator, bool> Reset(const std::string& digest) {
    body_at_.clear();
    return body_at_.try_emplace(digest, 0);
  }

  Bodies& bodies_;
  const std::function<Status(const HistoryRun&)>& on_run_;
  std::string prefix_;
  std::string last_body_;  // its SHA-256: of the file, whatever came between
  bool open_ = false;
  HistoryRun run_;
  std::map<std::string, std::size_t> body_at_;  // places in run_.bodies
};

}  // namespace

Status ShowHistory(const Store& store, std::string_view url_or_host, const HistoryOptions& options,
                   const std::function<Status(const HistoryRun&)>& on_run) {
  const Store::Impl& impl = store.impl();
  CRAWLCARD_ASSIGN(const Target target, ParseTarget(url_or_host));
  CRAWLCARD_ASSIGN(const std::shared_ptr<const FileTable> files,
                   impl.AskedFiles(options.timeline.known_by));
  BlobReader blobs(impl);
  HostHistory history(impl, *files, blobs, impl.parsed_files());
  CRAWLCARD_TRY(LoadHistory(impl, *files, target.group, history));

  std::string only;
  if (!target.is_host && !AppendOriginPrefix(target.url, target.surt, only)) return {};
  Bodies bodies(impl, blobs, options);
  RunMaker runs(bodies, on_run);
  const auto take = [&](std::string_view prefix, const Observation& seen) -> Status {
    if (!only.empty() && prefix != only) return {};
    if (options.timeline.as_of && seen.date > *options.timeline.as_of) return {};
    return runs.Take(prefix, seen);
  };
  CRAWLCARD_TRY(history.ForEach(take));
  CRAWLCARD_TRY(files->failure());
  return runs.Finish();
}

}  // namespace crawlcard::index
