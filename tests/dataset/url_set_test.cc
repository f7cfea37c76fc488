#include "dataset/url_set.h"

#include <string>

#include <gtest/gtest.h>

namespace crawlcard::dataset {
namespace {

TEST(UrlSet, HoldsWhatWasAddedOnce) {
  UrlSet all;
  for (int part = 0; part < 3; ++part) {
    UrlSet some;
    for (int i = 0; i < 1000; ++i) {
      some.Add("org,example)/" + std::to_string(part * 500 + i), "www.example.org");
    }
    ASSERT_TRUE(all.Merge(std::move(some)));
  }
  all.Seal();
  EXPECT_EQ(all.urls(), 2000U);
  EXPECT_EQ(all.hosts(), 1U);
  EXPECT_TRUE(all.HasUrl("org,example)/1999"));
  EXPECT_FALSE(all.HasUrl("org,example)/2000"));
  EXPECT_TRUE(all.HasHost("www.example.org"));
  EXPECT_FALSE(all.HasHost("example.org"));
}

TEST(UrlSet, IsBounded) {
  EXPECT_EQ(limits::kUrlSetMax, 100'000'000U);
  UrlSet all(10);
  for (int i = 0; i < 30; ++i) {
    UrlSet one;
    one.Add("org,example)/" + std::to_string(i % 10), "a");
    ASSERT_TRUE(all.Merge(std::move(one))) << i;
  }
  UrlSet more;
  more.Add("org,example)/more", "a");
  const Status full = all.Merge(std::move(more));
  ASSERT_FALSE(full);
  EXPECT_EQ(full.error().code(), ErrorCode::kTooLarge);
}

}  // namespace
}  // namespace crawlcard::dataset
