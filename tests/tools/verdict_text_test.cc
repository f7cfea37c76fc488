#include "tools/verdict_text.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tools/capture_text.h"

namespace crawlcard::tools {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

index::UrlVerdict Refused() {
  index::UrlVerdict answer;
  answer.url = "https://www.example.org/a";
  answer.as_of = 1'790'940'153;
  answer.verdict.decision = robots::Decision::kDeny;
  answer.verdict.careful = robots::Decision::kDeny;
  robots::Reason reason;
  reason.family = robots::Family::kContentSignal;
  reason.says = robots::Says::kDeny;
  reason.use = robots::Axis::kTrain;
  reason.raw = "Content-Signal: ai-train=no\x1b[31m";
  reason.location = "line 12";
  reason.clause = "signals.md 12.2";
  reason.evidence = {"a.warc.gz", 10, 20, 0, "<urn:uuid:x>", "sha256:00", 1'790'000'000};
  answer.verdict.reasons.assign(10, reason);
  answer.verdict.coverage.push_back({"robots.txt", "ok", 1'790'000'000});
  answer.verdict.coverage.push_back({"tdmrep.json", "not-asked", std::nullopt});
  return answer;
}

TEST(VerdictText, SaysVerdictReasonPlaceCoverageAndPointerOnOneScreen) {
  index::JudgeOptions options;
  options.policy = *robots::BuiltInPolicy("eu-tdm");
  std::string text;
  AppendVerdictText(Refused(), options, text);
  EXPECT_THAT(text, HasSubstr("NOT USABLE for train as *: the publisher says deny"));
  EXPECT_THAT(text, HasSubstr("line 12: Content-Signal: ai-train=no"));
  EXPECT_THAT(text, HasSubstr("a.warc.gz at 10, 20 long"));
  EXPECT_THAT(text, HasSubstr("and 2 more"));
  EXPECT_THAT(text, HasSubstr("tdmrep.json not-asked"));
  EXPECT_THAT(text, Not(HasSubstr("\x1b")));
  EXPECT_LE(std::count(text.begin(), text.end(), '\n'), 50);
}

TEST(VerdictText, SilenceIsSaid) {
  index::UrlVerdict answer;
  answer.url = "www.example.org";
  index::JudgeOptions options;
  options.policy = *robots::BuiltInPolicy("strict");
  std::string text;
  AppendVerdictText(answer, options, text);
  EXPECT_THAT(text, HasSubstr("reasons: none, nothing was said"));
  EXPECT_THAT(text, HasSubstr("looked at: nothing"));
  EXPECT_THAT(text, HasSubstr("capture: none"));
}

TEST(Printable, HidesWhatATerminalWouldObey) {
  EXPECT_THAT(Printable("a\x1b[2Jb"), Not(HasSubstr("\x1b")));
  EXPECT_THAT(Printable("a\xc2\x9b"
                        "2Jb"),
              Not(HasSubstr("\xc2\x9b")));
  EXPECT_THAT(Printable("line\nbreak"), Not(HasSubstr("\n")));
  EXPECT_EQ(Printable("caf\xc3\xa9"), "caf\xc3\xa9");
}

}  // namespace
}  // namespace crawlcard::tools
