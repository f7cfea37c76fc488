#include "warc/internal/member_ahead.h"

#include <algorithm>
#include <cstdint>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "base/member_deflater.h"
#include "base/member_inflater.h"
#include "tests/random.h"

namespace crawlcard::warc::internal {
namespace {

std::string Text(Random& random, std::size_t size) {
  std::string text;
  while (text.size() < size) {
    text += "<p class=" + std::to_string(random.Below(size)) + ">";
    if (text.size() > 100 && random.Below(4) == 0) text += text.substr(random.Below(50), 50);
  }
  return text;
}

struct Member {
  std::uint64_t offset;
  std::size_t packed;
  std::string text;
};

struct Archive {
  std::string bytes;
  std::vector<Member> members;

  void Add(std::string text) {
    MemberDeflater deflater(MemberFormat::kGzip, 6);
    std::string packed;
    deflater.Append(text, packed);
    members.push_back({bytes.size(), packed.size(), std::move(text)});
    bytes += packed;
  }
};

// Large members with small ones between them, as in a crawl.
Archive MadeArchive(Random& random, std::size_t count) {
  Archive archive;
  for (std::size_t i = 0; i < count; ++i) {
    const std::size_t kind = random.Below(8);
    archive.Add(Text(random, kind == 0 ? 1'000'000 : kind < 4 ? 300 : random.Below(200'000)));
  }
  return archive;
}

class MemberAheadTest : public ::testing::Test {
 protected:
  void SetUp() override {
    if (!TwinInflater::IsUsable()) GTEST_SKIP() << "this processor has no BMI2";
  }
};

// Reads all members through windows of `window` bytes, each an allocation of its own; those that
// this way does not unpack are passed over. Gives how many it did.
std::size_t ReadAll(const Archive& archive, MemberAhead& ahead, std::size_t window_bytes) {
  std::size_t unpacked = 0;
  ByteBuffer buffer;
  for (const Member& member : archive.members) {
    const std::string_view rest = std::string_view(archive.bytes).substr(member.offset);
    const std::string_view shown = rest.substr(0, window_bytes);
    const std::vector<char> window(shown.begin(), shown.end());
    buffer.Clear();
    const auto packed = ahead.Unpack(member.offset, {window.data(), window.size()}, buffer);
    if (!packed) continue;
    EXPECT_EQ(*packed, member.packed);
    EXPECT_TRUE(buffer.Window() == member.text);
    ++unpacked;
  }
  return unpacked;
}

TEST_F(MemberAheadTest, GivesMembersAsTheyAre) {
  Random random(1);
  for (int round = 0; round < 4; ++round) {
    const Archive archive = MadeArchive(random, 60);
    const auto large = static_cast<std::size_t>(std::count_if(
        archive.members.begin(), archive.members.end(),
        [](const Member& member) { return member.packed >= MemberAhead::kMemberBytesMin; }));
    MemberAhead ahead;
    EXPECT_GE(ReadAll(archive, ahead, archive.bytes.size()) + 1, large) << "all but the last";
    MemberAhead with_windows;
    ReadAll(archive, with_windows, 256 << 10);
    MemberAhead with_small_windows;
    ReadAll(archive, with_small_windows, 20000);
  }
}

TEST_F(MemberAheadTest, GoesOnWhenTheWindowGrows) {
  Random random(2);
  Archive archive;
  for (int i = 0; i < 3; ++i) archive.Add(Text(random, 500'000));
  MemberAhead ahead;
  ByteBuffer buffer;
  const std::string_view all = archive.bytes;
  const std::size_t begin = archive.members[1].packed / 2;
  const std::size_t first = archive.members[0].packed;
  // A window that shows the first member and half of the second; then one that shows that half.
  ASSERT_EQ(ahead.Unpack(0, all.substr(0, first + begin), buffer), first);
  buffer.Clear();
  EXPECT_FALSE(ahead.Unpack(first, all.substr(first, begin), buffer));
  buffer.Clear();
  ASSERT_EQ(ahead.Unpack(first, all.substr(first), buffer), archive.members[1].packed);
  EXPECT_TRUE(buffer.Window() == archive.members[1].text);
}

TEST_F(MemberAheadTest, LargeOnesAreFoundAgainBehindManySmallOnes) {
  Random random(3);
  Archive archive;
  for (std::uint64_t i = 0; i < 5 * MemberAhead::kSmallRun; ++i) archive.Add(Text(random, 300));
  for (int i = 0; i < 40; ++i) archive.Add(Text(random, 50'000));
  MemberAhead ahead;
  const std::size_t unpacked = ReadAll(archive, ahead, archive.bytes.size());
  EXPECT_GE(unpacked + MemberAhead::kSmallRun, 40U);
  EXPECT_LE(unpacked, 40U);
}

TEST_F(MemberAheadTest, MembersThatWaitAreFew) {
  Random random(3);
  Archive archive;
  archive.Add(Text(random, 2'000'000));
  for (std::size_t i = 0; i < 3 * MemberAhead::kReadyMax; ++i) archive.Add(Text(random, 20'000));
  MemberAhead ahead;
  ByteBuffer buffer;
  ASSERT_TRUE(ahead.Unpack(0, archive.bytes, buffer));
  // With a window of their own bytes alone, only those can be given that wait.
  std::size_t waiting = 0;
  for (std::size_t i = 1; i < archive.members.size(); ++i) {
    const Member& member = archive.members[i];
    buffer.Clear();
    const auto packed =
        ahead.Unpack(member.offset,
                     std::string_view(archive.bytes).substr(member.offset, member.packed), buffer);
    if (packed) {
      ++waiting;
      EXPECT_TRUE(buffer.Window() == member.text);
    }
  }
  EXPECT_LE(waiting, MemberAhead::kBuffers - 1);
  EXPECT_GE(waiting, MemberAhead::kReadyMax);
}

TEST_F(MemberAheadTest, LargeMembersAreFinishedInTheirTurn) {
  Random random(6);
  Archive archive;
  for (int i = 0; i < 4; ++i) archive.Add(Text(random, 3 * MemberAhead::kAheadBytesMax));
  archive.Add(Text(random, 9 << 20));  // too large for this way
  for (int i = 0; i < 4; ++i) archive.Add(Text(random, 3 * MemberAhead::kAheadBytesMax));
  MemberAhead ahead;
  EXPECT_EQ(ReadAll(archive, ahead, archive.bytes.size()), 7U);
}

// Members inside of members: what seems to begin there is not the next one.
TEST_F(MemberAheadTest, DoesNotBelieveHeadsInsideOfMembers) {
  Random random(4);
  Archive inner = MadeArchive(random, 12);
  Archive archive;
  for (int i = 0; i < 6; ++i) {
    std::string text = Text(random, 3000) + inner.bytes;  // does not pack: stored as it is
    archive.Add(std::move(text));
    archive.Add(Text(random, 30'000));
  }
  MemberAhead ahead;
  EXPECT_GE(ReadAll(archive, ahead, archive.bytes.size()), 6U);
}

// A member that is damaged is not given; those before and behind it are.
TEST_F(MemberAheadTest, DamageStaysWhereItIs) {
  Random random(5);
  for (int round = 0; round < 200; ++round) {
    Archive archive;
    for (int i = 0; i < 5; ++i) archive.Add(Text(random, 20'000));
    const Member damaged = archive.members[2];
    archive.bytes[damaged.offset + random.Below(damaged.packed)] ^=
        static_cast<char>(1U << random.Below(8));
    MemberAhead ahead;
    ByteBuffer buffer;
    MemberInflater inflater;
    std::vector<char> room(100'000);
    for (std::size_t i = 0; i < archive.members.size(); ++i) {
      const Member& member = archive.members[i];
      const std::string_view rest = std::string_view(archive.bytes).substr(member.offset);
      buffer.Clear();
      const auto packed = ahead.Unpack(member.offset, rest, buffer);
      const WholeOutcome outcome = inflater.InflateWhole(MemberFormat::kGzip, rest, room);
      if (packed) {
        ASSERT_EQ(outcome.state, WholeState::kDone);
        ASSERT_EQ(*packed, outcome.consumed);
        ASSERT_TRUE(buffer.Window() == std::string_view(room.data(), outcome.produced));
      } else {
        ASSERT_TRUE(i == 2 || i == 4) << i;  // the last one has nothing behind it
      }
    }
  }
}

}  // namespace
}  // namespace crawlcard::warc::internal
