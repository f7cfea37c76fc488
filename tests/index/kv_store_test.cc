#include "index/kv_store.h"

#include <csignal>
#include <vector>

#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/index/index_fixture.h"

namespace crawlcard::index {
namespace {

class KvStoreTest : public IndexTest {
 protected:
  static std::unique_ptr<KvStore> Open(const std::string& path) {
    Result<std::unique_ptr<KvStore>> store = KvStore::Open(path);
    EXPECT_TRUE(store) << store.error().ToString();
    return std::move(*store);
  }
  static std::vector<std::string> Keys(const KvStore& store, std::string_view from,
                                       std::string_view to) {
    std::vector<std::string> keys;
    EXPECT_TRUE(store.Scan(from, to, [&](std::string_view key, std::string_view) {
      keys.emplace_back(key);
      return keys.size() < 3;
    }));
    return keys;
  }
};

TEST_F(KvStoreTest, RowsAreOrderedAndRangesEndBeforeTheirEnd) {
  const auto store = Open(Path("kv"));
  KvBatch batch;
  for (const char* key : {"b", "a", "d", "c", "e"}) batch.Put(key, "v");
  batch.Remove("b");
  ASSERT_TRUE(store->Write(batch, false));
  EXPECT_EQ(Keys(*store, "a", "d"), (std::vector<std::string>{"a", "c"}));
  EXPECT_EQ(Keys(*store, "", "z"), (std::vector<std::string>{"a", "c", "d"}));
  std::string value;
  EXPECT_TRUE(store->Get("c", value).value());
  EXPECT_EQ(value, "v");
  EXPECT_FALSE(store->Get("b", value).value());
}

TEST_F(KvStoreTest, OneProcessAtATime) {
  const auto store = Open(Path("kv"));
  const auto second = KvStore::Open(Path("kv"));
  ASSERT_FALSE(second);
  EXPECT_EQ(second.error().code(), ErrorCode::kLocked);
}

TEST_F(KvStoreTest, WhatWasWrittenSurvivesAKill) {
  const std::string path = Path("kv");
  const pid_t child = ::fork();
  if (child == 0) {
    auto store = KvStore::Open(path);
    if (!store) ::_exit(1);
    for (int i = 0; i < 1000; ++i) {
      KvBatch batch;
      batch.Put("a" + std::to_string(i), "1");
      batch.Put("b" + std::to_string(i), "1");
      if (!(*store)->Write(batch, false)) ::_exit(1);
    }
    ::kill(::getpid(), SIGKILL);
  }
  int status = 0;
  ASSERT_EQ(::waitpid(child, &status, 0), child);
  ASSERT_TRUE(WIFSIGNALED(status));
  const auto store = Open(path);
  std::size_t rows = 0;
  ASSERT_TRUE(store->Scan("", "z", [&](std::string_view, std::string_view) { return ++rows > 0; }));
  EXPECT_EQ(rows, 2000U);
}

}  // namespace
}  // namespace crawlcard::index
