#include "base/replaced_file.h"

#include <filesystem>
#include <fstream>
#include <string>

#include <gtest/gtest.h>

namespace crawlcard {
namespace {

namespace fs = std::filesystem;

TEST(ReplacedFileTest, WhatNobodyWritesIsSweptAndNothingElse) {
  const fs::path directory = fs::path(::testing::TempDir()) / "replaced_file_test";
  fs::remove_all(directory);
  fs::create_directories(directory);
  const std::string path = directory / "a.jsonl";
  for (const char* name : {"a.jsonl.12.tmp", "a.jsonl.999999.tmp", "a.jsonl", "a.jsonl.tmp",
                           "a.jsonl.x1.tmp", "b.a.jsonl.12.tmp", "a.jsonl.12.tmp2"}) {
    std::ofstream(directory / name) << name;
  }
  auto held = ReplacedFile::Create(path);
  ASSERT_TRUE(held);
  RemoveAbandoned(path);
  EXPECT_FALSE(fs::exists(directory / "a.jsonl.12.tmp"));
  EXPECT_FALSE(fs::exists(directory / "a.jsonl.999999.tmp"));
  for (const char* name :
       {"a.jsonl", "a.jsonl.tmp", "a.jsonl.x1.tmp", "b.a.jsonl.12.tmp", "a.jsonl.12.tmp2"}) {
    EXPECT_TRUE(fs::exists(directory / name)) << name;
  }
  ASSERT_TRUE((*held)->Write("new"));
  ASSERT_TRUE((*held)->Commit());
  std::ifstream file(path);
  std::string text;
  file >> text;
  EXPECT_EQ(text, "new");
  RemoveAbandoned(directory / "nonesuch" / "a");
  fs::remove_all(directory);
}

}  // namespace
}  // namespace crawlcard
