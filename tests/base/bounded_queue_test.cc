#include "base/bounded_queue.h"

#include <atomic>
#include <numeric>
#include <string>
#include <thread>
#include <vector>

#include <gtest/gtest.h>

namespace crawlcard {
namespace {

TEST(BoundedQueue, EverythingPushedIsPoppedOnce) {
  BoundedQueue<int> queue(4, 1000);
  constexpr int kEach = 5000;
  std::vector<std::thread> producers;
  for (int p = 0; p < 3; ++p) {
    producers.emplace_back([&queue, p] {
      for (int i = 0; i < kEach; ++i) queue.Push(p * kEach + i, 10);
    });
  }
  std::atomic<long> sum{0};
  std::vector<std::thread> consumers;
  for (int c = 0; c < 2; ++c) {
    consumers.emplace_back([&] {
      while (const auto item = queue.Pop()) sum += *item;
    });
  }
  for (auto& thread : producers) thread.join();
  queue.Close();
  for (auto& thread : consumers) thread.join();
  constexpr long kCount = 3L * kEach;
  EXPECT_EQ(sum, kCount * (kCount - 1) / 2);
}

TEST(BoundedQueue, BytesBoundTheQueueButOneItemAlwaysFits) {
  BoundedQueue<int> queue(100, 10);
  ASSERT_TRUE(queue.Push(1, 50));  // larger than the bound, queue empty
  std::atomic<bool> second_in{false};
  std::thread producer([&] {
    queue.Push(2, 1);
    second_in = true;
  });
  EXPECT_EQ(queue.load().items, 1u);
  EXPECT_EQ(queue.Pop(), 1);
  producer.join();
  EXPECT_TRUE(second_in);
  EXPECT_EQ(queue.Pop(), 2);
}

TEST(BoundedQueue, CloseRefusesProducersAndDrainsConsumers) {
  BoundedQueue<int> queue(10, 100);
  ASSERT_TRUE(queue.Push(7, 1));
  queue.Close();
  EXPECT_FALSE(queue.Push(8, 1));
  EXPECT_EQ(queue.Pop(), 7);
  EXPECT_EQ(queue.Pop(), std::nullopt);
}

TEST(BoundedQueue, TryPushNeverWaitsAndLeavesWhatItDoesNotTake) {
  using Outcome = BoundedQueue<std::string>::TryOutcome;
  BoundedQueue<std::string> queue(10, 8);
  std::string item = "12345678";
  EXPECT_EQ(queue.TryPush(item, item.size()), Outcome::kAdded);
  item = "x";
  EXPECT_EQ(queue.TryPush(item, item.size()), Outcome::kFull);
  EXPECT_EQ(item, "x");
  EXPECT_EQ(queue.Pop(), "12345678");
  EXPECT_EQ(queue.TryPush(item, 1), Outcome::kAdded);
  queue.Close();
  item = "y";
  EXPECT_EQ(queue.TryPush(item, 1), Outcome::kClosed);
  EXPECT_EQ(queue.Pop(), "x");
  EXPECT_EQ(queue.Pop(), std::nullopt);
}

}  // namespace
}  // namespace crawlcard
