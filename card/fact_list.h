// card/fact_list.h - fills card/facts.h: used by card/facts.cc and the card/facts_*.cc beside it.
//
// Thread rule: thread-compatible.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "card/card.h"
#include "card/facts.h"

namespace crawlcard::card {

class FactList {
 public:
  // The basis is that of the definition, which must exist.
  void Add(std::string id, std::string title, std::string_view definition, FactCell value,
           FactUnit unit = FactUnit::kNone);
  void Add(std::string id, std::string title, std::string_view definition, FactTable table);

  void Count(std::string id, std::string title, std::string_view definition, std::uint64_t value) {
    Add(std::move(id), std::move(title), definition, value, FactUnit::kCount);
  }
  void Bytes(std::string id, std::string title, std::string_view definition, std::uint64_t value) {
    Add(std::move(id), std::move(title), definition, value, FactUnit::kBytes);
  }
  // Text that comes from an archive or a page; empty is not known.
  void Foreign(std::string id, std::string title, std::string_view definition,
               std::string_view text);

  Facts Take(std::string command);

 private:
  Facts facts_;
};

// Cells.
FactCell OwnText(std::string_view text);      // empty: not known
FactCell ForeignText(std::string_view text);  // empty: not known
FactCell DateCell(const std::optional<UnixSeconds>& date);

// Columns of a Reach, and its cells: captures (or pages), share, hosts, domains, payload, text.
void AddReachColumns(std::string_view captures_title, std::vector<FactColumn>& columns);
void AddReachCells(const Reach& reach, std::uint64_t whole, std::vector<FactCell>& row);
// One row a value, and a last row "(other values)" where some were let go.
FactTable ReachFactTable(std::string_view key_name, std::string_view key_title,
                         std::string_view captures_title, const ReachTable& table,
                         std::uint64_t whole);

// The parts of BuildFacts(), in the order of the list.
void AddRunFacts(const Card& card, FactList& list);       // facts_run.cc
void AddInputFacts(const Card& card, FactList& list);     // facts_run.cc
void AddFigureFacts(const Tally& tally, FactList& list);  // facts_content.cc
void AddContentFacts(const Tally& tally, FactList& list);
void AddDomainFacts(const Card& card, FactList& list);
void AddSignalFacts(const Tally& tally, FactList& list);  // facts_signal.cc
void AddVerdictFacts(const Card& card, FactList& list);
void AddHumanFacts(const Card& card, FactList& list);  // facts_human.cc

}  // namespace crawlcard::card
