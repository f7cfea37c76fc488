// crawlcard verify: whether an index still is what was written, and what the archive says.

#include <fmt/format.h>

#include "base/json_writer.h"
#include "index/verify/verify.h"
#include "tools/command.h"
#include "tools/exit_code.h"
#include "tools/open_index.h"
#include "tools/stop.h"

namespace crawlcard::tools {
namespace {

using index::VerifyFinding;
using index::VerifySummary;

constexpr std::string_view kSchema = "crawlcard.verify.v1";

std::string FindingJson(const VerifyFinding& finding) {
  std::string text;
  JsonWriter json(text);
  json.BeginObject();
  json.Member("schema", kSchema);
  json.Member("kind", "finding");
  json.Member("layer", index::VerifyLayerName(finding.layer));
  json.Key("file").StringOrNull(finding.file);
  json.Key("offset");
  if (finding.offset) {
    json.Uint(*finding.offset);
  } else {
    json.Null();
  }
  json.Member("message", finding.message);
  json.EndObject();
  return text + '\n';
}

std::string FindingText(const VerifyFinding& finding) {
  Error error(ErrorCode::kCorrupt, finding.message);
  if (!finding.file.empty()) error.At(std::string_view(finding.file));
  if (finding.offset) error.At(*finding.offset);
  return fmt::format("{}: {}\n", index::VerifyLayerName(finding.layer), error.ToString());
}

std::string SummaryJson(const VerifySummary& summary) {
  std::string text;
  JsonWriter json(text);
  json.BeginObject();
  json.Member("schema", kSchema);
  json.Member("kind", "summary");
  json.Member("findings", summary.findings);
  json.Member("rows", summary.rows);
  json.Member("blobs", summary.blobs);
  json.Member("files", summary.files);
  json.Member("files_unsealed", summary.files_unsealed);
  json.Member("files_compared", summary.files_compared);
  json.Member("files_unreadable", summary.files_unreadable);
  json.Member("records_compared", summary.records_compared);
  json.Member("digests_mismatched", summary.digests_mismatched);
  json.EndObject();
  return text + '\n';
}

std::string SummaryText(const VerifySummary& summary) {
  return fmt::format(
      "{} findings in {} rows, {} bodies and {} files ({} not sealed); {} files and {} records "
      "compared with the archive, {} files unreadable, {} digests that the archive claims in vain",
      summary.findings, summary.rows, summary.blobs, summary.files, summary.files_unsealed,
      summary.files_compared, summary.records_compared, summary.files_unreadable,
      summary.digests_mismatched);
}

}  // namespace

Result<int> RunVerify(const Context& context) {
  index::VerifyOptions options;
  options.archive = context.settings.Text("archive");
  options.sample = context.settings.Count("sample");
  if (options.sample > 0 && options.archive.empty()) {
    return Fail(ErrorCode::kInvalidArgument, "--sample chooses records of --archive: give one");
  }
  CRAWLCARD_TRY(index::TryOpening(std::string(context.settings.Text("index"))));
  CRAWLCARD_ASSIGN(const std::unique_ptr<index::Store> store,
                   OpenIndex(context.settings, index::OpenMode::kRead));
  const auto print = [&](const VerifyFinding& finding) -> Status {
    if (context.silent()) return {};
    return context.out.Write(context.json_lines() ? FindingJson(finding) : FindingText(finding));
  };
  CRAWLCARD_ASSIGN(const VerifySummary summary,
                   index::VerifyIndex(*store, options, print, StopRequested()));
  if (context.silent()) {
    context.log.Log({LogLevel::kInfo, "verify.done", SummaryText(summary), {}});
  } else {
    CRAWLCARD_TRY(context.out.Write(context.json_lines() ? SummaryJson(summary)
                                                         : SummaryText(summary) + '\n'));
  }
  if (summary.files_unreadable > 0) return kExitDamaged;
  return summary.findings > 0 ? kExitNo : kExitDone;
}

}  // namespace crawlcard::tools
