// warc/reader.h - reads WARC and ARC records one after another from a byte source.
//
// Finds by itself whether the input is gzip per record, gzip as a whole, zstd (frame per record,
// optional dictionary in the leading skippable frame), or plain, and whether it is WARC or ARC.
// A Reader yields RecordViews, which point into its buffer and are dead after the next call.
//
// Damage: an error names the offset of the failed unit; Resync() then looks for the next one. The
// loop of a caller that wants everything:
//
//   for (;;) {
//     Result<const RecordView*> next = reader.Next();
//     if (next && *next == nullptr) break;            // clean end
//     if (next) { Use(**next); continue; }
//     Count(next.error());
//     Result<bool> found = reader.Resync();
//     if (!found || !*found) break;                   // kIo, or nothing more to find
//   }
//
// Format notes and every leniency we allow: docs/formats/warc.md.
// Thread rule: thread-compatible. Use one Reader per thread.
#pragma once

#include <cstdint>
#include <memory>

#include "base/attributes.h"
#include "base/byte_source.h"
#include "base/result.h"
#include "warc/limits.h"
#include "warc/record.h"

namespace crawlcard::warc {

struct ReaderOptions {
  // Affects behaviour.
  RecordTypeMask wanted = kAllRecordTypes;  // others are passed over without reading their block
  std::uint64_t block_bytes_max = limits::kBlockBytesMax;  // longer blocks are cut, with a note
};

class Reader {
 public:
  // Borrows `source`, which must outlive the reader.
  Reader(ByteSource& source, const ReaderOptions& options);
  ~Reader();

  // Moves to the next wanted record. nullptr is the clean end of the input.
  //
  // Errors: kTruncated for input that ends inside a record (those before it have all been
  // returned), kCorrupt, kTooLarge (header over its limit), kUnsupported (no archive at all, such
  // as an empty-looking binary, or lz4), kIo. An empty input is a clean end.
  [[nodiscard]] Result<const RecordView*> Next() CRAWLCARD_LIFETIME_BOUND;

  // After an error: looks for the next place where a record can start. True when one was found,
  // false at the end. Errors: kIo.
  [[nodiscard]] Result<bool> Resync();

  // Bytes of decompressed archive data seen so far.
  std::uint64_t inflated_bytes() const;

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace crawlcard::warc
