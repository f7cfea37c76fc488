// tests/sim/full_disk.h - a disk on which the n-th operation that writes finds no space.
//
// Below a RocksDB: files are made, appended to, synced, renamed and linked on the real disk until
// operation n, which fails with ENOSPC and does nothing. Then the disk is full for good, or has
// space again at once.
//
// Thread rule: thread-safe, as RocksDB's own threads write too.
#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <string>
#include <utility>

#include <rocksdb/env.h>
#include <rocksdb/file_system.h>

namespace crawlcard::sim {

class FullDisk final : public rocksdb::FileSystemWrapper {
 public:
  enum class Fault : std::uint8_t { kOnce, kFromThenOn };
  using Options = rocksdb::IOOptions;
  using Debug = rocksdb::IODebugContext;
  using Status = rocksdb::IOStatus;

  // Operation `at`, counted from 1, is the first that fails. Without `syncs` these are no
  // operations: a disk that finds space when it is written to keeps it.
  FullDisk(std::uint64_t at, Fault fault, bool syncs)
      : FileSystemWrapper(rocksdb::FileSystem::Default()), at_(at), fault_(fault), syncs_(syncs) {}

  const char* Name() const override { return "FullDisk"; }

  std::uint64_t operations() const { return operations_.load(); }
  std::uint64_t faults() const { return faults_.load(); }

  // Counts one operation, and says what becomes of it.
  Status Count() {
    const std::uint64_t operation = ++operations_;
    if (operation < at_ || (fault_ == Fault::kOnce && operation > at_)) return Status::OK();
    ++faults_;
    return Status::NoSpace("injected", "operation " + std::to_string(operation));
  }

  Status CountSync() { return syncs_ ? Count() : Status::OK(); }

  Status NewWritableFile(const std::string& name, const rocksdb::FileOptions& options,
                         std::unique_ptr<rocksdb::FSWritableFile>* file_out, Debug* debug) override;
  Status ReopenWritableFile(const std::string& name, const rocksdb::FileOptions& options,
                            std::unique_ptr<rocksdb::FSWritableFile>* file_out,
                            Debug* debug) override;
  Status ReuseWritableFile(const std::string& name, const std::string& old_name,
                           const rocksdb::FileOptions& options,
                           std::unique_ptr<rocksdb::FSWritableFile>* file_out,
                           Debug* debug) override;
  Status RenameFile(const std::string& from, const std::string& to, const Options& options,
                    Debug* debug) override;
  Status LinkFile(const std::string& from, const std::string& to, const Options& options,
                  Debug* debug) override;
  Status CreateDir(const std::string& name, const Options& options, Debug* debug) override;
  Status CreateDirIfMissing(const std::string& name, const Options& options, Debug* debug) override;

 private:
  const std::uint64_t at_;
  const Fault fault_;
  const bool syncs_;
  std::atomic<std::uint64_t> operations_{0};
  std::atomic<std::uint64_t> faults_{0};
};

// An environment on such a disk, whose clock does not sleep: RocksDB waits a second after each
// failed write.
std::unique_ptr<rocksdb::Env> NewEnv(const std::shared_ptr<FullDisk>& disk);

}  // namespace crawlcard::sim
