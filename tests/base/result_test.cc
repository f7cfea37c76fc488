#include "base/result.h"

#include <algorithm>
#include <string_view>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

namespace crawlcard {
namespace {

Result<int> Half(int value) {
  if (value % 2 != 0) return Fail(ErrorCode::kCorrupt, "odd number: {}", value);
  return value / 2;
}

Result<int> Quarter(int value) {
  CRAWLCARD_ASSIGN(const int half, Half(value));
  CRAWLCARD_TRY(Half(half));
  return half / 2;
}

TEST(Result, ErrorsTravelUpThroughAssignAndTry) {
  EXPECT_EQ(Quarter(8).value(), 2);
  EXPECT_EQ(Quarter(3).error().message(), "odd number: 3");
  EXPECT_EQ(Quarter(6).error().message(), "odd number: 3");
}

TEST(Error, InnermostPlaceWins) {
  Error error = Error(ErrorCode::kTruncated, "cut").At(10).At("a.warc.gz");
  error.At(99).At("b.warc.gz");
  EXPECT_EQ(error.ToString(), "a.warc.gz: offset 10: cut");
}

TEST(Error, PlaceIsLeftOutWhereUnknown) {
  EXPECT_EQ(Error(ErrorCode::kIo, "gone").ToString(), "gone");
}

TEST(Error, CopiesAreTheirOwnAndMovedFromOnesCanBeRead) {
  static_assert(sizeof(Status) <= 2 * sizeof(void*), "returned for each row of a scan");
  Error error(ErrorCode::kTruncated, "cut");
  Error copy = error;
  copy.At("a.warc.gz");
  EXPECT_EQ(error.ToString(), "cut");
  EXPECT_EQ(copy.ToString(), "a.warc.gz: cut");
  const Error moved = std::move(copy);
  EXPECT_EQ(moved.code(), ErrorCode::kTruncated);
  EXPECT_EQ(copy.code(), ErrorCode::kInternal);  // NOLINT(bugprone-use-after-move)
  EXPECT_EQ(copy.ToString(), "");                // NOLINT(bugprone-use-after-move)
  copy = moved;
  EXPECT_EQ(copy.ToString(), "a.warc.gz: cut");
}

TEST(Error, EachCodeHasADistinctName) {
  std::vector<std::string_view> names;
  for (int code = 0; code <= static_cast<int>(ErrorCode::kInternal); ++code) {
    names.push_back(ErrorCodeName(static_cast<ErrorCode>(code)));
  }
  std::sort(names.begin(), names.end());
  EXPECT_EQ(std::unique(names.begin(), names.end()), names.end());
}

}  // namespace
}  // namespace crawlcard
