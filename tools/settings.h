// tools/settings.h - the effective value of every flag, and where it came from.
//
// Precedence: default, then the configuration file, then the command line. A later origin replaces
// an earlier one as a whole; on one command line a list flag gathers, any other flag may stand
// once.
//
// Thread rule: thread-compatible; immutable once parsing is done.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "tools/flags.h"

namespace crawlcard::tools {

struct Value {
  std::vector<std::string> texts;  // a switch has one, "true" or "false"
  std::string origin = "default";  // "default", "crawlcard.toml:3", "flag --jobs"
};

class Settings {
 public:
  // Every flag at its default.
  Settings();

  // Sets `flag` from `texts`; the first call of a new origin replaces, later ones append to a list.
  // Errors: kInvalidArgument for a value that the flag does not take.
  [[nodiscard]] Status Set(const Flag& flag, const std::vector<std::string>& texts,
                           std::string origin);

  // The names must be in the flag table.
  const Value& Get(std::string_view name) const;
  bool Switch(std::string_view name) const;
  // Empty when nothing was given and there is no default.
  std::string_view Text(std::string_view name) const;
  const std::vector<std::string>& List(std::string_view name) const;
  // 0 when nothing was given and there is no default.
  std::uint64_t Count(std::string_view name) const;
  bool IsDefault(std::string_view name) const { return Get(name).origin == "default"; }

 private:
  std::map<std::string_view, Value> values_;
};

}  // namespace crawlcard::tools
