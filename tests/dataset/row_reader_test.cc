#include "dataset/row_reader.h"

#include <random>
#include <string>

#include <gtest/gtest.h>

#include "base/codec.h"
#include "dataset/limits.h"

namespace crawlcard::dataset {
namespace {

// Gives its bytes in windows of random sizes, as a pipe does.
class Dribble final : public ByteSource {
 public:
  Dribble(std::string_view bytes, unsigned seed) : bytes_(bytes), random_(seed) {}

  Result<std::string_view> Peek(std::size_t want) override {
    const std::size_t shown = std::max<std::size_t>(want, 1 + random_() % 5000);
    return bytes_.substr(position_, shown);
  }
  void Consume(std::size_t bytes) override { position_ += bytes; }
  std::uint64_t position() const override { return position_; }

 private:
  std::string_view bytes_;
  std::mt19937 random_;
  std::size_t position_ = 0;
};

struct ReadBack {
  std::vector<std::string> rows;
  std::vector<std::size_t> blocks;  // bytes of each
  std::vector<std::uint64_t> numbers;
  std::size_t pieces = 0;
  bool is_cut = false;
  std::string header;
  std::optional<Error> damage;
};

ReadBack ReadAll(ByteSource& source, RowFormat format) {
  UnpackedSource unpacked(source);
  BufferPool pool(RowBlock::kPooledBytes);
  RowReader reader(unpacked, format, pool);
  ReadBack back;
  EXPECT_TRUE(reader.Start());
  back.header = reader.header();
  for (;;) {
    auto block = reader.Next();
    EXPECT_TRUE(block);
    if (!block || !*block) break;
    back.blocks.push_back((*block)->ends.back());
    back.is_cut = (*block)->is_cut;
    for (std::size_t i = 0; i < (*block)->rows(); ++i) {
      const std::string_view row = (*block)->Row(i);
      EXPECT_GE((*block)->ReadableFrom(row), row.size() + RowBlock::kPaddingBytes);
      if ((*block)->is_piece) ++back.pieces;
      if ((*block)->is_piece && !(*block)->starts_row) {
        back.rows.back() += row;
        EXPECT_EQ((*block)->first_row, back.numbers.back());
        continue;
      }
      back.rows.emplace_back(row);
      back.numbers.push_back((*block)->first_row + i);
    }
    if ((*block)->capacity == limits::kBlockBytes) pool.Give(std::move((*block)->buffer));
  }
  back.damage = reader.damage();
  for (std::size_t i = 0; i < back.numbers.size(); ++i) EXPECT_EQ(back.numbers[i], i + 1);
  return back;
}

ReadBack ReadText(std::string_view bytes, RowFormat format = RowFormat::kText) {
  MemorySource source(bytes);
  return ReadAll(source, format);
}

std::string Joined(const std::vector<std::string>& rows) {
  std::string all;
  for (const std::string& row : rows) all += row;
  return all;
}

TEST(RowReader, RowsAreTheInputByteForByte) {
  EXPECT_TRUE(ReadText("").rows.empty());
  EXPECT_EQ(ReadText("a").rows, std::vector<std::string>({"a"}));
  EXPECT_EQ(ReadText("a\n").rows, std::vector<std::string>({"a\n"}));
  EXPECT_EQ(ReadText("\n\na\r\n\nb").rows,
            std::vector<std::string>({"\n", "\n", "a\r\n", "\n", "b"}));
}

TEST(RowReader, BlocksDependOnTheRowsAlone) {
  std::mt19937 random(7);
  std::string text;
  while (text.size() < 3 * limits::kBlockBytes) {
    text += std::string(random() % 9 == 0 ? random() % 100'000 : random() % 40, 'x') + '\n';
  }
  const ReadBack whole = ReadText(text);
  EXPECT_EQ(Joined(whole.rows), text);
  EXPECT_GT(whole.blocks.size(), 3U);
  const std::string packed = ZstdFrame(text.substr(0, 5'000'000), 1) +
                             GzipMember("", 1).substr(0, 0) + ZstdFrame(text.substr(5'000'000), 1);
  for (unsigned seed = 1; seed < 4; ++seed) {
    Dribble plain(text, seed);
    EXPECT_EQ(ReadAll(plain, RowFormat::kText).blocks, whole.blocks) << seed;
    Dribble zstd(packed, seed);
    EXPECT_EQ(ReadAll(zstd, RowFormat::kText).blocks, whole.blocks) << seed;
  }
}

TEST(RowReader, ABlockHoldsAtMost_kBlockRowsMax) {
  for (const std::size_t rows :
       {limits::kBlockRowsMax - 1, limits::kBlockRowsMax, limits::kBlockRowsMax + 1}) {
    std::string text;
    for (std::size_t i = 0; i < rows; ++i) text += "x\n";
    const ReadBack back = ReadText(text);
    EXPECT_EQ(back.rows.size(), rows);
    EXPECT_EQ(back.blocks.size(), rows > limits::kBlockRowsMax ? 2U : 1U);
  }
}

TEST(RowReader, ARowOver_kRowBytesMax_ComesInPieces) {
  for (const std::size_t bytes :
       {limits::kRowBytesMax - 1, limits::kRowBytesMax, limits::kRowBytesMax + 1}) {
    const std::string text = "a\n" + std::string(bytes - 1, 'x') + "\nb\n";
    const ReadBack back = ReadText(text);
    ASSERT_EQ(back.rows.size(), 3U);
    EXPECT_EQ(Joined(back.rows), text);
    EXPECT_EQ(back.pieces != 0, bytes > limits::kRowBytesMax) << bytes;
  }
  // Without a line end, and longer than any buffer.
  const std::string text(3 * limits::kRowBytesMax, 'x');
  const ReadBack back = ReadText(text);
  EXPECT_EQ(back.rows.size(), 1U);
  EXPECT_EQ(Joined(back.rows), text);
  EXPECT_GT(back.pieces, 1U);
}

TEST(RowReader, BlocksAreOf_kBlockBytes) {
  const std::string row = std::string(1023, 'x') + '\n';
  std::string text;
  while (text.size() < 2 * limits::kBlockBytes) text += row;
  const ReadBack back = ReadText(text);
  EXPECT_EQ(back.blocks, std::vector<std::size_t>({limits::kBlockBytes, limits::kBlockBytes}));
}

TEST(RowReader, ALineOfColumnsStandsApart) {
  const ReadBack back = ReadText("url,\"a\nb\"\r\nx,y\n", RowFormat::kCsv);
  EXPECT_EQ(back.header, "url,\"a\nb\"\r\n");
  EXPECT_EQ(back.rows, std::vector<std::string>({"x,y\n"}));
  EXPECT_EQ(ReadText("url", RowFormat::kCsv).header, "url");
  MemorySource empty("");
  UnpackedSource unpacked(empty);
  BufferPool pool(RowBlock::kPooledBytes);
  RowReader reader(unpacked, RowFormat::kCsv, pool);
  const Status started = reader.Start();
  ASSERT_FALSE(started);
  EXPECT_EQ(started.error().code(), ErrorCode::kTruncated);
}

TEST(RowReader, EveryCutIsDamageWithTheRowsBeforeIt) {
  std::string text;
  for (int i = 0; i < 300; ++i) text += "row " + std::to_string(i * i) + "\n";
  for (const bool is_gzip : {true, false}) {
    const auto pack = [&](std::string_view bytes) {
      return is_gzip ? GzipMember(bytes, 6) : ZstdFrame(bytes, 3);
    };
    const std::string first = pack(text.substr(0, 1000));
    const std::string packed = first + pack(text.substr(1000));
    for (std::size_t cut = 1; cut < packed.size(); ++cut) {
      MemorySource source(std::string_view(packed).substr(0, cut));
      const ReadBack back = ReadAll(source, RowFormat::kText);
      const std::string read = Joined(back.rows);
      // Two bytes of a gzip head, or three of zstd's, are no packed file yet.
      const bool is_packed = cut >= (is_gzip ? 2U : 4U);
      if (!is_packed) continue;
      EXPECT_TRUE(text.starts_with(read)) << cut;
      EXPECT_EQ(back.damage.has_value(), cut != first.size()) << cut;
      EXPECT_EQ(back.is_cut, back.damage && !read.empty() && read.back() != '\n') << cut;
    }
  }
}

TEST(RowReader, WhatFollowsTheLastMemberIsDamageUnlessZero) {
  const std::string packed = GzipMember("a\nb\n", 6);
  MemorySource zeros(packed);
  EXPECT_FALSE(ReadAll(zeros, RowFormat::kText).damage);
  const std::string padded = packed + std::string(1000, '\0');
  MemorySource padding(padded);
  EXPECT_FALSE(ReadAll(padding, RowFormat::kText).damage);
  const std::string dirty = padded + "x";
  MemorySource bad(dirty);
  const ReadBack back = ReadAll(bad, RowFormat::kText);
  EXPECT_EQ(back.rows.size(), 2U);
  ASSERT_TRUE(back.damage);
  EXPECT_EQ(back.damage->code(), ErrorCode::kCorrupt);
}

// RFC 4180: rows end outside quotes; two quotes are one.
TEST(RowCutter, Rfc4180RowsEndOutsideQuotes) {
  const std::string text = "a,\"b\nc\"\nd,\"e\"\"\n\"\"f\"\r\ng\"h\ni,\"\"\nj";
  const std::vector<std::uint32_t> wanted = {8, 21, 25, 30};
  std::vector<std::uint32_t> ends;
  RowCutter whole(RowFormat::kCsv);
  EXPECT_EQ(whole.Cut(text, 0, 100, ends), text.size());
  EXPECT_EQ(ends, wanted);
  // Cut into pieces at every place, it is the same.
  for (std::size_t cut = 0; cut <= text.size(); ++cut) {
    RowCutter cutter(RowFormat::kCsv);
    ends.clear();
    const std::size_t at = cutter.Cut(std::string_view(text).substr(0, cut), 0, 100, ends);
    cutter.Cut(text, at, 100, ends);
    EXPECT_EQ(ends, wanted) << cut;
  }
}

TEST(RowCutter, CellsOfARow) {
  const auto cells = [](std::string_view row, std::size_t most = 100) {
    std::vector<std::string_view> views;
    std::string storage;
    storage.reserve(row.size());
    SplitCsvRow(row, ',', most, views, storage);
    return std::vector<std::string>(views.begin(), views.end());
  };
  using Cells = std::vector<std::string>;
  EXPECT_EQ(cells("a,b\r\n"), Cells({"a", "b"}));
  EXPECT_EQ(cells(""), Cells({""}));
  EXPECT_EQ(cells(",\n"), Cells({"", ""}));
  EXPECT_EQ(cells("\"a\"\"b\",c\n"), Cells({"a\"b", "c"}));
  EXPECT_EQ(cells("\"a\nb,\",\"\"\n"), Cells({"a\nb,", ""}));
  EXPECT_EQ(cells("\"open,a\n"), Cells({"open,a"}));
  EXPECT_EQ(cells("\"a\"b,c"), Cells({"ab", "c"}));
  EXPECT_EQ(cells("a\"b\",c"), Cells({"a\"b\"", "c"}));
  EXPECT_EQ(cells("a,b,c", 2), Cells({"a", "b"}));
}

}  // namespace
}  // namespace crawlcard::dataset
