#include "robots/internal/cic_file.h"

#include <algorithm>
#include <array>

#include "base/text.h"

namespace crawlcard::robots::internal {
namespace {

// White space of a Python string, its ASCII part.
bool IsPythonSpace(char c) {
  return c == ' ' || (c >= '\t' && c <= '\r') || (c >= '\x1C' && c <= '\x1F');
}

std::string_view Strip(std::string_view text) {
  while (!text.empty() && IsPythonSpace(text.front())) text.remove_prefix(1);
  while (!text.empty() && IsPythonSpace(text.back())) text.remove_suffix(1);
  return text;
}

// Bytes of the line end at `i`, 0 where there is none. Python also ends lines at VT, FF, FS, GS,
// RS, NEL and the two Unicode separators.
std::size_t LineEndBytes(std::string_view text, std::size_t i) {
  const char c = text[i];
  if (c == '\r') return i + 1 < text.size() && text[i + 1] == '\n' ? 2 : 1;
  if ((c >= '\n' && c <= '\f') || (c >= '\x1C' && c <= '\x1E')) return 1;
  const std::string_view rest = text.substr(i, 3);
  if (rest.substr(0, 2) == "\xC2\x85") return 2;
  if (rest == "\xE2\x80\xA8" || rest == "\xE2\x80\xA9") return 3;
  return 0;
}

bool HasName(std::string_view line, std::string_view name, bool any_case) {
  const std::string_view start = line.substr(0, name.size());
  return any_case ? EqualsIgnoreCase(start, name) : start == name;
}

// What stands behind the first colon.
std::string_view ValueOf(std::string_view line) {
  return Strip(line.substr(line.find(':') + 1));
}

std::string_view FlagOf(AgentClass value) {
  constexpr std::array<std::string_view, 3> kFlags = {"cic.none", "cic.some", "cic.all"};
  return kFlags[static_cast<std::size_t>(value)];
}

}  // namespace

CicFile::CicFile(std::string_view body, Dialect dialect) : fixed_(dialect == Dialect::kCicFixed) {
  std::uint32_t number = 1;
  std::size_t begin = 0;
  for (std::size_t i = 0; i < body.size();) {
    const std::size_t end_bytes = LineEndBytes(body, i);
    if (end_bytes == 0) {
      ++i;
      continue;
    }
    ReadLine(body.substr(begin, i - begin), number);
    if (body[i] == '\r' || body[i] == '\n') ++number;  // others are no line ends to an editor
    i += end_bytes;
    begin = i;
  }
  if (begin < body.size()) ReadLine(body.substr(begin), number);
}

void CicFile::ReadLine(std::string_view raw, std::uint32_t number) {
  const std::string_view line = Strip(fixed_ ? raw.substr(0, raw.find('#')) : raw);
  if (line.empty() || line.front() == '#') {
    if (!fixed_) current_ = kNoBlock;
    return;
  }
  if (HasName(line, "User-agent:", fixed_)) {
    AgentLine(ValueOf(line));
  } else if (HasName(line, "Allow:", fixed_)) {
    RuleLine(line, true, number);
  } else if (HasName(line, "Disallow:", fixed_)) {
    RuleLine(line, false, number);
  } else if (HasName(line, "Crawl-delay:", true) || HasName(line, "Sitemap:", true)) {
    seen_rule_ = true;
  }
}

void CicFile::AgentLine(std::string_view name) {
  const std::string key = fixed_ ? AsciiLowerCopy(name) : std::string(name);
  const auto [found, added] = by_name_.try_emplace(key, static_cast<std::uint32_t>(agents_.size()));
  if (added) agents_.push_back({name, {}});
  // First published: every agent line stands alone. Corrected: agent lines gather until the first
  // rule of the file; after it, each stands alone again.
  if (!fixed_ || seen_rule_ || current_ == kNoBlock) {
    current_ = static_cast<std::uint32_t>(blocks_.size());
    blocks_.emplace_back();
  }
  // An agent that is named twice in one list gets each rule twice; more change nothing, and would
  // cost a pass over the block each.
  std::vector<std::uint32_t>& own = agents_[found->second].blocks;
  if (own.size() < 2 || own[own.size() - 2] != current_) own.push_back(current_);
}

void CicFile::RuleLine(std::string_view text, bool allow, std::uint32_t number) {
  seen_rule_ = true;
  if (current_ == kNoBlock) return;
  Rule rule;
  rule.value = ValueOf(text);
  // Rules with a question mark take no part in anything.
  if (rule.value.find('?') != std::string_view::npos) return;
  rule.raw = text;
  rule.pattern = CompileRfcPattern(rule.value, arena_);
  rule.line = number;
  rule.allow = allow;
  blocks_[current_].rules.push_back(rule);
}

const CicFile::Agent* CicFile::Find(std::string_view agent) const {
  const auto found = by_name_.find(fixed_ ? AsciiLowerCopy(agent) : std::string(agent));
  return found == by_name_.end() ? nullptr : &agents_[found->second];
}

AgentClass CicFile::Reduce(const Agent* agent) const {
  if (agent == nullptr) return AgentClass::kNone;
  std::vector<std::string_view> allow;
  std::vector<std::string_view> disallow;
  for (const std::uint32_t block : agent->blocks) {
    for (const Rule& rule : blocks_[block].rules) {
      (rule.allow ? allow : disallow).push_back(rule.value);
    }
  }
  // One empty Disallow; two of them are not "none" in the published code.
  const bool only_empty = disallow.size() == 1 && disallow.front().empty();
  if (disallow.empty() || only_empty || allow == disallow) return AgentClass::kNone;
  const bool root = std::find(disallow.begin(), disallow.end(), "/") != disallow.end();
  return root && allow.empty() ? AgentClass::kAll : AgentClass::kSome;
}

AgentClass CicFile::ClassOf(std::string_view agent) const {
  const Agent* own = Find(agent);
  return Reduce(own != nullptr ? own : Find("*"));
}

RobotsDecision CicFile::Decide(std::string_view agent, std::string_view path_and_query) const {
  RobotsDecision decision;
  std::string_view path = path_and_query.empty() ? "/" : path_and_query;
  if (path == "/robots.txt") return decision;
  const Agent* own = Find(agent);
  const Agent* used = own != nullptr ? own : Find("*");
  decision.by_name = own != nullptr && own->name != "*";
  const AgentClass value = Reduce(used);
  decision.flags.push_back(FlagOf(value));
  if (used == nullptr) return decision;
  decision.group.push_back(used->name);
  if (value == AgentClass::kNone) return decision;

  std::string scratch;
  path = NormaliseRfcPath(path, scratch);
  const Rule* best = nullptr;
  for (const std::uint32_t block : used->blocks) {
    for (const Rule& rule : blocks_[block].rules) {
      if (rule.value.empty() || (rule.value.front() != '/' && rule.value.front() != '*')) continue;
      const bool better =
          best == nullptr || rule.pattern.length > best->pattern.length ||
          (rule.pattern.length == best->pattern.length && rule.allow && !best->allow);
      // The rule that refuses everything does so whatever the path looks like.
      const bool root = value == AgentClass::kAll && rule.value == "/";
      if (better && (root || Matches(rule.pattern, path))) best = &rule;
    }
  }
  decision.allowed = value != AgentClass::kAll && (best == nullptr || best->allow);
  if (best == nullptr) return decision;
  decision.line = best->line;
  decision.rule = best->raw;
  return decision;
}

}  // namespace crawlcard::robots::internal
