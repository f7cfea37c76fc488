// Two versions of a robots.txt, agent by agent.

#include <algorithm>
#include <array>
#include <map>
#include <tuple>
#include <utility>

#include <fmt/format.h>

#include "base/text.h"
#include "robots/axes.h"
#include "robots/compare_files.h"
#include "robots/internal/cic_file.h"
#include "robots/internal/robots_data_rules.h"
#include "robots/internal/told.h"
#include "robots/limits.h"

namespace crawlcard::robots {
namespace {

using internal::Item;
using internal::Items;
using internal::Reading;
using internal::Way;

using Signature = std::vector<std::uint32_t>;
// What a family said at a path: by family, key and use.
using Preferences = std::map<std::tuple<Family, std::string, Axis>, PreferenceChange::Told>;

// The ways in which answers about either file may be reached.
std::vector<Way> WaysOf(const RobotsTxt& before, const RobotsTxt& after, Dialect dialect) {
  unsigned families = 0;
  bool ambiguous = false;
  for (const RobotsTxt* file : {&before, &after}) {
    const internal::RobotsRecords& read = file->records(Dialect::kRfc9309);
    for (const internal::Record& record : read.records) families |= record.closes_for;
    ambiguous = ambiguous || read.maybe_ambiguous;
  }
  std::vector<Way> ways{{dialect, 0, 0, !internal::IsCic(dialect)}};
  if (dialect == Dialect::kLenient && ambiguous) {
    ways.push_back({dialect, internal::kClosesForAll, 0, true});
  }
  // Extensions are read as RFC 9309 groups lines, but by the lenient reader.
  const Dialect reading = dialect == Dialect::kLenient ? dialect : Dialect::kRfc9309;
  for (unsigned family = 1; family < internal::kClosesForAll; family *= 2) {
    if ((families & family) == 0) continue;
    const auto mask = static_cast<std::uint8_t>(family);
    ways.push_back({reading, mask, mask, false});
    // A path that may not be crawled carries no preference (draft-ietf-aipref-attach-05 section 3).
    if (mask == internal::kClosesForAipref) ways.push_back({Dialect::kRfc9309, mask, 0, true});
  }
  return ways;
}

// One of the two files.
class Side {
 public:
  Side(const RobotsTxt& robots, const std::vector<Way>& ways, Dialect dialect, Items& items)
      : robots_(robots), dialect_(dialect), items_(items) {
    for (const Way& way : ways) readings_.emplace_back(robots, way, items);
  }

  const RobotsTxt& robots() const { return robots_; }
  bool Names(const std::string& name) const {
    return internal::IsCic(dialect_) ? robots_.cic(dialect_).Names(name)
                                     : readings_.front().Names(AsciiLowerCopy(name));
  }

  // Names as written by what they are compared as.
  void AddNames(std::map<std::string, std::string>& names) const {
    if (internal::IsCic(dialect_)) {
      const bool any_case = dialect_ == Dialect::kCicFixed;
      for (const std::string_view name : robots_.agents()) {
        names.emplace(any_case ? AsciiLowerCopy(name) : std::string(name), name);
      }
      return;
    }
    for (const Reading& reading : readings_) {
      reading.ForEachName([&](const std::string& lower, const std::string& written) {
        names.emplace(lower, written);
      });
    }
  }

  Signature SignatureOf(const std::string& name) {
    Signature signature;
    const std::string lower = AsciiLowerCopy(name);
    for (Reading& reading : readings_) reading.AppendSignature(lower, signature);
    if (internal::IsCic(dialect_)) signature.push_back(items_.TextNumber(CicText(name)));
    return signature;
  }

  void AppendItems(const std::string& name, std::vector<std::uint32_t>& out) {
    const std::string lower = AsciiLowerCopy(name);
    for (const Reading& reading : readings_) reading.AppendItems(lower, out);
    if (!internal::IsCic(dialect_)) return;
    robots_.cic(dialect_).ForEachRule(name, [&](const internal::CicFile::Rule& rule) {
      Item item;
      item.raw = rule.raw;
      item.pattern = rule.pattern.text;
      item.anchored = rule.pattern.anchored;
      const std::string canon =
          fmt::format("C{}{}{}", rule.allow ? 'A' : 'D', item.pattern, item.anchored ? "$" : "");
      out.push_back(items_.Number(canon, std::move(item)));
    });
  }

