#include "robots/tdmrep.h"

#include <algorithm>
#include <array>
#include <string>

#include "base/text.h"
#include "robots/internal/flags.h"
#include "robots/internal/json.h"
#include "robots/internal/url.h"
#include "robots/limits.h"

namespace crawlcard::robots {
namespace {

using internal::PathPattern;

constexpr std::string_view kBom = "\xEF\xBB\xBF";

Says SaysOf(Reservation reservation) {
  switch (reservation) {
    case Reservation::kUnset:
      return Says::kNothing;
    case Reservation::kNotReserved:
      return Says::kAllow;
    case Reservation::kReserved:
      return Says::kDeny;
  }
  return Says::kNothing;
}

Reservation ReadDigit(std::string_view text) {
  if (text == "1") return Reservation::kReserved;
  return text == "0" ? Reservation::kNotReserved : Reservation::kUnset;
}

class RuleReader {
 public:
  RuleReader(std::string_view file_url, Arena& arena) : file_url_(file_url), arena_(arena) {}

  // False when the rule has no location, which every rule must have.
  bool Read(const internal::JsonValue& object, std::uint32_t index, TdmrepRule& rule) {
    flags_.clear();
    rule.index = index;
    rule.raw = arena_.Copy(Utf8Prefix(object.Minified(), limits::kRawBytesMax));
    const auto location = object.StringMember("location");
    if (!location) return false;
    rule.location = arena_.Copy(*location);
    rule.pattern = ReadLocation(rule.location);
    rule.reservation = ReadReservation(object);
    const auto policy = object.StringMember("tdm-policy");
    if (policy && !policy->empty()) rule.policy = ReadPolicy(*policy);
    rule.flags = arena_.CopySpan(internal::FlagSpan(flags_));
    return true;
  }

 private:
  // A location without its slash is read as if it had one; a full URL by its path.
  PathPattern ReadLocation(std::string_view location) {
    std::string path(location);
    if (internal::IsAbsoluteUrl(location)) {
      path = internal::PathAndQuery(location);
      flags_.push_back("tdmrep.absolute_location");
    } else if (location.empty() || (location.front() != '/' && location.front() != '*')) {
      path.insert(path.begin(), '/');
      flags_.push_back("tdmrep.relative_location");
    }
    return internal::CompileRfcPattern(arena_.Copy(path), arena_);
  }

  Reservation ReadReservation(const internal::JsonValue& object) {
    const auto number = object.IntMember("tdm-reservation");
    if (number && (*number == 0 || *number == 1)) {
      return *number == 1 ? Reservation::kReserved : Reservation::kNotReserved;
    }
    const auto text = object.StringMember("tdm-reservation");
    const Reservation reservation = text ? ReadDigit(*text) : Reservation::kUnset;
    flags_.push_back(reservation == Reservation::kUnset ? "tdmrep.bad_value"
                                                        : "tdmrep.string_value");
    return reservation;
  }

  std::string_view ReadPolicy(std::string_view written) {
    if (internal::IsAbsoluteUrl(written)) return arena_.Copy(written);
    flags_.push_back("tdmrep.relative_policy");
    return arena_.Copy(internal::Resolve(file_url_, written));
  }

