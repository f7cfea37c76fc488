#include "crawler/snapshot/segment_fetcher.h"

#include <algorithm>
#include <array>
#include <optional>
#include <utility>

#include "base/arena.h"
#include "crawler/retry_policy.h"
#include "crawler/snapshot/limits.h"
#include "page/http.h"

namespace crawlcard::crawler {

// One transfer; shared by the list of jobs, its handler, and functions posted for it.
struct SegmentFetcher::Job {
  Job(SegmentTarget target, SegmentHandle handle, const TransferTries& tries)
      : transfer(std::move(target), handle.feed, tries), outcome(handle.outcome) {}

  SegmentTransfer transfer;
  std::shared_ptr<std::atomic<SegmentOutcome>> outcome;  // shared with the reader
  std::optional<FetchId> fetch;
  bool ended = false;
};

class SegmentFetcher::Handler final : public FetchHandler {
 public:
  Handler(SegmentFetcher& owner, std::shared_ptr<Job> job) : owner_(owner), job_(std::move(job)) {}

  HandlerAnswer OnHead(std::uint16_t status, std::string_view head) override {
    return job_->transfer.OnHead(status, head, owner_.clock_.Now());
  }
  HandlerAnswer OnChunk(std::string_view bytes) override {
    const HandlerAnswer answer = job_->transfer.OnChunk(bytes);
    if (answer == HandlerAnswer::kTake) owner_.body_bytes_ += bytes.size();
    return answer;
  }
  void OnDone(FetchResult result) override { owner_.Done(job_, result); }

 private:
  SegmentFetcher& owner_;
  std::shared_ptr<Job> job_;  // shared with the owner's list
};

class SegmentFetcher::ProbeHandler final : public FetchHandler {
 public:
  explicit ProbeHandler(SegmentFetcher& owner) : owner_(owner) {}

  HandlerAnswer OnHead(std::uint16_t status, std::string_view head_bytes) override {
    status_ = status;
    Arena arena;
    const page::HttpHead head = page::ParseHttpHead(head_bytes, arena);
    retry_after_ms_ = ParseRetryAfter(head.Field("Retry-After"), owner_.clock_.Now());
    return HandlerAnswer::kTake;
  }
  HandlerAnswer OnChunk(std::string_view /*bytes*/) override { return HandlerAnswer::kTake; }
  void OnDone(FetchResult result) override { owner_.ProbeDone(result, status_, retry_after_ms_); }

