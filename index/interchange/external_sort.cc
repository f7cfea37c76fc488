#include "index/interchange/external_sort.h"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <queue>
#include <utility>

#include <fcntl.h>
#include <unistd.h>

#include "base/file.h"
#include "index/interchange/limits.h"

namespace crawlcard::index {
namespace {

constexpr std::size_t kLengthBytes = 4;

tl::unexpected<Error> Failed(std::string_view what, const std::string& directory) {
  return Fail(ErrorCode::kIo, "cannot {} a sort in '{}': {}", what, directory,
              std::strerror(errno));
}

}  // namespace

// --- runs ---------------------------------------------------------------------------------------

// One sorted run on disk: four bytes of length (as this machine has them) and the bytes, again and
// again.
class ExternalSort::Run {
 public:
  Run(int fd, unsigned level, const std::string& directory)
      : level_(level), fd_(fd), directory_(directory) {}
  ~Run() { ::close(fd_); }
  Run(const Run&) = delete;
  Run& operator=(const Run&) = delete;

  static Result<std::unique_ptr<Run>> Make(const std::string& directory, unsigned level) {
    std::string path = directory + "/crawlcard-sort-XXXXXX";
    const int fd = ::mkostemp(path.data(), O_CLOEXEC);
    if (fd < 0) return Failed("begin", directory);
    ::unlink(path.c_str());
    return std::make_unique<Run>(fd, level, directory);
  }

  int fd() const { return fd_; }
  unsigned level() const { return level_; }
  std::string_view record() const {
    return std::string_view(buffer_).substr(at_ + kLengthBytes, record_bytes_);
  }

  // Moves to the next record; false at the end.
  Result<bool> Next() {
    at_ += has_record_ ? kLengthBytes + record_bytes_ : 0;
    has_record_ = false;
    CRAWLCARD_TRY(Fill(kLengthBytes));
    if (buffer_.size() == at_) return false;
    std::uint32_t bytes = 0;
    if (buffer_.size() - at_ < kLengthBytes) return Failed("read all of", directory_);
    std::memcpy(&bytes, buffer_.data() + at_, kLengthBytes);
    CRAWLCARD_TRY(Fill(kLengthBytes + bytes));
    if (buffer_.size() - at_ < kLengthBytes + bytes) return Failed("read all of", directory_);
    record_bytes_ = bytes;
    has_record_ = true;
    return true;
  }

 private:
  Status Fill(std::size_t want) {
    if (buffer_.size() - at_ >= want) return {};
    buffer_.erase(0, at_);
    at_ = 0;
    while (buffer_.size() < want) {
      const std::size_t had = buffer_.size();
      buffer_.resize(std::max(want, limits::kSortRunBufferBytes));
      const ssize_t got =
          ::pread(fd_, buffer_.data() + had, buffer_.size() - had, static_cast<off_t>(offset_));
      buffer_.resize(had + static_cast<std::size_t>(std::max<ssize_t>(got, 0)));
      if (got < 0 && errno != EINTR) return Failed("read", directory_);
      if (got == 0) break;
      if (got > 0) offset_ += static_cast<std::uint64_t>(got);
    }
    return {};
  }

  const unsigned level_;
  const int fd_;
  const std::string& directory_;
  std::string buffer_;
  std::size_t at_ = 0;
  std::size_t record_bytes_ = 0;
  bool has_record_ = false;
  std::uint64_t offset_ = 0;  // of the next byte to read
};

class ExternalSort::RunWriter {
 public:
  RunWriter(int fd, const std::string& directory) : fd_(fd), directory_(directory) {}

  Status Put(std::string_view record) {
    const auto bytes = static_cast<std::uint32_t>(record.size());
    buffer_.append(reinterpret_cast<const char*>(&bytes), kLengthBytes);
    buffer_.append(record);
    return buffer_.size() < limits::kSortRunBufferBytes ? Status() : Finish();
  }

  Status Finish() {
    if (!WriteAll(fd_, buffer_)) return Failed("write", directory_);
    buffer_.clear();
    return {};
  }

