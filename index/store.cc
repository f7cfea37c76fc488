#include "index/store.h"

#include <algorithm>
#include <filesystem>

#include <rocksdb/cache.h>
#include <rocksdb/filter_policy.h>
#include <rocksdb/options.h>
#include <rocksdb/table.h>

#include "base/text.h"
#include "index/internal/database_env.h"
#include "index/internal/store_impl.h"
#include "index/limits.h"

namespace crawlcard::index {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kPartition = "p00000";
constexpr std::string_view kMetaSchema = "schema";
constexpr std::string_view kMetaFacts = "facts";

// Rows are written without RocksDB's log. Atomic flush makes what survives a crash a prefix of what
// was written, over all families: a ledger entry is there only with all rows before it.
rocksdb::DBOptions DatabaseOptions(OpenMode mode) {
  rocksdb::DBOptions options;
  options.env = DatabaseEnv();
  options.create_if_missing = mode == OpenMode::kCreate;
  options.create_missing_column_families = mode != OpenMode::kRead;
  options.atomic_flush = true;
  options.db_write_buffer_size = limits::kWriteBufferBytes;
  options.max_background_jobs = 2;
  // A reader holds all files open: a writer may delete those it has merged.
  options.max_open_files = mode == OpenMode::kRead ? -1 : 512;
  options.info_log_level = rocksdb::InfoLogLevel::FATAL_LEVEL;
  options.keep_log_file_num = 1;
  options.stats_dump_period_sec = 0;
  options.stats_persist_period_sec = 0;
  return options;
}

rocksdb::ColumnFamilyOptions FamilyOptions(const std::string& name,
                                           const std::shared_ptr<rocksdb::Cache>& cache) {
  rocksdb::ColumnFamilyOptions options;
  options.write_buffer_size = limits::kWriteBufferBytes / 2;
  options.max_write_buffer_number = 2;
  options.compression = rocksdb::kLZ4Compression;
  options.bottommost_compression = rocksdb::kZSTD;

  rocksdb::BlockBasedTableOptions table;
  table.block_cache = cache;  // shared by all families
  table.block_size = 16 * 1024;
  table.cache_index_and_filter_blocks = true;
  table.format_version = 5;
  if (name == kFamilyNames[static_cast<std::size_t>(Family::kBlobs)]) {
    table.filter_policy.reset(rocksdb::NewRibbonFilterPolicy(10));
  }
  options.table_factory.reset(rocksdb::NewBlockBasedTableFactory(table));
  return options;
}

}  // namespace

Error FromRocks(const rocksdb::Status& status, std::string_view what) {
  const ErrorCode code = status.IsCorruption() ? ErrorCode::kCorrupt : ErrorCode::kIo;
  return Error(code, fmt::format("{}: {}", what, status.ToString()));
}

// --- opening ------------------------------------------------------------------------------------

Store::Impl::~Impl() {
  if (!db_) return;
  if (writable())
    Ignore(Flush(), "a closing store has nobody to tell; the ledger shows what is in");
  for (rocksdb::ColumnFamilyHandle* handle : handles_) db_->DestroyColumnFamilyHandle(handle);
  db_->Close();
}

Status Store::Impl::PrepareDirectory() const {
  std::error_code error;
  const bool has_index = fs::exists(fs::path(directory_) / kPartition / "CURRENT", error);
  if (has_index) return {};
  if (mode_ != OpenMode::kCreate) {
    return Fail(ErrorCode::kNotFound, "no index at '{}'", directory_);
  }
  fs::create_directories(fs::path(directory_) / kPartition, error);
  if (error) {
    return Fail(ErrorCode::kIo, "cannot make directory '{}': {}", directory_, error.message());
  }
  for (const fs::directory_entry& entry : fs::directory_iterator(directory_, error)) {
    const std::string name = entry.path().filename().string();
    if (name == kPartition || name == "writer.lock") continue;
    fs::remove(fs::path(directory_) / kPartition, error);
    return Fail(ErrorCode::kInvalidArgument, "directory '{}' is no index and not empty",
                directory_);
  }
  return {};
}

Status Store::Impl::Open() {
  CRAWLCARD_TRY(PrepareDirectory());
  if (writable()) {
    CRAWLCARD_ASSIGN(lock_, WriterLock::Take(directory_));
  }
  const std::string path = (fs::path(directory_) / kPartition).string();
  // A reader may meet a writer that is just replacing files: look again.
  constexpr int kTries = 3;
  Status opened = OpenDatabase(path);
  for (int i = 1; i < kTries && !opened && !writable(); ++i) opened = OpenDatabase(path);
  CRAWLCARD_TRY(opened);
  return CheckSchema();
}

