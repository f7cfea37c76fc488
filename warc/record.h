// warc/record.h - one record of an archive file, as a view into its reader's buffer.
//
// ISO 28500 (WARC 1.0 and 1.1) and ARC 1. A RecordView is dead after the reader moves on.
// Notes name each leniency that was needed to read the record: docs/formats/warc.md lists them.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

#include "base/time.h"

namespace crawlcard::warc {

// A bit a type, so that a set of wanted types is a mask.
enum class RecordType : std::uint16_t {
  kWarcinfo = 1 << 0,
  kResponse = 1 << 1,
  kResource = 1 << 2,
  kRequest = 1 << 3,
  kMetadata = 1 << 4,
  kRevisit = 1 << 5,
  kConversion = 1 << 6,
  kContinuation = 1 << 7,
  kUnknown = 1 << 8,  // any other WARC-Type value
};

using RecordTypeMask = std::uint16_t;
constexpr RecordTypeMask operator|(RecordType a, RecordType b) {
  return static_cast<RecordTypeMask>(static_cast<unsigned>(a) | static_cast<unsigned>(b));
}
constexpr RecordTypeMask operator|(RecordTypeMask a, RecordType b) {
  return static_cast<RecordTypeMask>(a | static_cast<unsigned>(b));
}
constexpr RecordTypeMask kAllRecordTypes = 0x1FF;

// The WARC-Type value, lower case: "response".
std::string_view RecordTypeName(RecordType type);

// Where a record stands in its file. Reading `length` bytes from `offset` gives exactly the
// compressed unit (or, in an uncompressed file, the bytes) of the record. In a file compressed as a
// whole, offset and length are those of the member that holds the record, and `inner_offset` is
// where the record starts in the member's decompressed bytes; otherwise it is 0. `length` is 0
// where it cannot be known yet: in a member too large to be unpacked at once, for all records but
// the last.
struct Extent {
  std::uint64_t offset = 0;
  std::uint64_t length = 0;
  std::uint64_t inner_offset = 0;

  bool operator==(const Extent&) const = default;
};

struct HeaderField {
  std::string_view name;   // as written, trimmed
  std::string_view value;  // trimmed; continuation lines joined by one blank
};

struct RecordView {
  RecordType type = RecordType::kUnknown;
  std::string_view version;             // "WARC/1.0", "WARC/1.1", "ARC/1"
  std::span<const HeaderField> fields;  // in order, repeats kept; for ARC the equivalents
  // Content block, cut at the reader's limit.
  std::string_view block;
  bool padded = false;            // 64 bytes after the block can be read: so in compressed input
  std::uint64_t block_bytes = 0;  // Content-Length, whatever was kept of it
  Extent extent;
  std::span<const std::string_view> notes;  // such as "warc.header_without_colon", sorted

  // The first field called `name` (compared without case), or empty.
  std::string_view Field(std::string_view name) const;

  // Often used fields, as written but for angle brackets round WARC-Target-URI and record ids kept.
  std::string_view record_id() const { return Field("WARC-Record-ID"); }
  std::string_view target_uri() const;      // without < >, trimmed
  std::optional<UnixSeconds> date() const;  // WARC-Date; nullopt when absent or unreadable
};

}  // namespace crawlcard::warc