 private:
  SegmentFetcher& owner_;
  std::uint16_t status_ = 0;
  std::optional<std::int64_t> retry_after_ms_;
};

SegmentFetcher::SegmentFetcher(EventLoop& loop, Fetcher& fetcher, const Clock& clock,
                               SegmentFetcherOptions options, std::unique_ptr<BudgetLease> lease)
    : loop_(loop),
      fetcher_(fetcher),
      clock_(clock),
      options_(std::move(options)),
      gate_(options_.gate, std::move(lease)) {}

SegmentFetcher::~SegmentFetcher() = default;

SegmentHandle SegmentFetcher::Start(SegmentTarget target) {
  // The feed calls back only while somebody reads it, and readers end before this object does.
  auto job_slot = std::make_shared<std::weak_ptr<Job>>();  // shared by the callback and the starter
  SegmentHandle handle;
  handle.outcome = std::make_shared<std::atomic<SegmentOutcome>>(  // shared as the handle says
      SegmentOutcome::kRunning);
  handle.feed = std::make_shared<SegmentFeed>(  // shared as the handle says
      options_.feed_bytes, [this, job_slot] {
        loop_.Post([this, job_slot] {
          const std::shared_ptr<Job> job = job_slot->lock();  // shared: see Job
          if (job != nullptr && job->fetch) fetcher_.Resume(*job->fetch);
        });
      });
  auto job = std::make_shared<Job>(std::move(target), handle, options_.tries);  // shared: see Job
  *job_slot = job;
  loop_.Post([this, job] {
    jobs_.push_back(job);
    if (cancelled_) {
      FailJob(job, SegmentOutcome::kCancelled, Error(ErrorCode::kCancelled, "stopped on request"));
      return;
    }
    Begin(job);
  });
  return handle;
}

Result<std::string> SegmentFetcher::Get(const std::string& path, std::size_t bytes_max,
                                        bool confirm_end) {
  SegmentTarget target;
  target.path = path;
  target.confirm_end = confirm_end;
  const SegmentHandle handle = Start(std::move(target));
  std::string bytes;
  std::array<char, 64 * 1024> piece;
  for (;;) {
    Result<std::size_t> got = handle.feed->Read(piece.data(), piece.size());
    if (!got) return tl::unexpected<Error>(std::move(got.error().At(std::string_view(path))));
    if (*got == 0) return bytes;
    if (bytes.size() + *got > bytes_max) {
      handle.feed->Abandon();
      return Fail(ErrorCode::kTooLarge, "'{}' is too large: limit {} bytes", path, bytes_max);
    }
    bytes.append(piece.data(), *got);
  }
}

void SegmentFetcher::Cancel() {
  loop_.Post([this] {
    cancelled_ = true;
    const std::list<std::shared_ptr<Job>> jobs = jobs_;  // shared for the loop: FailJob() erases
    for (const auto& job : jobs) {
      if (job->fetch) {
        fetcher_.Cancel(*job->fetch);
      } else {
        FailJob(job, SegmentOutcome::kCancelled,
                Error(ErrorCode::kCancelled, "stopped on request"));
      }
    }
  });
}

SegmentFetcherCounts SegmentFetcher::counts() const {
  const std::lock_guard lock(counts_mutex_);
  return counts_;
}

void SegmentFetcher::Publish() {
  const std::lock_guard lock(counts_mutex_);
  counts_ = {gate_.counts(), bodies_resumed_, body_bytes_};
}

// --- on the network thread ----------------------------------------------------------------------

void SegmentFetcher::Begin(const std::shared_ptr<Job>& job) {
  if (job->ended) return;
  if (job->transfer.feed().abandoned()) {
    FailJob(job, SegmentOutcome::kCancelled, Error(ErrorCode::kCancelled, "not wanted any more"));
    return;
  }
  const UnixMillis now = clock_.Now();
  const Result<OriginGate::Answer> answer = gate_.Ask(now);
  if (!answer) {
    FailJob(job, SegmentOutcome::kFailed, answer.error());
    return;
  }
  UnixMillis at = answer->at;
  switch (answer->turn) {
    case OriginGate::Turn::kGo:
      Send(job);
      return;
    case OriginGate::Turn::kProbe:
      SendProbe();
      at = now + 100;
      break;
    case OriginGate::Turn::kWait:
      break;
  }
  // Looks at least once a second, so that a reader that went away is noticed.
  const std::int64_t wait = std::clamp<std::int64_t>(at - now, 1, 1000);
  loop_.After(std::chrono::milliseconds(wait), [this, job] { Begin(job); });
}

void SegmentFetcher::Send(const std::shared_ptr<Job>& job) {
  Result<TargetUrl> url = TargetUrl::Parse(options_.mirror.At(job->transfer.path()));
  if (!url) {
    FailJob(job, SegmentOutcome::kFailed, url.error());
    return;
  }
  FetchRequest request;
  request.url = std::move(*url);
  request.fields = job->transfer.Fields();
  request.deadlines = options_.deadlines;
  request.deadlines.total = std::chrono::milliseconds(0);
  request.stream = true;
  request.accept_codings = false;
  if (job->transfer.GoesOn()) ++bodies_resumed_;
  job->transfer.OnStart();
  auto handler = std::make_unique<Handler>(*this, job);
  job->fetch = fetcher_.Start(std::move(request), std::move(handler));
  Publish();
}

void SegmentFetcher::SendProbe() {
  Result<TargetUrl> url = TargetUrl::Parse(options_.mirror.At(options_.probe_path));
  if (!url) {
    gate_.ProbePassed();  // nothing to probe with
    return;
  }
  FetchRequest request;
  request.url = std::move(*url);
  request.deadlines = options_.deadlines;
  request.stream = true;
  request.accept_codings = false;
  auto handler = std::make_unique<ProbeHandler>(*this);
  fetcher_.Start(std::move(request), std::move(handler));
}

void SegmentFetcher::ProbeDone(const FetchResult& result, std::uint16_t status,
                               std::optional<std::int64_t> retry_after_ms) {
  const UnixMillis now = clock_.Now();
  if (status == 403) {
    Ignore(gate_.Blocked(now), "the next Ask() meets the same lease");
  } else if (result.ok() && status == 200) {
    gate_.ProbePassed();
  } else {
    Ignore(gate_.Refused(now, retry_after_ms), "the next Ask() meets the same lease");
  }
  Publish();
}

void SegmentFetcher::Done(const std::shared_ptr<Job>& job, const FetchResult& result) {
  job->fetch.reset();
  const UnixMillis now = clock_.Now();
  const SegmentTransfer::Next next = job->transfer.OnDone(result, gate_.blocks_passed());
  if (job->transfer.answered_well()) gate_.Good();
  switch (next) {
    case SegmentTransfer::Next::kEnd:
      End(job);
      return;
    case SegmentTransfer::Next::kAgain:
      break;
    case SegmentTransfer::Next::kRefused:
      Ignore(gate_.Refused(now, job->transfer.retry_after_ms()), "Ask() meets the same lease");
      break;
    case SegmentTransfer::Next::kBlocked:
      Ignore(gate_.Blocked(now), "Ask() meets the same lease");
      break;
  }
  Publish();
  if (cancelled_) {
    FailJob(job, SegmentOutcome::kCancelled, Error(ErrorCode::kCancelled, "stopped on request"));
    return;
  }
  Begin(job);
}

void SegmentFetcher::FailJob(const std::shared_ptr<Job>& job, SegmentOutcome outcome, Error error) {
  job->transfer.Fail(outcome, std::move(error));
  End(job);
}

void SegmentFetcher::End(const std::shared_ptr<Job>& job) {
  // The outcome first: the reader looks at it when the feed has ended.
  job->outcome->store(job->transfer.outcome());
  Publish();
  job->transfer.CloseFeed();
  job->ended = true;
  jobs_.remove(job);
}

}  // namespace crawlcard::crawler
