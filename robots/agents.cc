#include "robots/agents.h"

#include <algorithm>
#include <array>
#include <atomic>
#include <functional>
#include <optional>

#include <fmt/ranges.h>

#include "base/assert.h"
#include "base/digest.h"
#include "base/text.h"
#include "robots/limits.h"

namespace crawlcard::robots {
namespace {

constexpr std::string_view kTsv =
#include "ai_agents.inc"
    ;

struct PurposeAxis {
  std::string_view purpose;
  Axis axis;
};

// docs/formats/signals.md 2. agent-builder crawls at the site owner's own request: record only.
constexpr std::array kPurposeAxes = {
    PurposeAxis{"train", Axis::kTrain},        PurposeAxis{"optout-token", Axis::kTrain},
    PurposeAxis{"search", Axis::kSearch},      PurposeAxis{"user-fetch", Axis::kAiInput},
    PurposeAxis{"agent", Axis::kAiInput},      PurposeAxis{"agent-coding", Axis::kAiInput},
    PurposeAxis{"assistant", Axis::kAiInput},  PurposeAxis{"data-provider", Axis::kCrawl},
    PurposeAxis{"archive", Axis::kCrawl},      PurposeAxis{"tdm", Axis::kCrawl},
    PurposeAxis{"agent-builder", Axis::kNone}, PurposeAxis{"research", Axis::kNone},
    PurposeAxis{"preview", Axis::kNone},       PurposeAxis{"news", Axis::kNone},
    PurposeAxis{"undocumented", Axis::kNone},
};

constexpr std::array<std::string_view, 3> kMatchNames = {"token", "literal", "prefix"};
constexpr std::array<std::string_view, 3> kStatusNames = {"current", "renamed", "retired"};
constexpr std::array<std::string_view, 3> kObeysNames = {"yes", "no", "unknown"};

const PurposeAxis* FindPurpose(std::string_view purpose) {
  const auto found = std::find_if(kPurposeAxes.begin(), kPurposeAxes.end(),
                                  [&](const PurposeAxis& one) { return one.purpose == purpose; });
  return found == kPurposeAxes.end() ? nullptr : &*found;
}

template <std::size_t N>
std::optional<std::size_t> IndexOf(const std::array<std::string_view, N>& names,
                                   std::string_view name) {
  const auto found = std::find(names.begin(), names.end(), name);
  if (found == names.end()) return std::nullopt;
  return static_cast<std::size_t>(found - names.begin());
}

// Cuts the text up to `separator` off `rest`.
std::string_view CutField(std::string_view& rest, char separator) {
  const std::size_t end = rest.find(separator);
  const std::string_view field = rest.substr(0, end);
  rest = end == std::string_view::npos ? std::string_view() : rest.substr(end + 1);
  return field;
}

// RFC 9309 section 2.2.1.
bool IsProductToken(std::string_view token) {
  return std::all_of(token.begin(), token.end(),
                     [](char c) { return IsAsciiAlpha(c) || c == '_' || c == '-'; });
}

// "2026", "2026-04" or "2026-04-01".
bool IsDate(std::string_view text) {
  if (text.size() != 4 && text.size() != 7 && text.size() != 10) return false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (i == 4 || i == 7 ? text[i] != '-' : !IsAsciiDigit(text[i])) return false;
  }
  return true;
}

enum Column : std::uint8_t {
  kTokenColumn,
  kOperatorColumn,
  kPurposeColumn,
  kObeysColumn,
  kMatchColumn,
  kStatusColumn,
  kValidFromColumn,
  kReplacedByColumn,
  kNotesColumn,
};
constexpr std::array<std::string_view, 9> kColumns = {"token",        "operator",    "purpose",
                                                      "obeys_robots", "match",       "status",
                                                      "valid_from",   "replaced_by", "notes"};
constexpr std::size_t kNeededColumns = 3;  // the first ones

std::atomic<const AgentList*>& Installed() {
  static std::atomic<const AgentList*> list{nullptr};
  return list;
}

const AgentList& CompiledIn() {
  static const AgentList list = [] {
    Result<AgentList> read = AgentList::Parse(kTsv, "ai_agents.tsv");
    CRAWLCARD_ASSERT(read.has_value());
    return std::move(*read);
  }();
  return list;
}

constexpr std::size_t kStartLetters = 8;

// Where names with the same first letters meet in a filter.
std::size_t StartOf(std::string_view name) {
  std::size_t start = 0;
  for (std::size_t i = 0; i < kStartLetters; ++i) {
    const char letter = i < name.size() ? AsciiLower(name[i]) : '\0';
    start = start * 37 + static_cast<unsigned char>(letter);
  }
  return start % 4096;
}

}  // namespace

