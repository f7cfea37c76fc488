// tools/error_json.h - errors of input as the summaries list them.
#pragma once

#include <span>
#include <string_view>

#include "base/json_writer.h"
#include "base/result.h"

namespace crawlcard::tools {

// Writes the member `key`: an array of code, file, offset, message.
void WriteErrors(std::string_view key, std::span<const Error> errors, JsonWriter& json);

}  // namespace crawlcard::tools
