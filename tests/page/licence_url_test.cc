// tests/page/licence_url_test.cc - licence URLs read into identifiers.
#include <string>

#include <gtest/gtest.h>

#include "page/licence.h"
#include "page/licence/spdx.h"
#include "page/limits.h"

namespace crawlcard::page {
namespace {

bool Flagged(const LicenceUrl& url, std::string_view flag) {
  for (const std::string_view have : url.flags) {
    if (have == flag) return true;
  }
  return false;
}

// signals.md 11.2: a port is never folded into the unported text.
TEST(LicenceUrl, PortsKeepTheirOwnIdentifier) {
  EXPECT_EQ(ReadLicenceUrl("https://creativecommons.org/licenses/by/2.5/au/").spdx, "CC-BY-2.5-AU");
  EXPECT_EQ(ReadLicenceUrl("https://creativecommons.org/licenses/by/2.5/it/").spdx,
            "LicenseRef-CC-BY-2.5-IT");
  EXPECT_EQ(ReadLicenceUrl("https://creativecommons.org/licenses/by/2.5/scotland/").spdx,
            "LicenseRef-CC-BY-2.5-SCOTLAND");
  EXPECT_EQ(ReadLicenceUrl("https://creativecommons.org/licenses/by-nc/3.0/igo/").spdx,
            "CC-BY-NC-3.0-IGO");
  EXPECT_EQ(ReadLicenceUrl("https://creativecommons.org/licenses/nd/2.0/jp/").spdx,
            "LicenseRef-CC-ND-2.0-JP");
}

TEST(LicenceUrl, VersionsThatNeverExistedHaveNoIdentifier) {
  for (const char* url : {"https://creativecommons.org/licenses/by/2.1/",
                          "https://creativecommons.org/licenses/nd/2.0/",
                          "https://creativecommons.org/licenses/devnations/1.0/",
                          "https://creativecommons.org/publicdomain/zero/2.0/"}) {
    const LicenceUrl read = ReadLicenceUrl(url);
    EXPECT_EQ(read.spdx, "") << url;
    EXPECT_TRUE(Flagged(read, "licence.unknown_version")) << url;
    EXPECT_TRUE(read.known) << url;
  }
}

TEST(LicenceUrl, DocumentsAndLanguages) {
  const LicenceUrl read =
      ReadLicenceUrl("http://creativecommons.org/licenses/by-nc-nd/3.0/es/legalcode.en@GB?x=1#y");
  EXPECT_EQ(read.spdx, "LicenseRef-CC-BY-NC-ND-3.0-ES");
  EXPECT_EQ(read.document, "legalcode");
  EXPECT_EQ(read.lang, "en-gb");
}

TEST(LicenceUrl, OtherHostsAndUserInfoAreNotCreativeCommons) {
  EXPECT_EQ(ReadLicenceUrl("https://creativecommons.org@evil.example/licenses/by/4.0/").spdx, "");
  EXPECT_EQ(ReadLicenceUrl("https://notcreativecommons.org/licenses/by/4.0/").spdx, "");
  EXPECT_EQ(ReadLicenceUrl("https://wiki.creativecommons.org/licenses/by/4.0/").spdx, "");
  EXPECT_EQ(ReadLicenceUrl("ftp://creativecommons.org/licenses/by/4.0/").spdx, "");
  EXPECT_TRUE(
      Flagged(ReadLicenceUrl(
                  "https://web.archive.org/web/2020/http://creativecommons.org/licenses/by/4.0/"),
              "licence.embedded"));
}

TEST(LicenceUrl, EmptyBinaryAndOverlongInputIsUnknown) {
  EXPECT_FALSE(ReadLicenceUrl("").known);
  EXPECT_FALSE(ReadLicenceUrl(std::string_view("https://\0\xFF/", 10)).known);
  EXPECT_FALSE(ReadLicenceUrl("https://").known);
  EXPECT_FALSE(ReadLicenceUrl("//").known);
  const std::string url = "https://creativecommons.org/licenses/by/4.0/?";
  const std::string at = url + std::string(limits::kLicenceUrlBytesMax - url.size(), 'x');
  EXPECT_TRUE(ReadLicenceUrl(at).known);
  EXPECT_FALSE(ReadLicenceUrl(at + "x").known);
}

TEST(LicenceUrl, CatalogueSitesByTheirSlugs) {
  EXPECT_EQ(ReadLicenceUrl("https://opensource.org/licenses/BSD-3-Clause").spdx, "BSD-3-Clause");
  EXPECT_EQ(ReadLicenceUrl("https://opensource.org/license/apache-2-0").spdx, "Apache-2.0");
  EXPECT_EQ(ReadLicenceUrl("http://www.opensource.org/licenses/mit-license.php").spdx, "MIT");
  EXPECT_EQ(ReadLicenceUrl("https://opensource.org/license/gpl-3-0/").spdx, "GPL-3.0-only");
  EXPECT_EQ(ReadLicenceUrl("https://www.gnu.org/licenses/old-licenses/gpl-2.0.html").spdx,
            "GPL-2.0-only");
  EXPECT_EQ(ReadLicenceUrl("https://www.gnu.org/licenses/gpl-3.0-standalone.html").spdx,
            "GPL-3.0-only");
  EXPECT_EQ(ReadLicenceUrl("https://www.mozilla.org/en-US/MPL/2.0/").spdx, "MPL-2.0");
  EXPECT_EQ(ReadLicenceUrl("https://opensource.org/licenses").spdx, "");
}

TEST(SpdxId, FindsIdentifiersWhateverTheirSpelling) {
  EXPECT_EQ(licence::SpdxId("cc by-sa 4.0"), "CC-BY-SA-4.0");
  EXPECT_EQ(licence::SpdxId("MIT"), "MIT");
  EXPECT_EQ(licence::SpdxId("no such licence"), "");
  EXPECT_EQ(licence::SpdxId(std::string(10'000, 'a')), "");
  EXPECT_EQ(licence::SpdxId(" - "), "");
}

}  // namespace
}  // namespace crawlcard::page
