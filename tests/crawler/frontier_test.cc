#include "crawler/frontier.h"

#include <csignal>

#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/byte_codec.h"
#include "crawler/fetch_plan.h"
#include "index/kv_store.h"
#include "tests/crawler/scratch.h"

namespace crawlcard::crawler {
namespace {

constexpr UnixMillis kNow = 1'790'000'000'000;

OriginRecord Record(const std::string& origin, UnixMillis due) {
  OriginRecord record;
  record.origin = origin;
  record.due = due;
  record.queued = true;
  AddWholePlan(record);
  return record;
}

class FrontierTest : public ScratchTest {
 protected:
  std::unique_ptr<Frontier> Open() {
    Result<std::unique_ptr<Frontier>> frontier = Frontier::Open(Path("frontier"));
    EXPECT_TRUE(frontier) << frontier.error().ToString();
    return std::move(*frontier);
  }
  static std::string Taken(Frontier& frontier, UnixMillis now, std::size_t count_max) {
    Result<std::vector<OriginRecord>> records = frontier.TakeDue(now, count_max);
    EXPECT_TRUE(records);
    std::string names;
    for (const OriginRecord& record : *records) names += record.origin;
    return names;
  }
};

TEST_F(FrontierTest, LongestDueFirstAndHeldUntilPut) {
  const auto frontier = Open();
  for (const auto& [name, due] : {std::pair{"c", 3}, {"a", 2}, {"b", 1}, {"d", 1000}}) {
    ASSERT_TRUE(frontier->Put(Record(name, kNow + due)));
  }
  EXPECT_EQ(Taken(*frontier, kNow, 10), "");
  EXPECT_EQ(frontier->NextDue().value(), kNow + 1);
  EXPECT_EQ(Taken(*frontier, kNow + 10, 2), "ba");
  EXPECT_EQ(Taken(*frontier, kNow + 10, 2), "c");
  EXPECT_EQ(Taken(*frontier, kNow + 10, 2), "");
  EXPECT_EQ(frontier->NextDue().value(), kNow + 1000);

  ASSERT_TRUE(frontier->Put(Record("a", kNow + 5)));
  EXPECT_EQ(frontier->NextDue().value(), kNow + 5);
  EXPECT_EQ(Taken(*frontier, kNow + 10, 2), "a");
  OriginRecord done = Record("a", 0);
  done.queued = false;
  ASSERT_TRUE(frontier->Put(done));
  EXPECT_EQ(Taken(*frontier, kNow + 2000, 9), "d");
  EXPECT_EQ(frontier->NextDue().value(), std::nullopt);
}

TEST_F(FrontierTest, WhatBecomesDueBehindThoseHandedOutIsSeen) {
  const auto frontier = Open();
  ASSERT_TRUE(frontier->Put(Record("m", kNow)));
  EXPECT_EQ(Taken(*frontier, kNow, 9), "m");
  ASSERT_TRUE(frontier->Put(Record("a", kNow))) << "the same instant, an earlier name";
  ASSERT_TRUE(frontier->Put(Record("z", kNow - 1000)));
  EXPECT_EQ(frontier->NextDue().value(), kNow - 1000);
  EXPECT_EQ(Taken(*frontier, kNow, 9), "za");
}

// Hosts whose plan has begun are finished before others are begun.
TEST_F(FrontierTest, NewOriginsComeAfterThoseThatHaveBegun) {
  const auto frontier = Open();
  OriginRecord fresh = Record("n", kNow);
  fresh.steps.clear();
  AddWholePlan(fresh);
  ASSERT_TRUE(frontier->Put(fresh));
  OriginRecord begun = Record("b", kNow + 500);
  begun.steps = fresh.steps;
  begun.steps.front().tries = 1;
  ASSERT_TRUE(frontier->Put(begun));
  EXPECT_EQ(frontier->NextDue().value(), kNow);
  EXPECT_EQ(Taken(*frontier, kNow + 100, 1), "n") << "the other is not due";
  ASSERT_TRUE(frontier->Put(fresh));
  EXPECT_EQ(Taken(*frontier, kNow + 1000, 1), "b");
  EXPECT_EQ(Taken(*frontier, kNow + 1000, 9), "n");
  EXPECT_EQ(Taken(*frontier, kNow + 1000, 9), "");
  // From one queue to the other: no row stays behind.
  fresh.steps.front().tries = 1;
  fresh.due = kNow + 2000;
  ASSERT_TRUE(frontier->Put(fresh));
  fresh.queued = false;
  ASSERT_TRUE(frontier->Put(fresh));
  EXPECT_EQ(Taken(*frontier, kNow + 9000, 9), "");
}

TEST_F(FrontierTest, AGroupIsOneWriteForManyOrigins) {
  const auto frontier = Open();
  for (const char* name : {"a", "b"}) ASSERT_TRUE(frontier->Put(Record(name, kNow)));
  ASSERT_EQ(Taken(*frontier, kNow, 9), "ab");
  frontier->BeginGroup();
  ASSERT_TRUE(frontier->Put(Record("a", kNow + 20)));
  OriginRecord done = Record("b", 0);
  done.queued = false;
  ASSERT_TRUE(frontier->Put(done));
  ASSERT_TRUE(frontier->EndGroup());
  EXPECT_EQ(frontier->NextDue().value(), kNow + 20);
  EXPECT_EQ(Taken(*frontier, kNow + 100, 9), "a");
  EXPECT_FALSE(frontier->Find("b").value()->queued);
  frontier->BeginGroup();
  EXPECT_TRUE(frontier->EndGroup());
}

TEST_F(FrontierTest, TheLayoutBeforeIsRead) {
  {
    const auto rows = index::KvStore::Open(Path("frontier"));
    OriginRecord fresh = Record("n", kNow);
    fresh.steps.clear();
    AddWholePlan(fresh);
    std::string value;
    EncodeOrigin(fresh, value);
    std::string key = "q";
    ByteWriter(key).BigEndian64(static_cast<std::uint64_t>(kNow));
    index::KvBatch batch;
    batch.Put("m version", "1");
    batch.Put("on", value);
    batch.Put(key + "n", {});
    ASSERT_TRUE((*rows)->Write(batch, true));
  }
  const auto frontier = Open();
  OriginRecord renewed = *frontier->Find("n").value();
  renewed.due = kNow + 5;
  ASSERT_TRUE(frontier->Put(renewed));
  EXPECT_EQ(Taken(*frontier, kNow + 9, 9), "n");
  EXPECT_EQ(Taken(*frontier, kNow + 9, 9), "");
}

TEST_F(FrontierTest, RecordsComeBackAsTheyWere) {
  OriginRecord record = Record("https://example.org:8443", kNow);
  record.promoted = true;
  record.run = 300;
  record.delay_ms = 10'000;
  record.failures = 4;
  record.finished_at = kNow - 1;
  record.robots = {kNow, robots::RobotsState::kUnreachableLong, robots::RobotsDefault::kAllow,
                   kNow - 5, true};
  Step& step = record.steps[2];
  step.outcome = StepOutcome::kSoft404;
  step.error = FetchError::kTlsUntrusted;
  step.status = 599;
  step.depth = 3;
  step.tries = 2;
  step.hops = 5;
  step.at_url = "https://example.org:8443/x";
  step.etag = std::string("\"\0\"", 3);
  step.last_modified = "yesterday";
  step.fetched_at = kNow;
  step.record_id = "<urn:uuid:0>";
  step.digest = "sha1:A";

  std::string value;
  EncodeOrigin(record, value);
  const Result<OriginRecord> read = DecodeOrigin(record.origin, value);
  ASSERT_TRUE(read) << read.error().ToString();
  std::string again;
  EncodeOrigin(*read, again);
  EXPECT_EQ(value, again);
  EXPECT_EQ(read->steps[2].digest, "sha1:A");
  EXPECT_EQ(read->steps[2].outcome, StepOutcome::kSoft404);
  EXPECT_EQ(read->robots.failing_since, kNow - 5);
  EXPECT_TRUE(read->promoted && read->whole_plan && read->queued && read->robots.has_copy);
}

TEST_F(FrontierTest, EveryCutAndEveryBadByteOfARecordIsAnErrorOrARecord) {
  std::string value;
  EncodeOrigin(Record("a", kNow), value);
  for (std::size_t cut = 0; cut < value.size(); ++cut) {
    EXPECT_FALSE(DecodeOrigin("a", std::string_view(value).substr(0, cut))) << cut;
  }
  for (std::size_t at = 0; at < value.size(); ++at) {
    std::string bad = value;
    bad[at] = static_cast<char>(0xFF);
    if (const Result<OriginRecord> read = DecodeOrigin("a", bad); read) {
      for (const Step& step : read->steps) EXPECT_FALSE(StepOutcomeName(step.outcome).empty());
    }
  }
  value[0] = 2;
  EXPECT_EQ(DecodeOrigin("a", value).error().code(), ErrorCode::kSchema);
}

TEST_F(FrontierTest, SurvivesAKillAndCountsItsRuns) {
  const pid_t child = ::fork();
  if (child == 0) {
    auto frontier = Frontier::Open(Path("frontier"));
    if (!frontier || (*frontier)->run() != 1) ::_exit(1);
    for (int i = 0; i < 100; ++i) {
      if (!(*frontier)->Put(Record("h" + std::to_string(i), kNow + i))) ::_exit(1);
    }
    if ((*frontier)->TakeDue(kNow + 50, 100)->size() != 51) ::_exit(1);
    if (!(*frontier)->PutRobots("h1", "User-agent: *\n")) ::_exit(1);
    ::kill(::getpid(), SIGKILL);
  }
  int status = 0;
  ASSERT_EQ(::waitpid(child, &status, 0), child);
  ASSERT_TRUE(WIFSIGNALED(status));
  const auto frontier = Open();
  EXPECT_EQ(frontier->run(), 2U);
  EXPECT_EQ(frontier->TakeDue(kNow + 1000, 1000)->size(), 100U) << "what was held is due";
  std::string body;
  EXPECT_TRUE(frontier->GetRobots("h1", body).value());
  EXPECT_EQ(body, "User-agent: *\n");
}

TEST_F(FrontierTest, AnotherProcessIsLockedOut) {
  const auto frontier = Open();
  const auto second = Frontier::Open(Path("frontier"));
  ASSERT_FALSE(second);
  EXPECT_EQ(second.error().code(), ErrorCode::kLocked);
}

}  // namespace
}  // namespace crawlcard::crawler
