#include "index/store.h"

#include <algorithm>
#include <charconv>
#include <filesystem>

#include <rocksdb/table_properties.h>

#include "base/digest.h"
#include "base/text.h"
#include "index/internal/merged_rows.h"
#include "index/internal/ranges.h"
#include "index/internal/store_impl.h"
#include "index/limits.h"

namespace crawlcard::index {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kMetaSchema = "schema";
constexpr std::string_view kMetaFacts = "facts";
constexpr std::string_view kMetaPartitions = "partitions";

std::string PartitionName(std::size_t number) {
  return fmt::format("p{:05}", number);
}

bool IsPartitionName(std::string_view name) {
  return name.size() == 6 && name[0] == 'p' &&
         std::all_of(name.begin() + 1, name.end(), [](char c) { return c >= '0' && c <= '9'; });
}

// Files are not opened for their statistics when the index is: here they are asked one by one.
std::uint64_t RowsOf(const Partition& partition, Family family) {
  using Properties = rocksdb::DB::Properties;
  rocksdb::TablePropertiesCollection tables;
  if (partition.family(family) == nullptr) return 0;
  std::uint64_t rows = partition.Property(family, Properties::kNumEntriesActiveMemTable) +
                       partition.Property(family, Properties::kNumEntriesImmMemTables);
  if (!partition.db().GetPropertiesOfAllTables(partition.family(family), &tables).ok()) return rows;
  for (const auto& [file, properties] : tables) {
    rows += properties->num_entries -
            2 * std::min(properties->num_deletions, properties->num_entries / 2);
  }
  return rows;
}

// What two partitions say of one file: sealed is what both sealed, with the same bytes.
void Combine(const FileEntry& other, FileEntry& entry) {
  const bool agree = entry.name == other.name && entry.bytes == other.bytes &&
                     entry.content_xxh3 == other.content_xxh3 &&
                     entry.fact_version == other.fact_version;
  const bool sealed = entry.sealed && other.sealed && agree;
  if (!entry.sealed && other.sealed) entry = other;  // the one that knows more
  entry.sealed = sealed;
  entry.sealed_at = std::min(entry.sealed_at, other.sealed_at);
}

}  // namespace

// --- opening ------------------------------------------------------------------------------------

Status Store::Impl::PrepareDirectory() const {
  std::error_code error;
  const bool has_index = fs::exists(fs::path(directory_) / PartitionName(0) / "CURRENT", error);
  if (has_index) return {};
  if (mode_ != OpenMode::kCreate) {
    return Fail(ErrorCode::kNotFound, "no index at '{}'", directory_);
  }
  fs::create_directories(fs::path(directory_) / PartitionName(0), error);
  if (error) {
    return Fail(ErrorCode::kIo, "cannot make directory '{}': {}", directory_, error.message());
  }
  for (const fs::directory_entry& entry : fs::directory_iterator(directory_, error)) {
    const std::string name = entry.path().filename().string();
    if (name == PartitionName(0) || name == "writer.lock") continue;
    fs::remove(fs::path(directory_) / PartitionName(0), error);
    return Fail(ErrorCode::kInvalidArgument, "directory '{}' is no index and not empty",
                directory_);
  }
  return {};
}

Status Store::Impl::Open() {
  if (options_.partitions > limits::kPartitionsMax) {
    return Fail(ErrorCode::kInvalidArgument, "too many partitions: {}, limit {}",
                options_.partitions, limits::kPartitionsMax);
  }
  CRAWLCARD_TRY(PrepareDirectory());
  if (writable()) {
    CRAWLCARD_ASSIGN(lock_, WriterLock::Take(directory_));
    std::error_code error;
    fs::remove_all(scratch(), error);  // what a crash left of a bulk build
  }
  // A reader may meet a writer that is just replacing files: look again.
  constexpr int kTries = 5;
  Status opened = OpenDatabases();
  for (int i = 1; i < kTries && !opened && !writable(); ++i) {
    if (opened.error().code() == ErrorCode::kSchema) break;
    opened = OpenDatabases();
  }
  return opened;
}

Status Store::Impl::OpenPartition(std::size_t number) {
  const std::string path = (fs::path(directory_) / PartitionName(number)).string();
  CRAWLCARD_ASSIGN(std::unique_ptr<Partition> partition, Partition::Open(path, resources_));
  partitions_.push_back(std::move(partition));
  return {};
}

Status Store::Impl::OpenDatabases() {
  partitions_.clear();
  CRAWLCARD_TRY(OpenPartition(0));
  CRAWLCARD_ASSIGN(const bool found, CheckSchema());
  if (!found) return Found();
  CRAWLCARD_ASSIGN(const std::size_t partitions, ReadPartitions());
  if (options_.partitions != 0 && options_.partitions != partitions) {
    return Fail(ErrorCode::kSchema,
                "index '{}' was made with {} partitions, not {}: leave the number out, or ingest "
                "into a new index and merge",
                directory_, partitions, options_.partitions);
  }
  return OpenOthers(partitions);
}

