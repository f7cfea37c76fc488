// tools/robots_answer.h - one answer of `crawlcard robots`, as a line of JSON or as text.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "robots/compare_dialects.h"
#include "robots/consent_in_crisis.h"
#include "robots/signal.h"

namespace crawlcard::tools {

struct RobotsAnswer {
  std::string_view url;
  std::string_view agent;
  robots::DialectAnswer answer;
  std::vector<robots::Signal> signals;
  std::optional<robots::AgentClass> agent_class;  // in the Consent-in-Crisis dialects
};

// The answers for one URL and agent: one, or one a dialect when all were asked; then the first is
// what the others are compared with.
void AppendRobotsJson(std::span<const RobotsAnswer> answers, std::string& out);
void AppendRobotsText(std::span<const RobotsAnswer> answers, std::string& out);

}  // namespace crawlcard::tools
