// base/member_inflater.h - unpacks the members of an archive file: gzip members and zstd frames.
//
// Two ways in. InflateWhole() takes a member that is wholly in memory and writes it into one
// buffer: the fast way, and the usual one. The stream (StartStream, StreamSome) takes and gives
// pieces of any size: for members too large for a buffer, and to tell a cut member from a damaged
// one, which the fast way cannot.
//
// Keeps its codec states, so that unpacking allocates nothing after the first member.
// Thread rule: thread-compatible.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string_view>

#include "base/result.h"

namespace crawlcard {

enum class MemberFormat : std::uint8_t { kGzip, kZstd };

enum class WholeState : std::uint8_t {
  kDone,
  kNoRoom,    // the output does not fit: offer more, or use the stream
  kNotWhole,  // the input ends too soon or is damaged
};

struct WholeOutcome {
  WholeState state = WholeState::kNotWhole;
  std::size_t consumed = 0;  // bytes of the member, when done
  std::size_t produced = 0;
};

enum class StreamState : std::uint8_t {
  kGoOn,             // give more input or more room
  kEnd,              // the member is complete and its checksum right
  kCorrupt,          // damaged at or before the bytes consumed
  kTooLarge,         // a zstd window over the limit
  kNeedsDictionary,  // a zstd frame made with a dictionary that was not set
};

struct StreamStep {
  StreamState state = StreamState::kGoOn;
  std::size_t consumed = 0;
  std::size_t produced = 0;
};

class MemberInflater {
 public:
  // A zstd frame may ask for a window of this size when it is streamed. `zstd -19` asks for 8 MiB;
  // the window comes on top of all buffers, for every reader at work.
  static constexpr int kZstdWindowLogMax = 24;

  MemberInflater();
  ~MemberInflater();
  MemberInflater(const MemberInflater&) = delete;
  MemberInflater& operator=(const MemberInflater&) = delete;

  // Unpacks the member at the start of `in`; what follows it is not looked at.
  WholeOutcome InflateWhole(MemberFormat format, std::string_view in, std::span<char> out);

  // Forgets any stream under way and starts at the first byte of a member.
  void StartStream(MemberFormat format);

  // Goes on with the stream. At kGoOn with input left, `out` was too small to go further.
  StreamStep StreamSome(std::string_view in, std::span<char> out);

  // Uses `dictionary` (raw content or zstd's format) for zstd frames from now on. Copies it.
  // Errors: kCorrupt.
  [[nodiscard]] Status SetDictionary(std::string_view dictionary);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace crawlcard
