#include "dataset/study/study.h"

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "base/digest.h"
#include "base/file.h"
#include "base/json_writer.h"

namespace crawlcard::dataset {
namespace {

constexpr int kDecimals = 6;
constexpr double kPercent = 100;

constexpr std::array kStudies = {
    Study{"cic-2024", "Consent in Crisis: tokens under full refusal, head and random sites", true,
          false, false, RunCic2024},
    Study{"apertus-2025", "Apertus: rows that today's robots.txt of their host takes away", true,
          false, false, nullptr},
    Study{"agent-naming", "sites that name CCBot, by popularity", false, true, true,
          RunAgentNaming},
    Study{"bot-variants", "one bot refused, by every definition in use", false, true, true,
          RunBotVariants},
    Study{"page-signals", "how many archived pages carry which signal", false, false, false,
          RunPageSignals},
    Study{"contradictions", "hosts whose files contradict each other, by use", false, false, false,
          RunContradictions},
};

std::string NumberText(const std::variant<std::uint64_t, double>& number) {
  if (const auto* count = std::get_if<std::uint64_t>(&number)) return fmt::format("{}", *count);
  return fmt::format("{:.4f} %", std::get<double>(number) * kPercent);
}

void BeginLine(const StudyReport& report, std::string_view kind, JsonWriter& json) {
  json.BeginObject();
  json.Member("schema", "crawlcard.study.v1");
  json.Member("study", report.name);
  json.Member("version", std::uint64_t{report.version});
  json.Member("kind", kind);
}

}  // namespace

std::span<const Study> Studies() {
  return kStudies;
}

const Study* FindStudy(std::string_view name) {
  const auto found = std::ranges::find(kStudies, name, &Study::name);
  return found == kStudies.end() ? nullptr : &*found;
}

std::vector<Period> DatesOr(const StudyOptions& options, std::string_view otherwise) {
  if (!options.dates.empty()) return options.dates;
  if (!otherwise.empty()) {
    if (Result<std::vector<Period>> periods = ParsePeriods(otherwise)) return std::move(*periods);
  }
  return {{FormatRfc3339(options.now), options.now, options.now}};
}

double ShareOf(std::uint64_t part, std::uint64_t all) {
  return all == 0 ? 0 : static_cast<double>(part) / static_cast<double>(all);
}

Result<StudyInput> IndexInput(const index::Store& store, std::optional<UnixSeconds> known_by) {
  CRAWLCARD_ASSIGN(const std::vector<index::FileEntry> entries, store.Files());
  std::string text;
  for (const index::FileEntry& entry : entries) {
    text += fmt::format("{}:{} {} {} {}\n", entry.name.size(), entry.name, entry.content_xxh3,
                        entry.fact_version, entry.sealed);
  }
  if (known_by) text += "known by " + FormatRfc3339(*known_by);
  return StudyInput{"index", store.directory(), "sha256:" + Hex(Sha256(text))};
}

Result<StudyInput> FileInput(std::string_view kind, const std::string& path) {
  StudyInput input{std::string(kind), path, ""};
  if (path == "-") return input;
  CRAWLCARD_ASSIGN(const std::unique_ptr<FileSource> source, FileSource::Open(path));
  if (!source->size()) return input;
  source->HashContents();
  CRAWLCARD_ASSIGN(const FileSource::Contents contents, source->FinishHash());
  input.digest = "xxh3:" + Hex(contents.digest);
  return input;
}

std::string StudyLines(const StudyReport& report) {
  std::string text;
  {
    JsonWriter json(text);
    BeginLine(report, "definition", json);
    json.Key("definition").BeginObject();
    for (const auto& [name, words] : report.definition) json.Member(name, words);
    json.EndObject();
    json.Key("inputs").BeginArray();
    for (const StudyInput& input : report.inputs) {
      json.BeginObject();
      json.Member("kind", input.kind);
      json.Member("name", input.name);
      json.Key("digest").StringOrNull(input.digest);
      json.EndObject();
    }
    json.EndArray();
    json.EndObject();
    text += '\n';
  }
  for (const StudyValue& value : report.values) {
    JsonWriter json(text);
    BeginLine(report, "value", json);
    json.Key("of").BeginObject();
    for (const auto& [name, label] : value.labels) json.Member(name, label);
    json.EndObject();
    json.Key("numbers").BeginObject();
    for (const auto& [name, number] : value.numbers) {
      json.Key(name);
      if (const auto* count = std::get_if<std::uint64_t>(&number)) {
        json.Uint(*count);
      } else {
        json.Fixed(std::get<double>(number), kDecimals);
      }
    }
    json.EndObject();
    json.EndObject();
    text += '\n';
  }
  return text;
}

std::string StudyText(const StudyReport& report) {
  std::string text = fmt::format("{} (definition {})\n", report.name, report.version);
  for (const auto& [name, words] : report.definition) {
    text += fmt::format("  {:<12} {}\n", name, words);
  }
  for (const StudyInput& input : report.inputs) {
    text += fmt::format("  {:<12} {} {}\n", input.kind, input.name,
                        input.digest.empty() ? "(no digest)" : input.digest);
  }
  for (const StudyValue& value : report.values) {
    if (!value.brief) continue;
    std::string numbers;
    for (const auto& [name, number] : value.numbers) {
      numbers += fmt::format("  {} {}", name, NumberText(number));
    }
    std::string labels;
    for (const auto& [name, label] : value.labels) {
      labels += fmt::format("{}{}", labels.empty() ? "" : " | ", label);
    }
    text += fmt::format("{}\n   {}\n", labels, numbers);
  }
  return text;
}

}  // namespace crawlcard::dataset
