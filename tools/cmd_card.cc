// crawlcard card: one scan of the index, one document that a person can sign.

#include <fmt/format.h>

#include "base/file.h"
#include "card/card.h"
#include "card/render_html.h"
#include "card/render_json.h"
#include "card/render_markdown.h"
#include "page/public_suffix.h"
#include "tools/agents_file.h"
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
std::vector<std::pair<std::string, std::string>> QuotedOptions(const Settings& settings,
                                                               const index::JudgeOptions& judge) {
  std::vector<std::pair<std::string, std::string>> options;
  for (const std::string_view name : {"use", "agent", "as-of"}) {
    options.emplace_back(name, fmt::format("{}", fmt::join(settings.List(name), ", ")));
  }
  options.emplace_back("dialect", robots::DialectName(judge.dialect));
  options.emplace_back("policy", judge.policy.Id());
  options.emplace_back("max-age", fmt::format("{}", judge.policy.robots_age_max_s / 86'400));
  options.emplace_back("agents", AgentsVersionText());
  return options;
}

// What built-in policies would keep whose outcome cannot be read off `tally`: a scan for each.
Result<std::vector<card::PolicyOutcome>> MeasureOthers(const Settings& settings,
                                                       const index::Store& store,
                                                       const index::ScanOptions& judged,
                                                       UnixSeconds now, const card::Tally& tally) {
  std::vector<card::PolicyOutcome> outcomes;
  if (!settings.Switch("all-policies") || !tally.verdicts.judged()) return outcomes;
  for (const std::string_view name : robots::BuiltInPolicyNames()) {
    std::optional<robots::Policy> policy = robots::BuiltInPolicy(name);
    if (!policy || policy->Id() == judged.judge_options.policy.Id()) continue;
    index::ScanOptions scan = judged;
    CRAWLCARD_ASSIGN(scan.judge_options, JudgeOptionsUnder(settings, now, std::move(*policy)));
    const robots::Policy& other = scan.judge_options.policy;
    std::optional<card::PolicyOutcome> outcome =
        card::Derive(judged.judge_options.policy, tally.verdicts, other);
    if (!outcome) {
      CRAWLCARD_ASSIGN(const card::Tally own, TallyIndex(store, scan));
      outcome = card::OutcomeOf(other, own.verdicts);
    }
    outcomes.push_back(std::move(*outcome));
  }
  return outcomes;
}

Result<card::Card> BuildCard(const Context& context) {
  const Settings& settings = context.settings;
  card::RunFacts run;
  const UnixSeconds now = Now();
  CRAWLCARD_ASSIGN(run.judge, JudgeOptionsFrom(settings, now));
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
  for (auto& option : QuotedOptions(settings, run.judge)) run.options.push_back(std::move(option));
  run.tool_version = Version();
  run.public_suffix_list = page::PublicSuffixListVersion();

  index::ScanOptions scan;
  scan.judge_options = run.judge;
  scan.jobs = JobsFrom(settings);
  CRAWLCARD_ASSIGN(card::Tally tally, TallyIndex(*store, scan));
  CRAWLCARD_ASSIGN(const std::vector<card::PolicyOutcome> measured,
                   MeasureOthers(settings, *store, scan, now, tally));
  return card::MakeCard(std::move(run), card::SummariseInputs(files), std::move(tally), measured);
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
