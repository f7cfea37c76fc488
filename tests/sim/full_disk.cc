#include "tests/sim/full_disk.h"

#include <rocksdb/system_clock.h>

namespace crawlcard::sim {
namespace {

using Status = FullDisk::Status;

class File final : public rocksdb::FSWritableFileOwnerWrapper {
 public:
  File(std::unique_ptr<rocksdb::FSWritableFile> file, FullDisk& disk)
      : FSWritableFileOwnerWrapper(std::move(file)), disk_(disk) {}

  Status Append(const rocksdb::Slice& bytes, const FullDisk::Options& options,
                FullDisk::Debug* debug) override {
    const Status space = disk_.Count();
    return space.ok() ? target()->Append(bytes, options, debug) : space;
  }
  Status Append(const rocksdb::Slice& bytes, const FullDisk::Options& options,
                const rocksdb::DataVerificationInfo& verification,
                FullDisk::Debug* debug) override {
    const Status space = disk_.Count();
    return space.ok() ? target()->Append(bytes, options, verification, debug) : space;
  }
  Status PositionedAppend(const rocksdb::Slice& bytes, std::uint64_t offset,
                          const FullDisk::Options& options, FullDisk::Debug* debug) override {
    const Status space = disk_.Count();
    return space.ok() ? target()->PositionedAppend(bytes, offset, options, debug) : space;
  }
  Status Sync(const FullDisk::Options& options, FullDisk::Debug* debug) override {
    const Status space = disk_.CountSync();
    return space.ok() ? target()->Sync(options, debug) : space;
  }
  Status Fsync(const FullDisk::Options& options, FullDisk::Debug* debug) override {
    const Status space = disk_.CountSync();
    return space.ok() ? target()->Fsync(options, debug) : space;
  }

 private:
  FullDisk& disk_;
};

class WakefulClock final : public rocksdb::SystemClockWrapper {
 public:
  WakefulClock() : SystemClockWrapper(rocksdb::SystemClock::Default()) {}
  const char* Name() const override { return "WakefulClock"; }
  void SleepForMicroseconds(int micros) override {
    constexpr int kLongestMicros = 1000;
    target_->SleepForMicroseconds(micros < kLongestMicros ? micros : kLongestMicros);
  }
};

class FullDiskEnv final : public rocksdb::EnvWrapper {
 public:
  explicit FullDiskEnv(const std::shared_ptr<FullDisk>& disk)
      : EnvWrapper(rocksdb::NewCompositeEnv(disk)) {
    file_system_ = disk;
    system_clock_ = std::make_shared<WakefulClock>();
  }
  const char* Name() const override { return "FullDiskEnv"; }
};

Status Wrap(const Status& made, FullDisk& disk, std::unique_ptr<rocksdb::FSWritableFile>* file) {
  if (made.ok()) *file = std::make_unique<File>(std::move(*file), disk);
  return made;
}

}  // namespace

Status FullDisk::NewWritableFile(const std::string& name, const rocksdb::FileOptions& options,
                                 std::unique_ptr<rocksdb::FSWritableFile>* file_out, Debug* debug) {
  const Status space = Count();
  if (!space.ok()) return space;
  return Wrap(target()->NewWritableFile(name, options, file_out, debug), *this, file_out);
}

Status FullDisk::ReopenWritableFile(const std::string& name, const rocksdb::FileOptions& options,
                                    std::unique_ptr<rocksdb::FSWritableFile>* file_out,
                                    Debug* debug) {
  const Status space = Count();
  if (!space.ok()) return space;
  return Wrap(target()->ReopenWritableFile(name, options, file_out, debug), *this, file_out);
}

Status FullDisk::ReuseWritableFile(const std::string& name, const std::string& old_name,
                                   const rocksdb::FileOptions& options,
                                   std::unique_ptr<rocksdb::FSWritableFile>* file_out,
                                   Debug* debug) {
  const Status space = Count();
  if (!space.ok()) return space;
  return Wrap(target()->ReuseWritableFile(name, old_name, options, file_out, debug), *this,
              file_out);
}

Status FullDisk::RenameFile(const std::string& from, const std::string& to, const Options& options,
                            Debug* debug) {
  const Status space = Count();
  return space.ok() ? target()->RenameFile(from, to, options, debug) : space;
}

Status FullDisk::LinkFile(const std::string& from, const std::string& to, const Options& options,
                          Debug* debug) {
  const Status space = Count();
  return space.ok() ? target()->LinkFile(from, to, options, debug) : space;
}

Status FullDisk::CreateDir(const std::string& name, const Options& options, Debug* debug) {
  const Status space = Count();
  return space.ok() ? target()->CreateDir(name, options, debug) : space;
}

Status FullDisk::CreateDirIfMissing(const std::string& name, const Options& options, Debug* debug) {
  const Status space = Count();
  return space.ok() ? target()->CreateDirIfMissing(name, options, debug) : space;
}

std::unique_ptr<rocksdb::Env> NewEnv(const std::shared_ptr<FullDisk>& disk) {
  return std::make_unique<FullDiskEnv>(disk);
}

}  // namespace crawlcard::sim
