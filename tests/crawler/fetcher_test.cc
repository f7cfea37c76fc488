// Whole answers and streams, as they should go.
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <gtest/gtest.h>

#include "base/codec.h"
#include "base/text.h"
#include "crawler/internal/asio_loop.h"
#include "crawler/internal/await_fetch.h"
#include "crawler/limits.h"
#include "tests/crawler/fetch_fixture.h"
#include "tests/crawler/loopback_server.h"

namespace crawlcard::crawler {
namespace {

class FetcherTest : public FetchFixture {};

TEST_F(FetcherTest, KeepsHeadAndBodyAsTheyCame) {
  const std::string head =
      "HTTP/1.1 200 Fine\r\nX-Odd:  two blanks \r\nServer: t\r\nContent-Length: 5\r\n\r\n";
  LoopbackServer server([&](Peer& peer) { peer.Send(head + "hello"); });
  const FetchResult result = Fetch(server.Url("/a?b=c"));
  EXPECT_EQ(result.error, FetchError::kNone) << result.message;
  EXPECT_EQ(result.status, 200);
  EXPECT_EQ(result.buffer.head(), head);
  EXPECT_EQ(result.buffer.body(), "hello");
  EXPECT_EQ(result.buffer.block(), head + "hello");
  EXPECT_EQ(result.body_bytes, 5U);
  EXPECT_EQ(result.truncation, warc::Truncation::kNone);
  EXPECT_EQ(result.http_version, "1.1");
  EXPECT_EQ(result.address.ToString(), "127.0.0.1");
  EXPECT_TRUE(result.connected);
  EXPECT_FALSE(result.reused_connection);
  EXPECT_EQ(result.tls_version, "");
  EXPECT_GT(result.timings.started_unix_ms, 1'500'000'000'000);
  EXPECT_GT(result.timings.connected.count(), 0);
  EXPECT_GE(result.timings.first_byte, result.timings.connected);
  EXPECT_GE(result.timings.total, result.timings.first_byte);
}

TEST_F(FetcherTest, RequestHeadIsWhatTheServerRead) {
  LoopbackServer server([](Peer& peer) { peer.Answer(""); });
  FetchRequest request = RequestFor(server.Url("/./x/../y?q#frag"));
  request.fields = {{"If-None-Match", "\"abc\""}, {"If-Modified-Since", "now"}};
  const FetchResult result = Fetch(std::move(request));
  ASSERT_EQ(server.requests().size(), 1U);
  EXPECT_EQ(server.requests()[0], result.request_head);
  EXPECT_EQ(result.request_head,
            "GET /./x/../y?q HTTP/1.1\r\nHost: 127.0.0.1:" + std::to_string(server.port()) +
                "\r\nAccept: */*\r\nUser-Agent: crawlcard/1 (+mailto:bot@example.org)\r\n"
                "Accept-Encoding: gzip, br, zstd\r\nIf-None-Match: \"abc\"\r\n"
                "If-Modified-Since: now\r\n\r\n");
}

TEST_F(FetcherTest, NothingIsLeftOverFromTheRequestBefore) {
  LoopbackServer server(
      [](Peer& peer) { peer.Answer("x", "Set-Cookie: a=b; Path=/\r\nETag: \"1\"\r\n"); });
  FetchRequest first = RequestFor(server.Url("/1"));
  first.fields = {{"If-None-Match", "\"abc\""}};
  first.accept_codings = false;
  Fetch(std::move(first));
  const FetchResult second = Fetch(server.Url("/2"));
  EXPECT_TRUE(second.reused_connection);
  EXPECT_EQ(second.address.ToString(), "127.0.0.1");
  EXPECT_EQ(second.timings.connected.count(), 0);
  ASSERT_EQ(server.requests().size(), 2U);
  EXPECT_EQ(server.connections(), 1);
  EXPECT_EQ(server.requests()[0].find("Accept-Encoding"), std::string::npos);
  EXPECT_EQ(server.requests()[1],
            "GET /2 HTTP/1.1\r\nHost: 127.0.0.1:" + std::to_string(server.port()) +
                "\r\nAccept: */*\r\nUser-Agent: crawlcard/1 (+mailto:bot@example.org)\r\n"
                "Accept-Encoding: gzip, br, zstd\r\n\r\n");
}

// ISO 28500 section 6.3.2: a response record holds the message as it was received.
TEST_F(FetcherTest, ChunksAndCodingsStay) {
  const std::string packed = GzipMember("body body body", 6);
  const std::string chunked =
      fmt::format("{:x}\r\n{}\r\n0\r\nX-Trailer: 1\r\n\r\n", packed.size(), packed);
  LoopbackServer server([&](Peer& peer) {
    peer.Send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nContent-Encoding: gzip\r\n\r\n" +
              chunked);
  });
  EXPECT_EQ(Fetch(server.Url("/")).buffer.body(), chunked);
  const FetchResult again = Fetch(server.Url("/"));
  EXPECT_EQ(again.buffer.body(), chunked);
  EXPECT_TRUE(again.reused_connection) << "the end of the chunks was seen";
}

TEST_F(FetcherTest, RedirectsAreNotFollowed) {
  LoopbackServer server([](Peer& peer) {
    peer.Send("HTTP/1.1 302 Found\r\nLocation: /there\r\nContent-Length: 2\r\n\r\ngo");
  });
  const FetchResult result = Fetch(server.Url("/here"));
  EXPECT_EQ(result.error, FetchError::kNone);
  EXPECT_EQ(result.status, 302);
  EXPECT_EQ(result.buffer.body(), "go");
  EXPECT_EQ(server.requests().size(), 1U);
}

TEST_F(FetcherTest, InterimHeadsAreDropped) {
  LoopbackServer server([](Peer& peer) {
    peer.Send(
        "HTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\nHTTP/1.1 204 No Content\r\nA: b\r\n\r\n");
  });
  const FetchResult result = Fetch(server.Url("/"));
  EXPECT_EQ(result.status, 204);
  EXPECT_EQ(result.buffer.block(), "HTTP/1.1 204 No Content\r\nA: b\r\n\r\n");
}

TEST_F(FetcherTest, OldServersEndTheBodyByClosing) {
  LoopbackServer server([](Peer& peer) {
    peer.Send("HTTP/1.0 200 OK\r\n\r\nold");
    peer.Close();
  });
  const FetchResult result = Fetch(server.Url("/"));
  EXPECT_EQ(result.error, FetchError::kNone) << result.message;
  EXPECT_EQ(result.http_version, "1.0");
  EXPECT_EQ(result.buffer.body(), "old");
}

TEST_F(FetcherTest, NextAddressIsTriedWhenOneRefuses) {
  LoopbackServer server([](Peer& peer) { peer.Answer("two"); });
  resolver_.Add("two.test", AddressFrom("127.0.0.77"));  // nobody listens
  resolver_.Add("two.test", AddressFrom("127.0.0.1"));
  const FetchResult result = Fetch(server.Url("/", "two.test"));
  EXPECT_EQ(result.error, FetchError::kNone) << result.message;
  EXPECT_EQ(result.buffer.body(), "two");
  EXPECT_EQ(result.address.ToString(), "127.0.0.1");
  EXPECT_EQ(server.requests()[0].find("\r\nHost: two.test:"), 14U);
}

TEST_F(FetcherTest, GivenAddressIsUsedInsteadOfTheResolver) {
  LoopbackServer server([](Peer& peer) { peer.Answer("given"); });
  FetchRequest request = RequestFor(server.Url("/", "no-such-name.test"));
  request.address = AddressFrom("127.0.0.1");
  EXPECT_EQ(Fetch(std::move(request)).buffer.body(), "given");
}

TEST_F(FetcherTest, ManyAtOnce) {
  LoopbackServer server([](Peer& peer) { peer.Answer(std::string(3000, 'x')); });
  std::vector<std::optional<FetchResult>> results(300);
  for (std::size_t i = 0; i < results.size(); ++i) {
    const std::string host = "host" + std::to_string(i % 30) + ".test";
    if (i < 30) resolver_.Add(host, AddressFrom("127.0.0." + std::to_string(i + 1)));
  }
  // Listening on 127.0.0.1 alone: the other addresses refuse.
  for (std::size_t i = 0; i < results.size(); ++i) {
    const std::string host = "host" + std::to_string(i % 30) + ".test";
    fetcher_->Start(RequestFor(server.Url("/" + std::to_string(i), host)),
                    std::make_unique<Keeper>(results[i]));
  }
  EXPECT_EQ(fetcher_->in_flight(), 300U);
  loop_.Run();
  for (std::size_t i = 0; i < results.size(); ++i) {
    ASSERT_TRUE(results[i]);
    EXPECT_EQ(results[i]->error, i % 30 == 0 ? FetchError::kNone : FetchError::kConnectRefused);
  }
}

// One hop after the other, as a job would follow a redirect.
boost::asio::awaitable<void> FetchTwice(Fetcher& fetcher, FetchRequest first, FetchRequest second,
                                        std::vector<std::string>& bodies) {
  const FetchResult one = co_await AwaitFetch(fetcher, std::move(first));
  bodies.emplace_back(one.buffer.body());
  const FetchResult two = co_await AwaitFetch(fetcher, std::move(second));
  bodies.emplace_back(two.buffer.body());
}

TEST_F(FetcherTest, Awaitable) {
  LoopbackServer server([](Peer& peer) { peer.Answer(peer.request().substr(4, 2)); });
  std::vector<std::string> bodies;
  boost::asio::co_spawn(
      ContextOf(loop_),
      FetchTwice(*fetcher_, RequestFor(server.Url("/a")), RequestFor(server.Url("/b")), bodies),
      boost::asio::detached);
  loop_.Run();
  EXPECT_EQ(bodies, (std::vector<std::string>{"/a", "/b"}));
}

TEST_F(FetcherTest, RecycledMemoryHoldsNothingOfTheAnswerBefore) {
  LoopbackServer server([](Peer& peer) { peer.Answer(peer.request().substr(4, 6)); });
  FetchResult first = Fetch(server.Url("/first"));
  EXPECT_EQ(first.buffer.body(), "/first");
  fetcher_->Recycle(std::move(first));
  const FetchResult second = Fetch(server.Url("/2"));
  EXPECT_EQ(second.buffer.body(), "/2 HTT");
  EXPECT_EQ(second.buffer.block().size(), second.buffer.head().size() + 6);
  EXPECT_EQ(second.request_head.find("/first"), std::string::npos);
}

// A kept connection that the server closes while others run is let go, not waited for.
TEST_F(FetcherTest, IdleConnectionsMayBeClosedByTheServer) {
  LoopbackServer server([](Peer& peer) {
    const bool slow = peer.request().find("/slow") != std::string::npos;
    if (slow) peer.Wait(std::chrono::milliseconds(300));
    peer.Answer("x");
    if (!slow) peer.Wait(std::chrono::milliseconds(50));
    if (!slow) peer.Close();
  });
  std::optional<FetchResult> slow;
  std::optional<FetchResult> fast;
  fetcher_->Start(RequestFor(server.Url("/slow")), std::make_unique<Keeper>(slow));
  fetcher_->Start(RequestFor(server.Url("/fast")), std::make_unique<Keeper>(fast));
  loop_.Run();
  ASSERT_TRUE(slow && fast);
  EXPECT_TRUE(slow->ok() && fast->ok());
  EXPECT_TRUE(Fetch(server.Url("/again")).ok());
}

// --- streams ------------------------------------------------------------------------------------

struct StreamLog {
  Fetcher* fetcher = nullptr;
  EventLoop* loop = nullptr;
  FetchId id = 0;
  std::string body;
  int heads = 0;
  int pauses = 0;
  std::size_t pause_every = 0;  // bytes
  std::size_t next_pause = 0;
  std::size_t stop_at = SIZE_MAX;
  bool paused = false;
  std::optional<FetchResult> result;
};

class Streamer final : public FetchHandler {
 public:
  explicit Streamer(StreamLog& log) : log_(log) {}
  HandlerAnswer OnHead(std::uint16_t status, std::string_view head) override {
    EXPECT_EQ(status, 200);
    EXPECT_TRUE(head.ends_with("\r\n\r\n"));
    ++log_.heads;
    return HandlerAnswer::kTake;
  }
  HandlerAnswer OnChunk(std::string_view bytes) override {
    EXPECT_FALSE(log_.paused) << "a piece came before Resume()";
    if (log_.pause_every != 0 && log_.body.size() >= log_.next_pause) {
      log_.next_pause = log_.body.size() + log_.pause_every;
      ++log_.pauses;
      log_.paused = true;
      log_.loop->After(std::chrono::milliseconds(1), [log = &log_] {
        log->paused = false;
        log->fetcher->Resume(log->id);
      });
      return HandlerAnswer::kPause;
    }
    log_.body += bytes;
    return log_.body.size() >= log_.stop_at ? HandlerAnswer::kStop : HandlerAnswer::kTake;
  }
  void OnDone(FetchResult result) override { log_.result = std::move(result); }

