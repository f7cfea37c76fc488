// page/internal/public_suffix_list.h - the pinned list as text, from page/data at build time.
#pragma once

#include <string_view>

namespace crawlcard::page::internal {

extern const std::string_view kPublicSuffixList;
extern const std::string_view kPublicSuffixListVersion;

}  // namespace crawlcard::page::internal
