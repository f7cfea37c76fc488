// crawler/internal/await_fetch.h - one fetch as an awaitable.
//
//   FetchRequest request = ...;            // named: see docs/architecture.md, coroutines
//   FetchResult result = co_await AwaitFetch(fetcher, std::move(request));
//
#pragma once

#include <memory>
#include <utility>

#include <boost/asio/async_result.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/use_awaitable.hpp>

#include "crawler/fetcher.h"

namespace crawlcard::crawler {

template <class Completion>
class AwaitingHandler final : public FetchHandler {
 public:
  explicit AwaitingHandler(Completion completion) : completion_(std::move(completion)) {}
  void OnDone(FetchResult result) override { std::move(completion_)(std::move(result)); }

 private:
  Completion completion_;
};

inline boost::asio::awaitable<FetchResult> AwaitFetch(Fetcher& fetcher, FetchRequest request) {
  auto start = [&fetcher](auto completion, FetchRequest asked) {
    using Handler = AwaitingHandler<decltype(completion)>;
    auto handler = std::make_unique<Handler>(std::move(completion));
    fetcher.Start(std::move(asked), std::move(handler));
  };
  co_return co_await boost::asio::async_initiate<const boost::asio::use_awaitable_t<>,
                                                 void(FetchResult)>(
      std::move(start), boost::asio::use_awaitable, std::move(request));
}

}  // namespace crawlcard::crawler
