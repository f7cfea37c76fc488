#include "dataset/row_parser.h"

#include <cstring>

#include <gtest/gtest.h>

#include "dataset/limits.h"

namespace crawlcard::dataset {
namespace {

RowBlock BlockOf(const std::vector<std::string>& rows) {
  RowBlock block;
  std::string all;
  for (const std::string& row : rows) {
    all += row;
    block.ends.push_back(static_cast<std::uint32_t>(all.size()));
  }
  block.capacity = all.size();
  block.buffer = std::make_unique<char[]>(all.size() + RowBlock::kPaddingBytes);
  std::memcpy(block.buffer.get(), all.data(), all.size());
  block.first_row = 1;
  return block;
}

class Parsed {
 public:
  Parsed(const std::vector<std::string>& rows, RowFormat format, const FieldNames& names = {},
         std::string_view header = {})
      : block_(BlockOf(rows)), parser_(*FieldTree::Of(names)) {
    const Result<Columns> columns = Columns::Find(header, format, names);
    EXPECT_TRUE(columns);
    parser_.Parse(block_, format, *columns, rows_);
  }
  const Row& operator[](std::size_t i) const { return rows_[i]; }

 private:
  RowBlock block_;
  RowParser parser_;
  std::vector<Row> rows_;
};

TEST(RowParser, WhatIsNoRowSaysWhy) {
  const Parsed rows(
      {"\n", "  \r\n", "x\n", "{\n", "[1]\n", "null\n", "{}\n", "{\"url\":null}\n",
       "{\"url\":\"\"}\n", "{\"url\":\" \"}\n", "{\"url\":[\"a\"]}\n", "{\"url\":\"\xff\"}\n",
       "{\"url\":\"a\n", "{\"a\":{\"url\":\"b\"}}\n", "{\"url\" \"a\"}\n", "{\"a\":1,}\n"},
      RowFormat::kJsonl);
  const RowFault wanted[] = {
      RowFault::kEmpty,  RowFault::kEmpty,  RowFault::kBadRow, RowFault::kBadRow,
      RowFault::kBadRow, RowFault::kBadRow, RowFault::kNoUrl,  RowFault::kNoUrl,
      RowFault::kNoUrl,  RowFault::kNoUrl,  RowFault::kNoUrl,  RowFault::kBadRow,
      RowFault::kBadRow, RowFault::kNoUrl,  RowFault::kBadRow, RowFault::kBadRow};
  for (std::size_t i = 0; i < std::size(wanted); ++i) {
    EXPECT_EQ(RowFaultName(rows[i].fault), RowFaultName(wanted[i])) << i;
    EXPECT_EQ(rows[i].number, i + 1);
  }
}

TEST(RowParser, FieldsOfJson) {
  FieldNames names{.url = "/m/u", .date = "d", .tokens = "/m/n", .text = "t", .language = "l"};
  const Parsed rows(
      {"\xef\xbb\xbf{\"t\":\"\\u00e9\\n\",\"m\":{\"x\":[{}],\"u\":\"http://a\\/"
       "b\"},\"l\":\"de\"}\n",
       "{\"m\":{\"n\":12,\"u\":\"u\"},\"d\":\"2024-02-03\",\"m\":{\"u\":\"second\"}}\n",
       "{\"m\":{\"n\":\"7\",\"u\":\"u\"},\"d\":1700000000,\"t\":\"12345678\"}\n"},
      RowFormat::kJsonl, names);
  EXPECT_EQ(rows[0].url, "http://a/b");
  EXPECT_EQ(rows[0].language, "de");
  EXPECT_EQ(rows[0].tokens, 0U);  // three bytes
  EXPECT_EQ(rows[1].url, "u");
  EXPECT_EQ(rows[1].tokens, 12U);
  EXPECT_EQ(rows[1].date, ParseRfc3339("2024-02-03T00:00:00Z"));
  EXPECT_EQ(rows[2].tokens, 7U);
  EXPECT_EQ(rows[2].date, 1700000000);
}

TEST(RowParser, TokensAreAQuarterOfTheTextWithoutANumber) {
  const Parsed rows({"{\"text\":\"12345678\",\"url\":\"a\"}\n"}, RowFormat::kJsonl,
                    {.url = "url", .date = "", .tokens = "n", .text = "text", .language = ""});
  EXPECT_EQ(rows[0].tokens, 2U);
}

TEST(RowParser, CsvByItsColumns) {
  const Parsed rows({"1,\"http://a/\"\"b\",9\n", "2\n", "3,,1\n"}, RowFormat::kCsv,
                    {.url = "url", .date = "", .tokens = "n", .text = "", .language = ""},
                    "\xef\xbb\xbfid,\"url\",n\r\n");
  EXPECT_EQ(rows[0].url, "http://a/\"b");
  EXPECT_EQ(rows[0].tokens, 9U);
  EXPECT_EQ(rows[1].fault, RowFault::kBadRow);
  EXPECT_EQ(rows[2].fault, RowFault::kNoUrl);
  EXPECT_FALSE(Columns::Find("id,link\n", RowFormat::kCsv, {}));
}

TEST(RowParser, DatesAsDataSetsWriteThem) {
  const auto day = ParseRfc3339("2019-04-25T12:57:54Z");
  for (const char* text :
       {"2019-04-25T12:57:54Z", "2019-04-25 12:57:54", "2019-04-25 12:57:54Z", "20190425125754",
        "Thu, 25 Apr 2019 12:57:54 GMT", "1556197074", "1556197074000", "1556197074.25",
        "2019-04-25T14:57:54+02:00", "2019-04-25T12:57:54", " 2019-04-25T12:57:54.123Z "}) {
    EXPECT_EQ(ParseRowDate(text), day) << text;
  }
  EXPECT_EQ(ParseRowDate("20190425"), ParseRfc3339("2019-04-25"));
  EXPECT_EQ(ParseRowDate("2019"), ParseRfc3339("2019"));
  for (const char* text : {"", "yesterday", "-5", "99999999999999999999", "2019-13-01"}) {
    EXPECT_FALSE(ParseRowDate(text)) << text;
  }
}

TEST(Fields, PointersAreThoseOfRfc6901) {
  EXPECT_EQ(*FieldPath("a/b"), std::vector<std::string>({"a/b"}));
  EXPECT_EQ(*FieldPath("/a~1b/c~0d/"), std::vector<std::string>({"a/b", "c~d", ""}));
  EXPECT_FALSE(FieldPath("/a~2"));
  EXPECT_FALSE(FieldPath("/a~"));
}

TEST(Fields, LimitsOf_kPointerLevelsMax_And_kFieldNameBytesMax) {
  std::string pointer;
  for (std::size_t i = 0; i < limits::kPointerLevelsMax; ++i) pointer += "/a";
  EXPECT_TRUE(FieldPath(pointer));
  EXPECT_FALSE(FieldPath(pointer + "/a"));
  EXPECT_TRUE(FieldPath(std::string(limits::kFieldNameBytesMax, 'a')));
  EXPECT_FALSE(FieldPath(std::string(limits::kFieldNameBytesMax + 1, 'a')));
}

TEST(RowParser, AHeaderEndsAt_kCsvColumnsMax) {
  std::string header;
  for (std::size_t i = 1; i < limits::kCsvColumnsMax; ++i) header += "a,";
  EXPECT_TRUE(Columns::Find(header + "url\n", RowFormat::kCsv, {}));
  EXPECT_FALSE(Columns::Find("a," + header + "url\n", RowFormat::kCsv, {}));
}

}  // namespace
}  // namespace crawlcard::dataset
