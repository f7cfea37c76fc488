#include "index/ingest/estimate.h"

#include <algorithm>
#include <filesystem>

#include "index/limits.h"

namespace crawlcard::index {
namespace {

// From the measured table of docs/cost-model.md: index bytes for each packed byte, CPU seconds for
// each packed GiB.
struct Ratio {
  const char* part;  // of the name
  double index_bytes;
  double seconds_a_gib;
};
constexpr Ratio kRatios[] = {{"robotstxt/", 0.30, 31.8}, {".wat", 0.026, 10.1}, {"", 0.0031, 10.3}};
// Rows of a bulk build lie on disk as they are, then as sorted files: 4.7 GB of the former beside
// 1.9 GB of the latter in benches/results/2026-11-22-index.
constexpr double kTemporaryBytes = 3.5;

const Ratio& RatioOf(const IngestInput& input) {
  return *std::find_if(std::begin(kRatios), std::end(kRatios), [&](const Ratio& ratio) {
    return input.name.find(ratio.part) != std::string::npos;
  });
}

}  // namespace

std::uint64_t KnownBytes(const IngestInput& input) {
  if (input.open || input.path == "-") return 0;
  std::error_code error;
  const std::uintmax_t bytes = std::filesystem::file_size(input.path, error);
  return error ? 0 : bytes;
}

bool IsBulk(const std::vector<IngestInput>& inputs, const IngestOptions& options) {
  if (options.bulk != BulkMode::kAuto) return options.bulk == BulkMode::kAlways;
  std::uint64_t bytes = 0;
  for (const IngestInput& input : inputs) bytes += KnownBytes(input);
  return bytes >= limits::kBulkBytes;
}

IngestEstimate EstimateIngest(const std::vector<IngestInput>& inputs,
                              const IngestOptions& options) {
  IngestEstimate estimate;
  double index_bytes = 0;
  double seconds = 0;
  for (const IngestInput& input : inputs) {
    const std::uint64_t bytes = KnownBytes(input);
    const Ratio& ratio = RatioOf(input);
    ++estimate.files;
    estimate.bytes_in += bytes;
    index_bytes += ratio.index_bytes * static_cast<double>(bytes);
    seconds += ratio.seconds_a_gib * static_cast<double>(bytes) / static_cast<double>(1ULL << 30);
  }
  estimate.is_bulk = IsBulk(inputs, options);
  estimate.index_bytes = static_cast<std::uint64_t>(index_bytes);
  estimate.seconds = static_cast<std::uint64_t>(seconds / std::max(options.jobs, 1U));
  if (estimate.is_bulk && estimate.bytes_in > 0) {
    // A portion at a time.
    const double share = std::min(1.0, static_cast<double>(options.bulk_portion_bytes) /
                                           static_cast<double>(estimate.bytes_in));
    estimate.temporary_bytes = static_cast<std::uint64_t>(index_bytes * share * kTemporaryBytes);
  }
  return estimate;
}

}  // namespace crawlcard::index
