#include "tools/settings.h"

#include "base/assert.h"
#include "base/text.h"
#include "tools/limits.h"

namespace crawlcard::tools {
namespace {

Status CheckValue(const Flag& flag, const std::string& text) {
  if (flag.kind == FlagKind::kCount) {
    const std::optional<std::uint64_t> count = ParseUint(text);
    if (!count || *count == 0 || *count > limits::kCountMax) {
      return Fail(ErrorCode::kInvalidArgument, "--{}: '{}' is no whole number from 1 to {}",
                  flag.name, text, limits::kCountMax);
    }
  }
  const bool is_file = !flag.file_ending.empty() && NamesAFile(text, flag.file_ending);
  if (!is_file && !AllowsValue(flag.choices, text)) {
    const std::string hint =
        flag.file_ending.empty()
            ? ""
            : fmt::format("; a file contains '/' or ends in {}", flag.file_ending);
    return Fail(ErrorCode::kInvalidArgument, "--{}: '{}' is none of {}{}", flag.name, text,
                flag.choices, hint);
  }
  if (flag.kind != FlagKind::kSwitch && text.empty()) {
    return Fail(ErrorCode::kInvalidArgument, "--{}: the value is empty", flag.name);
  }
  return {};
}

// "a, b" as two values; empty ones are dropped.
void AppendCommaList(const std::string& text, std::vector<std::string>& out) {
  std::string_view rest = text;
  while (true) {
    const std::size_t comma = rest.find(',');
    const std::string_view item = TrimAscii(rest.substr(0, comma));
    if (!item.empty()) out.emplace_back(item);
    if (comma == std::string_view::npos) return;
    rest.remove_prefix(comma + 1);
  }
}

}  // namespace

Settings::Settings() {
  for (const Flag& flag : Flags()) {
    Value value;
    if (!flag.fallback.empty()) value.texts.emplace_back(flag.fallback);
    values_.emplace(flag.name, std::move(value));
  }
}

Status Settings::Set(const Flag& flag, const std::vector<std::string>& texts, std::string origin) {
  std::vector<std::string> items;
  for (const std::string& text : texts) {
    // File names may hold commas; tokens may not.
    const bool list = flag.kind == FlagKind::kList && flag.value != "FILE";
    if (list || flag.kind == FlagKind::kWords) {
      AppendCommaList(text, items);
    } else {
      items.push_back(text);
    }
  }
  for (const std::string& item : items) CRAWLCARD_TRY(CheckValue(flag, item));
  if (items.empty()) {
    return Fail(ErrorCode::kInvalidArgument, "--{}: the value is empty", flag.name);
  }

  Value& value = values_[flag.name];
  if (value.origin != origin) {
    value.origin = std::move(origin);
    value.texts = std::move(items);
    return {};
  }
  if (flag.kind == FlagKind::kSwitch) return {};
  if (flag.kind != FlagKind::kList) {
    return Fail(ErrorCode::kInvalidArgument, "--{} was given twice", flag.name);
  }
  value.texts.insert(value.texts.end(), items.begin(), items.end());
  return {};
}

const Value& Settings::Get(std::string_view name) const {
  const auto found = values_.find(name);
  CRAWLCARD_ASSERT(found != values_.end());
  return found->second;
}

bool Settings::Switch(std::string_view name) const {
  return Text(name) == "true";
}

std::string_view Settings::Text(std::string_view name) const {
  const Value& value = Get(name);
  return value.texts.empty() ? std::string_view() : std::string_view(value.texts.front());
}

const std::vector<std::string>& Settings::List(std::string_view name) const {
  return Get(name).texts;
}

std::uint64_t Settings::Count(std::string_view name) const {
  return ParseUint(Text(name)).value_or(0);
}

}  // namespace crawlcard::tools
