#include "base/arena.h"

#include <array>
#include <string>

#include <gtest/gtest.h>

namespace crawlcard {
namespace {

TEST(Arena, CopiesOutliveTheirSource) {
  Arena arena;
  std::string source = "text";
  const std::string_view copy = arena.Copy(source);
  source = "gone";
  EXPECT_EQ(copy, "text");
}

TEST(Arena, HoldsNoMoreMemoryOnceTheLargestRecordWasSeen) {
  Arena arena(1024);
  std::size_t held = 0;
  for (int record = 0; record < 100; ++record) {
    arena.Reset();
    arena.Copy(std::string(5000, 'x'));
    for (int i = 0; i < 50; ++i) arena.Copy("a field of ordinary length");
    if (record == 1) held = arena.held_bytes();
  }
  EXPECT_EQ(arena.held_bytes(), held);
}

TEST(Arena, AlignsEveryValue) {
  Arena arena;
  arena.Copy("x");
  const std::array<std::uint64_t, 2> values = {1, 2};
  const auto copy = arena.CopySpan(std::span<const std::uint64_t>(values));
  EXPECT_EQ(reinterpret_cast<std::uintptr_t>(copy.data()) % alignof(std::uint64_t), 0u);
  EXPECT_EQ(copy[1], 2u);
}

}  // namespace
}  // namespace crawlcard
