// Allocations: in steady state small records of text, requests and metadata take no memory of their
// own on their way from the archive's bytes to facts.
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "base/byte_source.h"
#include "index/ingest/observe.h"
#include "tests/allocations.h"
#include "tests/index/warc_builder.h"

namespace crawlcard::index {
namespace {

constexpr int kCaptures = 400;
constexpr std::string_view kDate = "2026-10-01T00:00:00Z";

// Allocations between the middle and the end of the file, for each capture.
double AllocationsPerCapture(const WarcBuilder& warc) {
  MemorySource source(warc.bytes());
  std::uint64_t captures = 0;
  std::uint64_t at_middle = 0;
  std::uint64_t at_end = 0;
  ObserveHandlers handlers;
  handlers.on_capture = [&](const CaptureView& /*capture*/) -> Status {
    ++captures;
    if (captures == kCaptures / 2) at_middle = allocations.load();
    if (captures == kCaptures) at_end = allocations.load();
    return {};
  };
  ObserveFileOptions options;
  options.language = LanguageMode::kArchive;
  EXPECT_TRUE(ObserveFile(source, "t.warc.gz", options, handlers));
  EXPECT_EQ(captures, static_cast<std::uint64_t>(kCaptures));
  return static_cast<double>(at_end - at_middle) / (kCaptures / 2);
}

std::string UrlOf(int number, std::string_view path) {
  // Longer than what std::string keeps in place, a host of its own for each.
  return fmt::format("https://www.some-longer-name-{}.example.org/{}", number, path);
}

TEST(RecordCost, TextWithRequestAndMetadata) {
  if (!kCountsAllocations) GTEST_SKIP() << "a sanitizer has its own allocation functions";
  WarcBuilder warc;
  for (int i = 0; i < kCaptures; ++i) {
    const std::string url = UrlOf(i, "notes/of/the/day.txt");
    warc.Record("request", url, kDate, {{"Content-Type", "application/http; msgtype=request"}},
                "GET /notes/of/the/day.txt HTTP/1.1\r\nHost: example.org\r\n\r\n");
    warc.Response(url, kDate, "200 OK",
                  {{"Content-Type", "text/plain; charset=utf-8"}, {"Server", "one of those"}},
                  "A few lines of text that nobody will ever mark up.\n");
    warc.Metadata(url, kDate, "fetchTimeMs: 120\r\ncharset-detected: UTF-8\r\n");
  }
  EXPECT_EQ(AllocationsPerCapture(warc), 0);
}

TEST(RecordCost, Revisits) {
  if (!kCountsAllocations) GTEST_SKIP() << "a sanitizer has its own allocation functions";
  WarcBuilder warc;
  for (int i = 0; i < kCaptures; ++i) {
    warc.Record(
        "revisit", UrlOf(i, "page"), kDate,
        {{"Content-Type", "application/http; msgtype=response"},
         {"WARC-Profile", "http://netpreserve.org/warc/1.0/revisit/identical-payload-digest"},
         {"WARC-Payload-Digest", "sha1:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"}},
        "HTTP/1.1 304 Not Modified\r\nServer: one of those\r\n\r\n");
  }
  EXPECT_EQ(AllocationsPerCapture(warc), 0);
}

TEST(RecordCost, Fonts) {
  if (!kCountsAllocations) GTEST_SKIP() << "a sanitizer has its own allocation functions";
  WarcBuilder warc;
  for (int i = 0; i < kCaptures; ++i) {
    warc.Response(UrlOf(i, "letters.woff2"), kDate, "200 OK", {{"Content-Type", "font/woff2"}},
                  std::string("wOF2\0\1\0\0", 8) + std::string(400, 'x'));
  }
  EXPECT_EQ(AllocationsPerCapture(warc), 0);
}

}  // namespace
}  // namespace crawlcard::index
