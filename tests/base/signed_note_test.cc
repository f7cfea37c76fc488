#include "base/signed_note.h"

#include <gtest/gtest.h>

#include "base/base64.h"

namespace crawlcard {
namespace {

// The example of C2SP signed-note, also that of golang.org/x/mod/sumdb/note.
constexpr std::string_view kKey =
    "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW";
constexpr std::string_view kNote =
    "If you think cryptography is the answer to your problem,\n"
    "then you don't know what your problem is.\n"
    "\n"
    "\u2014 PeterNeumann "
    "x08go/ZJkuBS9UG/"
    "SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n";

TEST(SignedNote, AcceptsTheExampleOfItsSource) {
  const Result<NoteVerifier> key = NoteVerifier::Parse(kKey);
  ASSERT_TRUE(key) << key.error().ToString();
  EXPECT_EQ(key->name(), "PeterNeumann");
  EXPECT_TRUE(key->Accepts(kNote));
}

TEST(SignedNote, RefusesEveryFlippedByte) {
  const NoteVerifier key = *NoteVerifier::Parse(kKey);
  for (std::size_t i = 0; i < kNote.size(); ++i) {
    std::string note(kNote);
    note[i] = static_cast<char>(note[i] ^ 1);
    EXPECT_FALSE(key.Accepts(note)) << i;
  }
}

TEST(SignedNote, SignsWhatItsPublicKeyAccepts) {
  const NoteSigner made = *NoteSigner::Make("cards.example.org");
  const Result<NoteSigner> signer = NoteSigner::Parse(made.PrivateKey() + "\n");
  ASSERT_TRUE(signer) << signer.error().ToString();
  EXPECT_EQ(signer->PublicKey(), made.PublicKey());
  const Result<std::string> note = signer->Sign("one\n\ntwo\n");
  ASSERT_TRUE(note) << note.error().ToString();
  EXPECT_EQ(NoteText(*note), "one\n\ntwo\n");
  EXPECT_TRUE(NoteVerifier::Parse(made.PublicKey())->Accepts(*note));
  EXPECT_FALSE(NoteVerifier::Parse(kKey)->Accepts(*note));
  EXPECT_FALSE(
      NoteVerifier::Parse(NoteSigner::Make("cards.example.org")->PublicKey())->Accepts(*note));
}

TEST(SignedNote, RefusesTextThatCannotBeSigned) {
  const NoteSigner signer = *NoteSigner::Make("a");
  for (const std::string_view text : {"", "no end", "tab\t\n", "\x01\n", "\xff\n"}) {
    EXPECT_FALSE(signer.Sign(text)) << text;
  }
  for (const std::string_view name : {"", "a b", "a+b", "a\nb", "\xff"}) {
    EXPECT_FALSE(NoteSigner::Make(name)) << name;
  }
}

TEST(SignedNote, RefusesDamagedKeys) {
  const std::string private_key = NoteSigner::Make("a")->PrivateKey();
  EXPECT_FALSE(NoteVerifier::Parse(private_key));
  EXPECT_FALSE(NoteSigner::Parse(kKey));
  for (std::size_t i = 0; i < private_key.size(); ++i) {
    std::string cut = private_key.substr(0, i);
    EXPECT_FALSE(NoteSigner::Parse(cut)) << i;
    std::string flipped = private_key;
    flipped[i] = static_cast<char>(flipped[i] ^ 1);
    EXPECT_FALSE(NoteSigner::Parse(flipped)) << i;
  }
}

// RFC 4648 section 10.
TEST(Base64, WritesAndReadsTheVectorsOfItsSource) {
  const std::pair<std::string_view, std::string_view> vectors[] = {{"", ""},
                                                                   {"f", "Zg=="},
                                                                   {"fo", "Zm8="},
                                                                   {"foo", "Zm9v"},
                                                                   {"foob", "Zm9vYg=="},
                                                                   {"fooba", "Zm9vYmE="},
                                                                   {"foobar", "Zm9vYmFy"}};
  for (const auto& [bytes, text] : vectors) {
    EXPECT_EQ(Base64(bytes), text);
    EXPECT_EQ(DecodeBase64(text), bytes);
  }
  for (const std::string_view text : {"Zg", "Zg=", "Zh==", "Zm9v\n", " Zm9v", "Zm9v ",
                                      "====", "Z===", "Zg==Zg==", "Zm-_", "Zm9vZm9"}) {
    EXPECT_FALSE(DecodeBase64(text)) << text;
  }
}

}  // namespace
}  // namespace crawlcard
