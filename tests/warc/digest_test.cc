#include "warc/digest.h"

#include <gtest/gtest.h>

namespace crawlcard::warc {
namespace {

// The digests of "abc" (FIPS 180-4 examples).
TEST(CheckDigest, SpellingsOfSha1) {
  EXPECT_EQ(CheckDigest("sha1:VGMT4NSHA2AWVOR6EVYXQUGCNSONBWE5", "abc"), DigestCheck::kMatch);
  EXPECT_EQ(CheckDigest("SHA1:vgmt4nsha2awvor6evyxqugcnsonbwe5", "abc"), DigestCheck::kMatch);
  EXPECT_EQ(CheckDigest("sha-1:a9993e364706816aba3e25717850c26c9cd0d89d", "abc"),
            DigestCheck::kMatch);
  EXPECT_EQ(CheckDigest(" sha1: A9993E364706816ABA3E25717850C26C9CD0D89D ", "abc"),
            DigestCheck::kMatch);
  EXPECT_EQ(CheckDigest("sha1:VGMT4NSHA2AWVOR6EVYXQUGCNSONBWE5", "abd"), DigestCheck::kMismatch);
}

TEST(CheckDigest, SpellingsOfSha256) {
  EXPECT_EQ(
      CheckDigest("sha256:ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad", "abc"),
      DigestCheck::kMatch);
  EXPECT_EQ(CheckDigest("sha256:XJ4BNP4PAHH6UQKBIDPF3LRCEOYAGYNDSYLXVHFUCD7WD4QACWWQ====", "abc"),
            DigestCheck::kMatch);
  EXPECT_EQ(CheckDigest("sha-256:XJ4BNP4PAHH6UQKBIDPF3LRCEOYAGYNDSYLXVHFUCD7WD4QACWWQ", "abc"),
            DigestCheck::kMatch);
  EXPECT_EQ(CheckDigest("sha256:XJ4BNP4PAHH6UQKBIDPF3LRCEOYAGYNDSYLXVHFUCD7WD4QACWWQ", ""),
            DigestCheck::kMismatch);
}

TEST(CheckDigest, AbsentAndUnsupported) {
  EXPECT_EQ(CheckDigest("", "abc"), DigestCheck::kAbsent);
  EXPECT_EQ(CheckDigest("  ", "abc"), DigestCheck::kAbsent);
  EXPECT_EQ(CheckDigest("md5:900150983cd24fb0d6963f7d28e17f72", "abc"), DigestCheck::kUnsupported);
  EXPECT_EQ(CheckDigest("VGMT4NSHA2AWVOR6EVYXQUGCNSONBWE5", "abc"), DigestCheck::kUnsupported);
  EXPECT_EQ(CheckDigest("sha1:", "abc"), DigestCheck::kUnsupported);
  EXPECT_EQ(CheckDigest("sha1:VGMT", "abc"), DigestCheck::kUnsupported);
}

}  // namespace
}  // namespace crawlcard::warc
