#include "page/public_suffix.h"

#include <fstream>
#include <regex>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include <gtest/gtest.h>

#include "page/limits.h"
#include "page/url.h"

namespace crawlcard::page {
namespace {

TEST(RegistrableDomain, IsOneLabelMoreThanTheSuffix) {
  EXPECT_EQ(RegistrableDomain("www.example.co.uk"), "example.co.uk");
  EXPECT_EQ(RegistrableDomain("example.co.uk"), "example.co.uk");
  EXPECT_EQ(RegistrableDomain("a.b.c.example.org"), "example.org");
  EXPECT_EQ(RegistrableDomain("www.xn--85x722f.xn--55qx5d.cn"), "xn--85x722f.xn--55qx5d.cn");
}

TEST(RegistrableDomain, CountsThePrivateSection) {
  EXPECT_EQ(RegistrableDomain("a.someone.github.io"), "someone.github.io");
  EXPECT_EQ(RegistrableDomain("x.someone.blogspot.com"), "someone.blogspot.com");
}

TEST(RegistrableDomain, OfASuffixOrLabelIsItself) {
  for (const std::string_view host : {"co.uk", "github.io", "localhost", "", "com"}) {
    EXPECT_EQ(RegistrableDomain(host), host);
  }
}

TEST(RegistrableDomain, OfAnAddressIsItself) {
  for (const std::string_view host : {"192.168.0.1", "2001:db8::1", "::1"}) {
    EXPECT_EQ(RegistrableDomain(host), host);
  }
  EXPECT_EQ(RegistrableDomain("a.1.2.example"), "2.example");
}

TEST(RegistrableDomain, OfUnlistedEndingsIsTwoLabels) {
  EXPECT_EQ(RegistrableDomain("b.example.example"), "example.example");
}

TEST(RegistrableDomain, HostBytesLimit) {
  std::string at_limit = "example.org";
  while (at_limit.size() < limits::kHostBytesMax) at_limit.insert(0, "a");
  const std::string domain = at_limit;
  EXPECT_EQ(RegistrableDomain(at_limit), domain);
  const std::string dotted = "b." + at_limit.substr(2);
  EXPECT_EQ(RegistrableDomain(dotted).size(), limits::kHostBytesMax - 2);
  const std::string past_limit = "b." + at_limit;
  EXPECT_EQ(RegistrableDomain(past_limit), past_limit);
}

TEST(RegistrableDomain, AnswersThreadsAlike) {
  std::vector<std::thread> threads;
  for (int i = 0; i < 4; ++i) {
    threads.emplace_back([] {
      for (int round = 0; round < 1000; ++round) {
        EXPECT_EQ(RegistrableDomainView("www.example.co.uk"), "example.co.uk");
        EXPECT_EQ(RegistrableDomainView("www.example.com"), "example.com");
        EXPECT_EQ(RegistrableDomainView("www.example.com"), "example.com");
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
}

TEST(PublicSuffixListVersion, NamesTheList) {
  EXPECT_GT(PublicSuffixListVersion().size(), 10U);
}

// The list's own vectors. They call the suffix itself, and what is no domain, "null"; here such a
// host is its own domain. Left out: null input and hosts with a leading dot, which HostOf() never
// gives.
TEST(PublicSuffixList, OwnVectors) {
  const std::string path = CRAWLCARD_SHARED "/corpora/conformance/publicsuffix__list/test_psl.txt";
  std::ifstream file(path);
  if (!file) GTEST_SKIP() << path << " is not there";
  const std::regex call(R"(^checkPublicSuffix\('([^']*)', (null|'([^']*)')\);)");
  int run = 0;
  int excluded = 0;
  for (std::string line; std::getline(file, line);) {
    std::smatch match;
    if (!std::regex_search(line, match, call)) continue;
    const std::string input = match[1];
    if (input.starts_with('.')) {
      ++excluded;
      continue;
    }
    ++run;
    const std::string host = HostOf("http://" + input + "/");
    ASSERT_NE(host, "") << input;
    const std::string expected =
        match[2] == "null" ? host : HostOf("http://" + match[3].str() + "/");
    EXPECT_EQ(RegistrableDomain(host), expected) << input;
  }
  EXPECT_GT(run, 60);
  EXPECT_EQ(excluded, 4);
}

TEST(PublicSuffix, TheIcannSectionAlone) {
  EXPECT_EQ(RegistrableDomainView("a.b.github.io"), "b.github.io");
  EXPECT_EQ(IcannDomainView("a.b.github.io"), "github.io");
  EXPECT_EQ(IcannDomainView("www.example.co.uk"), "example.co.uk");
  EXPECT_EQ(IcannDomainView("192.0.2.1"), "192.0.2.1");
}

}  // namespace
}  // namespace crawlcard::page
