#include "base/codec.h"

#include <random>

#include <gtest/gtest.h>

#include "base/member_deflater.h"
#include "base/member_inflater.h"
#include "tests/deflated.h"

namespace crawlcard {
namespace {

constexpr std::size_t kNoLimit = std::size_t{1} << 30;

std::string Text(std::size_t bytes) {
  std::mt19937 random(1);
  std::string text;
  while (text.size() < bytes) text += "word" + std::to_string(random() % 500) + " ";
  text.resize(bytes);
  return text;
}

// "hello brotli " four times, made with Node's zlib module.
std::string Brotli() {
  return std::string(
      "\x1b\x33\x00\xf8\x1d\xa9\x53\x9f\xbb\x70\x2d\x56\x86\x26"
      "\x27\x41\xd8\xe8\x92\x2d\xed\x2d\x8c\x8a\x06\x8e\xcc\xf8\x05",
      29);
}

struct Form {
  Coding coding;
  std::string bytes;
};

std::vector<Form> FormsOf(const std::string& text) {
  return {{Coding::kIdentity, text},
          {Coding::kGzip, GzipMember(text, 6)},
          {Coding::kDeflate, Deflated(text, {.window_bits = 15})},
          {Coding::kDeflate, Deflated(text, {})},
          {Coding::kZstd, ZstdFrame(text, 3)}};
}

TEST(Codec, RoundTripsOfManySizes) {
  for (const int count : {0, 1, 100, 32767, 32768, 32769, 1000000}) {
    const auto bytes = static_cast<std::size_t>(count);
    const std::string text = Text(bytes);
    for (const Form& form : FormsOf(text)) {
      std::string out = "kept ";
      const Result<DecodeOutcome> outcome = Decode(form.coding, form.bytes, kNoLimit, out);
      ASSERT_TRUE(outcome) << bytes;
      EXPECT_TRUE(outcome->complete);
      EXPECT_FALSE(outcome->over_limit);
      EXPECT_EQ(outcome->consumed, form.bytes.size());
      EXPECT_EQ(out, "kept " + text);
    }
  }
}

TEST(Codec, LimitBelowAtAndAbove) {
  const std::string text = Text(100000);
  for (const Form& form : FormsOf(text)) {
    for (const std::size_t limit : {text.size() - 1, text.size(), text.size() + 1}) {
      std::string out;
      const Result<DecodeOutcome> outcome = Decode(form.coding, form.bytes, limit, out);
      ASSERT_TRUE(outcome);
      EXPECT_EQ(outcome->over_limit, limit < text.size());
      EXPECT_EQ(outcome->complete, limit >= text.size());
      EXPECT_EQ(out, text.substr(0, limit));
    }
  }
}

TEST(Codec, Brotli) {
  const std::string text = "hello brotli hello brotli hello brotli hello brotli ";
  std::string out;
  Result<DecodeOutcome> outcome = Decode(Coding::kBrotli, Brotli(), kNoLimit, out);
  ASSERT_TRUE(outcome);
  EXPECT_TRUE(outcome->complete);
  EXPECT_EQ(out, text);
  EXPECT_EQ(outcome->consumed, Brotli().size());
  out.clear();
  outcome = Decode(Coding::kBrotli, Brotli(), 5, out);
  ASSERT_TRUE(outcome);
  EXPECT_TRUE(outcome->over_limit);
  EXPECT_EQ(out, "hello");
  out.clear();
  outcome = Decode(Coding::kBrotli, Brotli().substr(0, 20), kNoLimit, out);
  ASSERT_TRUE(outcome);
  EXPECT_FALSE(outcome->complete);
  EXPECT_EQ(out, text.substr(0, out.size()));
}

TEST(Codec, CutStreamsKeepWhatWasDecoded) {
  const std::string text = Text(200000);
  for (const Form& form : FormsOf(text)) {
    if (form.coding == Coding::kIdentity) continue;
    for (const std::size_t cut : {form.bytes.size() / 2, form.bytes.size() - 1}) {
      std::string out;
      const Result<DecodeOutcome> outcome =
          Decode(form.coding, std::string_view(form.bytes).substr(0, cut), kNoLimit, out);
      ASSERT_TRUE(outcome);
      EXPECT_FALSE(outcome->complete);
      EXPECT_EQ(out, text.substr(0, out.size()));
      // zstd gives out whole blocks of up to 128 KiB only.
      EXPECT_EQ(out.empty(), form.coding == Coding::kZstd && cut < form.bytes.size() / 2 + 1);
    }
  }
}

TEST(Codec, JunkIsCorrupt) {
  const std::string junk = "<html>this was never compressed</html>";
  for (const Coding coding : {Coding::kGzip, Coding::kDeflate, Coding::kBrotli, Coding::kZstd}) {
    std::string out;
    const Result<DecodeOutcome> outcome = Decode(coding, junk, kNoLimit, out);
    if (outcome) {
      EXPECT_FALSE(outcome->complete) << static_cast<int>(coding);
    } else {
      EXPECT_EQ(outcome.error().code(), ErrorCode::kCorrupt);
      EXPECT_EQ(out, "");
    }
  }
  std::string out;
  EXPECT_FALSE(Decode(Coding::kGzip, junk, kNoLimit, out));
  EXPECT_FALSE(Decode(Coding::kZstd, junk, kNoLimit, out));
}

TEST(Codec, EmptyInput) {
  for (const Coding coding : {Coding::kIdentity, Coding::kGzip, Coding::kBrotli}) {
    std::string out;
    const Result<DecodeOutcome> outcome = Decode(coding, "", kNoLimit, out);
    ASSERT_TRUE(outcome);
    EXPECT_EQ(outcome->complete, coding == Coding::kIdentity);
  }
}

// RFC 1952 section 2.2 and RFC 8878 section 3.1: members and frames follow one another.
TEST(Codec, ConcatenatedMembersAndTrailingBytes) {
  const std::string gzip = GzipMember("one ", 6) + GzipMember("", 6) + GzipMember("two", 6);
  const std::string zstd = ZstdFrame("one ", 3) + ZstdFrame("two", 3);
  for (const auto& [coding, bytes] :
       {std::pair{Coding::kGzip, gzip}, std::pair{Coding::kZstd, zstd}}) {
    for (const char* tail : {"", "trailing bytes"}) {
      std::string out;
      const Result<DecodeOutcome> outcome = Decode(coding, bytes + tail, kNoLimit, out);
      ASSERT_TRUE(outcome);
      EXPECT_TRUE(outcome->complete) << tail;
      EXPECT_EQ(outcome->consumed, bytes.size());
      EXPECT_EQ(out, "one two");
    }
  }
}

TEST(Codec, WrongChecksumIsNotComplete) {
  std::string bytes = GzipMember(Text(1000), 6);
  bytes[bytes.size() - 6] = static_cast<char>(bytes[bytes.size() - 6] ^ 1);
  std::string out;
  const Result<DecodeOutcome> outcome = Decode(Coding::kGzip, bytes, kNoLimit, out);
  ASSERT_TRUE(outcome);
  EXPECT_FALSE(outcome->complete);
  EXPECT_EQ(out, Text(1000));
}

TEST(Codec, SameInputGivesTheSameBytes) {
  EXPECT_EQ(GzipMember(Text(5000), 9), GzipMember(Text(5000), 9));
  EXPECT_EQ(ZstdFrame(Text(5000), 9), ZstdFrame(Text(5000), 9));
}

TEST(MemberDeflater, MembersAreWhatTheInflaterReads) {
  for (const MemberFormat format : {MemberFormat::kGzip, MemberFormat::kZstd}) {
    MemberDeflater deflater(format, 3);
    MemberInflater inflater;
    std::string out = "before";
    const std::string text(100'000, 'x');
    for (const std::string_view in :
         {std::string_view(text), std::string_view("y"), std::string_view()}) {
      const std::size_t start = out.size();
      const std::size_t made = deflater.Append(in, out);
      EXPECT_EQ(out.size(), start + made);
      std::string back(in.size() + 64, '\0');
      const WholeOutcome whole =
          inflater.InflateWhole(format, std::string_view(out).substr(start), std::span<char>(back));
      EXPECT_EQ(whole.state, WholeState::kDone);
      EXPECT_EQ(whole.consumed, made);
      EXPECT_EQ(std::string_view(back).substr(0, whole.produced), in);
    }
    EXPECT_TRUE(out.starts_with("before"));
  }
}

}  // namespace
}  // namespace crawlcard
