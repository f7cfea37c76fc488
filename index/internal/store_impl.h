// index/internal/store_impl.h - the RocksDB behind a Store, for the files of this room.
//
// DIR/p00000/ and on are the partitions: which one a row falls to is a hash of the registrable
// domain. A file of the ledger counts as sealed when every partition has sealed it.
// DIR/writer.lock is held by the process that writes and names it; DIR/tmp/ is emptied when an
// index is opened for writing.
//
// Thread rule: thread-safe, as rocksdb::DB is.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <rocksdb/db.h>
#include <rocksdb/write_batch.h>

#include "base/result.h"
#include "index/internal/file_table.h"
#include "index/internal/partition.h"
#include "index/limits.h"
#include "index/schema.h"
#include "index/store.h"
#include "index/takedown_table.h"
#include "robots/origin.h"

namespace crawlcard::index {

// Held while a process writes to an index directory.
class WriterLock {
 public:
  // Errors: kLocked with the process that holds it, kIo.
  [[nodiscard]] static Result<std::unique_ptr<WriterLock>> Take(const std::string& directory);
  ~WriterLock();
  WriterLock(const WriterLock&) = delete;
  WriterLock& operator=(const WriterLock&) = delete;

 private:
  explicit WriterLock(int fd) : fd_(fd) {}
  int fd_;
};

// What holds for one moment in every partition; released with its scope.
class ScopedSnapshot {
 public:
  explicit ScopedSnapshot(const Store::Impl& store);
  ~ScopedSnapshot();
  ScopedSnapshot(const ScopedSnapshot&) = delete;
  ScopedSnapshot& operator=(const ScopedSnapshot&) = delete;

  const ScopedSnapshot* get() const { return this; }
  // Null for read-only databases, which do not move.
  const rocksdb::Snapshot* of(std::size_t partition) const { return snapshots_[partition]; }

 private:
  const Store::Impl& store_;
  std::vector<const rocksdb::Snapshot*> snapshots_;  // by partition
};

class Store::Impl {
 public:
  Impl(std::string directory, OpenMode mode, const StoreOptions& options)
      : directory_(std::move(directory)),
        mode_(mode),
        options_(options),
        plan_(PlanMemory(options.memory_bytes)),
        resources_(mode, plan_) {}

  // Before Open(): takes its memory out of another's.
  void ShareWith(const Impl& other) {
    resources_.cache = other.resources_.cache;
    resources_.write_buffers = other.resources_.write_buffers;
  }
  [[nodiscard]] Status Open();

  const std::string& directory() const { return directory_; }
  bool writable() const { return mode_ != OpenMode::kRead; }
  // False when other fact code split the rows: its list of public suffixes may have been another.
  bool can_route() const { return can_route_; }
  // A directory on the disk of the index for files that are not part of it yet.
  std::string scratch() const { return directory_ + "/tmp"; }
  const MemoryPlan& plan() const { return plan_; }
  const DbResources& resources() const { return resources_; }

  std::size_t partition_count() const { return partitions_.size(); }
  Partition& partition(std::size_t i) const { return *partitions_[i]; }
  // Where the rows of a group (schema.h) are: all of a registrable domain in one place.
  std::size_t PartitionOfGroup(std::string_view group) const;
  // The same for a key of `pages` or `hosts`, or a prefix of one that holds its group.
  std::size_t PartitionOfKey(std::string_view key) const;

