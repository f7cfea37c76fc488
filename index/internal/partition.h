// index/internal/partition.h - one RocksDB database of an index: the rows of the registrable
// domains that fall to it, the bodies they name, and its own copy of the ledger.
//
// Every option of RocksDB is chosen here; docs/formats/index.md has the reasons and the figures.
//
// Thread rule: thread-safe, as rocksdb::DB is.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include <rocksdb/cache.h>
#include <rocksdb/db.h>
#include <rocksdb/write_batch.h>
#include <rocksdb/write_buffer_manager.h>

#include "base/result.h"
#include "index/internal/memory_plan.h"
#include "index/schema.h"
#include "index/store.h"

namespace crawlcard::index {

inline rocksdb::Slice ToSlice(std::string_view text) {
  return {text.data(), text.size()};
}
inline std::string_view ToView(const rocksdb::Slice& slice) {
  return {slice.data(), slice.size()};
}

// The Error of a RocksDB status that is not ok.
Error FromRocks(const rocksdb::Status& status, std::string_view what);

// What all partitions of one open index share.
struct DbResources {
  DbResources(OpenMode open_mode, const MemoryPlan& plan);

  OpenMode mode;
  std::shared_ptr<rocksdb::Cache> cache;                       // shared by all tables
  std::shared_ptr<rocksdb::WriteBufferManager> write_buffers;  // shared by all databases
};

// Options of the tables of one family; sorted files made beside a database get the same.
rocksdb::ColumnFamilyOptions FamilyOptions(const std::string& name, const DbResources& resources);
rocksdb::DBOptions DatabaseOptions(const DbResources& resources);

class Partition {
 public:
  // Errors: kNotFound, kIo, kCorrupt.
  [[nodiscard]] static Result<std::unique_ptr<Partition>> Open(const std::string& path,
                                                               const DbResources& resources);
  ~Partition();
  Partition(const Partition&) = delete;
  Partition& operator=(const Partition&) = delete;

  rocksdb::DB& db() const { return *db_; }
  // Null where the database has no such family: an unfinished one, or an optional family.
  rocksdb::ColumnFamilyHandle* family(Family family) const {
    return families_[static_cast<std::size_t>(family)];
  }
  const std::vector<rocksdb::ColumnFamilyHandle*>& handles() const { return handles_; }
  bool has_all_families() const;

  std::unique_ptr<rocksdb::Iterator> NewIterator(Family family, const rocksdb::Snapshot* snapshot,
                                                 bool fill_cache) const;
  // False when there is no such key.
  [[nodiscard]] Result<bool> Get(Family family, std::string_view key, std::string& value_out) const;
  [[nodiscard]] Status Write(rocksdb::WriteBatch& batch);
  [[nodiscard]] Status Flush();
  // Takes sorted files over: all of them, or none. Where it cannot be told which, the next opening
  // finds out.
  [[nodiscard]] Status TakeOver(const std::vector<rocksdb::IngestExternalFileArg>& files);

  // A number that RocksDB knows of a family.
  std::uint64_t Property(Family family, const std::string& name) const;

 private:
  Partition() = default;

  std::string path_;
  bool writable_ = false;
  bool knows_its_files_ = true;  // no taking over has failed
  std::unique_ptr<rocksdb::DB> db_;
  std::vector<rocksdb::ColumnFamilyHandle*> handles_;  // of db_, given back before it closes
  std::array<rocksdb::ColumnFamilyHandle*, kFamilyNames.size()> families_{};
};

}  // namespace crawlcard::index
