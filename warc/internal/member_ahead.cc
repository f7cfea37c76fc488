#include "warc/internal/member_ahead.h"

#include <algorithm>
#include <utility>

#include "base/find.h"
#include "warc/limits.h"

namespace crawlcard::warc::internal {
namespace {

// RFC 1952 section 2.3. With more fields in its head a member is left to MemberInflater.
constexpr std::string_view kHead("\x1f\x8b\x08\0", 4);
constexpr std::size_t kHeadBytes = 10;
constexpr std::size_t kTrailBytes = 8;

constexpr std::size_t kFirstRoom = std::size_t{256} << 10;

std::uint32_t ReadNumber(std::string_view bytes) {
  std::uint32_t number = 0;
  for (std::size_t i = 4; i-- > 0;) number = number << 8 | static_cast<unsigned char>(bytes[i]);
  return number;
}

// The length of the member with its trailer, if this is right; else 0.
std::size_t CheckedSize(std::string_view member, std::size_t stream_bytes, std::string_view text) {
  const std::size_t end = kHeadBytes + stream_bytes;
  if (member.size() < end + kTrailBytes) return 0;
  if (ReadNumber(member.substr(end)) != TwinInflater::Crc32(text)) return 0;
  if (ReadNumber(member.substr(end + 4)) != static_cast<std::uint32_t>(text.size())) return 0;
  return end + kTrailBytes;
}

}  // namespace

std::optional<std::size_t> MemberAhead::Unpack(std::uint64_t offset, std::string_view window,
                                               ByteBuffer& buffer) {
  DropBefore(offset);
  for (Place& place : ready_) {
    if (!place.is_taken || place.offset != offset) continue;
    place.is_taken = false;
    if (place.packed > window.size()) return {};
    std::swap(buffer, place.buffer);
    return place.packed;
  }
  offset_ = offset;
  window_ = window;
  std::optional<std::size_t> side = SideOf(offset);
  if (!side) {
    if (!window.starts_with(kHead)) return {};
    if (small_run_ >= kSmallRun && ++small_run_ % kSmallRun != 0) return {};
    const std::size_t next = Find(window, kHead, kHeadBytes);
    if (next == std::string_view::npos) return {};
    if (next < kMemberBytesMin) {
      ++small_run_;
      return {};
    }
    small_run_ = 0;
    side = sides_[0].is_taken ? 1 : 0;
    if (sides_[*side].is_taken) return {};
  }
  for (std::size_t i = 0; i < sides_.size(); ++i) {
    const std::uint64_t stream = sides_[i].offset + kHeadBytes;
    if (!sides_[i].is_taken) continue;
    if (stream - offset > window.size()) {  // a source may show less than before
      sides_[i].is_taken = false;
      twin_.Drop(i);
      continue;
    }
    twin_.SetInput(i, From(stream));
  }
  if (!sides_[*side].is_taken) Start(*side, offset);
  const std::size_t packed = RunToEnd(*side);
  if (packed == 0) return {};
  std::swap(buffer, sides_[*side].buffer);
  return packed;
}

void MemberAhead::DropBefore(std::uint64_t offset) {
  for (std::size_t i = 0; i < sides_.size(); ++i) {
    if (!sides_[i].is_taken || sides_[i].offset >= offset) continue;
    sides_[i].is_taken = false;
    twin_.Drop(i);
  }
  for (Place& place : ready_) {
    if (place.offset < offset) place.is_taken = false;
  }
}

std::optional<std::size_t> MemberAhead::SideOf(std::uint64_t offset) const {
  for (std::size_t i = 0; i < sides_.size(); ++i) {
    if (sides_[i].is_taken && sides_[i].offset == offset) return i;
  }
  return {};
}

void MemberAhead::Start(std::size_t side, std::uint64_t offset) {
  Place& place = sides_[side];
  place.offset = offset;
  place.is_taken = true;
  if (place.buffer.capacity() > 2 * kAheadBytesMax) place.buffer = ByteBuffer();
  place.buffer.Clear();
  if (place.buffer.capacity() == 0) place.buffer.Reserve(kFirstRoom);
  searched_ = std::max(searched_, offset + kHeadBytes);
  twin_.Start(side, From(offset + kHeadBytes), place.buffer.Room());
}

// Starts the next member that is large enough, if the window shows its end.
void MemberAhead::StartNext(std::size_t side) {
  const std::uint64_t end = offset_ + window_.size();
  if (end == searched_end_ || searched_ >= end) return;
  std::size_t at = Find(window_, kHead, static_cast<std::size_t>(searched_ - offset_));
  while (at != std::string_view::npos) {
    const std::size_t next = Find(window_, kHead, at + kHeadBytes);
    if (next == std::string_view::npos) break;
    searched_ = offset_ + next;
    if (next - at >= kMemberBytesMin) return Start(side, offset_ + at);
    at = next;
  }
  searched_end_ = end;
}

// The packed bytes of the member on `side`, which is then in its buffer; 0: not by this way. Its
// place is free again, unless it only lacks input.
std::size_t MemberAhead::RunToEnd(std::size_t side) {
  const std::size_t other = 1 - side;
  for (;;) {
    if (!sides_[other].is_taken && FreeReady() != nullptr) StartNext(other);
    twin_.Run(side);
    if (sides_[other].is_taken) Attend(other);
    switch (twin_.state(side)) {
      case TwinInflater::State::kRunning:
        continue;
      case TwinInflater::State::kNoInput:
        return 0;
      case TwinInflater::State::kNoRoom:
        if (Grow(side)) continue;
        break;
      default:
        break;
    }
    return Finish(side);
  }
}

// What came along: sees to it that it can go on, or that it waits, elsewhere if it is done.
void MemberAhead::Attend(std::size_t side) {
  const TwinInflater::State state = twin_.state(side);
  if (state == TwinInflater::State::kRunning || state == TwinInflater::State::kNoInput) return;
  if (state == TwinInflater::State::kNoRoom) {
    if (sides_[side].buffer.capacity() < kAheadBytesMax) Grow(side);
    return;
  }
  const std::uint64_t offset = sides_[side].offset;
  Place* const place = FreeReady();
  const std::size_t packed = Finish(side);
  if (packed == 0 || place == nullptr) return;
  place->offset = offset;
  place->packed = packed;
  place->is_taken = true;
  std::swap(place->buffer, sides_[side].buffer);
}

bool MemberAhead::Grow(std::size_t side) {
  ByteBuffer& buffer = sides_[side].buffer;
  if (buffer.capacity() >= limits::kWholeMemberBytesMax) return false;
  const std::size_t made = twin_.produced(side);
  buffer.Commit(made);
  buffer.Reserve(std::min(2 * buffer.capacity(), limits::kWholeMemberBytesMax));
  buffer.Clear();
  twin_.SetRoom(side, buffer.Room());
  return true;
}

// Frees the side. Its buffer has the member, if that is right; then its packed bytes, else 0.
std::size_t MemberAhead::Finish(std::size_t side) {
  Place& place = sides_[side];
  const bool is_done = twin_.state(side) == TwinInflater::State::kDone;
  const std::size_t stream_bytes = twin_.consumed(side);
  place.is_taken = false;
  twin_.Drop(side);
  if (!is_done || twin_.produced(side) > limits::kWholeMemberBytesMax) return 0;
  place.buffer.Clear();
  place.buffer.Commit(twin_.produced(side));
  return CheckedSize(From(place.offset), stream_bytes, place.buffer.Window());
}

MemberAhead::Place* MemberAhead::FreeReady() {
  for (Place& place : ready_) {
    if (!place.is_taken) return &place;
  }
  return nullptr;
}

}  // namespace crawlcard::warc::internal