  // Rows of all partitions in key order; forward only. `snapshot` may be null.
  std::unique_ptr<rocksdb::Iterator> NewIterator(Family family, const ScopedSnapshot* snapshot,
                                                 bool fill_cache = false) const;
  // Rows of `pages` or `hosts` from `prefix` on, which holds their group; seeks to it.
  std::unique_ptr<rocksdb::Iterator> NewPrefixIterator(Family family,
                                                       std::string_view prefix) const;
  // Of `meta`. False when there is no such key.
  [[nodiscard]] Result<bool> GetMeta(std::string_view key, std::string& value_out) const;
  [[nodiscard]] Status PutMeta(const std::vector<std::pair<std::string, std::string>>& members);
  // Looks in partition `hint` first and leaves there where it was found.
  [[nodiscard]] Result<bool> GetBlob(std::string_view sha256, std::size_t& hint,
                                     std::string& value_out) const;
  // An entry that not every partition has sealed comes back unsealed.
  [[nodiscard]] Result<std::optional<FileEntry>> GetFile(std::uint64_t id) const;
  [[nodiscard]] Status Flush();

  // The ledger as it stands now; with `known_by` only files that were sealed by then count as
  // sealed. A store that is open for reading does not move: the ledger is read once for all callers
  // that ask for the same instant.
  [[nodiscard]] Result<std::shared_ptr<const FileTable>> Files(
      std::optional<UnixSeconds> known_by = std::nullopt) const;
  robots::ParsedFileCache& parsed_files() const { return parsed_files_; }
  // The same for those who will meet a few files: their entries are read one by one.
  [[nodiscard]] Result<std::shared_ptr<const FileTable>> AskedFiles(
      std::optional<UnixSeconds> known_by) const;
  // The requests of sealed ledgers; with `known_by` those received by then; shared as Files() are.
  [[nodiscard]] Result<std::shared_ptr<const TakedownTable>> Takedowns(
      std::optional<UnixSeconds> known_by) const;
  [[nodiscard]] Status ForEachFile(
      const std::function<Status(std::uint64_t id, FileEntry&& entry)>& on_file) const;

  // Deletes all rows of the files with these ids, blobs that no other row names, and the ledger
  // entries, which go in the last batch: a crash in between leaves the entries unsealed.
  [[nodiscard]] Status RemoveFiles(const std::set<std::uint64_t>& ids);
  [[nodiscard]] Status RemoveFilesIn(std::size_t partition, const std::set<std::uint64_t>& ids);

 private:
  [[nodiscard]] Result<std::shared_ptr<const FileTable>> LoadFiles(
      std::optional<UnixSeconds> known_by) const;
  [[nodiscard]] Result<std::shared_ptr<const TakedownTable>> ReadTakedowns(  // shared by callers
      std::optional<UnixSeconds> known_by) const;
  [[nodiscard]] Status PrepareDirectory() const;
  [[nodiscard]] Status OpenDatabases();
  [[nodiscard]] Status OpenPartition(std::size_t number);
  [[nodiscard]] Status OpenOthers(std::size_t partitions);
  [[nodiscard]] Status Found();
  [[nodiscard]] Result<bool> CheckSchema();
  [[nodiscard]] Result<std::size_t> ReadPartitions() const;

  std::string directory_;
  OpenMode mode_;
  StoreOptions options_;
  MemoryPlan plan_;
  DbResources resources_;
  std::unique_ptr<WriterLock> lock_;
  std::vector<std::unique_ptr<Partition>> partitions_;
  bool can_route_ = true;

  mutable std::mutex files_mutex_;
  // Shared by readers, as the tables below are. Guarded by files_mutex_.
  mutable std::shared_ptr<const FileTable> asked_files_;
  mutable std::optional<UnixSeconds> asked_known_by_;  // of asked_files_
  mutable std::shared_ptr<const FileTable> files_;     // guarded by files_mutex_; shared by readers
  // The same as known by an instant: that of the last question. Guarded by files_mutex_.
  mutable std::shared_ptr<const FileTable> known_files_;
  mutable UnixSeconds known_by_ = 0;
  // Shared by readers; of the last question. Guarded by files_mutex_.
  mutable std::shared_ptr<const TakedownTable> takedowns_;
  mutable std::optional<UnixSeconds> takedowns_known_by_;
  mutable robots::ParsedFileCache parsed_files_{limits::kParsedFileCacheBytesMax};
};

}  // namespace crawlcard::index
