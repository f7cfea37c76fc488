// robots/internal/parsed_file.h - one well-known file, read once for every origin that serves it.
#pragma once

#include <cstddef>
#include <optional>
#include <string_view>
#include <vector>

#include "base/arena.h"
#include "robots/observe.h"
#include "robots/robots_txt.h"
#include "robots/tdmrep.h"
#include "robots/well_known.h"

namespace crawlcard::robots {

// Immutable after construction.
class ParsedFile {
 public:
  ParsedFile(WellKnown file, std::string_view body);

  const RobotsTxt* robots() const { return robots_ ? &*robots_ : nullptr; }
  const TdmrepFile* tdmrep() const { return tdmrep_ ? &*tdmrep_ : nullptr; }
  const CarFile* car() const { return car_ ? &*car_ : nullptr; }
  std::span<const SpawningRule> spawning() const { return spawning_; }
  // What ObserveWellKnown gives; empty for robots.txt, which keeps its own.
  std::span<const Signal> signals() const { return signals_; }
  // False where nothing of the right kind was in it.
  bool has_content() const { return has_content_; }
  std::size_t held_bytes() const;

 private:
  Arena arena_{4 * 1024};
  std::optional<RobotsTxt> robots_;
  std::optional<TdmrepFile> tdmrep_;
  std::optional<CarFile> car_;
  std::vector<SpawningRule> spawning_;
  SignalList signals_;
  bool has_content_ = false;
};

}  // namespace crawlcard::robots
