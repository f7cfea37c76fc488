// Nothing leads to an address that may not be connected to: not a name, a redirect, a retry, an
// answer that changes, or a proxy of the environment. A connector that counts stands where sockets
// are opened, so no packet is ever sent to the addresses below.
#include <cstdlib>

#include <gtest/gtest.h>

#include "page/url.h"
#include "tests/crawler/fetch_fixture.h"
#include "tests/crawler/loopback_server.h"

namespace crawlcard::crawler {
namespace {

// Answers for any address with a connection to a server on loopback.
class RoutingConnector final : public Connector {
 public:
  explicit RoutingConnector(std::uint16_t port) : port_(port) {}

  int Open(const IpAddress& address, std::uint16_t /*port*/) override {
    opened.push_back(address.ToString());
    // A connect() under way: libcurl's own then finds it done, whatever address it names.
    const int fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    sockaddr_in target{};
    target.sin_family = AF_INET;
    target.sin_port = htons(port_);
    target.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    EXPECT_EQ(connect(fd, reinterpret_cast<sockaddr*>(&target), sizeof target), -1);
    EXPECT_EQ(errno, EINPROGRESS);
    return fd;
  }

  std::vector<std::string> opened;

 private:
  const std::uint16_t port_;
};

// Gives its answers one after the other: a name whose address changes.
class ChangingResolver final : public Resolver {
 public:
  explicit ChangingResolver(std::vector<std::vector<IpAddress>> answers)
      : answers_(std::move(answers)) {}
  void Resolve(const std::string& /*host*/, Done done) override {
    done({.error = FetchError::kNone, .addresses = answers_[std::min(next_, answers_.size() - 1)]});
    ++next_;
  }

 private:
  std::vector<std::vector<IpAddress>> answers_;
  std::size_t next_ = 0;
};

class SsrfTest : public FetchFixture {
 protected:
  SsrfTest() : server_([this](Peer& peer) { Answer(peer); }), connector_(server_.port()) {}

  void SetUp() override {
    options_.guard = AddressGuard();  // as in production
    Open(&connector_);
  }
  void UseResolver(std::vector<std::vector<IpAddress>> answers) {
    changing_ = std::make_unique<ChangingResolver>(std::move(answers));
    const UserAgent agent = UserAgent::Make("crawlcard", "1", "bot@example.org").value();
    fetcher_.reset();
    fetcher_ = MakeCurlFetcher(loop_, *changing_, agent, options_, &connector_).value();
  }
  void TearDown() override { fetcher_.reset(); }

  void Answer(Peer& peer) const {
    if (!location_.empty()) {
      peer.Send("HTTP/1.1 302 Found\r\nContent-Length: 0\r\nLocation: " + location_ + "\r\n\r\n");
    } else {
      peer.Answer("secret");
    }
    if (peer.request().find("/last ") != std::string::npos) peer.Close();
  }

  void ExpectRefused(const FetchResult& result, std::string_view what) {
    EXPECT_EQ(result.error, FetchError::kRefusedAddress) << what << ": " << result.message;
    EXPECT_EQ(result.request_head, "") << what;
    EXPECT_FALSE(result.connected) << what;
    EXPECT_EQ(result.message.find("address refused: "), 0U) << result.message;
  }

