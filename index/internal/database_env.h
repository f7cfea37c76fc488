// index/internal/database_env.h - the world in which this room's databases write: the machine's
// disk, or one that a test made to fail.
//
// One for the process, so that it reaches every database and sorted file whoever opens them.
//
// Thread rule: DatabaseEnv() is thread-safe; a test sets another one before it opens anything and
// closes everything before it ends.
#pragma once

namespace rocksdb {
class Env;
}  // namespace rocksdb

namespace crawlcard::index {

// Never null.
rocksdb::Env* DatabaseEnv();

// For tests: another world as long as this lives. Borrows `env`.
class ScopedDatabaseEnv {
 public:
  explicit ScopedDatabaseEnv(rocksdb::Env* env);
  ~ScopedDatabaseEnv();
  ScopedDatabaseEnv(const ScopedDatabaseEnv&) = delete;
  ScopedDatabaseEnv& operator=(const ScopedDatabaseEnv&) = delete;
};

}  // namespace crawlcard::index
