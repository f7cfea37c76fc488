// Memory: bounded for any input, and none taken per record once the buffers have grown.
#include <algorithm>

#include <gtest/gtest.h>
#include <sys/resource.h>
#include <zlib.h>

#include "base/codec.h"
#include "tests/allocations.h"
#include "tests/warc/reader_testing.h"

namespace crawlcard::warc {
namespace {

std::uint64_t PeakBytes() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  return static_cast<std::uint64_t>(usage.ru_maxrss) * 1024;
}

// `head`, then `middle` over and over up to `middle_bytes`, then `tail`: a large input in little
// memory. Keeps a window as a file source does.
class MadeSource final : public ByteSource {
 public:
  MadeSource(std::string head, std::string middle, std::uint64_t middle_bytes, std::string tail)
      : head_(std::move(head)),
        middle_(std::move(middle)),
        middle_bytes_(middle_bytes),
        tail_(std::move(tail)) {}

  Result<std::string_view> Peek(std::size_t want) override {
    largest_window_ = std::max(largest_window_, want);
    if (window_.size() - begin_ < want) {
      window_.erase(0, begin_);
      begin_ = 0;
      while (window_.size() < want + (std::size_t{1} << 20) && Append()) {
      }
    }
    return std::string_view(window_).substr(begin_);
  }
  void Consume(std::size_t bytes) override {
    begin_ += bytes;
    position_ += bytes;
  }
  std::uint64_t position() const override { return position_; }
  std::size_t largest_window() const { return largest_window_; }

 private:
  bool Append() {
    if (made_ == 0) {
      window_ += head_;
      made_ = head_.size();
      return true;
    }
    if (made_ < head_.size() + middle_bytes_) {
      window_ += middle_;
      made_ += middle_.size();
      return true;
    }
    if (has_ended_) return false;
    window_ += tail_;
    has_ended_ = true;
    return true;
  }

  std::string head_, middle_;
  std::uint64_t middle_bytes_;
  std::string tail_;
  std::string window_;
  std::size_t begin_ = 0;
  std::uint64_t position_ = 0;
  std::uint64_t made_ = 0;
  bool has_ended_ = false;
  std::size_t largest_window_ = 0;
};

constexpr std::uint64_t kGiga = std::uint64_t{1} << 30;

// One reader and its buffers; two of them stay far under 256 MiB.
constexpr std::uint64_t kReaderBytesMax = std::uint64_t{100} << 20;

TEST(ReaderMemory, HeaderOfOneGigabyte) {
  const std::uint64_t before = PeakBytes();
  MadeSource source("WARC/1.0\r\nWARC-Type: resource\r\nX-Long: ", std::string(1 << 16, 'x'), kGiga,
                    "\r\n\r\n" + WarcRecord("resource", "urn:a", "after"));
  const ReadOutcome outcome = ReadAll(source);
  ASSERT_EQ(outcome.records.size(), 1U);
  EXPECT_EQ(outcome.records[0].block, "after");
  ASSERT_EQ(outcome.errors.size(), 1U);
  EXPECT_EQ(outcome.errors[0].code(), ErrorCode::kTooLarge);
  EXPECT_EQ(outcome.errors[0].offset(), 0U);
  EXPECT_LT(PeakBytes() - before, kReaderBytesMax);
}

TEST(ReaderMemory, HeaderLinesOfOneGigabyte) {
  MadeSource source("WARC/1.0\r\nWARC-Type: resource\r\n", "X: y\r\n", kGiga / 4,
                    "\r\n" + WarcRecord("resource", "urn:a", "after"));
  const ReadOutcome outcome = ReadAll(source);
  ASSERT_EQ(outcome.records.size(), 1U);
  EXPECT_EQ(outcome.errors.size(), 1U);
}

TEST(ReaderMemory, BlockOfOneGigabyte) {
  const std::uint64_t before = PeakBytes();
  MadeSource source("WARC/1.0\r\nWARC-Type: resource\r\nContent-Length: 1073741824\r\n\r\n",
                    std::string(1 << 16, 'b'), kGiga,
                    "\r\n\r\n" + WarcRecord("resource", "urn:a", "after"));
  Reader reader(source, {});
  Result<const RecordView*> next = reader.Next();
  ASSERT_TRUE(next && *next != nullptr);
  EXPECT_EQ((*next)->block.size(), limits::kBlockBytesMax);
  EXPECT_EQ((*next)->block_bytes, kGiga);
  next = reader.Next();
  ASSERT_TRUE(next && *next != nullptr);
  EXPECT_EQ((*next)->block, "after");
  EXPECT_LT(PeakBytes() - before, kReaderBytesMax);
}

TEST(ReaderMemory, ClaimedLengthAloneTakesNothing) {
  const std::uint64_t before = PeakBytes();
  const ReadOutcome outcome =
      ReadAll("WARC/1.0\r\nWARC-Type: resource\r\nContent-Length: 18446744073709551615\r\n\r\nb");
  EXPECT_TRUE(outcome.records.empty());
  ASSERT_EQ(outcome.errors.size(), 1U);
  EXPECT_EQ(outcome.errors[0].code(), ErrorCode::kTruncated);
  EXPECT_LT(PeakBytes() - before, std::uint64_t{8} << 20);
}

// One gzip member of `head` and `count` times `piece`, without holding its content.
std::string PackedRepeats(std::string_view head, const std::string& piece, std::uint64_t count) {
  z_stream stream{};
  EXPECT_EQ(deflateInit2(&stream, 1, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY), Z_OK);
  std::string packed;
  std::string room(1 << 16, '\0');
  const auto add = [&](std::string_view text, int flush) {
    stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(text.data()));
    stream.avail_in = static_cast<uInt>(text.size());
    do {
      stream.next_out = reinterpret_cast<Bytef*>(room.data());
      stream.avail_out = static_cast<uInt>(room.size());
      deflate(&stream, flush);
      packed.append(room, 0, room.size() - stream.avail_out);
    } while (stream.avail_out == 0);
  };
  add(head, Z_NO_FLUSH);
  for (std::uint64_t i = 0; i < count; ++i) add(piece, Z_NO_FLUSH);
  add("\r\n\r\n", Z_FINISH);
  deflateEnd(&stream);
  return packed;
}

