#include "robots/internal/robots_data_operators.h"

#include "base/text.h"

namespace crawlcard::robots::internal {

NamedOperators::NamedOperators(const RobotsRecords& read, const RobotsRecords& lenient,
                               std::span<const std::string_view> agents, Dialect dialect)
    : own_(read, dialect), lenient_(lenient, Dialect::kLenient) {
  for (const std::string_view written : agents) {
    const Agent* agent = FindAgent(written);
    if (agent == nullptr) continue;
    Named named;
    named.agent = agent;
    named.lenient = agent->match != TokenMatch::kToken;
    named.name = agent->match == TokenMatch::kPrefix ? written : agent->token;
    named.slot = (named.lenient ? lenient_ : own_).SlotOf(named.name);
    list_.push_back(named);
  }
  own_.FindGroups();
  lenient_.FindGroups();
}

std::uint32_t NamedOperators::Reading::SlotOf(std::string_view name) {
  const auto [found, added] =
      slot_of.try_emplace(AsciiLowerCopy(name), static_cast<std::uint32_t>(slots.size()));
  if (added) slots.emplace_back();
  return found->second;
}

bool NamedOperators::Reading::NoteGroup(const Record& record, std::uint32_t group) {
  bool any = false;
  AnyNameOf(record, dialect, [&](std::string_view name) {
    const auto found = slot_of.find(AsciiLowerCopy(name));
    if (found == slot_of.end()) return false;
    std::vector<std::uint32_t>& own = slots[found->second];
    if (own.empty() || own.back() != group) own.push_back(group);
    any = true;
    return false;
  });
  return any;
}

void NamedOperators::Reading::FindGroups() {
  if (slots.empty()) return;
  const std::uint8_t bit = BitOf(dialect);
  const bool google = dialect == Dialect::kGoogle;
  Group group;
  bool open = false;   // agent lines still gather
  bool named = false;  // one of the slots is in the group
  const auto close = [&] {
    group.rules_end = static_cast<std::uint32_t>(rules.size());
    if (named) groups.push_back(group);
  };
  for (std::uint32_t i = 0; i < read->records.size(); ++i) {
    const Record& record = read->records[i];
    if ((record.agent_in & bit) != 0) {
      if (!open) {
        close();
        group = {i, static_cast<std::uint32_t>(rules.size()), 0};
        named = false;
      }
      open = true;
      named = NoteGroup(record, static_cast<std::uint32_t>(groups.size())) || named;
    } else if ((record.rule_in & bit) != 0) {
      open = false;
      if (named) rules.push_back({i, google ? '\0' : FixedLetter(PatternOf(*read, record, false))});
    }
  }
  close();
}

void NamedOperators::Reading::RefusingLines(std::string_view path,
                                            std::vector<std::uint32_t>& lines_out) const {
  thread_local std::vector<BestTwo> best;
  best.assign(groups.size(), {});
  const char letter = path.size() > 1 ? path[1] : '\0';
  for (std::size_t i = 0; i < groups.size(); ++i) {
    for (std::uint32_t at = groups[i].rules_begin; at < groups[i].rules_end; ++at) {
      const Rule& rule = rules[at];
      if (rule.letter != letter && rule.letter != 0) continue;
      Consider(*read, rule.record, path, dialect == Dialect::kGoogle, groups[i].begin, best[i]);
    }
  }
  lines_out.assign(slots.size(), 0);
  for (std::size_t i = 0; i < slots.size(); ++i) {
    BestTwo all;
    for (const std::uint32_t group : slots[i]) {
      all.allow.Take(best[group].allow);
      all.disallow.Take(best[group].disallow);
    }
    const Outcome outcome = Judged(all, {});
    if (!outcome.allowed) lines_out[i] = read->records[outcome.record].line;
  }
}

void NamedOperators::Refused(std::string_view path, std::string_view normal,
                             std::vector<OperatorRefusal>& refusals_out) const {
  thread_local std::vector<std::uint32_t> own;
  thread_local std::vector<std::uint32_t> lenient;
  own.assign(own_.slots.size(), 0);
  lenient.assign(lenient_.slots.size(), 0);
  const std::string_view own_path = own_.dialect == Dialect::kGoogle ? path : normal;
  if (!IsRobotsTxtItself(path, own_.dialect)) own_.RefusingLines(own_path, own);
  if (!IsRobotsTxtItself(path, Dialect::kLenient)) lenient_.RefusingLines(normal, lenient);
  for (const Named& one : list_) {
    const std::uint32_t line = one.lenient ? lenient[one.slot] : own[one.slot];
    if (line != 0) refusals_out.push_back({one.agent, line});
  }
}

}  // namespace crawlcard::robots::internal
