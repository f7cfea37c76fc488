// base/find.h - the first place in a text where a word stands, by vector instructions.
//
// Works on the first and the last byte of a word side by side and looks closer only where both fit:
// for words whose ends are rare this costs a fraction of an instruction a byte. Memory is never
// read past the text. Thread rule: thread-safe.
#pragma once

#include <cstddef>
#include <string_view>

namespace crawlcard {

// Position of `needle` in `text` from `from` on, or npos. An empty needle is found at `from`.
std::size_t Find(std::string_view text, std::string_view needle, std::size_t from = 0);

// The same without ASCII case.
std::size_t FindIgnoreCase(std::string_view text, std::string_view needle, std::size_t from = 0);

}  // namespace crawlcard
