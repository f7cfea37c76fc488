#include "card/inputs.h"

#include <algorithm>

#include "base/digest.h"
#include "card/dates.h"
#include "card/limits.h"

namespace crawlcard::card {
namespace {

using FieldPointer = std::string index::FileInfo::*;

WarcinfoField CountField(std::string name, FieldPointer field,
                         const std::vector<const index::FileEntry*>& files) {
  std::map<std::string, std::uint64_t> values;
  for (const index::FileEntry* file : files) {
    const std::string& value = file->info.*field;
    if (!value.empty()) ++values[value];
  }
  WarcinfoField out;
  out.name = std::move(name);
  out.values.assign(values.begin(), values.end());
  std::stable_sort(out.values.begin(), out.values.end(),
                   [](const auto& a, const auto& b) { return a.second > b.second; });
  if (out.values.size() > limits::kWarcinfoValuesMax) {
    out.more = out.values.size() - limits::kWarcinfoValuesMax;
    out.values.resize(limits::kWarcinfoValuesMax);
  }
  return out;
}

void AddFile(const index::FileEntry& file, InputSummary& sum) {
  ++sum.files;
  sum.bytes += file.bytes;
  sum.whole += file.whole && file.sealed ? 1 : 0;
  sum.unsealed += file.sealed ? 0 : 1;
  sum.records += file.counts.records;
  sum.captures += file.counts.captures;
  sum.inflated_bytes += file.counts.inflated_bytes;
  sum.damaged_units += file.counts.damaged;
  for (const auto& [kind, count] : file.counts.errors) sum.errors[kind] += count;
  for (const auto& [note, count] : file.counts.notes) sum.notes[note] += count;
  SnapshotCount& snapshot = sum.snapshots[file.snapshot];
  ++snapshot.files;
  snapshot.bytes += file.bytes;
  if (file.whole && file.sealed) return;
  ++sum.not_whole_count;
  if (sum.not_whole.size() == limits::kNamedFilesMax) return;
  sum.not_whole.push_back({file.name, file.bytes, file.counts.damaged, file.sealed});
}

}  // namespace

InputSummary SummariseInputs(std::span<const index::FileEntry> files) {
  std::vector<const index::FileEntry*> sorted;
  sorted.reserve(files.size());
  for (const index::FileEntry& file : files) sorted.push_back(&file);
  std::sort(sorted.begin(), sorted.end(),
            [](const auto* a, const auto* b) { return a->name < b->name; });

  InputSummary sum;
  std::string lines;
  for (const index::FileEntry* file : sorted) {
    AddFile(*file, sum);
    if (sum.listed.size() < limits::kListedFilesMax) {
      sum.listed.push_back({file->name, file->bytes, file->content_xxh3});
    }
    lines += file->name + '\t' + std::to_string(file->bytes) + '\t' + file->content_xxh3 + '\n';
  }
  sum.digest = "sha256:" + Hex(Sha256(lines));
  sum.warcinfo.push_back(CountField("software", &index::FileInfo::software, sorted));
  sum.warcinfo.push_back(CountField("operator", &index::FileInfo::operator_name, sorted));
  sum.warcinfo.push_back(CountField("user agent", &index::FileInfo::user_agent, sorted));
  sum.warcinfo.push_back(CountField("robots", &index::FileInfo::robots, sorted));
  return sum;
}

TakedownSummary SummariseTakedowns(const index::TakedownTable& requests,
                                   std::optional<UnixSeconds> as_of) {
  TakedownSummary summary;
  requests.ForEach([&](const index::Takedown& request) {
    if (as_of && request.received > *as_of) return;
    ++summary.requests;
    ++summary.scopes[request.scope];
    Extend(request.received, summary.first, summary.last);
  });
  return summary;
}

}  // namespace crawlcard::card
