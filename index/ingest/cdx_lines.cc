#include "index/ingest/cdx_lines.h"

#include <algorithm>
#include <span>
#include <utility>

#include "index/interchange/limits.h"

namespace crawlcard::index {
namespace {

constexpr std::string_view kGzipMagic("\x1f\x8b\x08", 3);
constexpr std::string_view kZstdMagic("\x28\xb5\x2f\xfd", 4);
constexpr std::size_t kPieceBytes = 256 * 1024;
constexpr std::size_t kWindowBytes = 64 * 1024;

std::string_view MagicOf(MemberFormat format) {
  return format == MemberFormat::kGzip ? kGzipMagic : kZstdMagic;
}

}  // namespace

Status CdxLines::Begin() {
  has_begun_ = true;
  CRAWLCARD_ASSIGN(const std::string_view start, source_.Peek(kZstdMagic.size()));
  for (const MemberFormat format : {MemberFormat::kGzip, MemberFormat::kZstd}) {
    if (start.starts_with(MagicOf(format))) format_ = format;
  }
  return {};
}

warc::Extent CdxLines::PlaceOf(std::size_t at, std::size_t bytes) const {
  if (carried_ && at == at_) return *carried_;
  const auto place = static_cast<std::uint64_t>(base_ + static_cast<std::int64_t>(at));
  if (!format_) return {place, bytes, 0};
  return {member_offset_, member_length_, place};
}

Result<std::string> PeekUnpacked(ByteSource& source, std::size_t bytes) {
  CRAWLCARD_ASSIGN(std::string_view start, source.Peek(bytes));
  start = start.substr(0, bytes);
  MemberFormat format = MemberFormat::kGzip;
  if (start.starts_with("\x28\xb5\x2f\xfd")) {
    format = MemberFormat::kZstd;
  } else if (!start.starts_with("\x1f\x8b")) {
    return std::string(start);
  }
  MemberInflater inflater;
  inflater.StartStream(format);
  std::string text(bytes, '\0');
  text.resize(inflater.StreamSome(start, text).produced);
  return text;
}

Result<std::optional<CdxLines::Line>> CdxLines::Next() {
  if (!has_begun_) CRAWLCARD_TRY(Begin());
  for (std::size_t looked_at = 0;;) {
    const std::size_t end = text_.find('\n', at_ + looked_at);
    const bool is_last = end == std::string::npos && at_end_ && !in_member_;
    if (is_last && at_ == text_.size()) return std::optional<Line>();
    if (end == std::string::npos && !is_last) {
      looked_at = text_.size() - at_;
      if (looked_at > limits::kCdxLineBytesMax) {
        const warc::Extent place = PlaceOf(at_, 0);
        carried_.reset();
        at_ = text_.size();
        looked_at = 0;
        if (!std::exchange(is_skipping_, true)) {
          return tl::unexpected(
              Error(ErrorCode::kTooLarge, "line of over 65536 bytes").At(place.offset));
        }
      }
      CRAWLCARD_TRY(Fill());
      continue;
    }
    const std::size_t line_end = is_last ? text_.size() : end;
    const std::size_t next = is_last ? line_end : end + 1;
    Line line{std::string_view(text_).substr(at_, line_end - at_), PlaceOf(at_, next - at_)};
    carried_.reset();
    at_ = next;
    looked_at = 0;
    if (std::exchange(is_skipping_, false)) continue;
    if (line.text.size() > limits::kCdxLineBytesMax) {
      return tl::unexpected(
          Error(ErrorCode::kTooLarge, "line of over 65536 bytes").At(line.extent.offset));
    }
    return std::optional<Line>(line);
  }
}

Status CdxLines::Fill() {
  text_.erase(0, at_);
  base_ += static_cast<std::int64_t>(at_);
  at_ = 0;
  if (!format_) return FillPlain();
  return in_member_ ? Inflate(kPieceBytes) : BeginMember();
}

Status CdxLines::FillPlain() {
  CRAWLCARD_ASSIGN(std::string_view window, source_.Peek(kWindowBytes));
  window = window.substr(0, kPieceBytes);
  at_end_ = window.empty();
  text_.append(window);
  unpacked_bytes_ += window.size();
  source_.Consume(window.size());
  return {};
}

Status CdxLines::BeginMember() {
  CRAWLCARD_ASSIGN(const std::string_view start, source_.Peek(kZstdMagic.size()));
  at_end_ = start.empty();
  if (at_end_) return {};
  if (!text_.empty() && !carried_) carried_ = PlaceOf(0, 0);
  // The blocks of ZipNum hold whole lines, even where the last one has no end; those of BGZF, which
  // have an extra field (RFC 1952 section 2.3.1), are cut anywhere.
  constexpr std::size_t kFlags = 3;
  constexpr char kHasExtra = 4;
  const bool is_bgzf = start.size() > kFlags && (start[kFlags] & kHasExtra) != 0;
  if (!text_.empty() && !(*format_ == MemberFormat::kGzip && is_bgzf)) text_ += '\n';
  member_offset_ = source_.position();
  member_length_ = 0;
  base_ = -static_cast<std::int64_t>(text_.size());
  if (!start.starts_with(MagicOf(*format_))) return Leave(ErrorCode::kCorrupt, "no member here");
  inflater_.StartStream(*format_);
  in_member_ = true;
  // A block of usual size is unpacked before any of its lines goes out, so that its length is
  // known.
  CRAWLCARD_TRY(Inflate(limits::kCdxBlockBytesMax));
  if (!in_member_) member_length_ = source_.position() - member_offset_;
  return {};
}

// Unpacks up to `bytes` more of the member.
Status CdxLines::Inflate(std::size_t bytes) {
  const std::size_t end = text_.size() + bytes;
  while (in_member_ && text_.size() < end) {
    CRAWLCARD_ASSIGN(std::string_view window, source_.Peek(1));
    if (window.empty()) {
      at_end_ = true;
      return Leave(ErrorCode::kTruncated, "file ends inside a member");
    }
    const std::size_t had = text_.size();
    text_.resize(std::min(end, had + kPieceBytes));
    const StreamStep step =
        inflater_.StreamSome(window, std::span<char>(text_.data() + had, text_.size() - had));
    text_.resize(had + step.produced);
    unpacked_bytes_ += step.produced;
    source_.Consume(step.consumed);
    if (step.state == StreamState::kEnd) {
      in_member_ = false;
    } else if (step.state != StreamState::kGoOn) {
      return Leave(ErrorCode::kCorrupt, "member is damaged");
    }
  }
  return {};
}

// Ends a damaged member: its whole lines stay, the search goes on behind what was looked at.
tl::unexpected<Error> CdxLines::Leave(ErrorCode code, std::string_view why) {
  in_member_ = false;
  is_skipping_ = false;
  const std::size_t end = text_.rfind('\n');
  text_.resize(end == std::string::npos || end < at_ ? at_ : end + 1);
  if (text_.empty()) carried_.reset();
  Error error = Error(code, std::string(why)).At(member_offset_);
  if (Status sought = SeekMember(); !sought) return tl::unexpected(std::move(sought.error()));
  return tl::unexpected(std::move(error));
}

Status CdxLines::SeekMember() {
  const std::string_view magic = MagicOf(*format_);
  for (;;) {
    CRAWLCARD_ASSIGN(const std::string_view window, source_.Peek(kWindowBytes));
    const std::size_t found = window.find(magic);
    if (found != std::string_view::npos && source_.position() + found > member_offset_) {
      source_.Consume(found);
      return {};
    }
    if (window.size() < kWindowBytes) {
      source_.Consume(window.size());
      at_end_ = true;
      return {};
    }
    source_.Consume(found == 0 ? 1 : window.size() - magic.size());
  }
}

}  // namespace crawlcard::index
