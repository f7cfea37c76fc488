// A fetcher that may go to 127.0.0.0/8, names from a table, and one call that waits for an answer.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include <gtest/gtest.h>

#include "crawler/curl_fetcher.h"
#include "crawler/static_resolver.h"

namespace crawlcard::crawler {

inline AddressRange RangeOf(std::string_view text) {
  return AddressRange::Parse(text).value();
}
inline IpAddress AddressFrom(std::string_view text) {
  return IpAddress::Parse(text).value();
}

inline CurlFetcherOptions LoopbackOptions() {
  CurlFetcherOptions options;
  options.guard = AddressGuard({RangeOf("127.0.0.0/8")});
  options.shards = 4;
  return options;
}

// Keeps the result.
class Keeper final : public FetchHandler {
 public:
  explicit Keeper(std::optional<FetchResult>& result) : result_(result) {}
  void OnDone(FetchResult result) override {
    EXPECT_FALSE(result_.has_value()) << "answered twice";
    result_ = std::move(result);
  }

 private:
  std::optional<FetchResult>& result_;
};

class FetchFixture : public testing::Test {
 protected:
  void SetUp() override { Open(); }

  void Open(Connector* connector = nullptr) {
    fetcher_.reset();
    const UserAgent agent = UserAgent::Make("crawlcard", "1", "bot@example.org").value();
    Result<std::unique_ptr<Fetcher>> made =
        MakeCurlFetcher(loop_, resolver_, agent, options_, connector);
    ASSERT_TRUE(made) << made.error().ToString();
    fetcher_ = std::move(*made);
  }

  static FetchRequest RequestFor(std::string_view url) {
    Result<TargetUrl> target = TargetUrl::Parse(url);
    EXPECT_TRUE(target) << target.error().ToString();
    FetchRequest request;
    request.url = std::move(*target);
    request.deadlines.total = std::chrono::seconds(8);
    return request;
  }

  FetchResult Fetch(FetchRequest request) {
    std::optional<FetchResult> result;
    fetcher_->Start(std::move(request), std::make_unique<Keeper>(result));
    EXPECT_FALSE(result) << "answered inside Start()";
    loop_.Run();
    EXPECT_TRUE(result);
    EXPECT_EQ(fetcher_->in_flight(), 0U);
    return result ? std::move(*result) : FetchResult();
  }
  FetchResult Fetch(std::string_view url) { return Fetch(RequestFor(url)); }

  EventLoop loop_;
  StaticResolver resolver_;
  CurlFetcherOptions options_ = LoopbackOptions();
  std::unique_ptr<Fetcher> fetcher_;
};

}  // namespace crawlcard::crawler
