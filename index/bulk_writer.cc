#include "index/internal/bulk_writer.h"

#include <algorithm>
#include <filesystem>
#include <utility>

#include "index/internal/for_each_partition.h"
#include "index/internal/sst_files.h"

namespace crawlcard::index {

// Sorts the rows of one batch into a buffer.
class BulkWriter::BatchReader final : public rocksdb::WriteBatch::Handler {
 public:
  BatchReader(BulkWriter& writer, std::size_t partition, std::uint64_t file_id,
              SortedRuns::Buffer& buffer)
      : writer_(writer), partition_(partition), file_id_(file_id), buffer_(buffer) {
    const Partition& database = writer.store_.partition(partition);
    for (std::size_t i = 0; i < family_ids_.size(); ++i) {
      family_ids_[i] = database.family(static_cast<Family>(i))->GetID();
    }
  }

  rocksdb::Status PutCF(std::uint32_t family_id, const rocksdb::Slice& key,
                        const rocksdb::Slice& value) override {
    const auto found = std::find(family_ids_.begin(), family_ids_.end(), family_id);
    if (found == family_ids_.end()) return rocksdb::Status::Corruption("unknown family");
    const auto family = static_cast<Family>(found - family_ids_.begin());
    if (family == Family::kFiles) {
      writer_.KeepEntry(file_id_, ToView(value));
    } else {
      buffer_.Put(partition_, {family, ToView(key), file_id_, ToView(value)});
    }
    return rocksdb::Status::OK();
  }

 private:
  BulkWriter& writer_;
  const std::size_t partition_;
  const std::uint64_t file_id_;
  SortedRuns::Buffer& buffer_;
  std::array<std::uint32_t, kFamilyNames.size()> family_ids_{};
};

BulkWriter::BulkWriter(Store::Impl& store, unsigned jobs, std::size_t memory_bytes,
                       std::function<void()> on_step)
    : store_(store),
      jobs_(std::max(jobs, 1U)),
      directory_(store.scratch()),
      on_step_(std::move(on_step)),
      runs_(directory_, memory_bytes, jobs_, store.partition_count()) {}

BulkWriter::~BulkWriter() {
  std::error_code error;
  std::filesystem::remove_all(directory_, error);
}

void BulkWriter::Step() {
  if (!on_step_) return;
  const std::lock_guard lock(mutex_);
  on_step_();
}

void BulkWriter::KeepEntry(std::uint64_t file_id, std::string_view value) {
  const Result<FileEntry> entry = DecodeFileEntry(value);
  if (!entry || !entry->sealed) return;
  const std::lock_guard lock(mutex_);
  sealed_[file_id] = value;
}

bool BulkWriter::Push(std::size_t partition, std::uint64_t file_id, Batch batch) {
  {
    const std::lock_guard lock(mutex_);
    if (failure_) return false;
  }
  rocksdb::Status read;
  const Status added = runs_.Add([&](SortedRuns::Buffer& buffer) {
    BatchReader reader(*this, partition, file_id, buffer);
    read = batch->Iterate(&reader);
  });
  if (!added || !read.ok()) {
    const std::lock_guard lock(mutex_);
    if (!failure_) failure_ = added ? FromRocks(read, "cannot read a batch") : added.error();
    return false;
  }
  Step();
  GiveBack(std::move(batch));
  return true;
}

Status BulkWriter::Remove(std::set<std::uint64_t> ids) {
  const std::lock_guard lock(remove_mutex_);
  return store_.RemoveFiles(ids);
}

Status BulkWriter::WritePartition(std::size_t partition) {
  SstFiles files(store_, partition, directory_);
  Family last_family = Family::kPages;
  std::string last_key;
  const auto put = [&](const SortedRuns::Row& row) -> Status {
    if (!IsSealed(row.file_id)) return {};
    // Files share bodies.
    if (row.family == last_family && row.key == last_key) return {};
    if (row.family != last_family) CRAWLCARD_TRY(files.Finish(last_family));
    last_family = row.family;
    last_key = row.key;
    return files.Put(row.family, row.key, row.value);
  };
  CRAWLCARD_TRY(runs_.ForEach(partition, put));
  Step();
  std::string key;
  for (const auto& [id, value] : sealed_) {
    EncodeFileKey(id, key);
    CRAWLCARD_TRY(files.Put(Family::kFiles, key, value));
  }
  CRAWLCARD_TRY(files.Ingest());
  Step();
  return {};
}

Status BulkWriter::Finish() {
  if (failure_) return tl::unexpected(*failure_);
  if (sealed_.empty()) return store_.Flush();
  CRAWLCARD_TRY(runs_.Seal());
  CRAWLCARD_TRY(ForEachPartition(store_.partition_count(), jobs_,
                                 [this](std::size_t i) { return WritePartition(i); }));
  return store_.Flush();
}

}  // namespace crawlcard::index
