// page/html/tag_end.h - where a tag ends, 32 bytes at once, for tags written as nearly all are.
//
//   bytes      c  l  a  s  s  =  "  a  >  b  "  >
//   quotes                       1           1
//   in value                     1  1  1  1
//   equals                    1                       next to an opening quote, behind a name
//   greater                            1        1     the first that is in no value ends the tag
//
// The grammar is that of the HTML Standard, 13.2.5.32 to 13.2.5.40, as in page/html/picked_tag.h,
// to which values without quotes, apostrophes and whatever else is unusual are left.
//
// Thread rule: thread-safe.
#pragma once

#include "page/html/picked_tag.h"

namespace crawlcard::page::html {

#if defined(__x86_64__)
// The end of the tag whose name ends at `at`, where white space or a slash stands, in a text that
// ends at `end`. None where it is unusual, where fewer than 32 bytes are left, or where it may have
// more attributes than limits::kAttributesMax. For processors with AVX2.
[[gnu::target("avx2,bmi,bmi2,pclmul,popcnt")]] TagEnd QuotedTagEnd(const char* at, const char* end);
#endif

}  // namespace crawlcard::page::html