Status Store::Impl::OpenDatabase(const std::string& path) {
  const rocksdb::DBOptions options = DatabaseOptions(mode_);
  // Families of a later schema are opened too, so that CheckSchema() can say what is wrong.
  std::vector<std::string> names;
  const rocksdb::Status listed = rocksdb::DB::ListColumnFamilies(options, path, &names);
  if (!listed.ok() && mode_ != OpenMode::kCreate) {
    return tl::unexpected(FromRocks(listed, fmt::format("cannot open index '{}'", directory_)));
  }
  if (names.empty()) names.push_back(rocksdb::kDefaultColumnFamilyName);
  for (const std::string_view name : kFamilyNames) {
    if (writable() && std::find(names.begin(), names.end(), name) == names.end()) {
      names.emplace_back(name);
    }
  }
  const auto cache = rocksdb::NewLRUCache(limits::kBlockCacheBytes);
  std::vector<rocksdb::ColumnFamilyDescriptor> descriptors;
  descriptors.reserve(names.size());
  for (const std::string& name : names) descriptors.emplace_back(name, FamilyOptions(name, cache));

  rocksdb::DB* db = nullptr;
  const rocksdb::Status status =
      writable() ? rocksdb::DB::Open(options, path, descriptors, &handles_, &db)
                 : rocksdb::DB::OpenForReadOnly(options, path, descriptors, &handles_, &db);
  if (!status.ok()) {
    return tl::unexpected(FromRocks(status, fmt::format("cannot open index '{}'", directory_)));
  }
  db_.reset(db);
  for (rocksdb::ColumnFamilyHandle* handle : handles_) {
    for (std::size_t i = 0; i < kFamilyNames.size(); ++i) {
      if (handle->GetName() == kFamilyNames[i]) families_[i] = handle;
    }
  }
  return {};
}

Status Store::Impl::CheckSchema() {
  const bool complete = std::all_of(families_.begin(), families_.end(),
                                    [](const auto* handle) { return handle != nullptr; });
  std::string text;
  bool found = false;
  if (family(Family::kMeta) != nullptr) {
    CRAWLCARD_ASSIGN(found, Get(Family::kMeta, kMetaSchema, text));
  }
  if (!found || !complete) {
    // Nothing was ever written, or a crash came before the first commit.
    if (!writable() || found) {
      return Fail(ErrorCode::kNotFound, "no finished index at '{}'", directory_);
    }
    rocksdb::WriteBatch batch;
    batch.Put(family(Family::kMeta), ToSlice(kMetaSchema), std::to_string(kSchemaVersion));
    batch.Put(family(Family::kMeta), ToSlice(kMetaFacts), std::to_string(kFactVersion));
    CRAWLCARD_TRY(Write(batch));
    return Flush();
  }
  const std::optional<std::uint64_t> schema = ParseUint(text);
  if (!schema) {
    return Fail(ErrorCode::kCorrupt, "index '{}' has no readable schema version", directory_);
  }
  if (*schema > kSchemaVersion) {
    return Fail(ErrorCode::kSchema,
                "cannot open index '{}': written by schema {}, this build reads up to {}; ingest "
                "into a new index or use a newer crawlcard",
                directory_, *schema, kSchemaVersion);
  }
  return {};
}

// --- plain access -------------------------------------------------------------------------------

std::unique_ptr<rocksdb::Iterator> Store::Impl::NewIterator(Family which,
                                                            const rocksdb::Snapshot* snapshot,
                                                            bool fill_cache) const {
  rocksdb::ReadOptions options;
  options.snapshot = snapshot;
  options.fill_cache = fill_cache;
  return std::unique_ptr<rocksdb::Iterator>(db_->NewIterator(options, family(which)));
}

Result<bool> Store::Impl::Get(Family which, std::string_view key, std::string& value_out) const {
  const rocksdb::Status status =
      db_->Get(rocksdb::ReadOptions(), family(which), ToSlice(key), &value_out);
  if (status.IsNotFound()) return false;
  if (!status.ok()) return tl::unexpected(FromRocks(status, "cannot read the index"));
  return true;
}

Status Store::Impl::Write(rocksdb::WriteBatch& batch) {
  rocksdb::WriteOptions options;
  options.disableWAL = true;
  const rocksdb::Status status = db_->Write(options, &batch);
  if (!status.ok()) return tl::unexpected(FromRocks(status, "cannot write to the index"));
  return {};
}

Status Store::Impl::Flush() {
  if (!writable()) return {};
  const rocksdb::Status status = db_->Flush(rocksdb::FlushOptions(), handles_);
  if (!status.ok()) return tl::unexpected(FromRocks(status, "cannot write to the index"));
  return {};
}

