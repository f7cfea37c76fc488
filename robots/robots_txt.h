// robots/robots_txt.h - one robots.txt file, parsed once and asked many times.
//
// RFC 9309 with its errata; Google's deviations; Content-Signal, Content-Usage, License, Sitemap,
// Crawl-delay and unknown lines kept with their groups. One parse serves every dialect: a dialect
// is a way of asking. Parsing never fails: anything is a robots.txt, flags say how odd it is.
//
// Thread rule: immutable after Parse(); any number of threads may ask.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/arena.h"
#include "robots/signal.h"

namespace crawlcard::robots {

namespace internal {
class CicFile;
struct RobotsRecords;
}  // namespace internal

enum class Dialect : std::uint8_t {
  kRfc9309,      // the standard, strictly
  kGoogle,       // the decisions of Google's open-source matcher
  kLenient,      // comma lists, misspellings, both readings of ambiguous groups: the careful one
  kCommonCrawl,  // the rules as kRfc9309; failed fetches by FetchPolicy::kCommonCrawl
  kCicLegacy,    // the Consent-in-Crisis papers, as first published: consent_in_crisis.h
  kCicFixed,     // the same after its parser was corrected
};
// "rfc9309", "google", "lenient", "common-crawl", "cic-legacy", "cic-fixed"
std::string_view DialectName(Dialect dialect);
std::optional<Dialect> DialectFromName(std::string_view name);
std::span<const Dialect> AllDialects();  // in the order of the enumeration

// The answer for one agent and path.
struct RobotsDecision {
  bool allowed = true;
  bool by_name = false;                 // the group names the agent, it is not that of `*`
  std::uint32_t line = 0;               // of the deciding rule; 0: no rule matched
  std::string_view rule;                // "Disallow: /private", as written, trimmed; empty: none
  std::vector<std::string_view> group;  // agent values of the group that decided, as written
  std::vector<std::string_view> flags;  // of the rules and the group that were used
};

struct Agent;
class PathSieve;

// The decision without the account.
struct RobotsAnswer {
  bool allowed = true;
  bool by_name = false;    // as in RobotsDecision
  std::uint32_t line = 0;  // of the deciding rule; 0: no rule matched
};

// A known operator whose token a group names, and the rule that refuses a path to it.
struct OperatorRefusal {
  const Agent* agent = nullptr;
  std::uint32_t line = 0;
};

class RobotsTxt {
 public:
  // Copies what it keeps of `body`: limits::kRobotsTxtBytesMax bytes of it, and of a longer one
  // limits::kRobotsWholeBytesMax for the decisions of the dialect kGoogle.
  static RobotsTxt Parse(std::string_view body);

  RobotsTxt(RobotsTxt&&) noexcept;
  RobotsTxt& operator=(RobotsTxt&&) noexcept;
  ~RobotsTxt();

  // Decides for `agent` (a product token; "*" asks for a crawler that no group names) and
  // `path_and_query` (page::PathAndQueryOf). Views in the answer live as long as this object.
  RobotsDecision Decide(std::string_view agent, std::string_view path_and_query,
                        Dialect dialect) const;

  // The same question without the account. Allocates nothing in steady state, but for the dialects
  // of Consent in Crisis.
  RobotsAnswer Answer(std::string_view agent, std::string_view path_and_query,
                      Dialect dialect) const;
  // True where kLenient answers every question as kRfc9309 does: nothing is misspelt or ambiguous.
  bool reads_one_way() const;
  bool Allows(std::string_view agent, std::string_view path_and_query, Dialect dialect) const;

  // Appends the known operators (robots/agents.h) whose own groups refuse them the path, one for
  // each of agents() that names one, in that order. Tokens that the grammar cannot match, with
  // digits or dots, are asked for in kLenient: the site plainly means them. The registry that is
  // installed at the first such question stays in use.
  void RefusedOperators(std::string_view path_and_query, Dialect dialect,
                        std::vector<OperatorRefusal>& refusals_out) const;

  // The decision when Content-Usage is a rule of the grammar and so ends a list of agent lines
  // (draft-ietf-aipref-attach-05 section 3).
  RobotsDecision DecideByAiprefGrammar(std::string_view agent,
                                       std::string_view path_and_query) const;

  // Every statement in the file, in line order: rules (family robots, use crawl), Content-Signal,
  // Content-Usage, License, AI-training lines, and unknown records (family other). `agent` is the
  // agent values of the group as written, joined by ", ", and empty outside groups. Text lives as
  // long as this object. Built when first asked for.
  std::span<const Signal> signals() const;
  // The first of signals() that stands on `line`, or nullptr.
  const Signal* FindSignal(std::uint32_t line) const;

  // The preference signals (not Allow and Disallow) that apply to `agent` at `path_and_query`, by
  // each family's own selection rules. `agent` of each is the value that selected the group, as
  // written. Refusals that only a careful reader takes have `careful` set and `says` nothing.
  void SelectSignals(std::string_view agent, std::string_view path_and_query, Dialect dialect,
                     std::vector<Signal>& signals_out) const;

  // Holds the patterns of all rules and preference lines, as RFC 9309 compares them, and the path
  // of the file itself.
  void HoldIn(PathSieve& sieve) const;

  std::span<const std::string_view> sitemaps() const;
  std::span<const std::string_view> flags() const;  // of the whole file: "robots.html_body", ...
  // Distinct agent values as written, in file order, comma lists split.
  std::span<const std::string_view> agents() const;
  bool has_records() const;  // false for an empty file or HTML
  // A comment speaks of "content signals": prose about the policy, which states no preference.
  bool has_content_signal_prose() const;

  // The records that `dialect` decides by, for the other readers of this room.
  const internal::RobotsRecords& records(Dialect dialect) const;

  // The file as the Consent-in-Crisis code reads it; consent_in_crisis.h asks it. `dialect` is
  // kCicLegacy or kCicFixed. Built when first asked for.
  const internal::CicFile& cic(Dialect dialect) const;

  // Memory held, for caches.
  std::size_t held_bytes() const;

 private:
  struct Data;
  explicit RobotsTxt(std::unique_ptr<Data> data);
  std::unique_ptr<Data> data_;
};

// The part of `url` that Google's library matches rules against: it begins at the first of `/`, `?`
// and `;` after the authority.
std::string GooglePathOf(std::string_view url);

}  // namespace crawlcard::robots
