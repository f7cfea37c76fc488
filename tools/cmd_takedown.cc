// crawlcard takedown add, list, manifest: requests to take content out, and what they cover.

#include <algorithm>
#include <functional>
#include <tuple>
#include <vector>

#include <fmt/format.h>

#include "base/assert.h"
#include "base/file_system.h"
#include "base/json_writer.h"
#include "base/replaced_file.h"
#include "index/takedown_ledger.h"
#include "index/takedown_manifest.h"
#include "index/takedown_table.h"
#include "tools/capture_text.h"
#include "tools/command.h"
#include "tools/exit_code.h"
#include "tools/judge_flags.h"
#include "tools/open_index.h"
#include "tools/stop.h"

namespace crawlcard::tools {
namespace {

using index::Takedown;

Result<std::string> Given(const Settings& settings, std::string_view flag) {
  const std::string_view text = settings.Text(flag);
  if (!text.empty()) return std::string(text);
  return Fail(ErrorCode::kInvalidArgument, "--{} is missing", flag);
}

Result<UnixSeconds> DateGiven(const Settings& settings, std::string_view flag) {
  CRAWLCARD_ASSIGN(const std::string text, Given(settings, flag));
  const std::optional<UnixSeconds> date = ParseRfc3339(text);
  if (date) return *date;
  return Fail(ErrorCode::kInvalidArgument, "--{}: '{}' is no date such as 2026-10-02", flag, text);
}

Result<Takedown> RequestFrom(const Context& context) {
  Takedown request;
  CRAWLCARD_ASSIGN(request.id, Given(context.settings, "id"));
  CRAWLCARD_ASSIGN(const std::string scope, Given(context.settings, "scope"));
  const std::optional<index::TakedownScope> known = index::TakedownScopeFromName(scope);
  CRAWLCARD_ASSERT(known.has_value());  // the flag's choices are scopes
  request.scope = *known;
  request.value = context.operands.front();
  CRAWLCARD_ASSIGN(request.received, DateGiven(context.settings, "received"));
  if (!context.settings.Text("deadline").empty()) {
    CRAWLCARD_ASSIGN(request.deadline, DateGiven(context.settings, "deadline"));
  }
  CRAWLCARD_ASSIGN(request.basis, Given(context.settings, "basis"));
  return request;
}

std::string RequestText(const Takedown& request) {
  return fmt::format("{}  {} {}\n  received {}, to be done by {}\n  {}\n", Printable(request.id),
                     index::TakedownScopeName(request.scope), Printable(request.value),
                     FormatRfc3339(request.received),
                     request.deadline ? FormatRfc3339(*request.deadline) : "no date",
                     Printable(request.basis));
}

Status Print(const Context& context, const Takedown& request) {
  if (context.silent()) return {};
  if (!context.json_lines()) return context.out.Write(RequestText(request));
  std::string text;
  JsonWriter json(text);
  index::WriteTakedown(request, {}, json);
  return context.out.Write(text + '\n');
}

using LineSink = std::function<Status(std::string_view)>;

std::string ManifestText(const index::AffectedCapture& affected) {
  const index::CaptureView& capture = *affected.capture;
  return fmt::format("{} at {}, {} long\n  {}\n  {}\n", Printable(capture.file),
                     capture.extent.offset, capture.extent.length, Printable(capture.url),
                     Printable(affected.requests.front()->id));
}

Result<index::ManifestSummary> Manifest(const Context& context, const index::Store& store,
                                        bool as_json, const LineSink& sink) {
  index::ManifestOptions options;
  if (!context.settings.IsDefault("since")) {
    CRAWLCARD_ASSIGN(options.since, DateGiven(context.settings, "since"));
  }
  CRAWLCARD_ASSIGN(const index::TimelineOptions timeline,
                   TimelineOptionsFrom(context.settings, Now()));
  options.known_by = timeline.known_by;
  std::string text;
  return index::ListAffected(store, options, [&](const index::AffectedCapture& affected) -> Status {
    if (StopRequested().load()) {
      return Fail(ErrorCode::kCancelled, "stopped");
    }
    text.clear();
    if (as_json) {
      JsonWriter json(text);
      index::WriteAffected(affected, json);
      text += '\n';
    } else {
      text = ManifestText(affected);
    }
    return sink(text);
  });
}

}  // namespace

Result<int> RunTakedownAdd(const Context& context) {
  CRAWLCARD_ASSIGN(const std::string path, Given(context.settings, "file"));
  CRAWLCARD_ASSIGN(const Takedown request, RequestFrom(context));
  CRAWLCARD_TRY(index::AppendTakedown(DiskFileSystem(), path, request));
  CRAWLCARD_TRY(Print(context, request));
  return kExitDone;
}

Result<int> RunTakedownList(const Context& context) {
  const bool from_file = !context.settings.IsDefault("file");
  const bool from_index = !context.settings.IsDefault("index");
  if (from_file == from_index) {
    return Fail(ErrorCode::kInvalidArgument, "give either --file or --index");
  }
  std::vector<Takedown> requests;
  if (from_file) {
    CRAWLCARD_TRY(index::ReadTakedowns(DiskFileSystem(), std::string(context.settings.Text("file")),
                                       [&](const Takedown& request) -> Status {
                                         requests.push_back(request);
                                         return {};
                                       }));
  } else {
    CRAWLCARD_ASSIGN(const index::TimelineOptions timeline,
                     TimelineOptionsFrom(context.settings, Now()));
    CRAWLCARD_ASSIGN(const std::unique_ptr<index::Store> store,
                     OpenIndex(context.settings, index::OpenMode::kRead));
    CRAWLCARD_ASSIGN(const auto table, index::LoadTakedowns(*store, timeline.known_by));
    table->ForEach([&](const Takedown& request) { requests.push_back(request); });
  }
  std::stable_sort(requests.begin(), requests.end(), [](const Takedown& a, const Takedown& b) {
    return std::tie(a.received, a.id) < std::tie(b.received, b.id);
  });
  for (const Takedown& request : requests) CRAWLCARD_TRY(Print(context, request));
  return requests.empty() ? kExitNo : kExitDone;
}

Result<int> RunTakedownManifest(const Context& context) {
  CRAWLCARD_ASSIGN(const std::unique_ptr<index::Store> store,
                   OpenIndex(context.settings, index::OpenMode::kRead));
  const std::vector<std::string>& paths = context.settings.List("out");
  if (paths.size() > 1) {
    return Fail(ErrorCode::kInvalidArgument, "--out: a manifest goes to one place");
  }
  index::ManifestSummary summary;
  if (paths.empty()) {
    CRAWLCARD_ASSIGN(summary,
                     Manifest(context, *store, context.json_lines(), [&](std::string_view line) {
                       return context.silent() ? Status() : context.out.Write(line);
                     }));
  } else {
    CRAWLCARD_ASSIGN(const std::unique_ptr<ReplacedFile> file, ReplacedFile::Create(paths[0]));
    CRAWLCARD_ASSIGN(summary, Manifest(context, *store, true,
                                       [&](std::string_view line) { return file->Write(line); }));
    CRAWLCARD_TRY(file->Commit());
  }
  context.log.Log({LogLevel::kInfo,
                   "takedown.manifest",
                   fmt::format("{} captures under {} requests ({} key ranges, {} rows looked at)",
                               summary.captures, summary.requests, summary.ranges, summary.rows),
                   {}});
  return kExitDone;
}

}  // namespace crawlcard::tools
