// crawlcard card: one scan of the index, one document that a person can sign.

#include <fmt/format.h>

#include "base/file.h"
#include "card/card.h"
#include "card/render_html.h"
#include "card/render_json.h"
#include "card/render_markdown.h"
#include "page/public_suffix.h"
#include "tools/capture_text.h"
#include "tools/command.h"
#include "tools/exit_code.h"
#include "tools/judge_flags.h"
#include "tools/open_index.h"
#include "tools/stop.h"
#include "tools/version.h"

namespace crawlcard::tools {
namespace {

// Passes a scan's rows on to a tally until a stop is asked for.
class StoppableFold final : public index::Fold {
 public:
  explicit StoppableFold(const card::TallyOptions& options) : tally_(options) {}

  Status OnPage(const index::ScannedPage& page) override {
    if (StopRequested().load()) return Fail(ErrorCode::kCancelled, "stopped");
    return tally_.OnPage(page);
  }
  Status OnHostRow(const index::ScannedHostRow& row) override {
    if (StopRequested().load()) return Fail(ErrorCode::kCancelled, "stopped");
    return tally_.OnHostRow(row);
  }
  card::Tally& tally() { return tally_.tally(); }

 private:
  card::TallyFold tally_;
};

Result<card::Tally> TallyIndex(const index::Store& store, const index::ScanOptions& options) {
  const card::TallyOptions tally_options;
  CRAWLCARD_ASSIGN(const std::vector<std::unique_ptr<index::Fold>> folds,
                   index::Scan(store, options, [&]() -> std::unique_ptr<index::Fold> {
                     return std::make_unique<StoppableFold>(tally_options);
                   }));
  card::Tally tally(tally_options);
  for (const std::unique_ptr<index::Fold>& fold : folds) {
    tally.Merge(std::move(static_cast<StoppableFold&>(*fold).tally()));
  }
  tally.Finish();
  return tally;
}

// Options that change verdicts: never jobs, paths or the clock.
std::vector<std::pair<std::string, std::string>> QuotedOptions(const Settings& settings) {
  std::vector<std::pair<std::string, std::string>> options;
  for (const std::string_view name : {"use", "agent", "dialect", "policy", "as-of", "max-age"}) {
    options.emplace_back(name, fmt::format("{}", fmt::join(settings.List(name), ", ")));
  }
  return options;
}

Result<card::Card> BuildCard(const Context& context) {
  const Settings& settings = context.settings;
  card::RunFacts run;
  CRAWLCARD_ASSIGN(run.judge, JudgeOptionsFrom(settings, Now()));
  const std::string_view date = settings.Text("date");
  if (!date.empty()) {
    run.date = ParseRfc3339(date);
    if (!run.date) {
      return Fail(ErrorCode::kInvalidArgument, "--date: '{}' is no date such as 2026-10-02", date);
    }
  }
  CRAWLCARD_ASSIGN(const std::unique_ptr<index::Store> store,
                   OpenIndex(settings, index::OpenMode::kRead));
  CRAWLCARD_ASSIGN(const std::vector<index::FileEntry> files, store->Files());
  CRAWLCARD_ASSIGN(run.options, store->Meta());
  for (auto& option : QuotedOptions(settings)) run.options.push_back(std::move(option));
  run.tool_version = Version();
  run.public_suffix_list = page::PublicSuffixListVersion();

  index::ScanOptions scan;
  scan.judge_options = run.judge;
  scan.jobs = JobsFrom(settings);
  CRAWLCARD_ASSIGN(card::Tally tally, TallyIndex(*store, scan));
  return card::MakeCard(std::move(run), card::SummariseInputs(files), std::move(tally));
}

std::string Render(const card::Card& card, std::string_view format) {
  if (format == "html") return card::RenderHtml(card);
  if (format == "md") return card::RenderMarkdown(card);
  if (format == "json") return card::RenderJson(card);
  return card::RenderSummary(card);
}

// The format of one --out file: by its ending, or that of --format when there is one file alone.
Result<std::string> FormatOf(const std::string& path, const Settings& settings) {
  const std::string_view asked = settings.Text("format");
  if (!asked.empty() && settings.List("out").size() == 1) return std::string(asked);
  for (const std::string_view format : {"html", "md", "json"}) {
    if (path.ends_with(fmt::format(".{}", format))) return std::string(format);
  }
  return Fail(ErrorCode::kInvalidArgument,
              "--out: '{}' ends in none of .html, .md, .json; give --format", path);
}

}  // namespace

Result<int> RunCard(const Context& context) {
  const Settings& settings = context.settings;
  std::vector<std::pair<std::string, std::string>> files;  // path, format
  for (const std::string& path : settings.List("out")) {
    CRAWLCARD_ASSIGN(std::string format, FormatOf(path, settings));
    files.emplace_back(path, std::move(format));
  }
  CRAWLCARD_ASSIGN(const card::Card card, BuildCard(context));
  if (context.silent()) {
    context.log.Line(card::RenderSummary(card));
    return kExitDone;
  }
  if (files.empty()) {
    const std::string_view fallback = context.out.is_terminal() ? "text" : "json";
    const std::string_view asked = settings.Text("format");
    CRAWLCARD_TRY(context.out.Write(Render(card, asked.empty() ? fallback : asked)));
    return kExitDone;
  }
  std::string text;
  for (const auto& [path, format] : files) {
    CRAWLCARD_TRY(WriteFileAtomically(path, Render(card, format)));
    text += fmt::format("card: {}\n", Printable(path));
  }
  CRAWLCARD_TRY(context.out.Write(text + card::RenderSummary(card)));
  return kExitDone;
}

}  // namespace crawlcard::tools
