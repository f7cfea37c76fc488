// warc/internal/unit_opener.h - finds out what unit starts at the source's position, and opens it.
//
// Passes zero padding and zstd's skippable frames on the way, and takes a dictionary from them.
// Thread rule: thread-compatible.
#pragma once

#include <cstddef>

#include "base/byte_source.h"
#include "base/result.h"
#include "warc/internal/notes.h"
#include "warc/internal/unit_reader.h"

namespace crawlcard::warc::internal {

class UnitOpener {
 public:
  // Borrows both.
  UnitOpener(ByteSource& source, UnitReader& unit) : source_(source), unit_(unit) {}

  // Opens the next unit. False at the end of the input. `is_archive` says that a record was read
  // before, so that bytes which start nothing are damage and not another kind of file.
  //
  // Errors: kUnsupported, kCorrupt, kTruncated, kTooLarge (dictionary), kIo.
  [[nodiscard]] Result<bool> Open(bool is_archive, NoteSet& notes_out);

  // Reads the frames that may hold a dictionary at the start of a file, and nothing else.
  [[nodiscard]] Status ReadHead();

  // True when a dictionary was met behind the first unit.
  bool has_late_dictionary() const { return has_late_dictionary_; }

  // Counts kinds of units that another reader met before.
  void Inherit(bool has_compressed, bool has_plain) {
    has_compressed_ = has_compressed_ || has_compressed;
    has_plain_ = has_plain_ || has_plain;
  }

  // True after an error that says the input is a file of another kind, such as lz4.
  bool is_foreign() const { return is_foreign_; }

  // Kinds of units met so far.
  bool has_compressed() const { return has_compressed_; }
  bool has_plain() const { return has_plain_; }

 private:
  Status FailUnknown(UnitKind kind, std::size_t bytes, bool is_archive);
  Status SkipZeros();
  Status ReadSkippable();
  Status ReadDictionary(std::size_t bytes);

  ByteSource& source_;
  UnitReader& unit_;
  bool is_foreign_ = false;
  bool has_compressed_ = false;
  bool has_plain_ = false;
  bool has_late_dictionary_ = false;
};

}  // namespace crawlcard::warc::internal
