// robots/compare_files.h - what changed in meaning between two versions of a file of an origin.
//
// Bytes change often, meaning seldom: comments move, groups are sorted, sitemaps come and go. A
// robots.txt is compared as a dialect reads it, agent by agent; agents that both versions tell the
// same are one entry. Equal meaning is proven from the rules; a change is proven by a path that is
// answered otherwise. Where neither is found the rules were rewritten, and no more is claimed.
// Sitemap lines and records that no reader knows say nothing here. docs/formats/history.md.
//
// Thread rule: functions are thread-safe; results are values.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "robots/origin.h"
#include "robots/robots_txt.h"
#include "robots/signal.h"

namespace crawlcard::robots {

// Each includes those before it.
enum class Changed : std::uint8_t {
  kNothing,  // the same bytes
  kBytes,    // other bytes, and every reader is told the same
  kRules,    // other rules; nothing was found that is answered otherwise
  kMeaning,  // something is answered otherwise
};
std::string_view ChangedName(Changed changed);  // "nothing", "bytes", "rules", "meaning"

// A rule that stands in one of the versions alone.
struct RuleChange {
  std::string rule;   // as written: "Disallow: /private"
  bool gone = false;  // else it is new
  // A path that is answered otherwise because of it; empty where none was found.
  std::string path;
  bool allowed_before = true;
  bool allowed_after = true;
};

// A preference (Content-Signal, Content-Usage, License, ...) that applies otherwise at a path.
struct PreferenceChange {
  struct Told {
    std::string value;
    Says says = Says::kNothing;
    bool operator==(const Told&) const = default;
  };
  Family family = Family::kOther;
  std::string key;
  Axis use = Axis::kNone;
  std::string path;
  std::optional<Told> before;  // unset: nothing was said
  std::optional<Told> after;
};

struct AgentChange {
  // As written, sorted; "*" stands for all that no group names.
  std::vector<std::string> agents;
  bool named_before = false;  // a group of its own
  bool named_after = false;
  std::vector<RuleChange> rules;  // those with a path first
  std::vector<PreferenceChange> preferences;
  std::optional<std::string> delay_before;  // Crawl-delay
  std::optional<std::string> delay_after;
  bool MeansOtherwise() const;
};

// A statement of another file (tdmrep.json, ai.txt, ...) that stands in one version alone.
struct StatementChange {
  bool gone = false;
  Family family = Family::kOther;
  std::string agent;
  std::string scope;
  std::string key;
  std::string value;
  Axis use = Axis::kNone;
  Says says = Says::kNothing;
};

struct FileChange {
  Changed changed = Changed::kNothing;
  std::vector<AgentChange> agents;          // robots.txt: "*" first, then by name
  std::vector<StatementChange> statements;  // other files
  bool cut = false;                         // a limit was reached: there may be more
};

struct CompareOptions {
  Dialect dialect = Dialect::kRfc9309;
  std::span<const std::string> agents;  // product tokens to look at; empty: all that are named
};

FileChange CompareRobots(const RobotsTxt& before, const RobotsTxt& after,
                         const CompareOptions& options);

// Statements in file order. Order counts as a rule that was rewritten.
FileChange CompareStatements(std::span<const Signal> before, std::span<const Signal> after);

// Two versions of one file, parsed (ParsedFileCache).
FileChange CompareFiles(const ParsedFile& before, const ParsedFile& after,
                        const CompareOptions& options);

// False for a version without anything of the right kind in it: a comment, an HTML page.
bool HasContent(const ParsedFile& file);

}  // namespace crawlcard::robots
