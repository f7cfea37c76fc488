// page/internal/rights_words.h - a filter before a closer look: where a text holds one of the words
// without which no link names a licence.
//
// The words are those of licence URLs (page/licence/collector.cc, MayBeLicenceUrl) and of rel and
// type values; a slash in them may be escaped as in JSON. They are looked for by three letters of
// each (page/internal/letter_triples.h), with AVX2 about an instruction a byte.
//
// Thread rule: thread-safe.
#pragma once

#include <cstddef>
#include <string_view>

namespace crawlcard::page::internal {

// The first place from `from` on that is in such a word, or npos.
std::size_t FindRightsWord(std::string_view text, std::size_t from);

}  // namespace crawlcard::page::internal
