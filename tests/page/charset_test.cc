#include "page/charset.h"

#include <fstream>
#include <iterator>
#include <random>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/find.h"
#include "base/text.h"
#include "page/internal/encodings.h"
#include "page/limits.h"

namespace crawlcard::page {
namespace {

using namespace std::string_literals;  // NOLINT(google-build-using-namespace): literals only

TEST(EncodingForLabel, FollowsTheTable) {
  EXPECT_EQ(EncodingForLabel("UTF8"), "utf-8");
  EXPECT_EQ(EncodingForLabel(" \tLatin1\n"), "windows-1252");
  EXPECT_EQ(EncodingForLabel("us-ascii"), "windows-1252");
  EXPECT_EQ(EncodingForLabel("iso-8859-9"), "windows-1254");
  EXPECT_EQ(EncodingForLabel("gb2312"), "gbk");
  EXPECT_EQ(EncodingForLabel("x-sjis"), "shift_jis");
  EXPECT_EQ(EncodingForLabel("unicode"), "utf-16le");
  EXPECT_EQ(EncodingForLabel("iso-2022-kr"), "replacement");
  for (const std::string_view label :
       {"", " ", "utf", "8859", "utf-8 utf-8", "nonsense", "utf_8"}) {
    EXPECT_EQ(EncodingForLabel(label), "") << label;
  }
  EXPECT_EQ(EncodingForLabel(std::string(100'000, 'u')), "");
}

TEST(EncodingForLabel, EachNameIsALabelOfItself) {
  for (const internal::Encoding& encoding : internal::kEncodings) {
    EXPECT_EQ(EncodingForLabel(encoding.name), encoding.name);
  }
}

TEST(DetectCharset, TrustsInOrder) {
  const std::string page = "<meta charset=koi8-r>";
  EXPECT_EQ(DetectCharset("\xEF\xBB\xBF" + page, "big5", true).encoding, "utf-8");
  EXPECT_EQ(DetectCharset("\xEF\xBB\xBF" + page, "big5", true).bom_bytes, 3U);
  EXPECT_EQ(DetectCharset("\xFE\xFF\x00<"s, "", true).encoding, "utf-16be");
  EXPECT_EQ(DetectCharset("\xFF\xFE<\x00"s, "", true).encoding, "utf-16le");
  EXPECT_EQ(DetectCharset(page, "big5", true).encoding, "big5");
  EXPECT_EQ(DetectCharset(page, "big5", true).source, CharsetSource::kHttp);
  EXPECT_EQ(DetectCharset(page, "nonsense", true).encoding, "koi8-r");
  EXPECT_EQ(DetectCharset(page, "", true).source, CharsetSource::kMeta);
  EXPECT_EQ(DetectCharset(page, "", false).encoding, "utf-8");
}

TEST(DetectCharset, ReadsXmlDeclarations) {
  const Charset charset =
      DetectCharset("<?xml version=\"1.0\" encoding='ISO-8859-2'?><html>", "", true);
  EXPECT_EQ(charset.encoding, "iso-8859-2");
  EXPECT_EQ(charset.source, CharsetSource::kXml);
  EXPECT_EQ(DetectCharset("<?xml encoding=\"utf-16\"?>", "", true).encoding, "utf-8");
  EXPECT_EQ(DetectCharset("<?xml encoding=\"koi8-r", "", true).source, CharsetSource::kSniffed);
}

TEST(DetectCharset, SniffsUtf8) {
  EXPECT_EQ(DetectCharset("plain", "", true).encoding, "utf-8");
  EXPECT_EQ(DetectCharset("caf\xC3\xA9", "", true).encoding, "utf-8");
  EXPECT_EQ(DetectCharset("caf\xE9", "", true).encoding, "windows-1252");
  EXPECT_EQ(DetectCharset("caf\xE9", "", true).source, CharsetSource::kDefault);
  EXPECT_EQ(DetectCharset("", "", true).encoding, "utf-8");
}

TEST(DetectCharset, SniffLimit) {
  // A character cut by the limit is no sign of another encoding; what comes after is not looked at.
  const std::string cut = std::string(limits::kCharsetSniffBytesMax - 1, 'a') + "\xC3\xA9";
  EXPECT_EQ(DetectCharset(cut, "", true).encoding, "utf-8");
  const std::string at_limit = std::string(limits::kCharsetSniffBytesMax - 1, 'a') + "\xE9";
  EXPECT_EQ(DetectCharset(at_limit, "", true).encoding, "windows-1252");
  const std::string past_limit = std::string(limits::kCharsetSniffBytesMax, 'a') + "\xE9";
  EXPECT_EQ(DetectCharset(past_limit, "", true).encoding, "utf-8");
}

TEST(Prescan, ReadsMetaAsTheStandardSays) {
  const std::vector<std::pair<std::string, std::string_view>> cases = {
      {"<meta charset=\"koi8-r\">", "koi8-r"},
      {"<META\nCHARSET = koi8-r >", "koi8-r"},
      {"<meta/charset=koi8-r/>", ""},  // the slash belongs to the value
      {"<meta http-equiv=content-type content='text/html; charset=koi8-r'>", "koi8-r"},
      {"<meta content='text/html; charset=koi8-r' http-equiv=Content-Type>", "koi8-r"},
      {"<meta content='text/html; charset=koi8-r'>", ""},
      {"<meta name=x content='charset=koi8-r'><meta charset=big5>", "big5"},
      {"<!--<meta charset=koi8-r>--><meta charset=big5>", "big5"},
      {"<!--><meta charset=koi8-r>", "koi8-r"},
      {"<!-- <meta charset=koi8-r>", ""},
      {"<a title='<meta charset=koi8-r>'>", ""},
      {"</p title='<meta charset=koi8-r>'>", ""},
      {"<? x <meta charset=koi8-r>", ""},
      {"<! <meta charset=koi8-r>", ""},
      {"< <meta charset=koi8-r>", "koi8-r"},
      {"<metax charset=koi8-r>", ""},
      {"<meta charset=koi8-r charset=big5>", "koi8-r"},
      {"<meta charset=nonsense><meta charset=big5>", "big5"},
      {"<meta charset=koi8-r", ""},
      {"<meta charset='koi8-r>", ""},
      {"<meta charset=utf-16>", "utf-8"},
      {"<meta charset=x-user-defined>", "windows-1252"},
      {"<script><meta charset=koi8-r></script>", "koi8-r"},
      {"<meta http-equiv=content-type content='charset charset=koi8-r'>", "koi8-r"},
      {"<meta http-equiv=content-type content='charset=\"koi8-r'>", ""},
      {"", ""},
      {"<", ""},
      {"<meta", ""},
      {"<!--", ""},
  };
  for (const auto& [page, expected] : cases) EXPECT_EQ(PrescanForEncoding(page), expected) << page;
  EXPECT_EQ(PrescanForEncoding("<\0?\0x\0"s), "utf-16le");
  EXPECT_EQ(PrescanForEncoding("\0<\0?\0x"s), "utf-16be");
}

TEST(Prescan, BytesLimit) {
  const std::string meta = "<meta charset=koi8-r>";
  const std::string at_limit = std::string(limits::kCharsetPrescanBytes - meta.size(), ' ') + meta;
  EXPECT_EQ(PrescanForEncoding(at_limit), "koi8-r");
  EXPECT_EQ(PrescanForEncoding(" " + at_limit), "");
}

TEST(Prescan, EveryCutIsSurvived) {
  const std::string page =
      "<!-- x --><?y?><a b='c' d>\n<meta http-equiv='Content-Type' content=\"text/html; "
      "charset='koi8-r'\"><meta charset=big5>";
  for (std::size_t cut = 0; cut <= page.size(); ++cut) {
    static_cast<void>(DetectCharset(page.substr(0, cut), "", true));
  }
}

class ConverterTest : public ::testing::Test {
 protected:
  std::string Convert(std::string_view encoding, std::string_view text) {
    std::string out;
    EXPECT_TRUE(converter_.Append(encoding, text, 1000, out));
    return out;
  }
  Converter converter_;
};

TEST_F(ConverterTest, ConvertsEachFamily) {
  EXPECT_EQ(Convert("windows-1252", "\x80 \xE9 \x81"), "\xE2\x82\xAC \xC3\xA9 \xC2\x81");
  EXPECT_EQ(Convert("iso-8859-2", "\xB1"), "\xC4\x85");
  EXPECT_EQ(Convert("iso-8859-16", "\xA4\xE9\xFE"), "\xE2\x82\xAC\xC3\xA9\xC8\x9B");
  EXPECT_EQ(Convert("koi8-r", "\xC1"), "\xD0\xB0");
  EXPECT_EQ(Convert("windows-1251", "\xE0"), "\xD0\xB0");
  EXPECT_EQ(Convert("shift_jis", "\x83\x65\x83\x58\x83\x67"),
            "\xE3\x83\x86\xE3\x82\xB9\xE3\x83\x88");
  EXPECT_EQ(Convert("euc-jp", "\xA5\xC6"), "\xE3\x83\x86");
  EXPECT_EQ(Convert("iso-2022-jp", "\x1B$B%F\x1B(B!"), "\xE3\x83\x86!");
  EXPECT_EQ(Convert("gbk", "\xD6\xD0"), "\xE4\xB8\xAD");
  EXPECT_EQ(Convert("gb18030", "\x94\x39\xDA\x33"), "\xF0\x9F\x92\xA9");
  EXPECT_EQ(Convert("big5", "\xA4\xA4"), "\xE4\xB8\xAD");
  EXPECT_EQ(Convert("euc-kr", "\xC7\xD1"), "\xED\x95\x9C");
  EXPECT_EQ(Convert("utf-16le", "a\0\x3D\xD8\xA9\xDC"s), "a\xF0\x9F\x92\xA9");
  EXPECT_EQ(Convert("utf-16be", "\0a\xD8\x3D\xDC\xA9"s), "a\xF0\x9F\x92\xA9");
  EXPECT_EQ(Convert("x-user-defined", "a\x80\xFF"), "a\xEF\x9E\x80\xEF\x9F\xBF");
  EXPECT_EQ(Convert("replacement", "anything"), "\xEF\xBF\xBD");
  EXPECT_EQ(Convert("utf-8",
                    "a\xFF"
                    "b"),
            "a\xEF\xBF\xBD"
            "b");
  EXPECT_EQ(Convert("nonsense", "\xE9"), "\xC3\xA9");
}

TEST_F(ConverterTest, KnowsEveryEncoding) {
  std::string all;
  for (int byte = 0; byte < 256; ++byte) all += static_cast<char>(byte);
  for (const internal::Encoding& encoding : internal::kEncodings) {
    const std::string text = Convert(encoding.name, all);
    EXPECT_TRUE(IsUtf8(text)) << encoding.name;
    if (IsAsciiCompatible(encoding.name)) {
      EXPECT_TRUE(text.starts_with(all.substr(0, 128))) << encoding.name;
    }
  }
}

TEST_F(ConverterTest, ReplacesWhatIsCutOrWrong) {
  EXPECT_EQ(Convert("shift_jis", "\x83"), "\xEF\xBF\xBD");
  EXPECT_EQ(Convert("utf-16le", "a\0\x3D\xD8"s), "a\xEF\xBF\xBD");
  EXPECT_EQ(Convert("utf-16le", "a\0b"s), "a\xEF\xBF\xBD");
}

TEST_F(ConverterTest, StopsAtTheLimitWithWholeCharacters) {
  for (const std::string_view encoding : {"windows-1252", "utf-8", "utf-16be", "x-user-defined"}) {
    const std::string text = encoding == "utf-16be" ? "\0\xE9\0\xE9"s
                             : encoding == "utf-8"  ? "\xC3\xA9\xC3\xA9"s
                                                    : "\xE9\xE9"s;
    std::string whole;
    ASSERT_TRUE(converter_.Append(encoding, text, 100, whole));
    std::string out = "before";
    EXPECT_TRUE(converter_.Append(encoding, text, whole.size(), out)) << encoding;
    out = "before";
    EXPECT_FALSE(converter_.Append(encoding, text, whole.size() - 1, out)) << encoding;
    EXPECT_EQ(out, "before" + whole.substr(0, whole.size() / 2)) << encoding;
  }
  std::string out;
  EXPECT_FALSE(converter_.Append("windows-1252", "abc", 2, out));
  EXPECT_EQ(out, "ab");
  out.clear();
  EXPECT_FALSE(converter_.Append("utf-8", "\xFF\xFF\xFF", 4, out));
  EXPECT_EQ(out, "\xEF\xBF\xBD");
}

// Pairs of UTF-16 units that fall on either side of any inner buffer.
TEST_F(ConverterTest, KeepsPairsTogetherInLongTexts) {
  for (const std::size_t lead : {1022U, 1023U, 1024U, 2047U}) {
    std::string text;
    for (std::size_t i = 0; i < lead; ++i) text += "a\0"s;
    for (int i = 0; i < 2000; ++i) text += "\x3D\xD8\xA9\xDC"s;
    std::string out;
    ASSERT_TRUE(converter_.Append("utf-16le", text, 100'000, out));
    EXPECT_EQ(out.size(), lead + 8000);
    EXPECT_EQ(out.find("\xEF\xBF\xBD"), std::string::npos);
  }
}

TEST_F(ConverterTest, AnyBytesBecomeUtf8) {
  std::mt19937 random(5);
  for (const internal::Encoding& encoding : internal::kEncodings) {
    for (int round = 0; round < 50; ++round) {
      std::string text(random() % 3000, '\0');
      for (char& c : text) c = static_cast<char>(random() & 0xFF);
      std::string out;
      converter_.Append(encoding.name, text, 1500, out);
      EXPECT_TRUE(IsUtf8(out)) << encoding.name;
      EXPECT_LE(out.size(), 1500U) << encoding.name;
    }
  }
}

// --- html5lib-tests, encoding/*.dat ---

struct EncodingCase {
  std::string data;
  std::string encoding;
};

std::vector<EncodingCase> ReadCases(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  const std::string text((std::istreambuf_iterator<char>(file)), std::istreambuf_iterator<char>());
  std::vector<EncodingCase> cases;
  for (std::size_t at = text.find("#data\n"); at != std::string::npos;) {
    const std::size_t next = text.find("\n#data\n", at);
    const std::string part = text.substr(at + 6, next == std::string::npos ? next : next - at - 6);
    const std::size_t split = part.find("\n#encoding\n");
    const std::string rest = part.substr(split + 11);
    cases.push_back({part.substr(0, split), rest.substr(0, rest.find('\n'))});
    at = next == std::string::npos ? next : next + 1;
  }
  return cases;
}

// Without a declaration the suite expects windows-1252; text that is valid UTF-8 we call UTF-8.
// Left out: declarations past the first 1024 bytes, which a browser finds while it builds the tree.
TEST(Html5libEncoding, DeclarationsAgree) {
  const std::string folder =
      CRAWLCARD_SHARED "/corpora/conformance/html5lib__html5lib-tests/encoding/";
  if (!std::ifstream(folder + "tests1.dat")) GTEST_SKIP() << folder << " is not there";
  int run = 0;
  int undeclared = 0;
  int late = 0;
  for (const std::string_view name : {"tests1.dat", "tests2.dat", "test-yahoo-jp.dat"}) {
    for (const EncodingCase& c : ReadCases(folder + std::string(name))) {
      const Charset charset = DetectCharset(c.data, "", true);
      const std::size_t first_meta = FindIgnoreCase(c.data, "<meta");
      if (first_meta != std::string::npos && first_meta >= limits::kCharsetPrescanBytes) {
        ++late;
        continue;
      }
      ++run;
      if (AsciiLowerCopy(c.encoding) == "windows-1252" &&
          charset.source == CharsetSource::kSniffed) {
        ++undeclared;
        continue;
      }
      EXPECT_EQ(charset.encoding, EncodingForLabel(c.encoding)) << name << "\n" << c.data;
    }
  }
  RecordProperty("run", run);
  RecordProperty("undeclared", undeclared);
  RecordProperty("late", late);
  EXPECT_GT(run, 60);
}

}  // namespace
}  // namespace crawlcard::page
