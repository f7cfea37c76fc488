#include "tools/policy_file.h"

#include <algorithm>
#include <array>

#include <fmt/ranges.h>

#include "base/file.h"
#include "base/text.h"
#include "tools/flags.h"
#include "tools/internal/toml_text.h"
#include "tools/limits.h"
#include "tools/parse.h"

namespace crawlcard::tools {
namespace {

constexpr UnixSeconds kDaySeconds = 86'400;

struct Switch {
  std::string_view key;
  bool robots::Policy::*member;
};

// What may be usable. A refusal never is: `deny` is known, and only as false.
constexpr std::array kUsable = {
    Switch{"allow", &robots::Policy::allow},
    Switch{"unspecified", &robots::Policy::unspecified},
    Switch{"conditional", &robots::Policy::conditional},
    Switch{"conflict", &robots::Policy::conflict},
    Switch{"indeterminate", &robots::Policy::indeterminate},
};

constexpr std::array kReadings = {
    Switch{"robots_only", &robots::Policy::robots_only},
    Switch{"open_licence_only", &robots::Policy::open_licence_only},
    Switch{"any_agent", &robots::Policy::any_agent},
    Switch{"careful", &robots::Policy::careful},
};

constexpr std::array<std::string_view, 6> kOtherKeys = {"name", "version",      "usable",
                                                        "heed", "max_age_days", "dialect"};

template <std::size_t N>
const Switch* FindSwitch(const std::array<Switch, N>& switches, std::string_view key) {
  const auto found = std::find_if(switches.begin(), switches.end(),
                                  [&](const Switch& one) { return one.key == key; });
  return found == switches.end() ? nullptr : &*found;
}

// Letters, digits, '_', '.' and '-': what may stand in "name@version".
bool IsPolicyName(std::string_view name) {
  return !name.empty() && name.size() <= limits::kPolicyNameBytesMax &&
         std::all_of(name.begin(), name.end(), [](char c) {
           return IsAsciiAlpha(c) || IsAsciiDigit(c) || c == '_' || c == '.' || c == '-';
         });
}

class PolicyReader {
 public:
  PolicyReader(const toml::table& table, const std::string& path) : table_(table), path_(path) {}

  Result<robots::Policy> Read() {
    for (const auto& [key, node] : table_) CRAWLCARD_TRY(ReadKey(key, node));
    for (const std::string_view key : {"name", "version", "usable"}) {
      if (!table_.contains(key)) return Wrong("'{}' is missing", key);
    }
    if (policy_.robots_only && !policy_.heed.empty()) {
      return Wrong("robots_only heeds one family alone: 'heed' cannot name others");
    }
    const std::optional<robots::Policy> known = robots::BuiltInPolicy(policy_.name);
    if (known && known->Id() == policy_.Id() && *known != policy_) {
      return Wrong("{} is a built-in policy and differs from this one: give it another name",
                   policy_.Id());
    }
    return std::move(policy_);
  }

 private:
  // A mistake of the whole file.
  template <class... Args>
  tl::unexpected<Error> Wrong(fmt::format_string<Args...> format, Args&&... args) const {
    return Fail(ErrorCode::kInvalidArgument, "{}: {}", path_,
                fmt::format(format, std::forward<Args>(args)...));
  }

  template <class... Args>
  tl::unexpected<Error> WrongAt(const toml::source_region& place,
                                fmt::format_string<Args...> format, Args&&... args) const {
    return Fail(ErrorCode::kInvalidArgument, "{}:{}: {}", path_, place.begin.line,
                fmt::format(format, std::forward<Args>(args)...));
  }

  tl::unexpected<Error> UnknownKey(const toml::key& key,
                                   std::span<const std::string_view> known) const {
    const std::string_view closest = ClosestWord(key.str(), known);
    return WrongAt(key.source(), "unknown key '{}'{}", key.str(),
                   closest.empty() ? fmt::format("; known: {}", fmt::join(known, ", "))
                                   : fmt::format("; did you mean '{}'?", closest));
  }

  Status ReadKey(const toml::key& key, const toml::node& node) {
    const std::string_view name = key.str();
    if (const Switch* found = FindSwitch(kReadings, name)) return ReadSwitch(*found, key, node);
    if (FindSwitch(kUsable, name) != nullptr || name == "deny") {
      return WrongAt(key.source(), "'{}' belongs below [usable]", name);
    }
    if (name == "name") return ReadName(key, node);
    if (name == "version") return ReadVersion(key, node);
    if (name == "usable") return ReadUsable(key, node);
    if (name == "heed") return ReadHeed(key, node);
    if (name == "max_age_days") return ReadMaxAge(key, node);
    if (name == "dialect") return ReadDialect(key, node);
    std::vector<std::string_view> known(kOtherKeys.begin(), kOtherKeys.end());
    for (const Switch& one : kReadings) known.push_back(one.key);
    return UnknownKey(key, known);
  }

  Status ReadSwitch(const Switch& one, const toml::key& key, const toml::node& node) {
    const auto* truth = node.as_boolean();
    if (truth == nullptr) return WrongAt(key.source(), "'{}' is true or false", key.str());
    policy_.*one.member = truth->get();
    return {};
  }