Status Store::Impl::OpenOthers(std::size_t partitions) {
  std::error_code error;
  for (std::size_t i = 1; i < partitions; ++i) {
    if (!fs::exists(fs::path(directory_) / PartitionName(i) / "CURRENT", error)) {
      return Fail(ErrorCode::kCorrupt, "index '{}' has no partition {} of {}", directory_,
                  PartitionName(i), partitions);
    }
    CRAWLCARD_TRY(OpenPartition(i));
    if (!partitions_.back()->has_all_families()) {
      return Fail(ErrorCode::kCorrupt, "partition {} of index '{}' lacks a family",
                  PartitionName(i), directory_);
    }
  }
  return {};
}

// Makes the other partitions, and says last that there is an index: a crash before that leaves a
// directory in which nothing was ever stored.
Status Store::Impl::Found() {
  if (!writable()) return Fail(ErrorCode::kNotFound, "no finished index at '{}'", directory_);
  std::error_code error;
  std::vector<fs::path> unfinished;
  for (const fs::directory_entry& entry : fs::directory_iterator(directory_, error)) {
    const std::string name = entry.path().filename().string();
    if (IsPartitionName(name) && name != PartitionName(0)) unfinished.push_back(entry.path());
  }
  for (const fs::path& path : unfinished) fs::remove_all(path, error);

  const std::size_t partitions = std::max(options_.partitions, 1U);
  for (std::size_t i = 1; i < partitions; ++i) {
    CRAWLCARD_TRY(OpenPartition(i));
    CRAWLCARD_TRY(partitions_.back()->Flush());
  }
  return PutMeta({{std::string(kMetaSchema), std::to_string(kSchemaVersion)},
                  {std::string(kMetaFacts), std::to_string(kFactVersion)},
                  {std::string(kMetaPartitions), std::to_string(partitions)}});
}

// False where nothing was ever written, or a crash came before the first commit.
Result<bool> Store::Impl::CheckSchema() {
  const Partition& first = partition(0);
  std::string text;
  if (first.family(Family::kMeta) == nullptr) return false;
  CRAWLCARD_ASSIGN(const bool found, GetMeta(kMetaSchema, text));
  if (!found) return false;
  const std::optional<std::uint64_t> schema = ParseUint(text);
  if (!schema) {
    return Fail(ErrorCode::kCorrupt, "index '{}' has no readable schema version", directory_);
  }
  if (*schema < kSchemaVersion) {
    return Fail(ErrorCode::kSchema,
                "cannot open index '{}': written by schema {}, this build reads {}; ingest into a "
                "new index",
                directory_, *schema, kSchemaVersion);
  }
  if (*schema > kSchemaVersion) {
    return Fail(ErrorCode::kSchema,
                "cannot open index '{}': written by schema {}, this build reads up to {}; ingest "
                "into a new index or use a newer crawlcard",
                directory_, *schema, kSchemaVersion);
  }
  if (!first.has_all_families()) {
    return Fail(ErrorCode::kNotFound, "no finished index at '{}'", directory_);
  }
  CRAWLCARD_TRY(GetMeta(kMetaFacts, text));
  can_route_ = text == std::to_string(kFactVersion);
  return true;
}

Result<std::size_t> Store::Impl::ReadPartitions() const {
  std::string text;
  CRAWLCARD_ASSIGN(const bool found, GetMeta(kMetaPartitions, text));
  if (!found) return std::size_t{1};
  const std::optional<std::uint64_t> partitions = ParseUint(text);
  if (!partitions || *partitions == 0 || *partitions > limits::kPartitionsMax) {
    return Fail(ErrorCode::kCorrupt, "index '{}' has no readable number of partitions", directory_);
  }
  return static_cast<std::size_t>(*partitions);
}

// --- plain access -------------------------------------------------------------------------------

std::size_t Store::Impl::PartitionOfGroup(std::string_view group) const {
  if (partitions_.size() == 1) return 0;
  const Xxh3Digest digest = Xxh3(DomainOfGroup(group));
  std::uint64_t hash = 0;
  for (std::size_t i = 0; i < 8; ++i) hash = hash << 8 | digest[i];
  return static_cast<std::size_t>(hash % partitions_.size());
}

std::size_t Store::Impl::PartitionOfKey(std::string_view key) const {
  if (partitions_.size() == 1) return 0;
  return PartitionOfGroup(GroupOfStored(key.substr(0, std::min(key.find('\0'), key.size()))));
}

