// The whole job on a real loop, archive and frontier, with a network that exists only here.
#include "crawler/publisher_job.h"

#include <filesystem>
#include <map>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/file.h"
#include "crawler/static_resolver.h"
#include "tests/crawler/scratch.h"
#include "warc/reader.h"

namespace crawlcard::crawler {
namespace {

using testing::AllOf;
using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;

struct Page {
  std::uint16_t status = 404;
  std::string fields = {};
  std::string body = {};
  FetchError error = FetchError::kNone;
};

// Answers from a table, one loop turn later.
class TableFetcher final : public Fetcher {
 public:
  explicit TableFetcher(EventLoop& loop) : loop_(loop) {}

  FetchId Start(FetchRequest request, std::unique_ptr<FetchHandler> handler) override {
    ++requests_;
    const FetchId id = ++last_;
    running_[id] = std::move(handler);
    FetchResult result;
    result.timings.started_unix_ms = 1'790'000'000'000 + static_cast<std::int64_t>(requests_);
    const Page page = pages[request.url.text()];
    const bool known =
        !request.fields.empty() && page.fields.find(request.fields[0].value) != std::string::npos;
    result.error = page.error;
    if (page.error == FetchError::kNone) {
      result.status = known ? 304 : page.status;
      result.request_head = "GET " + request.url.path_and_query() + " HTTP/1.1\r\n\r\n";
      result.buffer.AppendHead("HTTP/1.1 " + std::to_string(result.status) + " X\r\n" +
                               page.fields + "\r\n");
      if (!known) result.buffer.AppendBody(page.body);
      result.http_version = "1.1";
      result.connected = true;
      result.address = *request.address;
    }
    if (hang) return id;
    auto shared = std::make_shared<FetchResult>(std::move(result));
    loop_.Post([this, id, shared] { End(id, std::move(*shared)); });
    return id;
  }
  void Resume(FetchId) override {}
  void Cancel(FetchId id) override {
    loop_.Post([this, id] {
      FetchResult result;
      result.error = FetchError::kCancelled;
      End(id, std::move(result));
    });
  }
  std::size_t in_flight() const override { return running_.size(); }
  std::size_t requests() const { return requests_; }

  std::map<std::string, Page> pages;
  bool hang = false;

 private:
  void End(FetchId id, FetchResult result) {
    const auto found = running_.find(id);
    if (found == running_.end()) return;
    std::unique_ptr<FetchHandler> handler = std::move(found->second);
    running_.erase(found);
    handler->OnDone(std::move(result));
  }

  EventLoop& loop_;
  std::map<FetchId, std::unique_ptr<FetchHandler>> running_;
  FetchId last_ = 0;
  std::size_t requests_ = 0;
};

struct Record {
  warc::RecordType type;
  std::string url;
  std::string block;
  std::string refers_to;
};

class PublisherJobTest : public ScratchTest {
 protected:
  void SetUp() override {
    ScratchTest::SetUp();
    for (const char* name : {"a.test", "b.test"})
      resolver_.Add(name, *IpAddress::Parse("127.0.0.9"));
  }

  Result<PublisherJobSummary> Run(const std::vector<std::string>& seeds,
                                  std::optional<std::int64_t> stale_ms = std::nullopt) {
    PublisherJobOptions options;
    options.engine.politeness = {.host_delay_ms = 1, .address_delay_ms = 1};
    options.engine.retry.base_ms = 1;
    options.engine.stale_ms = stale_ms;
    options.archive.directory = Path("warc");
    options.archive.id_seed[0] = ++seed_;
    options.frontier_directory = Path("warc/frontier");
    options.user_agent = "crawlcard/0 (+https://example.org/bot)";
    options.stop_grace = std::chrono::milliseconds(0);
    return CrawlPublishers({loop_, fetcher_, resolver_, clock_, DiskFileSystem()}, seeds,
                           std::move(options), {}, stop_);
  }

  static std::vector<Record> Read(const std::vector<std::string>& files) {
    std::vector<Record> records;
    for (const std::string& file : files) {
      auto source = FileSource::Open(file);
      EXPECT_TRUE(source) << file;
      warc::Reader reader(**source, {.wanted = warc::kAllRecordTypes});
      while (true) {
        const auto next = reader.Next();
        EXPECT_TRUE(next);
        if (!next || *next == nullptr) break;
        const warc::RecordView& record = **next;
        EXPECT_TRUE(record.notes.empty());
        records.push_back({record.type, std::string(record.Field("WARC-Target-URI")),
                           std::string(record.block), std::string(record.Field("WARC-Refers-To"))});
      }
    }
    return records;
  }
  static std::size_t Count(const std::vector<Record>& records, warc::RecordType type) {
    return static_cast<std::size_t>(std::count_if(
        records.begin(), records.end(), [&](const Record& record) { return record.type == type; }));
  }

