// index/takedown_manifest.h - which captures of an index the takedown requests cover.
//
// Read by key ranges: a URL's rows are neighbours, so are those of a host and of a domain; nothing
// else is looked at. A key is lossy, so each row's own URL decides. docs/formats/takedown.md.
//
// Thread rule: as Scan().
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <span>

#include "base/json_writer.h"
#include "base/result.h"
#include "index/capture.h"
#include "index/schema.h"
#include "index/store.h"
#include "index/takedown.h"

namespace crawlcard::index {

struct ManifestOptions {
  // Only captures that no request received before this instant covers: what comes on top of the
  // manifest of that day.
  std::optional<UnixSeconds> since;
  // Only requests received, and captures sealed, by then.
  std::optional<UnixSeconds> known_by;
};

struct AffectedCapture {
  Family family = Family::kPages;  // or kHosts
  const CaptureView* capture = nullptr;
  std::span<const Takedown* const> requests;  // earliest first, at least one
};

struct ManifestSummary {
  std::uint64_t requests = 0;  // that count
  std::uint64_t ranges = 0;    // of keys that were read
  std::uint64_t rows = 0;      // that were looked at
  std::uint64_t captures = 0;  // affected
};

// Hands out every affected capture: host files first, each family in key order. Views die with the
// call. Errors: kIo, kCorrupt, and what `on_capture` returned.
[[nodiscard]] Result<ManifestSummary> ListAffected(
    const Store& store, const ManifestOptions& options,
    const std::function<Status(const AffectedCapture&)>& on_capture);

// Writes one crawlcard.takedown-manifest.v1 object (docs/schemas/).
void WriteAffected(const AffectedCapture& affected, JsonWriter& json);

}  // namespace crawlcard::index
