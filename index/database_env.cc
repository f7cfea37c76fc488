#include "index/internal/database_env.h"

#include <atomic>

#include <rocksdb/env.h>

#include "base/assert.h"

namespace crawlcard::index {
namespace {

std::atomic<rocksdb::Env*> test_env{nullptr};

}  // namespace

rocksdb::Env* DatabaseEnv() {
  rocksdb::Env* env = test_env.load();
  return env == nullptr ? rocksdb::Env::Default() : env;
}

ScopedDatabaseEnv::ScopedDatabaseEnv(rocksdb::Env* env) {
  CRAWLCARD_ASSERT(env != nullptr);
  test_env.store(env);
}

ScopedDatabaseEnv::~ScopedDatabaseEnv() {
  test_env.store(nullptr);
}

}  // namespace crawlcard::index
