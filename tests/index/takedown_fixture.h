// tests/index/takedown_fixture.h - requests and ledgers in one call.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/json_writer.h"
#include "base/time.h"
#include "index/takedown.h"

namespace crawlcard::index {

inline Takedown Request(std::string id, TakedownScope scope, std::string value,
                        std::string_view received = "2026-10-02") {
  return {std::move(id), scope, std::move(value), *ParseRfc3339(received), std::nullopt, "letter"};
}

inline std::string LineOf(const Takedown& request) {
  std::string line;
  JsonWriter json(line);
  WriteTakedown(request, {}, json);
  return line + '\n';
}

inline std::string LedgerOf(const std::vector<Takedown>& requests) {
  std::string text;
  for (const Takedown& request : requests) text += LineOf(request);
  return text;
}

}  // namespace crawlcard::index