  std::optional<std::string> DelayOf(const std::string& name) const {
    const std::string* delay = readings_.front().DelayOf(AsciiLowerCopy(name));
    return delay == nullptr ? std::nullopt : std::optional(*delay);
  }

  bool Allows(const std::string& name, std::string_view path) {
    items_.Spend(robots_.records(dialect_).records.size() + 1);
    return robots_.Allows(name, path, dialect_);
  }

  Preferences PreferencesOf(const std::string& name, std::string_view path);

 private:
  // All that an agent is told, in the order that the papers' code compares lists in.
  std::string CicText(const std::string& name) const {
    std::string text = robots_.cic(dialect_).Names(name) ? "own" : "star";
    robots_.cic(dialect_).ForEachRule(name, [&](const internal::CicFile::Rule& rule) {
      items_.Spend(1);
      text.append(rule.allow ? "\nA" : "\nD").append(rule.value);
    });
    return text;
  }

  const RobotsTxt& robots_;
  Dialect dialect_;
  Items& items_;
  std::vector<Reading> readings_;
};

Preferences Side::PreferencesOf(const std::string& name, std::string_view path) {
  constexpr std::size_t kPasses = 5;  // one a family, and the rules
  items_.Spend(kPasses * (robots_.records(Dialect::kRfc9309).records.size() + 1));
  std::vector<Signal> signals;
  robots_.SelectSignals(name, path, dialect_, signals);
  Preferences out;
  for (const Signal& signal : signals) {
    // What a careful reader alone takes is told where nobody else is.
    const Says says = signal.says == Says::kNothing ? signal.careful : signal.says;
    PreferenceChange::Told told{std::string(signal.value), says};
    const auto [found, added] =
        out.try_emplace({signal.family, std::string(signal.key), signal.use}, told);
    if (added || found->second == told) continue;
    found->second.says = Stricter(found->second.says, says);
    if (found->second.value != told.value) found->second.value += ", " + told.value;
  }
  return out;
}

// Paths that a pattern describes, short ones first.
std::vector<std::string> PathsOf(const Item& item) {
  const auto spelt = [&](std::string_view star, std::string_view end) {
    std::string path;
    for (const char c : item.pattern) {
      if (c == '*') {
        path += star;
      } else {
        path += c;
      }
    }
    if (!path.starts_with('/')) path.insert(0, "/");
    return path.append(item.anchored ? "" : end);
  };
  std::vector<std::string> paths{spelt("", ""), spelt("x", "x")};
  if (item.index_page) paths.push_back(paths.front().substr(0, paths.front().rfind('/') + 1));
  return paths;
}

// What stands in one of two sorted lists alone: number, and whether it was in the first.
std::vector<std::pair<std::uint32_t, bool>> InOneAlone(std::vector<std::uint32_t>& first,
                                                       std::vector<std::uint32_t>& second) {
  for (std::vector<std::uint32_t>* list : {&first, &second}) {
    std::sort(list->begin(), list->end());
    list->erase(std::unique(list->begin(), list->end()), list->end());
  }
  std::vector<std::pair<std::uint32_t, bool>> out;
  for (const std::uint32_t item : first) {
    if (!std::binary_search(second.begin(), second.end(), item)) out.emplace_back(item, true);
  }
  for (const std::uint32_t item : second) {
    if (!std::binary_search(first.begin(), first.end(), item)) out.emplace_back(item, false);
  }
  return out;
}

class RobotsComparison {
 public:
  RobotsComparison(const RobotsTxt& before, const RobotsTxt& after, const CompareOptions& options)
      : options_(options),
        ways_(WaysOf(before, after, options.dialect)),
        before_(before, ways_, options.dialect, items_),
        after_(after, ways_, options.dialect, items_) {}

  FileChange Run() {
    change_.changed = Changed::kBytes;
    for (auto& [signatures, names] : Classes()) {
      change_.changed = std::max(change_.changed, Changed::kRules);
      if (items_.spent()) break;
      change_.agents.push_back(Compare(std::move(names)));
      if (change_.agents.back().MeansOtherwise()) change_.changed = Changed::kMeaning;
    }
    change_.cut = change_.cut || items_.spent();
    // A proof of equality needs every agent.
    if (change_.cut) change_.changed = std::max(change_.changed, Changed::kRules);
    std::sort(change_.agents.begin(), change_.agents.end(),
              [](const AgentChange& a, const AgentChange& b) { return a.agents < b.agents; });
    return std::move(change_);
  }

