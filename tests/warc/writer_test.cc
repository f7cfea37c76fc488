// What is written, byte by byte, and read back by our own reader. docs/formats/warc-written.md.
#include "warc/writer.h"

#include <algorithm>

#include "base/random.h"
#include "writer_testing.h"

namespace crawlcard::warc {
namespace {

constexpr UnixSeconds kDate = 1'790'000'000;  // 2026-09-21T14:13:20Z

WriterOptions Plain(const ScratchDirectory& directory) {
  WriterOptions options;
  options.directory = directory.path();
  options.prefix = "T";
  options.compression = Compression::kNone;
  return options;
}

std::unique_ptr<Writer> MustOpen(WriterOptions options) {
  auto writer = Writer::Open(DiskFileSystem(), std::move(options));
  EXPECT_TRUE(writer) << (writer ? "" : writer.error().ToString());
  return writer ? std::move(*writer) : nullptr;
}

// The one file of a directory.
std::string OnlyFile(const ScratchDirectory& directory) {
  const std::vector<std::string> names = directory.Names();
  EXPECT_EQ(names.size(), 1U);
  return names.empty() ? "" : names.front();
}

TEST(Writer, BytesOfAnUncompressedFile) {
  const ScratchDirectory directory;
  WriterOptions options = Plain(directory);
  options.warcinfo = {{"software", "crawlcard/0.1"}, {"http-header-user-agent", "a/1\r\nX: y"}};
  const auto writer = MustOpen(options);
  const std::vector<WarcField> fields{{"fetchTimeMs", "12"}};
  CaptureView capture;
  capture.target_uri = "http://a.example/";
  capture.date = kDate;
  capture.ip_address = "127.0.0.1";
  capture.request = "GET / HTTP/1.1\r\nHost: a.example\r\n\r\n";
  capture.response_head = "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\n\r\n";
  capture.response_body = "hello";
  capture.metadata = fields;
  const auto written = writer->WriteCapture(capture);
  ASSERT_TRUE(written) << written.error().ToString();
  EXPECT_EQ(OnlyFile(directory), "T-20260921141320-00000-00000000.warc.open");
  ASSERT_TRUE(writer->Seal());
  EXPECT_EQ(OnlyFile(directory), "T-20260921141320-00000-00000000.warc");
  EXPECT_EQ(written->file, "T-20260921141320-00000-00000000.warc");

  // Ids follow from the seed alone; the digests were made with Python's hashlib and base64.
  const std::string info_id = "<urn:uuid:fce7fddc-7fb2-82bc-afd6-207fd7338e84>";
  const std::string bytes = directory.Bytes(OnlyFile(directory));
  const auto text = [&](const std::string& part) { return bytes.find(part) != std::string::npos; };
  EXPECT_TRUE(
      bytes.starts_with("WARC/1.1\r\nWARC-Type: warcinfo\r\n"
                        "WARC-Date: 2026-09-21T14:13:20Z\r\nWARC-Record-ID: " +
                        info_id + "\r\n"));
  EXPECT_TRUE(text("http-header-user-agent: a/1%0D%0AX: y\r\n"));
  const std::string response =
      "WARC/1.1\r\n"
      "WARC-Type: response\r\n"
      "WARC-Date: 2026-09-21T14:13:20Z\r\n"
      "WARC-Record-ID: " +
      written->response.record_id +
      "\r\n"
      "WARC-Warcinfo-ID: " +
      info_id +
      "\r\n"
      "WARC-Target-URI: http://a.example/\r\n"
      "WARC-Concurrent-To: " +
      written->request->record_id +
      "\r\n"
      "WARC-IP-Address: 127.0.0.1\r\n"
      "WARC-Payload-Digest: sha1:VL2MMHO4YXUKFWV63YHTWSBM3GXKSQ2N\r\n"
      "WARC-Block-Digest: sha1:ZQYHLXU6LL2UY2FYMVYWL6WISJI5CCED\r\n"
      "Content-Type: application/http; msgtype=response\r\n"
      "Content-Length: 50\r\n"
      "\r\n"
      "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\n\r\nhello\r\n\r\n";
  EXPECT_EQ(bytes.substr(written->response.extent.offset, written->response.extent.length),
            response);
  const std::string metadata =
      bytes.substr(written->metadata->extent.offset, written->metadata->extent.length);
  EXPECT_TRUE(metadata.ends_with("\r\n\r\nfetchTimeMs: 12\r\n\r\n\r\n"));
  EXPECT_EQ(written->metadata->extent.offset + written->metadata->extent.length, bytes.size());
}

// Every form is read back whole, in order, where the writer said, with right digests.
class WriterForms : public testing::TestWithParam<std::tuple<Compression, DigestAlgorithm>> {};

TEST_P(WriterForms, ReadBackWithExtentsAndDigests) {
  const ScratchDirectory directory;
  WriterOptions options = Plain(directory);
  std::tie(options.compression, options.digest) = GetParam();
  const auto writer = MustOpen(options);
  std::vector<WrittenCapture> written;
  for (int n = 0; n < 40; ++n) {
    const SampleCapture sample(n);
    auto result = writer->WriteCapture(sample.view());
    ASSERT_TRUE(result);
    written.push_back(std::move(*result));
  }
  ASSERT_TRUE(writer->Seal());
  const std::string bytes = directory.Bytes(OnlyFile(directory));
  const ReadOutcome read = ReadAll(bytes);
  EXPECT_TRUE(read.errors.empty());
  ASSERT_EQ(read.records.size(), 1 + 3 * written.size());
  EXPECT_EQ(writer->counts().records, read.records.size());
  EXPECT_EQ(writer->counts().file_bytes, bytes.size());
  EXPECT_EQ(read.records[0].Field("WARC-Filename"), written[0].file);
  for (const OwnedRecord& record : read.records) {
    EXPECT_EQ(record.version, "WARC/1.1");
    EXPECT_TRUE(record.notes.empty());
    EXPECT_EQ(CheckDigest(record.Field("WARC-Block-Digest"), record.block), DigestCheck::kMatch);
  }
  for (std::size_t n = 0; n < written.size(); ++n) {
    const SampleCapture sample(static_cast<int>(n));
    const OwnedRecord& request = read.records[1 + 3 * n];
    const OwnedRecord& response = read.records[2 + 3 * n];
    const OwnedRecord& metadata = read.records[3 + 3 * n];
    EXPECT_EQ(request.type, RecordType::kRequest);
    EXPECT_EQ(request.block, sample.request);
    EXPECT_EQ(response.type, RecordType::kResponse);
    EXPECT_EQ(response.block, sample.head + sample.body);
    EXPECT_EQ(response.extent, written[n].response.extent);
    EXPECT_EQ(response.Field("WARC-Record-ID"), written[n].response.record_id);
    EXPECT_EQ(response.Field("WARC-Concurrent-To"), request.Field("WARC-Record-ID"));
    EXPECT_EQ(response.Field("WARC-Payload-Digest"), written[n].payload_digest);
    EXPECT_EQ(CheckDigest(written[n].payload_digest, sample.body), DigestCheck::kMatch);
    EXPECT_EQ(metadata.Field("WARC-Concurrent-To"), response.Field("WARC-Record-ID"));
    EXPECT_EQ(metadata.extent, written[n].metadata->extent);
    // One unit a record: its bytes alone are an archive.
    EXPECT_EQ(
        ReadAll(std::string_view(bytes).substr(response.extent.offset, response.extent.length))
            .records.size(),
        1U);
  }
}

INSTANTIATE_TEST_SUITE_P(
    All, WriterForms,
    testing::Combine(testing::Values(Compression::kGzip, Compression::kZstd, Compression::kNone),
                     testing::Values(DigestAlgorithm::kSha1, DigestAlgorithm::kSha256)));

// Writes one capture into a fresh plain file and gives its response or revisit record.
OwnedRecord WriteAndRead(const CaptureView& capture) {
  const ScratchDirectory directory;
  const auto writer = MustOpen(Plain(directory));
  const auto written = writer->WriteCapture(capture);
  EXPECT_TRUE(written) << (written ? "" : written.error().ToString());
  EXPECT_TRUE(writer->Seal());
  const ReadOutcome read = ReadAll(directory.Bytes(OnlyFile(directory)));
  EXPECT_TRUE(read.errors.empty());
  for (const OwnedRecord& record : read.records) {
    if (record.type == RecordType::kResponse || record.type == RecordType::kRevisit) return record;
  }
  ADD_FAILURE() << "no response";
  return {};
}

CaptureView Small() {
  CaptureView capture;
  capture.target_uri = "http://a.example/";
  capture.date = kDate;
  capture.response_head = "HTTP/1.1 200 OK\r\n\r\n";
  return capture;
}

// WARC 1.1 sections 6.7.2 and 6.7.3.
TEST(Warc11, S6_7_RevisitProfiles) {
  CaptureView capture = Small();
  capture.response_head = "HTTP/1.1 304 Not Modified\r\nETag: \"x\"\r\n\r\n";
  RevisitOf earlier;
  earlier.record_id = "<urn:uuid:92283950-ef2f-4d72-b224-f54c6ec90bb0>";
  earlier.target_uri = "http://a.example/";
  earlier.date = kDate - 86'400;
  capture.revisit = earlier;
  OwnedRecord record = WriteAndRead(capture);
  EXPECT_EQ(record.type, RecordType::kRevisit);
  EXPECT_EQ(record.Field("WARC-Profile"),
            "http://netpreserve.org/warc/1.1/revisit/server-not-modified");
  EXPECT_EQ(record.Field("WARC-Refers-To"), earlier.record_id);
  EXPECT_EQ(record.Field("WARC-Refers-To-Target-URI"), earlier.target_uri);
  EXPECT_EQ(record.Field("WARC-Refers-To-Date"), "2026-09-20T14:13:20Z");
  EXPECT_EQ(record.Field("WARC-Payload-Digest"), "");
  EXPECT_EQ(record.block, capture.response_head);

  capture.response_head = "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n";
  capture.response_body = "unchanged";
  capture.transfer_decoded = true;
  capture.revisit->profile = RevisitOf::Profile::kIdenticalPayloadDigest;
  capture.revisit->payload_digest = "sha1:VL2MMHO4YXUKFWV63YHTWSBM3GXKSQ2N";
  record = WriteAndRead(capture);
  EXPECT_EQ(record.Field("WARC-Profile"),
            "http://netpreserve.org/warc/1.1/revisit/identical-payload-digest");
  EXPECT_EQ(record.Field("WARC-Payload-Digest"), capture.revisit->payload_digest);
  EXPECT_EQ(record.block, capture.response_head) << "the head alone, as it came";
}

TEST(Writer, HeadTellsTheTruthAboutADecodedBody) {
  CaptureView capture = Small();
  capture.response_head =
      "HTTP/2 200\r\ncontent-encoding: gzip\r\nTransfer-Encoding: chunked\r\n"
      "Content-Length: 99\r\nno colon here\r\nX: 1\r\n folded\r\n\r\n";
  capture.response_body = "hello";
  EXPECT_EQ(WriteAndRead(capture).block,
            "HTTP/1.1 200\r\ncontent-encoding: gzip\r\nTransfer-Encoding: chunked\r\n"
            "Content-Length: 99\r\nno colon here\r\nX: 1\r\n folded\r\n\r\nhello")
      << "nothing was decoded, nothing is renamed";
  capture.transfer_decoded = true;
  capture.content_decoded = true;
  EXPECT_EQ(WriteAndRead(capture).block,
            "HTTP/1.1 200\r\nX-Crawler-content-encoding: gzip\r\n"
            "X-Crawler-Transfer-Encoding: chunked\r\nX-Crawler-Content-Length: 99\r\n"
            "no colon here\r\nX: 1\r\n folded\r\nContent-Length: 5\r\n\r\nhello");
  capture.response_head = "HTTP/1.1 200 OK\nContent-Length: 5";
  EXPECT_EQ(WriteAndRead(capture).block, "HTTP/1.1 200 OK\nContent-Length: 5\r\n\r\nhello")
      << "a true length stays, a missing end is added";
}

TEST(Writer, ProtocolsCipherAndTruncation) {
  CaptureView capture = Small();
  const std::vector<std::string_view> protocols{"h2", "tls/1.3"};
  capture.protocols = protocols;
  capture.cipher_suite = "TLS_AES_128_GCM_SHA256";
  capture.truncated = Truncation::kDisconnect;
  const OwnedRecord record = WriteAndRead(capture);
  const auto has = [&](const char* name, const char* value) {
    return std::count(record.fields.begin(), record.fields.end(),
                      std::pair<std::string, std::string>(name, value)) == 1;
  };
  EXPECT_TRUE(has("WARC-Protocol", "h2"));
  EXPECT_TRUE(has("WARC-Protocol", "tls/1.3"));
  EXPECT_TRUE(has("WARC-Cipher-Suite", "TLS_AES_128_GCM_SHA256"));
  EXPECT_TRUE(has("WARC-Truncated", "disconnect"));
}

TEST(WriterHostile, UriCannotStartAHeaderLine) {
  CaptureView capture = Small();
  const std::string uri =
      std::string("http://a.example/x\r\nWARC-Type: warcinfo\r\n\r\n y\x80", 46) +
      std::string(1, '\0') + "\x7f";
  capture.target_uri = uri;
  const OwnedRecord record = WriteAndRead(capture);
  EXPECT_EQ(record.type, RecordType::kResponse);
  EXPECT_EQ(record.Field("WARC-Target-URI"),
            "http://a.example/x%0D%0AWARC-Type:%20warcinfo%0D%0A%0D%0A%20y%80%00%7F");
}

TEST(WriterHostile, ValuesWithLineEndsAreRefusedAndNothingIsWritten) {
  const ScratchDirectory directory;
  const auto writer = MustOpen(Plain(directory));
  const auto refused = [&](const CaptureView& capture) {
    const auto written = writer->WriteCapture(capture);
    return !written && written.error().code() == ErrorCode::kInvalidArgument;
  };
  const std::string evil = "1.2.3.4\r\nWARC-Type: warcinfo";
  CaptureView capture = Small();
  capture.ip_address = evil;
  EXPECT_TRUE(refused(capture));
  capture = Small();
  capture.cipher_suite = evil;
  EXPECT_TRUE(refused(capture));
  capture = Small();
  const std::vector<std::string_view> protocols{"h2", evil};
  capture.protocols = protocols;
  EXPECT_TRUE(refused(capture));
  capture = Small();
  const std::vector<WarcField> fields{{"a: b\r\nc", "d"}};
  capture.metadata = fields;
  EXPECT_TRUE(refused(capture));
  for (int field = 0; field < 3; ++field) {
    capture = Small();
    RevisitOf revisit;
    revisit.profile = RevisitOf::Profile::kIdenticalPayloadDigest;
    revisit.payload_digest = field == 0 ? std::string_view(evil) : "sha1:AAAA";
    if (field == 1) revisit.record_id = evil;
    if (field == 2) revisit.payload_digest = "";
    capture.revisit = revisit;
    EXPECT_TRUE(refused(capture)) << field;
  }
  capture = Small();
  capture.target_uri = "";
  EXPECT_TRUE(refused(capture));
  for (const std::string_view head : {"", "HTTP/", "<html>no head at all"}) {
    capture = Small();
    capture.response_head = head;
    EXPECT_TRUE(refused(capture)) << head;
  }
  EXPECT_TRUE(directory.Names().empty());
}

TEST(WriterHostile, MetadataValueCannotStartALine) {
  const ScratchDirectory directory;
  const auto writer = MustOpen(Plain(directory));
  const std::vector<WarcField> fields{{"error", "bad\r\nrobots: ignored\tx\xff"}};
  ASSERT_TRUE(writer->WriteMetadata("http://a.example/", kDate, fields));
  ASSERT_TRUE(writer->Seal());
  const ReadOutcome read = ReadAll(directory.Bytes(OnlyFile(directory)));
  ASSERT_EQ(read.records.size(), 2U);
  EXPECT_EQ(read.records[1].block, "error: bad%0D%0Arobots: ignored%09x\xEF\xBF\xBD\r\n");
}

TEST(WriterLimits, BlockAtTheLimitIsWrittenAndOneAboveRefused) {
  const ScratchDirectory directory;
  const auto writer = MustOpen(Plain(directory));
  CaptureView capture = Small();
  // 64 bytes and twice the head are set aside for fields that may be added.
  const std::size_t room = limits::kBlockBytesMax - 64 - 2 * capture.response_head.size();
  std::string body(room + 1, 'x');
  capture.response_body = body;
  const auto refused = writer->WriteCapture(capture);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code(), ErrorCode::kTooLarge);
  body.pop_back();
  capture.response_body = body;
  EXPECT_TRUE(writer->WriteCapture(capture));
}

TEST(WriterLimits, HeaderAtTheLimitIsWrittenAndOneAboveRefused) {
  const ScratchDirectory directory;
  const auto writer = MustOpen(Plain(directory));
  CaptureView capture = Small();
  std::string uri = "http://a.example/";
  uri.resize((limits::kWrittenHeaderBytesMax - 1024) / 3 + 1, '\n');
  capture.target_uri = uri;
  const auto refused = writer->WriteCapture(capture);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code(), ErrorCode::kTooLarge);
  EXPECT_FALSE(writer->WriteMetadata(uri, kDate, {}));
  uri.pop_back();
  capture.target_uri = uri;
  const auto written = writer->WriteCapture(capture);
  ASSERT_TRUE(written);
  EXPECT_LE(written->response.extent.length, limits::kWrittenHeaderBytesMax);
  EXPECT_TRUE(writer->WriteMetadata(uri, kDate, {}));
}

