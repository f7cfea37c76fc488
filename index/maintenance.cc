// Housekeeping of a whole index: compaction and checkpoints, partition by partition.
#include <cerrno>
#include <cstring>
#include <filesystem>

#include <rocksdb/utilities/checkpoint.h>

#include "base/file.h"
#include "index/internal/for_each_partition.h"
#include "index/internal/store_impl.h"
#include "index/store.h"

namespace crawlcard::index {

Status Store::Compact(unsigned jobs) {
  return ForEachPartition(impl_->partition_count(), jobs, [this](std::size_t i) -> Status {
    const Partition& partition = impl_->partition(i);
    rocksdb::CompactRangeOptions options;
    // Also what lies at the bottom already: its options may be those of an older build.
    options.bottommost_level_compaction = rocksdb::BottommostLevelCompaction::kForceOptimized;
    for (rocksdb::ColumnFamilyHandle* family : partition.handles()) {
      const rocksdb::Status status = partition.db().CompactRange(options, family, nullptr, nullptr);
      if (!status.ok()) return tl::unexpected(FromRocks(status, "cannot compact the index"));
    }
    return {};
  });
}

Status Store::Checkpoint(const std::string& to) const {
  namespace fs = std::filesystem;
  std::error_code error;
  if (fs::exists(to, error)) {
    return Fail(ErrorCode::kInvalidArgument, "'{}' is there already", to);
  }
  // Under another name until it is whole.
  const std::string half = to + ".half";
  fs::remove_all(half, error);
  fs::create_directories(half, error);
  if (error) {
    return Fail(ErrorCode::kIo, "cannot make directory '{}': {}", half, error.message());
  }
  for (std::size_t i = 0; i < impl_->partition_count(); ++i) {
    rocksdb::Checkpoint* made = nullptr;
    rocksdb::Status status = rocksdb::Checkpoint::Create(&impl_->partition(i).db(), &made);
    const std::unique_ptr<rocksdb::Checkpoint> checkpoint(made);
    if (status.ok()) status = checkpoint->CreateCheckpoint(fmt::format("{}/p{:05}", half, i));
    if (!status.ok()) {
      fs::remove_all(half, error);
      return tl::unexpected(FromRocks(status, fmt::format("cannot write checkpoint '{}'", to)));
    }
  }
  fs::rename(half, to, error);
  if (error) return Fail(ErrorCode::kIo, "cannot rename '{}': {}", half, error.message());
  return SyncDirectoryOf(to);
}

}  // namespace crawlcard::index
