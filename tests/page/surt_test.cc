#include "page/surt.h"

#include <array>
#include <cstdint>
#include <random>
#include <string>
#include <string_view>

#include <gtest/gtest.h>

#include "page/internal/surt_escape.h"
#include "page/limits.h"
#include "page/url.h"

namespace crawlcard::page {
namespace {

struct Vector {
  std::string_view url;
  std::string_view java;
  std::string_view python;  // empty: the same
};

// The vectors of docs/formats/surt.md.
constexpr Vector kVectors[] = {
    {"", "-", ""},
    {"dskgfljsdlkgjslkj", "dskgfljsdlkgjslkj)/", ""},
    {"http://www.archive.org/", "org,archive)/", ""},
    {"http://archive.org:/", "org,archive)/", ""},
    {"http://archive.org/goo/", "org,archive)/goo", ""},
    {"http://archive.org/goo/?", "org,archive)/goo", ""},
    {"http://archive.org/goo/?b&a", "org,archive)/goo?a&b", ""},
    {"http://archive.org/goo/?a=2&b&a=1", "org,archive)/goo?a=1&a=2&b", ""},
    {"dns:archive.org", "org,archive)", "dns:archive.org"},
    {"warcinfo:foo.warc.gz", "warcinfo:foo.warc.gz", ""},
    {"filedesc:foo.arc.gz", "filedesc:foo.arc.gz", ""},
    {"https://34.203.211.192/robots.txt", "192,211,203,34)/robots.txt", ""},
    {"http://192.168.1.254/info/", "254,1,168,192)/info", ""},
    {"https://[2600:1f18:200d:fb00:2b74:867c:ab0c:150a]/robots.txt",
     "2600:1f18:200d:fb00:2b74:867c:ab0c:150a)/robots.txt", ""},
    {"http://1kr.ua/newslist.html?tag=%E4%EE%F8%EA%EE%EB%FC%ED%EE%E5",
     "ua,1kr)/newslist.html?tag=%e4%ee%f8%ea%ee%eb%fc%ed%ee%e5", ""},
    {"http://www.aluroba.com/tags/%C3%CE%CA%C7%D1%E5%C7.htm",
     "com,aluroba)/tags/%c3%ce%ca%c7%d1%e5%c7.htm", ""},
    {"http://example.com/app?item=Wroc%C5%82aw", "com,example)/app?item=wroc%c5%82aw", ""},
    {"http://example.com/app?item=Wroc\xC5\x82"
     "aw",
     "com,example)/app?item=wroc%c5%82aw", ""},
    {"http://archive.org/"
     "index.php?PHPSESSID=0123456789abcdefghijklemopqrstuv&action=profile;u=4221",
     "org,archive)/index.php?action=profile;u=4221", ""},
    {"http://www.archive.org:80/", "org,archive)/", ""},
    {"https://www.archive.org:80/", "org,archive:80)/", ""},
    {"https://www.archive.org:443/", "org,archive)/", ""},
    {"http://example.com:8080/", "com,example:8080)/", ""},
    {"http://www34.archive.org/index.html?b=a&b=b&a=b", "org,archive)/index.html?a=b&b=a&b=b", ""},
    {"http://www2.www2foo.com/", "com,www2foo)/", ""},
    {"http://www2foo.com/", "com,www2foo)/", ""},
    {"http://www.www2.foo.com/", "com,foo)/", "com,foo,www2)/"},
    {"http://www.com/", "com)/", ""},
    {"http://archive.org/goo//", "org,archive)/goo", ""},
    {"http://archive.org/%7Efoo/", "org,archive)/~foo", ""},
    {"http://www.google.com/blah/../../x", "com,google)/../x", ""},
    {"http://example.com/a;jsessionid=0123456789abcdefghijklemopqrstuv?x=1",
     "com,example)/a;jsessionid=0123456789abcdefghijklemopqrstuv?x=1", ""},
    {"http://3279880203/blah", "11,0,127,195)/blah", ""},
    {"http://host/%2525252525252525", "host)/%25", ""},
    {"http://host/%%%25%32%35asd%%", "host)/%25%25%25asd%25%25", ""},
    {"http://www.google.com/blah/..", "com,google)/", ""},
    {"http://host.com//twoslashes?more//slashes", "com,host)/twoslashes?more//slashes", ""},
    {"http://host.com/ab%23cd", "com,host)/ab%23cd", ""},
    {"http://www.google.com.../", "com,google)/", ""},
    {"http://B\xC3\xBC"
     "cher.ch:8080",
     "ch,xn--bcher-kva:8080)/", ""},
    {"http://x/?cfid=1169580&cftoken=48630702&dtstamp=22", "x)/?dtstamp=22", ""},
    {"http://x/?a=1&", "x)/?&a=1", ""},
    {"http://example.com/script?type=a+b+%26+c&grape=wine",
     "com,example)/script?+c&grape=wine&type=a+b+", ""},
};

TEST(Surt, VectorsInBothFlavours) {
  for (const Vector& vector : kVectors) {
    EXPECT_EQ(SurtKey(vector.url), vector.java) << vector.url;
    const std::string_view python = vector.python.empty() ? vector.java : vector.python;
    EXPECT_EQ(SurtKey(vector.url, SurtFlavour::kPython), python) << vector.url;
  }
}

TEST(Surt, PythonTakesAnyScheme) {
  EXPECT_EQ(SurtKey("whois://whois.isoc.org.il/shaveh.co.il", SurtFlavour::kPython),
            "il,org,isoc,whois)/shaveh.co.il");
  EXPECT_EQ(SurtKey("whois://whois.isoc.org.il/a"), "whois)/whois.isoc.org.il/a");
  EXPECT_EQ(SurtKey("mailto:bot@archive.org", SurtFlavour::kPython), "mailto:bot@archive.org");
  EXPECT_EQ(SurtKey("mailto:bot@archive.org"), "org,archive)/");
  EXPECT_EQ(SurtKey("http://https://order.1and1.com", SurtFlavour::kPython), "com,1and1,order)/");
  EXPECT_EQ(SurtKey("http:////////www.vikings.com"), "com,vikings)/");
}

TEST(Surt, CleansTheUrlFirst) {
  EXPECT_EQ(SurtKey("  http://a.org/b\tc\r\nd \n"), "org,a)/bcd");
  EXPECT_EQ(SurtKey("http://a.org/b\xE2\x80\xA8"
                    "c\xC2\x85"),
            "org,a)/bc");
  EXPECT_EQ(SurtKey("HTTP://User:Pw@WWW.A.org/B?C#D"), "org,a)/b?c");
  EXPECT_EQ(SurtKey("a.org/b"), "org,a)/b");
  EXPECT_EQ(SurtKey("http://a.org"), "org,a)/");
  EXPECT_EQ(SurtKey("http://a.org?b=c"), "org,a)/?b=c");
}

TEST(Surt, HostsAreUnescapedAndDotted) {
  EXPECT_EQ(SurtKey("http://%77ww.a..b.org./"), "org,b,a)/");
  EXPECT_EQ(SurtKey("http://host%23.com/"), "com,host%23)/");
  EXPECT_EQ(SurtKey("http://\xE2\x98\x83.com/"), "com,xn--n3h)/");
  EXPECT_EQ(SurtKey("http://stra\xC3\x9F"
                    "e.de/"),
            "de,strasse)/");
}

// Octal and decimal quads; sizes past 32 bits wrap around.
TEST(Surt, AddressesAreDottedQuads) {
  EXPECT_EQ(SurtKey("http://017.0.0.1/"), "1,0,0,15)/");
  EXPECT_EQ(SurtKey("http://168.188.99.26/"), "26,99,188,168)/");
  EXPECT_EQ(SurtKey("http://39024579298/"), "226,210,11,22)/");
  EXPECT_EQ(SurtKey("http://1.2.3.256/"), "256,3,2,1)/");
  EXPECT_EQ(SurtKey("http://10.0.258/"), "258,0,10)/");
  EXPECT_EQ(SurtKey("http://99999999999999999999999/"), "99999999999999999999999)/");
  EXPECT_EQ(SurtKey("http://[2600::A]:8080/"), "2600::a:8080)/");
}

TEST(Surt, BadPortsHaveNoKey) {
  EXPECT_EQ(SurtKey("http://a.org:x/"), std::nullopt);
  EXPECT_EQ(SurtKey("http://a.org:80a/"), std::nullopt);
  EXPECT_EQ(SurtKey("http://a.org:2147483648/"), std::nullopt);
  EXPECT_EQ(SurtKey("http://a.org:2147483647/"), "org,a:2147483647)/");
  EXPECT_EQ(SurtKey("http://a.org:0080/"), "org,a)/");
}

TEST(Surt, PathsAreResolved) {
  EXPECT_EQ(SurtKey("http://a/b/./c/../d"), "a)/b/d");
  EXPECT_EQ(SurtKey("http://a/b//../c"), "a)/b/c");
  EXPECT_EQ(SurtKey("http://a/../../x"), "a)/x");
  EXPECT_EQ(SurtKey("http://a/b/%2E%2E/c"), "a)/c");
  EXPECT_EQ(SurtKey("http://a/b c\x7F\x01"), "a)/b%20c\x7F");  // trimmed at the end
  EXPECT_EQ(SurtKey("http://a/b\x01"
                    "c"),
            "a)/b%01c");
  EXPECT_EQ(SurtKey("http://a/%"), "a)/%25");
  EXPECT_EQ(SurtKey("http://a/%C3%25BC"), "a)/%c3%bc");
  EXPECT_EQ(SurtKey("http://a/%ed%a0%80"), "a)/%ed%a0%80");
}

TEST(Surt, AspNetSessionsAreCut) {
  const std::string id = "4hqa0555fwsecu455xqckv45";
  EXPECT_EQ(SurtKey("http://a/(" + id + ")/mileg.aspx"), "a)/mileg.aspx");
  EXPECT_EQ(SurtKey("http://a/(S(" + id + "))/mileg.aspx"), "a)/mileg.aspx");
  EXPECT_EQ(SurtKey("http://a/(a(" + id + ")S(" + id + "))/x/mileg.ASPX?y"), "a)/x/mileg.aspx?y");
  EXPECT_EQ(SurtKey("http://a/b/(" + id + ")/c.html"), "a)/b/(" + id + ")/c.html");
  EXPECT_EQ(SurtKey("http://a/(" + id + ")/.aspx"), "a)/(" + id + ")/.aspx");
  EXPECT_EQ(SurtKey("http://a/(short)/c.aspx"), "a)/(short)/c.aspx");
}

TEST(Surt, QuerySessionsAreCut) {
  const std::string id = "0123456789abcdefghijklemopqrstuv";
  EXPECT_EQ(SurtKey("http://a/?jsessionid=" + id), "a)/");
  EXPECT_EQ(SurtKey("http://a/?one=two&jsessionid=" + id), "a)/?&one=two");
  EXPECT_EQ(SurtKey("http://a/?jsessionid=" + id + "&x=y"), "a)/?x=y");
  EXPECT_EQ(SurtKey("http://a/?foosid=" + id + "&x=y"), "a)/?foox=y");
  EXPECT_EQ(SurtKey("http://a/?sid=9" + id), "a)/?sid=9" + id);
  EXPECT_EQ(SurtKey("http://a/?ASPSESSIONIDAQBSDSRT=EOHBLBDDPFCLHKPGGKLILNAM&x"), "a)/?x");
  EXPECT_EQ(SurtKey("http://a/?cfid=&cftoken=1"), "a)/?cfid=&cftoken=1");
  EXPECT_EQ(SurtKey("http://a/?sid=" + id + "&sid=" + id), "a)/?&sid=" + id);
}

TEST(Surt, UrlBytesLimit) {
  const std::string start = "http://a.org/";
  const std::string at_limit = start + std::string(limits::kUrlBytesMax - start.size(), 'b');
  EXPECT_TRUE(SurtKey(at_limit).has_value());
  EXPECT_EQ(SurtKey(at_limit + "b"), std::nullopt);
}

TEST(SurtHost, IsThePrefixOfItsPages) {
  EXPECT_EQ(SurtHost("www.example.org"), "org,example");
  EXPECT_EQ(SurtHost("192.168.1.254"), "254,1,168,192");
  EXPECT_EQ(SurtHost("2600::a"), "2600::a");
  EXPECT_EQ(SurtHost("localhost"), "localhost");
  for (const std::string_view url : {"https://WWW.Example.org:8443/x", "http://3279880203/",
                                     "http://B\xC3\xBC"
                                     "cher.ch/",
                                     "http://www.www2.foo.com./"}) {
    const std::string key = SurtKey(url).value_or("");
    const std::string host = SurtHost(HostOf(url));
    ASSERT_TRUE(key.starts_with(host)) << key << " " << host;
    EXPECT_TRUE(key[host.size()] == ')' || key[host.size()] == ':') << key;
  }
}

TEST(SurtHost, HostBytesLimit) {
  EXPECT_NE(SurtHost(std::string(limits::kHostBytesMax, 'a')), "");
  EXPECT_EQ(SurtHost(std::string(limits::kHostBytesMax + 1, 'a')), "");
}

TEST(SurtEscape, DecodesToTheEnd) {
  EXPECT_EQ(internal::UnescapeRepeatedly("%!A%21%21%25"), "%!A!!%");
  EXPECT_EQ(internal::UnescapeRepeatedly("%252525"), "%");
  EXPECT_EQ(internal::UnescapeRepeatedly("%25%32%35"), "%");
  EXPECT_EQ(internal::UnescapeRepeatedly("%%32%31"), "!");
  EXPECT_EQ(internal::UnescapeRepeatedly("%E2%82%AC%E2%82"), "\xE2\x82\xAC%E2%82");
  EXPECT_EQ(internal::UnescapeRepeatedly("%25E2%8%32%AC"), "\xE2\x82\xAC");
}

// The host of a key in URL order, so that a key can be read as a URL again.
std::string UrlOfKey(std::string_view key) {
  const std::size_t close = key.find(')');
  std::string_view host = key.substr(0, close);
  std::string url = "http://";
  std::string_view port;
  if (const std::size_t colon = host.find(':'); colon != std::string_view::npos) {
    port = host.substr(colon);
    host = host.substr(0, colon);
  }
  while (true) {
    const std::size_t comma = host.rfind(',');
    url += host.substr(comma == std::string_view::npos ? 0 : comma + 1);
    if (comma == std::string_view::npos) break;
    url += '.';
    host = host.substr(0, comma);
  }
  return url + std::string(port) + std::string(key.substr(close + 1));
}

// A key read as a URL has itself as its key. Left out of the alphabet, as lossy by design: session
// ids (cut one at a time), an escaped question mark or ampersand, and "..", which is resolved anew.
TEST(Surt, KeysAreStable) {
  constexpr std::array<std::string_view, 24> kPieces = {
      "a",   "B", "/", "x=1", "&", "=",  "%20", "%41", "%25", "%2525", "%E4", "%C3%BC",
      "%c3", "~", "+", ";",   ",", "//", "/./", "%",   "\"",  "(",     ")",   "%23"};
  std::mt19937 random(20240611);
  for (int round = 0; round < 20000; ++round) {
    std::string url = "http://www.Example.org/";
    const std::uint64_t pieces = random() % 12;
    for (std::uint64_t i = 0; i < pieces; ++i) url += kPieces[random() % kPieces.size()];
    if (random() % 2 == 0) {
      url += '?';
      for (std::uint64_t i = 0; i < pieces; ++i) url += kPieces[random() % kPieces.size()];
    }
    for (const SurtFlavour flavour : {SurtFlavour::kJava, SurtFlavour::kPython}) {
      const std::string key = SurtKey(url, flavour).value_or("none");
      EXPECT_EQ(SurtKey(UrlOfKey(key), flavour), key) << url;
    }
  }
}

TEST(Surt, AnyBytesAreSurvived) {
  std::mt19937 random(7);
  for (int round = 0; round < 20000; ++round) {
    std::string url = round % 2 == 0 ? "http://" : "";
    const std::uint64_t size = random() % 40;
    for (std::uint64_t i = 0; i < size; ++i) {
      const std::uint64_t dice = random();
      url += dice % 3 == 0 ? ":/?#[]@%&=."[dice / 3 % 11] : static_cast<char>(dice >> 8 & 0xFF);
    }
    static_cast<void>(SurtKey(url));
    static_cast<void>(SurtKey(url, SurtFlavour::kPython));
    static_cast<void>(SurtHost(HostOf(url)));
    static_cast<void>(OriginOf(url));
    static_cast<void>(PathAndQueryOf(url));
    static_cast<void>(ResolveUrl("http://a/b", url));
  }
}

}  // namespace
}  // namespace crawlcard::page
