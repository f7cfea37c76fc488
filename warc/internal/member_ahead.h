// warc/internal/member_ahead.h - unpacks gzip members of a file two at a time.
//
// Where the next member begins is known only when the one before it has been unpacked; but its
// first bytes can be looked for. So while a member is unpacked, another one that seems to begin
// further on comes along (base/twin_inflater.h), and is kept until the reader gets there. What does
// not turn out to be the next member is dropped: nothing is guessed that is then believed.
//
//   source  | member asked for |m|q| a larger one        |m|q| another |
//             side 0, to its end     side 1, as far as it gets
//                                    and then, if that ends first, this
//
// Small members (m, q) are not worth it, and gain nothing.
// Memory: kBuffers buffers of kAheadBytesMax and one of the largest member unpacked so.
// Thread rule: thread-compatible.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

#include "base/twin_inflater.h"
#include "warc/internal/byte_buffer.h"

namespace crawlcard::warc::internal {

class MemberAhead {
 public:
  // Packed bytes of a member that is worth it.
  static constexpr std::size_t kMemberBytesMin = 1024;
  // After as many smaller ones in a row, only one of as many is looked at.
  static constexpr std::uint64_t kSmallRun = 16;
  // Members that are unpacked and wait.
  static constexpr std::size_t kReadyMax = 2;
  static constexpr std::size_t kBuffers = TwinInflater::kSides + kReadyMax;

  // Of these and of what comes along, unpacked bytes; of more, the rest follows in its turn.
  static constexpr std::size_t kAheadBytesMax = std::size_t{1} << 20;

  // Unpacks the gzip member that stands at `offset` of the source and begins `window`, into
  // `buffer`, which is empty and is exchanged for another. Gives its packed bytes, or nothing,
  // and then MemberInflater can tell. Must always be asked about the same source.
  std::optional<std::size_t> Unpack(std::uint64_t offset, std::string_view window,
                                    ByteBuffer& buffer);

 private:
  struct Place {
    std::uint64_t offset = 0;
    bool is_taken = false;
    std::size_t packed = 0;  // when ready
    ByteBuffer buffer;
  };

  void DropBefore(std::uint64_t offset);
  std::optional<std::size_t> SideOf(std::uint64_t offset) const;
  void Start(std::size_t side, std::uint64_t offset);
  void StartNext(std::size_t side);
  std::size_t RunToEnd(std::size_t side);
  void Attend(std::size_t side);
  bool Grow(std::size_t side);
  std::size_t Finish(std::size_t side);
  Place* FreeReady();
  std::string_view From(std::uint64_t offset) const { return window_.substr(offset - offset_); }

  TwinInflater twin_;
  std::array<Place, TwinInflater::kSides> sides_;
  std::array<Place, kReadyMax> ready_;
  // Of the call.
  std::uint64_t offset_ = 0;
  std::string_view window_;
  // No member before this is looked for: it was, or it is being unpacked.
  std::uint64_t searched_ = 0;
  std::uint64_t searched_end_ = 0;  // of a window that shows no other
  std::uint64_t small_run_ = 0;
};

}  // namespace crawlcard::warc::internal