TEST(ReaderMemory, BombMember) {
  const std::string piece(1 << 20, 'z');
  const std::string bomb = PackedRepeats(
      "WARC/1.0\r\nWARC-Type: resource\r\nContent-Length: 1073741824\r\n\r\n", piece, 1024);
  const std::string file = bomb + GzipMember(WarcRecord("resource", "urn:a", "after"), 6);
  const std::uint64_t before = PeakBytes();
  MemorySource source(file);
  Reader reader(source, {});
  Result<const RecordView*> next = reader.Next();
  ASSERT_TRUE(next && *next != nullptr);
  EXPECT_EQ((*next)->block.size(), limits::kBlockBytesMax);
  EXPECT_EQ((*next)->block_bytes, kGiga);
  EXPECT_EQ((*next)->extent, (Extent{0, bomb.size(), 0}));
  next = reader.Next();
  ASSERT_TRUE(next && *next != nullptr);
  EXPECT_EQ((*next)->block, "after");
  EXPECT_LT(PeakBytes() - before, kReaderBytesMax);
}

TEST(ReaderMemory, WholeFileMemberOfManyRecords) {
  const std::string record = WarcRecord("resource", "urn:a", std::string(20000, 'r'));
  const std::string file = PackedRepeats("", record, 10000);
  const std::uint64_t before = PeakBytes();
  MemorySource source(file);
  Reader reader(source, {});
  std::size_t records = 0;
  for (;; ++records) {
    Result<const RecordView*> next = reader.Next();
    ASSERT_TRUE(next);
    if (*next == nullptr) break;
    ASSERT_EQ((*next)->extent.inner_offset, records * record.size());
  }
  EXPECT_EQ(records, 10000U);
  EXPECT_LT(PeakBytes() - before, std::uint64_t{32} << 20);
}

TEST(ReaderMemory, MagicNumbersOfManyMegabytes) {
  MadeSource source("litter", std::string("\x1f\x8b\x08\x08 name without end", 22),
                    std::uint64_t{24} << 20,
                    GzipMember(WarcRecord("resource", "urn:a", "after"), 6));
  const ReadOutcome outcome = ReadAll(source);
  ASSERT_EQ(outcome.records.size(), 1U);
  EXPECT_LE(source.largest_window(), std::size_t{9} << 20);
}

TEST(ReaderMemory, ManyCutHeadersTakeLinearTime) {
  MadeSource source("\n", "WARC/1.0\nA: b\n", std::uint64_t{4} << 20, "");
  const ReadOutcome outcome = ReadAll(source);
  EXPECT_TRUE(outcome.records.empty());
  EXPECT_GT(outcome.errors.size(), 100000U);
}

TEST(ReaderMemory, NoAllocationPerRecord) {
  if (!kCountsAllocations) GTEST_SKIP() << "a sanitizer has its own allocation functions";
  const std::vector<std::string> records = SampleRecords(400);
  const std::string plain = Join(records);
  std::string frames;
  for (const std::string& record : records) frames += ZstdFrame(record, 3);
  for (const std::string& file : {Join(Members(records)), plain, GzipMember(plain, 6), frames}) {
    MemorySource source(file);
    Reader reader(source, {});
    for (int i = 0; i < 20; ++i) ASSERT_TRUE(reader.Next());
    const std::uint64_t before = allocations.load();
    for (int i = 20; i < 400; ++i) {
      Result<const RecordView*> next = reader.Next();
      ASSERT_TRUE(next && *next != nullptr);
    }
    EXPECT_EQ(allocations.load(), before);
  }
}

}  // namespace
}  // namespace crawlcard::warc
