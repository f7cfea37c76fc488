#include "warc/internal/spare_memory.h"

#include <thread>
#include <vector>

#include <gtest/gtest.h>

#include "warc/internal/byte_buffer.h"

namespace crawlcard::warc::internal {
namespace {

// In a thread that has kept nothing yet.
template <class Work>
void InNewThread(Work work) {
  std::thread(work).join();
}

TEST(SpareMemory, TheNextBufferHasTheMemoryOfTheLast) {
  InNewThread([] {
    ByteBuffer other;
    const char* place = nullptr;
    {
      ByteBuffer buffer;
      buffer.Reserve(100'000);
      place = buffer.Room().data();
      buffer.Commit(5);
    }
    other.Reserve(50'000);
    EXPECT_EQ(other.Room().data(), place);
    EXPECT_EQ(other.size(), 0U);
    EXPECT_GE(other.capacity(), 100'000U);
    ByteBuffer third;  // there is no more
    third.Reserve(1000);
    EXPECT_NE(third.Room().data(), place);
    EXPECT_LT(third.capacity(), 2000U);
    other.Reserve(200'000);
    EXPECT_GE(other.Room().size(), 200'000U);
  });
}

TEST(SpareMemory, KeepsNoMoreThanItSays) {
  InNewThread([] {
    {
      std::vector<ByteBuffer> many(kSpareBlocksMax + 3);
      for (ByteBuffer& buffer : many) buffer.Reserve(1000);
    }
    std::vector<MemoryBlock> kept;
    for (;;) {
      MemoryBlock block = TakeSpare();
      if (block == nullptr) break;
      kept.push_back(std::move(block));
    }
    EXPECT_EQ(kept.size(), kSpareBlocksMax);
  });
}

TEST(SpareMemory, LargeBlocksAreGivenBack) {
  InNewThread([] {
    {
      ByteBuffer buffer;
      buffer.Reserve(kSpareBytesMax + 1);
    }
    EXPECT_EQ(TakeSpare(), nullptr);
  });
}

}  // namespace
}  // namespace crawlcard::warc::internal
