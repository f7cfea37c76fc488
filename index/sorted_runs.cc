#include "index/internal/sorted_runs.h"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <utility>

#include <fcntl.h>
#include <unistd.h>

#include "base/file_system.h"

namespace crawlcard::index {
namespace {

constexpr std::size_t kSizesBytes = 8;  // of head and value
constexpr std::size_t kPartitionBytes = 2;
constexpr std::size_t kPrefixBytes = kPartitionBytes + 1;
constexpr std::size_t kFileBytes = 8;
constexpr std::size_t kReadBytes = 256 * 1024;
constexpr std::size_t kWriteBytes = 1 << 20;
// What one Add() may bring beyond a full buffer, commonly.
constexpr std::size_t kBatchBytes = 2 << 20;
// Runs that are read side by side: with the buffers above, 16 MiB.
constexpr std::size_t kFanIn = 64;

void AppendNative32(std::size_t value, std::string& out) {
  const auto number = static_cast<std::uint32_t>(value);
  out.append(reinterpret_cast<const char*>(&number), sizeof(number));
}

std::uint32_t Native32(const char* at) {
  std::uint32_t number = 0;
  std::memcpy(&number, at, sizeof(number));
  return number;
}

struct Record {
  std::string_view head;
  std::string_view value;
  std::size_t bytes() const { return kSizesBytes + head.size() + value.size(); }
};

Record RecordAt(std::string_view bytes, std::size_t place) {
  const std::size_t head = Native32(bytes.data() + place);
  const std::size_t value = Native32(bytes.data() + place + 4);
  return {bytes.substr(place + kSizesBytes, head), bytes.substr(place + kSizesBytes + head, value)};
}

// Keys first: what follows a shorter one must not be compared with the rest of a longer one.
bool HeadBefore(std::string_view a, std::string_view b) {
  const std::string_view key_a = a.substr(0, a.size() - kFileBytes);
  const std::string_view key_b = b.substr(0, b.size() - kFileBytes);
  const int order = key_a.compare(key_b);
  return order != 0 ? order < 0 : a.substr(key_a.size()) < b.substr(key_b.size());
}

std::size_t PartitionOf(std::string_view head) {
  return static_cast<std::size_t>(static_cast<unsigned char>(head[0])) << 8 |
         static_cast<unsigned char>(head[1]);
}

// One sorted sequence of records, in memory or in a file.
class RunReader {
 public:
  virtual ~RunReader() = default;
  // False at the end.
  virtual Result<bool> Next() = 0;
  const Record& record() const { return record_; }

 protected:
  Record record_;
};

class MemoryReader final : public RunReader {
 public:
  MemoryReader(std::string_view bytes, const std::uint64_t* begin, const std::uint64_t* end)
      : bytes_(bytes), at_(begin), end_(end) {}

  Result<bool> Next() override {
    if (at_ == end_) return false;
    record_ = RecordAt(bytes_, *at_++);
    return true;
  }

 private:
  std::string_view bytes_;
  const std::uint64_t* at_;
  const std::uint64_t* end_;
};

class FileReader final : public RunReader {
 public:
  // Borrows the descriptor; several readers share it.
  FileReader(int fd, std::uint64_t begin, std::uint64_t end) : fd_(fd), at_(begin), end_(end) {}

  Result<bool> Next() override {
    used_ += std::exchange(record_bytes_, 0);
    if (buffer_.size() == used_ && at_ == end_) return false;
    CRAWLCARD_TRY(Need(kSizesBytes));
    const char* sizes = buffer_.data() + used_;
    record_bytes_ = kSizesBytes + Native32(sizes) + Native32(sizes + 4);
    CRAWLCARD_TRY(Need(record_bytes_));
    record_ = RecordAt(buffer_, used_);
    return true;
  }

 private:
  Status Need(std::size_t bytes) {
    if (buffer_.size() - used_ >= bytes) return {};
    buffer_.erase(0, used_);
    used_ = 0;
    while (buffer_.size() < bytes) {
      const std::size_t have = buffer_.size();
      const std::size_t want = static_cast<std::size_t>(
          std::min<std::uint64_t>(std::max(kReadBytes, bytes - have), end_ - at_));
      buffer_.resize(have + want);
      const ssize_t got = ::pread(fd_, buffer_.data() + have, want, static_cast<off_t>(at_));
      if (got <= 0) {
        return Fail(ErrorCode::kIo, "cannot read a sorted run: {}",
                    got < 0 ? std::strerror(errno) : "it is cut");
      }
      buffer_.resize(have + static_cast<std::size_t>(got));
      at_ += static_cast<std::uint64_t>(got);
    }
    return {};
  }

