// Leniencies: what real archives get wrong, and the note that each leaves.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/codec.h"
#include "tests/warc/reader_testing.h"
#include "warc/limits.h"

namespace crawlcard::warc {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

const char kGood[] = "WARC/1.0\r\nWARC-Type: resource\r\nContent-Length: 4\r\n\r\ngood\r\n\r\n";

// Reads `text` as the first record of a plain file and as a member, each before a good record.
void ExpectBoth(const std::string& text, const std::string& block,
                const std::vector<std::string>& notes) {
  for (const bool packed : {false, true}) {
    const ReadOutcome outcome =
        packed ? ReadAll(GzipMember(text, 6) + GzipMember(kGood, 6)) : ReadAll(text + kGood);
    ASSERT_EQ(outcome.records.size(), 2U) << (packed ? "member: " : "plain: ") << text;
    EXPECT_THAT(outcome.errors, IsEmpty()) << text;
    EXPECT_EQ(outcome.records[0].block, block) << text;
    EXPECT_THAT(outcome.records[0].notes, testing::ElementsAreArray(notes)) << text;
    EXPECT_EQ(outcome.records[1].block, "good");
  }
}

TEST(ReaderNotes, LineEnds) {
  ExpectBoth("WARC/1.0\nWARC-Type: resource\nContent-Length: 1\n\nb\n\n", "b",
             {"warc.line_end_lf"});
  ExpectBoth("WARC/1.0\r\r\nWARC-Type: resource\r\r\nContent-Length: 1\r\r\n\r\r\nb\r\n\r\n", "b",
             {"warc.line_end_double_cr"});
}

TEST(ReaderNotes, HeaderLines) {
  ExpectBoth(
      "WARC/1.0\r\nWARC-Type: resource\r\nno colon here\r\nContent-Length: 1\r\n\r\nb\r\n\r\n", "b",
      {"warc.header_without_colon"});
  ExpectBoth("WARC/1.0\r\nwarc-type: resource\r\ncontent-length: 1\r\n\r\nb\r\n\r\n", "b",
             {"warc.field_name_lower_case"});
  ExpectBoth("WARC/1.0\r\nWARC-Type: resource\r\nContent-Length:\r\n\t1\r\n\r\nb\r\n\r\n", "b",
             {"warc.continuation_line"});
  ExpectBoth("WARC/1.0\r\nContent-Length: 1\r\n\r\nb\r\n\r\n", "b", {"warc.type_missing"});
  ExpectBoth(
      "WARC/1.0\r\nWARC-Type: resource\r\nWARC-Date: soon\r\nContent-Length: 1\r\n\r\nb\r\n\r\n",
      "b", {"warc.date_unparsable"});
}

TEST(ReaderNotes, ContinuationLinesAreJoinedByOneBlank) {
  const ReadOutcome outcome = ReadAll(
      "WARC/1.0\r\nWARC-Type: resource\r\nX-A: one\r\n  two \r\n\tthree\r\nX-B: 1\r\n 2\r\n"
      "Content-Length: 0\r\n\r\n\r\n\r\n");
  ASSERT_EQ(outcome.records.size(), 1U);
  EXPECT_EQ(outcome.records[0].Field("X-A"), "one two three");
  EXPECT_EQ(outcome.records[0].Field("X-B"), "1 2");
}

TEST(ReaderNotes, Versions) {
  ExpectBoth("WARC/0.18\r\nWARC-Type: resource\r\nContent-Length: 1\r\n\r\nb\r\n\r\n", "b",
             {"warc.version_unknown"});
  ExpectBoth("warc/1.1\r\nWARC-Type: resource\r\nContent-Length: 1\r\n\r\nb\r\n\r\n", "b",
             {"warc.version_lower_case"});
}

TEST(ReaderNotes, RecordEnds) {
  const std::string head = "WARC/1.0\r\nWARC-Type: resource\r\nContent-Length: 1\r\n\r\nb";
  ExpectBoth(head, "b", {"warc.record_end_missing"});
  ExpectBoth(head + "\r\n", "b", {"warc.record_end_missing"});
  ExpectBoth(head + "\r\n\r\n\r\n", "b", {"warc.record_end_extra"});
  ExpectBoth("\r\n" + head + "\r\n\r\n", "b", {"warc.blank_before_header"});
}

TEST(ReaderNotes, ContentLengthMissingOrInvalid) {
  ExpectBoth("WARC/1.0\r\nWARC-Type: resource\r\n\r\nblock\r\n\r\n", "block",
             {"warc.content_length_missing"});
  ExpectBoth("WARC/1.0\r\nWARC-Type: resource\r\nContent-Length: -1\r\n\r\nblock\r\n\r\n", "block",
             {"warc.content_length_invalid"});
}

TEST(ReaderNotes, ContentLengthTooLong) {
  ExpectBoth("WARC/1.0\r\nWARC-Type: resource\r\nContent-Length: 12\r\n\r\nblock\r\n\r\n", "block",
             {"warc.content_length_long"});
  ExpectBoth("WARC/1.0\r\nWARC-Type: resource\r\nContent-Length: 14\r\n\r\nblock\r\n\r\n", "block",
             {"warc.content_length_long"});
}

TEST(ReaderNotes, ContentLengthTooShort) {
  const std::string text =
      "WARC/1.0\r\nWARC-Type: resource\r\nContent-Length: 2\r\n\r\nblock\r\n\r\n";
  const ReadOutcome member = ReadAll(GzipMember(text, 6) + GzipMember(kGood, 6));
  ASSERT_EQ(member.records.size(), 2U);
  EXPECT_EQ(member.records[0].block, "block");
  EXPECT_EQ(member.records[0].block_bytes, 2U);
  EXPECT_THAT(member.records[0].notes, ElementsAre("warc.content_length_short"));
  EXPECT_THAT(member.errors, IsEmpty());
  // In a plain file nothing says whom the surplus belongs to: it is reported as lost.
  const ReadOutcome plain = ReadAll(text + kGood);
  ASSERT_EQ(plain.records.size(), 2U);
  EXPECT_EQ(plain.records[0].block, "bl");
  EXPECT_THAT(plain.records[0].notes, ElementsAre("warc.content_length_short"));
  ASSERT_EQ(plain.errors.size(), 1U);
  EXPECT_EQ(plain.errors[0].code(), ErrorCode::kCorrupt);
  EXPECT_EQ(plain.records[1].block, "good");
}

TEST(ReaderNotes, HeaderUnterminated) {
  const ReadOutcome outcome =
      ReadAll(GzipMember("WARC/1.0\r\nWARC-Type: metadata\r\nContent-Length: 0\r\n", 6) +
              GzipMember(kGood, 6));
  ASSERT_EQ(outcome.records.size(), 2U);
  EXPECT_EQ(outcome.records[0].type, RecordType::kMetadata);
  EXPECT_THAT(outcome.records[0].notes, Contains("warc.header_unterminated"));
}

TEST(ReaderNotes, RecordOverTwoMembers) {
  const std::string text = WarcRecord("resource", "urn:a", std::string(500, 'a'));
  for (const std::size_t cut : {text.size() - 100, std::size_t{30}}) {
    const std::string first = GzipMember(text.substr(0, cut), 6);
    const std::string second = GzipMember(text.substr(cut), 6);
    const ReadOutcome outcome = ReadAll(first + second + GzipMember(kGood, 6));
    ASSERT_EQ(outcome.records.size(), 2U) << cut;
    EXPECT_EQ(outcome.records[0].block, std::string(500, 'a'));
    EXPECT_THAT(outcome.records[0].notes, ElementsAre("warc.record_spans_members"));
    EXPECT_EQ(outcome.records[0].extent, (Extent{0, first.size() + second.size(), 0}));
    EXPECT_EQ(outcome.records[1].extent.offset, first.size() + second.size());
  }
}

TEST(ReaderNotes, ZeroPadding) {
  const std::string zeros(5000, '\0');
  const std::string member = GzipMember(kGood, 6);
  const ReadOutcome members = ReadAll(member + zeros + member + zeros);
  ASSERT_EQ(members.records.size(), 2U);
  EXPECT_THAT(members.errors, IsEmpty());
  EXPECT_THAT(members.records[1].notes, ElementsAre("warc.zero_padding"));
  const ReadOutcome plain = ReadAll(kGood + zeros + kGood + zeros);
  ASSERT_EQ(plain.records.size(), 2U);
  EXPECT_THAT(plain.errors, IsEmpty());
  EXPECT_THAT(plain.records[1].notes, ElementsAre("warc.zero_padding"));
}

TEST(ReaderNotes, ArcUrlWithBlank) {
  const ReadOutcome outcome =
      ReadAll("http://a.example/a b c 192.0.2.7 20080430204826 text/html 2\nhi\n");
  ASSERT_EQ(outcome.records.size(), 1U);
  EXPECT_EQ(outcome.records[0].Field("WARC-Target-URI"), "http://a.example/a b c");
  EXPECT_THAT(outcome.records[0].notes, ElementsAre("warc.arc_url_with_blank"));
}

TEST(ReaderNotes, ArcVersionTwoLine) {
  const ReadOutcome outcome =
      ReadAll("http://a.example/ 192.0.2.7 20080430204826 text/html 200 cksum - 0 f.arc 2\nhi\n");
  ASSERT_EQ(outcome.records.size(), 1U);
  EXPECT_EQ(outcome.records[0].block, "hi");
  EXPECT_EQ(outcome.records[0].Field("WARC-Date"), "2008-04-30T20:48:26Z");
}

TEST(ReaderNotes, BlockOverLimitIsCutAndReadingGoesOn) {
  ReaderOptions options;
  options.block_bytes_max = 100;
  for (const std::size_t bytes :
       {std::size_t{99}, std::size_t{100}, std::size_t{101}, std::size_t{300000}}) {
    const std::string text = WarcRecord("resource", "urn:a", std::string(bytes, 'a'));
    const std::string last = WarcRecord("resource", "urn:b", "b");
    const std::string forms[] = {text + last, GzipMember(text, 6) + GzipMember(last, 6),
                                 GzipMember(text + last, 6), ZstdFrame(text + last, 3)};
    for (const std::string& form : forms) {
      DripSource source(form);
      const ReadOutcome outcome = ReadAll(source, options);
      ASSERT_EQ(outcome.records.size(), 2U) << bytes;
      EXPECT_THAT(outcome.errors, IsEmpty());
      EXPECT_EQ(outcome.records[0].block, std::string(std::min<std::size_t>(bytes, 100), 'a'));
      EXPECT_EQ(outcome.records[0].block_bytes, bytes);
      const bool is_cut = bytes > 100;
      EXPECT_EQ(outcome.records[0].notes.size(), is_cut ? 1U : 0U);
      if (is_cut) {
        EXPECT_THAT(outcome.records[0].notes, ElementsAre("warc.block_over_limit"));
      }
      EXPECT_EQ(outcome.records[0].Field("WARC-Target-URI"), "urn:a");
      EXPECT_EQ(outcome.records[1].block, "b");
    }
    EXPECT_EQ(ReadAll(text + last, options).records[0].extent.length, text.size());
  }
}

std::string HeaderOf(std::size_t bytes) {
  const std::string head = "WARC/1.0\r\nWARC-Type: resource\r\nContent-Length: 1\r\nX-Long: ";
  return head + std::string(bytes - head.size() - 4, 'x') + "\r\n\r\n";
}

TEST(ReaderNotes, HeaderBytesAtTheLimit) {
  for (const bool packed : {false, true}) {
    for (const std::size_t bytes :
         {limits::kHeaderBytesMax - 1, limits::kHeaderBytesMax, limits::kHeaderBytesMax + 1}) {
      const std::string text = HeaderOf(bytes) + "b\r\n\r\n";
      const ReadOutcome outcome =
          packed ? ReadAll(GzipMember(text, 6) + GzipMember(kGood, 6)) : ReadAll(text + kGood);
      const bool fits = bytes <= limits::kHeaderBytesMax;
      ASSERT_EQ(outcome.records.size(), fits ? 2U : 1U);
      EXPECT_EQ(outcome.records.back().block, "good");
      ASSERT_EQ(outcome.errors.size(), fits ? 0U : 1U);
      if (fits) continue;
      EXPECT_EQ(outcome.errors[0].code(), ErrorCode::kTooLarge);
      EXPECT_THAT(outcome.errors[0].message(), HasSubstr("1048576"));
    }
  }
}

TEST(ReaderNotes, HeaderFieldsAtTheLimit) {
  for (const std::size_t count : {limits::kHeaderFieldsMax, limits::kHeaderFieldsMax + 1}) {
    std::string text = "WARC/1.0\r\nWARC-Type: resource\r\nContent-Length: 0\r\n";
    for (std::size_t i = 2; i < count; ++i) text += "X: y\r\n";
    const ReadOutcome outcome = ReadAll(text + "\r\n\r\n\r\n" + kGood);
    const bool fits = count <= limits::kHeaderFieldsMax;
    EXPECT_EQ(outcome.records.size(), fits ? 2U : 1U);
    ASSERT_EQ(outcome.errors.size(), fits ? 0U : 1U);
    if (!fits) {
      EXPECT_EQ(outcome.errors[0].code(), ErrorCode::kTooLarge);
    }
  }
}

TEST(ReaderNotes, ArcLineAtTheLimit) {
  const std::string tail = " 192.0.2.7 20080430204826 text/html 1\n";
  for (const std::size_t bytes : {limits::kArcLineBytesMax, limits::kArcLineBytesMax + 1}) {
    std::string text = "http://a.example/";
    text += std::string(bytes - text.size() - tail.size(), 'x') + tail + "b\n";
    const ReadOutcome outcome = ReadAll(GzipMember(kGood, 6) + GzipMember(text, 6));
    const bool fits = bytes <= limits::kArcLineBytesMax;
    EXPECT_EQ(outcome.records.size(), fits ? 2U : 1U);
    EXPECT_EQ(outcome.errors.size(), fits ? 0U : 1U);
  }
}

TEST(ReaderNotes, DictionaryBytesAtTheLimit) {
  for (const std::uint64_t bytes : {limits::kDictionaryBytesMax, limits::kDictionaryBytesMax + 1}) {
    std::string file("\x5d\x2a\x4d\x18", 4);
    for (int i = 0; i < 4; ++i) file += static_cast<char>(bytes >> (8 * i) & 0xFF);
    file += std::string(bytes, 'd') + ZstdFrame(kGood, 3);
    const ReadOutcome outcome = ReadAll(file);
    EXPECT_EQ(outcome.records.size(), 1U);
    const bool fits = bytes <= limits::kDictionaryBytesMax;
    ASSERT_EQ(outcome.errors.size(), fits ? 0U : 1U);
    if (!fits) {
      EXPECT_EQ(outcome.errors[0].code(), ErrorCode::kTooLarge);
    }
  }
}

TEST(ReaderNotes, DefaultBlockLimit) {
  const std::uint64_t claimed = limits::kBlockBytesMax;
  const std::string at = WarcRecord("resource", "urn:a", std::string(claimed, 'a'));
  const std::string over = WarcRecord("resource", "urn:a", std::string(claimed + 1, 'a'));
  for (const std::string& text : {at, over}) {
    const std::string file = GzipMember(text, 1) + GzipMember(kGood, 1);
    MemorySource source(file);
    Reader reader(source, {});
    Result<const RecordView*> next = reader.Next();
    ASSERT_TRUE(next && *next != nullptr);
    EXPECT_EQ((*next)->block.size(), claimed);
    EXPECT_EQ((*next)->notes.empty(), &text == &at || (*next)->block_bytes == claimed);
    next = reader.Next();
    ASSERT_TRUE(next && *next != nullptr);
    EXPECT_EQ((*next)->block, "good");
  }
}

}  // namespace
}  // namespace crawlcard::warc
