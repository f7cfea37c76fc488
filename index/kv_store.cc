#include "index/kv_store.h"

#include <filesystem>

#include <rocksdb/cache.h>
#include <rocksdb/options.h>
#include <rocksdb/table.h>

#include "index/internal/store_impl.h"
#include "index/limits.h"

namespace crawlcard::index {
namespace {

namespace fs = std::filesystem;

rocksdb::Options DatabaseOptions() {
  rocksdb::Options options;
  options.create_if_missing = true;
  options.write_buffer_size = limits::kKvWriteBufferBytes;
  options.max_write_buffer_number = 2;
  options.max_background_jobs = 2;
  options.max_open_files = 128;
  options.compression = rocksdb::kLZ4Compression;
  options.info_log_level = rocksdb::InfoLogLevel::FATAL_LEVEL;
  options.keep_log_file_num = 1;
  options.stats_dump_period_sec = 0;
  options.stats_persist_period_sec = 0;
  rocksdb::BlockBasedTableOptions table;
  table.block_cache = rocksdb::NewLRUCache(limits::kKvCacheBytes);
  table.cache_index_and_filter_blocks = true;
  table.format_version = 5;
  options.table_factory.reset(rocksdb::NewBlockBasedTableFactory(table));
  return options;
}

}  // namespace

class KvStore::Impl {
 public:
  Impl(std::unique_ptr<WriterLock> lock, std::unique_ptr<rocksdb::DB> db)
      : lock_(std::move(lock)), db_(std::move(db)) {}
  ~Impl() { db_->Close(); }

  rocksdb::DB& db() const { return *db_; }

 private:
  std::unique_ptr<WriterLock> lock_;  // given back last
  std::unique_ptr<rocksdb::DB> db_;
};

KvStore::KvStore(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
KvStore::~KvStore() = default;

Result<std::unique_ptr<KvStore>> KvStore::Open(const std::string& directory) {
  std::error_code error;
  const fs::path path = fs::path(directory) / "db";
  fs::create_directories(path, error);
  if (error) {
    return Fail(ErrorCode::kIo, "cannot make directory '{}': {}", path.string(), error.message());
  }
  CRAWLCARD_ASSIGN(std::unique_ptr<WriterLock> lock, WriterLock::Take(directory));
  rocksdb::DB* db = nullptr;
  const rocksdb::Status status = rocksdb::DB::Open(DatabaseOptions(), path.string(), &db);
  if (!status.ok()) {
    return tl::unexpected(FromRocks(status, fmt::format("cannot open '{}'", path.string())));
  }
  auto impl = std::make_unique<Impl>(std::move(lock), std::unique_ptr<rocksdb::DB>(db));
  return std::unique_ptr<KvStore>(new KvStore(std::move(impl)));
}

Result<bool> KvStore::Get(std::string_view key, std::string& value_out) const {
  const rocksdb::Status status = impl_->db().Get(rocksdb::ReadOptions(), ToSlice(key), &value_out);
  if (status.IsNotFound()) return false;
  if (!status.ok()) return tl::unexpected(FromRocks(status, "cannot read"));
  return true;
}

Status KvStore::Write(const KvBatch& batch, bool sync) {
  rocksdb::WriteBatch changes;
  for (const KvBatch::Change& change : batch.changes()) {
    if (change.removes) {
      changes.Delete(ToSlice(change.key));
    } else {
      changes.Put(ToSlice(change.key), ToSlice(change.value));
    }
  }
  rocksdb::WriteOptions options;
  options.sync = sync;
  const rocksdb::Status status = impl_->db().Write(options, &changes);
  if (!status.ok()) return tl::unexpected(FromRocks(status, "cannot write"));
  return {};
}

Status KvStore::Scan(std::string_view from, std::string_view to, const OnRow& on_row) const {
  rocksdb::ReadOptions options;
  const rocksdb::Slice end = ToSlice(to);
  options.iterate_upper_bound = &end;
  const std::unique_ptr<rocksdb::Iterator> rows(impl_->db().NewIterator(options));
  for (rows->Seek(ToSlice(from)); rows->Valid(); rows->Next()) {
    if (!on_row(ToView(rows->key()), ToView(rows->value()))) break;
  }
  if (!rows->status().ok()) return tl::unexpected(FromRocks(rows->status(), "cannot read"));
  return {};
}

}  // namespace crawlcard::index
