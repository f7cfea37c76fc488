#include "dataset/tally.h"

#include <filesystem>
#include <random>

#include <gtest/gtest.h>
#include <unistd.h>

#include "base/file.h"
#include "dataset/filter_file.h"
#include "dataset/host_list.h"
#include "dataset/limits.h"
#include "dataset/tally_json.h"

namespace crawlcard::dataset {
namespace {

TEST(BoundedAmounts, ExactUpToTwice_kNamesMax) {
  BoundedAmounts amounts;
  for (std::size_t i = 0; i < 2 * limits::kNamesMax; ++i) {
    amounts.Add("name" + std::to_string(i), {1 + i % 3, 1, 1});
  }
  EXPECT_EQ(amounts.all().size(), 2 * limits::kNamesMax);
  EXPECT_EQ(amounts.error_rows(), 0U);
  amounts.Add("one more", {1, 1, 1});
  EXPECT_EQ(amounts.all().size(), limits::kNamesMax);
  EXPECT_GE(amounts.error_rows(), 1U);
  EXPECT_LE(amounts.error_rows(), 3U);
}

TEST(BoundedAmounts, NoNameIsShortOfMoreThanTheError) {
  std::mt19937 random(3);
  std::map<std::string, std::uint64_t> truth;
  BoundedAmounts amounts;
  for (int i = 0; i < 600'000; ++i) {
    // Few names are common, most are rare.
    const std::uint64_t bits = random() % 2 == 0 ? random() % 50 : random() % 400'000;
    const std::string name = std::to_string(bits);
    ++truth[name];
    amounts.Add(name, {1, 0, 0});
  }
  EXPECT_GT(amounts.error_rows(), 0U);
  for (const auto& [name, rows] : truth) {
    const auto found = amounts.all().find(name);
    const std::uint64_t counted = found == amounts.all().end() ? 0 : found->second.rows;
    ASSERT_LE(counted, rows);
    ASSERT_LE(rows - counted, amounts.error_rows()) << name;
  }
  EXPECT_EQ(amounts.Top(3).size(), 3U);
  EXPECT_GE(amounts.Top(2)[0].second.rows, amounts.Top(2)[1].second.rows);
}

Tally SomeTally() {
  Tally tally;
  tally.all = {9, 900, 90};
  tally.judged = {8, 800, 80};
  tally.unknown_hosts = {1, 2, 3};
  tally.without_page = {4, 5, 6};
  tally.languages["de\"\n"] = {1, 1, 1};
  tally.faults[static_cast<std::size_t>(RowFault::kNoUrl)] = {1, 100, 10};
  tally.questions.resize(2);
  QuestionTally& one = tally.questions[1];
  one.usable = {3, 3, 3};
  one.lost = {5, 5, 5};
  one.decisions["deny"] = {5, 5, 5};
  one.lost_reasons["takedown"] = {1, 1, 1};
  one.lost_families["robots"] = {4, 4, 4};
  one.lost_languages["en"] = {5, 5, 5};
  one.lost_domains.Add("example.org", {5, 5, 5});
  one.lost_domains.AddError(7);
  one.refused_agents["GPTBot"] = {2, 2, 2};
  one.refused_operators["OpenAI"] = {2, 2, 2};
  return tally;
}

TEST(Manifest, ReadsBackWhatWasWritten) {
  Manifest manifest;
  manifest.asked = "sha256:x";
  manifest.input = "a \"b\".jsonl";
  manifest.input_bytes = 12;
  manifest.input_mtime_ns = 34;
  manifest.kept = "k";
  manifest.kept_bytes = 5;
  manifest.damage = "cut";
  manifest.tally = SomeTally();
  const std::string text = WriteManifest(manifest, {"a@1", "b@2"});
  const Result<Manifest> back = ReadManifest(text);
  ASSERT_TRUE(back);
  EXPECT_EQ(back->input, manifest.input);
  EXPECT_EQ(back->damage, "cut");
  EXPECT_EQ(back->kept_bytes, 5U);
  EXPECT_EQ(back->tally, manifest.tally);
  // Whatever is missing or of another type is no manifest.
  for (std::size_t cut = 0; cut + 2 < text.size(); cut += 7) {
    EXPECT_FALSE(ReadManifest(std::string_view(text).substr(0, cut)));
  }
  EXPECT_FALSE(ReadManifest("{\"asked\":1}"));
}

TEST(Manifest, IsReadUpTo_kManifestBytesMax) {
  const std::string path =
      testing::TempDir() + "crawlcard_manifest_test." + std::to_string(::getpid());
  const FilterPaths paths = FilterPaths::Beside(path + ".jsonl");
  Manifest manifest;
  manifest.kept = paths.kept;
  std::string text = WriteManifest(manifest, {});
  for (const std::string& each : {paths.kept, paths.dropped, paths.reasons}) {
    ASSERT_TRUE(WriteFileAtomically(each, ""));
  }
  manifest.dropped = paths.dropped;
  manifest.reasons = paths.reasons;
  text = WriteManifest(manifest, {});
  text.resize(limits::kManifestBytesMax, ' ');
  ASSERT_TRUE(WriteFileAtomically(paths.manifest, text));
  EXPECT_TRUE(FinishedBefore(paths, manifest));
  ASSERT_TRUE(WriteFileAtomically(paths.manifest, text + ' '));
  EXPECT_FALSE(FinishedBefore(paths, manifest));
  for (const std::string& each : {paths.kept, paths.dropped, paths.reasons, paths.manifest}) {
    std::filesystem::remove(each);
  }
}

TEST(FilterPaths, StandBesideTheKeptRows) {
  const FilterPaths packed = FilterPaths::Beside("o.d/a.b.jsonl.gz");
  EXPECT_EQ(packed.dropped, "o.d/a.b.dropped.jsonl.gz");
  EXPECT_EQ(packed.reasons, "o.d/a.b.reasons.jsonl");
  EXPECT_EQ(packed.manifest, "o.d/a.b.filter.json");
  EXPECT_EQ(FilterPaths::Beside("o.d/kept").dropped, "o.d/kept.dropped");
  EXPECT_EQ(FilterPaths::Beside(".x").dropped, ".x.dropped");
}

TEST(HostList, HoldsEachHostOnceInTheOrderOfTheFirst) {
  const std::string path =
      testing::TempDir() + "crawlcard_hosts_test." + std::to_string(::getpid());
  Result<std::unique_ptr<HostList>> list = HostList::Create(path);
  ASSERT_TRUE(list);
  std::string wanted;
  for (int round = 0; round < 2; ++round) {
    for (int i = 0; i < 5000; ++i) {
      const std::string host = "h" + std::to_string(i * 7919 % 5000) + ".example";
      ASSERT_TRUE((*list)->Add(host));
      if (round == 0) wanted += host + '\n';
    }
  }
  EXPECT_EQ((*list)->hosts(), 5000U);
  ASSERT_TRUE((*list)->Commit());
  EXPECT_EQ(*ReadFile(path, 1 << 20), wanted);
  std::filesystem::remove(path);
}

}  // namespace
}  // namespace crawlcard::dataset