TEST(Writer, RotatesBySizeAndKeepsACaptureTogether) {
  const ScratchDirectory directory;
  WriterOptions options = Plain(directory);
  options.compression = Compression::kGzip;
  options.file_bytes_max = 4'000;
  const auto writer = MustOpen(options);
  for (int n = 0; n < 60; ++n) {
    const SampleCapture sample(n);
    ASSERT_TRUE(writer->WriteCapture(sample.view()));
  }
  ASSERT_TRUE(writer->Seal());
  const std::vector<std::string> names = directory.Names();
  EXPECT_GT(names.size(), 5U);
  EXPECT_EQ(writer->counts().files_sealed, names.size());
  EXPECT_EQ(writer->sealed_files().size(), names.size());
  std::size_t responses = 0;
  for (const std::string& name : names) {
    const ReadOutcome read = ReadAll(directory.Bytes(name));
    EXPECT_TRUE(read.errors.empty());
    EXPECT_EQ(read.records.size() % 3, 1U) << name;
    EXPECT_EQ(read.records[0].Field("WARC-Filename"), name);
    for (const OwnedRecord& record : read.records) {
      responses += record.type == RecordType::kResponse ? 1 : 0;
      if (record.type == RecordType::kWarcinfo) continue;
      EXPECT_EQ(record.Field("WARC-Warcinfo-ID"), read.records[0].Field("WARC-Record-ID"));
    }
  }
  EXPECT_EQ(responses, 60U);
}

