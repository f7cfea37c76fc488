// index/ingest/estimate.h - what a large ingest will take, told before it starts.
//
// From ratios measured on a made mirror (docs/cost-model.md); real archives differ by some tens of
// per cent, machines by more.
//
// Thread rule: functions are thread-safe.
#pragma once

#include <cstdint>
#include <vector>

#include "index/ingest/ingest.h"

namespace crawlcard::index {

struct IngestEstimate {
  std::uint64_t files = 0;
  std::uint64_t bytes_in = 0;  // of files on disk; nothing is known of pipes and transfers
  std::uint64_t index_bytes = 0;
  std::uint64_t temporary_bytes = 0;  // while a bulk build goes on
  std::uint64_t seconds = 0;          // on `jobs` free cores like the measured one
  bool is_bulk = false;
};

// Bytes of a file on disk; 0 where nothing is known before.
std::uint64_t KnownBytes(const IngestInput& input);

// True when this ingest sorts its rows outside the index.
bool IsBulk(const std::vector<IngestInput>& inputs, const IngestOptions& options);

IngestEstimate EstimateIngest(const std::vector<IngestInput>& inputs, const IngestOptions& options);

}  // namespace crawlcard::index
