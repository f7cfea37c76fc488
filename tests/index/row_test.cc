// Rows of real captures: what the encoders tell by dictionaries and by the key is read back as the
// same facts, from every archive file of the corpora.
#include <cstdlib>
#include <filesystem>

#include <gtest/gtest.h>

#include "base/file.h"
#include "base/json_writer.h"
#include "base/text.h"
#include "index/ingest/observe.h"
#include "index/internal/row_numbers.h"
#include "index/internal/row_statements.h"
#include "index/internal/row_url.h"
#include "index/internal/row_words.h"
#include "index/schema.h"
#include "page/surt.h"
#include "page/url.h"

namespace crawlcard::index {
namespace {

std::string FactsOf(const CaptureView& capture) {
  std::string text;
  JsonWriter json(text);
  WriteFacts(capture, json);
  return text;
}

std::string StoredOf(std::string_view url) {
  std::string stored;
  AppendStoredSurt(page::SurtKey(url).value_or(""), page::HostOf(url), stored);
  return stored;
}

// Bytes that the URL takes in the row.
std::size_t UrlBytes(std::string_view url) {
  const std::string stored = StoredOf(url);
  std::string data;
  const std::uint8_t form = EncodeRowUrl(url, stored, data);
  Arena arena;
  RowUrl read;
  ByteReader reader(data);
  EXPECT_TRUE(DecodeRowUrl(form, stored, reader, arena, read)) << url;
  EXPECT_TRUE(reader.at_end());
  EXPECT_EQ(read.url, url);
  if (read.path_begin != 0) {
    ByteReader again(data);
    std::string_view path;
    EXPECT_TRUE(DecodeRowPath(form, stored, stored.find(kStoredHostEnd), again, arena, path))
        << url;
    EXPECT_EQ(path, read.url.substr(read.path_begin));
    // What the key tells of it.
    std::string_view tail;
    bool start_alone = false;
    if (TailOfKey(form, stored, stored.find(kStoredHostEnd), tail, start_alone)) {
      const std::string lower = AsciiLowerCopy(path);
      if (start_alone) tail = tail.substr(0, tail.find('?'));
      EXPECT_EQ(start_alone ? lower.substr(0, tail.size()) : lower, tail) << url;
    }
  }
  return data.size();
}

// The numbers and words of a row.
std::string NumbersOf(const CaptureView& capture) {
  std::string text =
      fmt::format("{} {} {} {} {} {} {} {} {}", static_cast<unsigned>(capture.record_type),
                  ViaName(capture.via), capture.is_html, capture.languages.reliable,
                  static_cast<int>(capture.languages.source), capture.status, capture.extent.length,
                  capture.payload_bytes, capture.text_bytes);
  for (const std::string_view word : {capture.content_type, capture.identified_type,
                                      capture.charset, capture.truncated, capture.body_sha256}) {
    text.append("|").append(word);
  }
  for (const auto& words : {capture.unobserved, capture.notes}) {
    for (const std::string_view word : words) text.append(",").append(word);
  }
  return text;
}

// A scan reads most rows in a quicker way where it wants no more than their numbers: the same ones,
// whatever happened to the bytes. Tells whether this was such a row.
bool ReadsTheSameNumbers(std::string_view key, const std::string& value) {
  Arena arena(1024);
  CaptureView whole;
  CaptureView numbers;
  RowMarks marks;
  RowMarks number_marks;
  RowMarks usual_marks;
  const bool usual = ReadUsualNumbers(value, arena, numbers, usual_marks) != nullptr;
  numbers = {};
  if (!DecodePageRow(key, value, "f", arena, whole, kRowUrl, &marks)) return usual;
  EXPECT_TRUE(DecodePageRow(key, value, "f", arena, numbers, RowParts{}, &number_marks));
  EXPECT_EQ(NumbersOf(numbers), NumbersOf(whole));
  EXPECT_EQ(number_marks.statements, marks.statements);
  EXPECT_EQ(number_marks.facts, marks.facts);
  EXPECT_EQ(number_marks.host_form, marks.host_form);
  EXPECT_TRUE(number_marks.SameUrl(marks));
  return usual;
}

TEST(RowUrl, IsToldByItsKey) {
  EXPECT_EQ(UrlBytes("https://www.example.org/"), 0U);
  EXPECT_EQ(UrlBytes("http://example.org:8080/a/b?c=d"), 0U);
  EXPECT_EQ(UrlBytes("https://example.org/a/b/"), 0U);
  EXPECT_EQ(UrlBytes("https://example.org/a/?b=1"), 0U);
  EXPECT_EQ(UrlBytes("https://example.org/Article?Page=2"), 3U);  // a count, two gaps
  EXPECT_EQ(UrlBytes("https://example.org/x?b=1&a=2&a=1"), 4U);   // a count, three parts
  EXPECT_EQ(UrlBytes("https://example.org/%E3%81%82"), 0U);       // upper case escapes
}

TEST(RowUrl, OthersAreTexts) {
  for (const std::string_view url :
       {"",
        "x",
        "http://",
        "HTTP://example.org/",
        "https://user:pw@example.org/a",
        "https://example.org",
        "https://example.org?x",
        "https://example.org:443/",
        "http://[2600:1f18::150a]:81/robots.txt",
        "http://192.168.1.254/info/",
        "https://www2.example.org/",
        "https://www.www.example.org/",
        "https://EXAMPLE.org/",
        "https://example.org/a#b",
        "https://example.org//a/../b",
        "https://example.org/%e3%81%E3",
        "https://example.org/a;jsessionid=0123456789ABCDEF0123456789ABCDEF?x",
        "https://example.org/\xC3\xA9",
        "dns:example.org",
        "https://example.org/?b&a&",
        "https://example.org/a?x&x&X",
        "https://example.org/%%41%a%"}) {
    EXPECT_LE(UrlBytes(url), url.size() + 1) << url;
  }
}

TEST(RowUrl, AnyBytesAreAUrlOrAnError) {
  const std::string stored = StoredOf("https://example.org:81/a/b?b=1&a=2&c=3");
  std::uint64_t seed = 1;
  for (int i = 0; i < 20'000; ++i) {
    std::string data;
    for (int j = 0; j < 6; ++j) {
      seed = seed * 6364136223846793005 + 1442695040888963407;
      data.push_back(static_cast<char>(seed >> 60));
    }
    Arena arena(256);
    RowUrl read;
    ByteReader reader(data);
    Ignore(DecodeRowUrl(static_cast<std::uint8_t>(seed >> 32), stored, reader, arena, read)
               ? Status()
               : Fail(ErrorCode::kCorrupt, "no url"),
           "must only not crash");
    EXPECT_LE(read.host_end, read.url.size() + 64);
  }
}

// Words are on disk by number.
TEST(RowWords, NumbersNeverMove) {
  EXPECT_EQ(WordNumber(""), 1U);
  EXPECT_EQ(WordNumber("text/html"), 2U);
  EXPECT_EQ(WordNumber("no such word"), 0U);
  std::string all;
  bool valid = true;
  for (std::uint32_t number = 1; number <= WordCount(); ++number) {
    std::string bytes;
    ByteWriter(bytes).Varint(number);
    ByteReader reader(bytes);
    const std::string_view word = ReadWord(reader, valid);
    EXPECT_EQ(WordNumber(word), number) << word << " is in the table twice";
    all += std::string(word) + "\n";
  }
  EXPECT_TRUE(valid);
  std::string bytes;
  ByteWriter(bytes).Varint(WordCount() + 1);
  ByteReader reader(bytes);
  ReadWord(reader, valid);
  EXPECT_FALSE(valid);
}

TEST(Rows, RealCapturesAreReadBack) {
  // Those in the repository, or a larger collection.
  const char* given = std::getenv("CRAWLCARD_CORPORA");
  const std::string corpora = given != nullptr ? given : CRAWLCARD_TEST_DATA;
  std::uint64_t rows = 0;
  std::uint64_t urls_as_text = 0;
  std::uint64_t pages = 0;
  std::uint64_t usual = 0;
  Arena arena;
  std::string key;
  std::string value;
  ObserveHandlers handlers;
  handlers.on_damage = [](const Error&) {};
  handlers.on_capture = [&](const CaptureView& capture) -> Status {
    arena.Reset();
    const bool host = IsHostRow(capture);
    CaptureView written = capture;
    written.signals = capture.signals.first(capture.signals.size() - capture.well_known_signals);
    host ? EncodeHostKey(capture, key) : EncodePageKey(capture, key);
    EncodeCapture(capture, value);
    CaptureView read;
    const Status status = host ? DecodeHostRow(key, value, capture.file, arena, read)
                               : DecodePageRow(key, value, capture.file, arena, read);
    EXPECT_TRUE(status) << capture.url;
    EXPECT_EQ(FactsOf(read), FactsOf(written));
    // A part of a row is what the whole row has there.
    CaptureView part;
    RowMarks marks;
    if (!host && DecodePageRow(key, value, capture.file, arena, part, kRowUrl, &marks)) {
      EXPECT_EQ(part.url, read.url);
      EXPECT_EQ(part.host, read.host);
      EXPECT_EQ(part.status, read.status);
      EXPECT_TRUE(part.signals.empty());
      EXPECT_EQ(marks.statements.empty(), read.signals.empty() && read.licences.empty());
      if (marks.path_begin == 0) ++urls_as_text;
      ++pages;
      if (ReadsTheSameNumbers(key, value)) ++usual;
      for (std::size_t i = 0; i < value.size() && rows < 40; ++i) {
        std::string damaged = value;
        damaged[i] = static_cast<char>(damaged[i] ^ (1 << i % 8));
        ReadsTheSameNumbers(key, damaged);
        ReadsTheSameNumbers(key, value.substr(0, i));
      }
    }
    ++rows;
    return {};
  };
  for (const auto& entry : std::filesystem::recursive_directory_iterator(corpora)) {
    const std::string path = entry.path().string();
    const bool archive = path.ends_with(".warc.gz") || path.ends_with(".warc") ||
                         path.ends_with(".wat.gz") || path.ends_with(".arc.gz");
    if (!archive || !entry.is_regular_file()) continue;
    auto source = FileSource::Open(path);
    ASSERT_TRUE(source);
    // Damaged samples are among them: what comes before the damage counts.
    Ignore(
        [&]() -> Status {
          CRAWLCARD_TRY(ObserveFile(**source, ArchiveName(path, ""), {}, handlers));
          return {};
        }(),
        "some samples are no archives");
  }
  EXPECT_GT(rows, 30U);
  EXPECT_LT(urls_as_text * 10, rows);
  EXPECT_GT(usual * 2, pages) << "the quicker way is not taken";
}

}  // namespace
}  // namespace crawlcard::index
