// crawlcard card: one scan of the index, one document that a person can sign.

#include <algorithm>
#include <filesystem>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "base/base64.h"
#include "base/digest.h"
#include "base/file.h"
#include "base/text.h"
#include "card/card.h"
#include "card/check/check_forms.h"
#include "card/facts.h"
#include "card/formats/format.h"
#include "card/score.h"
#include "page/public_suffix.h"
#include "tools/about_file.h"
#include "tools/agents_file.h"
#include "tools/capture_text.h"
#include "tools/card_dataset.h"
#include "tools/card_note.h"
#include "tools/command.h"
#include "tools/exit_code.h"
#include "tools/index_tree.h"
#include "tools/judge_flags.h"
#include "tools/open_index.h"
#include "tools/parse.h"
#include "tools/stop.h"
#include "tools/version.h"

namespace crawlcard::tools {
namespace {

// Passes a scan's rows on to a tally until a stop is asked for.
class StoppableFold final : public index::Fold {
 public:
  // `only` may be null: every row.
  StoppableFold(const card::TallyOptions& options, const dataset::UrlSet* only)
      : only_(only), tally_(options) {}

  Status OnPage(const index::ScannedPage& page) override {
    if (StopRequested().load()) return Fail(ErrorCode::kCancelled, "stopped");
    if (only_ != nullptr && !only_->HasUrl(page.capture->surt)) return {};
    return tally_.OnPage(page);
  }
  Status OnHostRow(const index::ScannedHostRow& row) override {
    if (StopRequested().load()) return Fail(ErrorCode::kCancelled, "stopped");
    if (only_ != nullptr && !only_->HasHost(row.capture->host)) return {};
    return tally_.OnHostRow(row);
  }
  bool WantsFacts(std::uint64_t alike) override { return tally_.WantsFacts(alike); }
  bool WantsBody(const index::ScannedHostRow& row) override {
    return (only_ == nullptr || only_->HasHost(row.capture->host)) && tally_.WantsBody(row);
  }
  card::Tally& tally() { return tally_.tally(); }

