#include "robots/restriction.h"

#include <algorithm>
#include <array>
#include <map>
#include <string>

#include "base/text.h"
#include "robots/internal/cic_file.h"
#include "robots/internal/robots_data_rules.h"
#include "robots/internal/robots_records.h"
#include "robots/path_match.h"

namespace crawlcard::robots {
namespace {

using internal::PathPattern;
using internal::Record;
using internal::RobotsRecords;

struct TextRule {
  PathPattern pattern;
  bool allow = false;
};

// The rules that RFC 9309 gives `agent`.
std::vector<TextRule> RulesOf(const RobotsTxt& robots, std::string_view agent, Dialect dialect) {
  const RobotsRecords& read = robots.records(dialect);
  const std::uint8_t bit = internal::BitOf(dialect);
  internal::GroupCursor cursor;
  cursor.begin = internal::GroupCursor::kNoGroup;
  std::vector<TextRule> named;
  std::vector<TextRule> star;
  bool is_named = false;
  for (std::uint32_t i = 0; i < read.records.size(); ++i) {
    const Record& record = read.records[i];
    if ((record.agent_in & bit) != 0) {
      cursor.AgentLine(record, i, agent, dialect);
      is_named = is_named || cursor.named;
    } else if ((record.rule_in & bit) != 0) {
      cursor.closed = true;
      if (record.value().empty()) continue;
      const TextRule rule{internal::PatternOf(read, record, dialect == Dialect::kGoogle),
                          record.allows()};
      if (cursor.named) named.push_back(rule);
      if (cursor.star) star.push_back(rule);
    }
  }
  return is_named ? named : star;
}

bool SamePattern(const PathPattern& a, const PathPattern& b) {
  return a.text == b.text && a.anchored == b.anchored;
}

// Describes every path.
bool MatchesAll(const PathPattern& pattern) {
  std::string_view text = pattern.text;
  if (text.starts_with('/')) text.remove_prefix(1);
  const bool stars = std::ranges::all_of(text, [](char c) { return c == '*'; });
  return stars && (!pattern.anchored || !text.empty());
}

bool IsLetterOf(char c, std::string_view text) {
  return text.find(c) != std::string_view::npos;
}

// White space of Python's regular expressions, as far as ASCII has it.
std::size_t SkipSpace(std::string_view text, std::size_t at) {
  while (at < text.size() && IsLetterOf(text[at], " \t\n\r\f\v")) ++at;
  return at;
}

// Calls `test(rest)` with what follows each "Disallow:" and the white space behind it; at least one
// of that where `needs_space`.
template <class Test>
bool AnyDisallow(std::string_view body, bool needs_space, Test test) {
  constexpr std::string_view kName = "Disallow:";
  for (std::size_t at = body.find(kName); at != std::string_view::npos;
       at = body.find(kName, at + 1)) {
    const std::size_t from = at + kName.size();
    const std::size_t value = SkipSpace(body, from);
    if (needs_space && value == from) continue;
    if (test(body.substr(value))) return true;
  }
  return false;
}

bool IsPattern(std::string_view rest) {
  if (!rest.starts_with('/')) return false;
  return rest.substr(0, rest.find('\n')).find('?') != std::string_view::npos;
}

bool IsFileType(std::string_view rest) {
  constexpr std::array<std::string_view, 9> kTypes = {"pdf", "jpg", "jpeg", "png", "gif",
                                                      "bmp", "ico", "tif",  "svg"};
  if (!rest.starts_with("*.")) return false;
  rest.remove_prefix(2);
  return std::ranges::any_of(kTypes, [&](auto type) { return rest.starts_with(type); });
}

bool IsImportantDir(std::string_view rest) {
  return rest.starts_with("/admin") || rest.starts_with("/private") ||
         rest.starts_with("/confidential");
}

}  // namespace

AgentClass RestrictionOf(const RobotsTxt& robots, std::string_view agent, Dialect dialect) {
  if (internal::IsCic(dialect)) return CicClassOf(robots, agent, dialect);
  const std::vector<TextRule> rules = RulesOf(robots, agent, dialect);
  std::vector<const PathPattern*> allows;
  std::uint32_t longest_allow = 0;
  std::uint32_t longest_open = 0;  // of those that match every path
  for (const TextRule& rule : rules) {
    if (!rule.allow) continue;
    allows.push_back(&rule.pattern);
    longest_allow = std::max(longest_allow, rule.pattern.length);
    if (MatchesAll(rule.pattern)) longest_open = std::max(longest_open, rule.pattern.length);
  }
  const auto order = [](const PathPattern* a, const PathPattern* b) { return a->text < b->text; };
  std::ranges::sort(allows, order);
  AgentClass value = AgentClass::kNone;
  for (const TextRule& rule : rules) {
    if (rule.allow || rule.pattern.length <= longest_open) continue;
    const auto [from, to] = std::equal_range(allows.begin(), allows.end(), &rule.pattern, order);
    const bool taken_back = std::any_of(
        from, to, [&](const PathPattern* allow) { return SamePattern(*allow, rule.pattern); });
    if (taken_back) continue;
    if (MatchesAll(rule.pattern) && longest_allow < rule.pattern.length) return AgentClass::kAll;
    value = AgentClass::kSome;
  }
  return value;
}

AgentClass RestrictionOf(const RobotsTxt& robots, std::span<const std::string_view> agents,
                         Dialect dialect) {
  AgentClass strictest = AgentClass::kNone;
  for (const std::string_view agent : agents) {
    strictest = std::max(strictest, RestrictionOf(robots, agent, dialect));
  }
  return strictest;
}

bool NamesAgent(const RobotsTxt& robots, std::string_view agent, Dialect dialect) {
  if (internal::IsCic(dialect)) return robots.cic(dialect).Names(agent);
  const RobotsRecords& read = robots.records(dialect);
  const std::uint8_t bit = internal::BitOf(dialect);
  std::string_view matched;
  return std::ranges::any_of(read.agent_lines, [&](std::uint32_t at) {
    const Record& record = read.records[at];
    return (record.agent_in & bit) != 0 &&
           internal::MatchAgent(record, agent, dialect, matched) == internal::AgentMatch::kNamed;
  });
}

std::string_view DetailClassName(DetailClass value) {
  constexpr std::array<std::string_view, kDetailClassCount> kNames = {"no_robots",
                                                                      "none",
                                                                      "none_sitemap",
                                                                      "none_crawl_delay",
                                                                      "some_other",
                                                                      "some_disallow_important_dir",
                                                                      "some_disallow_file_types",
                                                                      "some_pattern_restrictions",
                                                                      "all"};
  return kNames[static_cast<std::size_t>(value)];
}

DetailClass DetailOf(AgentClass value, std::string_view body) {
  if (value == AgentClass::kAll) return DetailClass::kAll;
  if (value == AgentClass::kSome) {
    if (AnyDisallow(body, true, IsPattern)) return DetailClass::kSomePatternRestrictions;
    if (AnyDisallow(body, true, IsFileType)) return DetailClass::kSomeDisallowFileTypes;
    if (AnyDisallow(body, false, IsImportantDir)) return DetailClass::kSomeDisallowImportantDir;
    return DetailClass::kSomeOther;
  }
  if (body.find("Crawl-delay:") != std::string_view::npos) return DetailClass::kNoneCrawlDelay;
  if (body.find("Sitemap:") != std::string_view::npos) return DetailClass::kNoneSitemap;
  return DetailClass::kNone;
}

AgentClass ClassOfDetail(DetailClass value) {
  if (value == DetailClass::kAll) return AgentClass::kAll;
  return value < DetailClass::kSomeOther ? AgentClass::kNone : AgentClass::kSome;
}

ProtegoRules::ProtegoRules(const RobotsTxt& robots, std::span<const std::string_view> agents)
    : robots_(robots) {
  const RobotsRecords& read = robots.records(Dialect::kRfc9309);
  std::map<std::string, std::vector<Rule>> by_name;
  std::vector<std::vector<Rule>*> current;
  bool closed = true;
  for (std::uint32_t i = 0; i < read.records.size(); ++i) {
    const Record& record = read.records[i];
    if ((record.agent_in & internal::kInGoogle) != 0) {
      if (closed) current.clear();
      closed = false;
      std::vector<Rule>* const rules = &by_name[AsciiLowerCopy(record.value())];
      if (std::ranges::find(current, rules) == current.end()) current.push_back(rules);
    } else if ((record.rule_in & internal::kInRfc) != 0) {
      closed = true;
      if (record.value().empty()) continue;
      for (std::vector<Rule>* const rules : current) rules->push_back({i, record.allows()});
    } else if (record.kind == internal::RecordKind::kCrawlDelay) {
      closed = true;
    }
  }
  std::vector<const std::vector<Rule>*> chosen;
  for (const std::string_view agent : agents) {
    const std::string asked = AsciiLowerCopy(agent);
    const std::vector<Rule>* best = nullptr;
    std::size_t best_bytes = 0;
    for (const auto& [name, rules] : by_name) {
      const bool is_star = name == "*";
      if (name.empty() || (!is_star && asked.find(name) == std::string::npos)) continue;
      const std::size_t bytes = is_star ? 0 : name.size();
      if (best != nullptr && bytes <= best_bytes) continue;
      best = &rules;
      best_bytes = bytes;
    }
    if (best == nullptr || best->empty()) continue;
    if (std::ranges::find(chosen, best) == chosen.end()) chosen.push_back(best);
  }
  for (const std::vector<Rule>* const rules : chosen) sets_.push_back(*rules);
}

std::size_t ProtegoRules::held_bytes() const {
  std::size_t bytes = sizeof(*this);
  for (const std::vector<Rule>& rules : sets_)
    bytes += sizeof(std::vector<Rule>) + rules.size() * sizeof(Rule);
  return bytes;
}

bool ProtegoRules::RefusesAny(std::string_view path_and_query) const {
  const RobotsRecords& read = robots_.records(Dialect::kRfc9309);
  std::string scratch;
  const std::string_view path =
      internal::NormaliseRfcPath(path_and_query.empty() ? "/" : path_and_query, scratch);
  return std::ranges::any_of(sets_, [&](const std::vector<Rule>& rules) {
    std::uint32_t best = 0;
    bool refused = false;
    for (const Rule& rule : rules) {
      const PathPattern pattern = internal::PatternOf(read, read.records[rule.record], false);
      if (pattern.length < best || (pattern.length == best && (best != 0 && !rule.allow))) continue;
      if (!internal::Matches(pattern, path)) continue;
      best = pattern.length;
      refused = !rule.allow;
    }
    return refused;
  });
}

}  // namespace crawlcard::robots
