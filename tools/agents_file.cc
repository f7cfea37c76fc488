#include "tools/agents_file.h"

#include <memory>

#include <fmt/format.h>

#include "base/file.h"
#include "robots/agents.h"
#include "robots/limits.h"

namespace crawlcard::tools {
namespace {

// The list of the process; the registry below points at it.
std::unique_ptr<const robots::AgentList>& OwnList() {
  static std::unique_ptr<const robots::AgentList> list;
  return list;
}

}  // namespace

Status InstallAgents(const Settings& settings) {
  robots::InstallAgentRegistry(nullptr);
  OwnList().reset();
  const std::string path(settings.Text("agents-file"));
  if (path.empty()) return {};
  Result<std::string> text = ReadFile(path, robots::limits::kAgentsBytesMax);
  if (!text) {
    return Fail(ErrorCode::kInvalidArgument, "cannot read agents: {}", text.error().ToString());
  }
  CRAWLCARD_ASSIGN(robots::AgentList list, robots::AgentList::Parse(*text, path));
  OwnList() = std::make_unique<const robots::AgentList>(std::move(list));
  robots::InstallAgentRegistry(OwnList().get());
  return {};
}

std::string AgentsVersionText() {
  const robots::AgentList& list = robots::TheAgents();
  return fmt::format("{} ({} tokens)", list.version(), list.agents().size());
}

}  // namespace crawlcard::tools
