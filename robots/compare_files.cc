#include "robots/compare_files.h"

#include <algorithm>
#include <array>
#include <tuple>

#include "base/text.h"
#include "robots/internal/parsed_file.h"
#include "robots/limits.h"

namespace crawlcard::robots {
namespace {

using Said = std::tuple<Family, std::string_view, std::string_view, std::string_view,
                        std::string_view, std::string_view, Axis, Says, Says>;

// Evidence of one file, without where it stood.
std::vector<std::pair<Said, const Signal*>> SaidIn(std::span<const Signal> signals) {
  std::vector<std::pair<Said, const Signal*>> out;
  out.reserve(signals.size());
  for (const Signal& signal : signals) {
    out.push_back({{signal.family, signal.agent, signal.scope, signal.key, signal.value,
                    signal.condition, signal.use, signal.says, signal.careful},
                   &signal});
  }
  return out;
}

StatementChange ChangeOf(const Signal& signal, bool gone) {
  StatementChange change;
  change.gone = gone;
  change.family = signal.family;
  change.agent = Utf8Prefix(signal.agent, limits::kRawBytesMax);
  change.scope = Utf8Prefix(signal.scope, limits::kRawBytesMax);
  change.key = Utf8Prefix(signal.key, limits::kRawBytesMax);
  change.value = Utf8Prefix(signal.value, limits::kRawBytesMax);
  change.use = signal.use;
  change.says = signal.says;
  return change;
}

}  // namespace

std::string_view ChangedName(Changed changed) {
  constexpr std::array<std::string_view, 4> kNames = {"nothing", "bytes", "rules", "meaning"};
  return kNames[static_cast<std::size_t>(changed)];
}

FileChange CompareStatements(std::span<const Signal> before, std::span<const Signal> after) {
  FileChange change;
  change.changed = Changed::kBytes;
  auto was = SaidIn(before);
  auto is = SaidIn(after);
  const auto same = [](const auto& a, const auto& b) { return a.first == b.first; };
  if (std::equal(was.begin(), was.end(), is.begin(), is.end(), same)) return change;
  change.changed = Changed::kRules;
  const auto less = [](const auto& a, const auto& b) { return a.first < b.first; };
  std::stable_sort(was.begin(), was.end(), less);
  std::stable_sort(is.begin(), is.end(), less);
  const auto add = [&change](const Signal& signal, bool gone) {
    // Prose without a reading is evidence for people.
    const bool means = signal.says != Says::kNothing || signal.careful != Says::kNothing;
    if (means) change.changed = Changed::kMeaning;
    if (change.statements.size() < limits::kCompareItemsMax) {
      change.statements.push_back(ChangeOf(signal, gone));
    } else {
      change.cut = true;
    }
  };
  std::vector<std::pair<Said, const Signal*>> one_alone;
  std::set_difference(was.begin(), was.end(), is.begin(), is.end(), std::back_inserter(one_alone),
                      less);
  for (const auto& [statement, signal] : one_alone) add(*signal, true);
  one_alone.clear();
  std::set_difference(is.begin(), is.end(), was.begin(), was.end(), std::back_inserter(one_alone),
                      less);
  for (const auto& [statement, signal] : one_alone) add(*signal, false);
  return change;
}

FileChange CompareFiles(const ParsedFile& before, const ParsedFile& after,
                        const CompareOptions& options) {
  if (before.robots() != nullptr && after.robots() != nullptr) {
    return CompareRobots(*before.robots(), *after.robots(), options);
  }
  return CompareStatements(before.signals(), after.signals());
}

bool HasContent(const ParsedFile& file) {
  return file.has_content();
}

}  // namespace crawlcard::robots
