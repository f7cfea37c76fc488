#include "index/internal/partition.h"

#include <algorithm>

#include <rocksdb/file_checksum.h>
#include <rocksdb/filter_policy.h>
#include <rocksdb/options.h>
#include <rocksdb/table.h>

#include "index/internal/database_env.h"

namespace crawlcard::index {
namespace {

// Before compression. Pages of a site repeat each other: twice as much saves 12 % of the bytes and
// 17 % of a scan's time, and an uncached lookup takes 7 us more. Other rows gain 2 %.
constexpr std::size_t kPageBlockBytes = 32 * 1024;
constexpr std::size_t kBlockBytes = 16 * 1024;
// Of the cache: for indexes and filters, which rows must not push out.
constexpr double kHighPriorityShare = 0.3;

std::string_view NameOf(Family family) {
  return kFamilyNames[static_cast<std::size_t>(family)];
}

}  // namespace

Error FromRocks(const rocksdb::Status& status, std::string_view what) {
  const ErrorCode code = status.IsCorruption() ? ErrorCode::kCorrupt : ErrorCode::kIo;
  return Error(code, fmt::format("{}: {}", what, status.ToString()));
}

DbResources::DbResources(OpenMode open_mode, const MemoryPlan& plan)
    : mode(open_mode),
      cache(rocksdb::NewLRUCache(plan.block_cache, -1, false, kHighPriorityShare)),
      write_buffers(std::make_shared<rocksdb::WriteBufferManager>(plan.write_buffers)) {}

// Rows are written without RocksDB's log. Atomic flush makes what survives a crash a prefix of what
// was written, over all families: a ledger entry is there only with all rows before it.
rocksdb::DBOptions DatabaseOptions(const DbResources& resources) {
  rocksdb::DBOptions options;
  options.env = DatabaseEnv();
  options.create_if_missing = resources.mode == OpenMode::kCreate;
  options.create_missing_column_families = resources.mode != OpenMode::kRead;
  options.atomic_flush = true;
  options.write_buffer_manager = resources.write_buffers;
  options.max_background_jobs = 2;
  // A reader holds all files open: a writer may delete those it has merged.
  options.max_open_files = resources.mode == OpenMode::kRead ? -1 : 512;
  // Opening must not read every file: their sizes and statistics are looked at when they are used.
  options.skip_stats_update_on_db_open = true;
  options.skip_checking_sst_file_sizes_on_db_open = true;
  options.info_log_level = rocksdb::InfoLogLevel::FATAL_LEVEL;
  options.keep_log_file_num = 1;
  // Blocks have checksums of their own, a footer has none: `verify` compares whole files.
  options.file_checksum_gen_factory = rocksdb::GetFileChecksumGenCrc32cFactory();
  options.stats_dump_period_sec = 0;
  options.stats_persist_period_sec = 0;
  return options;
}

rocksdb::ColumnFamilyOptions FamilyOptions(const std::string& name, const DbResources& resources) {
  rocksdb::ColumnFamilyOptions options;
  // The manager flushes before that where many partitions share the buffers.
  options.write_buffer_size = resources.write_buffers->buffer_size() / 2;
  options.max_write_buffer_number = 2;
  options.compression = rocksdb::kLZ4Compression;
  options.bottommost_compression = rocksdb::kZSTD;
  // Few and large files: each costs an open descriptor and time when the index is opened.
  options.target_file_size_base = 256ULL << 20;
  options.max_bytes_for_level_base = 1ULL << 30;

  rocksdb::BlockBasedTableOptions table;
  table.block_cache = resources.cache;
  table.block_size = name == NameOf(Family::kPages) ? kPageBlockBytes : kBlockBytes;
  // Indexes and filters in two levels, of which the upper one stays: a lookup reads one block of
  // each, and memory does not grow with the index.
  table.index_type = rocksdb::BlockBasedTableOptions::kTwoLevelIndexSearch;
  table.partition_filters = true;
  table.pin_top_level_index_and_filter = true;
  table.cache_index_and_filter_blocks = true;
  table.cache_index_and_filter_blocks_with_high_priority = true;
  // What an open table takes comes out of the cache's share.
  table.cache_usage_options.options_overrides.insert(
      {rocksdb::CacheEntryRole::kBlockBasedTableReader,
       {.charged = rocksdb::CacheEntryRoleOptions::Decision::kEnabled}});
  table.format_version = 5;
  if (name == NameOf(Family::kBlobs)) {
    table.filter_policy.reset(rocksdb::NewRibbonFilterPolicy(10));
  }
  options.table_factory.reset(rocksdb::NewBlockBasedTableFactory(table));
  return options;
}

Result<std::unique_ptr<Partition>> Partition::Open(const std::string& path,
                                                   const DbResources& resources) {
  const rocksdb::DBOptions options = DatabaseOptions(resources);
  const bool writable = resources.mode != OpenMode::kRead;
  // Families of a later schema are opened too, so that the caller can say what is wrong.
  std::vector<std::string> names;
  const rocksdb::Status listed = rocksdb::DB::ListColumnFamilies(options, path, &names);
  if (!listed.ok() && resources.mode != OpenMode::kCreate) {
    return tl::unexpected(FromRocks(listed, fmt::format("cannot open index '{}'", path)));
  }
  if (names.empty()) names.push_back(rocksdb::kDefaultColumnFamilyName);
  for (const std::string_view name : kFamilyNames) {
    if (writable && std::find(names.begin(), names.end(), name) == names.end()) {
      names.emplace_back(name);
    }
  }
  std::vector<rocksdb::ColumnFamilyDescriptor> descriptors;
  descriptors.reserve(names.size());
  for (const std::string& name : names) {
    descriptors.emplace_back(name, FamilyOptions(name, resources));
  }

  std::unique_ptr<Partition> partition(new Partition);
  partition->path_ = path;
  partition->writable_ = writable;
  rocksdb::DB* db = nullptr;
  const rocksdb::Status status =
      writable
          ? rocksdb::DB::Open(options, path, descriptors, &partition->handles_, &db)
          : rocksdb::DB::OpenForReadOnly(options, path, descriptors, &partition->handles_, &db);
  if (!status.ok()) {
    return tl::unexpected(FromRocks(status, fmt::format("cannot open index '{}'", path)));
  }
  partition->db_.reset(db);
  for (rocksdb::ColumnFamilyHandle* handle : partition->handles_) {
    for (std::size_t i = 0; i < kFamilyNames.size(); ++i) {
      if (handle->GetName() == kFamilyNames[i]) partition->families_[i] = handle;
    }
  }
  return partition;
}

Partition::~Partition() {
  if (!db_) return;
  Ignore(Flush(), "a closing store has nobody to tell; the ledger shows what is in");
  for (rocksdb::ColumnFamilyHandle* handle : handles_) db_->DestroyColumnFamilyHandle(handle);
  db_->Close();
  ForgetDeletes(path_);
}

bool Partition::has_all_families() const {
  for (std::size_t i = 0; i < families_.size(); ++i) {
    if (families_[i] == nullptr && !IsOptional(static_cast<Family>(i))) return false;
  }
  return true;
}

std::unique_ptr<rocksdb::Iterator> Partition::NewIterator(Family which,
                                                          const rocksdb::Snapshot* snapshot,
                                                          bool fill_cache) const {
  if (family(which) == nullptr) {
    return std::unique_ptr<rocksdb::Iterator>(rocksdb::NewEmptyIterator());
  }
  rocksdb::ReadOptions options;
  options.snapshot = snapshot;
  options.fill_cache = fill_cache;
  return std::unique_ptr<rocksdb::Iterator>(db_->NewIterator(options, family(which)));
}

Result<bool> Partition::Get(Family which, std::string_view key, std::string& value_out) const {
  if (family(which) == nullptr) return false;
  const rocksdb::Status status =
      db_->Get(rocksdb::ReadOptions(), family(which), ToSlice(key), &value_out);
  if (status.IsNotFound()) return false;
  if (!status.ok()) return tl::unexpected(FromRocks(status, "cannot read the index"));
  return true;
}

std::uint64_t Partition::Property(Family which, const std::string& name) const {
  std::uint64_t value = 0;
  if (family(which) == nullptr) return value;
  db_->GetIntProperty(family(which), name, &value);
  return value;
}

Status Partition::Write(rocksdb::WriteBatch& batch) {
  rocksdb::WriteOptions options;
  options.disableWAL = true;
  const rocksdb::Status status = db_->Write(options, &batch);
  if (!status.ok()) return tl::unexpected(FromRocks(status, "cannot write to the index"));
  return {};
}

Status Partition::Flush() {
  if (!writable_) return {};
  const rocksdb::Status status = db_->Flush(rocksdb::FlushOptions(), handles_);
  if (!status.ok()) return tl::unexpected(FromRocks(status, "cannot write to the index"));
  return {};
}

Status Partition::TakeOver(const std::vector<rocksdb::IngestExternalFileArg>& files) {
  HoldDeletes(path_);
  const rocksdb::Status status = db_->IngestExternalFiles(files);
  if (!status.ok()) {
    knows_its_files_ = false;
    return tl::unexpected(FromRocks(status, "cannot take sorted files into the index"));
  }
  if (knows_its_files_) CarryOutDeletes(path_);
  return {};
}

}  // namespace crawlcard::index
