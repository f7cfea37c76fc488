#include "robots/well_known.h"

#include <algorithm>
#include <array>
#include <string>

#include "base/find.h"
#include "base/text.h"
#include "robots/internal/json.h"
#include "robots/limits.h"

namespace crawlcard::robots {
namespace {

constexpr std::string_view kBom = "\xEF\xBB\xBF";

// Calls visit(line, number) for each line without its end, at most limits::kWellKnownLinesMax.
template <class Visit>
void ForEachLine(std::string_view body, Visit visit) {
  if (body.substr(0, kBom.size()) == kBom) body.remove_prefix(kBom.size());
  body = body.substr(0, limits::kWellKnownBytesMax);
  for (std::uint32_t number = 1; !body.empty() && number <= limits::kWellKnownLinesMax; ++number) {
    const std::size_t end = std::min(body.find('\n'), body.size());
    std::string_view line = body.substr(0, end);
    if (!line.empty() && line.back() == '\r') line.remove_suffix(1);
    visit(line, number);
    body.remove_prefix(std::min(end + 1, body.size()));
  }
}

struct KeyAndValue {
  std::string_view key;
  std::string_view value;
  bool found = false;
};

KeyAndValue SplitAt(std::string_view line, char separator) {
  const std::size_t at = line.find(separator);
  if (at == std::string_view::npos) return {};
  return {TrimAscii(line.substr(0, at)), TrimAscii(line.substr(at + 1)), true};
}

std::string_view WithoutComment(std::string_view line) {
  return line.substr(0, line.find('#'));
}

Says CarWord(std::string_view value) {
  if (EqualsIgnoreCase(value, "allow")) return Says::kAllow;
  if (EqualsIgnoreCase(value, "deny")) return Says::kDeny;
  return EqualsIgnoreCase(value, "conditional") ? Says::kConditional : Says::kNothing;
}

struct CarName {
  std::string_view name;
  Axis axis;
};
constexpr std::array kCarNames = {
    CarName{"training", Axis::kTrain}, CarName{"scraping", Axis::kCrawl},
    CarName{"indexing", Axis::kSearch}, CarName{"caching", Axis::kArchive}};

// Training is denied where the file does not speak of it (draft-car section on defaults).
void AddCarDefault(CarFile& file) {
  const bool said =
      std::any_of(file.policies.begin(), file.policies.end(),
                  [](const CarPolicy& one) { return one.agent == "*" && one.name == "training"; });
  if (said) return;
  CarPolicy policy;
  policy.agent = "*";
  policy.name = "training";
  policy.says = Says::kDeny;
  policy.implied = true;
  file.policies.push_back(policy);
}

class CarTextReader {
 public:
  explicit CarTextReader(Arena& arena) : arena_(arena) {}

  void Line(std::string_view line, std::uint32_t number) {
    const std::string_view text = WithoutComment(line);
    if (TrimAscii(text).empty()) return;
    const bool indented = text.front() == ' ' || text.front() == '\t';
    if (!indented) agent_ = "*";
    const KeyAndValue pair = SplitAt(text, ':');
    if (!pair.found || pair.value.empty()) return;
    const std::string name = AsciiLowerCopy(pair.key);
    if (name == "agent") {
      agent_ = arena_.Copy(AsciiLowerCopy(pair.value));
    } else if (name == "training-license") {
      if (agent_ == "*") file.licence = arena_.Copy(pair.value);
    } else if (name == "training-allow" || name == "training-deny") {
      file.globs.push_back({agent_, internal::CompileRfcPattern(arena_.Copy(pair.value), arena_),
                            name == "training-allow"});
    } else if (AxisOfCarPolicy(name) != Axis::kNone) {
      CarPolicy policy;
      policy.agent = agent_;
      policy.name = arena_.Copy(name);
      policy.says = CarWord(pair.value);
      policy.value = arena_.Copy(pair.value);
      policy.line = number;
      policy.raw = arena_.Copy(Utf8Prefix(TrimAscii(text), limits::kRawBytesMax));
      file.policies.push_back(policy);
    }
  }

  CarFile file;