std::unique_ptr<rocksdb::Iterator> Store::Impl::NewIterator(Family family,
                                                            const ScopedSnapshot* snapshot,
                                                            bool fill_cache) const {
  const auto one = [&](std::size_t i) {
    return partition(i).NewIterator(family, snapshot == nullptr ? nullptr : snapshot->of(i),
                                    fill_cache);
  };
  if (partitions_.size() == 1) return one(0);
  std::vector<std::unique_ptr<rocksdb::Iterator>> sources;
  sources.reserve(partitions_.size());
  for (std::size_t i = 0; i < partitions_.size(); ++i) sources.push_back(one(i));
  return std::make_unique<MergedRows>(std::move(sources));
}

std::unique_ptr<rocksdb::Iterator> Store::Impl::NewPrefixIterator(Family family,
                                                                  std::string_view prefix) const {
  auto rows = can_route_ ? partition(PartitionOfKey(prefix)).NewIterator(family, nullptr, true)
                         : NewIterator(family, nullptr, true);
  rows->Seek(ToSlice(prefix));
  return rows;
}

Result<bool> Store::Impl::GetMeta(std::string_view key, std::string& value_out) const {
  return partition(0).Get(Family::kMeta, key, value_out);
}

Status Store::Impl::PutMeta(const std::vector<std::pair<std::string, std::string>>& members) {
  rocksdb::WriteBatch batch;
  for (const auto& [name, value] : members)
    batch.Put(partition(0).family(Family::kMeta), name, value);
  CRAWLCARD_TRY(partition(0).Write(batch));
  return partition(0).Flush();
}

Result<bool> Store::Impl::GetBlob(std::string_view sha256, std::size_t& hint,
                                  std::string& value_out) const {
  for (std::size_t i = 0; i < partitions_.size(); ++i) {
    const std::size_t at = (hint + i) % partitions_.size();
    CRAWLCARD_ASSIGN(const bool found, partition(at).Get(Family::kBlobs, sha256, value_out));
    if (!found) continue;
    hint = at;
    return true;
  }
  return false;
}

Result<std::optional<FileEntry>> Store::Impl::GetFile(std::uint64_t id) const {
  std::string key;
  EncodeFileKey(id, key);
  std::optional<FileEntry> entry;
  bool everywhere = true;
  std::string value;
  for (const std::unique_ptr<Partition>& partition : partitions_) {
    CRAWLCARD_ASSIGN(const bool found, partition->Get(Family::kFiles, key, value));
    everywhere = everywhere && found;
    if (!found) continue;
    CRAWLCARD_ASSIGN(FileEntry one, DecodeFileEntry(value));
    if (entry) {
      Combine(one, *entry);
    } else {
      entry = std::move(one);
    }
  }
  if (entry && !everywhere) entry->sealed = false;
  return entry;
}

Status Store::Impl::Flush() {
  for (const std::unique_ptr<Partition>& partition : partitions_) CRAWLCARD_TRY(partition->Flush());
  return {};
}

Status Store::Impl::ForEachFile(
    const std::function<Status(std::uint64_t id, FileEntry&& entry)>& on_file) const {
  std::vector<std::unique_ptr<rocksdb::Iterator>> rows;
  for (const std::unique_ptr<Partition>& partition : partitions_) {
    rows.push_back(partition->NewIterator(Family::kFiles, nullptr, false));
    rows.back()->SeekToFirst();
  }
  for (;;) {
    std::string key;
    for (const auto& row : rows) {
      if (row->Valid() && (key.empty() || ToView(row->key()) < key)) key = ToView(row->key());
    }
    if (key.empty()) break;
    if (key.size() != 8) return Fail(ErrorCode::kCorrupt, "ledger key of {} bytes", key.size());
    std::uint64_t id = 0;
    for (const char c : key) id = id << 8 | static_cast<std::uint8_t>(c);

    std::optional<FileEntry> entry;
    bool everywhere = true;
    for (const auto& row : rows) {
      if (!row->Valid() || ToView(row->key()) != key) {
        everywhere = false;
        continue;
      }
      CRAWLCARD_ASSIGN(FileEntry one, DecodeFileEntry(ToView(row->value())));
      if (entry) {
        Combine(one, *entry);
      } else {
        entry = std::move(one);
      }
      row->Next();
    }
    if (!everywhere) entry->sealed = false;
    CRAWLCARD_TRY(on_file(id, std::move(*entry)));
  }
  for (const auto& row : rows) {
    if (!row->status().ok()) {
      return tl::unexpected(FromRocks(row->status(), "cannot read the ledger"));
    }
  }
  return {};
}

