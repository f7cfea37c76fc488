// card/text.h - numbers and foreign text as a card prints them.
//
// Whatever a card prints passes VisibleText() and the escape of its format, so that no control
// character, bidirectional override, invisible character or markup of a page survives. No locale:
// the same text on every machine.
//
// Thread rule: functions are thread-safe.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "card/limits.h"

namespace crawlcard::card {

// The three words for absence; a blank never stands for one of them.
inline constexpr std::string_view kNotApplicable =
    "Not applicable";                                             // the question has no sense here
inline constexpr std::string_view kNotKnown = "Not known";        // looked, could not tell
inline constexpr std::string_view kNotProvided = "Not provided";  // nobody was asked or answered

// Valid UTF-8 without control, bidirectional, invisible and private-use characters: these are spelt
// out as "\u{202E}". Cut at `bytes_max` with an ellipsis.
std::string VisibleText(std::string_view text, std::size_t bytes_max = limits::kTextBytesMax);

// True for the code points that VisibleText() spells out.
bool IsDeceptive(char32_t code_point);

// For element content and quoted attributes. Applies VisibleText() without a cut, as do the two
// below.
std::string EscapeHtml(std::string_view text);
// The same, with a break offered after each dot, slash and hyphen-like mark, so that long names of
// hosts wrap there and not in mid-word.
std::string EscapeHtmlWrapping(std::string_view text);
// The same as EscapeHtml() for sentences, where "1.9 %", dates, flags and names such as "eu-tdm@1"
// stay on one line.
std::string EscapeHtmlProse(std::string_view text);

// CommonMark text in which nothing is markup, safe within a table cell.
std::string MarkdownText(std::string_view text);
// A code span, safe within a table cell: no link, mention or emphasis can arise in it.
std::string MarkdownCode(std::string_view foreign);

// One cell of RFC 4180 CSV. A cell that a spreadsheet would run as a formula gets an apostrophe.
std::string CsvCell(std::string_view text);

// In `json`, escapes deceptive characters inside strings as \uXXXX: same value, harmless text.
std::string NeutraliseJson(std::string_view json);

std::string FormatCount(std::uint64_t value);                        // 1,234,567
std::string FormatNoun(std::uint64_t value, std::string_view noun);  // "1 file", "2 files"
std::string FormatBytes(std::uint64_t value);  // 12.3 MB; below 1000: 512 bytes
// "12.3 %", "< 0.1 %", or "Not applicable" when `whole` is 0.
std::string FormatShare(std::uint64_t part, std::uint64_t whole);

}  // namespace crawlcard::card