 private:
  // Agents that each of the files tells the same, where the files differ.
  std::map<std::pair<Signature, Signature>, std::vector<std::string>> Classes() {
    std::map<std::string, std::string> names{{"*", "*"}};
    if (options_.agents.empty()) {
      before_.AddNames(names);
      after_.AddNames(names);
    } else {
      names.clear();
      for (const std::string& agent : options_.agents) names.emplace(agent, agent);
    }
    std::map<std::pair<Signature, Signature>, std::vector<std::string>> classes;
    for (const auto& [key, name] : names) {
      if (items_.spent()) break;
      Signature before = before_.SignatureOf(name);
      Signature after = after_.SignatureOf(name);
      if (before == after) continue;
      classes[{std::move(before), std::move(after)}].push_back(name);
    }
    return classes;
  }

  AgentChange Compare(std::vector<std::string> names) {
    AgentChange change;
    std::sort(names.begin(), names.end());
    change.agents = std::move(names);
    const std::string& name = change.agents.front();
    change.named_before = before_.Names(name);
    change.named_after = after_.Names(name);
    change.delay_before = before_.DelayOf(name);
    change.delay_after = after_.DelayOf(name);

    std::vector<std::uint32_t> before_items;
    std::vector<std::uint32_t> after_items;
    before_.AppendItems(name, before_items);
    after_.AppendItems(name, after_items);
    std::vector<std::string> scopes{"/"};
    std::size_t asked = 0;
    for (const auto& [number, gone] : InOneAlone(before_items, after_items)) {
      const Item& item = items_.At(number);
      if (++asked > limits::kCompareItemsMax || items_.spent()) {
        change_.cut = true;
        break;
      }
      if (item.kind == Item::Kind::kRule) {
        change.rules.push_back(CompareRule(name, item, gone));
      } else if (!item.pattern.empty()) {
        scopes.push_back(PathsOf(item).front());
      }
    }
    std::stable_sort(
        change.rules.begin(), change.rules.end(),
        [](const RuleChange& a, const RuleChange& b) { return !a.path.empty() && b.path.empty(); });
    ComparePreferences(name, scopes, change.preferences);
    return change;
  }

  RuleChange CompareRule(const std::string& name, const Item& item, bool gone) {
    RuleChange change;
    change.rule = Utf8Prefix(item.raw, limits::kRawBytesMax);
    change.gone = gone;
    for (std::string& path : PathsOf(item)) {
      const bool before = before_.Allows(name, path);
      const bool after = after_.Allows(name, path);
      if (before == after) continue;
      change.path = std::move(path);
      change.allowed_before = before;
      change.allowed_after = after;
      break;
    }
    return change;
  }

  void ComparePreferences(const std::string& name, const std::vector<std::string>& paths,
                          std::vector<PreferenceChange>& out) {
    const bool any =
        std::any_of(ways_.begin(), ways_.end(), [](const Way& way) { return way.family != 0; });
    if (!any) return;
    // A line for all paths changes what is told at each: it is said once.
    std::map<Preferences::key_type, bool> said;
    for (const std::string& path : paths) {
      if (items_.spent()) return;
      const Preferences before = before_.PreferencesOf(name, path);
      const Preferences after = after_.PreferencesOf(name, path);
      Preferences all = before;
      all.insert(after.begin(), after.end());
      for (const auto& [key, told] : all) {
        const auto was = before.find(key);
        const auto is = after.find(key);
        if (was != before.end() && is != after.end() && was->second == is->second) continue;
        if (!said.emplace(key, true).second) continue;
        PreferenceChange change{std::get<0>(key), std::get<1>(key), std::get<2>(key), path, {}, {}};
        if (was != before.end()) change.before = was->second;
        if (is != after.end()) change.after = is->second;
        out.push_back(std::move(change));
      }
    }
  }

  const CompareOptions& options_;
  Items items_;
  std::vector<Way> ways_;
  Side before_;
  Side after_;
  FileChange change_;
};

}  // namespace

bool AgentChange::MeansOtherwise() const {
  const bool asked = std::any_of(rules.begin(), rules.end(),
                                 [](const RuleChange& rule) { return !rule.path.empty(); });
  return asked || !preferences.empty() || delay_before != delay_after;
}

FileChange CompareRobots(const RobotsTxt& before, const RobotsTxt& after,
                         const CompareOptions& options) {
  return RobotsComparison(before, after, options).Run();
}

}  // namespace crawlcard::robots
