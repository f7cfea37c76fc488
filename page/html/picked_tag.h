// page/html/picked_tag.h - reads one tag at once: its name, and the attributes of TagAttributes.
//
// The grammar is that of the HTML Standard, 13.2.5.6 to 13.2.5.40, as in page/html/tokenizer.cc,
// with nothing kept but what is picked. Most tags are made of names, quoted values and single
// blanks: these are read sixteen bytes at a time.
//
// Thread rule: thread-safe.
#pragma once

#include "page/html/tag.h"
#include "page/html/token.h"

namespace crawlcard::page::html {

// The first byte from `name` on that ends a tag's name, or `end`.
const char* TagNameEnd(const char* name, const char* end);

struct TagEnd {
  const char* behind = nullptr;  // its '>'; null: the text ends before
  bool self_closing = false;     // it ends in "/>"
};

// Passes the attributes of the tag whose name ends at `at`, in a text that ends at `end`. Gives no
// end to a tag with more attributes than limits::kAttributesMax.
TagEnd SkipAttributes(const char* at, const char* end);

// Reads the tag at `at`, which is "<" or "</" and a letter, in a text that ends at `end`. Gives the
// place behind its '>', or null where the text ends inside it. Sets kind, name, key and
// self_closing of `token_out`; `attributes_out` is filled for start tags, those of end tags mean
// nothing. `dropped_out` becomes true where a tag has more than limits::kAttributesMax attributes.
const char* ReadPickedTag(const char* at, const char* end, Token& token_out,
                          TagAttributes& attributes_out, bool& dropped_out);

}  // namespace crawlcard::page::html
