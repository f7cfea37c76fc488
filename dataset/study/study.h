// dataset/study/study.h - what all studies share: a definition, what it was asked of, and numbers.
//
// A study is a published way of counting. Its definition stands with every result, in words and
// with the digests of what went in, because the same word ("blocks GPTBot") spreads from 6 % to
// 20 % by definition alone. docs/formats/study.md.
//
// Thread rule: values; each study runs its own threads.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "base/result.h"
#include "dataset/study/periods.h"
#include "dataset/study/ranks.h"
#include "dataset/study/site_totals.h"
#include "index/store.h"

namespace crawlcard::dataset {

struct StudyInput {
  std::string kind;  // "index", "dataset", "ranks", "agents"
  std::string name;
  std::string digest;  // "sha256:...", "xxh3:...", or empty: not known
};

// A number with where it belongs. Labels and numbers keep their order.
struct StudyValue {
  std::vector<std::pair<std::string_view, std::string>> labels;
  std::vector<std::pair<std::string_view, std::variant<std::uint64_t, double>>> numbers;
  bool brief = true;  // shown to people; else in JSON alone
};

struct StudyReport {
  std::string_view name;
  std::uint32_t version = 1;  // of the definition
  // What counts, how: "source", "population", "agents", "reduction", "errors", "dialect", ...
  std::vector<std::pair<std::string_view, std::string>> definition;
  std::vector<StudyInput> inputs;
  std::vector<StudyValue> values;
};

struct StudyOptions {
  std::vector<Period> dates;        // empty: those of the definition
  std::vector<std::string> agents;  // empty: those of the definition
  const RankList* ranks = nullptr;
  const SiteTotals* totals = nullptr;  // of the rows, where the study looks at rows
  std::optional<UnixSeconds> known_by;
  UnixSeconds now = 0;
  unsigned jobs = 1;
  // Of the definition of cic-2024: how many sites each stratum has.
  std::size_t head_sites = 2000;
  std::size_t random_sites = 10'000;
};

struct Study {
  std::string_view name;
  std::string_view line;  // for `study list`
  bool needs_rows = false;
  bool takes_ranks = false;
  bool takes_agent = false;  // one agent in place of the definition's
  // nullptr for what is counted row by row (dataset/study/apertus_2025.h).
  Result<StudyReport> (*run)(const index::Store& store, const StudyOptions& options) = nullptr;
};

std::span<const Study> Studies();
const Study* FindStudy(std::string_view name);

// Each in its own file.
[[nodiscard]] Result<StudyReport> RunCic2024(const index::Store& store,
                                             const StudyOptions& options);
[[nodiscard]] Result<StudyReport> RunAgentNaming(const index::Store& store,
                                                 const StudyOptions& options);
[[nodiscard]] Result<StudyReport> RunBotVariants(const index::Store& store,
                                                 const StudyOptions& options);
[[nodiscard]] Result<StudyReport> RunPageSignals(const index::Store& store,
                                                 const StudyOptions& options);
[[nodiscard]] Result<StudyReport> RunContradictions(const index::Store& store,
                                                    const StudyOptions& options);

// The dates asked for, else the instant `now` alone.
std::vector<Period> DatesOr(const StudyOptions& options, std::string_view otherwise);

// `part` of `all`; 0 where there is nothing.
double ShareOf(std::uint64_t part, std::uint64_t all);

// What is sealed in the index, as one digest.
[[nodiscard]] Result<StudyInput> IndexInput(const index::Store& store,
                                            std::optional<UnixSeconds> known_by);
// A file by its bytes; standard input has no digest. Errors: kNotFound, kIo.
[[nodiscard]] Result<StudyInput> FileInput(std::string_view kind, const std::string& path);

// Lines of crawlcard.study.v1: the definition first, then a value a line.
std::string StudyLines(const StudyReport& report);
// The same for people.
std::string StudyText(const StudyReport& report);

}  // namespace crawlcard::dataset
