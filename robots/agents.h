// robots/agents.h - the registry of AI user-agent tokens, as versioned data.
//
// Compiled in from robots/data/ai_agents.tsv; a table of the user's own may take its place. Columns
// and rules: docs/formats/agents.md; what a token says about a use: docs/formats/signals.md 2.
//
// Thread rule: an AgentList is immutable. InstallAgentRegistry() is called at start-up, before
// there is a second thread, and never while anything reads; all other functions are thread-safe.
#pragma once

#include <bitset>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "base/result.h"
#include "robots/signal.h"

namespace crawlcard::robots {

// How a name in a robots.txt or a meta is compared with a token, always without case.
enum class TokenMatch : std::uint8_t {
  kToken,    // a product token of RFC 9309 section 2.2.1; the whole name
  kLiteral,  // digits, dots or spaces: no product token, so the whole name as written
  kPrefix,   // names that begin with it, such as "Bot/" for "Bot/1.0" and "Bot/2.0"
};
std::string_view TokenMatchName(TokenMatch match);  // "token", "literal", "prefix"

enum class AgentStatus : std::uint8_t {
  kCurrent,
  kRenamed,  // goes on under another token
  kRetired,  // a sign of intent, without effect
};
std::string_view AgentStatusName(AgentStatus status);  // "current", "renamed", "retired"

struct Agent {
  std::string_view token;  // as the operator writes it
  std::string_view operator_name;
  std::string_view purpose;  // "train", "optout-token", "search", "user-fetch", ...
  std::string_view obeys_robots;
  TokenMatch match = TokenMatch::kToken;
  AgentStatus status = AgentStatus::kCurrent;
  bool retired = false;          // status is kRetired
  std::string_view valid_from;   // "2026-04", or empty where it is not known
  std::string_view replaced_by;  // a token of the same table, or empty
  std::string_view notes;
};

// One table of agents.
class AgentList {
 public:
  // Reads tab-separated text; `name` stands in errors. Errors: kInvalidArgument, "NAME:LINE: ...".
  static Result<AgentList> Parse(std::string_view tsv, std::string_view name);

  std::span<const Agent> agents() const { return agents_; }
  // As the table says, else made from its bytes.
  const std::string& version() const { return version_; }
  // The agent that `name` stands for: by the whole name, else by the longest prefix that is one.
  const Agent* Find(std::string_view name) const;
  // The agent that took its place in the end, or itself.
  const Agent& CurrentOf(const Agent& agent) const;

 private:
  friend class AgentTableReader;
  AgentList() = default;

  std::unique_ptr<const std::string> text_;  // a fixed address: agents are views of it
  std::string version_;
  std::vector<Agent> agents_;
  std::unordered_map<std::string, std::size_t> by_name_;  // lower case
  std::vector<std::size_t> prefix_bytes_;  // distinct lengths of prefix tokens, longest first
  std::bitset<4096> starts_;               // first three letters of the tokens, by StartOf()
};

// The list that was installed, else the one that is compiled in.
const AgentList& TheAgents();
std::span<const Agent> AgentRegistry();

// Makes `list` the registry; it must outlive every use. nullptr: the one that is compiled in.
void InstallAgentRegistry(const AgentList* list);

// TheAgents().Find(): nullptr when unknown.
const Agent* FindAgent(std::string_view name);

// The use that a block of this agent speaks about (train, search, ai-input, crawl), or kNone.
Axis AxisOfPurpose(std::string_view purpose);

}  // namespace crawlcard::robots
