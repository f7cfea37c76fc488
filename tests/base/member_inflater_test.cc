#include "base/member_inflater.h"

#include <algorithm>
#include <cstdint>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "base/member_deflater.h"
#include "tests/random.h"

namespace crawlcard {
namespace {

std::string Text(Random& random, std::size_t words) {
  std::string text;
  for (std::size_t i = 0; i < words; ++i) text += std::to_string(random.Below(1 + i % 977)) + ' ';
  return text;
}

std::string Packed(MemberFormat format, std::string_view text) {
  MemberDeflater deflater(format, 3);
  std::string packed;
  deflater.Append(text, packed);
  return packed;
}

struct Streamed {
  std::string text;
  StreamState state = StreamState::kGoOn;
  std::size_t consumed = 0;
};

// One member in pieces and into rooms of any size. Each piece and each room is an allocation of its
// own, and behind a room stands what must not be written over.
Streamed Stream(MemberFormat format, std::string_view in, Random& random) {
  constexpr std::size_t kGuard = 64;
  MemberInflater inflater;
  inflater.StartStream(format);
  Streamed streamed;
  for (int idle = 0; idle < 3 && streamed.state == StreamState::kGoOn;) {
    const std::string_view rest = in.substr(streamed.consumed);
    const std::size_t size = std::min(rest.size(), 1 + random.Below(random.Below(3) ? 64 : 70000));
    const std::vector<char> piece(rest.begin(), rest.begin() + static_cast<std::ptrdiff_t>(size));
    const std::size_t room = 1 + random.Below(random.Below(3) ? 300 : 300000);
    std::vector<char> out(room + kGuard, '\x5a');
    const StreamStep step = inflater.StreamSome({piece.data(), piece.size()}, {out.data(), room});
    EXPECT_LE(step.consumed, piece.size());
    EXPECT_LE(step.produced, room);
    EXPECT_TRUE(std::all_of(out.end() - kGuard, out.end(), [](char c) { return c == '\x5a'; }));
    if (step.consumed > piece.size() || step.produced > room) return streamed;
    streamed.text.append(out.data(), step.produced);
    streamed.consumed += step.consumed;
    streamed.state = step.state;
    idle = step.consumed + step.produced == 0 ? idle + 1 : 0;
  }
  return streamed;
}

TEST(MemberInflaterTest, StreamsInPiecesEndWhereTheMemberEnds) {
  Random random(1);
  for (const MemberFormat format : {MemberFormat::kGzip, MemberFormat::kZstd}) {
    for (const std::size_t words : {0U, 1U, 30U, 60000U}) {
      const std::string text = Text(random, words);
      const std::string packed = Packed(format, text);
      const Streamed streamed = Stream(format, packed + "what follows the member", random);
      EXPECT_EQ(streamed.state, StreamState::kEnd);
      EXPECT_EQ(streamed.consumed, packed.size());
      EXPECT_EQ(streamed.text, text);
    }
  }
}

TEST(MemberInflaterTest, CutGzipGivesWhatStandsBeforeTheCut) {
  Random random(2);
  const std::string text = Text(random, 60000);
  const std::string packed = Packed(MemberFormat::kGzip, text);
  std::size_t last = 0;
  for (std::size_t cut = 0; cut < packed.size(); cut += 1 + packed.size() / 60) {
    const Streamed streamed =
        Stream(MemberFormat::kGzip, std::string_view(packed).substr(0, cut), random);
    EXPECT_EQ(streamed.state, StreamState::kGoOn);
    EXPECT_TRUE(text.starts_with(streamed.text));
    EXPECT_GE(streamed.text.size(), last);
    // Text of digits and blanks takes about half its bytes; a block begins with its tables.
    EXPECT_GE(streamed.text.size() + 2000, cut);
    last = streamed.text.size();
  }
}

TEST(MemberInflaterTest, DamagedGzipNeverEndsWell) {
  Random random(3);
  const std::string text = Text(random, 30000);
  const std::string packed = Packed(MemberFormat::kGzip, text);
  constexpr std::size_t kHeaderBytes = 10;
  for (int round = 0; round < 200; ++round) {
    std::string damaged = packed;
    const std::size_t at = kHeaderBytes + random.Below(damaged.size() - kHeaderBytes);
    damaged[at] = static_cast<char>(damaged[at] ^ static_cast<char>(1 + random.Below(255)));
    const Streamed streamed = Stream(MemberFormat::kGzip, damaged, random);
    EXPECT_NE(streamed.state, StreamState::kEnd);
  }
}

TEST(MemberInflaterTest, RandomBytesNeverCrash) {
  Random random(4);
  for (int round = 0; round < 3000; ++round) {
    std::string junk(4 + random.Below(400), '\0');
    for (char& c : junk) c = static_cast<char>(random.Below(256));
    junk.replace(0, 3, "\x1f\x8b\x08");
    if (random.Below(2) == 0) junk[3] = static_cast<char>(random.Below(32));
    const Streamed streamed = Stream(MemberFormat::kGzip, junk, random);
    EXPECT_NE(streamed.state, StreamState::kTooLarge);
  }
}

}  // namespace
}  // namespace crawlcard
