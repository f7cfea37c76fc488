// index/verdict_json.h - a verdict as one crawlcard.verdict.v1 object (docs/schemas/).
//
// Thread rule: thread-safe.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/json_writer.h"
#include "index/scan.h"

namespace crawlcard::index {

// What a line tells of one piece of evidence.
enum class EvidencePart : std::uint8_t { kDate, kDigest, kPointer, kCapture };
struct EvidencePlace {
  std::size_t begin = 0;  // of the line
  std::size_t end = 0;
  EvidencePart part = EvidencePart::kDate;
  // Borrowed from the verdict; null for the date of a coverage, which has its carrier's name.
  const robots::Evidence* evidence = nullptr;
  std::string_view carrier;
  bool of_reason = false;
};

// Where the text of a verdict tells of evidence, from front to back.
struct VerdictPlaces {
  explicit VerdictPlaces(const std::string& written) : line(written) {}

  const std::string& line;  // what the verdict is written to
  std::size_t instant_begin = 0;
  std::size_t instant_end = 0;
  std::vector<EvidencePlace> evidence;
};

// `options` are those that the verdict was asked for with.
void WriteVerdict(const UrlVerdict& verdict, const JudgeOptions& options, JsonWriter& json,
                  VerdictPlaces* places_out = nullptr);

// The archives know no capture of 1970-01-01T00:00:00Z: 0 stands for none and is null.
void WriteDate(UnixSeconds date, JsonWriter& json);

void WriteEvidencePart(EvidencePart part, const robots::Evidence& evidence, JsonWriter& json);

// The place of the bytes, or null.
void WritePointer(const robots::Evidence& evidence, JsonWriter& json);

// One reason or offer, with the bytes it can be walked back to.
void WriteReason(const robots::Reason& reason, JsonWriter& json);

}  // namespace crawlcard::index
