// tests/index/check_fixture.h - one archive, one index, questions about its URLs.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "base/time.h"
#include "index/scan.h"
#include "index_fixture.h"
#include "robots/policy.h"
#include "robots/verdict.h"

namespace crawlcard::index {

class CheckTest : public IndexTest {
 protected:
  std::unique_ptr<Store> IndexOf(const WarcBuilder& warc) {
    auto store = Open(Path("idx"));
    IngestAll(*store, {Put("a.warc.gz", warc.bytes())});
    return store;
  }
  static JudgeOptions Options(std::optional<std::string_view> instant = std::nullopt) {
    JudgeOptions options;
    options.policy = *robots::BuiltInPolicy("eu-tdm");
    if (instant) options.as_of = {AsOf::Kind::kInstant, *ParseRfc3339(*instant)};
    return options;
  }
  static UrlVerdict Check(const Store& store, std::string_view url,
                          const JudgeOptions& options = Options()) {
    auto verdict = CheckUrl(store, url, options);
    EXPECT_TRUE(verdict) << verdict.error().ToString();
    return verdict ? std::move(*verdict) : UrlVerdict();
  }
  static std::string StateOf(const UrlVerdict& verdict, std::string_view carrier) {
    for (const robots::Coverage& entry : verdict.verdict.coverage) {
      if (entry.carrier == carrier) return entry.state;
    }
    return "";
  }
};

inline constexpr std::string_view kOpen = "User-agent: *\nAllow: /\n";
inline constexpr std::string_view kClosed = "User-agent: *\nDisallow: /\n";

}  // namespace crawlcard::index