// Reads one table, line by line.
class AgentTableReader {
 public:
  AgentTableReader(std::string_view tsv, std::string_view name) : name_(name) {
    list_.text_ = std::make_unique<const std::string>(tsv);
  }

  Result<AgentList> Read() {
    if (list_.text_->size() > limits::kAgentsBytesMax) {
      return Fail(ErrorCode::kInvalidArgument, "{}: {} bytes, limit {}", name_, list_.text_->size(),
                  limits::kAgentsBytesMax);
    }
    std::string_view rest = *list_.text_;
    while (!rest.empty()) {
      ++line_;
      std::string_view line = CutField(rest, '\n');
      if (line.ends_with('\r')) line.remove_suffix(1);
      CRAWLCARD_TRY(ReadLine(line));
    }
    if (list_.agents_.empty()) {
      return Fail(ErrorCode::kInvalidArgument, "{}: no agents in it", name_);
    }
    if (list_.version_.empty()) {
      list_.version_ = "sha256:" + Hex(Sha256(*list_.text_)).substr(0, 16);
    }
    for (const Agent& agent : list_.agents_) {
      list_.starts_.set(StartOf(agent.token));
      // A prefix may be shorter, and says nothing of the letters behind it.
      const bool is_prefix = agent.match == TokenMatch::kPrefix;
      if (is_prefix && agent.token.size() < kStartLetters) list_.starts_.set();
    }
    std::sort(list_.prefix_bytes_.begin(), list_.prefix_bytes_.end(), std::greater<>());
    list_.prefix_bytes_.erase(std::unique(list_.prefix_bytes_.begin(), list_.prefix_bytes_.end()),
                              list_.prefix_bytes_.end());
    CRAWLCARD_TRY(CheckReplacements());
    return std::move(list_);
  }

 private:
  template <class... Args>
  tl::unexpected<Error> Wrong(fmt::format_string<Args...> format, Args&&... args) const {
    return Fail(ErrorCode::kInvalidArgument, "{}:{}: {}", name_, line_,
                fmt::format(format, std::forward<Args>(args)...));
  }

  Status ReadLine(std::string_view line) {
    if (!IsUtf8(line)) return Wrong("not UTF-8");
    const auto is_control = [](char c) {
      return (static_cast<unsigned char>(c) < 0x20 && c != '\t') || c == 0x7F;
    };
    if (std::any_of(line.begin(), line.end(), is_control)) return Wrong("a control character");
    if (line.starts_with('#')) return ReadComment(TrimAscii(line.substr(1)));
    if (TrimAscii(line).empty()) return {};
    return columns_.empty() ? ReadColumns(line) : ReadAgent(line);
  }

  Status ReadComment(std::string_view comment) {
    constexpr std::string_view kVersion = "version:";
    if (!comment.starts_with(kVersion)) return {};
    const std::string_view version = TrimAscii(comment.substr(kVersion.size()));
    if (version.empty() || version.size() > limits::kAgentFieldBytesMax) {
      return Wrong("the version is empty or longer than {} bytes", limits::kAgentFieldBytesMax);
    }
    if (!list_.version_.empty()) return Wrong("a second version");
    list_.version_ = version;
    return {};
  }

  Status ReadColumns(std::string_view line) {
    while (!line.empty()) {
      const std::string_view title = CutField(line, '\t');
      const std::optional<std::size_t> column = IndexOf(kColumns, title);
      if (!column) {
        return Wrong("unknown column '{}'; known: {}", title, fmt::join(kColumns, ", "));
      }
      if (std::find(columns_.begin(), columns_.end(), *column) != columns_.end()) {
        return Wrong("column '{}' twice", title);
      }
      columns_.push_back(*column);
    }
    for (std::size_t i = 0; i < kNeededColumns; ++i) {
      if (std::find(columns_.begin(), columns_.end(), i) == columns_.end()) {
        return Wrong("the first line names no column '{}'", kColumns[i]);
      }
    }
    return {};
  }