 private:
  Arena& arena_;
  std::string_view agent_ = "*";
};

void ReadCarPolicies(const internal::JsonValue& object, std::string_view agent, Arena& arena,
                     CarFile& file) {
  for (const CarName& known : kCarNames) {
    const auto value = object.StringMember(known.name);
    if (!value) continue;
    CarPolicy policy;
    policy.agent = agent;
    policy.name = known.name;
    policy.says = CarWord(*value);
    policy.value = arena.Copy(*value);
    std::string raw = "\"";
    raw += known.name;
    raw += "\":\"";
    raw += *value;
    raw += '"';
    policy.raw = arena.Copy(raw);
    file.policies.push_back(policy);
  }
  for (const bool allows : {true, false}) {
    object.WithMember(
        allows ? "trainingAllow" : "trainingDeny", [&](const internal::JsonValue& list) {
          list.ForEachElement([&](const internal::JsonValue& glob) {
            const auto text = glob.String();
            if (text) {
              file.globs.push_back(
                  {agent, internal::CompileRfcPattern(arena.Copy(*text), arena), allows});
            }
            return file.globs.size() < limits::kWellKnownLinesMax;
          });
        });
  }
  const auto licence = object.StringMember("trainingLicense");
  if (licence && agent == "*") file.licence = arena.Copy(*licence);
}

}  // namespace

bool IsHtmlBody(std::string_view body) {
  if (body.substr(0, kBom.size()) == kBom) body.remove_prefix(kBom.size());
  while (!body.empty() && IsAsciiSpace(body.front())) body.remove_prefix(1);
  if (body.size() < 2 || body.front() != '<') return false;
  return body[1] == '!' || body[1] == '?' || IsAsciiAlpha(body[1]);
}

std::string_view AiTxtVariantName(AiTxtVariant variant) {
  constexpr std::array<std::string_view, 4> kNames = {"", "spawning", "car-00", "description"};
  return kNames[static_cast<std::size_t>(variant)];
}

AiTxtVariant DetectAiTxt(std::string_view body) {
  if (IsHtmlBody(body) || TrimAscii(body).empty()) return AiTxtVariant::kNone;
  bool rules = false;
  bool agent = false;
  bool site_name = false;
  ForEachLine(body, [&](std::string_view line, std::uint32_t) {
    const KeyAndValue pair = SplitAt(WithoutComment(line), ':');
    if (!pair.found) return;
    agent = agent || EqualsIgnoreCase(pair.key, "user-agent");
    rules = rules || EqualsIgnoreCase(pair.key, "disallow") || EqualsIgnoreCase(pair.key, "allow");
    site_name = site_name || EqualsIgnoreCase(pair.key, "site-name") ||
                EqualsIgnoreCase(pair.key, "site-url");
  });
  if (site_name) return AiTxtVariant::kCar;
  return agent && rules ? AiTxtVariant::kSpawning : AiTxtVariant::kDescription;
}

std::vector<SpawningRule> ParseSpawning(std::string_view body, Arena& arena) {
  std::vector<SpawningRule> rules;
  std::string_view agent;
  ForEachLine(body, [&](std::string_view line, std::uint32_t number) {
    const KeyAndValue pair = SplitAt(WithoutComment(line), ':');
    if (!pair.found) return;
    if (EqualsIgnoreCase(pair.key, "user-agent")) {
      agent = arena.Copy(pair.value);
      return;
    }
    const bool allows = EqualsIgnoreCase(pair.key, "allow");
    if ((!allows && !EqualsIgnoreCase(pair.key, "disallow")) || pair.value.empty()) return;
    SpawningRule rule;
    rule.agent = agent;
    rule.pattern_text = arena.Copy(pair.value);
    rule.pattern = internal::CompileRfcPattern(rule.pattern_text, arena);
    rule.allows = allows;
    rule.line = number;
    rule.raw = arena.Copy(Utf8Prefix(TrimAscii(WithoutComment(line)), limits::kRawBytesMax));
    rules.push_back(rule);
  });
  return rules;
}

const SpawningRule* MatchSpawning(std::span<const SpawningRule> rules,
                                  std::string_view path_and_query) {
  std::string scratch;
  const std::string_view path = internal::NormaliseRfcPath(path_and_query, scratch);
  const SpawningRule* best = nullptr;
  for (const SpawningRule& rule : rules) {
    if (rule.agent != "*") continue;
    if (best != nullptr && rule.pattern.length < best->pattern.length) continue;
    const bool tie = best != nullptr && rule.pattern.length == best->pattern.length;
    if (tie && rule.allows) continue;  // policy: on a tie the refusal stays
    if (internal::Matches(rule.pattern, path)) best = &rule;
  }
  return best;
}

CarFile ParseCarText(std::string_view body, Arena& arena) {
  CarTextReader reader(arena);
  ForEachLine(body,
              [&](std::string_view line, std::uint32_t number) { reader.Line(line, number); });
  AddCarDefault(reader.file);
  return std::move(reader.file);
}

std::optional<CarFile> ParseCarJson(std::string_view body, Arena& arena) {
  if (body.substr(0, kBom.size()) == kBom) body.remove_prefix(kBom.size());
  if (body.size() > limits::kWellKnownBytesMax) return std::nullopt;
  internal::JsonDocument document;
  const auto root = document.Parse(body, limits::kTdmrepDepthMax);
  if (!root || !root->IsObject()) return std::nullopt;
  CarFile file;
  const bool known = root->WithMember("policies", [&](const internal::JsonValue& policies) {
    ReadCarPolicies(policies, "*", arena, file);
  });
  if (!known && !root->StringMember("specVersion")) return std::nullopt;
  root->WithMember("agents", [&](const internal::JsonValue& agents) {
    agents.ForEachMember([&](std::string_view name, const internal::JsonValue& policies) {
      const bool everybody = name == "*";
      if (!everybody) ReadCarPolicies(policies, arena.Copy(AsciiLowerCopy(name)), arena, file);
      return file.policies.size() < limits::kWellKnownLinesMax;
    });
  });
  AddCarDefault(file);
  return file;
}

Axis AxisOfCarPolicy(std::string_view name) {
  const auto found = std::find_if(kCarNames.begin(), kCarNames.end(),
                                  [&](const CarName& one) { return one.name == name; });
  return found == kCarNames.end() ? Axis::kNone : found->axis;
}

Says CarTraining(const CarFile& file, const CarPolicy& policy, std::string_view path) {
  if (policy.says != Says::kConditional || policy.name != "training") return policy.says;
  std::string scratch;
  const std::string_view normal = internal::NormaliseRfcPath(path, scratch);
  Says says = policy.says;
  std::int64_t longest = -1;
  for (const CarFile::Glob& glob : file.globs) {
    if (glob.agent != policy.agent || glob.pattern.length < longest) continue;
    if (glob.pattern.length == longest && glob.allows) continue;
    if (!internal::Matches(glob.pattern, normal)) continue;
    longest = glob.pattern.length;
    says = glob.allows ? Says::kAllow : Says::kDeny;
  }
  return says;
}

std::vector<const CarPolicy*> CarPoliciesFor(const CarFile& file, std::string_view agent) {
  std::vector<const CarPolicy*> out;
  for (const CarName& known : kCarNames) {
    const CarPolicy* chosen = nullptr;
    for (const CarPolicy& policy : file.policies) {
      if (policy.name != known.name) continue;
      const bool own = EqualsIgnoreCase(policy.agent, agent) && policy.agent != "*";
      if (own || (policy.agent == "*" && (chosen == nullptr || chosen->agent == "*"))) {
        chosen = &policy;
      }
    }
    if (chosen != nullptr) out.push_back(chosen);
  }
  return out;
}

TrustTxt ParseTrustTxt(std::string_view body) {
  TrustTxt trust;
  ForEachLine(body, [&](std::string_view line, std::uint32_t number) {
    const std::string_view text = TrimAscii(WithoutComment(line));
    const KeyAndValue pair = SplitAt(text, '=');
    if (!pair.found || !EqualsIgnoreCase(pair.key, "datatrainingallowed")) return;
    const bool no = EqualsIgnoreCase(pair.value, "no");
    if (!no && !EqualsIgnoreCase(pair.value, "yes")) return;
    if (pair.key.size() + 1 + pair.value.size() != text.size()) {
      trust.flags.push_back("trusttxt.spacing");
    }
    if (trust.says != Says::kNothing) trust.flags.push_back("trusttxt.duplicate");
    if (trust.says == Says::kDeny) return;
    trust.says = no ? Says::kDeny : Says::kAllow;
    trust.value = pair.value;
    trust.line = number;
    trust.raw = Utf8Prefix(text, limits::kRawBytesMax);
  });
  std::sort(trust.flags.begin(), trust.flags.end());
  trust.flags.erase(std::unique(trust.flags.begin(), trust.flags.end()), trust.flags.end());
  return trust;
}

std::vector<std::string_view> PolicyProse(std::string_view text) {
  constexpr std::array<std::string_view, 12> kWords = {"training",
                                                       "license",
                                                       "licence",
                                                       "scrape",
                                                       "scraping",
                                                       "crawl",
                                                       "text and data mining",
                                                       "data mining",
                                                       "machine learning",
                                                       "may not",
                                                       "reserved",
                                                       "permission"};
  std::vector<std::string_view> out;
  ForEachLine(text, [&](std::string_view line, std::uint32_t) {
    const std::string_view trimmed = TrimAscii(line);
    const bool speaks = std::any_of(kWords.begin(), kWords.end(), [&](std::string_view word) {
      return FindIgnoreCase(trimmed, word) != std::string_view::npos;
    });
    if (speaks) out.push_back(Utf8Prefix(trimmed, limits::kRawBytesMax));
  });
  return out;
}

}  // namespace crawlcard::robots
