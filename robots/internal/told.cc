#include "robots/internal/told.h"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "base/text.h"
#include "robots/internal/robots_data_rules.h"
#include "robots/limits.h"

namespace crawlcard::robots::internal {
namespace {

constexpr std::uint32_t kOrphans = 0;
constexpr std::string_view kNobody = "\x01";  // no group can name it

void AppendNote(std::vector<std::uint32_t>& groups, std::uint32_t group) {
  if (groups.empty() || groups.back() != group) groups.push_back(group);
}

// What a line of a family says, in an order of its own: pairs may be written in any.
std::string CanonOfLine(const RobotsTxt& robots, const Record& record, std::string& scope_out) {
  std::vector<std::string> parts;
  const std::span<const Signal> all = robots.signals();
  const Signal* signal = robots.FindSignal(record.line);
  const Signal* const end = all.data() + all.size();
  for (const Signal* first = signal; signal != nullptr && signal != end; ++signal) {
    if (signal->location != first->location) break;
    std::string part;
    for (const std::string_view text :
         {signal->scope, signal->key, signal->value, signal->condition}) {
      part.append(text).push_back('\n');
    }
    part.push_back(static_cast<char>('a' + static_cast<int>(signal->use)));
    part.push_back(static_cast<char>('a' + static_cast<int>(signal->says)));
    part.push_back(static_cast<char>('a' + static_cast<int>(signal->careful)));
    parts.push_back(std::move(part));
    scope_out = signal->scope;
  }
  std::sort(parts.begin(), parts.end());
  std::string canon(1, static_cast<char>('a' + static_cast<int>(record.kind)));
  for (const std::string& part : parts) canon.append(part).push_back('\t');
  return canon;
}

}  // namespace

std::uint32_t Items::Number(const std::string& canon, Item item) {
  const auto [found, added] =
      numbers_.try_emplace(canon, static_cast<std::uint32_t>(items_.size()));
  if (added) items_.push_back(std::move(item));
  return found->second;
}

std::uint32_t Items::SetNumber(std::vector<std::uint32_t> items) {
  std::sort(items.begin(), items.end());
  items.erase(std::unique(items.begin(), items.end()), items.end());
  const auto [found, added] =
      set_numbers_.try_emplace(std::move(items), static_cast<std::uint32_t>(sets_.size()));
  if (added) sets_.push_back(&found->first);
  return found->second;
}

std::uint32_t Items::TextNumber(const std::string& text) {
  return texts_.try_emplace(text, static_cast<std::uint32_t>(texts_.size())).first->second;
}

bool Items::Spend(std::size_t lines) {
  work_ += lines;
  if (work_ > limits::kCompareWorkMax) spent_ = true;
  return !spent_;
}

Reading::Reading(const RobotsTxt& robots, const Way& way, Items& items)
    : read_(robots.records(way.dialect)), way_(way), items_(items), groups_(1) {
  const std::uint8_t bit = BitOf(way.dialect);
  bool closed = true;
  std::uint32_t current = kOrphans;
  for (const Record& record : read_.records) {
    if ((record.agent_in & bit) == 0) {
      const bool closes = (record.rule_in & bit) != 0 || (record.closes_for & way.closes_mask) != 0;
      closed = closed || closes;
      Take(robots, record, groups_[current]);
      continue;
    }
    if (closed) {
      current = static_cast<std::uint32_t>(groups_.size());
      groups_.emplace_back();
      closed = false;
    }
    std::string_view matched;
    if (MatchAgent(record, "*", way.dialect, matched) == AgentMatch::kStar) {
      AppendNote(star_, current);
    }
    if (MatchAgent(record, kNobody, way.dialect, matched) == AgentMatch::kStar) {
      AppendNote(others_, current);
    }
    AnyNameOf(record, way.dialect, [&](std::string_view name) {
      if (name.empty() || name.find(',') != std::string_view::npos) return false;
      Named& named = named_[AsciiLowerCopy(name)];
      if (named.written.empty()) named.written = name;
      AppendNote(named.groups, current);
      return false;
    });
  }
}

void Reading::Take(const RobotsTxt& robots, const Record& record, Group& group) {
  if ((record.rule_in & BitOf(way_.dialect)) != 0) {
    if (way_.rules) TakeRule(record, group);
  } else if (way_.family != 0 && (record.closes_for & way_.family) != 0) {
    TakeLine(robots, record, group);
  } else if (record.kind == RecordKind::kCrawlDelay && group.delay.empty()) {
    group.delay = TrimAscii(record.value());
  }
}

void Reading::TakeRule(const Record& record, Group& group) {
  const bool google = way_.dialect == Dialect::kGoogle;
  if (!google && (record.flags & kFlagBadPath) != 0) return;
  const PathPattern pattern = PatternOf(read_, record, google);
  if (pattern.length == 0) return;  // says nothing
  Item item;
  item.raw = record.raw();
  item.pattern = pattern.text;
  item.anchored = pattern.anchored;
  item.index_page = google && (record.shape & kShapeIndexPage) != 0;
  std::string canon(item.index_page ? "I" : "");
  canon.append(record.allows() ? "A" : "D").append(pattern.text);
  if (pattern.anchored) canon.push_back('$');
  group.rules.push_back(items_.Number(canon, std::move(item)));
}

void Reading::TakeLine(const RobotsTxt& robots, const Record& record, Group& group) {
  Item item;
  item.kind = Item::Kind::kPreference;
  item.raw = record.raw();
  const std::string canon = fmt::format("P{}", CanonOfLine(robots, record, item.pattern));
  group.lines.push_back(items_.Number(canon, std::move(item)));
}

const std::vector<std::uint32_t>& Reading::GroupsOf(const std::string& lower) const {
  const auto found = named_.find(lower);
  if (found != named_.end()) return found->second.groups;
  return lower == "*" ? star_ : others_;
}

std::uint32_t Reading::SetOf(const std::vector<std::uint32_t>& groups, bool rules) {
  const auto known = sets_.find({groups, rules});
  if (known != sets_.end()) return known->second;
  std::vector<std::uint32_t> items;
  for (const std::uint32_t group : groups) {
    const Group& one = groups_[group];
    if (!items_.Spend(one.rules.size() + one.lines.size() + 1)) break;
    if (rules) items.insert(items.end(), one.rules.begin(), one.rules.end());
    items.insert(items.end(), one.lines.begin(), one.lines.end());
  }
  const std::uint32_t number = items_.SetNumber(std::move(items));
  sets_.emplace(std::pair(groups, rules), number);
  return number;
}

void Reading::AppendSignature(const std::string& lower, std::vector<std::uint32_t>& out) {
  out.push_back(Names(lower) ? 1 : 0);
  out.push_back(SetOf(GroupsOf(lower), way_.rules));
  if (way_.family == 0) {
    const std::string* delay = DelayOf(lower);
    out.push_back(delay == nullptr ? 0 : 1 + items_.TextNumber(*delay));
    return;
  }
  // Content signals of `*` count for careful readers where an own group has none, and lines outside
  // groups where there is none at all.
  out.push_back(SetOf(others_, false));
  out.push_back(SetOf({kOrphans}, false));
}

void Reading::AppendItems(const std::string& lower, std::vector<std::uint32_t>& out) const {
  const auto append = [&out](const std::vector<std::uint32_t>& items) {
    out.insert(out.end(), items.begin(), items.end());
  };
  for (const std::uint32_t group : GroupsOf(lower)) {
    append(groups_[group].rules);
    append(groups_[group].lines);
  }
  if (way_.family == 0) return;
  for (const std::uint32_t group : others_) append(groups_[group].lines);
  append(groups_[kOrphans].lines);
}

const std::string* Reading::DelayOf(const std::string& lower) const {
  for (const std::uint32_t group : GroupsOf(lower)) {
    if (!groups_[group].delay.empty()) return &groups_[group].delay;
  }
  return nullptr;
}

}  // namespace crawlcard::robots::internal
