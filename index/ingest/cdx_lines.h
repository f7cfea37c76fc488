// index/ingest/cdx_lines.h - the lines of a file that may be packed, with their places.
//
// Thread rule: thread-compatible.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/byte_source.h"
#include "base/member_inflater.h"
#include "base/result.h"
#include "warc/record.h"

namespace crawlcard::index {

// Up to `bytes` of what `source`, which does not move, starts with when unpacked; fewer where a
// first member is shorter or cannot be read. Errors: kIo.
[[nodiscard]] Result<std::string> PeekUnpacked(ByteSource& source, std::size_t bytes);

class CdxLines {
 public:
  struct Line {
    std::string_view text;  // without its end; dead at the next call
    // In a plain file offset and length of the line; in a packed one those of the member it starts
    // in (length 0 where that is too large to be known) and, as inner offset, its place there.
    warc::Extent extent;
  };

  // Borrows `source`, which stands at its start.
  explicit CdxLines(ByteSource& source) : source_(source) {}

  // The next line; nullopt at the end. Errors: kTooLarge for a line over
  // limits::kCdxLineBytesMax, kCorrupt and kTruncated for a damaged member, each with its place:
  // call again to go on behind it. kIo.
  [[nodiscard]] Result<std::optional<Line>> Next();

  std::uint64_t unpacked_bytes() const { return unpacked_bytes_; }

 private:
  [[nodiscard]] Status Begin();
  [[nodiscard]] Status Fill();
  [[nodiscard]] Status FillPlain();
  [[nodiscard]] Status BeginMember();
  [[nodiscard]] Status Inflate(std::size_t bytes);
  [[nodiscard]] tl::unexpected<Error> Leave(ErrorCode code, std::string_view why);
  [[nodiscard]] Status SeekMember();
  warc::Extent PlaceOf(std::size_t at, std::size_t bytes) const;

  ByteSource& source_;
  MemberInflater inflater_;
  std::optional<MemberFormat> format_;  // nullopt: plain
  bool has_begun_ = false;
  bool at_end_ = false;     // of the source
  bool in_member_ = false;  // it goes on
  bool is_skipping_ = false;
  std::string text_;  // unpacked; handed out up to at_
  std::size_t at_ = 0;
  std::int64_t base_ = 0;  // what makes a place in text_ one in the member, or in a plain file
  std::uint64_t member_offset_ = 0;
  std::uint64_t member_length_ = 0;      // 0: not known
  std::optional<warc::Extent> carried_;  // of the line at at_, which began in the member before
  std::uint64_t unpacked_bytes_ = 0;
};

}  // namespace crawlcard::index
