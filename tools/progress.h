// tools/progress.h - how far an ingest is, on standard error.
//
// On a terminal one line that is refreshed; elsewhere a line every 10 s (text or JSON), so that a
// log of a short run stays empty.
//
// Thread rule: runs its own thread between construction and destruction.
#pragma once

#include <condition_variable>
#include <mutex>
#include <string>
#include <thread>

#include "index/ingest/ingest.h"
#include "tools/log.h"
#include "tools/settings.h"

namespace crawlcard::tools {

// What progress lines show of one instant. `seconds` since the start.
std::string ProgressText(const index::IngestProgress& progress, double seconds);
std::string ProgressJson(const index::IngestProgress& progress, double seconds);

class ProgressLine {
 public:
  // Borrows both until it is destroyed.
  ProgressLine(const Settings& settings, const index::IngestProgress& progress, Logger& log);
  ~ProgressLine();
  ProgressLine(const ProgressLine&) = delete;
  ProgressLine& operator=(const ProgressLine&) = delete;

 private:
  enum class Style { kNone, kBar, kPlain, kJson };
  void Run(const std::stop_token& stop);

  const index::IngestProgress& progress_;
  Logger& log_;
  Style style_ = Style::kNone;
  std::mutex mutex_;
  std::condition_variable_any wake_;
  std::jthread thread_;
};

}  // namespace crawlcard::tools
