// Keys and values: what is written is read back, sorts as it should, and stays as released.
#include "index/schema.h"

#include <algorithm>
#include <array>
#include <cstdlib>
#include <fstream>
#include <sstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/digest.h"
#include "base/json_writer.h"
#include "index/limits.h"
#include "page/surt.h"
#include "page/url.h"

namespace crawlcard::index {
namespace {

// A capture with every member set; static text only.
struct FullCapture {
  std::array<std::string_view, 2> flags{"robots.typo", "x.y"};
  std::array<robots::Signal, 1> signals{};
  std::array<page::Licence, 1> licences{};
  std::array<page::Language, 2> languages{{{"spa", 0.69F}, {"eng", 0.31F}}};
  std::array<std::string_view, 1> unobserved{"body"};
  std::array<std::string_view, 2> notes{"http.bad_header_line", "warc.extra_crlf"};
  std::array<std::string_view, 1> prose{"All rights reserved."};
  const std::string digest = std::string(32, '\x20');
  CaptureView capture;

  FullCapture() {
    robots::Signal& signal = signals[0];
    signal.family = robots::Family::kRobotsMeta;
    signal.carrier = robots::Carrier::kHttpHeader;
    signal.use = robots::Axis::kTrain;
    signal.says = robots::Says::kDeny;
    signal.confidence = robots::SignalConfidence::kMedium;
    signal.location = "header line 3";
    signal.agent = "*";
    signal.scope = "/news/";
    signal.key = "noai";
    signal.value = "noai";
    signal.condition = "none";
    signal.raw = "X-Robots-Tag: noai";
    signal.flags = flags;
    page::Licence& licence = licences[0];
    licence.spdx = "CC-BY-SA-4.0";
    licence.name = "CC BY-SA";
    licence.url = "https://creativecommons.org/licenses/by-sa/4.0/";
    licence.location = "a-rel";
    licence.scope = "page";
    licence.region = "footer";
    licence.confidence = page::Confidence::kMedium;
    licence.node_type = "Article";
    licence.subject = "https://www.example.org/x";
    licence.raw = "<a rel=license>";
    licence.flags = flags;
    capture.url = "https://www.example.org:8443/a?b=1";
    capture.surt = "org,example:8443)/a?b=1";
    capture.host = "www.example.org";
    capture.domain = "example.org";
    capture.date = 1'790'939'753;
    capture.file = "crawl-data/X/a.warc.gz";
    capture.extent = {123, 456, 0};
    capture.record_id = "<urn:uuid:1>";
    capture.record_type = warc::RecordType::kRevisit;
    capture.status = 301;
    capture.content_type = "text/html";
    capture.identified_type = "application/xhtml+xml";
    capture.charset = "utf-8";
    capture.languages.source = page::LanguageSource::kArchive;
    capture.languages.languages = languages;
    capture.languages.reliable = true;
    capture.digest = "sha1:ABC";
    capture.payload_bytes = 12345;
    capture.text_bytes = 2345;
    capture.truncated = "length";
    capture.redirect = "https://www.example.org/b";
    capture.signals = signals;
    capture.licences = licences;
    capture.rights.page_licence = "CC-BY-SA-4.0";
    capture.rights.careful = "CC-BY-NC-4.0";
    capture.rights.copyright_holder = "Example";
    capture.rights.copyright_year = 2024;
    capture.rights.disagreement = true;
    capture.rights.access = page::Access::kPaid;
    capture.rights.prose = prose;
    capture.document = robots::DocumentKind::kRsl;
    capture.body_sha256 = digest;
    capture.unobserved = unobserved;
    capture.notes = notes;
    capture.is_html = true;
  }
};

std::string FactsOf(const CaptureView& capture) {
  std::string text;
  JsonWriter json(text);
  WriteFacts(capture, json);
  return text;
}

std::string PageKey(std::string_view url, std::optional<UnixSeconds> date = 0,
                    std::uint64_t offset = 0, std::uint64_t inner = 0) {
  CaptureView capture;
  const std::optional<std::string> surt = page::SurtKey(url);
  const std::string host = page::HostOf(url);
  capture.url = url;
  capture.surt = surt ? std::string_view(*surt) : std::string_view();
  capture.host = host;
  capture.date = date;
  capture.file = "f";
  capture.extent = {offset, 1, inner};
  std::string key;
  EncodePageKey(capture, key);
  return key;
}

TEST(IndexSchema, PageRowIsReadBackAsItWasWritten) {
  const FullCapture full;
  std::string key;
  std::string value;
  EncodePageKey(full.capture, key);
  EncodeCapture(full.capture, value);
  Arena arena;
  CaptureView read;
  const Status status = DecodePageRow(key, value, full.capture.file, arena, read);
  ASSERT_TRUE(status) << status.error().ToString();
  EXPECT_EQ(FactsOf(read), FactsOf(full.capture));
  EXPECT_EQ(read.languages.languages[0].share, 0.69F);
  EXPECT_TRUE(read.languages.reliable);
  EXPECT_EQ(read.signals[0].confidence, robots::SignalConfidence::kMedium);
}

TEST(IndexSchema, HostRowIsReadBackAsItWasWritten) {
  FullCapture full;
  full.capture.url = "http://www.example.org/robots.txt";
  full.capture.surt = "org,example)/robots.txt";
  full.capture.extent = {7, 8, 9};
  full.capture.well_known = robots::WellKnown::kRobotsTxt;
  full.capture.fetch_state = robots::FetchState::kOk;
  const std::string digest(32, '\x20');
  full.capture.body_sha256 = digest;
  std::string key;
  std::string value;
  ASSERT_TRUE(IsHostRow(full.capture));
  EncodeHostKey(full.capture, key);
  EncodeCapture(full.capture, value);

  HostKeyView place;
  ASSERT_TRUE(DecodeHostKey(key, place));
  EXPECT_EQ(place.scheme, "http");
  EXPECT_EQ(place.host, "www.example.org");
  EXPECT_EQ(place.port, 80U);
  EXPECT_EQ(place.place.inner_offset, 9U);
  std::string origin;
  ASSERT_TRUE(AppendOriginPrefix("http://www.example.org:80/x", "org,example)/x", origin));
  EXPECT_EQ(place.origin, origin);

  Arena arena;
  CaptureView read;
  const Status status = DecodeHostRow(key, value, full.capture.file, arena, read);
  ASSERT_TRUE(status) << status.error().ToString();
  EXPECT_EQ(FactsOf(read), FactsOf(full.capture));
}

// Statements of a robots.txt body are in the blob, not in each row that saw it.
TEST(IndexSchema, RowHoldsNoStatementsOfTheBody) {
  FullCapture full;
  full.capture.well_known_signals = 1;
  std::string key;
  std::string value;
  EncodePageKey(full.capture, key);
  EncodeCapture(full.capture, value);
  Arena arena;
  CaptureView read;
  ASSERT_TRUE(DecodePageRow(key, value, "f", arena, read));
  EXPECT_TRUE(read.signals.empty());
}

TEST(IndexSchema, UndatedCaptureIsReadBackUndatedAndSortsFirst) {
  const std::string undated = PageKey("http://a.org/", std::nullopt);
  PageKeyView view;
  ASSERT_TRUE(DecodePageKey(undated, view));
  EXPECT_FALSE(view.place.date.has_value());
  EXPECT_LT(undated, PageKey("http://a.org/", -5));
  EXPECT_LT(PageKey("http://a.org/", -5), PageKey("http://a.org/", 0));
  EXPECT_LT(PageKey("http://a.org/", 0), PageKey("http://a.org/", 5));
}

TEST(IndexSchema, PlaceBreaksTies) {
  EXPECT_NE(PageKey("http://a.org/", 1, 1), PageKey("http://a.org/", 1, 2));
  EXPECT_NE(PageKey("http://a.org/", 1, 1), PageKey("http://a.org/", 1, 1, 3));
  EXPECT_EQ(PageKey("http://a.org/", 1, 1, 3).size(), PageKey("http://a.org/", 1, 1).size() + 2);
}

// All pages of a host, whatever the port, and all hosts of a domain are one range each.
TEST(IndexSchema, HostsAndDomainsAreRanges) {
  std::vector<std::string> urls{"http://example-foo.org/",  "http://example.org:8080/z",
                                "http://www.example.org/b", "http://sub.example.org/",
                                "http://example.org/a",     "http://sub.example.org:81/"};
  std::sort(urls.begin(), urls.end(),
            [](const auto& a, const auto& b) { return PageKey(a) < PageKey(b); });
  EXPECT_THAT(urls,
              ::testing::ElementsAre("http://example.org/a", "http://www.example.org/b",
                                     "http://example.org:8080/z", "http://sub.example.org/",
                                     "http://sub.example.org:81/", "http://example-foo.org/"));
}

TEST(IndexSchema, SurtSurvivesItsStoredForm) {
  for (const std::string_view url :
       {"http://www.example.org:8080/a,b:c)d?e=f:g", "http://[2600:1f18::150a]/robots.txt",
        "http://[2600:1f18::150a]:81/robots.txt", "http://192.168.1.254/info/", "http://host/"}) {
    const std::optional<std::string> surt = page::SurtKey(url);
    ASSERT_TRUE(surt) << url;
    std::string stored;
    AppendStoredSurt(*surt, page::HostOf(url), stored);
    EXPECT_EQ(SurtFromStored(stored), *surt);
  }
}

TEST(IndexSchema, PortsOfAnIpv6HostShareItsGroup) {
  const auto group_of = [](std::string_view url) {
    std::string stored;
    AppendStoredSurt(*page::SurtKey(url), page::HostOf(url), stored);
    return std::string(GroupOfStored(stored));
  };
  EXPECT_EQ(group_of("http://[2600:1f18::150a]:81/x"), group_of("http://[2600:1f18::150a]/y"));
}

TEST(IndexSchema, UrlWithoutAKeyIsStoredUnderADash) {
  CaptureView capture;
  capture.url = "http://example.org:abc/";
  std::string key;
  EncodePageKey(capture, key);
  EXPECT_EQ(key.substr(0, 2), std::string("-\0", 2));
  std::string value;
  EncodeCapture(capture, value);
  Arena arena;
  CaptureView read;
  ASSERT_TRUE(DecodePageRow(key, value, "f", arena, read));
  EXPECT_EQ(read.surt, "");
  EXPECT_EQ(read.url, capture.url);
}

TEST(IndexSchema, SurtOverItsLimitIsNoKey) {
  const std::string at_limit = "org,example)/" + std::string(limits::kKeyUrlBytesMax - 13, 'a');
  std::string stored;
  AppendStoredSurt(at_limit, "example.org", stored);
  EXPECT_EQ(stored.size(), limits::kKeyUrlBytesMax);
  stored.clear();
  AppendStoredSurt(at_limit + "a", "example.org", stored);
  EXPECT_EQ(stored, "-");
}

TEST(IndexSchema, AnyCutOrChangedByteIsAnErrorOrARow) {
  const FullCapture full;
  std::string key;
  std::string value;
  EncodePageKey(full.capture, key);
  EncodeCapture(full.capture, value);
  Arena arena;
  CaptureView read;
  for (std::size_t i = 0; i < value.size(); ++i) {
    EXPECT_FALSE(DecodePageRow(key, value.substr(0, i), "f", arena, read)) << i;
    for (const char c : {'\x00', '\xFF', '\x7F'}) {
      std::string changed = value;
      changed[i] = c;
      Ignore(DecodePageRow(key, changed, "f", arena, read), "must only not crash");
    }
    arena.Reset();
  }
  for (std::size_t i = 0; i < key.size(); ++i) {
    PageKeyView view;
    EXPECT_FALSE(DecodePageKey(key.substr(0, i), view));
    HostKeyView host;
    EXPECT_FALSE(DecodeHostKey(key.substr(0, i), host));
  }
}

TEST(IndexSchema, LaterValueVersionIsASchemaError) {
  const FullCapture full;
  std::string key;
  std::string value;
  EncodePageKey(full.capture, key);
  EncodeCapture(full.capture, value);
  value[0] = 2;
  Arena arena;
  CaptureView read;
  const Status status = DecodePageRow(key, value, "f", arena, read);
  ASSERT_FALSE(status);
  EXPECT_EQ(status.error().code(), ErrorCode::kSchema);
}

// Of a value whose body is shorter than 128 bytes.
constexpr std::size_t kBlobFormAt = 2;

FileEntry FullEntry() {
  FileEntry entry;
  entry.name = "crawl-data/X/a.warc.gz";
  entry.snapshot = "X";
  entry.bytes = 1000;
  entry.content_xxh3 = "00112233445566778899aabbccddeeff";
  entry.counts.records = 10;
  entry.counts.captures = 3;
  entry.counts.damaged = 1;
  entry.counts.inflated_bytes = 5000;
  entry.counts.errors["corrupt"] = 1;
  entry.counts.notes["http.bad_header_line"] = 2;
  entry.counts.types["response"] = 3;
  entry.info.is_part_of = "X";
  entry.info.software = "s";
  entry.info.robots = "r";
  entry.info.operator_name = "o";
  entry.info.user_agent = "u";
  entry.info.description = "d";
  entry.fact_version = 1;
  entry.sealed = true;
  entry.sealed_at = 1'790'000'000;
  return entry;
}

TEST(IndexSchema, LedgerEntryIsReadBackAsItWasWritten) {
  const FileEntry entry = FullEntry();
  std::string value;
  EncodeFileEntry(entry, value);
  const Result<FileEntry> read = DecodeFileEntry(value);
  ASSERT_TRUE(read);
  EXPECT_EQ(*read, entry);
  for (std::size_t i = 0; i < value.size(); ++i) {
    EXPECT_FALSE(DecodeFileEntry(std::string_view(value).substr(0, i)));
  }
}

TEST(IndexSchema, BlobIsReadBackUpToItsLimit) {
  std::string value;
  std::string body;
  for (const std::size_t bytes : {std::size_t{0}, std::size_t{1}, limits::kBlobBytesMax}) {
    const std::string text(bytes, 'x');
    EncodeBlob(text, value);
    ASSERT_TRUE(DecodeBlob(value, body));
    EXPECT_EQ(body, text);
    EXPECT_EQ(DecodeBlobHead(value)->bytes, bytes);
  }
  EncodeBlob(std::string(limits::kBlobBytesMax + 1, 'x'), value);
  EXPECT_FALSE(DecodeBlob(value, body));
}

TEST(IndexSchema, BlobThatIsNotWhatItSaysIsCorrupt) {
  std::string value;
  std::string body;
  for (const std::string_view text :
       {"User-agent: *\nDisallow: /\n", "User-agent: *\nSitemap: https://a.org/s.xml\n"}) {
    EncodeBlob(text, value);
    for (std::size_t i = 0; i < value.size(); ++i) {
      const Status cut = DecodeBlob(std::string_view(value).substr(0, i), body);
      ASSERT_FALSE(cut) << i;
      EXPECT_EQ(cut.error().code(), ErrorCode::kCorrupt) << i;
    }
  }
  value[kBlobFormAt] = 2;
  ASSERT_FALSE(DecodeBlobHead(value));
  EXPECT_EQ(DecodeBlobHead(value).error().code(), ErrorCode::kCorrupt);
}

TEST(IndexSchema, BlobStandsWithItsForm) {
  std::string plain;
  EncodeBlob("User-agent: *\nSitemap: /\nDisallow: /a\n", plain);
  EXPECT_EQ(DecodeBlobHead(plain)->form, "") << "its own";
  for (const std::string_view address : {"https://a.org/sitemap.xml", "//b.org"}) {
    const std::string body = fmt::format("User-agent: *\nSitemap: {}\nDisallow: /a\n", address);
    std::string value;
    EncodeBlob(body, value);
    const Sha256Digest digest = Sha256("User-agent: *\nSitemap: /\nDisallow: /a\n");
    EXPECT_EQ(DecodeBlobHead(value)->form, std::string(digest.begin(), digest.end()));
    std::string read;
    ASSERT_TRUE(DecodeBlob(value, read));
    EXPECT_EQ(read, body);
  }
}

TEST(IndexSchema, LaterBlobVersionIsASchemaError) {
  std::string value;
  EncodeBlob("User-agent: *\n", value);
  value[0] = 3;
  std::string body;
  const Status status = DecodeBlob(value, body);
  ASSERT_FALSE(status);
  EXPECT_EQ(status.error().code(), ErrorCode::kSchema);
}

std::string GoldenPath(const std::string& name) {
  return std::string(CRAWLCARD_TEST_DATA) + "/index/" + name + ".hex";
}

// Bytes of each released value version: tests/data/index/NAME.hex. CRAWLCARD_GOLDEN=update writes
// those that are missing; one that exists never changes.
void ExpectGolden(const std::string& name, const std::string& bytes) {
  const std::string path = GoldenPath(name);
  std::ifstream in(path);
  if (!in) {
    const char* update = std::getenv("CRAWLCARD_GOLDEN");
    if (update == nullptr || std::string_view(update) != "update") {
      FAIL() << "golden row '" << path << "' is missing";
    }
    std::ofstream(path) << Hex(bytes) << "\n";
    return;
  }
  std::string expected;
  in >> expected;
  EXPECT_EQ(Hex(bytes), expected) << "a released row changed: it needs a new value version";
}

TEST(IndexSchema, GoldenRows) {
  const FullCapture full;
  std::string bytes;
  EncodePageKey(full.capture, bytes);
  ExpectGolden("page_key", bytes);
  EncodeCapture(full.capture, bytes);
  ExpectGolden("capture_v1", bytes);
  EncodeFileEntry(FullEntry(), bytes);
  ExpectGolden("file_entry_v1", bytes);
  CaptureView robots = full.capture;
  robots.url = "https://www.example.org/robots.txt";
  robots.surt = "org,example)/robots.txt";
  robots.well_known = robots::WellKnown::kRobotsTxt;
  EncodeHostKey(robots, bytes);
  ExpectGolden("host_key", bytes);
}

// Frames differ from one release of zstd to the next: these rows are read, and what stands before
// the frame is compared.
TEST(IndexSchema, GoldenBlobs) {
  const std::string_view body =
      "User-agent: *\r\nDisallow: /a\r\n\tSITEMAP : https://www.example.org/s.xml?a=b\r\n"
      "Sitemap:x\n# Sitemap: https://a.org\nSitemap: https://a.org https://b.org\n"
      "Sitemap: https://a.org/disallow:/b\nSitemap:\n";
  for (const bool has_form : {false, true}) {
    std::string hex;
    std::ifstream(GoldenPath(has_form ? "blob_v2" : "blob_v1")) >> hex;
    const std::optional<std::string> value = ParseHex(hex);
    ASSERT_TRUE(value && !value->empty());
    std::string read;
    ASSERT_TRUE(DecodeBlob(*value, read));
    EXPECT_EQ(read, body);
    const Result<BlobHead> head = DecodeBlobHead(*value);
    ASSERT_TRUE(head);
    EXPECT_EQ(head->bytes, body.size());
    EXPECT_EQ(head->form.has_value(), has_form);
    if (!has_form) continue;
    std::string written;
    EncodeBlob(body, written);
    const Result<BlobHead> now = DecodeBlobHead(written);
    ASSERT_TRUE(now);
    EXPECT_EQ(Hex(std::string_view(written).substr(0, written.size() - now->frame.size())),
              Hex(std::string_view(*value).substr(0, value->size() - head->frame.size())))
        << "a released row changed: it needs a new value version";
  }
}

}  // namespace
}  // namespace crawlcard::index
