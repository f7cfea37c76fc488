#include "crawler/snapshot/mirror.h"

#include "base/text.h"
#include "crawler/target_url.h"

namespace crawlcard::crawler {
namespace {

constexpr std::string_view kFile = "file://";

}  // namespace

Result<Mirror> Mirror::Parse(std::string_view text) {
  Mirror mirror;
  if (StartsWithIgnoreCase(text, kFile)) {
    const std::string_view path = text.substr(kFile.size());
    if (!path.starts_with('/') || path.find('%') != std::string_view::npos) {
      return Fail(ErrorCode::kInvalidArgument,
                  "a local mirror is file:// and an absolute path without escapes");
    }
    mirror.local_ = true;
    mirror.base_ = path;
  } else {
    CRAWLCARD_ASSIGN(const TargetUrl url, TargetUrl::Parse(text));
    if (url.path_and_query().find('?') != std::string::npos) {
      return Fail(ErrorCode::kInvalidArgument, "the URL of a mirror has no query");
    }
    mirror.base_ = url.text();
  }
  if (!mirror.base_.ends_with('/')) mirror.base_ += '/';
  return mirror;
}

std::string Mirror::Collinfo() const {
  if (base_ == kCommonCrawlMirror) return "https://index.commoncrawl.org/collinfo.json";
  return At("collinfo.json");
}

}  // namespace crawlcard::crawler
