// index/internal/database_env.h - the world in which this room's databases write: the machine's
// disk, or one that a test made to fail.
//
// One for the process, so that it reaches every database and sorted file whoever opens them. It can
// put off the deleting of sorted files. RocksDB 7.8.3 needs that: where its manifest names files
// that were just taken over and the sync of the manifest then fails, it deletes them, and does not
// open again without them.
//
// Thread rule: functions are thread-safe; a test sets another env before it opens anything and
// closes everything before it ends.
#pragma once

#include <memory>
#include <string>

namespace rocksdb {
class Env;
}  // namespace rocksdb

namespace crawlcard::index {

// Never null.
rocksdb::Env* DatabaseEnv();

// Sorted files of the database in `directory` that are deleted from now on stay on disk,
void HoldDeletes(const std::string& directory);
// until they are deleted now, since the database knows what it holds,
void CarryOutDeletes(const std::string& directory);
// or are left to it: opened again, it deletes those that its manifest does not name. For a database
// that is closed.
void ForgetDeletes(const std::string& directory);

// For tests: another world as long as this lives. Borrows `env`.
class ScopedDatabaseEnv {
 public:
  explicit ScopedDatabaseEnv(rocksdb::Env* env);
  ~ScopedDatabaseEnv();
  ScopedDatabaseEnv(const ScopedDatabaseEnv&) = delete;
  ScopedDatabaseEnv& operator=(const ScopedDatabaseEnv&) = delete;

 private:
  std::unique_ptr<rocksdb::Env> holding_;
};

}  // namespace crawlcard::index
