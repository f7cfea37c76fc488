#include "crawler/retry_policy.h"

#include <gtest/gtest.h>

#include "crawler/limits.h"

namespace crawlcard::crawler {
namespace {

constexpr UnixMillis kNow = 1'790'000'000'000;

TEST(RetryPolicy, AnswersFallIntoClasses) {
  const auto of = [](std::uint16_t status) { return ClassifyAnswer(FetchError::kNone, status); };
  EXPECT_EQ(of(200), AnswerClass::kOk);
  EXPECT_EQ(of(204), AnswerClass::kOk);
  EXPECT_EQ(of(301), AnswerClass::kRedirect);
  EXPECT_EQ(of(308), AnswerClass::kRedirect);
  EXPECT_EQ(of(304), AnswerClass::kNotModified);
  EXPECT_EQ(of(300), AnswerClass::kAbsent);
  EXPECT_EQ(of(404), AnswerClass::kAbsent);
  EXPECT_EQ(of(408), AnswerClass::kServerError);
  EXPECT_EQ(of(429), AnswerClass::kBusy);
  EXPECT_EQ(of(503), AnswerClass::kBusy);
  EXPECT_EQ(of(502), AnswerClass::kServerError);
  EXPECT_EQ(of(0), AnswerClass::kNoAnswer);
  EXPECT_EQ(ClassifyAnswer(FetchError::kBodyCut, 200), AnswerClass::kNoAnswer);
}

TEST(RetryPolicy, EachClassHasItsNumberOfTries) {
  const RetryOptions options;
  Jitter jitter(1);
  const auto tries = [&](AnswerClass answer, FetchError error) {
    std::uint32_t done = 1;
    while (DecideRetry(answer, error, done, std::nullopt, options, jitter).again) ++done;
    return done;
  };
  EXPECT_EQ(tries(AnswerClass::kBusy, FetchError::kNone), 4U);
  EXPECT_EQ(tries(AnswerClass::kServerError, FetchError::kNone), 3U);
  EXPECT_EQ(tries(AnswerClass::kAbsent, FetchError::kNone), 1U);
  EXPECT_EQ(tries(AnswerClass::kOk, FetchError::kNone), 1U);
  for (int i = 1; i <= static_cast<int>(FetchError::kInternal); ++i) {
    const auto error = static_cast<FetchError>(i);
    const RetryClass retry = RetryClassOf(error);
    const std::uint32_t want =
        retry == RetryClass::kSoon ? 3U : (retry == RetryClass::kLater ? 2U : 1U);
    EXPECT_EQ(tries(AnswerClass::kNoAnswer, error), want) << FetchErrorName(error);
  }
}

TEST(RetryPolicy, WaitsAreSpreadOverADoublingBound) {
  RetryOptions options;
  options.tries_busy = 100;
  Jitter jitter(7);
  for (const auto& [tries, bound] : {std::pair{1U, 1000}, {2U, 2000}, {4U, 8000}, {50U, 60'000}}) {
    std::int64_t longest = 0;
    std::int64_t shortest = bound;
    for (int i = 0; i < 2000; ++i) {
      const auto decision =
          DecideRetry(AnswerClass::kBusy, FetchError::kNone, tries, std::nullopt, options, jitter);
      longest = std::max(longest, decision.wait_ms);
      shortest = std::min(shortest, decision.wait_ms);
    }
    EXPECT_LE(longest, bound);
    EXPECT_GT(longest, bound * 9 / 10);
    EXPECT_LT(shortest, bound / 10);
  }
}

TEST(RetryPolicy, RetryAfterIsALowerBoundAndEndsTheStepBeyondItsLimit) {
  Jitter jitter(3);
  const auto decide = [&](std::int64_t asked) {
    return DecideRetry(AnswerClass::kBusy, FetchError::kNone, 1, asked, {}, jitter);
  };
  EXPECT_GE(decide(5000).wait_ms, 5000);
  EXPECT_TRUE(decide(limits::kRetryAfterMsMax - 1).again);
  EXPECT_TRUE(decide(limits::kRetryAfterMsMax).again);
  EXPECT_FALSE(decide(limits::kRetryAfterMsMax + 1).again);
  EXPECT_GE(decide(limits::kRetryAfterMsMax * 5).wait_ms, limits::kRetryAfterMsMax);
}

// RFC 9110, 10.2.3: a number of seconds or a date.
TEST(Rfc9110, S10_2_3_RetryAfterIsSecondsOrADate) {
  EXPECT_EQ(ParseRetryAfter("120", kNow), 120'000);
  EXPECT_EQ(ParseRetryAfter(" 0 ", kNow), 0);
  EXPECT_EQ(ParseRetryAfter("Mon, 21 Sep 2026 14:13:21 GMT", kNow), 1000);
  EXPECT_EQ(ParseRetryAfter("Fri, 31 Dec 1999 23:59:59 GMT", kNow), 0);
  EXPECT_GT(ParseRetryAfter("99999999999999999999", kNow).value(), limits::kRetryAfterMsMax);
  for (const char* bad : {"", "-1", "1.5", "soon", "12 s"}) {
    EXPECT_FALSE(ParseRetryAfter(bad, kNow)) << bad;
  }
}

TEST(RetryPolicy, SameSeedSameJitter) {
  Jitter a(42);
  Jitter b(42);
  for (int i = 0; i < 100; ++i) EXPECT_EQ(a.UpTo(i), b.UpTo(i));
  EXPECT_EQ(a.UpTo(0), 0);
}

}  // namespace
}  // namespace crawlcard::crawler