 private:
  StreamLog& log_;
};

class StreamTest : public FetchFixture {
 protected:
  FetchResult Stream(FetchRequest request, StreamLog& log) {
    request.stream = true;
    log.fetcher = fetcher_.get();
    log.loop = &loop_;
    log.id = fetcher_->Start(std::move(request), std::make_unique<Streamer>(log));
    loop_.Run();
    EXPECT_TRUE(log.result);
    return std::move(*log.result);
  }
};

std::string Numbers(std::size_t bytes) {
  std::string text;
  for (std::size_t i = 0; text.size() < bytes; ++i) text += std::to_string(i) + ",";
  return text;
}

TEST_F(StreamTest, ComesInPiecesWithoutChunks) {
  const std::string body = Numbers(3'000'000);
  LoopbackServer server([&](Peer& peer) {
    peer.Send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" +
              fmt::format("{:x}\r\n{}\r\n0\r\n\r\n", body.size(), body));
  });
  StreamLog log;
  const FetchResult result = Stream(RequestFor(server.Url("/")), log);
  EXPECT_EQ(result.error, FetchError::kNone) << result.message;
  EXPECT_EQ(log.heads, 1);
  EXPECT_TRUE(log.body == body);
  EXPECT_EQ(result.body_bytes, body.size());
  EXPECT_EQ(result.buffer.body(), "");
}