TEST(Writer, OptionsAreChecked) {
  const ScratchDirectory directory;
  const auto refused = [](WriterOptions options) {
    const auto writer = Writer::Open(DiskFileSystem(), std::move(options));
    return !writer && writer.error().code() == ErrorCode::kInvalidArgument;
  };
  WriterOptions options = Plain(directory);
  options.prefix = "../x";
  EXPECT_TRUE(refused(options));
  options = Plain(directory);
  options.level = 13;
  EXPECT_TRUE(refused(options));
  options = Plain(directory);
  options.directory = "";
  EXPECT_TRUE(refused(options));
  options = Plain(directory);
  options.warcinfo = {{"a b", "c"}};
  EXPECT_TRUE(refused(options));
}

TEST(Writer, TwoWritersOfOneDirectoryStayApart) {
  const ScratchDirectory directory;
  WriterOptions options = Plain(directory);
  const auto first = MustOpen(options);
  ASSERT_TRUE(first->WriteCapture(Small()));
  const auto second = MustOpen(options);  // even with the same seed
  EXPECT_EQ(second->repaired().files_in_use, 1U);
  EXPECT_EQ(second->repaired().files_sealed, 0U);
  ASSERT_TRUE(second->WriteCapture(Small()));
  ASSERT_TRUE(first->WriteCapture(Small()));
  ASSERT_TRUE(first->Seal());
  ASSERT_TRUE(second->Seal());
  const std::vector<std::string> names = directory.Names();
  ASSERT_EQ(names.size(), 2U);
  EXPECT_EQ(ReadAll(directory.Bytes(names[0])).records.size(), 3U);
  EXPECT_EQ(ReadAll(directory.Bytes(names[1])).records.size(), 2U);
}

