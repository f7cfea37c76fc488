// URLs that may be sent to a server, and those that smuggle.
#include "crawler/target_url.h"

#include <gtest/gtest.h>

#include "crawler/internal/printable.h"
#include "crawler/limits.h"
#include "crawler/static_resolver.h"
#include "crawler/user_agent.h"

namespace crawlcard::crawler {
namespace {

TEST(TargetUrlTest, Parts) {
  const TargetUrl url = TargetUrl::Parse("HTTPS://Www.Example.ORG:8443/a/../b%20c?d=e#f").value();
  EXPECT_TRUE(url.https());
  EXPECT_EQ(url.host(), "www.example.org");
  EXPECT_EQ(url.port(), 8443);
  EXPECT_FALSE(url.default_port());
  EXPECT_EQ(url.path_and_query(), "/a/../b%20c?d=e");
  EXPECT_EQ(url.text(), "https://www.example.org:8443/a/../b%20c?d=e");
  EXPECT_EQ(url.origin(), "https://www.example.org:8443");
  EXPECT_EQ(url.authority(), "www.example.org:8443");
  EXPECT_FALSE(url.address());
}

TEST(TargetUrlTest, Defaults) {
  const auto text = [](std::string_view url) { return TargetUrl::Parse(url).value().text(); };
  EXPECT_EQ(text("http://a.example"), "http://a.example/");
  EXPECT_EQ(text("http://a.example:80/x"), "http://a.example/x");
  EXPECT_EQ(text("http://a.example:/x"), "http://a.example/x");
  EXPECT_EQ(text("https://a.example:443?x"), "https://a.example/?x");
  EXPECT_EQ(text("https://a.example:80/"), "https://a.example:80/");
  EXPECT_EQ(text("http://a.example./"), "http://a.example/");
  EXPECT_EQ(text("http://under_score.example/"), "http://under_score.example/");
  EXPECT_EQ(text("http://b\xC3\xBC"
                 "cher.example/\xC3\xBC"),
            "http://xn--bcher-kva.example/%C3%BC");
  EXPECT_EQ(text("http://127.0.0.1/"), "http://127.0.0.1/");
  EXPECT_EQ(text("http://[0:0::1]:81/"), "http://[::1]:81/");
  EXPECT_EQ(TargetUrl::Parse("http://[::1]/").value().host(), "::1");
  EXPECT_EQ(TargetUrl::Parse("http://[::1]/").value().address()->ToString(), "::1");
}

constexpr std::string_view kRefused[] = {
    "",
    "a.example/",
    "//a.example/",
    "ftp://a.example/",
    "file:///etc/passwd",
    "gopher://a.example/",
    "javascript:alert(1)",
    "http:/a.example/",
    "http:a.example",
    "http:///a.example/",
    "http://",
    "http://:80/",
    "http://user@a.example/",
    "http://user:pass@a.example/",
    "http://a.example@evil.example/",
    "http://@a.example/",
    "http://a.example\\@evil.example/",
    "http://a.example/\\evil",
    "http://a.example/a b",
    " http://a.example/",
    "http://a.example/ ",
    "http://a.example/\r\nHost: evil",
    "http://a.example/\n",
    "http://a.example\t/",
    "http://a.exa\x7Fmple/",
    "http://a.example:0/",
    "http://a.example:65536/",
    "http://a.example:8o/",
    "http://a.example:-1/",
    "http://a.example:+80/",
    "http://a.example:000080/",
    "http://a.example:80:80/",
    "http://2130706433/",
    "http://0x7f000001/",
    "http://0x7f.1/",
    "http://0177.0.0.1/",
    "http://017700000001/",
    "http://127.1/",
    "http://127.0.1/",
    "http://1.2.3.4.5/",
    "http://1.2.3.256/",
    "http://1.2.3.09/",
    "http://a.0x/",
    "http://a.example.0x1f/",
    "http://a.1/",
    "http://0/",
    "http://0.0.0.0.0/",
    "http://%31%32%37.0.0.1/",
    "http://a%2eexample/",
    "http://a%00.example/",
    "http://[fe80::1%25eth0]/",
    "http://[fe80::1%eth0]/",
    "http://[::1/",
    "http://::1/",
    "http://[127.0.0.1]/",
    "http://[::1]x/",
    "http://[]/",
    "http://[v1.x]/",
    "http://a..example/",
    "http://.example/",
    "http://./",
    "http://../",
    "http://a.example../",
    "http://a,b.example/",
    "http://a.example;b/",
    "http://<a>.example/",
    "http://a|b/",
    "http://a^b/",
    "http://a*b/",
    "http://\xEF\xBC\x91\xEF\xBC\x92\xEF\xBC\x97.1/",    // full-width 127.1
    "http://\xE2\x91\xA0\xE2\x91\xA1\xE2\x91\xA6.0.1/",  // circled 127.0.1
    "http://127\xE3\x80\x82"
    "0.0.1/",  // ideographic full stop
    "http://127\xE3\x80\x82"
    "0.0.1/",  // ideographic full stop
    "http://\xFF.example/"};

TEST(TargetUrlTest, Refused) {
  for (const std::string_view text : kRefused) {
    const Result<TargetUrl> url = TargetUrl::Parse(text);
    EXPECT_FALSE(url) << text << " became " << url->text();
    if (url) continue;
    EXPECT_EQ(url.error().code(), ErrorCode::kInvalidArgument) << text;
  }
  EXPECT_FALSE(TargetUrl::Parse(std::string_view("http://a.example/\0x", 19)));
}

TEST(TargetUrlTest, MessagesAreEscaped) {
  const Result<TargetUrl> url = TargetUrl::Parse("http://a/\x1b[31m\r\n\xFF");
  ASSERT_FALSE(url);
  EXPECT_NE(url.error().message().find("\\x1B[31m\\x0D\\x0A\\xFF"), std::string::npos)
      << url.error().message();
}

TEST(TargetUrlTest, Limits) {
  const auto padded = [](std::size_t bytes) {
    const std::string begin = "http://a.example/";
    return begin + std::string(bytes - begin.size(), 'p');
  };
  EXPECT_TRUE(TargetUrl::Parse(padded(limits::kTargetUrlBytesMax - 1)));
  EXPECT_TRUE(TargetUrl::Parse(padded(limits::kTargetUrlBytesMax)));
  const Result<TargetUrl> url = TargetUrl::Parse(padded(limits::kTargetUrlBytesMax + 1));
  ASSERT_FALSE(url);
  EXPECT_EQ(url.error().code(), ErrorCode::kTooLarge);

  const auto labels = [](std::size_t first, std::size_t count) {
    std::string host(first, 'a');
    for (std::size_t i = 0; i < count; ++i) host += "." + std::string(61, 'b');
    return TargetUrl::Parse("http://" + host + "/").has_value();
  };
  EXPECT_TRUE(labels(limits::kHostLabelBytesMax, 1));
  EXPECT_FALSE(labels(limits::kHostLabelBytesMax + 1, 1));
  // Four labels of 61 bytes and their dots: 248.
  EXPECT_TRUE(labels(limits::kHostNameBytesMax - 248, 4));
  EXPECT_FALSE(labels(limits::kHostNameBytesMax - 247, 4));
}

TEST(UserAgentTest, HasAContact) {
  EXPECT_EQ(UserAgent::Make("crawlcard", "0.1", "https://example.org/bot").value().text(),
            "crawlcard/0.1 (+https://example.org/bot)");
  EXPECT_EQ(UserAgent::Make("crawlcard", "0.1", "bot@example.org").value().text(),
            "crawlcard/0.1 (+mailto:bot@example.org)");
  EXPECT_EQ(UserAgent::Make("crawlcard", "0.1", "mailto:bot@example.org").value().text(),
            "crawlcard/0.1 (+mailto:bot@example.org)");
  for (const char* const contact :
       {"", "example.org", "me", "@example.org", "me@", "me@host", "ftp://example.org/",
        "https://example.org/a b", "me@example.org\r\nX: y", "me@example.org) Mozilla/5.0 (",
        "https://example.org/)x("}) {
    EXPECT_FALSE(UserAgent::Make("crawlcard", "0.1", contact)) << contact;
  }
  EXPECT_FALSE(UserAgent::Make("", "0.1", "bot@example.org"));
  EXPECT_FALSE(UserAgent::Make("crawl card", "0.1", "bot@example.org"));
  const std::size_t fixed = std::string("crawlcard/0.1 (+mailto:@a.b)").size();
  for (const std::size_t extra : {0U, 1U}) {
    const std::string name(limits::kUserAgentBytesMax - fixed + extra, 'x');
    EXPECT_EQ(UserAgent::Make("crawlcard", "0.1", name + "@a.b").has_value(), extra == 0);
  }
}

TEST(StaticResolverTest, ReadsHostTables) {
  StaticResolver resolver;
  ASSERT_TRUE(resolver.AddHosts("# table\n127.0.0.1 A.test b.test\r\n\n ::1\ta.test # x\n"));
  Resolution answer;
  const auto keep = [&](const Resolution& resolution) { answer = resolution; };
  resolver.Resolve("a.test", keep);
  ASSERT_EQ(answer.addresses.size(), 2U);
  EXPECT_EQ(answer.addresses[1].ToString(), "::1");
  resolver.Resolve("b.test", keep);
  EXPECT_EQ(answer.addresses.size(), 1U);
  resolver.Resolve("c.test", keep);
  EXPECT_EQ(answer.error, FetchError::kNameNotFound);
  for (const char* const text : {"127.0.0.1\n", "a.test 127.0.0.1", "127.1 a.test"}) {
    EXPECT_FALSE(resolver.AddHosts(text)) << text;
  }
}

TEST(StaticResolverTest, Limits) {
  StaticResolver resolver;
  const std::string line = "127.0.0.1 a.test #";
  for (const std::size_t extra : {0U, 1U}) {
    const std::string text =
        line + std::string(limits::kHostsTableLineBytesMax - line.size() + extra, 'x');
    EXPECT_EQ(resolver.AddHosts(text).has_value(), extra == 0);
  }
  for (std::size_t i = 1; i < limits::kAddressesMax + 5; ++i) {
    resolver.Add("many.test", IpAddress::V4(static_cast<std::uint32_t>(i)));
  }
  std::size_t count = 0;
  resolver.Resolve("many.test", [&](const Resolution& answer) { count = answer.addresses.size(); });
  EXPECT_EQ(count, limits::kAddressesMax);
  EXPECT_TRUE(resolver.AddHosts(std::string(limits::kHostsTableLinesMax, '\n')));
  EXPECT_FALSE(resolver.AddHosts(std::string(limits::kHostsTableLinesMax + 1, '\n')));
}

TEST(PrintableTest, Escapes) {
  EXPECT_EQ(Printable("plain ~", 20), "plain ~");
  EXPECT_EQ(Printable(std::string_view("\0\n\\\x7F\xE2", 5), 40), "\\x00\\x0A\\x5C\\x7F\\xE2");
  EXPECT_EQ(Printable("abcdef", 5), "abcde...");
  EXPECT_EQ(Printable("abcd\n", 5), "abcd...");
}

}  // namespace
}  // namespace crawlcard::crawler
