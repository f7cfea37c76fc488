#include "crawler/publisher_job.h"

#include <algorithm>
#include <optional>
#include <unordered_map>

#include "base/assert.h"
#include "base/time.h"
#include "crawler/frontier.h"
#include "crawler/publisher_archive.h"
#include "crawler/run_manifest.h"

namespace crawlcard::crawler {
namespace {

// How often a request to stop is looked at while nothing happens.
constexpr std::int64_t kTickMs = 100;
constexpr std::int64_t kProgressMs = 10'000;

class Job {
 public:
  Job(const PublisherJobPorts& ports, const PublisherJobOptions& options, const LogSink& log,
      const std::atomic<bool>& stop_requested)
      : ports_(ports), options_(options), log_(log), stop_requested_(stop_requested) {}
  ~Job() { *alive_ = false; }

  Result<PublisherJobSummary> Run(const std::vector<std::string>& seeds);

 private:
  class Exchange;

  Status Open(const std::vector<std::string>& seeds);
  void Pump();
  void Tick();
  void WakeAt(UnixMillis when);
  void StartFetch(const PlannedFetch& planned);
  void StartLookup(const std::string& host);
  void Answered(std::uint64_t ticket, const std::string& url, FetchResult result);
  void Archived(std::vector<ArchivedItem>& items);
  [[nodiscard]] Status Store(const std::vector<ArchivedItem>& items);
  void Fail(Error error);
  void ProgressLine(UnixMillis now);
  Status Close(bool finished);

  PublisherJobPorts ports_;
  const PublisherJobOptions& options_;
  const LogSink& log_;
  const std::atomic<bool>& stop_requested_;

  std::unique_ptr<Frontier> frontier_;
  std::unique_ptr<PublisherEngine> engine_;
  std::unique_ptr<PublisherArchive> archive_;
  PublisherJobSummary summary_;
  std::unordered_map<std::uint64_t, FetchId> fetches_;  // under way, by ticket
  std::optional<Error> failed_;
  bool ended_ = false;     // the loop is to stop
  bool draining_ = false;  // until the fetcher has let go of every exchange
  // Shared with callbacks that may come when the job is gone.
  std::shared_ptr<bool> alive_ = std::make_shared<bool>(true);
  UnixMillis stopping_at_ = 0;  // when it was asked for
  bool posted_ = false;         // a tick is on its way
  UnixMillis timer_at_ = 0;     // of the timer that is set, or 0
  UnixMillis progress_at_ = 0;
};

// --- one fetch ----------------------------------------------------------------------------------

class Job::Exchange final : public FetchHandler {
 public:
  Exchange(Job& job, std::uint64_t ticket, std::string url)
      : job_(job), ticket_(ticket), url_(std::move(url)) {}

  void OnDone(FetchResult result) override { job_.Answered(ticket_, url_, std::move(result)); }

