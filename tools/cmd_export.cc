// crawlcard export: an index in the formats that others read.

#include <filesystem>
#include <functional>

#include <fmt/format.h>

#include "base/file_system.h"
#include "base/json_writer.h"
#include "base/replaced_file.h"
#include "dataset/parquet_writer.h"
#include "index/interchange/cdx_export.h"
#include "index/interchange/tables.h"
#include "index/interchange/zipnum_writer.h"
#include "tools/command.h"
#include "tools/dataset_command.h"
#include "tools/exit_code.h"
#include "tools/judge_flags.h"
#include "tools/open_index.h"
#include "tools/stop.h"

namespace crawlcard::tools {
namespace {

// What was written, for the summary.
struct Exported {
  std::string format;
  std::string table;  // empty: a list of captures
  std::string path;   // empty: standard output
  std::uint64_t rows = 0;
  std::uint64_t blocks = 0;  // of ZipNum
  std::uint64_t files = 1;
  index::CdxExportSummary cdx;
};

Result<std::string> OutOf(const Settings& settings) {
  const std::vector<std::string>& paths = settings.List("out");
  if (paths.size() > 1) {
    return Fail(ErrorCode::kInvalidArgument, "--out: an export goes to one place, not {}",
                paths.size());
  }
  return paths.empty() ? std::string() : paths.front();
}

// The format asked for, or that of the ending of --out.
std::string FormatOf(const Settings& settings, const std::string& path) {
  if (const std::string_view asked = settings.Text("format"); !asked.empty()) {
    return std::string(asked);
  }
  for (const std::string_view format : {"cdxj", "cdx", "parquet"}) {
    if (path.ends_with(fmt::format(".{}", format))) return std::string(format);
  }
  return "jsonl";
}

// What does not fit into memory goes beside the result, which needs as much room.
std::string DirectoryFor(const std::string& path) {
  if (path.empty()) return std::filesystem::temp_directory_path().string();
  const std::filesystem::path parent = std::filesystem::path(path).parent_path();
  return parent.empty() ? std::string(".") : parent.string();
}

using LineSink = std::function<Status(std::string_view)>;

// Runs `write` with a sink of lines that ends in standard output or in the file `path`.
Status WithLines(const Context& context, const std::string& path,
                 const std::function<Status(const LineSink&)>& write) {
  const auto stop = [] {
    return StopRequested().load() ? Fail(ErrorCode::kCancelled, "stopped") : Status();
  };
  if (path.empty()) {
    return write([&](std::string_view line) -> Status {
      CRAWLCARD_TRY(stop());
      return context.out.Write(line);
    });
  }
  CRAWLCARD_ASSIGN(const std::unique_ptr<ReplacedFile> file, ReplacedFile::Create(path));
  CRAWLCARD_TRY(write([&](std::string_view line) -> Status {
    if (const Status stopped = stop(); !stopped) return stopped;
    return file->Write(line);
  }));
  return file->Commit();
}

// --- CDX ----------------------------------------------------------------------------------------

Status ExportLines(const Context& context, const index::Store& store, Exported& exported) {
  index::CdxExportOptions options;
  options.format = exported.format == "cdx" ? index::CdxFormat::kCdx11 : index::CdxFormat::kCdxj;
  options.directory = DirectoryFor(exported.path);
  return WithLines(context, exported.path, [&](const LineSink& sink) -> Status {
    CRAWLCARD_ASSIGN(exported.cdx, index::ExportCdx(store, options, sink));
    exported.rows = exported.cdx.lines;
    return {};
  });
}

Status ExportZipNum(const index::Store& store, Exported& exported) {
  if (exported.path.empty()) {
    return Fail(ErrorCode::kInvalidArgument, "--format zipnum makes a directory: give --out DIR");
  }
  index::CdxExportOptions options;
  options.directory = DirectoryFor(exported.path);
  index::ZipNumWriter writer(DiskFileSystem(), exported.path, {});
  const auto sink = [&](std::string_view line) -> Status {
    if (StopRequested().load()) return Fail(ErrorCode::kCancelled, "stopped");
    return writer.Add(line);
  };
  CRAWLCARD_ASSIGN(exported.cdx, index::ExportCdx(store, options, sink));
  CRAWLCARD_TRY(writer.Finish());
  exported.rows = exported.cdx.lines;
  exported.blocks = writer.blocks();
  exported.files = writer.files();
  return {};
}

// --- tables -------------------------------------------------------------------------------------

Result<index::TableOptions> TableOptionsFrom(const Settings& settings) {
  index::TableOptions options;
  CRAWLCARD_ASSIGN(options.judge, JudgeOptionsFrom(settings, Now()));
  options.agents = options.judge.agents;
  return options;
}

Status ExportJson(const Context& context, const index::Store& store, index::TableKind table,
                  Exported& exported) {
  CRAWLCARD_ASSIGN(const index::TableOptions options, TableOptionsFrom(context.settings));
  const std::vector<index::Column> columns = index::ColumnsOf(table, options);
  return WithLines(context, exported.path, [&](const LineSink& sink) -> Status {
    std::string line;
    return index::ForEachTableRow(store, table, options, [&](std::span<const index::Cell> cells) {
      ++exported.rows;
      line.clear();
      index::AppendRowJson(table, columns, cells, line);
      return sink(line);
    });
  });
}

Status ExportParquet(const Context& context, const index::Store& store, index::TableKind table,
                     Exported& exported) {
  if (exported.path.empty()) {
    return Fail(ErrorCode::kInvalidArgument, "--format parquet makes a file: give --out FILE");
  }
  CRAWLCARD_ASSIGN(const index::TableOptions options, TableOptionsFrom(context.settings));
  CRAWLCARD_ASSIGN(const std::unique_ptr<dataset::ParquetWriter> writer,
                   dataset::ParquetWriter::Open(DuckdbFrom(context.settings), exported.path,
                                                index::ColumnsOf(table, options)));
  const auto add = [&](std::span<const index::Cell> cells) -> Status {
    if (StopRequested().load()) return Fail(ErrorCode::kCancelled, "stopped");
    ++exported.rows;
    return writer->Add(cells);
  };
  CRAWLCARD_TRY(index::ForEachTableRow(store, table, options, add));
  return writer->Finish();
}

Status ExportTable(const Context& context, const index::Store& store, Exported& exported) {
  exported.table = context.settings.Text("table");
  const std::optional<index::TableKind> table = index::TableFromName(exported.table);
  if (!table) return Fail(ErrorCode::kInvalidArgument, "--table: no table '{}'", exported.table);
  return exported.format == "jsonl" ? ExportJson(context, store, *table, exported)
                                    : ExportParquet(context, store, *table, exported);
}

// --- the summary --------------------------------------------------------------------------------

std::string SummaryJson(const Exported& exported) {
  std::string text;
  JsonWriter json(text);
  json.BeginObject();
  json.Member("schema", "crawlcard.export.v1");
  json.Member("format", exported.format);
  json.Key("table").StringOrNull(exported.table);
  json.Key("out").StringOrNull(exported.path);
  json.Member("rows", exported.rows);
  json.Member("files", exported.files);
  json.Member("blocks", exported.blocks);
  json.Member("rows_merged", exported.cdx.merged);
  json.Member("rows_without_key", exported.cdx.without_key);
  json.Member("rows_not_addressable", exported.cdx.not_addressable);
  json.Member("rows_of_other_types", exported.cdx.other_types);
  json.EndObject();
  return text + '\n';
}

std::string SummaryText(const Exported& exported) {
  const index::CdxExportSummary& cdx = exported.cdx;
  std::string text = fmt::format("{} {} rows", exported.rows, exported.format);
  if (!exported.path.empty()) text += fmt::format(" in '{}'", exported.path);
  const std::uint64_t left = cdx.without_key + cdx.not_addressable + cdx.other_types;
  if (cdx.merged > 0) text += fmt::format("; {} told of the same records", cdx.merged);
  if (left > 0) {
    text += fmt::format(
        "; left out: {} without key or date, {} without a place of their own, {} "
        "of extracted text",
        cdx.without_key, cdx.not_addressable, cdx.other_types);
  }
  return text;
}

}  // namespace

Result<int> RunExport(const Context& context) {
  Exported exported;
  CRAWLCARD_ASSIGN(exported.path, OutOf(context.settings));
  exported.format = FormatOf(context.settings, exported.path);
  const bool is_table = exported.format == "jsonl" || exported.format == "parquet";
  if (!is_table && !context.settings.IsDefault("table")) {
    return Fail(ErrorCode::kInvalidArgument, "--table: {} is a list of captures", exported.format);
  }
  CRAWLCARD_ASSIGN(const std::unique_ptr<index::Store> store,
                   OpenIndex(context.settings, index::OpenMode::kRead));
  if (is_table) {
    CRAWLCARD_TRY(ExportTable(context, *store, exported));
  } else if (exported.format == "zipnum") {
    CRAWLCARD_TRY(ExportZipNum(*store, exported));
  } else {
    CRAWLCARD_TRY(ExportLines(context, *store, exported));
  }
  if (exported.path.empty() || context.silent()) {
    context.log.Log({LogLevel::kInfo, "export.done", SummaryText(exported), {}});
    return kExitDone;
  }
  const bool as_json = !context.out.is_terminal();
  CRAWLCARD_TRY(context.out.Write(as_json ? SummaryJson(exported) : SummaryText(exported) + '\n'));
  return kExitDone;
}

}  // namespace crawlcard::tools