  Status ReadAgent(std::string_view line) {
    std::array<std::string_view, kColumns.size()> fields;
    for (const std::size_t column : columns_) {
      const std::string_view field = TrimAscii(CutField(line, '\t'));
      if (field.size() > limits::kAgentFieldBytesMax) {
        return Wrong("'{}' has {} bytes, limit {}", kColumns[column], field.size(),
                     limits::kAgentFieldBytesMax);
      }
      fields[column] = field;
    }
    if (!line.empty()) return Wrong("more fields than columns");
    if (list_.agents_.size() == limits::kAgentsMax) {
      return Wrong("more than {} agents", limits::kAgentsMax);
    }
    CRAWLCARD_ASSIGN(const Agent agent, ToAgent(fields));
    return Add(agent);
  }

  Result<Agent> ToAgent(const std::array<std::string_view, kColumns.size()>& fields) const {
    Agent agent;
    agent.token = fields[kTokenColumn];
    agent.operator_name = fields[kOperatorColumn];
    agent.purpose = fields[kPurposeColumn];
    agent.obeys_robots = fields[kObeysColumn].empty() ? "unknown" : fields[kObeysColumn];
    agent.valid_from = fields[kValidFromColumn];
    agent.replaced_by = fields[kReplacedByColumn];
    agent.notes = fields[kNotesColumn];
    if (agent.token.empty() || agent.token == "*") return Wrong("no token");
    if (agent.operator_name.empty()) return Wrong("'{}' has no operator", agent.token);
    if (FindPurpose(agent.purpose) == nullptr) {
      std::vector<std::string_view> known;
      known.reserve(kPurposeAxes.size());
      for (const PurposeAxis& one : kPurposeAxes) known.push_back(one.purpose);
      return Wrong("unknown purpose '{}'; known: {}", agent.purpose, fmt::join(known, ", "));
    }
    if (!IndexOf(kObeysNames, agent.obeys_robots)) {
      return Wrong("obeys_robots is '{}', not one of {}", agent.obeys_robots,
                   fmt::join(kObeysNames, ", "));
    }
    if (!agent.valid_from.empty() && !IsDate(agent.valid_from)) {
      return Wrong("valid_from is '{}', no date such as 2026-04", agent.valid_from);
    }
    CRAWLCARD_TRY(ReadMatch(fields[kMatchColumn], agent));
    CRAWLCARD_TRY(ReadStatus(fields[kStatusColumn], agent));
    agent.retired = agent.status == AgentStatus::kRetired;
    return agent;
  }

  Status ReadMatch(std::string_view field, Agent& agent) const {
    const bool token = IsProductToken(agent.token);
    if (field.empty()) {
      agent.match = token ? TokenMatch::kToken : TokenMatch::kLiteral;
      return {};
    }
    const std::optional<std::size_t> match = IndexOf(kMatchNames, field);
    if (!match) return Wrong("match is '{}', not one of {}", field, fmt::join(kMatchNames, ", "));
    agent.match = static_cast<TokenMatch>(*match);
    if (agent.match == TokenMatch::kToken && !token) {
      return Wrong("'{}' is no product token: match has to be literal or prefix", agent.token);
    }
    return {};
  }

  // Tables without the column say it in the notes.
  Status ReadStatus(std::string_view field, Agent& agent) const {
    if (field.empty()) {
      if (agent.notes.starts_with("retired")) agent.status = AgentStatus::kRetired;
      if (!agent.replaced_by.empty()) agent.status = AgentStatus::kRenamed;
      return {};
    }
    const std::optional<std::size_t> status = IndexOf(kStatusNames, field);
    if (!status) {
      return Wrong("status is '{}', not one of {}", field, fmt::join(kStatusNames, ", "));
    }
    agent.status = static_cast<AgentStatus>(*status);
    if (agent.status == AgentStatus::kRenamed && agent.replaced_by.empty()) {
      return Wrong("'{}' is renamed, but replaced_by is empty", agent.token);
    }
    if (agent.status == AgentStatus::kCurrent && !agent.replaced_by.empty()) {
      return Wrong("'{}' is current, but replaced_by names '{}'", agent.token, agent.replaced_by);
    }
    return {};
  }

