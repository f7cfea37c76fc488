// base/json_writer.h - writes one JSON value as text, front to back, without a tree.
//
// Members appear in the order written: callers keep it fixed, so equal input gives equal bytes.
// Strings become valid UTF-8 (invalid sequences turn into U+FFFD) with control characters escaped.
//
// Thread rule: thread-compatible.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace crawlcard {

// Appends `text` in quotes, escaped by RFC 8259 section 7. U+2028, U+2029 and DEL are escaped too.
void AppendJsonString(std::string_view text, std::string& out);

class JsonWriter {
 public:
  // Appends to `out`, which is borrowed. `indent` 0 writes one line.
  explicit JsonWriter(std::string& out, int indent = 0) : out_(out), indent_(indent) {}

  JsonWriter& BeginObject();
  JsonWriter& EndObject();
  JsonWriter& BeginArray();
  JsonWriter& EndArray();
  JsonWriter& Key(std::string_view key);

  JsonWriter& String(std::string_view value);
  JsonWriter& Uint(std::uint64_t value);
  JsonWriter& Int(std::int64_t value);
  JsonWriter& Bool(bool value);
  JsonWriter& Null();
  // Exactly `decimals` digits after the point, so that output does not depend on the locale.
  JsonWriter& Fixed(double value, int decimals);
  // An empty string becomes null.
  JsonWriter& StringOrNull(std::string_view value);

  // Key and value together.
  JsonWriter& Member(std::string_view key, std::string_view value) {
    return Key(key).String(value);
  }
  JsonWriter& Member(std::string_view key, const char* value) { return Key(key).String(value); }
  JsonWriter& Member(std::string_view key, std::uint64_t value) { return Key(key).Uint(value); }
  JsonWriter& Member(std::string_view key, bool value) { return Key(key).Bool(value); }

 private:
  void BeforeValue();
  void NewLine();

  std::string& out_;
  int indent_;
  std::vector<bool> has_members_;  // one a level
  bool after_key_ = false;
};

}  // namespace crawlcard
