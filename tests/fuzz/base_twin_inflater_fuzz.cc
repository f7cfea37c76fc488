// Any bytes as two deflate streams: what TwinInflater calls done is what libdeflate makes of it,
// whatever the other stream is, and however often it asks for more room.
#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>
#include <vector>

#include <libdeflate.h>

#include "base/twin_inflater.h"

namespace {

using crawlcard::TwinInflater;

constexpr std::size_t kRoomMax = 1 << 20;

// Of exactly the bytes that are claimed, so that a sanitizer sees a step too far.
struct Stream {
  explicit Stream(std::string_view bytes)
      : in(bytes.begin(), bytes.end()), room(64 + TwinInflater::kRoomSlack) {}
  std::vector<char> in;
  std::vector<char> room;
};

void RunToEnd(TwinInflater& twin, std::size_t side, Stream& stream) {
  for (;;) {
    while (twin.state(side) == TwinInflater::State::kRunning) twin.Run(side);
    if (twin.state(side) != TwinInflater::State::kNoRoom || stream.room.size() > kRoomMax) return;
    stream.room.resize(2 * stream.room.size());
    twin.SetRoom(side, stream.room);
  }
}

void Compare(const TwinInflater& twin, std::size_t side, const Stream& stream) {
  if (twin.state(side) != TwinInflater::State::kDone) return;
  std::vector<char> out(twin.produced(side) + 1);
  libdeflate_decompressor* const library = libdeflate_alloc_decompressor();
  std::size_t read = 0;
  std::size_t made = 0;
  const libdeflate_result result = libdeflate_deflate_decompress_ex(
      library, stream.in.data(), stream.in.size(), out.data(), out.size(), &read, &made);
  libdeflate_free_decompressor(library);
  if (result != LIBDEFLATE_SUCCESS || read != twin.consumed(side)) std::abort();
  if (made != twin.produced(side)) std::abort();
  if (!std::equal(out.begin(), out.begin() + static_cast<std::ptrdiff_t>(made),
                  stream.room.begin())) {
    std::abort();
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (!TwinInflater::IsUsable()) return 0;
  // Files of tests are gzip members: the stream is behind a head of ten bytes.
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const std::string padding(TwinInflater::kInputSlack, '\0');
  Stream one(std::string(text.substr(std::min<std::size_t>(size, 10))) + padding);
  Stream other(std::string(text.substr(size / 2)) + padding);
  TwinInflater twin;
  twin.Start(0, {one.in.data(), one.in.size()}, one.room);
  twin.Start(1, {other.in.data(), other.in.size()}, other.room);
  RunToEnd(twin, 0, one);
  RunToEnd(twin, 1, other);
  Compare(twin, 0, one);
  Compare(twin, 1, other);
  return 0;
}
