#include "base/digest.h"

#include <gtest/gtest.h>

namespace crawlcard {
namespace {

// The digest that archives write for an empty payload.
TEST(Digest, Sha1OfNothingInBase32) {
  EXPECT_EQ(Base32(Sha1("")), "3I42H3S6NNFQ2MSVX7XZKYAYSCX5QBYJ");
}

TEST(Digest, Sha256InHex) {
  EXPECT_EQ(Hex(Sha256("abc")), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
}

TEST(Digest, StreamedXxh3EqualsWhole) {
  Xxh3Hasher hasher;
  hasher.Update("from crawl ");
  hasher.Update("to card");
  EXPECT_EQ(hasher.Digest(), Xxh3("from crawl to card"));
  EXPECT_EQ(Hex(Xxh3("")), "99aa06d3014798d86001c324468d497f");
}

// RFC 4648 section 10.
TEST(Base32, RfcVectors) {
  EXPECT_EQ(Base32(std::string_view("")), "");
  EXPECT_EQ(Base32(std::string_view("f")), "MY======");
  EXPECT_EQ(Base32(std::string_view("foobar")), "MZXW6YTBOI======");
}

}  // namespace
}  // namespace crawlcard
