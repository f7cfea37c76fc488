// robots/agents.h - the registry of AI user-agent tokens, compiled in from
// robots/data/ai_agents.tsv.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

#include "robots/signal.h"

namespace crawlcard::robots {

struct Agent {
  std::string_view token;  // as the operator writes it
  std::string_view operator_name;
  std::string_view purpose;  // "train", "optout-token", "search", "user-fetch", ...
  std::string_view obeys_robots;
  std::string_view notes;
  bool retired = false;
};

std::span<const Agent> AgentRegistry();

// By token without case; nullptr when unknown.
const Agent* FindAgent(std::string_view token);

// The use that a block of this agent speaks about (train, search, ai-input, crawl), or kNone.
Axis AxisOfPurpose(std::string_view purpose);

}  // namespace crawlcard::robots