TEST(Writer, CopiesRecordsOfOtherArchivesByteForByte) {
  const ScratchDirectory directory;
  WriterOptions options = Plain(directory);
  options.compression = Compression::kGzip;
  const auto writer = MustOpen(options);
  const std::string member = GzipMember(WarcRecord("response", "http://a.example/", "x"), 9);
  const auto extent = writer->CopyRecord(member, kDate);
  ASSERT_TRUE(extent);
  const auto refused = [&](const std::string& bytes) {
    const auto copied = writer->CopyRecord(bytes, kDate);
    return !copied;
  };
  EXPECT_TRUE(refused(""));
  EXPECT_TRUE(refused(member + member));
  EXPECT_TRUE(refused(member.substr(0, member.size() - 1)));
  EXPECT_TRUE(refused(member.substr(1)));
  EXPECT_TRUE(refused(WarcRecord("response", "http://a.example/", "x")));
  EXPECT_TRUE(refused(GzipMember("no record at all", 6)));
  ASSERT_TRUE(writer->Seal());
  const std::string bytes = directory.Bytes(OnlyFile(directory));
  EXPECT_EQ(bytes.substr(extent->offset, extent->length), member);
  EXPECT_EQ(extent->offset + extent->length, bytes.size());
  EXPECT_EQ(ReadAll(bytes).records.size(), 2U);
}

TEST(RandomSeed, IsNotTheSameTwice) {
  EXPECT_NE(RandomSeed(), RandomSeed());
}

}  // namespace
}  // namespace crawlcard::warc
