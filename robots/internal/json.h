// robots/internal/json.h - small JSON files of publishers, read with limits.
//
// A thin face over simdjson's DOM (RFC 8259), so that its headers stay in one source file. Values
// are dead when their document is. Thread rule: thread-compatible.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace crawlcard::robots::internal {

class JsonValue {
 public:
  struct Impl;
  explicit JsonValue(const Impl& impl) : impl_(&impl) {}

  bool IsArray() const;
  bool IsObject() const;
  std::optional<std::string_view> String() const;
  // Members of an object; nullopt where absent or of another type. The first of equal names counts.
  std::optional<std::string_view> StringMember(std::string_view name) const;
  std::optional<std::int64_t> IntMember(std::string_view name) const;
  // Calls `visit` with the member; false when absent.
  bool WithMember(std::string_view name, const std::function<void(const JsonValue&)>& visit) const;
  // Until `visit` returns false.
  void ForEachElement(const std::function<bool(const JsonValue&)>& visit) const;
  void ForEachMember(const std::function<bool(std::string_view, const JsonValue&)>& visit) const;
  std::string Minified() const;

 private:
  const Impl* impl_;
};

class JsonDocument {
 public:
  JsonDocument();
  ~JsonDocument();
  // The root, or nullopt for what is no JSON or is nested deeper than `depth_max`.
  std::optional<JsonValue> Parse(std::string_view text, std::size_t depth_max);

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace crawlcard::robots::internal
