#include "index/ingest/split_file.h"

#include <algorithm>
#include <utility>

#include "index/ingest/cdx_file.h"
#include "index/ingest/stretch_reader.h"
#include "index/ingest/takedown_file.h"

namespace crawlcard::index {
namespace {

constexpr std::string_view kGzipMagic("\x1f\x8b", 2);
constexpr std::string_view kZstdMagic("\x28\xb5\x2f\xfd", 4);
// RFC 8878 section 3.1.2: a skippable frame, which may hold a dictionary.
constexpr std::string_view kSkippableMagicEnd("\x2a\x4d\x18", 3);

// Only units that are compressed one by one can be found from the middle of a file.
bool StartsCompressed(std::string_view bytes) {
  return bytes.starts_with(kGzipMagic) || bytes.starts_with(kZstdMagic) ||
         (!bytes.empty() && bytes.substr(1).starts_with(kSkippableMagicEnd));
}

void MergeInfo(FileInfo&& from, FileInfo& to) {
  for (std::string FileInfo::*field :
       {&FileInfo::is_part_of, &FileInfo::software, &FileInfo::robots, &FileInfo::operator_name,
        &FileInfo::user_agent, &FileInfo::description}) {
    if ((to.*field).empty()) to.*field = std::move(from.*field);
  }
}

}  // namespace

SplitFile::SplitFile(Crew& crew, FileSource& source, std::string_view file_name,
                     const ObserveFileOptions& observe, const SplitOptions& options,
                     const SplitHandlers& handlers)
    : crew_(crew),
      source_(source),
      file_name_(file_name),
      observe_(observe),
      options_(options),
      handlers_(handlers) {}

// A file that cannot be cut is one stretch.
Status SplitFile::Plan() {
  std::uint64_t count = 1;
  if (source_.size() && options_.stretch_bytes > 0) {
    CRAWLCARD_ASSIGN(const std::string_view start, source_.Peek(1));
    if (StartsCompressed(start)) {
      count = std::max<std::uint64_t>(*source_.size() / options_.stretch_bytes, 1);
    }
  }
  stretches_.resize(static_cast<std::size_t>(count));
  stretches_[0] = std::make_unique<Stretch>(0);
  stretches_[0]->state = Stretch::State::kReading;
  stretches_[0]->is_certain.store(true);
  claimed_ = 1;
  return {};
}

// Lines are short and quick to read: one worker does it.
Result<ObservedFile> SplitFile::RunCdx() {
  const std::unique_ptr<CaptureSink> sink = handlers_.new_sink();
  CRAWLCARD_TRY(sink->Release());
  std::uint64_t records = 0;
  std::uint64_t position = 0;
  const auto report = [&] {
    if (handlers_.on_progress) {
      handlers_.on_progress(std::exchange(records, 0),
                            source_.position() - std::exchange(position, source_.position()));
    }
  };
  ObserveHandlers handlers;
  handlers.on_capture = [&](const CaptureView& capture) {
    constexpr std::uint64_t kProgressRecords = 1000;
    if (++records == kProgressRecords) report();
    return sink->Take(capture);
  };
  handlers.on_damage = handlers_.on_damage;
  handlers.stop_requested = handlers_.stop_requested;
  CRAWLCARD_ASSIGN(ObservedFile observed, ObserveCdxFile(source_, file_name_, observe_, handlers));
  report();
  CRAWLCARD_TRY(sink->Close());
  if (handlers_.on_read) CRAWLCARD_TRY(handlers_.on_read(source_.position()));
  return observed;
}

Result<ObservedFile> SplitFile::RunTakedowns() {
  const std::unique_ptr<CaptureSink> sink = handlers_.new_sink();
  CRAWLCARD_TRY(sink->Release());
  ObserveHandlers handlers;
  handlers.on_damage = handlers_.on_damage;
  handlers.stop_requested = handlers_.stop_requested;
  const auto take = [&sink](const Takedown& request, const warc::Extent& place) {
    return sink->TakeRequest(request, place);
  };
  CRAWLCARD_ASSIGN(ObservedFile observed, ObserveTakedownFile(source_, file_name_, handlers, take));
  if (handlers_.on_progress) handlers_.on_progress(observed.counts.records, source_.position());
  CRAWLCARD_TRY(sink->Close());
  if (handlers_.on_read) CRAWLCARD_TRY(handlers_.on_read(source_.position()));
  return observed;
}

Result<ObservedFile> SplitFile::Run() {
  CRAWLCARD_ASSIGN(const bool is_cdx, IsCdxFile(source_));
  if (is_cdx) return RunCdx();
  CRAWLCARD_ASSIGN(const bool is_takedowns, IsTakedownFile(source_));
  if (is_takedowns) return RunTakedowns();
  CRAWLCARD_TRY(Plan());
  std::unique_lock lock(crew_.mutex_);
  crew_.files_.push_back(this);
  crew_.changed_.notify_all();
  lock.unlock();
  Work(*stretches_[0]);
  lock.lock();
  while (!is_done_ || inside_ > 0) {
    if (!HelpLocked(lock)) crew_.changed_.wait(lock);
  }
  std::erase(crew_.files_, this);
  lock.unlock();
  if (!status_) return tl::unexpected(std::move(status_.error()));
  return std::move(observed_);
}

SplitFile::Stretch* SplitFile::ClaimLocked() {
  if (is_done_ || claimed_ == stretches_.size() || guesses_ >= options_.guesses_max) {
    return nullptr;
  }
  const std::size_t index = claimed_++;
  stretches_[index] = std::make_unique<Stretch>(index);
  ++guesses_;
  return stretches_[index].get();
}

// Reads one more stretch, if there is one. `lock` is held before and after, not meanwhile.
bool SplitFile::HelpLocked(std::unique_lock<std::mutex>& lock) {
  Stretch* stretch = ClaimLocked();
  if (stretch == nullptr) return false;
  ++inside_;
  lock.unlock();
  Work(*stretch);
  lock.lock();
  --inside_;
  crew_.changed_.notify_all();
  return true;
}

void SplitFile::Work(Stretch& stretch) {
  stretch.sink = handlers_.new_sink();
  if (stretch.index == 0) {
    stretch.status = Read(stretch, source_);
  } else {
    Result<std::unique_ptr<FileSource>> source = source_.At(CutAt(stretch.index));
    stretch.status =
        source ? Read(stretch, **source) : tl::unexpected<Error>(std::move(source.error()));
  }
  {
    const std::lock_guard lock(crew_.mutex_);
    if (stretch.state == Stretch::State::kSearching) {
      stretch.state = Stretch::State::kNone;
      if (!stretch.is_dropped) --guesses_;
    } else {
      stretch.state = Stretch::State::kEnded;
    }
    crew_.changed_.notify_all();
    if (!stretch.is_certain || stretch.is_dropped) {
      if (stretch.is_dropped) stretch.sink.reset();
      return;
    }
  }
  Settle(stretch);
}

Status SplitFile::Read(Stretch& stretch, ByteSource& source) {
  return StretchReader(*this, stretch, source).Run();
}

// --- what readers ask ---------------------------------------------------------------------------

void SplitFile::SetStart(Stretch& stretch, std::uint64_t start) {
  const std::lock_guard lock(crew_.mutex_);
  stretch.start = start;
  stretch.state = Stretch::State::kReading;
  crew_.changed_.notify_all();
}

bool SplitFile::AwaitCertainty(Stretch& stretch) {
  if (stretch.is_certain.load(std::memory_order_acquire)) return true;
  std::unique_lock lock(crew_.mutex_);
  crew_.changed_.wait(lock, [&] { return stretch.is_certain || stretch.is_dropped; });
  return stretch.is_certain;
}

// `stretch` has arrived at a capture at `offset`. Decides which stretches behind it come into
// question: those that nobody has begun are read by this one; those whose start was passed were
// wrong guesses, which only a certain reader may say. `is_bound` is true for a reader that knows a
// dictionary which no other one has.
SplitFile::Meeting SplitFile::Meet(Stretch& stretch, std::uint64_t offset, bool is_bound,
                                   std::uint64_t& check_from) {
  std::unique_lock lock(crew_.mutex_);
  for (;;) {
    if (stretch.is_dropped) return Meeting::kDropped;
    check_from = stretch.next < stretches_.size() ? CutAt(stretch.next) : UINT64_MAX;
    if (offset < check_from) return Meeting::kReadOn;
    if (stretch.next == claimed_) {
      ++claimed_;
      ++stretch.next;
      continue;
    }
    Stretch* other = stretches_[stretch.next].get();
    if (other == nullptr || other->state == Stretch::State::kNone || other->is_dropped) {
      ++stretch.next;
      continue;
    }
    if (other->state != Stretch::State::kSearching && !is_bound) {
      check_from = other->start;
      if (offset < other->start) return Meeting::kReadOn;
      if (offset == other->start) {
        stretch.follower = other->index;
        return Meeting::kEnd;
      }
    }
    if (other->state != Stretch::State::kSearching && stretch.is_certain) {
      DropLocked(*other);
      ++stretch.next;
      continue;
    }
    crew_.changed_.wait(lock);
  }
}

void SplitFile::DropLocked(Stretch& stretch) {
  if (stretch.is_certain || stretch.is_dropped) return;
  stretch.is_dropped.store(true);
  if (stretch.state == Stretch::State::kEnded) stretch.sink.reset();
  if (stretch.state != Stretch::State::kNone) --guesses_;
  crew_.changed_.notify_all();
}

// --- in file order ------------------------------------------------------------------------------

void SplitFile::ReportProgress(Stretch& stretch, std::uint64_t records, std::uint64_t position) {
  if (!stretch.is_certain.load(std::memory_order_relaxed)) return;
  const std::uint64_t bytes = position - stretch.start;
  if (!handlers_.on_progress) {
    stretch.reported_bytes = bytes;
    return;
  }
  handlers_.on_progress(records - std::exchange(stretch.reported_records, records),
                        bytes - std::exchange(stretch.reported_bytes, bytes));
}

// Hands on what a certain stretch has made.
Status SplitFile::Pass(Stretch& stretch) {
  if (!stretch.is_released) CRAWLCARD_TRY(stretch.sink->Release());
  const Status closed = stretch.sink->Close();
  if (!stretch.status) return std::move(stretch.status);
  CRAWLCARD_TRY(closed);
  ReportProgress(stretch, stretch.observed.counts.records, stretch.end);
  stretch.sink.reset();
  observed_.counts.Add(stretch.observed.counts);
  MergeInfo(std::move(stretch.observed.info), observed_.info);
  memory_.Add(stretch.memory);
  return handlers_.on_read ? handlers_.on_read(stretch.end) : Status();
}

// Called for a certain stretch that has ended; goes on with those that follow and have ended too.
void SplitFile::Settle(Stretch& stretch) {
  for (Stretch* settled = &stretch;;) {
    Status passed = Pass(*settled);
    if (!passed || !settled->follower) {
      End(std::move(passed));
      return;
    }
    const std::lock_guard lock(crew_.mutex_);
    Stretch& follower = *stretches_[*settled->follower];
    // What was guessed between the two is not needed.
    for (std::size_t i = settled->index + 1; i < follower.index; ++i) {
      if (stretches_[i]) DropLocked(*stretches_[i]);
    }
    follower.before = memory_;
    follower.is_certain.store(true, std::memory_order_release);
    --guesses_;
    crew_.changed_.notify_all();
    if (follower.state != Stretch::State::kEnded) return;
    settled = &follower;
  }
}

void SplitFile::End(Status status) {
  const std::lock_guard lock(crew_.mutex_);
  status_ = std::move(status);
  for (const std::unique_ptr<Stretch>& stretch : stretches_) {
    if (stretch) DropLocked(*stretch);
  }
  is_done_ = true;
  crew_.changed_.notify_all();
}

}  // namespace crawlcard::index
