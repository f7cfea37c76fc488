#include "tools/shard.h"

#include <map>

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tools/inputs.h"
#include "tools/limits.h"

namespace crawlcard::tools {
namespace {

using ::testing::HasSubstr;
using Variables = std::map<std::string, std::string>;

Result<Shard> Resolve(std::string_view flag, const Variables& variables = {}) {
  return ResolveShard(flag, [&variables](const std::string& name) {
    const auto found = variables.find(name);
    return found == variables.end() ? std::optional<std::string>()
                                    : std::optional<std::string>(found->second);
  });
}

std::string Text(std::string_view flag, const Variables& variables = {}) {
  const Result<Shard> shard = Resolve(flag, variables);
  if (shard) return fmt::format("{}/{}", shard->index, shard->count);
  EXPECT_EQ(shard.error().code(), ErrorCode::kInvalidArgument);
  return shard.error().message();
}

// A task of an array as Slurm 22.05 shows it to a batch script: the script itself is rank 0 of a
// step that it is not.
Variables ArrayTask(int id, int first, int last, int count) {
  return {{"SLURM_ARRAY_TASK_ID", std::to_string(id)},
          {"SLURM_ARRAY_TASK_MIN", std::to_string(first)},
          {"SLURM_ARRAY_TASK_MAX", std::to_string(last)},
          {"SLURM_ARRAY_TASK_COUNT", std::to_string(count)},
          {"SLURM_JOB_ID", "7"},
          {"SLURM_PROCID", "0"},
          {"SLURM_NTASKS", "1"}};
}

TEST(Shard, ByHandCountsFromZero) {
  EXPECT_EQ(Text("0/1"), "0/1");
  EXPECT_EQ(Text("3/16"), "3/16");
  for (const char* bad : {"", "1", "3/3", "0/0", "-1/3", "1/3/4", "a/b", "auto/0", "auto/",
                          "auto+/4", "auto+1", "auto*1/4", "autox/4", "/4", "auto/x"}) {
    EXPECT_THAT(Text(bad), HasSubstr("is none of I/N, auto/N")) << bad;
  }
  EXPECT_EQ(limits::kShardsMax, 1'000'000U);
  EXPECT_EQ(Text("0/999999"), "0/999999");
  EXPECT_EQ(Text("0/1000000"), "0/1000000");
  EXPECT_THAT(Text("0/1000001"), HasSubstr("N up to 1000000"));
}

TEST(Shard, EverySourceOfARankIsRead) {
  EXPECT_EQ(Text("auto", {{"SLURM_PROCID", "2"}, {"SLURM_NTASKS", "4"}}), "2/4");
  EXPECT_EQ(Text("auto", {{"SLURM_PROCID", "0"}, {"SLURM_NTASKS", "4"}}), "0/4");
  EXPECT_EQ(Text("auto/5", {{"JOB_COMPLETION_INDEX", "4"}}), "4/5");
  EXPECT_EQ(Text("auto", {{"AWS_BATCH_JOB_ARRAY_INDEX", "1"}, {"AWS_BATCH_JOB_ARRAY_SIZE", "3"}}),
            "1/3");
  EXPECT_EQ(Text("auto/3", {{"AWS_BATCH_JOB_ARRAY_INDEX", "1"}}), "1/3");
  EXPECT_EQ(Text("auto", {{"OMPI_COMM_WORLD_RANK", "1"}, {"OMPI_COMM_WORLD_SIZE", "2"}}), "1/2");
  EXPECT_EQ(Text("auto", {{"PMI_RANK", "1"}, {"PMI_SIZE", "2"}}), "1/2");
  EXPECT_EQ(Text("auto", ArrayTask(2, 0, 3, 4)), "2/4");
}

TEST(Shard, ATotalThatNobodyGivesIsAskedFor) {
  EXPECT_THAT(Text("auto", {{"JOB_COMPLETION_INDEX", "4"}}),
              HasSubstr("JOB_COMPLETION_INDEX=4 gives no total"));
  EXPECT_THAT(Text("auto", {{"AWS_BATCH_JOB_ARRAY_INDEX", "4"}}), HasSubstr("gives no total"));
  EXPECT_THAT(Text("auto/4"), HasSubstr("no rank in the environment; looked for SLURM_ARRAY"));
  EXPECT_THAT(Text("auto"), HasSubstr("no rank in the environment"));
}

// The count of an array is that of one submission: an explicit total wins over it.
TEST(Shard, PartialResubmissionsOfAnArrayKeepTheirShares) {
  EXPECT_EQ(Text("auto/16", ArrayTask(3, 3, 7, 2)), "3/16");
  EXPECT_EQ(Text("auto/16", ArrayTask(7, 3, 7, 2)), "7/16");
  EXPECT_EQ(Text("auto/16", ArrayTask(5, 5, 5, 1)), "5/16");
  // Without a total, tasks with gaps cannot be the whole job.
  EXPECT_THAT(Text("auto", ArrayTask(3, 3, 7, 2)),
              HasSubstr("SLURM_ARRAY_TASK_ID=3 SLURM_ARRAY_TASK_COUNT=2 SLURM_ARRAY_TASK_MIN=3 "
                        "SLURM_ARRAY_TASK_MAX=7 is a part of an array"));
  EXPECT_THAT(Text("auto", ArrayTask(2, 0, 6, 4)), HasSubstr("is a part of an array"));
  // Neighbours share out everything among themselves: nothing is left out.
  EXPECT_EQ(Text("auto", ArrayTask(1, 1, 4, 4)), "0/4");
  EXPECT_EQ(Text("auto", ArrayTask(4, 1, 4, 4)), "3/4");
  Variables no_last = ArrayTask(7, 3, 7, 2);
  no_last.erase("SLURM_ARRAY_TASK_MAX");
  EXPECT_THAT(Text("auto", no_last), HasSubstr("is a part of an array"));
}

TEST(Shard, ARankIsMovedWhereArraysDoNotCountFromZero) {
  EXPECT_EQ(Text("auto-1/16", ArrayTask(1, 1, 16, 16)), "0/16");
  EXPECT_EQ(Text("auto-1/16", ArrayTask(16, 1, 16, 16)), "15/16");
  EXPECT_EQ(Text("auto+1000/5000", ArrayTask(7, 0, 999, 1000)), "1007/5000");
  EXPECT_THAT(Text("auto/16", ArrayTask(16, 1, 16, 16)), HasSubstr("gives shard 16 of 16"));
  EXPECT_THAT(Text("auto-1/16", ArrayTask(0, 0, 15, 16)), HasSubstr("gives shard -1 of 16"));
  EXPECT_THAT(Text("auto/4", {{"PMI_RANK", "18446744073709551615"}}), HasSubstr("shards count"));
}

TEST(Shard, SourcesThatDisagreeAreNamedWithTheirValues) {
  const Variables ranks{{"OMPI_COMM_WORLD_RANK", "2"}, {"OMPI_COMM_WORLD_SIZE", "4"},
                        {"SLURM_PROCID", "1"},         {"SLURM_NTASKS", "2"},
                        {"SLURM_STEP_ID", "0"},        {"SLURM_JOB_ID", "9"}};
  for (const char* flag : {"auto", "auto/4", "auto+1/9"}) {
    EXPECT_THAT(Text(flag, ranks), HasSubstr("SLURM_PROCID=1 SLURM_NTASKS=2, "
                                             "OMPI_COMM_WORLD_RANK=2 OMPI_COMM_WORLD_SIZE=4"));
  }
  const Variables totals{{"OMPI_COMM_WORLD_RANK", "1"},
                         {"OMPI_COMM_WORLD_SIZE", "4"},
                         {"PMI_RANK", "1"},
                         {"PMI_SIZE", "2"}};
  EXPECT_THAT(Text("auto", totals), HasSubstr("sources disagree"));
  EXPECT_EQ(Text("auto/8", totals), "1/8");
  Variables stepped = ArrayTask(3, 0, 3, 4);
  stepped["SLURM_STEP_ID"] = "0";
  stepped["SLURM_NTASKS"] = "2";
  EXPECT_THAT(Text("auto/4", stepped), HasSubstr("sources disagree"));
}

// By hand the same share for all tasks of an array would leave the others to nobody.
TEST(Shard, TheFlagIsASourceToo) {
  EXPECT_EQ(Text("3/16", ArrayTask(3, 3, 7, 2)), "3/16");
  EXPECT_THAT(Text("0/16", ArrayTask(3, 3, 7, 2)),
              HasSubstr("--shard 0/16 disagrees with the environment: SLURM_ARRAY_TASK_ID=3"));
  EXPECT_EQ(Text("0/1", ArrayTask(3, 3, 7, 2)), "0/1");
  // Where sources disagree among themselves, the one that the flag agrees with was meant.
  EXPECT_EQ(Text("2/4", {{"OMPI_COMM_WORLD_RANK", "2"},
                         {"OMPI_COMM_WORLD_SIZE", "4"},
                         {"SLURM_PROCID", "1"},
                         {"SLURM_NTASKS", "2"}}),
            "2/4");
}

// Launchers call a process that they started alone rank 0 of 1, and a batch script has the rank of
// its first step before there is one: neither says anything.
TEST(Shard, ProcessesThatWereStartedAloneAreNoSource) {
  EXPECT_EQ(Text("2/4", {{"PMI_RANK", "0"}, {"PMI_SIZE", "1"}}), "2/4");
  EXPECT_EQ(Text("2/4", {{"SLURM_JOB_ID", "7"}, {"SLURM_PROCID", "0"}, {"SLURM_NTASKS", "4"}}),
            "2/4");
  EXPECT_THAT(Text("auto/4", {{"PMI_RANK", "0"}, {"PMI_SIZE", "1"}}), HasSubstr("no rank"));
  EXPECT_THAT(Text("auto/4", {{"SLURM_JOB_ID", "7"}, {"SLURM_PROCID", "0"}, {"SLURM_NTASKS", "4"}}),
              HasSubstr("no rank"));
}

TEST(Shard, ValuesThatAreNoNumbersAreRefused) {
  EXPECT_THAT(Text("auto/4", {{"JOB_COMPLETION_INDEX", "one"}}),
              HasSubstr("JOB_COMPLETION_INDEX='one' in the environment is no whole number"));
  EXPECT_THAT(Text("auto/4", {{"PMI_RANK", "1"}, {"PMI_SIZE", ""}}), HasSubstr("PMI_SIZE=''"));
}

TEST(Shard, EveryInputBelongsToExactlyOneShare) {
  for (const std::uint64_t count : {1U, 3U, 16U}) {
    std::map<std::string, int> owners;
    for (std::uint64_t index = 0; index < count; ++index) {
      std::vector<index::IngestInput> inputs;
      for (int i = 0; i < 10; ++i) inputs.push_back({fmt::format("f{}", i), fmt::format("f{}", i)});
      KeepShare({index, count}, inputs);
      for (const index::IngestInput& input : inputs) ++owners[input.name];
    }
    EXPECT_EQ(owners.size(), 10U);
    for (const auto& [name, owned] : owners) EXPECT_EQ(owned, 1) << name;
  }
}

TEST(Shard, DirectoriesAndStandardInputCannotBeShared) {
  EXPECT_TRUE(CheckShareable({"@list", "@-", "a.warc.gz"}));
  EXPECT_EQ(CheckShareable({"@list", ::testing::TempDir()}).error().code(),
            ErrorCode::kInvalidArgument);
  EXPECT_EQ(CheckShareable({"-"}).error().code(), ErrorCode::kInvalidArgument);
}

}  // namespace
}  // namespace crawlcard::tools
