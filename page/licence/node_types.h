// page/licence/node_types.h - schema.org types, sorted by what a licence on such a node speaks
// about.
//
// Source: schema.org type hierarchy; signals.md 11.1. Thread rule: thread-safe; views are static.
#pragma once

#include <cstdint>
#include <string_view>

namespace crawlcard::page::licence {

enum class NodeKind : std::uint8_t {
  kOther,
  kPage,   // WebPage, Article and their subtypes: the main entity of a page
  kMedia,  // a picture, film, data set or program: that object only
};

// `type` without prefix ("NewsArticle").
NodeKind KindOfNode(std::string_view type);

// "ImageObject" for "https://schema.org/ImageObject" and "schema:ImageObject".
std::string_view WithoutVocabulary(std::string_view term);

}  // namespace crawlcard::page::licence
