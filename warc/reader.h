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

  // --- several readers in one file (docs/decisions/0007-one-file-many-workers.md) ---

  // True when the record handed out last is the first one of a gzip member or zstd frame that
  // starts exactly where the reader stood before it: a new Reader that starts at its extent.offset
  // reads the same records from there on, as long as nothing is damaged.
  bool at_unit_start() const;

  // For a source that stands in the middle of a file: moves to the next place before `end` where a
  // member or frame shows the start of a record. It is a guess: bytes of a larger unit may look the
  // same. False when there is none. Errors: kIo.
  [[nodiscard]] Result<bool> SeekUnit(std::uint64_t end);

  // Takes the dictionary, if there is one, from `head`, which stands at the start of the file.
  // Errors: as Next().
  [[nodiscard]] Status TakeDictionary(ByteSource& head);

  // True when a dictionary was met behind the start: it holds for the rest of the file.
  bool has_late_dictionary() const;

  // What the units read so far mean for searches after damage.
  struct Memory {
    bool has_compressed = false;
    bool has_plain = false;
    std::uint64_t wasted_bytes = 0;
    void Add(const Memory& other);
  };
  Memory memory() const;
  // Adds what was read before this reader's start. Must come before the first Resync().
  void Inherit(const Memory& before);

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace crawlcard::warc