  std::string_view file_url_;
  Arena& arena_;
  std::vector<std::string_view> flags_;
};

void AddFlag(std::vector<std::string_view>& flags, std::string_view flag) {
  if (std::find(flags.begin(), flags.end(), flag) == flags.end()) flags.push_back(flag);
}

}  // namespace

TdmrepFile TdmrepFile::Parse(std::string_view body, std::string_view file_url, Arena& arena) {
  TdmrepFile file;
  if (body.substr(0, kBom.size()) == kBom) {
    body.remove_prefix(kBom.size());
    file.flags_.push_back("tdmrep.bom");
  }
  if (body.size() > limits::kTdmrepBytesMax) {
    file.flags_.push_back("tdmrep.truncated");
    return file;
  }
  internal::JsonDocument document;
  const auto root = document.Parse(body, limits::kTdmrepDepthMax);
  if (!root) {
    file.flags_.push_back("tdmrep.not_json");
    return file;
  }
  RuleReader reader(file_url, arena);
  TdmrepRule rule;
  if (!root->IsArray()) {
    file.flags_.push_back("tdmrep.not_array");
    if (root->IsObject() && reader.Read(*root, 0, rule)) file.lenient_rules_.push_back(rule);
    return file;
  }
  file.readable_ = true;
  std::uint32_t index = 0;
  root->ForEachElement([&](const internal::JsonValue& element) {
    if (index >= limits::kTdmrepRulesMax) {
      AddFlag(file.flags_, "tdmrep.truncated");
      return false;
    }
    rule = {};
    if (element.IsObject() && reader.Read(element, index, rule)) {
      file.rules_.push_back(rule);
    } else {
      AddFlag(file.flags_, "tdmrep.missing_location");
    }
    ++index;
    return true;
  });
  for (const TdmrepRule& one : file.rules_) {
    for (const std::string_view flag : one.flags) AddFlag(file.flags_, flag);
  }
  return file;
}

TdmrepMatch TdmrepFile::Match(std::string_view path_and_query) const {
  std::string scratch;
  const std::string_view path = internal::NormaliseRfcPath(path_and_query, scratch);
  return MatchIn(rules_, path);
}

TdmrepMatch TdmrepFile::MatchIn(std::span<const TdmrepRule> rules, std::string_view path) {
  TdmrepMatch match;
  for (const TdmrepRule& rule : rules) {
    if (match.longest != nullptr && rule.pattern.length <= match.longest->pattern.length) continue;
    if (!internal::Matches(rule.pattern, path)) continue;
    if (match.rule == nullptr) match.rule = &rule;
    match.longest = &rule;
  }
  match.order_conflict =
      match.rule != nullptr && match.rule->reservation != match.longest->reservation;
  return match;
}

bool IsTdmrepName(std::string_view name) {
  return EqualsIgnoreCase(name, "tdm-reservation") || EqualsIgnoreCase(name, "tdm-policy");
}

TdmrepStatement ReadTdmrepProperties(std::span<const NamedValue> values, std::string_view base_url,
                                     Arena& arena) {
  TdmrepStatement statement;
  bool differ = false;
  bool first = true;
  for (const NamedValue& one : values) {
    if (!IsTdmrepName(one.name)) continue;
    statement.present = true;
    if (one.by_property) AddFlag(statement.flags, "tdmrep.meta_property");
    const std::string_view value = TrimAscii(one.value);
    if (EqualsIgnoreCase(one.name, "tdm-policy")) {
      if (value.empty() || !statement.policy.empty()) continue;
      if (!internal::IsAbsoluteUrl(value)) AddFlag(statement.flags, "tdmrep.relative_policy");
      statement.policy = arena.Copy(internal::Resolve(base_url, value));
      if (first) statement.line = one.line;
      continue;
    }
    const Reservation reservation = ReadDigit(value);
    if (reservation == Reservation::kUnset) AddFlag(statement.flags, "tdmrep.bad_value");
    if (reservation == Reservation::kReserved) statement.careful = reservation;
    if (first) {
      statement.reservation = reservation;
      statement.line = one.line;
      statement.value = value;
    }
    differ = differ || (!first && reservation != statement.reservation);
    first = false;
  }
  if (differ) {
    statement.reservation = Reservation::kUnset;
    AddFlag(statement.flags, "tdmrep.repeated_header");
  }
  return statement;
}

Signal TdmrepSignal(const TdmrepStatement& statement, const Signal& base, Arena& arena) {
  Signal signal = base;
  signal.family = Family::kTdmrep;
  signal.agent = "*";
  signal.use = Axis::kTdm;
  signal.says = SaysOf(statement.reservation);
  if (statement.reservation == Reservation::kUnset && statement.careful == Reservation::kReserved) {
    signal.careful = Says::kDeny;
  }
  signal.key = statement.value.data() == nullptr ? "tdm-policy" : "tdm-reservation";
  signal.value = signal.key == "tdm-policy" ? statement.policy : statement.value;
  signal.condition = statement.policy;
  if (!statement.flags.empty()) {
    signal.flags = arena.CopySpan(internal::FlagSpan(statement.flags));
  }
  return signal;
}

int TdmrepRank(Carrier carrier) {
  switch (carrier) {
    case Carrier::kWellKnown:
      return 0;
    case Carrier::kHttpHeader:
      return 1;
    case Carrier::kHtmlMeta:
      return 2;
    case Carrier::kEpub:
    case Carrier::kXmp:
      return 3;
    default:
      return -1;
  }
}

TdmrepOutcome CombineTdmrep(std::span<const TdmrepValue> statements) {
  TdmrepOutcome outcome;
  for (std::size_t i = 0; i < statements.size(); ++i) {
    if (!statements[i].policy.empty()) outcome.policy = statements[i].policy;
    if (statements[i].reservation == Reservation::kUnset) continue;
    outcome.reservation = statements[i].reservation;
    outcome.source = i;
  }
  return outcome;
}

}  // namespace crawlcard::robots
