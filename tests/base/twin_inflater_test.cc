#include "base/twin_inflater.h"

#include <algorithm>
#include <cstdint>
#include <string>
#include <vector>

#include <gtest/gtest.h>
#include <zlib.h>

#include "base/internal/deflate_codes.h"
#include "base/member_inflater.h"
#include "base/simd.h"
#include "tests/deflated.h"
#include "tests/random.h"

namespace crawlcard {
namespace {

using State = TwinInflater::State;

// Text with matches of all kinds: near and far, short and long, runs of one byte and of few.
std::string Text(Random& random, std::size_t size) {
  std::string text;
  while (text.size() < size) {
    const std::size_t kind = random.Below(6);
    if (kind == 0) text.append(random.Below(600), static_cast<char>(random.Below(256)));
    if (kind == 1) text += "<a href=\"/" + std::to_string(random.Below(100000)) + "\">";
    if (kind == 2) {
      for (std::size_t n = random.Below(40); n > 0; --n) {
        text.push_back(static_cast<char>(random.Below(256)));
      }
    }
    if (kind >= 3 && !text.empty()) {
      const std::size_t back =
          1 + random.Below(std::min<std::size_t>(text.size(), kind == 3   ? 40
                                                              : kind == 4 ? 900
                                                                          : 32768));
      for (std::size_t n = random.Below(kind == 5 ? 700 : 30); n > 0; --n) {
        text.push_back(text[text.size() - back]);
      }
    }
  }
  return text;
}

// A stream with what stands behind it, in an allocation of its own.
struct Stream {
  Stream(std::string text_of, std::string packed_of)
      : text(std::move(text_of)),
        packed(std::move(packed_of)),
        bytes(packed.begin(), packed.end()) {
    bytes.resize(packed.size() + TwinInflater::kInputSlack, '\x1f');
  }
  std::string_view in() const { return {bytes.data(), bytes.size()}; }

  std::string text;
  std::string packed;
  std::vector<char> bytes;
};

Stream MadeStream(Random& random) {
  constexpr int kStrategies[] = {Z_DEFAULT_STRATEGY, Z_FILTERED, Z_HUFFMAN_ONLY, Z_RLE, Z_FIXED};
  std::string text = Text(random, 1000 + random.Below(60000));
  const int level = static_cast<int>(random.Below(10));
  const int strategy = random.Below(2) == 0 ? Z_DEFAULT_STRATEGY : kStrategies[random.Below(5)];
  std::string packed = Deflated(text, {level, strategy, static_cast<int>(6 + random.Below(4))});
  return {std::move(text), std::move(packed)};
}

// A room of its own size, so that what is written or read behind it is found.
class Room {
 public:
  std::span<char> Grow(std::size_t size) {
    std::vector<char> next(size + TwinInflater::kRoomSlack);
    std::copy(bytes_.begin(),
              bytes_.begin() + static_cast<std::ptrdiff_t>(std::min(bytes_.size(), next.size())),
              next.begin());
    bytes_ = std::move(next);
    return bytes_;
  }
  std::string_view first(std::size_t size) const { return {bytes_.data(), size}; }