  Status ReadName(const toml::key& key, const toml::node& node) {
    const auto* text = node.as_string();
    if (text == nullptr || !IsPolicyName(text->get())) {
      return WrongAt(key.source(), "'name' is 1 to {} letters, digits, '_', '.' or '-', quoted",
                     limits::kPolicyNameBytesMax);
    }
    policy_.name = text->get();
    return {};
  }

  Result<std::uint32_t> ReadCount(const toml::key& key, const toml::node& node) const {
    const auto* number = node.as_integer();
    if (number == nullptr || number->get() < 1 ||
        number->get() > static_cast<std::int64_t>(limits::kCountMax)) {
      return WrongAt(key.source(), "'{}' is a whole number from 1 to {}", key.str(),
                     limits::kCountMax);
    }
    return static_cast<std::uint32_t>(number->get());
  }

  Status ReadVersion(const toml::key& key, const toml::node& node) {
    CRAWLCARD_ASSIGN(policy_.version, ReadCount(key, node));
    return {};
  }

  Status ReadMaxAge(const toml::key& key, const toml::node& node) {
    CRAWLCARD_ASSIGN(const std::uint32_t days, ReadCount(key, node));
    policy_.robots_age_max_s = UnixSeconds{days} * kDaySeconds;
    return {};
  }

  Status ReadUsable(const toml::key& key, const toml::node& node) {
    const toml::table* usable = node.as_table();
    if (usable == nullptr) return WrongAt(key.source(), "'usable' is a table: [usable]");
    for (const auto& [inner, value] : *usable) {
      if (inner.str() == "deny") {
        const auto* truth = value.as_boolean();
        if (truth != nullptr && !truth->get()) continue;
        return WrongAt(inner.source(),
                       "'deny' cannot be usable: what a publisher refuses no policy grants");
      }
      const Switch* found = FindSwitch(kUsable, inner.str());
      if (found == nullptr) {
        std::vector<std::string_view> known;
        known.reserve(std::size(kUsable));
        for (const Switch& one : kUsable) known.push_back(one.key);
        return UnknownKey(inner, known);
      }
      CRAWLCARD_TRY(ReadSwitch(*found, inner, value));
    }
    for (const Switch& one : kUsable) {
      if (!usable->contains(one.key)) {
        return WrongAt(key.source(), "[usable] does not say '{}'", one.key);
      }
    }
    return {};
  }

  Status ReadHeed(const toml::key& key, const toml::node& node) {
    const toml::array* names = node.as_array();
    if (names == nullptr || names->empty()) {
      return WrongAt(key.source(), "'heed' is a list of families; without it all are heeded");
    }
    for (const toml::node& item : *names) {
      const auto* text = item.as_string();
      const std::optional<robots::Family> family =
          text == nullptr ? std::nullopt : robots::FamilyFromName(text->get());
      if (!family) {
        std::vector<std::string_view> known;
        for (std::size_t i = 0; i <= static_cast<std::size_t>(robots::Family::kOther); ++i) {
          known.push_back(robots::FamilyName(static_cast<robots::Family>(i)));
        }
        return WrongAt(item.source(), "'heed' names families: '{}' is none of {}",
                       text == nullptr ? std::string("?") : text->get(), fmt::join(known, ", "));
      }
      if (std::find(policy_.heed.begin(), policy_.heed.end(), *family) == policy_.heed.end()) {
        policy_.heed.push_back(*family);
      }
    }
    std::sort(policy_.heed.begin(), policy_.heed.end());
    return {};
  }

  Status ReadDialect(const toml::key& key, const toml::node& node) {
    const auto* text = node.as_string();
    policy_.dialect = text == nullptr ? std::nullopt : robots::DialectFromName(text->get());
    if (policy_.dialect) return {};
    std::vector<std::string_view> known;
    for (const robots::Dialect one : robots::AllDialects()) known.push_back(DialectName(one));
    return WrongAt(key.source(), "'dialect' is one of {}", fmt::join(known, ", "));
  }

  const toml::table& table_;
  const std::string& path_;
  robots::Policy policy_;
};

}  // namespace

Result<robots::Policy> ParsePolicy(const std::string& text, const std::string& path) {
  CRAWLCARD_ASSIGN(const toml::table table, ParseToml(text, path));
  return PolicyReader(table, path).Read();
}

Result<robots::Policy> LoadPolicy(std::string_view value) {
  if (!NamesAFile(value, ".toml")) {
    std::optional<robots::Policy> policy = robots::BuiltInPolicy(value);
    if (policy) return std::move(*policy);
    return Fail(ErrorCode::kInvalidArgument,
                "--policy: '{}' is none of {}; a file contains '/' or ends in .toml", value,
                fmt::join(robots::BuiltInPolicyNames(), ", "));
  }
  const std::string path(value);
  Result<std::string> text = ReadFile(path, limits::kPolicyBytesMax);
  if (!text) {
    return Fail(ErrorCode::kInvalidArgument, "cannot read policy: {}", text.error().ToString());
  }
  return ParsePolicy(*text, path);
}

}  // namespace crawlcard::tools
