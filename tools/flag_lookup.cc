// Looking flags up, and the values they take.
#include <algorithm>

#include "tools/flags.h"

namespace crawlcard::tools {

const Flag* FindFlag(std::string_view name) {
  const auto found = std::ranges::find(Flags(), name, &Flag::name);
  return found == Flags().end() ? nullptr : &*found;
}

bool NamesAFile(std::string_view value, std::string_view ending) {
  return value.find('/') != std::string_view::npos || value.ends_with(ending);
}

bool AllowsValue(std::string_view choices, std::string_view value) {
  if (choices.empty()) return true;
  std::string_view rest = choices;
  while (true) {
    const std::size_t bar = rest.find('|');
    if (rest.substr(0, bar) == value) return true;
    if (bar == std::string_view::npos) return false;
    rest.remove_prefix(bar + 1);
  }
}

}  // namespace crawlcard::tools
