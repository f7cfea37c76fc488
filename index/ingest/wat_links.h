// index/ingest/wat_links.h - takes links that no reader needs out of a WAT record's JSON.
//
// Most of a WAT record are the arrays "Links" and "Link", and few of their links name a licence.
// Finding where such an array and its elements end takes a fraction of the work of indexing its
// tokens, so the text is shortened before it is parsed. What is taken out was checked as the parser
// checks what it passes over: brackets, ends of strings, control characters, UTF-8. Whatever looks
// unusual is left for the parser.
//
// Thread rule: thread-safe.
#pragma once

#include <string>
#include <string_view>

namespace crawlcard::index {

// Writes `block` to `out`, with those links alone in the arrays "Links" and "Link" that hold a word
// of a licence (page::FindLicenceLink), or one empty object where none does, up to the first array
// that is unusual. False where none is cut, and without AVX2: the block is then to be read as it
// is.
bool CutLinks(std::string_view block, std::string& out);

}  // namespace crawlcard::index
