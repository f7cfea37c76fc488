// page/html/char_ref.h - character references and the clean-up of raw markup text.
//
// The tokenizer hands out raw bytes of the source. These functions turn them into the text that the
// HTML Standard means: references decoded (section 13.2.5.72 to .80), CR LF made LF, NUL replaced.
// Called only for the few values that are kept. Thread rule: thread-safe.
#pragma once

#include <string>
#include <string_view>

namespace crawlcard::page::html {

// Where the raw text stood: in attributes "&copy=1" is no reference.
enum class RefContext { kNone, kText, kAttribute };
// What becomes of U+0000: the data state keeps it, all others replace it by U+FFFD.
enum class NulRule { kKeep, kReplace };

// Appends the meaning of the reference whose '&' stands before `text`. Returns the bytes used of
// `text`; 0 and nothing appended where it is no reference.
std::size_t DecodeReference(std::string_view text, RefContext context, std::string& out);

// The same for the commonest references of texts, as numbers of bytes: of the reference without
// its '&', and of its meaning, which is no white space of ASCII. Zero: ask DecodeReference().
struct ReferenceBytes {
  std::size_t used = 0;
  std::size_t meaning = 0;
};
inline ReferenceBytes CommonReference(std::string_view text) {
  if (text.starts_with("nbsp;")) return {5, 2};
  if (text.starts_with("amp;")) return {4, 1};
  if (text.starts_with("quot;")) return {5, 1};
  return {};
}

// Appends the meaning of `raw` to `out`. Bytes that are not UTF-8 pass unchanged.
void AppendDecoded(std::string_view raw, RefContext context, NulRule nul, std::string& out);

// The value of an attribute. Returns `raw` itself where nothing needs decoding, else a view of
// `scratch`, which is overwritten.
std::string_view AttributeValue(std::string_view raw, std::string& scratch);

}  // namespace crawlcard::page::html