  std::string location_;
  LoopbackServer server_;
  RoutingConnector connector_;
  std::unique_ptr<ChangingResolver> changing_;
};

constexpr const char* kForbidden[] = {"0.0.0.0",
                                      "10.0.0.1",
                                      "100.64.0.1",
                                      "100.100.100.200",
                                      "127.0.0.1",
                                      "127.255.0.1",
                                      "168.63.129.16",
                                      "169.254.169.254",
                                      "169.254.170.2",
                                      "172.16.0.1",
                                      "172.31.255.255",
                                      "192.0.0.192",
                                      "192.168.1.1",
                                      "198.18.0.1",
                                      "224.0.0.1",
                                      "240.0.0.1",
                                      "255.255.255.255",
                                      "::",
                                      "::1",
                                      "::ffff:127.0.0.1",
                                      "::ffff:169.254.169.254",
                                      "::ffff:8.8.8.8",
                                      "::127.0.0.1",
                                      "64:ff9b::127.0.0.1",
                                      "64:ff9b::a9fe:a9fe",
                                      "64:ff9b:1::10.0.0.1",
                                      "2002:7f00:1::",
                                      "2002:a9fe:a9fe::1",
                                      "2001:0:7f00:1::",
                                      "fc00::1",
                                      "fd00:ec2::254",
                                      "fe80::1",
                                      "fec0::1",
                                      "ff02::1",
                                      "2001:db8::1"};

TEST_F(SsrfTest, AddressesInUrls) {
  for (const std::string text : kForbidden) {
    const std::string host = text.find(':') == std::string::npos ? text : "[" + text + "]";
    for (const char* const scheme : {"http://", "https://"}) {
      ExpectRefused(Fetch(scheme + host + "/latest/meta-data/"), text);
    }
  }
  EXPECT_TRUE(connector_.opened.empty());
}

TEST_F(SsrfTest, NamesThatLeadThere) {
  for (std::size_t i = 0; i < std::size(kForbidden); ++i) {
    const std::string name = "inside" + std::to_string(i) + ".example";
    resolver_.Add(name, AddressFrom(kForbidden[i]));
    ExpectRefused(Fetch("http://" + name + "/"), kForbidden[i]);
    FetchRequest given = RequestFor("http://given.example/");
    given.address = AddressFrom(kForbidden[i]);
    ExpectRefused(Fetch(std::move(given)), kForbidden[i]);
  }
  EXPECT_TRUE(connector_.opened.empty());
}

TEST_F(SsrfTest, PublicAddressesPass) {
  resolver_.Add("public.example", AddressFrom("93.184.216.34"));
  const FetchResult result = Fetch("http://public.example/");
  EXPECT_EQ(result.error, FetchError::kNone) << result.message;
  EXPECT_EQ(result.buffer.body(), "secret");
  EXPECT_EQ(result.address.ToString(), "93.184.216.34");
  EXPECT_EQ(connector_.opened, std::vector<std::string>{"93.184.216.34"});
}

// A hop is a request of its own, so it is judged like the first.
TEST_F(SsrfTest, Redirects) {
  resolver_.Add("public.example", AddressFrom("93.184.216.34"));
  resolver_.Add("inner.example", AddressFrom("10.1.1.1"));
  for (const std::string target :
       {"http://169.254.169.254/latest/", "http://[::ffff:169.254.169.254]/", "//127.0.0.1:22/",
        "http://inner.example/", "https://[fd00:ec2::254]/", "http://[::]/"}) {
    location_ = target;
    const FetchResult hop = Fetch("http://public.example/");
    ASSERT_EQ(hop.status, 302);
    const std::string next = page::ResolveUrl("http://public.example/", target);
    const Result<TargetUrl> url = TargetUrl::Parse(next);
    ASSERT_TRUE(url) << url.error().ToString();
    ExpectRefused(Fetch(next), next);
  }
  for (const std::string target :
       {"http://2130706433/", "http://0x7f.1/", "http://017700000001/", "http://127.1/",
        "gopher://127.0.0.1:6379/_x", "file:///etc/passwd", "http://a@127.0.0.1/",
        "http://[fe80::1%25lo]/"}) {
    EXPECT_FALSE(TargetUrl::Parse(page::ResolveUrl("http://public.example/", target))) << target;
  }
  for (const std::string& address : connector_.opened) EXPECT_EQ(address, "93.184.216.34");
}

TEST_F(SsrfTest, AnswersThatChangeAreJudgedEachTime) {
  UseResolver({{AddressFrom("93.184.216.34")}, {AddressFrom("127.0.0.1")}});
  EXPECT_EQ(Fetch("http://changing.example/last").error, FetchError::kNone);
  ExpectRefused(Fetch("http://changing.example/"), "second answer");
  EXPECT_EQ(connector_.opened.size(), 1U);
}

// Even where a connection to the name's earlier address is still open.
TEST_F(SsrfTest, AnswersThatChangeDoNotRideOnOldConnections) {
  UseResolver({{AddressFrom("93.184.216.34")}, {AddressFrom("169.254.169.254")}});
  EXPECT_EQ(Fetch("http://changing.example/").error, FetchError::kNone);
  ExpectRefused(Fetch("http://changing.example/"), "second answer");
  EXPECT_EQ(server_.requests().size(), 1U);
}

TEST_F(SsrfTest, OneForbiddenAmongSeveralEndsIt) {
  UseResolver({{AddressFrom("10.0.0.1"), AddressFrom("93.184.216.34")}});
  ExpectRefused(Fetch("http://mixed.example/"), "first of two");
  EXPECT_TRUE(connector_.opened.empty());
}

// libcurl connects again by itself when a kept connection turns out dead: through the same gate.
TEST_F(SsrfTest, SilentRetriesAreJudged) {
  resolver_.Add("public.example", AddressFrom("93.184.216.34"));
  EXPECT_EQ(Fetch("http://public.example/1").error, FetchError::kNone);
  EXPECT_EQ(Fetch("http://public.example/last").error, FetchError::kNone);
  EXPECT_EQ(Fetch("http://public.example/3").error, FetchError::kNone);
  EXPECT_EQ(connector_.opened.size(), 2U);
}

TEST_F(SsrfTest, ProxiesOfTheEnvironmentAreIgnored) {
  LoopbackServer proxy([](Peer& peer) { peer.Answer("from the proxy"); });
  const std::string url = proxy.Url("");
  for (const char* const name : {"http_proxy", "https_proxy", "all_proxy", "ALL_PROXY"}) {
    setenv(name, url.c_str(), 1);
  }
  resolver_.Add("public.example", AddressFrom("93.184.216.34"));
  const FetchResult result = Fetch("http://public.example/");
  ExpectRefused(Fetch("http://10.0.0.1/"), "with a proxy set");
  for (const char* const name : {"http_proxy", "https_proxy", "all_proxy", "ALL_PROXY"}) {
    unsetenv(name);
  }
  EXPECT_EQ(result.buffer.body(), "secret");
  EXPECT_EQ(proxy.connections(), 0);
}

TEST_F(SsrfTest, ProxyThatWasAskedForIsJudgedItself) {
  options_.proxy = server_.Url("");
  Open(&connector_);
  ExpectRefused(Fetch("http://public.example/"), "proxy on loopback");
  options_.guard = AddressGuard({RangeOf("127.0.0.1")});
  Open(&connector_);
  EXPECT_EQ(Fetch("http://public.example/").buffer.body(), "secret");
  EXPECT_EQ(server_.requests().at(0).find("GET http://public.example/ HTTP/1.1"), 0U);
}

}  // namespace
}  // namespace crawlcard::crawler
