#include "page/url.h"

#include <array>
#include <fstream>
#include <map>
#include <string>
#include <string_view>
#include <utility>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "page/limits.h"

namespace crawlcard::page {
namespace {

TEST(SplitUrl, NamesEachPart) {
  const auto parts = SplitUrl("https://user:pw@www.Example.org:8443/a/b?c=d#e");
  ASSERT_TRUE(parts.has_value());
  EXPECT_EQ(parts->scheme, "https");
  EXPECT_EQ(parts->userinfo, "user:pw");
  EXPECT_EQ(parts->host, "www.Example.org");
  EXPECT_EQ(parts->port, "8443");
  EXPECT_EQ(parts->path, "/a/b");
  EXPECT_EQ(parts->query, "c=d");
  EXPECT_EQ(parts->fragment, "e");
  EXPECT_TRUE(parts->has_authority);
  EXPECT_TRUE(parts->has_query);
}

TEST(SplitUrl, ReadsIpv6AndEmptyQuery) {
  const auto parts = SplitUrl("http://[2001:db8::1]:80?");
  ASSERT_TRUE(parts.has_value());
  EXPECT_EQ(parts->host, "2001:db8::1");
  EXPECT_EQ(parts->port, "80");
  EXPECT_EQ(parts->path, "");
  EXPECT_TRUE(parts->has_query);
}

TEST(SplitUrl, LeavesOpaqueUrlsWithoutAuthority) {
  const auto parts = SplitUrl("mailto:a@example.org");
  ASSERT_TRUE(parts.has_value());
  EXPECT_FALSE(parts->has_authority);
  EXPECT_EQ(parts->path, "a@example.org");
}

TEST(SplitUrl, GivesNothingForRelativeReferences) {
  for (const std::string_view text : {"", "/a", "a/b:c", "//host/a", "?a", "#a", "1http://x/"}) {
    EXPECT_FALSE(SplitUrl(text).has_value()) << text;
  }
}

// RFC 3986 section 5.4, read as a non-strict (5.4.2) and WHATWG parser does.
TEST(Rfc3986, S5_4_ReferenceResolution) {
  constexpr std::array<std::pair<std::string_view, std::string_view>, 42> kCases = {{
      {"g:h", "g:h"},
      {"g", "http://a/b/c/g"},
      {"./g", "http://a/b/c/g"},
      {"g/", "http://a/b/c/g/"},
      {"/g", "http://a/g"},
      {"//g", "http://g/"},  // WHATWG: an empty path of a special scheme is a slash
      {"?y", "http://a/b/c/d;p?y"},
      {"g?y", "http://a/b/c/g?y"},
      {"#s", "http://a/b/c/d;p?q#s"},
      {"g#s", "http://a/b/c/g#s"},
      {"g?y#s", "http://a/b/c/g?y#s"},
      {";x", "http://a/b/c/;x"},
      {"g;x", "http://a/b/c/g;x"},
      {"g;x?y#s", "http://a/b/c/g;x?y#s"},
      {"", "http://a/b/c/d;p?q"},
      {".", "http://a/b/c/"},
      {"./", "http://a/b/c/"},
      {"..", "http://a/b/"},
      {"../", "http://a/b/"},
      {"../g", "http://a/b/g"},
      {"../..", "http://a/"},
      {"../../", "http://a/"},
      {"../../g", "http://a/g"},
      {"../../../g", "http://a/g"},
      {"../../../../g", "http://a/g"},
      {"/./g", "http://a/g"},
      {"/../g", "http://a/g"},
      {"g.", "http://a/b/c/g."},
      {".g", "http://a/b/c/.g"},
      {"g..", "http://a/b/c/g.."},
      {"..g", "http://a/b/c/..g"},
      {"./../g", "http://a/b/g"},
      {"./g/.", "http://a/b/c/g/"},
      {"g/./h", "http://a/b/c/g/h"},
      {"g/../h", "http://a/b/c/h"},
      {"g;x=1/./y", "http://a/b/c/g;x=1/y"},
      {"g;x=1/../y", "http://a/b/c/y"},
      {"g?y/./x", "http://a/b/c/g?y/./x"},
      {"g?y/../x", "http://a/b/c/g?y/../x"},
      {"g#s/./x", "http://a/b/c/g#s/./x"},
      {"g#s/../x", "http://a/b/c/g#s/../x"},
      {"http:g", "http://a/b/c/g"},  // for backward compatibility
  }};
  for (const auto& [reference, expected] : kCases) {
    EXPECT_EQ(ResolveUrl("http://a/b/c/d;p?q", reference), expected) << reference;
  }
}

TEST(ResolveUrl, KeepsTheHabitsOfPages) {
  const std::string_view base = "https://example.org/a/b";
  EXPECT_EQ(ResolveUrl(base, "  c\n"), "https://example.org/a/c");
  EXPECT_EQ(ResolveUrl(base, "c\td\r\ne"), "https://example.org/a/cde");
  EXPECT_EQ(ResolveUrl(base, "\\c\\d?e\\f"), "https://example.org/c/d?e\\f");
  EXPECT_EQ(ResolveUrl(base, "\\\\other.org\\d"), "https://other.org/d");
  EXPECT_EQ(ResolveUrl(base, "a b?c d"), "https://example.org/a/a%20b?c%20d");
  EXPECT_EQ(ResolveUrl(base, "%2e%2E/c"), "https://example.org/c");
  EXPECT_EQ(ResolveUrl(base, "https:///other.org/x"), "https://other.org/x");
  EXPECT_EQ(ResolveUrl(base, "mailto:a/../b"), "mailto:a/../b");
  EXPECT_EQ(ResolveUrl(base, "//[::1]:8080/x"), "https://[::1]:8080/x");
}

TEST(ResolveUrl, GivesTheReferenceBackWithoutABase) {
  EXPECT_EQ(ResolveUrl("", "a/b"), "a/b");
  EXPECT_EQ(ResolveUrl("/not/absolute", "../b"), "../b");
  EXPECT_EQ(ResolveUrl("", "http://example.org/./a"), "http://example.org/a");
}

TEST(ResolveUrl, LeavesOverlongReferencesAlone) {
  const std::string at_limit = "/" + std::string(limits::kUrlBytesMax - 1, 'a');
  EXPECT_EQ(ResolveUrl("http://h/", at_limit), "http://h" + at_limit);
  const std::string past_limit = "/" + std::string(limits::kUrlBytesMax, 'a');
  EXPECT_EQ(ResolveUrl("http://h/", past_limit), past_limit);
}

TEST(HostOf, GivesOneSpelling) {
  EXPECT_EQ(HostOf("http://WWW.Example.ORG./a"), "www.example.org");
  EXPECT_EQ(HostOf("http://ex%61mple.org/"), "example.org");
  EXPECT_EQ(HostOf("http://B\xC3\xBC"
                   "cher.ch:8080/"),
            "xn--bcher-kva.ch");
  EXPECT_EQ(HostOf("http://stra\xC3\x9F"
                   "e.de/"),
            "xn--strae-oqa.de");
  EXPECT_EQ(HostOf("http://\xF0\x9F\x92\xA9.la/"), "xn--ls8h.la");
  EXPECT_EQ(HostOf("http://a_b.example.org/"), "a_b.example.org");
  EXPECT_EQ(HostOf("http://user@example.org:80/"), "example.org");
}

TEST(HostOf, NormalisesAddresses) {
  EXPECT_EQ(HostOf("http://3279880203/"), "195.127.0.11");
  EXPECT_EQ(HostOf("http://0xC0.0250.1/"), "192.168.0.1");
  EXPECT_EQ(HostOf("http://127.1/"), "127.0.0.1");
  EXPECT_EQ(HostOf("http://[2001:DB8:0:0:0:0:0:1]/"), "2001:db8::1");
  EXPECT_EQ(HostOf("http://[::ffff:1.2.3.4]/"), "::ffff:102:304");
  EXPECT_EQ(HostOf("http://256.256.256.256/"), "");
  EXPECT_EQ(HostOf("http://99999999999999999999/"), "");
  EXPECT_EQ(HostOf("http://[::zz]/"), "");
}

TEST(HostOf, IsEmptyWhereNoServerCanBe) {
  for (const std::string_view url :
       {"", "nothing", "mailto:a@b", "http://", "http:///", "http://./", "http://exa mple.org/",
        "http://a%00b/", "http://%ff%fe/"}) {
    EXPECT_EQ(HostOf(url), "") << url;
    EXPECT_EQ(OriginOf(url), "") << url;
  }
}

TEST(HostOf, RefusesOverlongHosts) {
  EXPECT_NE(HostOf("http://" + std::string(limits::kHostBytesMax, 'a') + "/"), "");
  EXPECT_EQ(HostOf("http://" + std::string(limits::kHostBytesMax + 1, 'a') + "/"), "");
}

TEST(OriginOf, DropsWhatDoesNotTellOriginsApart) {
  EXPECT_EQ(OriginOf("HTTPS://u:p@Example.org:443/a?b#c"), "https://example.org");
  EXPECT_EQ(OriginOf("http://example.org:80"), "http://example.org");
  EXPECT_EQ(OriginOf("https://www.example.org:8443/"), "https://www.example.org:8443");
  EXPECT_EQ(OriginOf("https://example.org:/"), "https://example.org");
  EXPECT_EQ(OriginOf("http://example.org:00080/"), "http://example.org");
  EXPECT_EQ(OriginOf("http://[::1]:81/"), "http://[::1]:81");
}

TEST(OriginOf, IsEmptyForBadPorts) {
  EXPECT_EQ(OriginOf("http://example.org:65535/"), "http://example.org:65535");
  EXPECT_EQ(OriginOf("http://example.org:65536/"), "");
  EXPECT_EQ(OriginOf("http://example.org:8o/"), "");
  EXPECT_EQ(HostOf("http://example.org:8o/"), "example.org");
}

TEST(PathAndQueryOf, IsWhatAClientSends) {
  EXPECT_EQ(PathAndQueryOf("http://example.org"), "/");
  EXPECT_EQ(PathAndQueryOf("http://example.org?a"), "/?a");
  EXPECT_EQ(PathAndQueryOf("http://example.org/a%2Fb?c=%41#d"), "/a%2Fb?c=%41");
  EXPECT_EQ(PathAndQueryOf("http://example.org/a b\x01?c d"), "/a%20b%01?c%20d");
  EXPECT_EQ(PathAndQueryOf("http://example.org/\xC3\xBC"), "/%C3%BC");
  EXPECT_EQ(PathAndQueryOf("http://example.org/a?"), "/a?");
}

// --- web-platform-tests, url/resources/urltestdata.json ---

std::string Text(const nlohmann::json& test, const char* key) {
  return test.contains(key) && test[key].is_string() ? test[key].get<std::string>() : std::string();
}

// What is compared of path and query. Clients differ on which of these characters they escape when
// sending, and we keep what was written; the empty query of "/a?" is kept too.
std::string Comparable(std::string text) {
  constexpr std::array<std::pair<std::string_view, char>, 7> kEscapes = {{{"%22", '"'},
                                                                          {"%27", '\''},
                                                                          {"%3C", '<'},
                                                                          {"%3E", '>'},
                                                                          {"%60", '`'},
                                                                          {"%7B", '{'},
                                                                          {"%7D", '}'}}};
  for (const auto& [escape, character] : kEscapes) {
    for (std::size_t at = text.find(escape); at != std::string::npos; at = text.find(escape, at)) {
      text.replace(at, escape.size(), 1, character);
    }
  }
  if (text.ends_with('?')) text.pop_back();
  return text;
}

// Why a case is not asked of us. Empty: it is.
std::string Exclusion(const nlohmann::json& test) {
  const std::string protocol = Text(test, "protocol");
  if (test.contains("failure")) return "must fail: nothing is refused here, hosts are tested apart";
  if (protocol != "http:" && protocol != "https:") return "no http or https URL";
  return {};
}

TEST(WptUrl, HttpCasesAgree) {
  const std::string path =
      CRAWLCARD_SHARED "/corpora/conformance/crawler-commons__crawler-commons/wpt-urltestdata.json";
  std::ifstream file(path);
  if (!file) GTEST_SKIP() << path << " is not there";
  const nlohmann::json tests = nlohmann::json::parse(file);
  int run = 0;
  std::map<std::string, int> excluded;
  for (const nlohmann::json& test : tests) {
    if (!test.is_object()) continue;
    if (const std::string why = Exclusion(test); !why.empty()) {
      ++excluded[why];
      continue;
    }
    const std::string input = Text(test, "input");
    const std::string url = ResolveUrl(Text(test, "base"), input);
    std::string hostname = Text(test, "hostname");
    if (hostname.ends_with('.')) {
      ++excluded["host with a final dot, which we drop"];
      continue;
    }
    if (hostname.starts_with('[')) hostname = hostname.substr(1, hostname.size() - 2);
    ++run;
    EXPECT_EQ(HostOf(url), hostname) << input << " -> " << url;
    if (test.contains("origin")) {
      EXPECT_EQ(OriginOf(url), Text(test, "origin")) << input;
    }
    EXPECT_EQ(Comparable(PathAndQueryOf(url)),
              Comparable(Text(test, "pathname") + Text(test, "search")))
        << input << " -> " << url;
  }
  RecordProperty("run", run);
  for (const auto& [why, count] : excluded) RecordProperty(why, count);
  EXPECT_GT(run, 200);
}

// Where browsers refuse an http URL, we know no origin either.
TEST(WptUrl, RefusedUrlsHaveNoOrigin) {
  const std::string path =
      CRAWLCARD_SHARED "/corpora/conformance/crawler-commons__crawler-commons/wpt-urltestdata.json";
  std::ifstream file(path);
  if (!file) GTEST_SKIP() << path << " is not there";
  const nlohmann::json tests = nlohmann::json::parse(file);
  int run = 0;
  for (const nlohmann::json& test : tests) {
    if (!test.is_object() || !test.contains("failure")) continue;
    const std::string input = Text(test, "input");
    if (!input.starts_with("http")) continue;
    ++run;
    EXPECT_EQ(OriginOf(ResolveUrl(Text(test, "base"), input)), "") << input;
  }
  EXPECT_GT(run, 50);
}

}  // namespace
}  // namespace crawlcard::page