Status Store::Impl::ForEachFile(
    const std::function<Status(std::uint64_t id, FileEntry&& entry)>& on_file) const {
  const auto rows = NewIterator(Family::kFiles, nullptr);
  for (rows->SeekToFirst(); rows->Valid(); rows->Next()) {
    const std::string_view key = ToView(rows->key());
    if (key.size() != 8) return Fail(ErrorCode::kCorrupt, "ledger key of {} bytes", key.size());
    std::uint64_t id = 0;
    for (const char c : key) id = id << 8 | static_cast<std::uint8_t>(c);
    CRAWLCARD_ASSIGN(FileEntry entry, DecodeFileEntry(ToView(rows->value())));
    CRAWLCARD_TRY(on_file(id, std::move(entry)));
  }
  if (!rows->status().ok())
    return tl::unexpected(FromRocks(rows->status(), "cannot read the ledger"));
  return {};
}

Result<std::shared_ptr<const FileTable>> Store::Impl::LoadFiles() const {
  auto table = std::make_shared<FileTable>();
  CRAWLCARD_TRY(ForEachFile([&table](std::uint64_t id, FileEntry&& entry) -> Status {
    table->Add(id, {std::move(entry.name), entry.sealed});
    return {};
  }));
  return std::shared_ptr<const FileTable>(std::move(table));
}

Result<std::shared_ptr<const FileTable>> Store::Impl::Files() const {
  if (writable()) return LoadFiles();
  const std::lock_guard lock(files_mutex_);
  if (!files_) {
    CRAWLCARD_ASSIGN(files_, LoadFiles());
  }
  return files_;
}

// --- the public face ----------------------------------------------------------------------------

Store::Store(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Store::~Store() = default;

Result<std::unique_ptr<Store>> Store::Open(const std::string& directory, OpenMode mode) {
  auto impl = std::make_unique<Impl>(directory, mode);
  CRAWLCARD_TRY(impl->Open());
  return std::unique_ptr<Store>(new Store(std::move(impl)));
}

const std::string& Store::directory() const {
  return impl_->directory();
}

Result<std::vector<FileEntry>> Store::Files() const {
  std::vector<FileEntry> files;
  CRAWLCARD_TRY(impl_->ForEachFile([&files](std::uint64_t, FileEntry&& entry) -> Status {
    files.push_back(std::move(entry));
    return {};
  }));
  std::sort(files.begin(), files.end(),
            [](const FileEntry& a, const FileEntry& b) { return a.name < b.name; });
  return files;
}

Result<std::optional<FileEntry>> Store::FindFile(std::string_view name) const {
  std::string key;
  EncodeFileKey(FileId(name), key);
  std::string value;
  CRAWLCARD_ASSIGN(const bool found, impl_->Get(Family::kFiles, key, value));
  if (!found) return std::optional<FileEntry>();
  CRAWLCARD_ASSIGN(FileEntry entry, DecodeFileEntry(value));
  if (entry.name != name) return std::optional<FileEntry>();
  return std::optional<FileEntry>(std::move(entry));
}

Status Store::RemoveFile(std::string_view name) {
  CRAWLCARD_ASSIGN(const std::optional<FileEntry> entry, FindFile(name));
  if (!entry) return Fail(ErrorCode::kNotFound, "no file '{}' in index '{}'", name, directory());
  CRAWLCARD_TRY(impl_->RemoveFiles({FileId(name)}));
  return Flush();
}

Result<std::vector<std::pair<std::string, std::string>>> Store::Meta() const {
  std::vector<std::pair<std::string, std::string>> meta;
  const auto rows = impl_->NewIterator(Family::kMeta, nullptr);
  for (rows->SeekToFirst(); rows->Valid(); rows->Next()) {
    meta.emplace_back(ToView(rows->key()), ToView(rows->value()));
  }
  if (!rows->status().ok())
    return tl::unexpected(FromRocks(rows->status(), "cannot read the index"));
  return meta;
}

Result<std::vector<Store::FamilySize>> Store::Sizes() const {
  std::vector<FamilySize> sizes;
  for (std::size_t i = 0; i < kFamilyNames.size(); ++i) {
    rocksdb::ColumnFamilyHandle* family = impl_->family(static_cast<Family>(i));
    FamilySize size{std::string(kFamilyNames[i]), 0, 0};
    impl_->db().GetIntProperty(family, rocksdb::DB::Properties::kEstimateNumKeys,
                               &size.rows_estimate);
    std::uint64_t in_memory = 0;
    impl_->db().GetIntProperty(family, rocksdb::DB::Properties::kTotalSstFilesSize, &size.bytes);
    impl_->db().GetIntProperty(family, rocksdb::DB::Properties::kCurSizeAllMemTables, &in_memory);
    size.bytes += in_memory;
    sizes.push_back(std::move(size));
  }
  return sizes;
}

Status Store::PutRun(std::string_view name, std::string_view manifest) {
  rocksdb::WriteBatch batch;
  batch.Put(impl_->family(Family::kMeta), fmt::format("run.{}", name), ToSlice(manifest));
  CRAWLCARD_TRY(impl_->Write(batch));
  return impl_->Flush();
}

Status Store::Flush() {
  return impl_->Flush();
}

}  // namespace crawlcard::index
