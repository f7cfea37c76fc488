// card/check/figure.h - figures in running text: where one ends, and what it looks like.
//
// Thread rule: functions are thread-safe.
#pragma once

#include <cstddef>
#include <string_view>

namespace crawlcard::card {

// Past the digits, separators, date parts and the unit of the figure that begins at `at`.
std::size_t EndOfFigure(std::string_view text, std::size_t at);
// The figure at the end of `text`, with its unit; empty when it ends with something else.
std::string_view LastFigure(std::string_view text);
// Has the form of a figure that was measured, not of a number in a name or a law.
bool LooksMeasured(std::string_view figure);
bool IsPlainNumber(std::string_view figure);
// True for a cell that is a figure and nothing else.
bool IsFigure(std::string_view cell);
// True for what makes a digit behind it part of a name: letters and joining marks.
bool JoinsWord(char c);

}  // namespace crawlcard::card
