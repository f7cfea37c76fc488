#include "index/internal/database_env.h"

#include <atomic>
#include <map>
#include <mutex>
#include <string_view>
#include <utility>
#include <vector>

#include <rocksdb/env.h>
#include <rocksdb/file_system.h>

#include "base/assert.h"

namespace crawlcard::index {
namespace {

// Names that databases wanted to delete, by directory: of those whose deletes are put off.
class HeldDeletes {
 public:
  void Hold(const std::string& directory) {
    const std::lock_guard lock(mutex_);
    names_.try_emplace(directory);
  }

  std::vector<std::string> Release(const std::string& directory) {
    const std::lock_guard lock(mutex_);
    const auto found = names_.find(directory);
    if (found == names_.end()) return {};
    std::vector<std::string> names = std::move(found->second);
    names_.erase(found);
    return names;
  }

  // True if the file is to stay for now.
  bool Keep(const std::string& name) {
    if (!std::string_view(name).ends_with(".sst")) return false;
    const std::lock_guard lock(mutex_);
    const auto found = names_.find(name.substr(0, name.rfind('/')));
    if (found == names_.end()) return false;
    found->second.push_back(name);
    return true;
  }

 private:
  std::mutex mutex_;
  std::map<std::string, std::vector<std::string>> names_;
};

// Never destroyed: threads of RocksDB may outlive main().
HeldDeletes& Held() {
  static HeldDeletes* const held = std::make_unique<HeldDeletes>().release();
  return *held;
}

class HoldingFileSystem final : public rocksdb::FileSystemWrapper {
 public:
  using FileSystemWrapper::FileSystemWrapper;
  const char* Name() const override { return "HoldingFileSystem"; }

  rocksdb::IOStatus DeleteFile(const std::string& name, const rocksdb::IOOptions& options,
                               rocksdb::IODebugContext* debug) override {
    if (Held().Keep(name)) return rocksdb::IOStatus::OK();
    return target()->DeleteFile(name, options, debug);
  }
};

class HoldingEnv final : public rocksdb::EnvWrapper {
 public:
  explicit HoldingEnv(rocksdb::Env* env) : EnvWrapper(env) {
    file_system_ = std::make_shared<HoldingFileSystem>(env->GetFileSystem());
    system_clock_ = env->GetSystemClock();
  }
  const char* Name() const override { return "HoldingEnv"; }
};

std::atomic<rocksdb::Env*> test_env{nullptr};

}  // namespace

rocksdb::Env* DatabaseEnv() {
  static rocksdb::Env* const own = std::make_unique<HoldingEnv>(rocksdb::Env::Default()).release();
  rocksdb::Env* env = test_env.load();
  return env == nullptr ? own : env;
}

void HoldDeletes(const std::string& directory) {
  Held().Hold(directory);
}

void CarryOutDeletes(const std::string& directory) {
  for (const std::string& name : Held().Release(directory)) {
    // A file that stays is deleted when the database is opened the next time.
    DatabaseEnv()->GetFileSystem()->DeleteFile(name, {}, nullptr).PermitUncheckedError();
  }
}

void ForgetDeletes(const std::string& directory) {
  Held().Release(directory);
}

ScopedDatabaseEnv::ScopedDatabaseEnv(rocksdb::Env* env) {
  CRAWLCARD_ASSERT(env != nullptr);
  holding_ = std::make_unique<HoldingEnv>(env);
  test_env.store(holding_.get());
}

ScopedDatabaseEnv::~ScopedDatabaseEnv() {
  test_env.store(nullptr);
}

}  // namespace crawlcard::index