 private:
  const int fd_;
  const std::string& directory_;
  std::string buffer_;
};

// --- the sort -----------------------------------------------------------------------------------

ExternalSort::ExternalSort(std::string directory, std::size_t bytes)
    : directory_(std::move(directory)), bytes_(std::max(bytes, limits::kSortBytesMin)) {}

ExternalSort::~ExternalSort() = default;

Status ExternalSort::Add(std::string_view record) {
  if (record.size() > limits::kSortRecordBytesMax) {
    return Fail(ErrorCode::kTooLarge, "a record of {} bytes cannot be sorted, limit {}",
                record.size(), limits::kSortRecordBytesMax);
  }
  // A growing buffer is there twice while it is copied.
  const std::size_t used = 2 * records_.size() + 2 * places_.size() * sizeof(Place);
  if (!places_.empty() && used + record.size() > bytes_) CRAWLCARD_TRY(Spill());
  places_.push_back({records_.size(), record.size()});
  records_.append(record);
  ++size_;
  return {};
}

void ExternalSort::SortRecords() {
  std::sort(places_.begin(), places_.end(),
            [this](const Place& a, const Place& b) { return RecordAt(a) < RecordAt(b); });
}

Status ExternalSort::Spill() {
  SortRecords();
  CRAWLCARD_ASSIGN(std::unique_ptr<Run> run, Run::Make(directory_, 0));
  RunWriter writer(run->fd(), directory_);
  for (const Place& place : places_) CRAWLCARD_TRY(writer.Put(RecordAt(place)));
  CRAWLCARD_TRY(writer.Finish());
  runs_.push_back(std::move(run));
  ++runs_written_;
  records_.clear();
  places_.clear();
  return MergeSmallRuns();
}

// Runs of one level are merged into one of the next, so that each record is written as often as
// there are levels: twice for thousands of runs.
Status ExternalSort::MergeSmallRuns() {
  for (;;) {
    const unsigned level = runs_.back()->level();
    const auto first = std::find_if(runs_.begin(), runs_.end(),
                                    [&](const auto& run) { return run->level() == level; });
    if (static_cast<std::size_t>(runs_.end() - first) < limits::kSortRunsMax) return {};
    std::vector<std::unique_ptr<Run>> small;
    std::move(first, runs_.end(), std::back_inserter(small));
    runs_.erase(first, runs_.end());
    CRAWLCARD_ASSIGN(std::unique_ptr<Run> merged, Run::Make(directory_, level + 1));
    RunWriter writer(merged->fd(), directory_);
    CRAWLCARD_TRY(Merge(small, [&](std::string_view record) { return writer.Put(record); }));
    CRAWLCARD_TRY(writer.Finish());
    runs_.push_back(std::move(merged));
    ++runs_written_;
  }
}

Status ExternalSort::Merge(std::vector<std::unique_ptr<Run>>& runs,
                           const std::function<Status(std::string_view)>& on_record) {
  const auto later = [](const Run* a, const Run* b) { return b->record() < a->record(); };
  std::priority_queue<Run*, std::vector<Run*>, decltype(later)> next(later);
  for (const std::unique_ptr<Run>& run : runs) {
    CRAWLCARD_ASSIGN(const bool has_record, run->Next());
    if (has_record) next.push(run.get());
  }
  while (!next.empty()) {
    Run* run = next.top();
    next.pop();
    CRAWLCARD_TRY(on_record(run->record()));
    CRAWLCARD_ASSIGN(const bool has_record, run->Next());
    if (has_record) next.push(run);
  }
  return {};
}

Status ExternalSort::Drain(const std::function<Status(std::string_view)>& on_record) {
  size_ = 0;
  if (runs_.empty()) {
    SortRecords();
    for (const Place& place : places_) CRAWLCARD_TRY(on_record(RecordAt(place)));
    records_.clear();
    places_.clear();
    return {};
  }
  if (!places_.empty()) CRAWLCARD_TRY(Spill());
  CRAWLCARD_TRY(Merge(runs_, on_record));
  runs_.clear();
  return {};
}

}  // namespace crawlcard::index
