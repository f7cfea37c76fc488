// index/internal/store_impl.h - the RocksDB behind a Store, for the files of this room.
//
// DIR/p00000/ is the one partition of now; more will be split by registrable domain.
// DIR/writer.lock is held by the process that writes and names it.
//
// Thread rule: thread-safe, as rocksdb::DB is.
#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include <rocksdb/db.h>
#include <rocksdb/write_batch.h>

#include "base/result.h"
#include "index/limits.h"
#include "index/schema.h"
#include "index/store.h"
#include "robots/origin.h"

namespace crawlcard::index {

inline rocksdb::Slice ToSlice(std::string_view text) {
  return {text.data(), text.size()};
}
inline std::string_view ToView(const rocksdb::Slice& slice) {
  return {slice.data(), slice.size()};
}

// The Error of a RocksDB status that is not ok.
Error FromRocks(const rocksdb::Status& status, std::string_view what);

// Names of files by id, and which of them are sealed: rows of the others are passed over.
class FileTable {
 public:
  struct File {
    std::string name;
    bool sealed = false;
  };
  void Add(std::uint64_t id, File file) { files_.emplace(id, std::move(file)); }

  // The name of a sealed file, or empty.
  std::string_view SealedName(std::uint64_t id) const {
    const auto found = files_.find(id);
    return found != files_.end() && found->second.sealed ? std::string_view(found->second.name)
                                                         : std::string_view();
  }
  bool all_sealed() const {
    for (const auto& [id, file] : files_) {
      if (!file.sealed) return false;
    }
    return true;
  }

 private:
  std::unordered_map<std::uint64_t, File> files_;
};

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

class Store::Impl {
 public:
  Impl(std::string directory, OpenMode mode) : directory_(std::move(directory)), mode_(mode) {}
  ~Impl();

  [[nodiscard]] Status Open();

  const std::string& directory() const { return directory_; }
  bool writable() const { return mode_ != OpenMode::kRead; }

  rocksdb::DB& db() const { return *db_; }
  rocksdb::ColumnFamilyHandle* family(Family family) const {
    return families_[static_cast<std::size_t>(family)];
  }

  std::unique_ptr<rocksdb::Iterator> NewIterator(Family family, const rocksdb::Snapshot* snapshot,
                                                 bool fill_cache = false) const;
  // False when there is no such key.
  [[nodiscard]] Result<bool> Get(Family family, std::string_view key, std::string& value_out) const;
  [[nodiscard]] Status Write(rocksdb::WriteBatch& batch);
  [[nodiscard]] Status Flush();

  // The ledger as it stands now; with `known_by` only files that were sealed by then count as
  // sealed. A store that is open for reading does not move: the ledger is read once for all callers
  // that ask for the same instant.
  [[nodiscard]] Result<std::shared_ptr<const FileTable>> Files(
      std::optional<UnixSeconds> known_by = std::nullopt) const;
  robots::ParsedFileCache& parsed_files() const { return parsed_files_; }
  [[nodiscard]] Status ForEachFile(
      const std::function<Status(std::uint64_t id, FileEntry&& entry)>& on_file) const;

  // Deletes all rows of the files with these ids, blobs that no other row names, and the ledger
  // entries, which go in the last batch: a crash in between leaves the entries unsealed.
  [[nodiscard]] Status RemoveFiles(const std::set<std::uint64_t>& ids);

 private:
  [[nodiscard]] Result<std::shared_ptr<const FileTable>> LoadFiles(
      std::optional<UnixSeconds> known_by) const;
  [[nodiscard]] Status PrepareDirectory() const;
  [[nodiscard]] Status OpenDatabase(const std::string& path);
  [[nodiscard]] Status CheckSchema();
  [[nodiscard]] Status Unseal(const std::set<std::uint64_t>& ids);
  // Bodies that the rows named go to `bodies_out`.
  [[nodiscard]] Status RemovePages(const std::set<std::uint64_t>& ids,
                                   std::unordered_set<std::string>& bodies_out);
  [[nodiscard]] Status KeepNamedBodies(Family family, const std::set<std::uint64_t>& ids,
                                       std::unordered_set<std::string>& bodies) const;
  [[nodiscard]] Status RemoveHostRows(const std::set<std::uint64_t>& ids,
                                      std::unordered_set<std::string> bodies);

  std::string directory_;
  OpenMode mode_;
  std::unique_ptr<WriterLock> lock_;
  std::unique_ptr<rocksdb::DB> db_;
  std::vector<rocksdb::ColumnFamilyHandle*> handles_;  // of db_, given back before it closes
  std::array<rocksdb::ColumnFamilyHandle*, kFamilyNames.size()> families_{};

  mutable std::mutex files_mutex_;
  mutable std::shared_ptr<const FileTable> files_;  // guarded by files_mutex_; shared by readers
  // The same as known by an instant: that of the last question. Guarded by files_mutex_.
  mutable std::shared_ptr<const FileTable> known_files_;
  mutable UnixSeconds known_by_ = 0;
  mutable robots::ParsedFileCache parsed_files_{limits::kParsedFileCacheBytesMax};
};

// A snapshot that is released with its scope; empty for read-only databases, which do not move.
class ScopedSnapshot {
 public:
  explicit ScopedSnapshot(rocksdb::DB& db) : db_(db), snapshot_(db.GetSnapshot()) {}
  ~ScopedSnapshot() {
    if (snapshot_ != nullptr) db_.ReleaseSnapshot(snapshot_);
  }
  ScopedSnapshot(const ScopedSnapshot&) = delete;
  ScopedSnapshot& operator=(const ScopedSnapshot&) = delete;
  const rocksdb::Snapshot* get() const { return snapshot_; }

 private:
  rocksdb::DB& db_;
  const rocksdb::Snapshot* snapshot_;
};

}  // namespace crawlcard::index
