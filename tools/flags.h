// tools/flags.h - every flag of the command, described once.
//
// The table feeds the parser, -h, --help, the man page, the completions, the configuration file and
// `crawlcard config`: a flag that is in it is documented everywhere, and nothing else is a flag.
//
// Thread rule: immutable.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

namespace crawlcard::tools {

enum class FlagKind : std::uint8_t {
  kSwitch,  // present or absent; true or false in a configuration file
  kText,    // one value
  kWords,   // one value, or several joined by commas; given once
  kList,    // may be repeated; commas separate values
  kCount,   // a whole number from 1 to tools/limits.h's kCountMax
};

struct Flag {
  std::string_view name;   // without the dashes
  std::string_view value;  // name of the value in help, empty for a switch
  FlagKind kind = FlagKind::kText;
  std::string_view group;
  std::string_view line;       // one line for -h, no full stop
  std::string_view paragraph;  // for --help and the man page
  std::string_view fallback;   // default, as text; empty: none
  std::string_view choices;    // "a|b|c": the only values; empty: any
  std::string_view example;    // what follows "crawlcard "
  // Not empty: beside `choices`, a file is taken, which contains '/' or has this ending.
  std::string_view file_ending = {};
};

// In the order in which help shows them; flags of one group are neighbours.
std::span<const Flag> Flags();

// nullptr when there is no such flag.
const Flag* FindFlag(std::string_view name);

// True when `value` contains '/' or ends in `ending`.
bool NamesAFile(std::string_view value, std::string_view ending);

// True when `value` is one of `choices` ("a|b|c"), or when these are empty.
bool AllowsValue(std::string_view choices, std::string_view value);

}  // namespace crawlcard::tools