Result<std::shared_ptr<const FileTable>> Store::Impl::LoadFiles(
    std::optional<UnixSeconds> known_by) const {
  auto table = std::make_shared<FileTable>();
  CRAWLCARD_TRY(ForEachFile([&](std::uint64_t id, FileEntry&& entry) -> Status {
    const bool known = entry.sealed && (!known_by || entry.sealed_at <= *known_by);
    table->Add(id, {std::move(entry.name), known});
    return {};
  }));
  return std::shared_ptr<const FileTable>(std::move(table));
}

Result<std::shared_ptr<const FileTable>> Store::Impl::Files(
    std::optional<UnixSeconds> known_by) const {
  if (writable()) return LoadFiles(known_by);
  const std::lock_guard lock(files_mutex_);
  if (known_by) {
    if (!known_files_ || known_by_ != *known_by) {
      CRAWLCARD_ASSIGN(known_files_, LoadFiles(known_by));
      known_by_ = *known_by;
    }
    return known_files_;
  }
  if (!files_) {
    CRAWLCARD_ASSIGN(files_, LoadFiles(std::nullopt));
  }
  return files_;
}

Result<std::shared_ptr<const FileTable>> Store::Impl::AskedFiles(
    std::optional<UnixSeconds> known_by) const {
  if (writable()) return LoadFiles(known_by);  // it moves: one moment for all entries
  const std::lock_guard lock(files_mutex_);
  if (!known_by && files_) return files_;
  if (!asked_files_ || asked_known_by_ != known_by) {
    const auto load = [this, known_by](std::uint64_t id) -> Result<FileTable::File> {
      CRAWLCARD_ASSIGN(std::optional<FileEntry> entry, GetFile(id));
      if (!entry) return FileTable::File{};
      const bool known = entry->sealed && (!known_by || entry->sealed_at <= *known_by);
      return FileTable::File{std::move(entry->name), known};
    };
    asked_files_ = std::make_shared<FileTable>(load);
    asked_known_by_ = known_by;
  }
  return asked_files_;
}

ScopedSnapshot::ScopedSnapshot(const Store::Impl& store) : store_(store) {
  for (std::size_t i = 0; i < store.partition_count(); ++i) {
    snapshots_.push_back(store.partition(i).db().GetSnapshot());
  }
}

ScopedSnapshot::~ScopedSnapshot() {
  for (std::size_t i = 0; i < snapshots_.size(); ++i) {
    if (snapshots_[i] != nullptr) store_.partition(i).db().ReleaseSnapshot(snapshots_[i]);
  }
}

// --- the public face ----------------------------------------------------------------------------

Store::Store(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Store::~Store() = default;

Result<std::unique_ptr<Store>> Store::Open(const std::string& directory, OpenMode mode,
                                           const StoreOptions& options) {
  auto impl = std::make_unique<Impl>(directory, mode, options);
  if (options.shares_with != nullptr) impl->ShareWith(options.shares_with->impl());
  CRAWLCARD_TRY(impl->Open());
  return std::unique_ptr<Store>(new Store(std::move(impl)));
}

const std::string& Store::directory() const {
  return impl_->directory();
}

unsigned Store::partitions() const {
  return static_cast<unsigned>(impl_->partition_count());
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
  CRAWLCARD_ASSIGN(std::optional<FileEntry> entry, impl_->GetFile(FileId(name)));
  if (entry && entry->name != name) entry.reset();
  return entry;
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
    if (ToView(rows->key()) == kMetaPartitions) continue;  // changes no answer
    meta.emplace_back(ToView(rows->key()), ToView(rows->value()));
  }
  if (!rows->status().ok())
    return tl::unexpected(FromRocks(rows->status(), "cannot read the index"));
  return meta;
}

Result<std::vector<Store::FamilySize>> Store::Sizes() const {
  std::vector<FamilySize> sizes;
  for (std::size_t i = 0; i < kFamilyNames.size(); ++i) {
    FamilySize size{std::string(kFamilyNames[i]), 0, 0};
    const auto family = static_cast<Family>(i);
    for (std::size_t p = 0; p < impl_->partition_count(); ++p) {
      const Partition& partition = impl_->partition(p);
      using Properties = rocksdb::DB::Properties;
      size.rows_estimate += RowsOf(partition, family);
      size.bytes += partition.Property(family, Properties::kTotalSstFilesSize) +
                    partition.Property(family, Properties::kCurSizeAllMemTables);
    }
    sizes.push_back(std::move(size));
  }
  return sizes;
}

Status Store::PutRun(std::string_view name, std::string_view manifest) {
  return impl_->PutMeta({{fmt::format("run.{}", name), std::string(manifest)}});
}

Status Store::Flush() {
  return impl_->Flush();
}

}  // namespace crawlcard::index