  EventLoop loop_;
  TableFetcher fetcher_{loop_};
  StaticResolver resolver_;
  SystemClock clock_;
  std::atomic<bool> stop_{false};
  std::uint8_t seed_ = 0;
};

TEST_F(PublisherJobTest, EverythingFetchedIsInTheArchiveWithItsConduct) {
  fetcher_.pages["https://a.test/robots.txt"] = {200, "", "User-agent: *\nDisallow: /ai.txt\n"};
  fetcher_.pages["https://a.test/"] = {200, "Content-Type: text/html\r\n", "<p>front"};
  fetcher_.pages["https://b.test/robots.txt"] = {.error = FetchError::kTimeout};
  const auto summary = Run({"a.test", "b.test", "ftp://nobody"});
  ASSERT_TRUE(summary) << summary.error().ToString();
  EXPECT_TRUE(summary->finished);
  EXPECT_EQ(summary->seeds_refused, 1U);
  EXPECT_EQ(summary->counts.requests, 7U + 2U);
  EXPECT_EQ(summary->counts.publishers_finished, 2U);
  EXPECT_EQ(summary->counts.errors.at(FetchError::kTimeout), 2U);

  const std::vector<Record> records = Read(summary->sealed_files);
  EXPECT_EQ(records.size(), summary->records);
  EXPECT_EQ(Count(records, warc::RecordType::kRequest), 7U);
  EXPECT_EQ(Count(records, warc::RecordType::kResponse), 7U);
  EXPECT_EQ(Count(records, warc::RecordType::kMetadata), 7U + 2U + 1U)
      << "the failures and the run";
  ASSERT_EQ(records.front().type, warc::RecordType::kWarcinfo);
  EXPECT_THAT(records.front().block,
              AllOf(HasSubstr("http-header-user-agent: crawlcard/0 (+https://example.org/bot)"),
                    HasSubstr("robots: obey"),
                    HasSubstr("crawlcard-budget: one request at a time "
                              "and 1 ms between requests to a host")));
  EXPECT_THAT(
      records.back().block,
      AllOf(HasSubstr("crawlcard-requests: 9"), HasSubstr("crawlcard-complete: yes"),
            HasSubstr("crawlcard-step-disallowed: 1"), HasSubstr("crawlcard-error-timeout: 2")));
}

TEST_F(PublisherJobTest, WhatDidNotChangeIsARevisitOfItsRecord) {
  fetcher_.pages["https://a.test/robots.txt"] = {200, "ETag: \"one\"\r\n", "User-agent: *\n"};
  const auto first = Run({"a.test"});
  ASSERT_TRUE(first);
  const std::size_t requests = fetcher_.requests();
  const auto fresh = Run({"a.test"});
  ASSERT_TRUE(fresh);
  EXPECT_EQ(fetcher_.requests(), requests);
  EXPECT_EQ(fresh->counts.publishers_fresh, 1U);
  EXPECT_TRUE(fresh->sealed_files.empty());

  const auto second = Run({"a.test"}, 0);
  ASSERT_TRUE(second);
  EXPECT_EQ(second->run, 3U);
  const std::vector<Record> records = Read(second->sealed_files);
  ASSERT_EQ(Count(records, warc::RecordType::kRevisit), 1U);
  const auto revisit = std::find_if(records.begin(), records.end(), [](const Record& record) {
    return record.type == warc::RecordType::kRevisit;
  });
  EXPECT_EQ(revisit->url, "https://a.test/robots.txt");
  EXPECT_THAT(revisit->refers_to, HasSubstr("urn:uuid:"));
}

TEST_F(PublisherJobTest, AStopSealsAndTheNextRunGoesOn) {
  fetcher_.hang = true;
  stop_ = true;
  const auto stopped = Run({"a.test"});
  ASSERT_TRUE(stopped) << stopped.error().ToString();
  EXPECT_FALSE(stopped->finished);
  EXPECT_EQ(fetcher_.in_flight(), 0U);
  stop_ = false;
  fetcher_.hang = false;
  const auto resumed = Run({});
  ASSERT_TRUE(resumed);
  EXPECT_TRUE(resumed->finished);
  EXPECT_EQ(resumed->counts.publishers_finished, 1U);
}

TEST_F(PublisherJobTest, AStopInMidFlightDropsWhatHangs) {
  fetcher_.hang = true;
  loop_.After(std::chrono::milliseconds(50), [this] { stop_ = true; });
  const auto stopped = Run({"a.test", "b.test"});
  ASSERT_TRUE(stopped) << stopped.error().ToString();
  EXPECT_FALSE(stopped->finished);
  EXPECT_GT(fetcher_.requests(), 0U);
  EXPECT_EQ(fetcher_.in_flight(), 0U);
}

TEST_F(PublisherJobTest, AnUnknownNameIsAFailureOnRecord) {
  const auto summary = Run({"nobody.test"});
  ASSERT_TRUE(summary);
  EXPECT_TRUE(summary->finished);
  EXPECT_EQ(summary->counts.requests, 0U);
  EXPECT_GT(summary->counts.errors.at(FetchError::kNameNotFound), 0U);
}

}  // namespace
}  // namespace crawlcard::crawler
