// warc/internal/unit_reader.h - the unpacked bytes of one unit of an archive file, as a window.
//
// A unit is a gzip member, a zstd frame, or the uncompressed rest of a file. Three ways lead into
// the window, and the caller sees no difference:
//
//   whole    the member fits: unpacked in one call into the buffer, with another
//            one beside it where both are gzip (member_ahead.h)             (the usual way)
//   stream   the member is large: unpacked in pieces as the window asks     (whole-file gzip)
//   in place not compressed: the window is the source's own, nothing moves  (plain files)
//
// Memory: the buffer grows to the largest window asked for; the source keeps up to kRetainBytes of
// a streamed member, so that a search after damage can go back that far.
// Thread rule: thread-compatible.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

#include "base/byte_source.h"
#include "base/member_inflater.h"
#include "base/result.h"
#include "warc/internal/byte_buffer.h"
#include "warc/internal/member_ahead.h"
#include "warc/internal/record_start.h"
#include "warc/limits.h"

namespace crawlcard::warc::internal {

class UnitReader {
 public:
  // Compressed bytes of a member that are looked at or kept at once.
  static constexpr std::size_t kRetainBytes = std::size_t{8} << 20;

  explicit UnitReader(ByteSource& source) : source_(source) {}

  // Starts the unit at the source's position. `kind` is kPlain, kGzip or kZstd. Errors: kIo.
  [[nodiscard]] Status Open(UnitKind kind);

  // Leaves the unit. The source stands after it when the unit was read to its end.
  void Close() { is_open_ = false; }

  bool is_open() const { return is_open_; }
  bool is_compressed() const { return kind_ != UnitKind::kPlain; }

  // Shows at least `want` unpacked bytes, fewer only where the unit ends or fails (see failure()).
  // Dead after the next call of any member but the const ones. Errors: kIo.
  [[nodiscard]] Result<std::string_view> Peek(std::size_t want);

  // Moves on by `bytes` of the last window.
  void Consume(std::size_t bytes);

  // Drops up to `count` bytes that follow the first `keep` bytes of the window, and says how many
  // there were. Errors: kIo.
  [[nodiscard]] Result<std::uint64_t> DropAfter(std::size_t keep, std::uint64_t count);

  // After the end of a unit whose record goes on: takes the next member as its continuation, if
  // there is one and it does not start with a record. The window stays and grows. Errors: kIo.
  [[nodiscard]] Result<bool> JoinNext();

  // True when everything left of the unit is in the window and the unit ended as it should.
  bool is_whole() const { return has_ended_; }

  // Why the unit cannot be read beyond the window: kTruncated, kCorrupt, kTooLarge, kUnsupported.
  const std::optional<Error>& failure() const { return failure_; }

  // Where the unit starts in the source; its length there once it has ended.
  std::uint64_t offset() const { return offset_; }
  std::optional<std::uint64_t> length() const { return length_; }

  // Unpacked bytes of the unit before the window.
  std::uint64_t position() const { return position_; }

  // Bytes of the unit that were read, and how many of them the source still holds.
  std::uint64_t read_bytes() const { return released_ + taken_; }
  std::size_t held_bytes() const { return taken_; }

  std::uint64_t inflated_bytes() const { return inflated_bytes_; }
  MemberInflater& inflater() { return inflater_; }

 private:
  Status OpenWhole();
  void TakeWhole(std::size_t packed);
  Status Fill(std::size_t want);
  Status FillPlain(std::size_t want);
  Status FillStream();
  void Apply(const StreamStep& step, bool made_progress, bool at_input_end);
  Result<std::string_view> PeekInPlace(std::size_t want);
  bool IsInPlace() const { return kind_ == UnitKind::kPlain && buffer_.size() == 0; }
  MemberFormat format() const {
    return kind_ == UnitKind::kZstd ? MemberFormat::kZstd : MemberFormat::kGzip;
  }

  ByteSource& source_;
  MemberInflater inflater_;
  MemberAhead ahead_;
  ByteBuffer buffer_;
  UnitKind kind_ = UnitKind::kPlain;
  bool is_open_ = false;
  bool has_ended_ = false;
  std::optional<Error> failure_;
  std::uint64_t offset_ = 0;
  std::optional<std::uint64_t> length_;
  std::uint64_t position_ = 0;
  std::uint64_t dropped_ = 0;   // by DropAfter(), counted when the window moves on
  std::uint64_t released_ = 0;  // compressed bytes of the unit given back to the source
  std::size_t taken_ = 0;       // compressed bytes used that the source still holds
  std::uint64_t inflated_bytes_ = 0;
};

}  // namespace crawlcard::warc::internal
