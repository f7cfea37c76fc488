#include "warc/internal/record_reader.h"

#include <algorithm>
#include <utility>

#include "warc/internal/record_start.h"
#include "warc/limits.h"

namespace crawlcard::warc::internal {
namespace {

constexpr std::size_t kHeaderWindow = std::size_t{4} << 10;

// Bytes looked at after a block: its line ends and the first bytes of what follows.
constexpr std::size_t kTail = 64;

// A block without a known length is searched for its end within this many bytes.
constexpr std::size_t kSearchMax = std::size_t{8} << 20;

// Keeps sums of sizes far from overflow, whatever the caller asks for.
constexpr std::uint64_t kBlockBytesCeiling = std::uint64_t{1} << 40;

bool IsLineEnd(char c) {
  return c == '\r' || c == '\n';
}
bool IsPadding(char c) {
  return IsLineEnd(c) || c == '\0';
}

// Without the two line ends that close a record.
std::string_view WithoutRecordEnd(std::string_view block) {
  for (int i = 0; i < 2 && block.ends_with('\n'); ++i) {
    block.remove_suffix(1);
    if (block.ends_with('\r')) block.remove_suffix(1);
  }
  return block;
}

}  // namespace

RecordReader::RecordReader(UnitReader& unit, std::uint64_t block_bytes_max)
    : unit_(unit), block_bytes_max_(std::min(block_bytes_max, kBlockBytesCeiling)) {}

void RecordReader::Advance() {
  if (consumed_ > 0) unit_.Consume(std::exchange(consumed_, 0));
}

Result<bool> RecordReader::Read(NoteSet notes) {
  notes_ = notes;
  CRAWLCARD_ASSIGN(const bool has_more, SkipPadding());
  if (!has_more) return false;
  Layout layout;
  CRAWLCARD_ASSIGN(layout.header_bytes, FindHeader());
  if (layout.header_bytes == 0) return false;
  CRAWLCARD_ASSIGN(const std::string_view window, unit_.Peek(layout.header_bytes));
  visible_ = window.size();
  has_moved_ = false;
  CRAWLCARD_ASSIGN(HeaderFacts facts, ParseHeader(window.substr(0, layout.header_bytes)));
  CRAWLCARD_TRY(LoadBlock(facts, layout));
  CRAWLCARD_TRY(Publish(std::move(facts), layout));
  consumed_ = layout.consumed;
  has_record_ = true;
  is_arc_ = is_arc_record_;
  ++records_in_unit_;
  return true;
}

// Peeks once the header is parsed. A window that has to grow may move, and the header with it.
Result<std::string_view> RecordReader::Look(std::size_t want) {
  const bool is_fixed = unit_.is_compressed() && unit_.is_whole();
  if (want > visible_ && !is_fixed) has_moved_ = true;
  return unit_.Peek(want);
}

// A few writers end a gzip member wherever their buffer was full.
Result<bool> RecordReader::Join() {
  CRAWLCARD_ASSIGN(const bool joined, unit_.JoinNext());
  if (joined) {
    notes_.Add(Note::kRecordSpansMembers);
    has_moved_ = true;
  }
  return joined;
}

// Passes line ends and zeros before a record. False at the end of the unit.
Result<bool> RecordReader::SkipPadding() {
  for (;;) {
    CRAWLCARD_ASSIGN(const std::string_view window, unit_.Peek(kTail));
    if (window.empty()) {
      if (unit_.failure()) return FailUnit();
      return false;
    }
    std::size_t count = 0;
    while (count < window.size() && IsPadding(window[count])) {
      notes_.Add(window[count] == '\0' ? Note::kZeroPadding : Note::kBlankBeforeHeader);
      ++count;
    }
    if (count == 0) return true;
    unit_.Consume(count);
  }
}

// The size of the header at the front of the window; 0 when a compressed unit starts there.
Result<std::size_t> RecordReader::FindHeader() {
  std::size_t want = kHeaderWindow;
  std::size_t searched = 0;
  for (;;) {
    CRAWLCARD_ASSIGN(const std::string_view window, unit_.Peek(want));
    const bool is_all = window.size() < want;
    if (!StartsWarc(window)) return FindOtherHeader(window, is_all);
    is_arc_record_ = false;
    const HeaderEnd end = FindHeaderEnd(window, searched);
    const std::size_t least = end.state == HeaderEnd::State::kFound ? end.bytes : window.size();
    if (end.state == HeaderEnd::State::kNextVersion && end.bytes <= limits::kHeaderBytesMax) {
      return FailHere(ErrorCode::kCorrupt, "record header runs into the next record");
    }
    if (least > limits::kHeaderBytesMax) {
      return FailHere(ErrorCode::kTooLarge, fmt::format("record header too large: limit {} bytes",
                                                        limits::kHeaderBytesMax));
    }
    if (end.state == HeaderEnd::State::kFound) return end.bytes;
    if (is_all) {
      if (unit_.failure()) return FailUnit();
      if (!unit_.is_compressed()) {
        return FailHere(ErrorCode::kTruncated, "record is cut in its header");
      }
      CRAWLCARD_ASSIGN(const bool joined, Join());
      if (joined) continue;
      notes_.Add(Note::kHeaderUnterminated);
      return window.size();
    }
    searched = end.bytes;
    want = std::min<std::size_t>(std::max(want, window.size()) * 2, limits::kHeaderBytesMax + 1);
  }
}

// The header of something that starts without "WARC/": an ARC line, a member, or damage.
Result<std::size_t> RecordReader::FindOtherHeader(std::string_view window, bool is_all) {
  const UnitKind kind = SniffUnit(window);
  if (!unit_.is_compressed() && (kind == UnitKind::kGzip || kind == UnitKind::kZstd)) return 0;
  const std::string_view seen = window.substr(0, limits::kArcLineBytesMax);
  if (!is_all && seen.find('\n') == std::string_view::npos) {
    CRAWLCARD_ASSIGN(window, unit_.Peek(limits::kArcLineBytesMax));
    is_all = window.size() < limits::kArcLineBytesMax;
  }
  window = window.substr(0, limits::kArcLineBytesMax);
  is_arc_record_ = StartsRecord(window);
  if (is_arc_record_) return window.find('\n') + 1;
  if (is_all && unit_.failure()) return FailUnit();
  const bool is_arc_line = is_arc_ || window.starts_with("filedesc://");
  const bool is_cut_line = is_arc_line && window.find('\n') == std::string_view::npos;
  if (is_all && !unit_.is_compressed() && (IsCutWarc(window) || is_cut_line)) {
    return FailHere(ErrorCode::kTruncated, "record is cut in its first line");
  }
  if (!has_record_ && RecordOffset() == 0) {
    return FailHere(ErrorCode::kUnsupported, "no archive: the content is neither warc nor arc");
  }
  return FailHere(ErrorCode::kCorrupt, "no record starts here");
}

Result<HeaderFacts> RecordReader::ParseHeader(std::string_view header) {
  Result<HeaderFacts> facts = is_arc_record_ ? header_.ParseArc(header) : header_.ParseWarc(header);
  if (!facts) return FailHere(facts.error().code(), facts.error().message());
  return facts;
}

Status RecordReader::LoadBlock(const HeaderFacts& facts, Layout& layout) {
  if (!facts.content_length) return LoadUnsized(layout);
  if (*facts.content_length > block_bytes_max_) return LoadOverLimit(*facts.content_length, layout);
  return LoadSized(*facts.content_length, layout);
}

Status RecordReader::LoadSized(std::uint64_t claimed, Layout& layout) {
  layout.block_kept = static_cast<std::size_t>(claimed);
  const std::size_t block_end = layout.header_bytes + layout.block_kept;
  std::string_view window;
  for (;;) {
    CRAWLCARD_ASSIGN(window, Look(block_end + kTail));
    if (window.size() >= block_end) break;
    CRAWLCARD_ASSIGN(const bool joined, Join());
    if (!joined) return LoadShort(window, claimed, layout);
  }
  // The only record of a member is good when its member is: without the checksum it may be what
  // damage made of it. In a file compressed as a whole the records before a cut are all we get.
  if (unit_.failure() && records_in_unit_ == 0) return FailUnit();
  if (IsBoundary(window.substr(block_end))) {
    FindRecordEnd(window, layout);
  } else {
    RepairLength(window, layout);
  }
  return {};
}

Status RecordReader::LoadOverLimit(std::uint64_t claimed, Layout& layout) {
  layout.block_kept = static_cast<std::size_t>(block_bytes_max_);
  const std::size_t block_end = layout.header_bytes + layout.block_kept;
  CRAWLCARD_ASSIGN(std::string_view window, Look(block_end));
  if (window.size() < block_end) return LoadShort(window, claimed, layout);
  const std::uint64_t surplus = claimed - layout.block_kept;
  has_moved_ = true;
  CRAWLCARD_ASSIGN(layout.block_dropped, unit_.DropAfter(block_end, surplus));
  CRAWLCARD_ASSIGN(window, Look(block_end + kTail));
  const bool is_cut = layout.block_dropped < surplus;
  if (unit_.failure() && (is_cut || records_in_unit_ == 0)) return FailUnit();
  if (is_cut && !unit_.is_compressed()) {
    return FailHere(ErrorCode::kTruncated,
                    fmt::format("record is cut: {} of {} block bytes are there",
                                layout.block_kept + layout.block_dropped, claimed));
  }
  notes_.Add(Note::kBlockOverLimit);
  if (is_cut) notes_.Add(Note::kContentLengthLong);
  FindRecordEnd(window, layout);
  return {};
}

// Without a length the block ends where the next record starts, or with the unit.
Status RecordReader::LoadUnsized(Layout& layout) {
  std::size_t want = layout.header_bytes + kHeaderWindow;
  for (;;) {
    CRAWLCARD_ASSIGN(const std::string_view window, Look(want));
    const std::string_view searched = window.substr(0, layout.header_bytes + kSearchMax);
    const std::size_t next = FindRecordStart(searched, layout.header_bytes, is_arc_record_);
    const bool is_all = window.size() < want;
    if (next != std::string_view::npos || (is_all && searched.size() == window.size())) {
      if (is_all && unit_.failure()) return FailUnit();
      EndBlockAt(window, std::min(next, window.size()), layout);
      return {};
    }
    if (searched.size() == layout.header_bytes + kSearchMax) {
      return FailHere(
          ErrorCode::kCorrupt,
          fmt::format("record without content length has no end within {} bytes", kSearchMax));
    }
    want = std::min(std::max(want, window.size()) * 2, layout.header_bytes + kSearchMax);
  }
}

// The unit ends inside the block.
Status RecordReader::LoadShort(std::string_view window, std::uint64_t claimed, Layout& layout) {
  if (unit_.failure()) return FailUnit();
  const std::size_t next = FindRecordStart(window, layout.header_bytes, is_arc_record_);
  if (next == std::string_view::npos && !unit_.is_compressed()) {
    return FailHere(ErrorCode::kTruncated,
                    fmt::format("record is cut: {} of {} block bytes are there",
                                window.size() - layout.header_bytes, claimed));
  }
  notes_.Add(Note::kContentLengthLong);
  EndBlockAt(window, std::min(next, window.size()), layout);
  return {};
}

// What follows the block is no record: the length is wrong. Too long when a record starts inside
// the block, else too short.
void RecordReader::RepairLength(std::string_view window, Layout& layout) {
  const std::size_t block_end = layout.header_bytes + layout.block_kept;
  const std::string_view near = window.substr(0, block_end + kTail);
  const std::size_t inside = FindRecordStart(near, layout.header_bytes, is_arc_record_);
  if (inside < block_end) {
    notes_.Add(Note::kContentLengthLong);
    EndBlockAt(window, inside, layout);
    return;
  }
  notes_.Add(Note::kContentLengthShort);
  if (!unit_.is_compressed() || !unit_.is_whole()) {
    // What the surplus belongs to cannot be seen from here: the next read reports it as damage.
    layout.consumed = block_end;
    return;
  }
  const std::size_t next = FindRecordStart(window, block_end, is_arc_record_);
  EndBlockAt(window, std::min(next, window.size()), layout);
}

// Takes all up to `end`, less the line ends of the record, as the block.
void RecordReader::EndBlockAt(std::string_view window, std::size_t end, Layout& layout) {
  const std::string_view block =
      WithoutRecordEnd(window.substr(layout.header_bytes, end - layout.header_bytes));
  layout.block_kept = block.size();
  layout.consumed = end;
  if (block.size() <= block_bytes_max_) return;
  layout.block_kept = static_cast<std::size_t>(block_bytes_max_);
  notes_.Add(Note::kBlockOverLimit);
}

// Counts the line ends after the block: two in WARC, one in ARC.
void RecordReader::FindRecordEnd(std::string_view window, Layout& layout) {
  std::size_t at = layout.header_bytes + layout.block_kept;
  const std::size_t limit = std::min(window.size(), at + kTail);
  int feeds = 0;
  for (; at < limit && IsLineEnd(window[at]); ++at) feeds += window[at] == '\n' ? 1 : 0;
  const int expected = is_arc_record_ ? 1 : 2;
  if (feeds < expected) notes_.Add(Note::kRecordEndMissing);
  if (feeds > expected) notes_.Add(Note::kRecordEndExtra);
  layout.consumed = at;
}

// Whether a record can end before `rest`. An ARC line may be longer than what is seen of it, so
// there the next read has to tell.
bool RecordReader::IsBoundary(std::string_view rest) const {
  while (!rest.empty() && IsPadding(rest.front())) rest.remove_prefix(1);
  if (rest.empty() || is_arc_record_ || StartsWarc(rest) || IsCutWarc(rest)) return true;
  return !unit_.is_compressed() && (rest.starts_with(kGzipMagic) || rest.starts_with(kZstdMagic));
}

Status RecordReader::Publish(HeaderFacts facts, const Layout& layout) {
  CRAWLCARD_ASSIGN(const std::string_view window, unit_.Peek(layout.consumed));
  if (has_moved_) {
    CRAWLCARD_ASSIGN(facts, ParseHeader(window.substr(0, layout.header_bytes)));
  }
  notes_.Add(facts.notes);
  record_.type = facts.type;
  record_.version = facts.version;
  record_.fields = header_.fields();
  record_.block = window.substr(layout.header_bytes, layout.block_kept);
  record_.padded = unit_.is_compressed();
  record_.block_bytes = facts.content_length.value_or(layout.block_kept);
  if (unit_.is_compressed()) {
    record_.extent = {unit_.offset(), unit_.length().value_or(0), unit_.position()};
  } else {
    record_.extent = {RecordOffset(), layout.consumed + layout.block_dropped, 0};
  }
  record_.notes = notes_.Names(note_names_);
  return {};
}

// Where an error about the record at the front of the window points to: its unit or its first byte.
std::uint64_t RecordReader::RecordOffset() const {
  return unit_.is_compressed() ? unit_.offset() : unit_.offset() + unit_.position();
}

tl::unexpected<Error> RecordReader::FailHere(ErrorCode code, std::string message) const {
  if (unit_.is_compressed() && unit_.position() > 0) {
    message += fmt::format(", {} unpacked bytes into its member", unit_.position());
  }
  return tl::unexpected<Error>(Error(code, std::move(message)).At(RecordOffset()));
}

}  // namespace crawlcard::warc::internal
