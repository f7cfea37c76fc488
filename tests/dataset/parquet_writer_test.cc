// What a writer says when it cannot write. tests/cli/parquet_test.py reads what it does write.
#include "dataset/parquet_writer.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "dataset/limits.h"

namespace crawlcard::dataset {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;

TEST(ParquetWriter, AMissingLibraryIsNamedWithWhereItComesFrom) {
  const auto writer = ParquetWriter::Open("/nonesuch/libduckdb.so", "/tmp/x.parquet", {{"a"}});
  ASSERT_FALSE(writer);
  EXPECT_EQ(writer.error().code(), ErrorCode::kInvalidArgument);
  EXPECT_THAT(writer.error().message(),
              AllOf(HasSubstr("libduckdb.so"), HasSubstr("--duckdb"), HasSubstr("/nonesuch")));
}

TEST(ParquetWriter, AnotherLibraryIsNone) {
  const auto writer = ParquetWriter::Open("libz.so.1", "/tmp/x.parquet", {{"a"}});
  ASSERT_FALSE(writer);
  EXPECT_EQ(writer.error().code(), ErrorCode::kInvalidArgument);
  EXPECT_THAT(writer.error().message(), HasSubstr("has no function duckdb_"));
}

TEST(ParquetWriter, ColumnsAreBounded) {
  const auto writer = ParquetWriter::Open("", "/tmp/x.parquet",
                                          std::vector<index::Column>(limits::kColumnsMax + 1));
  ASSERT_FALSE(writer);
  EXPECT_THAT(writer.error().message(), HasSubstr("1001 columns"));
}

}  // namespace
}  // namespace crawlcard::dataset
