#include "robots/consent_in_crisis.h"

#include <algorithm>
#include <array>

#include "robots/internal/cic_file.h"

namespace crawlcard::robots {
namespace {

using Token = std::string_view;

constexpr std::array<Token, 3> kOpenAi = {"GPTBot", "ChatGPT-User", "OAI-SearchBot"};
constexpr std::array<Token, 1> kGoogle = {"Google-Extended"};
constexpr std::array<Token, 1> kCommonCrawl = {"CCBot"};
constexpr std::array<Token, 2> kAnthropic = {"ClaudeBot", "CCBot"};
// Names that the developer never used for a crawler, though sites write them.
constexpr std::array<Token, 2> kFalseAnthropic = {"anthropic-ai", "Claude-Web"};
constexpr std::array<Token, 1> kCohere = {"cohere-ai"};
constexpr std::array<Token, 1> kMeta = {"FacebookBot"};
constexpr std::array<Token, 1> kAmazon = {"Amazonbot"};
constexpr std::array<Token, 1> kInternetArchive = {"ia_archiver"};
constexpr std::array<Token, 1> kGoogleSearch = {"Googlebot"};
constexpr std::array<Token, 2> kPerplexity = {"PerplexityBot", "Perplexity-User"};

constexpr std::array kFixed = {
    CicOperator{"OpenAI", kOpenAi, true},
    CicOperator{"Google", kGoogle, true},
    CicOperator{"Common Crawl", kCommonCrawl, true},
    CicOperator{"Anthropic", kAnthropic, true},
    CicOperator{"Cohere", kCohere, true},
    CicOperator{"Meta", kMeta, true},
    CicOperator{"Amazon", kAmazon, false},
    CicOperator{"False Anthropic", kFalseAnthropic, false},
    CicOperator{"Internet Archive", kInternetArchive, false},
    CicOperator{"Google Search", kGoogleSearch, false},
    CicOperator{"Perplexity", kPerplexity, false},
};

// The first publication tracked neither OAI-SearchBot nor Perplexity.
constexpr auto kLegacy = [] {
  std::array<CicOperator, kFixed.size() - 1> out{};
  for (std::size_t i = 0; i < out.size(); ++i) out[i] = kFixed[i];
  out[0].agents = out[0].agents.first(2);
  return out;
}();

}  // namespace

std::string_view AgentClassName(AgentClass value) {
  constexpr std::array<std::string_view, 3> kNames = {"none", "some", "all"};
  return kNames[static_cast<std::size_t>(value)];
}

std::span<const CicOperator> CicOperators(Dialect dialect) {
  if (dialect == Dialect::kCicLegacy) return kLegacy;
  return kFixed;
}

AgentClass CicClassOf(const RobotsTxt& robots, std::string_view agent, Dialect dialect) {
  return robots.cic(dialect).ClassOf(agent);
}

AgentClass CicClassOf(const RobotsTxt& robots, const CicOperator& one, Dialect dialect) {
  AgentClass strictest = AgentClass::kNone;
  for (const std::string_view agent : one.agents) {
    strictest = std::max(strictest, CicClassOf(robots, agent, dialect));
  }
  return strictest;
}

AgentClass CicCombined(const RobotsTxt& robots, Dialect dialect) {
  AgentClass strictest = AgentClass::kNone;
  for (const CicOperator& one : CicOperators(dialect)) {
    if (one.combined) strictest = std::max(strictest, CicClassOf(robots, one, dialect));
  }
  return strictest;
}

}  // namespace crawlcard::robots
