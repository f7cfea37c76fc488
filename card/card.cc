#include "card/card.h"

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "card/dates.h"
#include "card/text.h"

namespace crawlcard::card {
namespace {

constexpr std::string_view kRun = "run.";

// Takes the manifests of crawls out of the index's options.
std::vector<std::pair<std::string, std::string>> TakeCrawls(
    std::vector<std::pair<std::string, std::string>>& options) {
  std::vector<std::pair<std::string, std::string>> crawls;
  for (const auto& [name, value] : options) {
    if (name.starts_with(kRun)) crawls.emplace_back(name.substr(kRun.size()), value);
  }
  std::erase_if(options, [](const auto& option) { return option.first.starts_with(kRun); });
  return crawls;
}

std::vector<Card::PolicyRow> PolicyRows(const robots::Policy& judged, const Tally& tally,
                                        const std::vector<PolicyOutcome>& measured) {
  std::vector<Card::PolicyRow> rows;
  if (!tally.verdicts.judged()) return rows;
  rows.push_back({judged, OutcomeOf(judged, tally.verdicts)});
  for (const std::string_view name : robots::BuiltInPolicyNames()) {
    const std::optional<robots::Policy> policy = robots::BuiltInPolicy(name);
    if (!policy || policy->Id() == judged.Id()) continue;
    const auto own = std::find_if(measured.begin(), measured.end(), [&](const PolicyOutcome& one) {
      return one.policy.Id() == policy->Id();
    });
    if (own != measured.end()) {
      rows.push_back({own->policy, *own});
    } else {
      rows.push_back({*policy, Derive(judged, tally.verdicts, *policy)});
    }
  }
  std::sort(rows.begin() + 1, rows.end(),
            [](const auto& a, const auto& b) { return a.policy.Id() < b.policy.Id(); });
  return rows;
}

std::string Day(const std::optional<UnixSeconds>& date) {
  return date ? FormatDay(*date) : std::string(kNotKnown);
}

// "eng 61.0 %, deu 20.1 %": the first values of a table.
std::string Leading(const ReachTable& table, std::uint64_t whole, std::size_t count) {
  std::string out;
  for (const ReachTable::Row& row : table.Sorted()) {
    if (count-- == 0) break;
    if (!out.empty()) out += ", ";
    out += row.key.empty() ? std::string(kNotKnown) : VisibleText(row.key, 40);
    out += ' ';
    out += FormatShare(row.reach->captures, whole);
  }
  return out.empty() ? std::string(kNotApplicable) : out;
}

std::string Optional(const std::optional<UnixSeconds>& date) {
  return date ? FormatRfc3339(*date) : std::string();
}

}  // namespace

Card MakeCard(RunFacts run, InputSummary inputs, Tally tally,
              const std::vector<PolicyOutcome>& measured) {
  Card card;
  std::sort(run.options.begin(), run.options.end());
  card.crawls = TakeCrawls(run.options);
  card.date_given = run.date.has_value();
  card.date = run.date ? run.date : tally.last;
  card.policies = PolicyRows(run.judge.policy, tally, measured);
  card.run = std::move(run);
  card.inputs = std::move(inputs);
  card.tally = std::move(tally);
  const bool small = card.run.about.Text("provider.sme") == "yes";
  card.domain_list =
      SummariseDomainList(card.tally, small ? DomainRule::kSmallProvider : DomainRule::kTopTenth);
  return card;
}

std::string ReproductionCommand(const Card& card) {
  std::string command = "crawlcard card --index INDEX";
  if (!card.run.flags.empty()) command += " " + card.run.flags;
  return command;
}

std::string RenderSummary(const Card& card) {
  const Tally& tally = card.tally;
  const VerdictTally& verdicts = tally.verdicts;
  std::string out;
  const auto line = [&](std::string_view name, const std::string& text) {
    out += fmt::format("{:<12}{}\n", name, text);
  };
  line("read",
       fmt::format("{}, {}; {}, {}", FormatNoun(card.inputs.files, "file"),
                   FormatBytes(card.inputs.bytes), FormatNoun(card.inputs.records, "record"),
                   FormatNoun(card.inputs.damaged_units, "damaged unit")));
  line("captured", tally.first ? fmt::format("{} to {}", Day(tally.first), Day(tally.last))
                               : std::string(kNotKnown));
  line("pages", fmt::format("{} of {}, {}", FormatNoun(tally.pages.captures, "page"),
                            FormatNoun(tally.captures.captures, "capture"),
                            FormatNoun(tally.page_urls.count, "distinct URL")));
  line("from", fmt::format("{}, {}", FormatNoun(tally.captures.hosts.count, "host"),
                           FormatNoun(tally.captures.domains.count, "domain")));
  line("size", fmt::format("{} payload, {} text", FormatBytes(tally.captures.payload_bytes),
                           FormatBytes(tally.captures.text_bytes)));
  line("languages", Leading(tally.languages, tally.pages.captures, 4));
  const std::string licensed = FormatShare(tally.pages_with_licence.captures, tally.pages.captures);
  line("licences", tally.pages.captures == 0 ? licensed : "stated by " + licensed + " of pages");
  line("robots.txt",
       fmt::format("{} observed, {} readable, refusing everybody: {}",
                   FormatNoun(tally.hosts.file(robots::WellKnown::kRobotsTxt).origins, "origin"),
                   FormatCount(tally.hosts.robots_read()),
                   FormatCount(tally.hosts.agents()[0].refused())));
  if (!verdicts.judged()) {
    line("verdict", std::string(kNotKnown));
    return out;
  }
  line("verdict",
       fmt::format("{}, use {}: {} usable, {} denied, {} indeterminate (of pages)",
                   card.run.judge.policy.Id(), robots::AxisName(card.run.judge.use),
                   FormatShare(verdicts.usable.captures, verdicts.pages.captures),
                   FormatShare(verdicts.pages_by(robots::Decision::kDeny).captures,
                               verdicts.pages.captures),
                   FormatShare(verdicts.pages_by(robots::Decision::kIndeterminate).captures,
                               verdicts.pages.captures)));
  return out;
}

Status WriteDomainCsv(const Tally& tally,
                      const std::function<Status(std::string_view line)>& on_line) {
  CRAWLCARD_TRY(
      on_line("rank,domain,payload_bytes,text_bytes,captures,pages,hosts,first_seen,last_seen\n"));
  std::size_t rank = 0;
  for (const DomainRow& row : tally.domains.rows()) {
    const std::string line =
        fmt::format("{},{},{},{},{},{},{},{},{}\n", ++rank, CsvCell(VisibleText(row.domain)),
                    row.payload_bytes, row.text_bytes, row.captures, row.pages, row.hosts.count,
                    Optional(row.first), Optional(row.last));
    CRAWLCARD_TRY(on_line(line));
  }
  return {};
}

}  // namespace crawlcard::card