TEST_F(StreamTest, PausesAndGoesOn) {
  const std::string body = Numbers(4'000'000);
  LoopbackServer server([&](Peer& peer) { peer.Answer(body); });
  StreamLog log;
  log.pause_every = 300'000;
  const FetchResult result = Stream(RequestFor(server.Url("/")), log);
  EXPECT_EQ(result.error, FetchError::kNone) << result.message;
  EXPECT_TRUE(log.body == body);
  EXPECT_GE(log.pauses, 5);
}

TEST_F(StreamTest, StopsWhenToldTo) {
  LoopbackServer server([&](Peer& peer) { peer.Answer(Numbers(4'000'000)); });
  StreamLog log;
  log.stop_at = 100'000;
  const FetchResult result = Stream(RequestFor(server.Url("/")), log);
  EXPECT_EQ(result.error, FetchError::kStopped);
  EXPECT_LT(log.body.size(), 4'000'000U);
}

TEST_F(StreamTest, StopsInAPieceThatWasHeld) {
  LoopbackServer server([&](Peer& peer) { peer.Answer(Numbers(4'000'000)); });
  StreamLog log;
  log.pause_every = 1;
  log.stop_at = 1;
  // The first piece is held, and refused when it comes again.
  log.next_pause = 0;
  const FetchResult result = Stream(RequestFor(server.Url("/")), log);
  EXPECT_EQ(result.error, FetchError::kStopped);
  EXPECT_EQ(log.pauses, 1);
}

TEST_F(StreamTest, RangeFieldsReachTheServer) {
  LoopbackServer server([&](Peer& peer) { peer.Answer("tail"); });
  FetchRequest request = RequestFor(server.Url("/f"));
  request.fields = {{"Range", "bytes=100-"}, {"If-Range", "\"etag\""}};
  request.accept_codings = false;
  StreamLog log;
  Stream(std::move(request), log);
  EXPECT_NE(server.requests()[0].find("\r\nRange: bytes=100-\r\nIf-Range: \"etag\"\r\n"),
            std::string::npos);
}

}  // namespace
}  // namespace crawlcard::crawler
