// What goes wrong on the way, each by its class and within its deadline.
#include <chrono>

#include <gtest/gtest.h>

#include "base/codec.h"
#include "crawler/internal/curl_error.h"
#include "crawler/limits.h"
#include "tests/crawler/fetch_fixture.h"
#include "tests/crawler/loopback_server.h"

namespace crawlcard::crawler {
namespace {

using std::chrono::milliseconds;

class FaultTest : public FetchFixture {
 protected:
  FetchResult FetchFrom(const LoopbackServer::Script& script,
                        const std::function<void(FetchRequest&)>& change = {}) {
    LoopbackServer server(script);
    FetchRequest request = RequestFor(server.Url("/"));
    if (change) change(request);
    return Fetch(std::move(request));
  }
};

// --- deadlines ----------------------------------------------------------------------------------

TEST_F(FaultTest, HungServerMeetsTheTotalDeadline) {
  const FetchResult result =
      FetchFrom([](Peer& peer) { peer.Hang(); },
                [](FetchRequest& request) { request.deadlines.total = milliseconds(200); });
  EXPECT_EQ(result.error, FetchError::kTimeout) << result.message;
  EXPECT_TRUE(result.connected);
  EXPECT_NE(result.request_head, "");
  EXPECT_EQ(result.status, 0);
  EXPECT_GE(result.timings.total, milliseconds(199));
  EXPECT_LT(result.timings.total, milliseconds(1500));
}

TEST_F(FaultTest, DripIsTooSlow) {
  const FetchResult result = FetchFrom(
      [](Peer& peer) {
        peer.Send("HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n");
        peer.Drip(std::string(1000, 'd'), milliseconds(50));
      },
      [](FetchRequest& request) {
        request.deadlines.low_speed_bytes = 1000;
        request.deadlines.low_speed_time = std::chrono::seconds(1);
      });
  EXPECT_EQ(result.error, FetchError::kTooSlow) << result.message;
  EXPECT_EQ(result.truncation, warc::Truncation::kTime);
  EXPECT_GT(result.buffer.body().size(), 0U);
}

TEST_F(FaultTest, DripMeetsTheTotalDeadline) {
  const FetchResult result = FetchFrom(
      [](Peer& peer) {
        peer.Send("HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n");
        peer.Drip(std::string(1000, 'd'), milliseconds(20));
      },
      [](FetchRequest& request) { request.deadlines.total = milliseconds(300); });
  EXPECT_EQ(result.error, FetchError::kTimeout) << result.message;
  EXPECT_EQ(result.truncation, warc::Truncation::kTime);
}

TEST_F(FaultTest, ConnectDeadline) {
  // A backlog that is full drops what comes: two connections wait there and nobody accepts.
  LoopbackServer full(nullptr, nullptr, 0);
  std::vector<int> fillers;
  for (int i = 0; i < 3; ++i) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(full.port());
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    fillers.push_back(socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
    (void)!connect(fillers.back(), reinterpret_cast<sockaddr*>(&address), sizeof address);
  }
  for (const std::string scheme : {"http", "https"}) {
    FetchRequest request = RequestFor(scheme + full.Url("/").substr(4));
    request.deadlines.connect = milliseconds(200);
    const FetchResult result = Fetch(std::move(request));
    EXPECT_EQ(result.error, FetchError::kConnectTimeout) << result.message;
    EXPECT_FALSE(result.connected);
    EXPECT_EQ(result.request_head, "");
    EXPECT_LT(result.timings.total, milliseconds(1500));
  }
  for (const int fd : fillers) close(fd);
}

TEST_F(FaultTest, TlsDeadline) {
  LoopbackServer server([](Peer& peer) { peer.Hang(); });
  FetchRequest request = RequestFor("https" + server.Url("/").substr(4));
  request.deadlines.connect = milliseconds(150);
  request.deadlines.tls = milliseconds(150);
  const FetchResult result = Fetch(std::move(request));
  EXPECT_EQ(result.error, FetchError::kTlsTimeout) << result.message;
  EXPECT_TRUE(result.connected);
}

// Never answers.
class SilentResolver final : public Resolver {
 public:
  void Resolve(const std::string& /*host*/, Done /*done*/) override {}
};

TEST_F(FaultTest, NameDeadline) {
  SilentResolver silent;
  const UserAgent agent = UserAgent::Make("crawlcard", "1", "bot@example.org").value();
  fetcher_ = MakeCurlFetcher(loop_, silent, agent, options_).value();
  FetchRequest request = RequestFor("http://never.test/");
  request.deadlines.dns = milliseconds(100);
  const FetchResult result = Fetch(std::move(request));
  EXPECT_EQ(result.error, FetchError::kNameTimeout) << result.message;
  EXPECT_LT(result.timings.total, milliseconds(1500));
  fetcher_.reset();
}

// Pauses once, for longer than the low-speed time.
struct Pauser final : FetchHandler {
  struct Scene {
    EventLoop& loop;
    Fetcher& fetcher;
    FetchId id = 0;
    std::optional<FetchResult> result;
    bool paused = false;
  };
  explicit Pauser(Scene& in_scene) : scene(in_scene) {}
  HandlerAnswer OnChunk(std::string_view /*bytes*/) override {
    if (scene.paused) return HandlerAnswer::kTake;
    scene.paused = true;
    scene.loop.After(milliseconds(2200), [in = &scene] { in->fetcher.Resume(in->id); });
    return HandlerAnswer::kPause;
  }
  void OnDone(FetchResult done) override { scene.result = std::move(done); }
  Scene& scene;
};

TEST_F(FaultTest, PausedStreamIsNotSlow) {
  LoopbackServer server([](Peer& peer) { peer.Answer(std::string(100'000, 'x')); });
  FetchRequest request = RequestFor(server.Url("/"));
  request.stream = true;
  request.deadlines.low_speed_bytes = 1000;
  request.deadlines.low_speed_time = std::chrono::seconds(1);
  Pauser::Scene scene{.loop = loop_, .fetcher = *fetcher_, .result = {}};
  scene.id = fetcher_->Start(std::move(request), std::make_unique<Pauser>(scene));
  loop_.Run();
  ASSERT_TRUE(scene.result);
  EXPECT_EQ(scene.result->error, FetchError::kNone) << scene.result->message;
  EXPECT_EQ(scene.result->body_bytes, 100'000U);
}

// --- connections and answers --------------------------------------------------------------------

TEST_F(FaultTest, NobodyListens) {
  std::uint16_t port = 0;
  {
    port = LoopbackServer([](Peer&) {}).port();
  }
  const FetchResult result = Fetch("http://127.0.0.1:" + std::to_string(port) + "/");
  EXPECT_EQ(result.error, FetchError::kConnectRefused) << result.message;
  EXPECT_FALSE(result.connected);
}

TEST_F(FaultTest, UnknownName) {
  const FetchResult result = Fetch("http://unknown.test/");
  EXPECT_EQ(result.error, FetchError::kNameNotFound);
  EXPECT_EQ(result.message, "cannot resolve unknown.test");
}

TEST_F(FaultTest, FailingResolver) {
  struct Failing final : Resolver {
    void Resolve(const std::string& /*host*/, Done done) override {
      done({.error = FetchError::kNameFailed, .addresses = {}});
    }
  } failing;
  const UserAgent agent = UserAgent::Make("crawlcard", "1", "bot@example.org").value();
  fetcher_ = MakeCurlFetcher(loop_, failing, agent, options_).value();
  EXPECT_EQ(Fetch("http://any.test/").error, FetchError::kNameFailed);
  fetcher_.reset();
}

TEST_F(FaultTest, ClosedWithoutAnAnswer) {
  const FetchResult result = FetchFrom([](Peer& peer) { peer.Close(); });
  EXPECT_EQ(result.error, FetchError::kNoAnswer) << result.message;
}

TEST_F(FaultTest, ResetBeforeTheHead) {
  const FetchResult result = FetchFrom([](Peer& peer) {
    peer.Send("HTTP/1.1 200 OK\r\n");
    peer.Wait(milliseconds(50));
    peer.Reset();
  });
  EXPECT_EQ(result.error, FetchError::kNoAnswer) << result.message;
}

TEST_F(FaultTest, ResetInTheBody) {
  const FetchResult result = FetchFrom([](Peer& peer) {
    peer.Send("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf");
    peer.Wait(milliseconds(50));
    peer.Reset();
  });
  EXPECT_EQ(result.error, FetchError::kBodyCut) << result.message;
  EXPECT_EQ(result.truncation, warc::Truncation::kDisconnect);
  EXPECT_EQ(result.status, 200);
  EXPECT_EQ(result.buffer.body(), "half");
}

TEST_F(FaultTest, FewerBytesThanPromised) {
  const FetchResult result = FetchFrom([](Peer& peer) {
    peer.Send("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf");
    peer.Close();
  });
  EXPECT_EQ(result.error, FetchError::kBodyCut) << result.message;
  EXPECT_EQ(result.buffer.body(), "half");
}

TEST_F(FaultTest, MoreBytesThanPromised) {
  const FetchResult result = FetchFrom([](Peer& peer) {
    peer.Send("HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nhalf and more");
    peer.Close();
  });
  EXPECT_EQ(result.error, FetchError::kNone) << result.message;
  EXPECT_EQ(result.buffer.body(), "half");
}

// libcurl reads the digits at the front; lengths that are no number at all end the transfer.
TEST_F(FaultTest, ContentLengthThatIsNone) {
  const auto error_of = [&](const char* length) {
    return FetchFrom([length](Peer& peer) {
             peer.Send(fmt::format("HTTP/1.1 200 OK\r\nContent-Length: {}\r\n\r\nhalf", length));
             peer.Close();
           })
        .error;
  };
  EXPECT_EQ(error_of("12a"), FetchError::kBodyCut);
  EXPECT_EQ(error_of("-5"), FetchError::kBadHttp);
  EXPECT_EQ(error_of("many"), FetchError::kBadHttp);
  EXPECT_EQ(error_of("99999999999999999999999999"), FetchError::kNone);
}

TEST_F(FaultTest, NotHttp) {
  const FetchResult result = FetchFrom([](Peer& peer) {
    peer.Send("SSH-2.0-OpenSSH_9.2\r\n\x1b[2Jred\r\n");
    peer.Close();
  });
  EXPECT_EQ(result.error, FetchError::kBadHttp) << result.message;
}

TEST_F(FaultTest, BrokenChunks) {
  const FetchResult result = FetchFrom([](Peer& peer) {
    peer.Send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\nzz\r\n");
    peer.Close();
  });
  EXPECT_TRUE(result.error == FetchError::kBodyCut || result.error == FetchError::kBadHttp)
      << FetchErrorName(result.error) << result.message;
  EXPECT_EQ(result.buffer.body().substr(0, 10), "5\r\nhello\r\n");
  EXPECT_EQ(result.truncation, warc::Truncation::kDisconnect);
}

TEST_F(FaultTest, MessagesArePrintable) {
  const FetchResult result = FetchFrom([](Peer& peer) {
    peer.Send("HTTP/1.1 200 OK\r\nTransfer-Encoding: \x1b[31mred\x07\r\n\r\n");
    peer.Close();
  });
  for (const char c : result.message) EXPECT_TRUE(c >= 0x20 && c < 0x7F) << result.message;
  EXPECT_LE(result.message.size(), limits::kFetchMessageBytesMax + 3);
}

TEST_F(FaultTest, NoSocketToBeHad) {
  struct Nothing final : Connector {
    int Open(const IpAddress& /*address*/, std::uint16_t /*port*/) override {
      errno = EMFILE;
      return -1;
    }
  } nothing;
  Open(&nothing);
  EXPECT_EQ(Fetch("http://127.0.0.1:9/").error, FetchError::kResources);
}

// --- caps ---------------------------------------------------------------------------------------

TEST_F(FaultTest, BodyIsCutAtItsLimit) {
  for (const std::size_t bytes : {999U, 1000U, 1001U}) {
    const FetchResult result =
        FetchFrom([bytes](Peer& peer) { peer.Answer(std::string(bytes, 'b')); },
                  [](FetchRequest& request) { request.limits.body_bytes = 1000; });
    EXPECT_EQ(result.error, FetchError::kNone) << result.message;
    EXPECT_EQ(result.body_cut_at_limit(), bytes == 1001);
    EXPECT_EQ(result.buffer.body().size(), std::min<std::size_t>(bytes, 1000));
  }
}

TEST_F(FaultTest, EndlessBodyStopsAtTheLimit) {
  const FetchResult result = FetchFrom(
      [](Peer& peer) {
        peer.Send("HTTP/1.1 200 OK\r\n\r\n");
        while (peer.Send(std::string(10'000, 'e'))) {
        }
        peer.Close();
      },
      [](FetchRequest& request) { request.limits.body_bytes = 100'000; });
  EXPECT_EQ(result.error, FetchError::kNone) << result.message;
  EXPECT_EQ(result.truncation, warc::Truncation::kLength);
  EXPECT_EQ(warc::TruncationName(result.truncation), "length");
  EXPECT_EQ(result.buffer.body().size(), 100'000U);
}

// What is packed stays packed: a bomb costs what was sent, and decoders have limits of their own.
TEST_F(FaultTest, BombIsNotUnpacked) {
  const std::string bomb = GzipMember(std::string(50'000'000, '\0'), 9);
  const FetchResult result =
      FetchFrom([&](Peer& peer) { peer.Answer(bomb, "Content-Encoding: gzip\r\n"); });
  EXPECT_EQ(result.error, FetchError::kNone) << result.message;
  EXPECT_LT(bomb.size(), 100'000U);
  EXPECT_TRUE(result.buffer.body() == bomb);
}

TEST_F(FaultTest, HeadLimit) {
  constexpr std::size_t kLimit = limits::kResponseHeadBytesMax;
  const std::string begin = "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n";
  for (const std::size_t size : {kLimit - 1, kLimit, kLimit + 1}) {
    std::string head = begin;
    while (head.size() + 2 < size) {
      const std::size_t room = size - 2 - head.size();
      const std::size_t line = room < 8000 ? room : 4000;
      head += "X: " + std::string(line - 5, 'x') + "\r\n";
    }
    head += "\r\n";
    ASSERT_EQ(head.size(), size);
    const FetchResult result = FetchFrom([&](Peer& peer) { peer.Send(head); });
    EXPECT_EQ(result.error, size > kLimit ? FetchError::kHeadTooLarge : FetchError::kNone)
        << size << result.message;
  }
}

TEST_F(FaultTest, EndlessFieldsAreStopped) {
  const FetchResult result = FetchFrom([](Peer& peer) {
    peer.Send("HTTP/1.1 200 OK\r\n");
    while (peer.Send("X-More: " + std::string(1000, 'x') + "\r\n")) {
    }
    peer.Close();
  });
  EXPECT_EQ(result.error, FetchError::kHeadTooLarge) << result.message;
  EXPECT_LE(result.buffer.head().size(), limits::kResponseHeadBytesMax);
}

TEST_F(FaultTest, EndlessFieldLineIsStopped) {
  const FetchResult result = FetchFrom([](Peer& peer) {
    peer.Send("HTTP/1.1 200 OK\r\nX-Long: ");
    while (peer.Send(std::string(10'000, 'x'))) {
    }
    peer.Close();
  });
  EXPECT_EQ(result.error, FetchError::kHeadTooLarge) << result.message;
}

// --- ours ---------------------------------------------------------------------------------------

TEST_F(FaultTest, CancelledAtEachStage) {
  LoopbackServer server([](Peer& peer) {
    peer.Send("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf");
    peer.Hang();
  });
  for (const int delay_ms : {0, 1, 150}) {
    std::optional<FetchResult> result;
    const FetchId id =
        fetcher_->Start(RequestFor(server.Url("/")), std::make_unique<Keeper>(result));
    loop_.After(milliseconds(delay_ms), [&] {
      fetcher_->Cancel(id);
      fetcher_->Cancel(id);
    });
    loop_.Run();
    ASSERT_TRUE(result);
    EXPECT_EQ(result->error, FetchError::kCancelled);
    if (delay_ms == 150) {
      EXPECT_EQ(result->buffer.body(), "half");
      EXPECT_EQ(result->truncation, warc::Truncation::kUnspecified);
    }
    fetcher_->Cancel(id);  // long gone
    fetcher_->Resume(id);
  }
}

TEST_F(FaultTest, FetcherThatGoesAwayDropsItsTransfers) {
  LoopbackServer server([](Peer& peer) { peer.Hang(); });
  std::optional<FetchResult> result;
  fetcher_->Start(RequestFor(server.Url("/")), std::make_unique<Keeper>(result));
  loop_.After(milliseconds(50), [&] { fetcher_.reset(); });
  loop_.Run();
  EXPECT_FALSE(result);
}

TEST_F(FaultTest, FieldsThatSmuggleAreRefused) {
  const RequestField bad[] = {{"X", "a\r\nHost: evil"},
                              {"X", "a\nb"},
                              {"X", std::string("a\0b", 3)},
                              {"X", "\xC3\xA9"},
                              {"X", ""},
                              {"X", " a"},
                              {"X:", "a"},
                              {"X\r\nY", "a"},
                              {"", "a"},
                              {"X Y", "a"},
                              {"Host", "evil"},
                              {"cookie", "a=b"},
                              {"Authorization", "x"},
                              {"TE", "x"},
                              {"Proxy-Authorization", "x"},
                              {"Connection", "x"},
                              {"Content-Length", "5"},
                              {"User-Agent", "Mozilla"},
                              {"X", std::string(limits::kRequestFieldBytesMax + 1, 'x')}};
  for (const RequestField& field : bad) {
    FetchRequest request = RequestFor("http://127.0.0.1:9/");
    request.fields = {field};
    const FetchResult result = Fetch(std::move(request));
    EXPECT_EQ(result.error, FetchError::kBadRequest) << field.name;
    EXPECT_EQ(result.request_head, "");
  }
  LoopbackServer server([](Peer& peer) { peer.Answer(""); });
  for (const std::size_t count : {limits::kRequestFieldsMax, limits::kRequestFieldsMax + 1}) {
    FetchRequest request = RequestFor(server.Url("/"));
    request.fields.assign(count, {"X", std::string(limits::kRequestFieldBytesMax, 'x')});
    EXPECT_EQ(Fetch(std::move(request)).error,
              count > limits::kRequestFieldsMax ? FetchError::kBadRequest : FetchError::kNone);
  }
}

// The rows that no server brings about.
TEST(ErrorClass, WhatLibcurlSays) {
  EXPECT_EQ(ClassifyCurl(CURLE_OK, FetchStage::kBody), FetchError::kNone);
  EXPECT_EQ(ClassifyCurl(CURLE_WRITE_ERROR, FetchStage::kBody), FetchError::kInternal);
  EXPECT_EQ(ClassifyCurl(CURLE_OUT_OF_MEMORY, FetchStage::kBody), FetchError::kResources);
  EXPECT_EQ(ClassifyCurl(CURLE_COULDNT_RESOLVE_PROXY, FetchStage::kConnecting),
            FetchError::kNameFailed);
  EXPECT_EQ(ClassifyCurl(CURLE_HTTP2_STREAM, FetchStage::kBody), FetchError::kBodyCut);
  EXPECT_EQ(ClassifyCurl(CURLE_SEND_ERROR, FetchStage::kAsking), FetchError::kNoAnswer);
}

TEST(ErrorClass, WhatIsTriedAgain) {
  EXPECT_EQ(RetryClassOf(FetchError::kRefusedAddress), RetryClass::kNever);
  EXPECT_EQ(RetryClassOf(FetchError::kTlsUntrusted), RetryClass::kNever);
  EXPECT_EQ(RetryClassOf(FetchError::kBodyCut), RetryClass::kSoon);
  EXPECT_EQ(RetryClassOf(FetchError::kConnectTimeout), RetryClass::kLater);
  EXPECT_EQ(FetchErrorName(FetchError::kTlsUntrusted), "tls-untrusted");
}

}  // namespace
}  // namespace crawlcard::crawler
