// tests/crawler/curl_library_test.cc - libcurl is found at run time, with all that is used of it.
#include "crawler/internal/curl_library.h"

#include <string_view>

#include <gtest/gtest.h>

namespace crawlcard::crawler {
namespace {

TEST(CurlLibrary, IsLoadedOnceAndAnswers) {
  const Status loaded = LoadCurl();
  ASSERT_TRUE(loaded) << loaded.error().ToString();
  EXPECT_EQ(&Curl(), &Curl());
  EXPECT_EQ(std::string_view(Curl().easy_strerror(CURLE_OK)), "No error");
  const CurlLibrary& all = Curl();
  CURL* const easy = all.easy_init();
  ASSERT_NE(easy, nullptr);
  long version = 0;
  EXPECT_EQ(all.easy_setopt(easy, CURLOPT_HTTP_VERSION, static_cast<long>(CURL_HTTP_VERSION_1_1)),
            CURLE_OK);
  EXPECT_EQ(all.easy_getinfo(easy, CURLINFO_RESPONSE_CODE, &version), CURLE_OK);
  EXPECT_EQ(version, 0);
  all.easy_cleanup(easy);
}

// What only libssl has comes out of the same handle.
TEST(CurlLibrary, BringsItsLibssl) {
  ASSERT_TRUE(LoadCurl());
  EXPECT_EQ(std::string_view(Curl().ssl_cipher_get_name(nullptr)), "(NONE)");
}

}  // namespace
}  // namespace crawlcard::crawler