  // Two spellings of one token may stand side by side; two meanings may not.
  Status Add(const Agent& agent) {
    const auto [found, added] =
        list_.by_name_.emplace(AsciiLowerCopy(agent.token), list_.agents_.size());
    if (!added) {
      const Agent& first = list_.agents_[found->second];
      const bool same = first.operator_name == agent.operator_name &&
                        first.purpose == agent.purpose && first.match == agent.match &&
                        first.status == agent.status && first.replaced_by == agent.replaced_by;
      if (!same)
        return Wrong("'{}' stands on line {} otherwise", agent.token, lines_[found->second]);
    }
    if (agent.match == TokenMatch::kPrefix) list_.prefix_bytes_.push_back(agent.token.size());
    list_.agents_.push_back(agent);
    lines_.push_back(line_);
    return {};
  }

  Status CheckReplacements() {
    for (std::size_t i = 0; i < list_.agents_.size(); ++i) {
      line_ = lines_[i];
      const Agent* agent = &list_.agents_[i];
      for (std::size_t hops = 0; !agent->replaced_by.empty(); ++hops) {
        const auto next = list_.by_name_.find(AsciiLowerCopy(agent->replaced_by));
        if (next == list_.by_name_.end()) {
          return Wrong("replaced_by names '{}', which is not in the table", agent->replaced_by);
        }
        if (hops == limits::kAgentRenamesMax) {
          return Wrong("'{}' is renamed in a circle, or more than {} times", list_.agents_[i].token,
                       limits::kAgentRenamesMax);
        }
        agent = &list_.agents_[next->second];
      }
    }
    return {};
  }

  const std::string_view name_;
  std::size_t line_ = 0;
  AgentList list_;
  std::vector<std::size_t> columns_;  // of kColumns, in the order of the table
  std::vector<std::size_t> lines_;    // of the agents
};

std::string_view TokenMatchName(TokenMatch match) {
  return kMatchNames[static_cast<std::size_t>(match)];
}

std::string_view AgentStatusName(AgentStatus status) {
  return kStatusNames[static_cast<std::size_t>(status)];
}

Result<AgentList> AgentList::Parse(std::string_view tsv, std::string_view name) {
  return AgentTableReader(tsv, name).Read();
}

const Agent* AgentList::Find(std::string_view name) const {
  if (!starts_[StartOf(name)]) return nullptr;
  const std::string lower = AsciiLowerCopy(name.substr(0, limits::kAgentFieldBytesMax + 1));
  if (const auto found = by_name_.find(lower); found != by_name_.end()) {
    return &agents_[found->second];
  }
  for (const std::size_t bytes : prefix_bytes_) {
    if (bytes > lower.size()) continue;
    const auto found = by_name_.find(lower.substr(0, bytes));
    if (found == by_name_.end()) continue;
    const Agent& agent = agents_[found->second];
    if (agent.match == TokenMatch::kPrefix) return &agent;
  }
  return nullptr;
}

const Agent& AgentList::CurrentOf(const Agent& agent) const {
  const Agent* current = &agent;
  // Parse() has seen that every chain ends.
  while (!current->replaced_by.empty()) {
    current = &agents_[by_name_.at(AsciiLowerCopy(current->replaced_by))];
  }
  return *current;
}

const AgentList& TheAgents() {
  const AgentList* installed = Installed().load(std::memory_order_acquire);
  return installed != nullptr ? *installed : CompiledIn();
}

std::span<const Agent> AgentRegistry() {
  return TheAgents().agents();
}

void InstallAgentRegistry(const AgentList* list) {
  Installed().store(list, std::memory_order_release);
}

const Agent* FindAgent(std::string_view name) {
  return TheAgents().Find(name);
}

Axis AxisOfPurpose(std::string_view purpose) {
  const PurposeAxis* found = FindPurpose(purpose);
  return found == nullptr ? Axis::kNone : found->axis;
}

}  // namespace crawlcard::robots
