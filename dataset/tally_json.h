// dataset/tally_json.h - a tally as JSON: shortened for people's programs, whole to be read back.
//
// Thread rule: thread-safe.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "base/json_writer.h"
#include "base/result.h"
#include "dataset/tally.h"

namespace crawlcard::dataset {

// Members of a tally into an object that is open. `policies` name the questions; of names that may
// be many (domains, languages) the `top` first are written.
void WriteTally(const Tally& tally, const std::vector<std::string>& policies, std::size_t top,
                JsonWriter& json);

// What a finished file says of itself, to be read by the same program.
struct Manifest {
  std::string asked;  // digest of everything that the result depends on
  std::string input;
  std::uint64_t input_bytes = 0;
  std::int64_t input_mtime_ns = 0;
  std::string kept;  // paths
  std::string dropped;
  std::string reasons;
  std::uint64_t kept_bytes = 0;  // sizes of the files
  std::uint64_t dropped_bytes = 0;
  std::uint64_t reasons_bytes = 0;
  std::string damage;  // what ended the input too early, or empty
  Tally tally;
};

// One crawlcard.filter-file.v1 object with a line end.
std::string WriteManifest(const Manifest& manifest, const std::vector<std::string>& policies);

// Errors: kCorrupt.
[[nodiscard]] Result<Manifest> ReadManifest(std::string_view text);

}  // namespace crawlcard::dataset
