// page/html/script_data.h - finding the ends of comments, raw text and scripts.
//
// Pure functions over the body, shared by every scanner of this room. Each looks at a byte once.
// Source: HTML Standard, sections 13.2.5.15 to .31 (script data) and .43 to .51 (comments).
#pragma once

#include <cstddef>
#include <string_view>

namespace crawlcard::page::html {

// Whether "</name" with a character that ends a tag name stands at `at`.
bool IsEndTagAt(std::string_view body, std::size_t at, std::string_view name);

// Where script data beginning at `begin` ends: at its "</script", or at the body's end. Knows the
// escaped and double escaped states ("<!-- <script> </script> -->").
std::size_t ScriptDataEnd(std::string_view body, std::size_t begin, std::string_view end_name);

// Where RCDATA or RAWTEXT beginning at `begin` ends: the same without such states.
std::size_t RawTextEnd(std::string_view body, std::size_t begin, std::string_view end_name);

struct CommentSpan {
  std::size_t data_end = 0;  // past the last byte of the comment's text
  std::size_t end = 0;       // past the comment
};
// `begin` is past "<!--".
CommentSpan FindCommentEnd(std::string_view body, std::size_t begin);

}  // namespace crawlcard::page::html
