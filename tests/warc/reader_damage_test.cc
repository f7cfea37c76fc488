// Damage: nothing crashes, nothing good is lost, and the place is named.
#include <random>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/codec.h"
#include "tests/warc/reader_testing.h"

namespace crawlcard::warc {
namespace {

using testing::HasSubstr;
using testing::IsEmpty;

// Records of `all` that `outcome` has, in order.
void ExpectIsPrefix(const ReadOutcome& outcome, const std::vector<OwnedRecord>& all,
                    std::size_t count, std::size_t cut) {
  ASSERT_EQ(outcome.records.size(), count) << "cut at " << cut;
  for (std::size_t i = 0; i < count; ++i) {
    EXPECT_TRUE(outcome.records[i].SameContent(all[i])) << "cut at " << cut << ", record " << i;
  }
}

TEST(ReaderDamage, MembersCutAtEveryByte) {
  const std::vector<std::string> records = SampleRecords(4);
  std::vector<std::string> frames;
  for (const std::string& record : records) frames.push_back(ZstdFrame(record, 3));
  const std::vector<OwnedRecord> all = ReadAll(Join(records)).records;
  for (const std::vector<std::string>& members : {Members(records), frames}) {
    const std::string file = Join(members);
    std::size_t whole = 0;
    std::size_t start = 0;
    for (std::size_t cut = 0; cut < file.size(); ++cut) {
      if (cut - start == members[whole].size()) start += members[whole++].size();
      const ReadOutcome outcome = ReadAll(std::string_view(file).substr(0, cut));
      ExpectIsPrefix(outcome, all, whole, cut);
      if (cut == start) {
        EXPECT_THAT(outcome.errors, IsEmpty());
        continue;
      }
      ASSERT_EQ(outcome.errors.size(), 1U) << "cut at " << cut;
      EXPECT_EQ(outcome.errors[0].code(), ErrorCode::kTruncated) << outcome.errors[0].ToString();
      EXPECT_EQ(outcome.errors[0].offset(), start);
    }
  }
}

TEST(ReaderDamage, PlainFileCutAtEveryByte) {
  const std::vector<std::string> records = SampleRecords(3);
  const std::string file = Join(records);
  const std::vector<OwnedRecord> all = ReadAll(file).records;
  std::size_t start = 0;
  std::size_t whole = 0;
  for (std::size_t cut = 0; cut < file.size(); ++cut) {
    if (cut - start == records[whole].size()) start += records[whole++].size();
    const ReadOutcome outcome = ReadAll(std::string_view(file).substr(0, cut));
    // The four closing bytes are not needed.
    const bool has_last = cut - start + 4 >= records[whole].size();
    ExpectIsPrefix(outcome, all, whole + (has_last ? 1 : 0), cut);
    const bool is_clean = cut == start || has_last;
    ASSERT_EQ(outcome.errors.size(), is_clean ? 0U : 1U) << "cut at " << cut;
    if (is_clean) continue;
    EXPECT_EQ(outcome.errors[0].code(), ErrorCode::kTruncated);
    EXPECT_EQ(outcome.errors[0].offset(), start);
  }
}

TEST(ReaderDamage, WholeFileMemberKeepsTheRecordsBeforeTheCut) {
  const std::vector<std::string> records = SampleRecords(200);
  const std::string file = GzipMember(Join(records), 6);
  const std::vector<OwnedRecord> all = ReadAll(file).records;
  ASSERT_EQ(all.size(), records.size());
  std::size_t last = 0;
  for (std::size_t cut = 20; cut < file.size(); cut += 97) {
    const ReadOutcome outcome = ReadAll(std::string_view(file).substr(0, cut));
    ASSERT_EQ(outcome.errors.size(), 1U);
    EXPECT_EQ(outcome.errors[0].code(), ErrorCode::kTruncated);
    EXPECT_GE(outcome.records.size(), last);
    last = outcome.records.size();
    ExpectIsPrefix(outcome, all, last, cut);
  }
  EXPECT_GT(last, 180U);
}

TEST(ReaderDamage, BitFlipsLoseOneMemberAtMost) {
  const std::vector<std::string> records = SampleRecords(12);
  const std::vector<OwnedRecord> all = ReadAll(Join(records)).records;
  std::vector<std::string> frames;
  for (const std::string& record : records) frames.push_back(ZstdFrame(record, 3));
  std::mt19937 random(20240518);
  for (const std::vector<std::string>& members : {Members(records), frames}) {
    const std::string file = Join(members);
    for (int round = 0; round < 4000; ++round) {
      std::string damaged = file;
      const std::size_t at = random() % file.size();
      damaged[at] = static_cast<char>(damaged[at] ^ (1 << random() % 8));
      std::size_t hit = 0;
      for (std::size_t end = members[0].size(); end <= at; end += members[hit].size()) ++hit;
      DripSource source(damaged);
      const ReadOutcome outcome = ReadAll(source);
      std::size_t next = 0;
      for (std::size_t i = 0; i < all.size(); ++i) {
        if (next < outcome.records.size() && outcome.records[next].SameContent(all[i])) {
          ++next;
        } else {
          EXPECT_EQ(i, hit) << "round " << round << ": byte " << at << " lost record " << i;
        }
      }
      EXPECT_EQ(next, outcome.records.size()) << "round " << round << ": byte " << at;
    }
  }
}

TEST(ReaderDamage, PlainBitFlipsKeepAllButTheirNeighbours) {
  const std::vector<std::string> records = SampleRecords(12);
  const std::string file = Join(records);
  const std::vector<OwnedRecord> all = ReadAll(file).records;
  std::mt19937 random(7);
  for (int round = 0; round < 4000; ++round) {
    std::string damaged = file;
    const std::size_t at = random() % file.size();
    damaged[at] = static_cast<char>(damaged[at] ^ (1 << random() % 8));
    std::size_t hit = 0;
    for (std::size_t end = records[0].size(); end <= at; end += records[hit].size()) ++hit;
    const ReadOutcome outcome = ReadAll(damaged);
    std::size_t found = 0;
    for (const OwnedRecord& record : all) {
      for (const OwnedRecord& seen : outcome.records) {
        if (seen.SameContent(record)) {
          ++found;
          break;
        }
      }
    }
    // The record itself, and where its line ends or its length were hit its neighbour.
    EXPECT_GE(found + 2, all.size()) << "round " << round << ": byte " << at;
  }
}

TEST(ReaderDamage, RandomBytesNeverCrash) {
  std::mt19937 random(99);
  const std::string seed =
      Join(Members(SampleRecords(3))) + Join(SampleRecords(2)) + ZstdFrame(SampleRecords(1)[0], 3);
  for (int round = 0; round < 3000; ++round) {
    std::string bytes = seed;
    for (int k = 0; k < 30; ++k) bytes[random() % bytes.size()] = static_cast<char>(random());
    bytes.resize(random() % bytes.size());
    DripSource source(bytes);
    ReadAll(source);
  }
}

TEST(ReaderDamage, LitterBetweenMembers) {
  const std::vector<std::string> members = Members(SampleRecords(3));
  for (const std::string& litter :
       {std::string("GARBAGE"), std::string("\nGARBAGE\n"), std::string("\x1f\x8b\x08\x00junk", 8),
        std::string("\x28\xb5\x2f\xfdjunk", 8), std::string(100000, '\x1f')}) {
    const std::string file = members[0] + litter + members[1] + members[2];
    const ReadOutcome outcome = ReadAll(file);
    ASSERT_EQ(outcome.records.size(), 3U) << litter.substr(0, 20);
    ASSERT_EQ(outcome.errors.size(), 1U);
    EXPECT_EQ(outcome.errors[0].code(), ErrorCode::kCorrupt) << outcome.errors[0].ToString();
    EXPECT_EQ(outcome.records[1].extent.offset, members[0].size() + litter.size());
  }
}

TEST(ReaderDamage, OverwrittenHeadOfTheFile) {
  const std::vector<std::string> records = SampleRecords(3);
  const ReadOutcome packed = ReadAll("xxxxxxxxxxxxxxxxxxxxx" + Join(Members(records)));
  EXPECT_EQ(packed.records.size(), 3U);
  EXPECT_EQ(packed.errors.size(), 1U);
  const ReadOutcome plain = ReadAll("xxxxxxxxxxxxxxxxxxxxx\n" + Join(records));
  EXPECT_EQ(plain.records.size(), 3U);
  EXPECT_EQ(plain.errors.size(), 1U);
}

TEST(ReaderDamage, MemberWithoutARecordAmongOthers) {
  const std::vector<std::string> members = Members(SampleRecords(2));
  const std::string other = GzipMember("not a record at all\n", 6);
  const ReadOutcome outcome = ReadAll(members[0] + other + members[1]);
  ASSERT_EQ(outcome.records.size(), 2U);
  ASSERT_EQ(outcome.errors.size(), 1U);
  EXPECT_EQ(outcome.errors[0].code(), ErrorCode::kCorrupt);
  EXPECT_EQ(outcome.errors[0].offset(), members[0].size());
}

TEST(ReaderDamage, DamagedLargeMemberIsFollowedByTheNext) {
  const std::vector<std::string> small = Members(SampleRecords(2));
  std::string noise;
  std::mt19937 random(5);
  for (int i = 0; i < (10 << 20); ++i) noise += static_cast<char>(random());
  std::string large = GzipMember(WarcRecord("resource", "urn:a", noise), 1);
  large[large.size() / 2] ^= 0x10;
  const ReadOutcome outcome = ReadAll(small[0] + large + small[1]);
  ASSERT_EQ(outcome.records.size(), 2U);
  ASSERT_EQ(outcome.errors.size(), 1U);
  EXPECT_EQ(outcome.errors[0].offset(), small[0].size());
  EXPECT_EQ(outcome.records[1].extent.offset, small[0].size() + large.size());
}

TEST(ReaderDamage, HeaderThatRunsIntoTheNextRecord) {
  const std::vector<std::string> records = SampleRecords(2);
  const ReadOutcome outcome =
      ReadAll("WARC/1.0\r\nWARC-Type: response\r\n" + records[0] + records[1]);
  EXPECT_EQ(outcome.records.size(), 2U);
  ASSERT_EQ(outcome.errors.size(), 1U);
  EXPECT_THAT(outcome.errors[0].message(), HasSubstr("runs into"));
}

TEST(ReaderDamage, NextWithoutResyncGoesOn) {
  const std::vector<std::string> members = Members(SampleRecords(2));
  const std::string file = members[0] + "litter" + members[1];
  MemorySource source(file);
  Reader reader(source, {});
  EXPECT_TRUE(reader.Next());
  EXPECT_FALSE(reader.Next());
  Result<const RecordView*> next = reader.Next();
  ASSERT_TRUE(next);
  EXPECT_NE(*next, nullptr);
}

// A source that fails with kIo at its n-th call.
class FailingSource final : public ByteSource {
 public:
  FailingSource(std::string_view bytes, int calls) : inner_(bytes), calls_(calls) {}
  Result<std::string_view> Peek(std::size_t want) override {
    if (calls_-- == 0) return Fail(ErrorCode::kIo, "no more");
    return inner_.Peek(want);
  }
  void Consume(std::size_t bytes) override { inner_.Consume(bytes); }
  std::uint64_t position() const override { return inner_.position(); }
  bool has_failed() const { return calls_ < 0; }

 private:
  DripSource inner_;
  int calls_;
};

TEST(ReaderDamage, EveryReadMayFail) {
  const std::vector<std::string> records = SampleRecords(2);
  const std::string file =
      Join(Members(records)) + "litter" + Join(Members(records)) + ZstdFrame(records[0], 3);
  for (int calls = 0;; ++calls) {
    FailingSource source(file, calls);
    Reader reader(source, {});
    bool saw_io = false;
    for (int step = 0; step < 20; ++step) {
      Result<const RecordView*> next = reader.Next();
      if (next && *next == nullptr) break;
      if (next) continue;
      saw_io = next.error().code() == ErrorCode::kIo;
      if (saw_io) break;
    }
    EXPECT_EQ(saw_io, source.has_failed()) << calls;
    if (!source.has_failed()) break;
  }
}

}  // namespace
}  // namespace crawlcard::warc
