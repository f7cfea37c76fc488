// index/ingest/crew.h - the workers of one run: who has no file left helps with the files of
// others.
//
// One lock for all of them. It is taken a few times for each stretch of some MiB, never for a
// record.
//
// Thread rule: thread-safe.
#pragma once

#include <condition_variable>
#include <mutex>
#include <vector>

namespace crawlcard::index {

class SplitFile;

class Crew {
 public:
  // Each of `workers` threads must call Help() once, when it takes no more files.
  explicit Crew(unsigned workers) : busy_(workers) {}
  Crew(const Crew&) = delete;
  Crew& operator=(const Crew&) = delete;

  // Reads stretches of the files that others have open; returns when no worker has a file.
  void Help();

 private:
  friend class SplitFile;

  // Reads one stretch, if any can be claimed. `lock` is held before and after, not meanwhile.
  bool HelpOnce(std::unique_lock<std::mutex>& lock);

  std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<SplitFile*> files_;  // guarded by mutex_; in the order in which they were opened
  unsigned busy_;                  // guarded by mutex_; workers that may open another file
};

}  // namespace crawlcard::index