 private:
  const dataset::UrlSet* only_;
  card::TallyFold tally_;
};

Result<card::Tally> TallyIndex(const index::Store& store, const index::ScanOptions& options,
                               const dataset::UrlSet* only) {
  const card::TallyOptions tally_options;
  index::ScanOptions scan = card::ScanFor(options);
  // By the keys of pages and the hosts of host rows.
  if (only != nullptr) {
    scan.parts = static_cast<index::RowParts>(scan.parts | index::kRowUrl | index::kRowSurt);
  }
  CRAWLCARD_ASSIGN(const std::vector<std::unique_ptr<index::Fold>> folds,
                   index::Scan(store, scan, [&]() -> std::unique_ptr<index::Fold> {
                     return std::make_unique<StoppableFold>(tally_options, only);
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
  for (const std::string_view name : {"use", "agent"}) {
    options.emplace_back(name, fmt::format("{}", fmt::join(settings.List(name), ", ")));
  }
  // The instant that "now" was, as in the command that writes the card again.
  options.emplace_back("as-of", judge.as_of.kind == index::AsOf::Kind::kInstant
                                    ? FormatRfc3339(judge.as_of.instant)
                                    : std::string(settings.Text("as-of")));
  options.emplace_back("dialect", robots::DialectName(judge.dialect));
  options.emplace_back("policy", judge.policy.Id());
  options.emplace_back("max-age", fmt::format("{}", judge.policy.robots_age_max_s / 86'400));
  options.emplace_back("agents", AgentsVersionText());
  return options;
}

// A word as a shell takes it.
std::string ShellWord(std::string_view text) {
  const bool plain = !text.empty() && std::ranges::all_of(text, [](char c) {
    return IsAsciiAlpha(c) || IsAsciiDigit(c) ||
           std::string_view("@%+=:,./-_").find(c) != std::string_view::npos;
  });
  if (plain) return std::string(text);
  std::string out = "'";
  for (const char c : text) out += c == '\'' ? std::string("'\\''") : std::string(1, c);
  return out + "'";
}

// The flags that change what a card says, for whoever makes it again. Files are named by what they
// are, and "now" by the instant that it was.
std::string FlagsText(const Settings& settings, const index::JudgeOptions& judge) {
  std::string out;
  const auto add = [&](std::string_view name, std::string_view value) {
    out += fmt::format("{}--{} {}", out.empty() ? "" : " ", name, ShellWord(value));
  };
  for (const std::string_view name : {"use", "agent", "dialect", "policy", "max-age"}) {
    const std::string value = fmt::format("{}", fmt::join(settings.List(name), ","));
    if (settings.IsDefault(name) || value == FindFlag(name)->fallback) continue;
    const bool file = name == "policy" && NamesAFile(value, FindFlag(name)->file_ending);
    add(name, file ? "POLICY.toml" : value);
  }
  if (judge.as_of.kind == index::AsOf::Kind::kInstant) {
    add("as-of", FormatRfc3339(judge.as_of.instant));
  }
  if (judge.known_by) add("known-by", FormatRfc3339(*judge.known_by));
  if (settings.Switch("all-policies"))
    out += (out.empty() ? "" : " ") + std::string("--all-policies");
  if (!settings.IsDefault("agents-file")) add("agents-file", "AGENTS.tsv");
  if (!settings.IsDefault("about")) add("about", "ABOUT.toml");
  if (!settings.IsDefault("dataset")) add("dataset", "ROWS");
  for (const std::string_view name : {"rows", "url-field"}) {
    if (!settings.IsDefault(name)) add(name, settings.Text(name));
  }
  if (!settings.IsDefault("date")) add("date", settings.Text("date"));
  return out;
}

// What built-in policies would keep whose outcome cannot be read off `tally`: a scan for each.
Result<std::vector<card::PolicyOutcome>> MeasureOthers(const Settings& settings,
                                                       const index::Store& store,
                                                       const index::ScanOptions& judged,
                                                       UnixSeconds now, const card::Tally& tally,
                                                       const dataset::UrlSet* only) {
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
      CRAWLCARD_ASSIGN(const card::Tally own, TallyIndex(store, scan, only));
      outcome = card::OutcomeOf(other, own.verdicts);
    }
    outcomes.push_back(std::move(*outcome));
  }
  return outcomes;
}

// What the flags and the files that they name ask for: all of it before an index is opened.
Result<card::RunFacts> ReadRun(const Settings& settings, UnixSeconds now) {
  card::RunFacts run;
  CRAWLCARD_ASSIGN(run.judge, JudgeOptionsFrom(settings, now));
  const std::string_view date = settings.Text("date");
  if (!date.empty()) {
    run.date = ParseRfc3339(date);
    if (!run.date) {
      return Fail(ErrorCode::kInvalidArgument, "--date: '{}' is no date such as 2026-10-02", date);
    }
  }
  if (const std::string_view about = settings.Text("about"); !about.empty()) {
    CRAWLCARD_ASSIGN(run.about, ReadAboutFile(std::string(about)));
  }
  run.flags = FlagsText(settings, run.judge);
  return run;
}

// `tree_out` gets the tree that the card commits to; null where nobody looks at it. `rows` may be
// null.
Result<card::Card> BuildCard(const Settings& settings, UnixSeconds now, card::RunFacts run,
                             const index::Store& store, const CardDataset* rows,
                             index::LeafTree* tree_out) {
  if (rows != nullptr) run.dataset = rows->rows;
  const dataset::UrlSet* const only = rows == nullptr ? nullptr : &rows->urls;
  CRAWLCARD_ASSIGN(std::vector<index::FileEntry> files, store.Files());
  if (run.judge.known_by) {
    std::erase_if(files, [&](const index::FileEntry& file) {
      return !file.sealed || file.sealed_at > *run.judge.known_by;
    });
  }
  CRAWLCARD_ASSIGN(run.options, store.Meta());
  for (auto& option : QuotedOptions(settings, run.judge)) run.options.push_back(std::move(option));
  run.tool_version = Version();
  run.public_suffix_list = page::PublicSuffixListVersion();

  index::ScanOptions scan;
  scan.judge_options = run.judge;
  scan.jobs = JobsFrom(settings);
  CRAWLCARD_ASSIGN(const std::shared_ptr<const index::TakedownTable> takedowns,
                   index::LoadTakedowns(store, run.judge.known_by));
  run.takedowns = card::SummariseTakedowns(*takedowns, index::TakedownInstant(run.judge));
  CRAWLCARD_ASSIGN(card::Tally tally, TallyIndex(store, scan, only));
  if (tree_out != nullptr) {
    // Never a kept one: a card commits to the rows that it has just counted.
    CRAWLCARD_ASSIGN(*tree_out, BuildIndexTree(settings, store, run.judge.known_by));
    run.tree = card::IndexTree{tree_out->size, Base64(tree_out->root)};
  }
  CRAWLCARD_ASSIGN(const std::vector<card::PolicyOutcome> measured,
                   MeasureOthers(settings, store, scan, now, tally, only));
  return card::MakeCard(std::move(run), card::SummariseInputs(files), std::move(tally), measured);
}

constexpr std::string_view kAll = "all";
constexpr std::string_view kDomainsCsv = "domains-csv";

// Formats that carry a date and have no word for its absence.
bool NeedsDate(std::string_view format) {
  return format != "html" && format != "md" && format != "json" && format != kDomainsCsv;
}

Result<std::string> Render(const card::FormInput& input, std::string_view name) {
  const card::Format* format = card::FindFormat(name);
  if (format == nullptr) return card::RenderSummary(input.card);  // "text"
  if (NeedsDate(name) && !input.card.date) {
    return Fail(ErrorCode::kInvalidArgument,
                "--format: {} needs a date, and no capture carries one: give --date", name);
  }
  if (name == kDomainsCsv && !input.card.domain_list.complete) {
    return Fail(ErrorCode::kInvalidArgument,
                "--format: {} would not be whole: the index holds more domains than {}", name,
                card::limits::kDomainRowsMax);
  }
  return format->render(input);
}

struct Target {
  std::string path;
  std::string format;
};

// --out names a directory: every format gets its own file, and the list of domains that several of
// them name goes with them.
std::vector<Target> DirectoryTargets(const std::string& directory,
                                     const std::vector<std::string>& asked) {
  const bool all = asked.empty() || std::ranges::find(asked, kAll) != asked.end();
  std::vector<Target> targets;
  for (const card::Format& format : card::Formats()) {
    const bool wanted =
        all || format.name == kDomainsCsv || std::ranges::find(asked, format.name) != asked.end();
    if (!wanted) continue;
    const std::filesystem::path path = std::filesystem::path(directory) / format.file;
    targets.push_back({path.string(), std::string(format.name)});
  }
  return targets;
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

Result<std::vector<Target>> TargetsFrom(const Settings& settings) {
  const std::vector<std::string>& formats = settings.List("format");
  const std::vector<std::string>& out = settings.List("out");
  const bool several = formats.size() > 1 || settings.Text("format") == kAll;
  if (several && std::ranges::any_of(formats, [](const std::string& format) {
        return format == "text" || format == "none";
      })) {
    return Fail(ErrorCode::kInvalidArgument, "--format: text and none stand alone");
  }
  if (several && out.size() != 1) {
    return Fail(ErrorCode::kInvalidArgument,
                "--format: several formats need one --out DIR to be written to");
  }
  std::error_code ignored;
  if (out.size() == 1 &&
      (several || out[0].ends_with('/') || std::filesystem::is_directory(out[0], ignored))) {
    return DirectoryTargets(out[0], formats);
  }
  std::vector<Target> targets;
  for (const std::string& path : out) {
    CRAWLCARD_ASSIGN(std::string format, FormatOf(path, settings));
    targets.push_back({path, std::move(format)});
  }
  return targets;
}

// Writes the cards and says so in `text`; `noted` gets what a note says of them.
Status WriteTargets(const card::FormInput& input, const std::vector<Target>& targets,
                    std::string& text, std::vector<NotedCard>& noted) {
  for (const Target& target : targets) {
    // Not asked for by name: an incomplete list is left out instead of being refused.
    if (targets.size() > 1 && target.format == kDomainsCsv && !input.card.domain_list.complete) {
      continue;
    }
    CRAWLCARD_ASSIGN(const std::string bytes, Render(input, target.format));
    const std::filesystem::path parent = std::filesystem::path(target.path).parent_path();
    std::error_code error;
    if (!parent.empty()) std::filesystem::create_directories(parent, error);
    if (error) {
      return Fail(ErrorCode::kIo, "--out: cannot make {}: {}", parent.string(), error.message());
    }
    CRAWLCARD_TRY(WriteFileAtomically(target.path, bytes));
    noted.push_back({target.path, Hex(Sha256(bytes))});
    text += fmt::format("card: {}\n", Printable(target.path));
  }
  return {};
}

Result<std::string> OneFact(const card::Facts& facts, std::string_view id) {
  if (const card::Fact* fact = facts.Find(id)) return card::FactAsText(*fact);
  std::vector<std::string_view> known;
  for (const card::Fact& fact : facts.all()) known.push_back(fact.id);
  const std::string_view closest = ClosestWord(id, known);
  return Fail(
      ErrorCode::kInvalidArgument, "--fact: a card has no fact '{}'{}", id,
      closest.empty() ? "; the JSON card lists all" : fmt::format("; did you mean '{}'?", closest));
}

// The largest form of a card that is read back.
constexpr std::uint64_t kFormBytesMax = 256ULL << 20;

bool AsJson(const Context& context) {
  const std::string_view asked = context.settings.Text("format");
  return asked.empty() ? !context.out.is_terminal() : asked == "json";
}

// Whether what is asked for says anything of the tree, which hashes every row.
bool ShowsTree(const Context& context, bool has_targets) {
  const std::string_view fact = context.settings.Text("fact");
  if (!fact.empty()) return fact.starts_with("tree.");
  if (context.silent()) return false;
  if (has_targets) return true;
  const std::string_view asked = context.settings.Text("format");
  if (asked.empty()) return !context.out.is_terminal();
  return asked != "text" && asked != kDomainsCsv;
}

Result<int> CheckCard(const Context& context, const std::filesystem::path& directory) {
  std::vector<card::FormFile> files;
  for (const card::Format& format : card::Formats()) {
    const std::filesystem::path path = directory / format.file;
    std::error_code ignored;
    if (!std::filesystem::exists(path, ignored)) continue;
    CRAWLCARD_ASSIGN(std::string bytes, ReadFile(path.string(), kFormBytesMax));
    files.push_back({std::string(format.file), std::move(bytes)});
  }
  CRAWLCARD_ASSIGN(const card::Consistency found, card::CheckForms(files));
  CRAWLCARD_TRY(context.out.Write(AsJson(context) ? card::ConsistencyJson(found)
                                                  : card::ConsistencyText(found)));
  return found.differences.empty() ? kExitDone : kExitNo;
}

Result<int> ScoreSummary(const Context& context, const std::string& path) {
  CRAWLCARD_ASSIGN(const std::string bytes, ReadFile(path, kFormBytesMax));
  CRAWLCARD_ASSIGN(const card::Score score, card::ScoreEuSummary(bytes));
  CRAWLCARD_TRY(
      context.out.Write(AsJson(context) ? card::ScoreJson(score) : card::ScoreText(score)));
  return kExitDone;
}

}  // namespace

Result<int> RunCard(const Context& context) {
  const Settings& settings = context.settings;
  if (!settings.Text("check").empty()) {
    return CheckCard(context, std::string(settings.Text("check")));
  }
  if (!settings.Text("score").empty()) {
    return ScoreSummary(context, std::string(settings.Text("score")));
  }
  if (settings.Switch("about-template")) {
    CRAWLCARD_TRY(context.out.Write(card::AboutTemplate()));
    return kExitDone;
  }
  CRAWLCARD_ASSIGN(const std::vector<Target> targets, TargetsFrom(settings));
  if (!settings.Text("key").empty() && targets.empty()) {
    return Fail(ErrorCode::kInvalidArgument, "--key: a note is written beside a card: give --out");
  }
  const UnixSeconds now = Now();
  CRAWLCARD_ASSIGN(card::RunFacts run, ReadRun(settings, now));
  CRAWLCARD_ASSIGN(std::optional<CardDataset> rows, ReadCardDataset(context));
  const int done = rows && rows->is_damaged ? kExitDamaged : kExitDone;
  std::unique_ptr<index::Store> store;
  if (rows) {
    store = std::move(rows->store);
  } else {
    CRAWLCARD_ASSIGN(store, OpenIndex(settings, index::OpenMode::kRead));
  }
  index::LeafTree tree;
  CRAWLCARD_ASSIGN(const card::Card card,
                   BuildCard(settings, now, std::move(run), *store, rows ? &*rows : nullptr,
                             ShowsTree(context, !targets.empty()) ? &tree : nullptr));
  const card::Facts facts = card::BuildFacts(card);
  const card::FormInput input{card, facts};
  if (!settings.Text("fact").empty()) {
    CRAWLCARD_ASSIGN(const std::string text, OneFact(facts, settings.Text("fact")));
    CRAWLCARD_TRY(context.out.Write(text));
    return done;
  }
  if (context.silent()) {
    context.log.Line(card::RenderSummary(card));
    return done;
  }
  if (targets.empty()) {
    const std::string_view fallback = context.out.is_terminal() ? "text" : "json";
    const std::string_view asked = settings.Text("format");
    CRAWLCARD_ASSIGN(const std::string text, Render(input, asked.empty() ? fallback : asked));
    CRAWLCARD_TRY(context.out.Write(text));
    return done;
  }
  std::string text;
  std::vector<NotedCard> noted;
  CRAWLCARD_TRY(WriteTargets(input, targets, text, noted));
  if (!settings.Text("key").empty()) {
    CRAWLCARD_ASSIGN(const std::string path,
                     WriteCardNote(std::string(settings.Text("key")), tree, noted));
    text += fmt::format("note: {}\n", Printable(path));
  }
  CRAWLCARD_TRY(context.out.Write(text + card::RenderSummary(card)));
  return done;
}

}  // namespace crawlcard::tools
