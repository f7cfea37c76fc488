// page/html/tag_end.h - where a tag ends, 32 bytes at once, for tags written as nearly all are.
//
//   bytes      c  l  a  s  s  =  "  a  >  b  "  >
//   quotes                       1           1
//   in value                     1  1  1  1
//   equals                    1                       next to an opening quote, behind a name
//   greater                            1        1     the first that is in no value ends the tag
//
// The same for tags whose values all stand in apostrophes. The grammar is that of the HTML
// Standard, 13.2.5.32 to 13.2.5.40, as in page/html/picked_tag.h, to which values without quotes,
// quotes of both kinds and whatever else is unusual are left.
//
// Thread rule: thread-safe.
#pragma once

#include <cstddef>
#include <string_view>

#include "page/html/picked_tag.h"
#include "page/limits.h"

namespace crawlcard::page::html {

// Whether the '>' or apostrophe at `stop`, the first behind `edge`, where the name of a tag ends,
// is the end of that tag for sure. So it is where no value is open: the last quote before it, if
// any, does not follow '=' and white space, so that it opens none. Tags that may have too many
// attributes count as unsure.
bool IsEndOf(std::string_view body, std::size_t stop, std::size_t edge);

// The same at a glance, for tags without attributes, or whose last value is quoted.
[[gnu::always_inline]] inline bool EndsAt(const char* body, std::size_t stop, std::size_t edge) {
  if (body[stop] != '>') return false;
  std::size_t last = stop - 1;
  if (body[last] == '/') --last;
  if (body[last] == ' ') --last;
  if (last <= edge) return true;  // nothing but these
  return body[last] == '"' && body[last - 1] > ' ' && body[last - 1] != '=' &&
         stop - edge <= 2 * limits::kAttributesMax;
}

#if defined(__x86_64__)
// The end of the tag whose name ends at `at`, where white space or a slash stands, in a text that
// ends at `end`. None where it is unusual, where fewer than 32 bytes are left, or where it may have
// more attributes than limits::kAttributesMax. For processors with AVX2.
[[gnu::target("avx2,bmi,bmi2,pclmul,popcnt")]] TagEnd QuotedTagEnd(const char* at, const char* end);
#endif

}  // namespace crawlcard::page::html
