// Names by threads: asked once, kept for a while, bounded.
#include "crawler/thread_resolver.h"

#include <atomic>

#include <gtest/gtest.h>
#include <sys/resource.h>

#include "crawler/curl_fetcher.h"
#include "crawler/descriptor_limit.h"
#include "crawler/limits.h"

namespace crawlcard::crawler {
namespace {

Resolution Loopback() {
  return {.error = FetchError::kNone, .addresses = {IpAddress::V4(0x7F000001)}};
}

TEST(ThreadResolverTest, AsksOnceForAllWhoWaitAndKeepsTheAnswer) {
  EventLoop loop;
  std::atomic<int> asked = 0;
  ThreadResolver resolver(loop, {}, [&](const std::string& host) {
    ++asked;
    EXPECT_EQ(host, "a.test");
    return Loopback();
  });
  int answers = 0;
  const auto count = [&](const Resolution& resolution) {
    EXPECT_EQ(resolution.addresses.size(), 1U);
    ++answers;
  };
  for (int i = 0; i < 3; ++i) resolver.Resolve("a.test", count);
  loop.Run();  // until the answer has come
  EXPECT_EQ(answers, 3);
  resolver.Resolve("a.test", count);
  EXPECT_EQ(answers, 4) << "at once, from what was kept";
  EXPECT_EQ(asked, 1);
}

TEST(ThreadResolverTest, AsksAgainWhenAnAnswerIsOld) {
  EventLoop loop;
  std::atomic<int> asked = 0;
  ThreadResolverOptions options;
  options.keep = std::chrono::seconds(0);
  ThreadResolver resolver(loop, options, [&](const std::string& /*host*/) {
    ++asked;
    return Loopback();
  });
  for (int i = 0; i < 2; ++i) {
    resolver.Resolve("a.test", [](const Resolution& /*resolution*/) {});
    loop.Run();
  }
  EXPECT_EQ(asked, 2);
}

TEST(ThreadResolverTest, GoesAwayWithQuestionsOpen) {
  EventLoop loop;
  {
    ThreadResolverOptions options;
    options.threads = limits::kResolverThreadsMax + 1;  // clamped
    ThreadResolver resolver(loop, options, [](const std::string& /*host*/) { return Loopback(); });
    for (int i = 0; i < 1000; ++i) {
      resolver.Resolve("h" + std::to_string(i) + ".test",
                       [](const Resolution& /*resolution*/) { ADD_FAILURE(); });
    }
  }
  loop.Run();
}

TEST(ThreadResolverTest, QueueAndCacheAreBounded) {
  EventLoop loop;
  ThreadResolverOptions options;
  options.threads = 1;
  std::atomic<bool> open = false;
  std::atomic<int> asked = 0;
  ThreadResolver resolver(loop, options, [&](const std::string& /*host*/) {
    while (!open) std::this_thread::yield();
    ++asked;
    return Loopback();
  });
  std::size_t answered = 0;
  std::size_t failed = 0;
  const auto count = [&](const Resolution& resolution) {
    ++answered;
    if (resolution.error == FetchError::kNameFailed) ++failed;
  };
  const auto ask = [&](std::size_t from, std::size_t to) {
    for (std::size_t i = from; i < to; ++i) resolver.Resolve("h" + std::to_string(i), count);
  };
  ask(0, limits::kLookupsWaitingMax + 1);
  EXPECT_EQ(failed, 1U);
  open = true;
  loop.Run();
  EXPECT_EQ(answered, limits::kLookupsWaitingMax + 1);
  // One name more than the cache holds: the oldest has to be asked for again, the next has not.
  for (std::size_t i = limits::kLookupsWaitingMax; i <= limits::kResolverCacheNamesMax;
       i += 50'000) {
    ask(i, std::min(i + 50'000, limits::kResolverCacheNamesMax + 1));
    loop.Run();
  }
  const int before = asked;
  ask(1, 2);
  loop.Run();
  EXPECT_EQ(asked, before);
  ask(0, 1);
  loop.Run();
  EXPECT_EQ(asked, before + 1);
}

TEST(SystemLookupTest, KnowsThisMachine) {
  const Resolution here = SystemLookup("localhost");
  ASSERT_EQ(here.error, FetchError::kNone);
  for (const IpAddress& address : here.addresses) {
    EXPECT_TRUE(address.ToString() == "127.0.0.1" || address.ToString() == "::1");
  }
}

TEST(DescriptorLimit, IsLiftedToTheHardOne) {
  rlimit before{};
  ASSERT_EQ(getrlimit(RLIMIT_NOFILE, &before), 0);
  rlimit lower = before;
  lower.rlim_cur = 100;
  ASSERT_EQ(setrlimit(RLIMIT_NOFILE, &lower), 0);
  EXPECT_EQ(RaiseDescriptorLimit(), before.rlim_max);
  setrlimit(RLIMIT_NOFILE, &before);
}

TEST(CurlFetcherTest, ShardsAreBounded) {
  EventLoop loop;
  ThreadResolver resolver(loop);
  const UserAgent agent = UserAgent::Make("crawlcard", "1", "bot@example.org").value();
  for (const std::size_t shards : {std::size_t{0}, limits::kShardsMax + 1}) {
    CurlFetcherOptions options;
    options.shards = shards;
    const auto made = MakeCurlFetcher(loop, resolver, agent, options);
    ASSERT_FALSE(made);
    EXPECT_EQ(made.error().code(), ErrorCode::kInvalidArgument);
  }
  CurlFetcherOptions options;
  options.shards = limits::kShardsMax;
  EXPECT_TRUE(MakeCurlFetcher(loop, resolver, agent, options));
}

}  // namespace
}  // namespace crawlcard::crawler