  int fd_;
  std::uint64_t at_;  // of the next byte to read
  std::uint64_t end_;
  std::string buffer_;
  std::size_t used_ = 0;
  std::size_t record_bytes_ = 0;
};

// Hands out the records of all readers in order.
template <class OnRecord>
Status MergeReaders(std::vector<std::unique_ptr<RunReader>> readers, const OnRecord& on_record) {
  const auto later = [](const RunReader* a, const RunReader* b) {
    return HeadBefore(b->record().head, a->record().head);
  };
  std::vector<RunReader*> heap;
  for (const auto& reader : readers) {
    CRAWLCARD_ASSIGN(const bool more, reader->Next());
    if (more) heap.push_back(reader.get());
  }
  std::make_heap(heap.begin(), heap.end(), later);
  while (!heap.empty()) {
    std::pop_heap(heap.begin(), heap.end(), later);
    RunReader* const least = heap.back();
    // Neighbours often come from one run: no turn of the heap while it stays the least.
    for (;;) {
      CRAWLCARD_TRY(on_record(least->record()));
      CRAWLCARD_ASSIGN(const bool more, least->Next());
      if (!more) {
        heap.pop_back();
        break;
      }
      if (heap.size() > 1 && later(least, heap.front())) {
        std::push_heap(heap.begin(), heap.end(), later);
        break;
      }
    }
  }
  return {};
}

}  // namespace

// --- one buffer ---------------------------------------------------------------------------------

void SortedRuns::Buffer::Put(std::size_t partition, const Row& row) {
  places_.push_back(bytes_.size());
  AppendNative32(kPrefixBytes + row.key.size() + kFileBytes, bytes_);
  AppendNative32(row.value.size(), bytes_);
  bytes_.push_back(static_cast<char>(partition >> 8));
  bytes_.push_back(static_cast<char>(partition));
  bytes_.push_back(static_cast<char>(row.family));
  bytes_.append(row.key);
  for (int shift = 56; shift >= 0; shift -= 8) {
    bytes_.push_back(static_cast<char>(row.file_id >> shift));
  }
  bytes_.append(row.value);
}

void SortedRuns::Buffer::Sort() {
  const std::string_view bytes = bytes_;
  std::sort(places_.begin(), places_.end(), [bytes](std::uint64_t a, std::uint64_t b) {
    return HeadBefore(RecordAt(bytes, a).head, RecordAt(bytes, b).head);
  });
}

// --- one run ------------------------------------------------------------------------------------

struct SortedRuns::Run {
  explicit Run(std::string run_path) : path(std::move(run_path)) {}
  ~Run() {
    if (fd >= 0) ::close(fd);
    Ignore(DiskFileSystem().Remove(path), "what is left is removed with the directory");
  }
  Run(const Run&) = delete;
  Run& operator=(const Run&) = delete;

  Status Put(const Record& record) {
    const std::size_t partition = PartitionOf(record.head);
    while (starts.size() <= partition) starts.push_back(bytes);
    AppendNative32(record.head.size(), pending);
    AppendNative32(record.value.size(), pending);
    pending.append(record.head).append(record.value);
    bytes += record.bytes();
    return pending.size() < kWriteBytes ? Status() : Write();
  }
  Status Write() {
    CRAWLCARD_TRY(out->Append(pending));
    pending.clear();
    return {};
  }
  Status Finish(std::size_t partitions) {
    CRAWLCARD_TRY(Write());
    while (starts.size() <= partitions) starts.push_back(bytes);
    out.reset();
    pending = {};
    fd = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
    if (fd >= 0) return {};
    return Fail(ErrorCode::kIo, "cannot open '{}': {}", path, std::strerror(errno));
  }

