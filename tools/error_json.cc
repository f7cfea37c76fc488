#include "tools/error_json.h"

namespace crawlcard::tools {

void WriteErrors(std::string_view key, std::span<const Error> errors, JsonWriter& json) {
  json.Key(key).BeginArray();
  for (const Error& error : errors) {
    json.BeginObject();
    json.Member("code", ErrorCodeName(error.code()));
    json.Key("file").StringOrNull(error.file());
    json.Key("offset");
    if (error.offset()) {
      json.Uint(*error.offset());
    } else {
      json.Null();
    }
    json.Member("message", error.message());
    json.EndObject();
  }
  json.EndArray();
}

}  // namespace crawlcard::tools
