// index/ingest/split_file.h - one archive file read by as many workers as are free, with the result
// of one worker that reads it from front to back.
//
// The file is cut every `stretch_bytes`. Who reads a stretch guesses its first capture: a member or
// frame that unpacks to the start of a record. The guess becomes certain only when the reader of
// the stretch before it arrives, member by member, at exactly that offset; else that reader reads
// on, and the guess is dropped with all that was made of it.
//
//   cut         0           1           2           3
//   file        |-----------|--r--------|---r-------|--------   r: first capture behind the cut
//   stretch 0   =============>|
//   stretch 1                 =============>|                    certain when 0 ends at its start
//   stretch 2                               = ...
//
// What only the front can know waits until the stretch is certain: damage, output, the counts.
// docs/decisions/0007-one-file-many-workers.md tells why the result cannot differ.
//
// Thread rule: Run() on one thread; workers of the crew join in.
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string_view>
#include <vector>

#include "base/file.h"
#include "base/result.h"
#include "index/ingest/capture_sink.h"
#include "index/ingest/crew.h"
#include "index/ingest/observe.h"
#include "index/limits.h"
#include "warc/reader.h"

namespace crawlcard::index {

struct SplitOptions {
  // Affects speed and memory, never facts.
  std::uint64_t stretch_bytes = limits::kStretchBytes;
  std::size_t held_bytes_max = limits::kStretchHeldBytesMax;  // then a guessed stretch waits
  unsigned guesses_max = 1;  // stretches at work or done that are not certain yet
};

struct SplitHandlers {
  // Makes the sink of a stretch. Any thread.
  std::function<std::unique_ptr<CaptureSink>()> new_sink;
  // In file order, one at a time.
  std::function<void(const Error&)> on_damage;
  // Records and source bytes that became certain since the last call. Any thread. May be empty.
  std::function<void(std::uint64_t records, std::uint64_t bytes)> on_progress;
  // The file up to this offset has been read. In file order, one at a time. May be empty.
  std::function<Status(std::uint64_t offset)> on_read;
  // Asked before each record by any thread; true stops with kCancelled. May be empty.
  std::function<bool()> stop_requested;
};

class SplitFile {
 public:
  // Borrows all but the two options. `source` stands at its start; after Run() returns, or within
  // on_read, nothing else reads from it.
  SplitFile(Crew& crew, FileSource& source, std::string_view file_name,
            const ObserveFileOptions& observe, const SplitOptions& options,
            const SplitHandlers& handlers);

  // As ObserveFile().
  [[nodiscard]] Result<ObservedFile> Run();

 private:
  friend class Crew;
  friend class StretchReader;

  struct Stretch {
    enum class State : std::uint8_t {
      kSearching,  // its start is looked for
      kNone,       // none was found, or another stretch reads it
      kReading,
      kEnded,
    };
    explicit Stretch(std::size_t number) : index(number), next(number + 1) {}

    const std::size_t index;
    // Guarded by the crew's lock.
    State state = State::kSearching;
    std::uint64_t start = 0;
    std::size_t next;                     // the stretch that may begin where this one ends
    std::optional<std::size_t> follower;  // it does; none: read to the end of the file
    // Written under the lock, read without.
    std::atomic<bool> is_certain{false};
    std::atomic<bool> is_dropped{false};
    // What the units before it mean for searches; fixed when it becomes certain.
    warc::Reader::Memory before;
    // Of the thread that reads it, then of the one that settles it.
    std::unique_ptr<CaptureSink> sink;
    bool is_released = false;
    Status status;
    ObservedFile observed;
    warc::Reader::Memory memory;
    std::uint64_t end = 0;
    std::uint64_t reported_records = 0;
    std::uint64_t reported_bytes = 0;  // from its start
  };

  // What a reader does when it meets the start of a capture behind its cut.
  enum class Meeting : std::uint8_t { kReadOn, kEnd, kDropped };

  Result<ObservedFile> RunCdx();
  Result<ObservedFile> RunTakedowns();
  Status Plan();
  std::uint64_t CutAt(std::size_t index) const { return index * options_.stretch_bytes; }
  Stretch* ClaimLocked();
  bool HelpLocked(std::unique_lock<std::mutex>& lock);
  void Work(Stretch& stretch);
  Status Read(Stretch& stretch, ByteSource& source);
  void Settle(Stretch& stretch);
  Status Pass(Stretch& stretch);
  void End(Status status);
  void DropLocked(Stretch& stretch);
  void ReportProgress(Stretch& stretch, std::uint64_t records, std::uint64_t position);

  // Called by readers.
  void SetStart(Stretch& stretch, std::uint64_t start);
  Meeting Meet(Stretch& stretch, std::uint64_t offset, bool is_bound, std::uint64_t& check_from);
  bool AwaitCertainty(Stretch& stretch);

  Crew& crew_;
  FileSource& source_;
  const std::string_view file_name_;
  const ObserveFileOptions observe_;
  const SplitOptions options_;
  const SplitHandlers& handlers_;

  // Guarded by the crew's lock.
  std::vector<std::unique_ptr<Stretch>> stretches_;  // by index; empty: nobody began it
  std::size_t claimed_ = 0;                          // stretches below are begun
  unsigned guesses_ = 0;                             // begun, not dropped and not certain
  unsigned inside_ = 0;                              // threads that read
  bool is_done_ = false;

  // Of the thread that settles.
  Status status_;
  ObservedFile observed_;
  warc::Reader::Memory memory_;
};

}  // namespace crawlcard::index
