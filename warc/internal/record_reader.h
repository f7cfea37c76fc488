// warc/internal/record_reader.h - one record after another from the window of a unit.
//
// Here stand the rules of ISO 28500 section 4 and the leniencies towards real files: a header, a
// block of Content-Length bytes, two line ends. docs/formats/warc.md lists what is forgiven.
//
//   window:  | header | block (kept) | line ends | next record ...
//            0        header_bytes   |           consumed
//                                    header_bytes + block_kept
//
// Thread rule: thread-compatible.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.h"
#include "warc/internal/header_parser.h"
#include "warc/internal/notes.h"
#include "warc/internal/unit_reader.h"
#include "warc/record.h"

namespace crawlcard::warc::internal {

class RecordReader {
 public:
  // Borrows `unit`.
  RecordReader(UnitReader& unit, std::uint64_t block_bytes_max);

  // Says that `unit` was opened anew.
  void StartUnit() { records_in_unit_ = 0; }

  // Leaves the record handed out; its views are dead.
  void Advance();

  // Reads the next record of the unit; `notes` were gathered before it. False at the end of the
  // unit. After an error the window starts where the damaged record does.
  //
  // Errors: kTruncated, kCorrupt, kTooLarge, kUnsupported (the input is no archive), kIo.
  [[nodiscard]] Result<bool> Read(NoteSet notes);

  const RecordView& record() const { return record_; }
  bool has_record() const { return has_record_; }  // some record was read so far
  bool is_arc() const { return is_arc_; }          // and the last one was ARC

 private:
  struct Layout {
    std::size_t header_bytes = 0;
    std::size_t block_kept = 0;
    std::uint64_t block_dropped = 0;  // cut off at the limit, no longer in the window
    std::size_t consumed = 0;         // of the window, with the line ends
  };

  Result<std::string_view> Look(std::size_t want);
  Result<bool> Join();
  Result<bool> SkipPadding();
  Result<std::size_t> FindHeader();
  Result<std::size_t> FindOtherHeader(std::string_view window, bool is_all);
  Result<HeaderFacts> ParseHeader(std::string_view header);
  Status LoadBlock(const HeaderFacts& facts, Layout& layout);
  Status LoadSized(std::uint64_t claimed, Layout& layout);
  Status LoadOverLimit(std::uint64_t claimed, Layout& layout);
  Status LoadUnsized(Layout& layout);
  Status LoadShort(std::string_view window, std::uint64_t claimed, Layout& layout);
  void RepairLength(std::string_view window, Layout& layout);
  void FindRecordEnd(std::string_view window, Layout& layout);
  void EndBlockAt(std::string_view window, std::size_t end, Layout& layout);
  bool IsBoundary(std::string_view rest) const;
  Status Publish(HeaderFacts facts, const Layout& layout);
  std::uint64_t RecordOffset() const;
  tl::unexpected<Error> FailHere(ErrorCode code, std::string message) const;
  tl::unexpected<Error> FailUnit() const { return tl::unexpected<Error>(*unit_.failure()); }

  UnitReader& unit_;
  const std::uint64_t block_bytes_max_;
  HeaderParser header_;
  RecordView record_;
  NoteSet notes_;
  std::array<std::string_view, kNoteNames.size()> note_names_;
  std::size_t consumed_ = 0;  // bytes of the window that belong to the record handed out
  std::uint64_t records_in_unit_ = 0;
  bool has_record_ = false;
  bool is_arc_ = false;
  bool is_arc_record_ = false;  // the one being read
  std::size_t visible_ = 0;     // bytes of the window when its header was parsed
  bool has_moved_ = false;      // the window was asked for more than that since
};

}  // namespace crawlcard::warc::internal
