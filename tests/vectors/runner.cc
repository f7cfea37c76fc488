#include "tests/vectors/runner.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <exception>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <iterator>
#include <sstream>
#include <utility>

namespace crawlcard::vectors {
namespace {

std::vector<Kind>& MutableKinds() {
  static std::vector<Kind> kinds;
  return kinds;
}

std::string Shown(const Json& value) {
  std::string text = value.dump(-1, ' ', false, Json::error_handler_t::replace);
  if (text.size() > 200) text = text.substr(0, 200) + "...";
  return text;
}

std::string Differs(const std::string& where, const Json& want, const Json& got) {
  return where + ": want " + Shown(want) + ", got " + Shown(got);
}

const Json& MemberOrNull(const Json& object, const std::string& key) {
  static const Json kNull;
  if (!object.is_object()) return kNull;
  const auto found = object.find(key);
  return found == object.end() ? kNull : *found;
}

std::string MatchValue(const std::string& where, const Json& want, const Json& got);

// README comparison 1 and 3: the listed members, `flag` among the flags, `note` for people.
std::string MatchObject(const std::string& where, const Json& want, const Json& got) {
  if (!got.is_object()) return Differs(where, want, got);
  for (const auto& [key, value] : want.items()) {
    if (key == "note") continue;
    if (key == "flag") {
      const Json& flags = MemberOrNull(got, "flags");
      if (flags.is_array() && std::find(flags.begin(), flags.end(), value) != flags.end()) continue;
      return Differs(where + ".flags", value, flags);
    }
    const std::string why = MatchValue(where + "." + key, value, MemberOrNull(got, key));
    if (!why.empty()) return why;
  }
  return {};
}

std::string MatchOrderedList(const std::string& where, const Json& want, const Json& got) {
  if (!got.is_array() || got.size() != want.size()) return Differs(where, want, got);
  for (std::size_t i = 0; i < want.size(); ++i) {
    const std::string why = MatchValue(where + "[" + std::to_string(i) + "]", want[i], got[i]);
    if (!why.empty()) return why;
  }
  return {};
}

std::string MatchValue(const std::string& where, const Json& want, const Json& got) {
  if (want.is_object()) return MatchObject(where, want, got);
  if (want.is_array()) return MatchOrderedList(where, want, got);
  return want == got ? std::string() : Differs(where, want, got);
}

// Finds a member of `got` for each member of `want`, each used once (Kuhn's augmenting paths).
bool Assign(std::size_t member, const std::vector<std::vector<bool>>& fits,
            std::vector<bool>& visited, std::vector<int>& taken_by) {
  for (std::size_t i = 0; i < taken_by.size(); ++i) {
    if (!fits[member][i] || visited[i]) continue;
    visited[i] = true;
    if (taken_by[i] < 0 || Assign(static_cast<std::size_t>(taken_by[i]), fits, visited, taken_by)) {
      taken_by[i] = static_cast<int>(member);
      return true;
    }
  }
  return false;
}

std::string MatchUnordered(const std::string& where, const Json& want, const Json& got,
                           bool same_length) {
  if (!got.is_array() || (same_length && got.size() != want.size())) {
    return Differs(where, want, got);
  }
  std::vector<std::vector<bool>> fits(want.size(), std::vector<bool>(got.size()));
  for (std::size_t i = 0; i < want.size(); ++i) {
    for (std::size_t j = 0; j < got.size(); ++j) {
      fits[i][j] = MatchValue("", want[i], got[j]).empty();
    }
  }
  std::vector<int> taken_by(got.size(), -1);
  for (std::size_t i = 0; i < want.size(); ++i) {
    std::vector<bool> visited(got.size());
    if (!Assign(i, fits, visited, taken_by)) {
      return where + ": no member for " + Shown(want[i]) + " in " + Shown(got);
    }
  }
  return {};
}

std::string MatchExactMap(const std::string& where, const Json& want, const Json& got) {
  if (want.is_null()) return got.is_null() ? std::string() : Differs(where, want, got);
  if (!got.is_object()) return Differs(where, want, got);
  // A member that is null in the answer is absent.
  Json present = Json::object();
  for (const auto& [key, value] : got.items()) {
    if (!value.is_null()) present[key] = value;
  }
  return present == want ? std::string() : Differs(where, want, present);
}

std::string MatchAxes(const std::string& where, const Json& want, const Json& got) {
  const auto value_of = [&](const std::string& axis) -> Json {
    const Json& value = MemberOrNull(got, axis);
    return value.is_null() ? Json("unspecified") : value;
  };
  if (want.empty() && got.is_object()) {
    for (const auto& [axis, value] : got.items()) {
      if (value_of(axis) != "unspecified") return Differs(where, want, got);
    }
  }
  for (const auto& [axis, value] : want.items()) {
    if (value_of(axis) != value) return Differs(where + "." + axis, value, value_of(axis));
  }
  return {};
}

std::string Collapsed(const std::string& text) {
  std::string out;
  for (const char c : text) {
    const bool space = c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\f';
    if (space && (out.empty() || out.back() == ' ')) continue;
    out.push_back(space ? ' ' : c);
  }
  while (!out.empty() && out.back() == ' ') out.pop_back();
  return out;
}

std::string MatchPassages(const std::string& where, const Json& want, const Json& got) {
  for (const Json& passage : want) {
    const std::string needle = Collapsed(passage.get<std::string>());
    const bool found =
        got.is_array() && std::any_of(got.begin(), got.end(), [&](const Json& text) {
          return text.is_string() &&
                 Collapsed(text.get<std::string>()).find(needle) != std::string::npos;
        });
    if (!found) return Differs(where, passage, got);
  }
  return {};
}

std::string MatchKey(Compare compare, const std::string& key, const Json& want, const Json& got) {
  switch (compare) {
    case Compare::kValue:
      return MatchValue(key, want, got);
    case Compare::kUnordered:
      return MatchUnordered(key, want, got, true);
    case Compare::kContains:
      return MatchUnordered(key, want, got, false);
    case Compare::kExactMap:
      return MatchExactMap(key, want, got);
    case Compare::kAxes:
      return MatchAxes(key, want, got);
    case Compare::kPassages:
      return MatchPassages(key, want, got);
  }
  return key + ": unknown comparison";
}

// Keys that may stand in any expect. False when `key` is none of them.
bool MatchCommonKey(const std::string& key, const Json& want, const Json& answer,
                    std::string& why_out) {
  if (key == "policy_decision" || key == "interpretation" || key == "note") return true;
  if (key == "flag") {
    why_out = MatchObject("answer", {{"flag", want}}, answer);
    return true;
  }
  if (key != "careful" && key != "lenient" && key != "confidence") return false;
  const Json& got = MemberOrNull(answer, key);
  why_out =
      key == "careful" && want.is_object() ? MatchAxes(key, want, got) : MatchValue(key, want, got);
  return true;
}

Json ReadJsonFile(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  return Json::parse(file);
}

std::string RunOne(const Json& vector) {
  const std::string name = vector.at("kind").get<std::string>();
  const auto& kinds = Kinds();
  const auto kind =
      std::find_if(kinds.begin(), kinds.end(), [&](const Kind& one) { return one.name == name; });
  if (kind == kinds.end()) return "unknown kind " + name;
  try {
    return Mismatch(vector.at("expect"), kind->answer(vector.at("input")), *kind);
  } catch (const std::exception& error) {
    return std::string("exception: ") + error.what();
  }
}

void RunFile(const std::filesystem::path& path, std::string_view kind_prefix, Counts& counts) {
  const std::string file_name = path.filename().string();
  try {
    for (const Json& vector : ReadJsonFile(path)) {
      const std::string kind = vector.at("kind").get<std::string>();
      if (kind.compare(0, kind_prefix.size(), kind_prefix) != 0) continue;
      const std::string why = RunOne(vector);
      if (why.empty()) {
        ++counts.passed;
        continue;
      }
      ++counts.failed;
      std::cout << "FAILED " << file_name << " " << vector.at("id").get<std::string>() << " ("
                << kind << "): " << why << "\n";
    }
  } catch (const std::exception& error) {
    ++counts.failed;
    std::cout << "FAILED " << file_name << ": " << error.what() << "\n";
  }
}

std::string Base64Decode(const std::string& text) {
  static constexpr std::string_view kDigits =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string out;
  std::uint32_t bits = 0;
  int count = 0;
  for (const char c : text) {
    const std::size_t digit = kDigits.find(c);
    if (digit == std::string_view::npos) continue;
    bits = (bits << 6 | static_cast<std::uint32_t>(digit)) & 0xFFFFFF;
    count += 6;
    if (count < 8) continue;
    count -= 8;
    out.push_back(static_cast<char>(bits >> count & 0xFF));
  }
  return out;
}

}  // namespace

KindRegistration::KindRegistration(std::string name, AnswerFunction answer, std::vector<Key> keys) {
  MutableKinds().push_back({std::move(name), std::move(answer), std::move(keys)});
}

const std::vector<Kind>& Kinds() {
  return MutableKinds();
}

std::string Mismatch(const Json& expect, const Json& answer, const Kind& kind) {
  for (const auto& [name, want] : expect.items()) {
    const auto known = std::find_if(kind.keys.begin(), kind.keys.end(),
                                    [&key = name](const Key& one) { return one.name == key; });
    std::string why;
    if (known != kind.keys.end()) {
      why = MatchKey(known->compare, name, want, MemberOrNull(answer, name));
    } else if (!MatchCommonKey(name, want, answer, why)) {
      why = "unknown key of expect: " + name;
    }
    if (!why.empty()) return why;
  }
  return {};
}

Counts RunDirectory(const std::string& directory, std::string_view kind_prefix) {
  Counts counts;
  std::error_code error;
  std::vector<std::filesystem::path> files;
  for (const auto& entry : std::filesystem::directory_iterator(directory, error)) {
    if (entry.path().extension() == ".json") files.push_back(entry.path());
  }
  if (error || files.empty()) {
    std::cout << "FAILED " << directory << ": no vector files\n";
    return {0, 1};
  }
  std::sort(files.begin(), files.end());
  for (const auto& file : files) RunFile(file, kind_prefix, counts);
  return counts;
}

std::string RobotsBytes(const Json& input) {
  if (input.contains("robots_b64")) return Base64Decode(input["robots_b64"].get<std::string>());
  if (!input.contains("robots_build")) return input.value("robots_txt", std::string());
  std::string out;
  for (const Json& part : input["robots_build"]) {
    out += part.value("text", std::string());
    const std::string repeat = part.value("repeat", std::string());
    for (int i = 0; i < part.value("count", 0); ++i) out += repeat;
  }
  return out;
}

std::string PathOf(const Json& input) {
  const std::string url = input.value("url", std::string());
  const std::size_t scheme_end = url.find("://");
  if (scheme_end == std::string::npos) return url.empty() ? "/" : url;
  const std::size_t start = url.find_first_of("/?#", scheme_end + 3);
  if (start == std::string::npos || url[start] == '#') return "/";
  const std::string path = url.substr(start, url.find('#', start) - start);
  return path[0] == '?' ? "/" + path : path;
}

}  // namespace crawlcard::vectors
