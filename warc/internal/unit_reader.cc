#include "warc/internal/unit_reader.h"

#include <algorithm>
#include <cstring>

#include "base/assert.h"
#include "warc/internal/unit_finder.h"

namespace crawlcard::warc::internal {
namespace {

// First window looked at; most members are smaller.
constexpr std::size_t kFirstWindow = std::size_t{64} << 10;
constexpr std::size_t kWindowGrowth = 8;
// Where members are unpacked two at a time, the other one must be in it, too.
constexpr std::size_t kPairWindow = std::size_t{256} << 10;

constexpr std::size_t kFirstBuffer = std::size_t{256} << 10;
constexpr std::size_t kStreamInput = std::size_t{64} << 10;
constexpr std::size_t kStreamRoom = std::size_t{64} << 10;

// Plain records up to this size are shown in the source's window, larger ones are copied, so that
// the source's buffer stays small.
constexpr std::size_t kInPlaceMax = std::size_t{8} << 20;

const char* UnitName(UnitKind kind) {
  return kind == UnitKind::kZstd ? "zstd frame" : "gzip member";
}

}  // namespace

Status UnitReader::Open(UnitKind kind) {
  kind_ = kind;
  is_open_ = true;
  has_ended_ = false;
  failure_.reset();
  offset_ = source_.position();
  length_.reset();
  position_ = 0;
  dropped_ = 0;
  released_ = 0;
  taken_ = 0;
  buffer_.Clear();
  if (kind == UnitKind::kPlain) return {};
  return OpenWhole();
}

// Tries the fast way with growing windows and a growing buffer, then leaves it to the stream.
Status UnitReader::OpenWhole() {
  if (buffer_.capacity() == 0) buffer_.Reserve(kFirstBuffer);
  const bool may_pair = kind_ == UnitKind::kGzip && TwinInflater::IsUsable();
  std::size_t want = may_pair ? kPairWindow : kFirstWindow;
  for (;;) {
    CRAWLCARD_ASSIGN(const std::string_view window, source_.Peek(want));
    if (may_pair) {
      if (const auto packed = ahead_.Unpack(offset_, window, buffer_)) {
        TakeWhole(*packed);
        return {};
      }
    }
    const std::span<char> room =
        buffer_.Room().first(std::min(buffer_.capacity(), limits::kWholeMemberBytesMax));
    const WholeOutcome outcome = inflater_.InflateWhole(format(), window, room);
    if (outcome.state == WholeState::kDone) {
      buffer_.Commit(outcome.produced);
      TakeWhole(outcome.consumed);
      return {};
    }
    if (outcome.state == WholeState::kNoRoom) {
      if (room.size() == limits::kWholeMemberBytesMax) break;
      buffer_.Reserve(std::min(buffer_.capacity() * 2, limits::kWholeMemberBytesMax));
      continue;
    }
    // Damaged, or longer than the window: the stream will tell.
    if (window.size() < want || window.size() >= kRetainBytes) break;
    want = std::min(std::max(want * kWindowGrowth, window.size() + 1), kRetainBytes);
  }
  inflater_.StartStream(format());
  return {};
}

// The member, of `packed` bytes, is in the buffer.
void UnitReader::TakeWhole(std::size_t packed) {
  inflated_bytes_ += buffer_.size();
  source_.Consume(packed);
  length_ = packed;
  has_ended_ = true;
}

Result<std::string_view> UnitReader::Peek(std::size_t want) {
  if (IsInPlace() && want <= kInPlaceMax) return PeekInPlace(want);
  if (IsInPlace()) has_ended_ = false;
  while (buffer_.size() < want && !has_ended_ && !failure_) {
    // The buffer grows as bytes arrive: a claimed length alone gets no memory.
    CRAWLCARD_TRY(Fill(std::min(want, std::max(buffer_.size() * 2, kStreamRoom))));
  }
  return buffer_.Window();
}

Result<std::string_view> UnitReader::PeekInPlace(std::size_t want) {
  CRAWLCARD_ASSIGN(const std::string_view window, source_.Peek(want));
  has_ended_ = window.size() < want;
  return window;
}

void UnitReader::Consume(std::size_t bytes) {
  position_ += bytes + dropped_;
  dropped_ = 0;
  if (IsInPlace()) {
    inflated_bytes_ += bytes;
    source_.Consume(bytes);
    return;
  }
  buffer_.Consume(bytes);
  if (kind_ == UnitKind::kPlain) has_ended_ = false;  // the source is asked again
}

Status UnitReader::Fill(std::size_t want) {
  CRAWLCARD_ASSERT(want > buffer_.size());
  if (kind_ == UnitKind::kPlain) return FillPlain(want);
  buffer_.Reserve(want);
  return FillStream();
}

// Copies what the source shows, up to a window of `want` bytes and no further.
Status UnitReader::FillPlain(std::size_t want) {
  CRAWLCARD_ASSIGN(const std::string_view window, source_.Peek(1));
  if (window.empty()) {
    has_ended_ = true;
    return {};
  }
  buffer_.Reserve(want);
  const std::size_t bytes = std::min(window.size(), want - buffer_.size());
  std::memcpy(buffer_.Room().data(), window.data(), bytes);
  buffer_.Commit(bytes);
  source_.Consume(bytes);
  inflated_bytes_ += bytes;
  return {};
}

// Unpacks one piece into all the room there is.
Status UnitReader::FillStream() {
  CRAWLCARD_ASSIGN(const std::string_view window, source_.Peek(taken_ + kStreamInput));
  const std::string_view input = window.substr(taken_);
  const StreamStep step = inflater_.StreamSome(input, buffer_.Room());
  taken_ += step.consumed;
  buffer_.Commit(step.produced);
  inflated_bytes_ += step.produced;
  Apply(step, step.consumed + step.produced > 0, input.size() < kStreamInput);
  if (!has_ended_ && taken_ > kRetainBytes) {
    const std::size_t released = taken_ - kRetainBytes / 2;
    source_.Consume(released);
    released_ += released;
    taken_ -= released;
  }
  return {};
}

void UnitReader::Apply(const StreamStep& step, bool made_progress, bool at_input_end) {
  const std::uint64_t read = read_bytes();
  switch (step.state) {
    case StreamState::kGoOn:
      if (made_progress) return;
      if (at_input_end) {
        failure_ = Error(ErrorCode::kTruncated,
                         fmt::format("{} is cut after {} bytes", UnitName(kind_), read));
      } else {
        failure_ = Error(ErrorCode::kCorrupt,
                         fmt::format("{} cannot go on after {} bytes", UnitName(kind_), read));
      }
      break;
    case StreamState::kEnd:
      source_.Consume(taken_);
      released_ += taken_;
      taken_ = 0;
      length_ = released_;
      has_ended_ = true;
      return;
    case StreamState::kCorrupt:
      failure_ = Error(ErrorCode::kCorrupt,
                       fmt::format("{} is damaged within {} bytes", UnitName(kind_), read));
      break;
    case StreamState::kTooLarge:
      failure_ = Error(ErrorCode::kTooLarge,
                       fmt::format("zstd window too large: limit {} bytes",
                                   std::uint64_t{1} << MemberInflater::kZstdWindowLogMax));
      break;
    case StreamState::kNeedsDictionary:
      failure_ = Error(ErrorCode::kUnsupported,
                       "zstd frame needs the dictionary from the head of its file");
      break;
  }
  failure_->At(offset_);
}

Result<bool> UnitReader::JoinNext() {
  if (!is_compressed() || !has_ended_ || failure_) return false;
  CRAWLCARD_ASSIGN(const std::string_view window, source_.Peek(kFirstWindow));
  if (window.empty() || SniffUnit(window) != kind_) return false;
  if (TryMember(format(), window, inflater_) != Trial::kOther) return false;
  inflater_.StartStream(format());
  released_ = *length_;
  taken_ = 0;
  length_.reset();
  has_ended_ = false;
  return true;
}

Result<std::uint64_t> UnitReader::DropAfter(std::size_t keep, std::uint64_t count) {
  if (IsInPlace() && count > 0) {
    // The source moves on, so what is kept must move out of its window.
    CRAWLCARD_TRY(FillPlain(keep));
    while (buffer_.size() < keep && !has_ended_) CRAWLCARD_TRY(FillPlain(keep));
  }
  std::uint64_t dropped = 0;
  for (;;) {
    CRAWLCARD_ASSERT(buffer_.size() >= keep);
    const std::uint64_t surplus = buffer_.size() - keep;
    const std::uint64_t now = std::min<std::uint64_t>(surplus, count - dropped);
    buffer_.Erase(keep, static_cast<std::size_t>(now));
    dropped += now;
    if (dropped == count || has_ended_ || failure_) break;
    CRAWLCARD_TRY(Fill(keep + kStreamRoom));
  }
  dropped_ += dropped;
  return dropped;
}

}  // namespace crawlcard::warc::internal