 private:
  Job& job_;
  std::uint64_t ticket_;
  std::string url_;
};

void Job::StartFetch(const PlannedFetch& planned) {
  FetchResult nothing;
  nothing.timings.started_unix_ms = ports_.clock.Now();
  if (planned.unresolved != FetchError::kNone) {
    nothing.error = planned.unresolved;
    return Answered(planned.ticket, planned.url, std::move(nothing));
  }
  Result<TargetUrl> url = TargetUrl::Parse(planned.url);
  if (!url) {
    nothing.error = FetchError::kBadRequest;
    nothing.message = url.error().message();
    return Answered(planned.ticket, planned.url, std::move(nothing));
  }
  FetchRequest request;
  request.url = std::move(*url);
  for (const auto& [name, value] : planned.fields) request.fields.push_back({name, value});
  request.deadlines = options_.deadlines;
  request.limits.body_bytes = planned.body_bytes_max;
  request.address = IpAddress::Parse(planned.address);
  auto handler = std::make_unique<Exchange>(*this, planned.ticket, planned.url);
  const FetchId id = ports_.fetcher.Start(std::move(request), std::move(handler));
  fetches_[planned.ticket] = id;
}

void Job::StartLookup(const std::string& host) {
  Resolver::Done done = [this, host, alive = alive_](const Resolution& resolution) {
    if (!*alive || ended_) return;
    std::vector<std::string> addresses;
    for (const IpAddress& address : resolution.addresses) addresses.push_back(address.ToString());
    const FetchError error = addresses.empty() && resolution.error == FetchError::kNone
                                 ? FetchError::kNameNotFound
                                 : resolution.error;
    const Status taken = engine_->Resolved(host, addresses, error, ports_.clock.Now());
    if (!taken) return Fail(taken.error());
    WakeAt(ports_.clock.Now());
  };
  ports_.resolver.Resolve(host, std::move(done));
}

void Job::Answered(std::uint64_t ticket, const std::string& url, FetchResult result) {
  fetches_.erase(ticket);
  if (draining_ && fetches_.empty()) ports_.loop.Stop();
  // Our own end is no answer: the request will be made again by the next run.
  if (ended_ || result.error == FetchError::kCancelled) return;
  const Answer answer{result.error, result.status, result.buffer.head(), result.buffer.body()};
  Result<ArchiveNote> note = engine_->Answered(ticket, answer, ports_.clock.Now());
  if (!note) return Fail(std::move(note).error());
  archive_->Add({ticket, url, std::move(result), std::move(*note)});
}

void Job::Archived(std::vector<ArchivedItem>& items) {
  if (ended_ && failed_) return;
  for (ArchivedItem& item : items) ports_.fetcher.Recycle(std::move(item.spare));
  const Status stored = Store(items);
  if (!stored) return Fail(stored.error());
  if (!ended_) WakeAt(ports_.clock.Now());
}

// One write of the frontier for all of them, also where one failed.
Status Job::Store(const std::vector<ArchivedItem>& items) {
  const UnixMillis now = ports_.clock.Now();
  Status stored;
  frontier_->BeginGroup();
  for (const ArchivedItem& item : items) {
    stored = item.status;
    if (stored) stored = engine_->Archived(item.ticket, item.record_id, item.digest, now);
    if (!stored) break;
  }
  const Status written = frontier_->EndGroup();
  return stored ? written : stored;
}

// --- the loop -----------------------------------------------------------------------------------

// At most one call is posted, and a timer is added only for an earlier time.
void Job::WakeAt(UnixMillis when) {
  const UnixMillis now = ports_.clock.Now();
  if (when <= now) {
    if (posted_) return;
    posted_ = true;
    std::function<void()> tick = [this, alive = alive_] {
      if (!*alive) return;
      posted_ = false;
      Tick();
    };
    return ports_.loop.Post(std::move(tick));
  }
  if (timer_at_ != 0 && timer_at_ <= when) return;
  timer_at_ = when;
  std::function<void()> tick = [this, when, alive = alive_] {
    if (!*alive) return;
    if (timer_at_ == when) timer_at_ = 0;
    Tick();
  };
  ports_.loop.After(std::chrono::milliseconds(when - now), std::move(tick));
}

void Job::Tick() {
  if (ended_) return;
  const UnixMillis now = ports_.clock.Now();
  if (now - progress_at_ >= kProgressMs) ProgressLine(now);
  if (stopping_at_ == 0 && stop_requested_.load(std::memory_order_relaxed)) stopping_at_ = now;
  if (stopping_at_ == 0) return Pump();
  const bool late = now - stopping_at_ >= options_.stop_grace.count();
  if (fetches_.empty() || late) {
    ended_ = true;
    ports_.loop.Stop();
    return;
  }
  WakeAt(now + kTickMs);
}

void Job::Pump() {
  // Bounded, so that sockets get their turn.
  constexpr int kTurns = 64;
  for (int i = 0; i < kTurns; ++i) {
    const UnixMillis now = ports_.clock.Now();
    Result<Turn> turn = engine_->Next(now);
    if (!turn) return Fail(std::move(turn).error());
    if (turn->fetch) {
      StartFetch(*turn->fetch);
    } else if (!turn->resolve.empty()) {
      StartLookup(turn->resolve);
    } else if (turn->finished) {
      ended_ = true;
      summary_.finished = true;
      ports_.loop.Stop();
      return;
    } else {
      return WakeAt(std::min(turn->ask_again_at, now + kTickMs));
    }
    if (ended_) return;
  }
  WakeAt(ports_.clock.Now());
}

void Job::Fail(Error error) {
  if (!failed_) failed_ = std::move(error);
  ended_ = true;
  ports_.loop.Stop();
}

void Job::ProgressLine(UnixMillis now) {
  progress_at_ = now;
  const CrawlCounts& counts = engine_->counts();
  log_({LogLevel::kInfo,
        "crawl.progress",
        fmt::format("{} requests, {} publishers done, {} under way", counts.requests,
                    counts.publishers_finished, engine_->in_flight()),
        {}});
}

// --- from start to end --------------------------------------------------------------------------

Status Job::Open(const std::vector<std::string>& seeds) {
  const UnixMillis now = ports_.clock.Now();
  CRAWLCARD_ASSIGN(frontier_, Frontier::Open(options_.frontier_directory));
  engine_ = std::make_unique<PublisherEngine>(*frontier_, options_.engine, now);
  warc::WriterOptions archive = options_.archive;
  for (auto& field : WarcinfoOf(options_)) archive.warcinfo.push_back(std::move(field));
  CRAWLCARD_ASSIGN(std::unique_ptr<warc::Writer> writer,
                   warc::Writer::Open(ports_.files, std::move(archive)));
  summary_.repaired = writer->repaired();
  summary_.run = frontier_->run();
  summary_.started_at = progress_at_ = now;
  for (const std::string& seed : seeds) {
    const Status added = engine_->AddSeed(seed, now);
    if (added) continue;
    if (added.error().code() != ErrorCode::kInvalidArgument) return added;
    ++summary_.seeds_refused;
    log_({LogLevel::kWarning, "crawl.seed_refused", added.error().message(), {{"seed", seed}}});
  }
  PublisherArchive::OnArchived archived = [this](std::vector<ArchivedItem>& items) {
    Archived(items);
  };
  archive_ = std::make_unique<PublisherArchive>(ports_.loop, std::move(writer),
                                                options_.engine.in_flight_max, std::move(archived));
  return {};
}

Status Job::Close(bool finished) {
  draining_ = true;
  for (const auto& [ticket, id] : fetches_) ports_.fetcher.Cancel(id);
  if (!fetches_.empty()) ports_.loop.Run();
  warc::Writer& writer = archive_->Finish();
  // Answers that were written last.
  std::function<void()> stop = [this] { ports_.loop.Stop(); };
  ports_.loop.Post(std::move(stop));
  ports_.loop.Run();
  summary_.ended_at = ports_.clock.Now();
  summary_.counts = engine_->counts();
  summary_.manifest = ManifestOf(options_, summary_);
  if (failed_) return tl::unexpected(*failed_);
  const bool anything = summary_.counts.requests > 0 || writer.counts().records > 0;
  if (anything) {
    CRAWLCARD_TRY(writer.WriteMetadata(RunUri(options_.archive.id_seed),
                                       SecondsOf(summary_.ended_at), summary_.manifest));
  }
  CRAWLCARD_TRY(writer.Seal());
  summary_.finished = finished;
  summary_.sealed_files = writer.sealed_files();
  summary_.records = writer.counts().records;
  summary_.archive_bytes = writer.counts().file_bytes;
  return {};
}

Result<PublisherJobSummary> Job::Run(const std::vector<std::string>& seeds) {
  CRAWLCARD_TRY(Open(seeds));
  WakeAt(ports_.clock.Now());
  const EventLoop::Hold hold(ports_.loop);
  ports_.loop.Run();
  CRAWLCARD_TRY(Close(summary_.finished));
  return std::move(summary_);
}

}  // namespace

Result<PublisherJobSummary> CrawlPublishers(const PublisherJobPorts& ports,
                                            const std::vector<std::string>& seeds,
                                            PublisherJobOptions options, const LogSink& log,
                                            const std::atomic<bool>& stop_requested) {
  const LogSink sink = log ? log : [](const LogEvent&) {};
  return Job(ports, options, sink, stop_requested).Run(seeds);
}

}  // namespace crawlcard::crawler
