#include "page/http.h"

#include <string>
#include <string_view>
#include <vector>

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/codec.h"
#include "page/limits.h"

namespace crawlcard::page {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;
using namespace std::string_literals;  // NOLINT(google-build-using-namespace): literals only

constexpr std::string_view kHello = "hello hello hello hello";

class HttpHeadTest : public ::testing::Test {
 protected:
  HttpHead Parse(std::string_view block) { return ParseHttpHead(block, arena_); }
  Arena arena_;
};

TEST_F(HttpHeadTest, ReadsAWellFormedHead) {
  const std::string_view block =
      "HTTP/1.1 404 Not Found\r\nContent-Type: text/html\r\nX-Empty:\r\n\r\nbody";
  const HttpHead head = Parse(block);
  EXPECT_EQ(head.status, 404);
  EXPECT_EQ(head.version, "HTTP/1.1");
  EXPECT_EQ(head.reason, "Not Found");
  ASSERT_THAT(head.fields, SizeIs(2));
  EXPECT_EQ(head.fields[0].name, "Content-Type");
  EXPECT_EQ(head.fields[0].value, "text/html");
  EXPECT_EQ(head.fields[0].line, 2U);
  EXPECT_EQ(head.fields[1].value, "");
  EXPECT_EQ(head.fields[1].line, 3U);
  EXPECT_EQ(block.substr(head.head_bytes), "body");
  EXPECT_THAT(head.notes, IsEmpty());
}

TEST_F(HttpHeadTest, FieldIsTheFirstOfThatName) {
  const HttpHead head = Parse("HTTP/1.1 200 OK\r\nA: 1\r\na: 2\r\n\r\n");
  EXPECT_EQ(head.Field("A"), "1");
  EXPECT_EQ(head.Field("a"), "1");
  EXPECT_EQ(head.Field("b"), "");
}

TEST_F(HttpHeadTest, ReadsStatusLinesInTheWild) {
  EXPECT_EQ(Parse("HTTP/1.1 200\r\n\r\n").status, 200);
  EXPECT_EQ(Parse("HTTP/1.1 200 \r\n\r\n").reason, "");
  EXPECT_EQ(Parse("HTTP/1.0   301  Moved\r\n\r\n").reason, "Moved");
  EXPECT_EQ(Parse("http/1.1 204 No\r\n\r\n").status, 204);
  EXPECT_EQ(Parse("ICY 200 OK\r\n\r\n").status, 200);
  EXPECT_EQ(Parse("HTTP/2 200\r\n\r\n").version, "HTTP/2");
  EXPECT_EQ(Parse("HTTP/1.1 200OK\r\n\r\n").reason, "OK");
  for (const std::string_view line : {"HTTP/1.1 abc", "HTTP/1.1", "HTTP/1.1 20", "HTTP/1.1 2000"}) {
    const HttpHead head = Parse(std::string(line) + "\r\nA: b\r\n\r\n");
    EXPECT_EQ(head.status, 0) << line;
    EXPECT_THAT(head.notes, ElementsAre("http.bad_status_line")) << line;
  }
}

TEST_F(HttpHeadTest, TakesABlockWithoutStatusLineAsBody) {
  for (const std::string& block : {"<html>"s, "GET / HTTP/1.1\r\n\r\n"s, "\x00\x01\xFF"s}) {
    const HttpHead head = Parse(block);
    EXPECT_EQ(head.status, 0);
    EXPECT_EQ(head.head_bytes, 0U);
    EXPECT_THAT(head.fields, IsEmpty());
    EXPECT_THAT(head.notes, ElementsAre("http.no_status_line"));
  }
  EXPECT_THAT(Parse("").notes, IsEmpty());
}

TEST_F(HttpHeadTest, ReadsBareLineFeeds) {
  const std::string_view block = "HTTP/1.1 200 OK\nA: b\n\nbody";
  const HttpHead head = Parse(block);
  EXPECT_EQ(head.Field("A"), "b");
  EXPECT_EQ(block.substr(head.head_bytes), "body");
  EXPECT_THAT(head.notes, ElementsAre("http.bare_lf"));
}

TEST_F(HttpHeadTest, KeepsNamesWithBlanksAndDropsLinesWithoutColon) {
  const HttpHead head =
      Parse("HTTP/1.1 200 OK\r\nPower by: Auto Capri\r\nnonsense\r\n: x\r\nA : b\r\n\r\n");
  ASSERT_THAT(head.fields, SizeIs(2));
  EXPECT_EQ(head.fields[0].name, "Power by");
  EXPECT_EQ(head.fields[0].value, "Auto Capri");
  EXPECT_EQ(head.fields[1].name, "A");
  EXPECT_EQ(head.fields[1].line, 5U);
  EXPECT_THAT(head.notes, ElementsAre("http.bad_header_line", "http.bad_header_name"));
}

// RFC 9112, 5.2: a line that starts with a blank goes on with the value before it.
TEST_F(HttpHeadTest, JoinsFoldedValues) {
  const HttpHead head = Parse("HTTP/1.1 200 OK\r\nA: b\r\n  c \r\n\t\r\n\td\r\nE:\r\n f\r\n\r\n");
  EXPECT_EQ(head.Field("A"), "b c d");
  EXPECT_EQ(head.Field("E"), "f");
  EXPECT_EQ(head.fields[1].line, 6U);
  EXPECT_THAT(head.notes, ElementsAre("http.obs_fold"));
}

TEST_F(HttpHeadTest, SkipsTheExtraLineBreakOf2018) {
  const std::string_view block = "HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\n\r\nbody";
  const HttpHead head = Parse(block);
  EXPECT_EQ(block.substr(head.head_bytes), "body");
  EXPECT_THAT(head.notes, ElementsAre("http.extra_crlf"));
  // A body that starts with a line break of its own keeps it.
  const std::string_view own = "HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\n\r\nbody";
  EXPECT_EQ(own.substr(Parse(own).head_bytes), "\r\nbody");
}

TEST_F(HttpHeadTest, TakesABlockWithoutEmptyLineAsHead) {
  const std::string_view block = "HTTP/1.1 200 OK\r\nA: b";
  const HttpHead head = Parse(block);
  EXPECT_EQ(head.head_bytes, block.size());
  EXPECT_EQ(head.Field("A"), "b");
  EXPECT_THAT(head.notes, ElementsAre("http.no_head_end"));
  EXPECT_EQ(Parse("HTTP/1.1 200 OK").status, 200);
}

TEST_F(HttpHeadTest, KeepsBytesThatAreNotUtf8) {
  EXPECT_EQ(Parse("HTTP/1.1 200 \xFF\r\nA: \xE4\x00z\r\n\r\n"s).Field("a"), "\xE4\x00z"s);
}

TEST_F(HttpHeadTest, HeadBytesLimit) {
  const std::string start = "HTTP/1.1 200 OK\r\nA: b\r\nB: ";
  const std::size_t room = limits::kHttpHeadBytesMax - start.size() - 4;
  const std::string at_limit = start + std::string(room, 'x') + "\r\n\r\n" + "body";
  EXPECT_THAT(Parse(at_limit).notes, IsEmpty());
  EXPECT_EQ(Parse(at_limit).Field("B").size(), room);
  const std::string past_limit = start + std::string(room + 1, 'x') + "\r\n\r\n" + "body";
  const HttpHead head = Parse(past_limit);
  EXPECT_THAT(head.notes, ElementsAre("http.head_too_large"));
  EXPECT_EQ(head.head_bytes, limits::kHttpHeadBytesMax);
}

TEST_F(HttpHeadTest, FieldsLimit) {
  std::string block = "HTTP/1.1 200 OK\r\n";
  for (std::size_t i = 0; i < limits::kHttpFieldsMax; ++i) block += "A: b\r\n";
  EXPECT_THAT(Parse(block + "\r\n").fields, SizeIs(limits::kHttpFieldsMax));
  EXPECT_THAT(Parse(block + "\r\n").notes, IsEmpty());
  const HttpHead head = Parse(block + "C: d\r\n\r\n");
  EXPECT_THAT(head.fields, SizeIs(limits::kHttpFieldsMax));
  EXPECT_THAT(head.notes, ElementsAre("http.too_many_fields"));
}

TEST_F(HttpHeadTest, EveryCutIsSurvived) {
  const std::string block = "HTTP/1.1 200 OK\r\nA: b\r\n c\r\nContent-Length: 4\r\n\r\n\r\nbody";
  for (std::size_t cut = 0; cut <= block.size(); ++cut) {
    const std::string part = block.substr(0, cut);
    EXPECT_LE(Parse(part).head_bytes, part.size());
  }
}

class HttpBodyTest : public ::testing::Test {
 protected:
  HttpBody Decode(const std::string& fields, std::string_view raw) {
    block_ = "HTTP/1.1 200 OK\r\n" + fields + "\r\n";
    return DecodeHttpBody(ParseHttpHead(block_, arena_), raw, scratch_, arena_);
  }
  Arena arena_;
  std::string block_;
  std::string scratch_;
};

TEST_F(HttpBodyTest, LeavesPlainBodiesInPlace) {
  const HttpBody body = Decode("Content-Length: 23\r\n", kHello);
  EXPECT_EQ(body.bytes.data(), kHello.data());
  EXPECT_THAT(body.notes, IsEmpty());
}

TEST_F(HttpBodyTest, ComparesTheLength) {
  EXPECT_THAT(Decode("Content-Length: 24\r\n", kHello).notes, ElementsAre("http.body_cut"));
  EXPECT_THAT(Decode("Content-Length: 22\r\n", kHello).notes, ElementsAre("http.length_mismatch"));
  EXPECT_EQ(Decode("Content-Length: 22\r\n", kHello).bytes, kHello);
  EXPECT_THAT(Decode("Content-Length: 24\r\n", "").notes, IsEmpty());
  EXPECT_THAT(Decode("Content-Length: many\r\n", kHello).notes, IsEmpty());
}

// Common Crawl: renamed fields mean that the body was stored decoded, in any letter case.
TEST_F(HttpBodyTest, LeavesBodiesAloneThatTheArchiveDecoded) {
  for (const std::string_view field :
       {"X-Crawler-Content-Encoding: gzip\r\n", "x-crawler-transfer-encoding: chunked\r\n"}) {
    const HttpBody body = Decode(std::string(field) + "Content-Length: 23\r\n", kHello);
    EXPECT_EQ(body.bytes, kHello);
    EXPECT_THAT(body.notes, IsEmpty());
  }
}

TEST_F(HttpBodyTest, UndoesEachCoding) {
  EXPECT_EQ(Decode("Content-Encoding: gzip\r\n", GzipMember(kHello, 6)).bytes, kHello);
  EXPECT_EQ(Decode("Content-Encoding: X-GZIP\r\n", GzipMember(kHello, 6)).bytes, kHello);
  EXPECT_EQ(Decode("Content-Encoding: zstd\r\n", ZstdFrame(kHello, 3)).bytes, kHello);
  EXPECT_EQ(Decode("Content-Encoding: br\r\n", "\x0b\x02\x80hello\x03").bytes, "hello");
  // zlib and bare deflate: servers send both.
  EXPECT_EQ(Decode("Content-Encoding: deflate\r\n",
                   "\x78\x9c\xcb\x48\xcd\xc9\xc9\x07\x00\x06\x2c\x02\x15"s)
                .bytes,
            "hello");
  EXPECT_EQ(Decode("Content-Encoding: deflate\r\n", "\xcb\x48\xcd\xc9\xc9\x07\x00"s).bytes,
            "hello");
  EXPECT_EQ(Decode("Content-Encoding: identity\r\n", kHello).bytes, kHello);
}

TEST_F(HttpBodyTest, UndoesStackedCodingsFromTheOutside) {
  const std::string twice = ZstdFrame(GzipMember(kHello, 6), 3);
  const HttpBody body = Decode("Content-Encoding: gzip, zstd\r\n", twice);
  EXPECT_EQ(body.bytes, kHello);
  EXPECT_THAT(body.notes, IsEmpty());
  EXPECT_EQ(Decode("Content-Encoding: gzip\r\nContent-Encoding: zstd\r\n", twice).bytes, kHello);
  EXPECT_EQ(Decode("Transfer-Encoding: zstd\r\nContent-Encoding: gzip\r\n", twice).bytes, kHello);
}

TEST_F(HttpBodyTest, KeepsABodyThatIsNotCodedAtAll) {
  for (const std::string_view coding : {"gzip", "deflate", "br", "zstd"}) {
    const std::string_view text = "<!DOCTYPE html><html><body>plain text, not coded</body></html>";
    const HttpBody body = Decode("Content-Encoding: " + std::string(coding) + "\r\n", text);
    EXPECT_EQ(body.bytes, text) << coding;
    EXPECT_THAT(body.notes, ElementsAre("http.bad_coding")) << coding;
  }
}

TEST_F(HttpBodyTest, KeepsTheStartOfACutCoding) {
  std::string text;
  for (int i = 0; i < 5000; ++i) text += std::to_string(i * 7919);
  const std::string member = GzipMember(text, 6);
  const HttpBody body =
      Decode("Content-Encoding: gzip\r\n", std::string_view(member).substr(0, member.size() / 2));
  EXPECT_TRUE(text.starts_with(body.bytes));
  EXPECT_GT(body.bytes.size(), 1000U);
  EXPECT_THAT(body.notes, ElementsAre("http.body_cut"));
}

TEST_F(HttpBodyTest, PassesOverUnknownCodings) {
  const HttpBody body = Decode("Content-Encoding: utf-8, gzip\r\n", GzipMember(kHello, 6));
  EXPECT_EQ(body.bytes, kHello);
  EXPECT_THAT(body.notes, ElementsAre("http.unknown_coding"));
}

TEST_F(HttpBodyTest, CountsBytesAfterTheCodedBody) {
  const HttpBody body = Decode("Content-Encoding: zstd\r\n", ZstdFrame(kHello, 3) + "junk");
  EXPECT_EQ(body.bytes, kHello);
  EXPECT_THAT(body.notes, ElementsAre("http.trailing_bytes"));
}

TEST_F(HttpBodyTest, CodingsLimit) {
  std::string coded(kHello);
  std::string field = "Content-Encoding: ";
  for (std::size_t i = 0; i < limits::kHttpCodingsMax; ++i) {
    coded = GzipMember(coded, 6);
    field += "gzip,";
  }
  EXPECT_EQ(Decode(field + "\r\n", coded).bytes, kHello);
  const std::string more = GzipMember(coded, 6);
  const HttpBody body = Decode(field + "gzip\r\n", more);
  EXPECT_EQ(body.bytes, more);
  EXPECT_THAT(body.notes, ElementsAre("http.too_many_codings"));
}

TEST_F(HttpBodyTest, BodyBytesLimit) {
  const std::string at_limit(limits::kHttpBodyBytesMax, 'a');
  const std::string past_limit = at_limit + "b";
  EXPECT_THAT(Decode("", at_limit).notes, IsEmpty());
  EXPECT_THAT(Decode("", past_limit).notes, ElementsAre("http.body_over_limit"));
  EXPECT_EQ(Decode("", past_limit).bytes.size(), limits::kHttpBodyBytesMax);
  EXPECT_THAT(Decode("Content-Encoding: gzip\r\n", GzipMember(at_limit, 1)).notes, IsEmpty());
  const HttpBody body = Decode("Content-Encoding: gzip\r\n", GzipMember(past_limit, 1));
  EXPECT_EQ(body.bytes.size(), limits::kHttpBodyBytesMax);
  EXPECT_THAT(body.notes, ElementsAre("http.body_over_limit"));
}

class HttpChunkTest : public HttpBodyTest {
 protected:
  HttpBody Join(std::string_view raw) { return Decode("Transfer-Encoding: chunked\r\n", raw); }
};

// RFC 9112, 7.1: size in hexadecimal, extensions, data, last chunk, trailer.
TEST_F(HttpChunkTest, JoinsChunks) {
  const HttpBody body = Join("5\r\nhello\r\n6;x=y\r\n world\r\n000\r\nTrailer: z\r\n\r\n");
  EXPECT_EQ(body.bytes, "hello world");
  EXPECT_THAT(body.notes, IsEmpty());
  EXPECT_EQ(Join("A \r\n0123456789\r\n0\r\n\r\n").bytes, "0123456789");
  EXPECT_EQ(Join("5\nhello\n1\n!\n0\n\n").bytes, "hello!");
  EXPECT_EQ(Join("0\r\n\r\n").bytes, "");
}

TEST_F(HttpChunkTest, LeavesASingleChunkInPlace) {
  const std::string_view raw = "5\r\nhello\r\n0\r\n\r\n";
  EXPECT_EQ(Join(raw).bytes.data(), raw.data() + 3);
}

TEST_F(HttpChunkTest, UndoesChunksBeforeCodings) {
  const std::string member = GzipMember(kHello, 6);
  const std::string raw = "1\r\n" + member.substr(0, 1) + "\r\n" + "8\r\n" + member.substr(1, 8) +
                          "\r\n" + "1E;\r\n" + member.substr(9, 30) + "\r\n";
  ASSERT_GT(member.size(), 30U);
  const HttpBody body =
      Decode("Transfer-Encoding: chunked\r\nContent-Encoding: gzip\r\n", raw + "0\r\n\r\n");
  EXPECT_EQ(body.bytes, kHello);
}

TEST_F(HttpChunkTest, KeepsWhatCameBeforeABreak) {
  const HttpBody body = Join("5\r\nhello\r\n6\r\n world\r\nzz\r\nlost");
  EXPECT_EQ(body.bytes, "hello world");
  EXPECT_THAT(body.notes, ElementsAre("http.bad_chunk"));
  EXPECT_EQ(Join("5\r\nhello\r\n3\r\n world\r\n").bytes, "hello wo");
}

TEST_F(HttpChunkTest, KeepsTheStartOfACutBody) {
  EXPECT_EQ(Join("5\r\nhello\r\n60\r\n wor").bytes, "hello wor");
  EXPECT_THAT(Join("5\r\nhello\r\n60\r\n wor").notes, ElementsAre("http.body_cut"));
  EXPECT_THAT(Join("5\r\nhello\r\n").notes, ElementsAre("http.body_cut"));
  EXPECT_THAT(Join("5\r\nhello").notes, ElementsAre("http.body_cut"));
}

TEST_F(HttpChunkTest, KeepsABodyThatHasNoChunks) {
  for (const std::string_view raw :
       {"<html>text</html>", "abc", "12345", "5\r\nhello world, this\r\n",
        "ffffffffffffffffff\r\nx", "deadbeef is no size\r\n"}) {
    const HttpBody body = Join(raw);
    EXPECT_EQ(body.bytes, raw);
    EXPECT_THAT(body.notes, ElementsAre("http.not_chunked")) << raw;
  }
  EXPECT_THAT(Join("").notes, IsEmpty());
}

TEST_F(HttpChunkTest, CountsBytesAfterTheLastChunk) {
  EXPECT_THAT(Join("1\r\na\r\n0\r\n\r\nmore").notes, ElementsAre("http.trailing_bytes"));
}

TEST_F(HttpChunkTest, EveryCutIsSurvived) {
  const std::string raw = "5\r\nhello\r\n6;x=y\r\n world\r\n0\r\nT: z\r\n\r\n";
  for (std::size_t cut = 0; cut <= raw.size(); ++cut) {
    const std::string part = raw.substr(0, cut);
    EXPECT_LE(Join(part).bytes.size(), part.size());
  }
}

// A worker that has seen a record of a kind needs no more memory for the next one like it.
TEST(HttpMemory, IsReusedFromRecordToRecord) {
  const std::string coded = GzipMember(std::string(100'000, 'x'), 6);
  const std::string block =
      "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nContent-Encoding: gzip\r\nA: b\r\n "
      "c\r\n\r\n";
  std::string raw = "1\r\n" + coded.substr(0, 1) + "\r\n";
  raw += fmt::format("{:x}\r\n", coded.size() - 1) + coded.substr(1) + "\r\n0\r\n\r\n";
  Arena arena;
  std::string scratch;
  std::size_t held = 0;
  std::size_t capacity = 0;
  for (int i = 0; i < 5; ++i) {
    arena.Reset();
    const HttpHead head = ParseHttpHead(block, arena);
    EXPECT_EQ(DecodeHttpBody(head, raw, scratch, arena).bytes.size(), 100'000U);
    if (i > 0) {
      EXPECT_EQ(arena.held_bytes(), held);
      EXPECT_EQ(scratch.capacity(), capacity);
    }
    held = arena.held_bytes();
    capacity = scratch.capacity();
  }
}

TEST(ContentType, ReadsWhatServersSend) {
  struct Case {
    std::string_view value;
    std::string_view essence;
    std::string_view charset;
  };
  const std::vector<Case> cases = {
      {"text/html", "text/html", ""},
      {"Text/HTML; Charset=UTF-8", "text/html", "UTF-8"},
      {"text/html;charset=\"utf-8\"", "text/html", "utf-8"},
      {"text/html;charset='utf-8'", "text/html", "utf-8"},
      {"text/html; charset = iso-8859-1 ; q=1", "text/html", "iso-8859-1"},
      {"text/html;charset=", "text/html", ""},
      {"text/html;charset=\"open", "text/html", "open"},
      {"text/html;xcharset=a;charset=b", "text/html", "b"},
      {"text/html, text/html; charset=x", "text/html", "x"},
      {"text/html charset=x", "text/html", "x"},
      {"charset=utf-8", "", "utf-8"},
      {"text", "", ""},
      {"/html", "", ""},
      {"text/", "", ""},
      {"", "", ""},
      {" application/xhtml+xml ;a=b", "application/xhtml+xml", ""},
  };
  Arena arena;
  for (const Case& c : cases) {
    const ContentType type = ParseContentType(c.value, arena);
    EXPECT_EQ(type.essence, c.essence) << c.value;
    EXPECT_EQ(type.charset, c.charset) << c.value;
  }
}

TEST(ContentType, EssenceLimit) {
  Arena arena;
  const std::string at_limit = "a/" + std::string(limits::kContentTypeEssenceBytesMax - 2, 'b');
  EXPECT_EQ(ParseContentType(at_limit, arena).essence, at_limit);
  EXPECT_EQ(ParseContentType(at_limit + "b", arena).essence, "");
}

}  // namespace
}  // namespace crawlcard::page
