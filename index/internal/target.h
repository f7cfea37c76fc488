// index/internal/target.h - a parsed question: a URL, or a host whose URL is still to be chosen.
#pragma once

#include <string>
#include <string_view>

#include "base/result.h"
#include "index/internal/host_history.h"
#include "index/internal/store_impl.h"

namespace crawlcard::index {

struct Target {
  bool is_host = false;
  std::string url;
  std::string surt;
  std::string stored;  // stored SURT
  std::string group;
  std::string host;
};

// Errors: kInvalidArgument for what is no URL and no host name.
[[nodiscard]] Result<Target> ParseTarget(std::string_view text);

// Adds all rows of the group's origins.
[[nodiscard]] Status LoadHistory(const Store::Impl& store, const FileTable& files,
                                 std::string_view group, HostHistory& history);

}  // namespace crawlcard::index
