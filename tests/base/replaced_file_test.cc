#include "base/replaced_file.h"

#include <array>
#include <filesystem>
#include <fstream>
#include <string>
#include <string_view>

#include <gtest/gtest.h>
#include <unistd.h>

namespace crawlcard {
namespace {

namespace fs = std::filesystem;

// What other libraries write beside it is found by the file with the lock.
TEST(ReplacedFileTest, WhatLiesBesideGoesToo) {
  const fs::path directory = fs::path(::testing::TempDir()) / "replaced_file_beside_test";
  fs::remove_all(directory);
  fs::create_directories(directory / "a.12.tmp.spill");
  const std::string path = directory / "a";
  auto held = ReplacedFile::Create(path);
  ASSERT_TRUE(held);
  const std::string mine = "a." + std::to_string(::getpid()) + ".tmp.kept";
  for (const std::string& name :
       {std::string("a.12.tmp"), std::string("a.12.tmp.kept"), std::string("a.12.tmp.other"),
        std::string("a.12.tmp.spill/x"), std::string("a.13.tmp.kept"), mine}) {
    std::ofstream(directory / name) << name;
  }
  const std::array<std::string_view, 3> beside = {".kept", ".dropped", ".spill"};
  RemoveAbandoned(path, beside);
  for (const char* name : {"a.12.tmp", "a.12.tmp.kept", "a.12.tmp.spill"}) {
    EXPECT_FALSE(fs::exists(directory / name)) << name;
  }
  // Held, of nobody's lock, of another ending.
  for (const std::string& name :
       {mine, std::string("a.13.tmp.kept"), std::string("a.12.tmp.other")}) {
    EXPECT_TRUE(fs::exists(directory / name)) << name;
  }
  fs::remove_all(directory);
}

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