  const std::string path;
  std::unique_ptr<OutputFile> out;
  std::string pending;
  std::uint64_t bytes = 0;
  std::vector<std::uint64_t> starts;  // of each partition, and the end
  int fd = -1;
  int level = 0;
};

Result<std::unique_ptr<SortedRuns::Run>> SortedRuns::NewRun() {
  std::string path;
  {
    const std::lock_guard lock(mutex_);
    path = fmt::format("{}/run{:06}", directory_, ++files_made_);
  }
  CRAWLCARD_TRY(DiskFileSystem().MakeDirectories(directory_));
  auto run = std::make_unique<Run>(path);
  CRAWLCARD_ASSIGN(run->out, DiskFileSystem().Create(path));
  return run;
}

// --- all of them --------------------------------------------------------------------------------

SortedRuns::SortedRuns(std::string directory, std::size_t memory_bytes, unsigned buffers,
                       std::size_t partitions)
    : directory_(std::move(directory)),
      buffer_bytes_(memory_bytes / std::max(buffers, 1U)),
      partitions_(partitions) {
  for (unsigned i = 0; i < std::max(buffers, 1U); ++i) {
    buffers_.push_back(std::make_unique<Buffer>());
    // Not touched before it is used, and never copied to grow.
    buffers_.back()->bytes_.reserve(buffer_bytes_ + kBatchBytes);
    free_.push_back(buffers_.back().get());
  }
}

SortedRuns::~SortedRuns() = default;

Status SortedRuns::Add(const std::function<void(Buffer&)>& feed) {
  Buffer* buffer = nullptr;
  {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [this] { return !free_.empty(); });
    // The one that was used last: with few rows the others stay empty.
    buffer = free_.back();
    free_.pop_back();
  }
  const std::size_t before = buffer->places_.size();
  feed(*buffer);
  const std::size_t added = buffer->places_.size() - before;
  Status status;
  if (buffer->bytes() >= buffer_bytes_) status = Spill(*buffer);
  const std::lock_guard lock(mutex_);
  rows_ += added;
  free_.push_back(buffer);
  changed_.notify_one();
  return status;
}

Status SortedRuns::Spill(Buffer& buffer) {
  buffer.Sort();
  CRAWLCARD_ASSIGN(std::unique_ptr<Run> run, NewRun());
  for (const std::uint64_t place : buffer.places_) {
    CRAWLCARD_TRY(run->Put(RecordAt(buffer.bytes_, place)));
  }
  CRAWLCARD_TRY(run->Finish(partitions_));
  buffer.bytes_.clear();
  buffer.places_.clear();
  std::unique_lock lock(mutex_);
  ++spills_;
  runs_.push_back(std::move(run));
  return MergeSpilled(lock);
}

// Merges runs of one level when there are as many as can be read at once. Keeps all rows: which of
// them count is decided at the end.
Status SortedRuns::MergeSpilled(std::unique_lock<std::mutex>& lock) {
  for (int level = 0;; ++level) {
    std::vector<std::unique_ptr<Run>> chosen;
    const auto is_of_level = [level](const auto& run) { return run->level == level; };
    const auto count = std::count_if(runs_.begin(), runs_.end(), is_of_level);
    if (static_cast<std::size_t>(count) < kFanIn) return {};
    for (auto& run : runs_) {
      if (is_of_level(run)) chosen.push_back(std::move(run));
    }
    std::erase(runs_, nullptr);
    lock.unlock();
    CRAWLCARD_ASSIGN(std::unique_ptr<Run> merged, NewRun());
    std::vector<std::unique_ptr<RunReader>> readers;
    for (const auto& run : chosen) {
      readers.push_back(std::make_unique<FileReader>(run->fd, 0, run->bytes));
    }
    CRAWLCARD_TRY(MergeReaders(std::move(readers),
                               [&](const Record& record) { return merged->Put(record); }));
    CRAWLCARD_TRY(merged->Finish(partitions_));
    merged->level = level + 1;
    chosen.clear();
    lock.lock();
    runs_.push_back(std::move(merged));
  }
}

Status SortedRuns::Seal() {
  for (const auto& buffer : buffers_) {
    // Beside spilled runs, what is in memory stays there: it is within its bound.
    buffer->Sort();
  }
  return {};
}

Status SortedRuns::ForEach(std::size_t partition,
                           const std::function<Status(const Row&)>& on_row) const {
  std::vector<std::unique_ptr<RunReader>> readers;
  for (const auto& run : runs_) {
    readers.push_back(
        std::make_unique<FileReader>(run->fd, run->starts[partition], run->starts[partition + 1]));
  }
  for (const auto& buffer : buffers_) {
    const std::string_view bytes = buffer->bytes_;
    const auto before = [bytes](std::uint64_t place, std::size_t number) {
      return PartitionOf(RecordAt(bytes, place).head) < number;
    };
    const auto& places = buffer->places_;
    const auto begin = std::lower_bound(places.begin(), places.end(), partition, before);
    const auto end = std::lower_bound(begin, places.end(), partition + 1, before);
    readers.push_back(std::make_unique<MemoryReader>(
        bytes, places.data() + (begin - places.begin()), places.data() + (end - places.begin())));
  }
  return MergeReaders(std::move(readers), [&](const Record& record) {
    Row row;
    row.family = static_cast<Family>(record.head[kPartitionBytes]);
    row.key = record.head.substr(kPrefixBytes, record.head.size() - kPrefixBytes - kFileBytes);
    for (const char c : record.head.substr(record.head.size() - kFileBytes)) {
      row.file_id = row.file_id << 8 | static_cast<std::uint8_t>(c);
    }
    row.value = record.value;
    return on_row(row);
  });
}

}  // namespace crawlcard::index
