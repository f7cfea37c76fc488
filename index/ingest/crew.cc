#include "index/ingest/crew.h"

#include "index/ingest/split_file.h"

namespace crawlcard::index {

bool Crew::HelpOnce(std::unique_lock<std::mutex>& lock) {
  for (SplitFile* file : files_) {
    if (file->HelpLocked(lock)) return true;  // the list may be another one now
  }
  return false;
}

void Crew::Help() {
  std::unique_lock lock(mutex_);
  --busy_;
  changed_.notify_all();
  for (;;) {
    if (HelpOnce(lock)) continue;
    if (busy_ == 0) return;
    changed_.wait(lock);
  }
}

}  // namespace crawlcard::index
