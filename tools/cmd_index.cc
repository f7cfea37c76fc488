// crawlcard index info, compact, checkpoint, remove: housekeeping.

#include <fmt/format.h>

#include "base/json_writer.h"
#include "index/store.h"
#include "tools/capture_text.h"
#include "tools/command.h"
#include "tools/exit_code.h"
#include "tools/judge_flags.h"
#include "tools/open_index.h"
#include "tools/stop.h"

namespace crawlcard::tools {
namespace {

using index::FileEntry;
using index::Store;

struct IndexInfo {
  std::vector<FileEntry> files;
  std::vector<std::pair<std::string, std::string>> meta;
  std::vector<Store::FamilySize> sizes;

  std::uint64_t captures() const {
    std::uint64_t sum = 0;
    for (const FileEntry& file : files) sum += file.sealed ? file.counts.captures : 0;
    return sum;
  }
  std::uint64_t bytes() const {
    std::uint64_t sum = 0;
    for (const Store::FamilySize& size : sizes) sum += size.bytes;
    return sum;
  }
  double bytes_per_capture() const {
    return captures() == 0 ? 0.0 : static_cast<double>(bytes()) / static_cast<double>(captures());
  }
};

void WriteFile(const FileEntry& file, JsonWriter& json) {
  json.BeginObject();
  json.Member("name", file.name);
  json.Key("snapshot").StringOrNull(file.snapshot);
  json.Member("bytes", file.bytes);
  json.Member("xxh3", file.content_xxh3);
  json.Member("records", file.counts.records);
  json.Member("captures", file.counts.captures);
  json.Member("damaged", file.counts.damaged);
  json.Member("whole", file.whole);
  json.Member("sealed", file.sealed);
  json.Key("sealed_at");
  if (file.sealed) {
    json.String(FormatRfc3339(file.sealed_at));
  } else {
    json.Null();
  }
  json.Key("fact_version").Uint(file.fact_version);
  json.EndObject();
}

std::string InfoJson(const Store& store, const IndexInfo& info) {
  std::string text;
  JsonWriter json(text);
  json.BeginObject();
  json.Member("schema", "crawlcard.index.v1");
  json.Member("index", store.directory());
  json.Member("partitions", std::uint64_t{store.partitions()});
  json.Member("captures", info.captures());
  json.Member("bytes", info.bytes());
  json.Key("bytes_per_capture").Fixed(info.bytes_per_capture(), 1);
  json.Key("meta").BeginObject();
  for (const auto& [name, value] : info.meta) json.Member(name, value);
  json.EndObject();
  json.Key("families").BeginArray();
  for (const Store::FamilySize& size : info.sizes) {
    json.BeginObject();
    json.Member("family", size.family);
    json.Member("rows_estimate", size.rows_estimate);
    json.Member("bytes", size.bytes);
    json.EndObject();
  }
  json.EndArray();
  json.Key("files").BeginArray();
  for (const FileEntry& file : info.files) WriteFile(file, json);
  json.EndArray();
  json.EndObject();
  return text + '\n';
}

std::string InfoText(const Store& store, const IndexInfo& info) {
  std::string text = fmt::format("index {}\n", Printable(store.directory()));
  for (const auto& [name, value] : info.meta) {
    text += fmt::format("  {}: {}\n", Printable(name), Printable(value));
  }
  text += fmt::format("  partitions: {}\n", store.partitions());
  text += fmt::format("  captures: {}, {} bytes, {:.1f} each\n", info.captures(), info.bytes(),
                      info.bytes_per_capture());
  text += fmt::format("families:\n  {:<12} {:>14} {:>16}\n", "", "rows (about)", "bytes");
  for (const Store::FamilySize& size : info.sizes) {
    text += fmt::format("  {:<12} {:>14} {:>16}\n", size.family, size.rows_estimate, size.bytes);
  }
  text += fmt::format("files: {}\n", info.files.size());
  for (const FileEntry& file : info.files) {
    const std::string_view state = !file.sealed ? "unsealed" : file.whole ? "whole" : "damaged";
    text += fmt::format("  {:<8} {:>12} bytes {:>9} captures  {}\n", state, file.bytes,
                        file.counts.captures, Printable(file.name));
  }
  return text;
}

}  // namespace

Result<int> RunIndexInfo(const Context& context) {
  CRAWLCARD_ASSIGN(const std::unique_ptr<Store> store,
                   OpenIndex(context.settings, index::OpenMode::kRead));
  IndexInfo info;
  CRAWLCARD_ASSIGN(info.files, store->Files());
  CRAWLCARD_ASSIGN(info.meta, store->Meta());
  CRAWLCARD_ASSIGN(info.sizes, store->Sizes());
  if (context.silent()) {
    context.log.Log(
        {LogLevel::kInfo, "index.info", fmt::format("{} files", info.files.size()), {}});
    return kExitDone;
  }
  CRAWLCARD_TRY(
      context.out.Write(context.json_lines() ? InfoJson(*store, info) : InfoText(*store, info)));
  return kExitDone;
}

Result<int> RunIndexCompact(const Context& context) {
  CRAWLCARD_ASSIGN(const std::unique_ptr<Store> store,
                   OpenIndex(context.settings, index::OpenMode::kWrite));
  const auto bytes_of = [&]() -> Result<std::uint64_t> {
    IndexInfo info;
    CRAWLCARD_ASSIGN(info.sizes, store->Sizes());
    return info.bytes();
  };
  CRAWLCARD_ASSIGN(const std::uint64_t before, bytes_of());
  CRAWLCARD_TRY(store->Compact(JobsFrom(context.settings)));
  CRAWLCARD_ASSIGN(const std::uint64_t after, bytes_of());
  if (context.silent()) return kExitDone;
  std::string text;
  if (context.json_lines()) {
    JsonWriter json(text);
    json.BeginObject().Member("schema", "crawlcard.index-compact.v1");
    json.Member("bytes_before", before).Member("bytes", after).EndObject();
  } else {
    text = fmt::format("{} bytes before, {} now", before, after);
  }
  CRAWLCARD_TRY(context.out.Write(text + '\n'));
  return kExitDone;
}

Result<int> RunIndexCheckpoint(const Context& context) {
  CRAWLCARD_ASSIGN(const std::unique_ptr<Store> store,
                   OpenIndex(context.settings, index::OpenMode::kWrite));
  const std::string& to = context.operands.front();
  CRAWLCARD_TRY(store->Checkpoint(to));
  if (context.silent()) return kExitDone;
  std::string text;
  if (context.json_lines()) {
    JsonWriter json(text);
    json.BeginObject().Member("schema", "crawlcard.index-checkpoint.v1");
    json.Member("checkpoint", to).EndObject();
  } else {
    text = "checkpoint " + Printable(to);
  }
  CRAWLCARD_TRY(context.out.Write(text + '\n'));
  return kExitDone;
}

Result<int> RunIndexRemove(const Context& context) {
  CRAWLCARD_ASSIGN(const std::unique_ptr<Store> store,
                   OpenIndex(context.settings, index::OpenMode::kWrite));
  // All names are looked up first, so that a misspelt one changes nothing.
  for (const std::string& name : context.operands) {
    CRAWLCARD_ASSIGN(const std::optional<FileEntry> entry, store->FindFile(name));
    if (!entry) {
      return Fail(ErrorCode::kNotFound,
                  "index '{}' holds no file '{}'; 'crawlcard index info' lists the names",
                  store->directory(), name);
    }
  }
  for (const std::string& name : context.operands) {
    if (StopRequested().load()) return Fail(ErrorCode::kCancelled, "stopped");
    CRAWLCARD_TRY(store->RemoveFile(name));
    if (context.silent()) continue;
    std::string text;
    if (context.json_lines()) {
      JsonWriter json(text);
      json.BeginObject().Member("schema", "crawlcard.index-remove.v1");
      json.Member("removed", name).EndObject();
    } else {
      text = "removed " + Printable(name);
    }
    CRAWLCARD_TRY(context.out.Write(text + '\n'));
  }
  return kExitDone;
}

}  // namespace crawlcard::tools
