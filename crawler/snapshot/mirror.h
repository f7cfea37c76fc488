// crawler/snapshot/mirror.h - where the files of a snapshot are: a server, or a directory.
//
// Base plus path is the whole rule, so a mirror is any copy of the bucket's layout.
// Thread rule: value.
#pragma once

#include <string>
#include <string_view>

#include "base/result.h"

namespace crawlcard::crawler {

inline constexpr std::string_view kCommonCrawlMirror = "https://data.commoncrawl.org/";

class Mirror {
 public:
  // "http://HOST/...", "https://HOST/..." or "file:///DIR"; a missing last slash is added.
  // Errors: kInvalidArgument.
  [[nodiscard]] static Result<Mirror> Parse(std::string_view text);

  bool is_local() const { return local_; }

  // URL of `path`, or the name of the file where the mirror is local.
  std::string At(std::string_view path) const { return base_ + std::string(path); }

  // Where the list of all crawls is: Common Crawl has it on its index server, mirrors at the root.
  std::string Collinfo() const;

 private:
  bool local_ = false;
  std::string base_;
};

}  // namespace crawlcard::crawler
