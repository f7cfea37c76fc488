// robots/internal/told.h - what each agent is told by a robots.txt, as sets that can be compared.
//
// Rules, preference lines and delays become numbered items: equal numbers, equal meaning. An answer
// depends on the set of the items of the groups that speak to an agent, whatever their order and
// number, so equal sets prove equal answers. Groups depend on which family reads the file
// (docs/formats/signals.md 1.6), so there is one Reading for each.
//
// Thread rule: thread-compatible.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "robots/internal/robots_records.h"
#include "robots/robots_txt.h"

namespace crawlcard::robots::internal {

struct Item {
  enum class Kind : std::uint8_t { kRule, kPreference };
  Kind kind = Kind::kRule;
  std::string raw;      // as first written
  std::string pattern;  // of a rule, or the scope of a preference line
  bool anchored = false;
  bool index_page = false;  // Google opens its folder too
};

// Numbers what is met in the files compared.
class Items {
 public:
  // `canon` is equal where the meaning is.
  std::uint32_t Number(const std::string& canon, Item item);
  const Item& At(std::uint32_t number) const { return items_[number]; }
  // Sorts `items` and numbers the set of them.
  std::uint32_t SetNumber(std::vector<std::uint32_t> items);
  const std::vector<std::uint32_t>& SetAt(std::uint32_t number) const { return *sets_[number]; }
  std::uint32_t TextNumber(const std::string& text);

  // Counts work against limits::kCompareWorkMax; false when it is used up.
  bool Spend(std::size_t lines);
  bool spent() const { return spent_; }

 private:
  std::unordered_map<std::string, std::uint32_t> numbers_;
  std::vector<Item> items_;
  std::map<std::vector<std::uint32_t>, std::uint32_t> set_numbers_;
  std::vector<const std::vector<std::uint32_t>*> sets_;
  std::unordered_map<std::string, std::uint32_t> texts_;
  std::size_t work_ = 0;
  bool spent_ = false;
};

// How a file is read: by whom, and where lists of agent lines end.
struct Way {
  Dialect dialect = Dialect::kRfc9309;
  std::uint8_t closes_mask = 0;
  std::uint8_t family = 0;  // preference lines of it are wanted; 0: rules and delays alone
  bool rules = true;
};

// One file read in one way.
class Reading {
 public:
  Reading(const RobotsTxt& robots, const Way& way, Items& items);

  // Calls `visit` for each name that a group names, as written.
  template <class Visit>
  void ForEachName(Visit visit) const {
    for (const auto& [lower, named] : named_) visit(lower, named.written);
  }
  bool Names(const std::string& lower) const { return named_.contains(lower); }

  // Appends numbers that are equal where the agent with this name in lower case is told the same.
  void AppendSignature(const std::string& lower, std::vector<std::uint32_t>& out);
  // Appends the items that may decide for it.
  void AppendItems(const std::string& lower, std::vector<std::uint32_t>& out) const;
  // The first Crawl-delay that it is told; nullptr where there is none.
  const std::string* DelayOf(const std::string& lower) const;

 private:
  struct Group {
    std::vector<std::uint32_t> rules;
    std::vector<std::uint32_t> lines;  // preference lines
    std::string delay;
  };
  struct Named {
    std::string written;
    std::vector<std::uint32_t> groups;
  };
  void Take(const RobotsTxt& robots, const Record& record, Group& group);
  void TakeRule(const Record& record, Group& group);
  void TakeLine(const RobotsTxt& robots, const Record& record, Group& group);
  const std::vector<std::uint32_t>& GroupsOf(const std::string& lower) const;
  std::uint32_t SetOf(const std::vector<std::uint32_t>& groups, bool rules);

  const RobotsRecords& read_;
  Way way_;
  Items& items_;
  std::vector<Group> groups_;  // 0: before the first agent line
  std::unordered_map<std::string, Named> named_;
  std::vector<std::uint32_t> star_;    // who asks for "*"
  std::vector<std::uint32_t> others_;  // an agent that no group names: a list may hold a star
  // By groups: most agents share theirs with others.
  std::map<std::pair<std::vector<std::uint32_t>, bool>, std::uint32_t> sets_;
};

}  // namespace crawlcard::robots::internal
