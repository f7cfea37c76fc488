// base/twin_inflater.h - unpacks two deflate streams at once in one thread (RFC 1951).
//
// What holds a decoder up is waiting: each symbol says where the next one begins. Two streams that
// have nothing to do with each other are unpacked in turn, a few symbols each, and one goes on
// while the other waits. Knows nothing of gzip: see MemberAhead (warc/internal/member_ahead.h).
//
// The fast way only. Input must have some bytes behind the stream, room must have slack, codes must
// be complete; of all else it says kFailed, and the caller asks a library (MemberInflater) what it
// is. Memory: 24 KiB.
// Thread rule: thread-compatible.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string_view>

namespace crawlcard {

class TwinInflater {
 public:
  enum class State : std::uint8_t {
    kIdle,
    kRunning,
    kNoInput,  // SetInput() with more of it
    kNoRoom,   // SetRoom() with more
    kDone,
    kFailed,
  };
  static constexpr std::size_t kSides = 2;

  // The end of the room that is never needed: a room for N bytes has this on top.
  static constexpr std::size_t kRoomSlack = 384;
  // A stream needs as much input behind the first byte of its last block, and behind its end.
  static constexpr std::size_t kInputSlack = 1024;
  // A stream that comes along is not taken further than this many blocks: a made one could have
  // very many, with a table each.
  static constexpr unsigned kBlocksAheadMax = 16;
  // Blocks that are smaller on the average cost more than they bring: kFailed.
  static constexpr std::size_t kBlockBytesMin = 512;

  // Of gzip trailers (RFC 1952).
  static std::uint32_t Crc32(std::string_view bytes);

  // Whether this process has the instructions for it (SimdLevel()).
  static bool IsUsable();

  TwinInflater();
  ~TwinInflater();
  TwinInflater(const TwinInflater&) = delete;
  TwinInflater& operator=(const TwinInflater&) = delete;

  // `in` begins with the stream and goes on behind it. Both are borrowed.
  void Start(std::size_t side, std::string_view in, std::span<char> room);
  // The same bytes at another place, or more of them. kFailed: fewer than were read.
  void SetInput(std::size_t side, std::string_view in);
  // Another room, which begins with what was unpacked so far, and has kRoomSlack behind that.
  void SetRoom(std::size_t side, std::span<char> room);
  void Drop(std::size_t side);

  // Unpacks `side`, which is running, and the other one if that is running, too. Returns when one
  // of them runs no longer.
  void Run(std::size_t side);

  State state(std::size_t side) const;
  // Of the input, when done.
  std::size_t consumed(std::size_t side) const;
  std::size_t produced(std::size_t side) const;

 private:
  struct Side;
  static void RunBoth(Side& one, Side& other);

  std::unique_ptr<std::array<Side, kSides>> sides_;
};

}  // namespace crawlcard
