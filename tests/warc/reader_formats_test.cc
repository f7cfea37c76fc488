// Formats and extents: what reads without any leniency.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/codec.h"
#include "tests/warc/reader_testing.h"
#include "warc/limits.h"

namespace crawlcard::warc {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

void ExpectSame(const ReadOutcome& outcome, const std::vector<OwnedRecord>& wanted) {
  ASSERT_EQ(outcome.records.size(), wanted.size());
  for (std::size_t i = 0; i < wanted.size(); ++i) {
    EXPECT_TRUE(outcome.records[i].SameContent(wanted[i])) << "record " << i;
    EXPECT_THAT(outcome.records[i].notes, IsEmpty()) << "record " << i;
  }
  for (const Error& error : outcome.errors) ADD_FAILURE() << error.ToString();
}

TEST(ReaderFormats, EmptyInputIsACleanEnd) {
  MemorySource source("");
  Reader reader(source, {});
  Result<const RecordView*> next = reader.Next();
  ASSERT_TRUE(next);
  EXPECT_EQ(*next, nullptr);
  EXPECT_FALSE(*reader.Resync());
}

TEST(ReaderFormats, FieldsOfAPlainRecord) {
  const ReadOutcome outcome =
      ReadAll(WarcRecord("response", "http://a.example/", "HTTP/1.1 200 OK\r\n\r\nhi"));
  ASSERT_EQ(outcome.records.size(), 1U);
  const OwnedRecord& record = outcome.records[0];
  EXPECT_EQ(record.type, RecordType::kResponse);
  EXPECT_EQ(record.version, "WARC/1.0");
  EXPECT_EQ(record.Field("WARC-Target-URI"), "http://a.example/");
  EXPECT_EQ(record.block, "HTTP/1.1 200 OK\r\n\r\nhi");
  EXPECT_EQ(record.block_bytes, record.block.size());
}

TEST(ReaderFormats, AllFormsGiveTheSameRecords) {
  const std::vector<std::string> records = SampleRecords(40);
  const std::string plain = Join(records);
  const std::vector<OwnedRecord> wanted = ReadAll(plain).records;
  ASSERT_EQ(wanted.size(), records.size());
  std::string frames;
  for (const std::string& record : records) frames += ZstdFrame(record, 3);
  const std::string forms[] = {
      plain,
      Join(Members(records)),
      GzipMember(plain, 9),
      frames,
      ZstdFrame(plain, 3),
      GzipMember("", 6) + Join(Members(records)) + GzipMember("", 6),
  };
  for (const std::string& form : forms) {
    ExpectSame(ReadAll(form), wanted);
    DripSource drip(form);
    ExpectSame(ReadAll(drip), wanted);
  }
}

TEST(ReaderFormats, ExtentOfAPlainRecordIsItsBytes) {
  const std::vector<std::string> records = SampleRecords(5);
  const std::string plain = Join(records);
  const ReadOutcome outcome = ReadAll(plain);
  std::uint64_t offset = 0;
  for (std::size_t i = 0; i < records.size(); ++i) {
    EXPECT_EQ(outcome.records[i].extent, (Extent{offset, records[i].size(), 0}));
    offset += records[i].size();
  }
}

TEST(ReaderFormats, ExtentOfAMemberReadAloneGivesTheRecord) {
  const std::vector<std::string> members = Members(SampleRecords(5));
  const std::string file = Join(members);
  const ReadOutcome outcome = ReadAll(file);
  ASSERT_EQ(outcome.records.size(), members.size());
  std::uint64_t offset = 0;
  for (std::size_t i = 0; i < members.size(); ++i) {
    const Extent extent = outcome.records[i].extent;
    EXPECT_EQ(extent, (Extent{offset, members[i].size(), 0}));
    const ReadOutcome alone = ReadAll(std::string_view(file).substr(extent.offset, extent.length));
    ASSERT_EQ(alone.records.size(), 1U);
    EXPECT_TRUE(alone.records[0].SameContent(outcome.records[i]));
    offset += extent.length;
  }
}

TEST(ReaderFormats, ExtentInAWholeFileMemberHasAnInnerOffset) {
  const std::vector<std::string> records = SampleRecords(3);
  const std::string file = GzipMember(Join(records), 6);
  const ReadOutcome outcome = ReadAll(file);
  ASSERT_EQ(outcome.records.size(), 3U);
  EXPECT_EQ(outcome.records[0].extent, (Extent{0, file.size(), 0}));
  EXPECT_EQ(outcome.records[1].extent, (Extent{0, file.size(), records[0].size()}));
  EXPECT_EQ(outcome.records[2].extent,
            (Extent{0, file.size(), records[0].size() + records[1].size()}));
}

TEST(ReaderFormats, LargeMembersAreStreamed) {
  // Two records that do not fit the buffer for whole members, then a small one.
  const std::string large(limits::kWholeMemberBytesMax + 12345, 'x');
  const std::vector<std::string> records = {WarcRecord("resource", "urn:a", large),
                                            WarcRecord("resource", "urn:b", large + "y"),
                                            WarcRecord("resource", "urn:c", "small")};
  const std::vector<std::string> members = Members(records);
  const ReadOutcome each = ReadAll(Join(members));
  ASSERT_EQ(each.records.size(), 3U);
  EXPECT_THAT(each.errors, IsEmpty());
  EXPECT_EQ(each.records[0].block, large);
  EXPECT_EQ(each.records[1].block, large + "y");
  EXPECT_EQ(each.records[0].extent, (Extent{0, members[0].size(), 0}));
  EXPECT_EQ(each.records[2].extent,
            (Extent{members[0].size() + members[1].size(), members[2].size(), 0}));

  const std::string plain = Join(records);
  for (const std::string& form : {plain, GzipMember(plain, 1), ZstdFrame(plain, 1)}) {
    const ReadOutcome whole = ReadAll(form);
    ASSERT_EQ(whole.records.size(), 3U);
    EXPECT_EQ(whole.records[1].block, large + "y");
    EXPECT_EQ(whole.records[2].block, "small");
    EXPECT_THAT(whole.records[2].notes, IsEmpty());
  }
}

TEST(ReaderFormats, MemberOfExactlyTheLimitAndOneMore) {
  const std::string frame = WarcRecord("resource", "urn:a", "");
  const std::size_t digits = 7 - 1;  // of the length, which is longer than that of an empty block
  const std::size_t room = limits::kWholeMemberBytesMax - frame.size() - digits;
  for (const std::size_t bytes : {room - 1, room, room + 1}) {
    const std::string member =
        GzipMember(WarcRecord("resource", "urn:a", std::string(bytes, 'b')), 1);
    const ReadOutcome outcome = ReadAll(member + member);
    ASSERT_EQ(outcome.records.size(), 2U);
    EXPECT_EQ(outcome.records[1].block.size(), bytes);
    EXPECT_EQ(outcome.records[1].extent, (Extent{member.size(), member.size(), 0}));
  }
}

TEST(ReaderFormats, WantedTypesOnly) {
  const std::string file = GzipMember(WarcRecord("warcinfo", "", "a: b\r\n"), 6) +
                           GzipMember(WarcRecord("request", "http://a.example/", "GET"), 6) +
                           GzipMember(WarcRecord("response", "http://a.example/", "HTTP"), 6) +
                           GzipMember(WarcRecord("strange", "http://a.example/", "?"), 6);
  ReaderOptions options;
  options.wanted = RecordType::kResponse | RecordType::kUnknown;
  const ReadOutcome outcome = ReadAll(file, options);
  ASSERT_EQ(outcome.records.size(), 2U);
  EXPECT_EQ(outcome.records[0].type, RecordType::kResponse);
  EXPECT_EQ(outcome.records[1].type, RecordType::kUnknown);
}

TEST(ReaderFormats, PlainFileFollowedByMembers) {
  const std::vector<std::string> records = SampleRecords(4);
  const ReadOutcome outcome =
      ReadAll(records[0] + records[1] + GzipMember(records[2], 6) + GzipMember(records[3], 6));
  ASSERT_EQ(outcome.records.size(), 4U);
  EXPECT_THAT(outcome.errors, IsEmpty());
  EXPECT_EQ(outcome.records[2].extent.offset, records[0].size() + records[1].size());
}

TEST(ReaderFormats, ZstdDictionaryFramesAndOthersArePassed) {
  const std::string skippable(
      "\x50\x2a\x4d\x18\x03\x00\x00\x00"
      "abc",
      11);
  const std::string dictionary(
      "\x5d\x2a\x4d\x18\x10\x00\x00\x00"
      "WARC/1.0 respons",
      24);
  const std::vector<std::string> records = SampleRecords(2);
  const std::string file =
      dictionary + ZstdFrame(records[0], 3) + skippable + ZstdFrame(records[1], 3);
  const ReadOutcome outcome = ReadAll(file);
  ASSERT_EQ(outcome.records.size(), 2U);
  EXPECT_EQ(outcome.records[0].extent.offset, dictionary.size());
}

// ARC 1.0: one header line, the block, one line feed.
TEST(ReaderFormats, ArcRecordsGetWarcFields) {
  const std::string file =
      "filedesc://test.arc 0.0.0.0 20080430204825 text/plain 20\n"
      "1 0 InternetArchive\n\n"
      "http://a.example/ 192.0.2.7 20080430204826 text/html 19\n"
      "HTTP/1.0 200 OK\r\n\r\n\n"
      "dns:a.example 192.0.2.8 20080430204825 text/dns 4\n"
      "1 2\n\n";
  const ReadOutcome outcome = ReadAll(file);
  ASSERT_EQ(outcome.records.size(), 3U);
  EXPECT_THAT(outcome.errors, IsEmpty());
  EXPECT_EQ(outcome.records[0].type, RecordType::kWarcinfo);
  EXPECT_EQ(outcome.records[0].version, "ARC/1");
  EXPECT_EQ(outcome.records[0].Field("WARC-Filename"), "test.arc");
  const OwnedRecord& response = outcome.records[1];
  EXPECT_EQ(response.type, RecordType::kResponse);
  EXPECT_EQ(response.Field("WARC-Target-URI"), "http://a.example/");
  EXPECT_EQ(response.Field("WARC-Date"), "2008-04-30T20:48:26Z");
  EXPECT_EQ(response.Field("WARC-IP-Address"), "192.0.2.7");
  EXPECT_EQ(response.Field("Content-Type"), "application/http; msgtype=response");
  EXPECT_EQ(response.block.size(), 19U);
  EXPECT_EQ(outcome.records[2].type, RecordType::kResource);
  EXPECT_EQ(outcome.records[2].Field("Content-Type"), "text/dns");
  const ReadOutcome alone =
      ReadAll(std::string_view(file).substr(response.extent.offset, response.extent.length));
  ASSERT_EQ(alone.records.size(), 1U);
  EXPECT_TRUE(alone.records[0].SameContent(response));
}

TEST(ReaderFormats, OtherFilesAreNamed) {
  const std::pair<std::string, std::string> cases[] = {
      {std::string("\x04\x22\x4d\x18\x64\x40\xa7", 7), "lz4"},
      {std::string("PK\x03\x04\x14\x00", 6), "zip"},
      {"com,example)/ 20140127171200 {\"url\": 1}\n", "no archive"},
      {GzipMember("com,example)/ 20140127171200 text\n", 6), "no archive"},
      {std::string("\x7f\x45LF\x02\x01\x01\x00", 8), "no archive"},
      {std::string(5000, '\0'), "no archive"},
  };
  for (const auto& [bytes, word] : cases) {
    const ReadOutcome outcome = ReadAll(bytes);
    EXPECT_THAT(outcome.records, IsEmpty()) << word;
    ASSERT_EQ(outcome.errors.size(), 1U) << word;
    EXPECT_EQ(outcome.errors[0].code(), ErrorCode::kUnsupported);
    EXPECT_THAT(outcome.errors[0].message(), testing::HasSubstr(word));
    EXPECT_EQ(outcome.errors[0].offset(), 0U);
  }
}

TEST(ReaderFormats, RecordHelpers) {
  const std::string text =
      WarcRecord("resource", "<http://a.example/x>", "b", "x-a: 1\r\nX-A: 2\r\n");
  MemorySource source(text);
  Reader reader(source, {});
  Result<const RecordView*> next = reader.Next();
  ASSERT_TRUE(next && *next != nullptr);
  const RecordView& record = **next;
  EXPECT_EQ(record.target_uri(), "http://a.example/x");
  EXPECT_EQ(record.Field("X-a"), "1");
  EXPECT_EQ(record.Field("absent"), "");
  EXPECT_EQ(record.date(), 1715997490);
  EXPECT_EQ(reader.inflated_bytes(), 0U);
  EXPECT_TRUE(reader.Next());
  EXPECT_EQ(reader.inflated_bytes(), text.size());
  EXPECT_EQ(RecordTypeName(RecordType::kRevisit), "revisit");
  EXPECT_THAT((std::vector<std::string_view>{RecordTypeName(RecordType::kUnknown)}),
              ElementsAre("unknown"));
}

}  // namespace
}  // namespace crawlcard::warc
