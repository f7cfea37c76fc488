#include "warc/internal/record_start.h"

#include <gtest/gtest.h>

#include "warc/internal/header_parser.h"

namespace crawlcard::warc::internal {
namespace {

TEST(RecordStart, FindsAVersionLineWithAFieldAfterIt) {
  const std::string text = "WARC/1.0\r\nA: 1\r\nWARC/1.0 is a format\nWARC/1.1\r\nWARC-Type: x\r\n";
  const std::size_t found = FindRecordStart(text, 1, false);
  EXPECT_EQ(found, text.find("WARC/1.1"));
  EXPECT_EQ(FindRecordStart(text, found + 1, false), std::string::npos);
}

TEST(RecordStart, MustStartALine) {
  EXPECT_EQ(FindRecordStart("xWARC/1.0\r\nA: 1\r\n", 1, false), std::string::npos);
  EXPECT_EQ(FindRecordStart("\nWARC/1.0\r\nA: 1\r\n", 1, false), 1U);
}

TEST(RecordStart, ArcLinesCountInArcFilesOnly) {
  const std::string text = "x\nhttp://a.example/ 192.0.2.7 20080430204825 text/html 680\n";
  EXPECT_EQ(FindRecordStart(text, 1, true), 2U);
  EXPECT_EQ(FindRecordStart(text, 1, false), std::string::npos);
}

TEST(HeaderEnd, SearchedInPiecesGivesTheSame) {
  const std::string texts[] = {"WARC/1.0\r\nA: b\r\n\r\nWARC", "WARC/1.0\nA: b\n\nx",
                               "WARC/1.0\r\r\nA: b\r\r\n\r\r\n", "WARC/1.0\r\n\r\n",
                               "WARC/1.0\r\nA: b\r\nWARC/1.0\r\nA: b\r\n\r\n"};
  for (const std::string& text : texts) {
    const HeaderEnd whole = FindHeaderEnd(text, 0);
    ASSERT_NE(whole.state, HeaderEnd::State::kNeedMore) << text;
    std::size_t from = 0;
    for (std::size_t size = 1; size <= text.size(); ++size) {
      const HeaderEnd piece = FindHeaderEnd(std::string_view(text).substr(0, size), from);
      from = piece.bytes;
      if (piece.state == HeaderEnd::State::kNeedMore) continue;
      EXPECT_EQ(piece.state, whole.state) << text;
      EXPECT_EQ(piece.bytes, whole.bytes) << text;
      break;
    }
    EXPECT_EQ(from, whole.bytes) << text;
  }
}

}  // namespace
}  // namespace crawlcard::warc::internal
