// What references come to, against decoding them.
#include "page/html/char_ref.h"

#include <random>
#include <string>
#include <string_view>

#include <gtest/gtest.h>

#include "base/text.h"

namespace crawlcard::page::html {
namespace {

// Asked twice, since the second answer is one that was kept.
void Compare(KnownReferences& known, std::string_view text) {
  std::string decoded;
  const std::size_t used = DecodeReference(text, RefContext::kText, decoded);
  for (int round = 0; round < 2; ++round) {
    const ReferenceBytes measured = known.Measure(text);
    ASSERT_EQ(measured.used, used) << text;
    ASSERT_EQ(measured.meaning, decoded.size()) << text;
    ASSERT_EQ(measured.begins_with_space, used != 0 && IsAsciiSpace(decoded.front())) << text;
  }
}

TEST(KnownReferences, MeasureWhatDecodingGives) {
  KnownReferences known;
  for (const std::string_view text :
       {"amp;",      "amp;xxxxxxx", "amp",      "ampxxxxxxxxx;", "#32;xxxxx",       "#10;xxxxx",
        "Tab;xxxxx", "NewLine;",    "#x2019;x", "#8217;xx",      "notit;xx",        "notin;xx",
        "; xxxxxxx", "#;xxxxxx",    "bogus;xx", " x; yyyyy",     "NotEqualTilde;x", "nbsp;xxx",
        "nbsp;xxy",  "lt<b>;xx",    ""}) {
    Compare(known, text);
  }
}

TEST(KnownReferences, MeasureRandomTextAsDecodingDoes) {
  KnownReferences known;
  std::mt19937 random(11);
  constexpr std::string_view kPieces[] = {
      "amp", "lt", "gt", "nbsp", "not",  "in", "copy", "#",    "x",      "3",  "20",
      "9",   ";",  ";",  "Tab",  "quot", "<",  " ",    "\xC3", "hellip", "fj", "lig"};
  for (int round = 0; round < 20000; ++round) {
    std::string text;
    for (std::size_t left = random() % 6; left > 0; --left) {
      text += kPieces[random() % std::size(kPieces)];
    }
    text.append(random() % 9, 'z');
    Compare(known, text);
    if (HasFatalFailure()) return;
  }
}

}  // namespace
}  // namespace crawlcard::page::html
