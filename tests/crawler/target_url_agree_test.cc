// Random URLs: what passes is read alike by this project, by its own parser again, and by libcurl.
#include <random>

#include <curl/curl.h>
#include <gtest/gtest.h>

#include "crawler/target_url.h"
#include "page/url.h"

namespace crawlcard::crawler {
namespace {

constexpr std::string_view kPieces[] = {"http://",
                                        "https://",
                                        "HTTP://",
                                        "//",
                                        "/",
                                        "\\",
                                        ":",
                                        "@",
                                        "#",
                                        "?",
                                        ".",
                                        "..",
                                        "%",
                                        "%2e",
                                        "%00",
                                        "%40",
                                        "[",
                                        "]",
                                        "::1",
                                        "[::1]",
                                        "127.0.0.1",
                                        "0x7f",
                                        "0177",
                                        "2130706433",
                                        "1",
                                        "80",
                                        "443",
                                        "65535",
                                        "65536",
                                        "a",
                                        "b.test",
                                        "EXAMPLE.org",
                                        "xn--",
                                        "-",
                                        "_",
                                        "user",
                                        "\t",
                                        " ",
                                        "\r\n",
                                        "\x7F",
                                        "\xC3\xBC",
                                        "\xEF\xBC\xA1",
                                        "\xE3\x80\x82",
                                        "\xFF",
                                        "*",
                                        "!",
                                        "'",
                                        ";",
                                        "&",
                                        "=",
                                        "+",
                                        ",",
                                        "$",
                                        "~",
                                        "|",
                                        "^",
                                        "`",
                                        "{",
                                        "}",
                                        "<",
                                        ">",
                                        "\"",
                                        "(",
                                        ")"};

std::string PartOf(CURLU* url, CURLUPart part) {
  char* text = nullptr;
  if (curl_url_get(url, part, &text, CURLU_DEFAULT_PORT) != CURLUE_OK) return "";
  std::string copy = text;
  curl_free(text);
  return copy;
}

void ExpectAgreement(const TargetUrl& url, std::string_view from) {
  for (const char c : url.text()) EXPECT_TRUE(c > 0x20 && c < 0x7F) << from;
  const Result<TargetUrl> again = TargetUrl::Parse(url.text());
  ASSERT_TRUE(again) << from << " -> " << url.text();
  EXPECT_EQ(again->text(), url.text()) << from;
  EXPECT_EQ(again->host(), url.host()) << from;
  EXPECT_EQ(page::HostOf(url.text()), url.host()) << from;

  CURLU* const curl = curl_url();
  ASSERT_EQ(curl_url_set(curl, CURLUPART_URL, url.text().c_str(), CURLU_PATH_AS_IS), CURLUE_OK)
      << from << " -> " << url.text();
  std::string host = PartOf(curl, CURLUPART_HOST);
  if (host.starts_with('[')) host = host.substr(1, host.size() - 2);
  EXPECT_EQ(host, url.host()) << from;
  EXPECT_EQ(PartOf(curl, CURLUPART_PORT), std::to_string(url.port())) << from;
  EXPECT_EQ(PartOf(curl, CURLUPART_USER), "") << from;
  EXPECT_EQ(PartOf(curl, CURLUPART_ZONEID), "") << from;
  const std::string query = PartOf(curl, CURLUPART_QUERY);
  const std::string path = PartOf(curl, CURLUPART_PATH);
  EXPECT_EQ(url.path_and_query().substr(0, path.size()), path) << from;
  if (!query.empty()) {
    EXPECT_TRUE(url.path_and_query().ends_with("?" + query)) << from;
  }
  curl_url_cleanup(curl);
}

TEST(TargetUrlAgreement, RandomPieces) {
  std::mt19937 random(20261122);
  int passed = 0;
  for (int i = 0; i < 60'000; ++i) {
    std::string text;
    if (random() % 8 != 0) text = random() % 2 == 0 ? "http://" : "https://";
    if (random() % 2 == 0) text += "a.test";
    const std::size_t pieces = 1 + random() % 6;
    for (std::size_t piece = 0; piece < pieces; ++piece) {
      text += kPieces[random() % std::size(kPieces)];
    }
    const Result<TargetUrl> url = TargetUrl::Parse(text);
    if (!url) continue;
    ++passed;
    ExpectAgreement(*url, text);
    if (testing::Test::HasFailure()) return;
  }
  EXPECT_GT(passed, 3000);
}

}  // namespace
}  // namespace crawlcard::crawler