 private:
  std::vector<char> bytes_;
};

// Runs a side to its end; the other one comes along as far as it gets.
State RunToEnd(TwinInflater& twin, std::size_t side) {
  for (int idle = 0; twin.state(side) == State::kRunning && idle < 1000; ++idle) twin.Run(side);
  return twin.state(side);
}

class TwinInflaterTest : public ::testing::Test {
 protected:
  void SetUp() override {
    if (!TwinInflater::IsUsable()) GTEST_SKIP() << "this processor has no BMI2";
  }
};

TEST_F(TwinInflaterTest, UnpacksStreamsOfAllKindsSideBySide) {
  Random random(1);
  TwinInflater twin;
  std::size_t failed = 0;
  for (int round = 0; round < 150; ++round) {
    const Stream streams[] = {MadeStream(random), MadeStream(random)};
    Room rooms[2];
    for (std::size_t i = 0; i < 2; ++i) {
      twin.Start(i, streams[i].in(), rooms[i].Grow(streams[i].text.size()));
    }
    const std::size_t first = random.Below(2);
    for (const std::size_t side : {first, 1 - first}) {
      // Small blocks and codes that are not complete are refused, and nothing else.
      if (RunToEnd(twin, side) == State::kFailed) {
        ++failed;
        continue;
      }
      ASSERT_EQ(twin.state(side), State::kDone) << round;
      ASSERT_EQ(twin.consumed(side), streams[side].packed.size());
      ASSERT_EQ(twin.produced(side), streams[side].text.size());
      ASSERT_EQ(rooms[side].first(twin.produced(side)), streams[side].text) << round;
    }
  }
  EXPECT_LT(failed, 60U);
}

TEST_F(TwinInflaterTest, GoesOnWithMoreInputAndMoreRoom) {
  Random random(2);
  TwinInflater twin;
  for (int round = 0; round < 40; ++round) {
    const std::string text = Text(random, 30000);
    const Stream stream(text, Deflated(text, {static_cast<int>(random.Below(10)), 0, 9}));
    std::size_t shown = random.Below(3000);
    std::size_t size = random.Below(3000);
    Room room;
    std::vector<char> piece(stream.bytes.begin(), stream.bytes.begin() + static_cast<long>(shown));
    twin.Start(0, {piece.data(), piece.size()}, room.Grow(size));
    for (;;) {
      const State state = RunToEnd(twin, 0);
      if (state == State::kNoInput) {
        ASSERT_LT(shown, stream.bytes.size()) << "the slack is not enough";
        shown = std::min(stream.bytes.size(), shown + 1 + random.Below(4000));
        std::vector<char> next(stream.bytes.begin(),
                               stream.bytes.begin() + static_cast<long>(shown));
        twin.SetInput(0, {next.data(), next.size()});
        piece = std::move(next);
      } else if (state == State::kNoRoom) {
        size = std::max(size, twin.produced(0)) + 1 + random.Below(4000);
        ASSERT_LT(size, text.size() + 70000);
        twin.SetRoom(0, room.Grow(size));
      } else {
        ASSERT_EQ(state, State::kDone);
        break;
      }
    }
    EXPECT_EQ(twin.consumed(0), stream.packed.size());
    EXPECT_EQ(room.first(twin.produced(0)), text);
  }
}

TEST_F(TwinInflaterTest, FailsWhereInputShrinks) {
  Random random(3);
  const std::string text = Text(random, 30000);
  const Stream stream(text, Deflated(text, {6, 0, 9}));
  TwinInflater twin;
  Room room;
  twin.Start(0, stream.in(), room.Grow(100));
  EXPECT_EQ(RunToEnd(twin, 0), State::kNoRoom);
  twin.SetInput(0, stream.in().substr(0, 8));
  EXPECT_EQ(twin.state(0), State::kFailed);
}

// What a damaged stream unpacks to is either what the library makes of it, or nothing.
TEST_F(TwinInflaterTest, SaysOfDamagedStreamsWhatTheLibrarySays) {
  Random random(4);
  TwinInflater twin;
  std::size_t done = 0;
  for (int round = 0; round < 3000; ++round) {
    const std::string text = Text(random, 500 + random.Below(4000));
    std::string packed = Deflated(text, {static_cast<int>(random.Below(10)), 0, 9});
    for (std::size_t n = 1 + random.Below(3); n > 0; --n) {
      packed[random.Below(random.Below(2) == 0 ? 60 : packed.size())] ^=
          static_cast<char>(1U << random.Below(8));
    }
    const Stream stream(text, packed);
    const std::size_t side = random.Below(2);
    const std::size_t other = 1 - side;
    const Stream beside = MadeStream(random);
    Room rooms[2];
    const std::size_t size = 20000;
    twin.Start(side, stream.in(), rooms[side].Grow(size));
    twin.Start(other, beside.in(), rooms[other].Grow(beside.text.size()));
    if (RunToEnd(twin, random.Below(2)) == State::kRunning) continue;
    if (RunToEnd(twin, side) != State::kDone) continue;
    std::string expected(size, '\0');
    z_stream z{};
    ASSERT_EQ(inflateInit2(&z, -15), Z_OK);
    z.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(stream.bytes.data()));
    z.avail_in = static_cast<uInt>(stream.bytes.size());
    z.next_out = reinterpret_cast<Bytef*>(expected.data());
    z.avail_out = static_cast<uInt>(expected.size());
    const int code = inflate(&z, Z_FINISH);
    inflateEnd(&z);
    ++done;
    ASSERT_EQ(code, Z_STREAM_END) << round;
    expected.resize(z.total_out);
    ASSERT_EQ(twin.consumed(side), z.total_in) << round;
    ASSERT_EQ(rooms[side].first(twin.produced(side)), expected) << round;
  }
  EXPECT_GT(done, 100U);
}

TEST_F(TwinInflaterTest, RefusesStreamsOfVerySmallBlocks) {
  // Blocks of fixed codes with nothing in them: 3 bits of head and 7 of the end.
  std::string packed;
  for (int i = 0; i < 4000; ++i) packed += std::string("\x02\x08\x20\x80\x00", 5);
  const Stream stream("", packed);
  TwinInflater twin;
  Room room;
  twin.Start(0, stream.in(), room.Grow(100));
  EXPECT_EQ(RunToEnd(twin, 0), State::kFailed);
  EXPECT_LT(twin.consumed(0), 2 * TwinInflater::kBlocksAheadMax * 2);
  static_assert(TwinInflater::kBlockBytesMin > 64);
}

TEST_F(TwinInflaterTest, LeavesWhatComesAlongAfterSomeBlocks) {
  Random random(5);
  std::string text;
  for (int i = 0; i < 400000; ++i) text.push_back(static_cast<char>(random.Below(256)));
  const Stream main("", Deflated(text, {6, Z_HUFFMAN_ONLY, 9}));
  const Stream beside("", Deflated(text, {1, Z_HUFFMAN_ONLY, 4}));  // blocks of a kilobyte
  TwinInflater twin;
  Room rooms[2];
  twin.Start(0, main.in(), rooms[0].Grow(text.size()));
  twin.Start(1, beside.in(), rooms[1].Grow(text.size()));
  EXPECT_EQ(RunToEnd(twin, 0), State::kDone);
  EXPECT_EQ(twin.state(1), State::kRunning);
  EXPECT_LT(twin.produced(1), 4096 * (TwinInflater::kBlocksAheadMax + 1));
  EXPECT_EQ(RunToEnd(twin, 1), State::kDone);
  EXPECT_EQ(rooms[1].first(twin.produced(1)), text);
}

TEST(DeflateCodesTest, OnlyCompleteCodesMakeTables) {
  internal::DeflateCodes codes;
  std::array<std::uint8_t, internal::kOffsetSymbols> lengths{};
  EXPECT_FALSE(MakeOffsetTable(lengths, codes));
  lengths[0] = 1;
  EXPECT_FALSE(MakeOffsetTable(lengths, codes));
  lengths[1] = 1;
  EXPECT_TRUE(MakeOffsetTable(lengths, codes));
  lengths[2] = 1;
  EXPECT_FALSE(MakeOffsetTable(lengths, codes)) << "too many";
  for (std::size_t i = 0; i < 15; ++i) lengths[i] = static_cast<std::uint8_t>(i + 1);
  lengths[15] = 15;
  EXPECT_TRUE(MakeOffsetTable(lengths, codes)) << "with subtables";
  static_assert(internal::kCodeBitsMax == 15);
}

TEST(TwinInflaterLevelTest, IsLeftToTheLibraryBelowAvx2) {
  LimitSimdLevel(Simd::kSse2);
  EXPECT_FALSE(TwinInflater::IsUsable());
  LimitSimdLevel(Simd::kAvx2);
}

}  // namespace
}  // namespace crawlcard
