#include "dataset/block_judge.h"

#include <algorithm>

#include <fmt/format.h>

#include "base/assert.h"
#include "base/json_writer.h"
#include "base/text.h"
#include "dataset/limits.h"

namespace crawlcard::dataset {
namespace {

constexpr std::string_view kVerdictStart = R"({"schema":"crawlcard.verdict.v1",)";
constexpr std::string_view kTakedown = "takedown";

// Families of the reasons that say what the first, deciding one says, once each; none where that
// grants or says nothing. A licence says nothing by itself: where it set the conditions it decided.
std::vector<std::string_view> DecidingFamilies(const robots::VerdictCodes& codes) {
  std::vector<std::string_view> families;
  if (codes.reasons.empty() || codes.reasons.front().says == robots::Says::kAllow) return families;
  const auto add = [&](const auto& decides) {
    for (const robots::ReasonCode& reason : codes.reasons) {
      if (!decides(reason)) continue;
      const std::string_view name = robots::FamilyName(reason.family);
      if (std::ranges::find(families, name) == families.end()) families.push_back(name);
    }
  };
  const robots::Says said = codes.reasons.front().says;
  if (said != robots::Says::kNothing) {
    add([&](const robots::ReasonCode& reason) { return reason.says == said; });
  } else if (codes.decision == robots::Decision::kConditional) {
    add([](const robots::ReasonCode& reason) {
      return reason.says == robots::Says::kConditional || reason.says == robots::Says::kLimited;
    });
    if (families.empty()) families.push_back(robots::FamilyName(robots::Family::kLicence));
  }
  return families;
}

void Flush(std::unordered_map<std::string_view, Amount>& from, AmountsByName& to) {
  for (const auto& [name, amount] : from) to[std::string(name)].Add(amount);
  from.clear();
}

}  // namespace

bool KeepsRow(const index::BatchAnswer* answer) {
  return answer != nullptr && answer->codes.front()->usable && answer->takedown == nullptr;
}

BlockJudge::BlockJudge(const JudgeJob& job, const FieldTree& fields,
                       std::unique_ptr<index::Batch::Worker> worker)
    : job_(job),
      parser_(fields),
      worker_(std::move(worker)),
      gzip_(MemberFormat::kGzip, kGzipLevel),
      zstd_(MemberFormat::kZstd, kZstdLevel),
      shared_(job.policies.size()),
      lost_domains_(job.policies.size()),
      lost_languages_(job.policies.size()) {}

Result<BlockResult> BlockJudge::Judge(const RowBlock& block, const FileHead& head) {
  BlockResult result;
  result.tally.questions.resize(job_.policies.size());
  if (job_.make_observer != nullptr) result.observer = job_.make_observer(job_.observer_context);
  tails_.clear();
  unknown_.clear();
  parser_.Parse(block, head.format, head.columns, rows_);
  CRAWLCARD_TRY(Ask());
  // Later pieces of a row that is too long are bytes of the row that was counted.
  const bool is_more = block.is_piece && !block.starts_row;
  for (std::size_t i = 0; i < rows_.size(); ++i) {
    const Row& row = rows_[i];
    const index::BatchAnswer* answer = answers_[i];
    if (is_more) {
      const Amount more{0, row.bytes, 0};
      result.tally.all.Add(more);
      result.tally.faults[static_cast<std::size_t>(row.fault)].Add(more);
      continue;
    }
    Count(row, answer, result.tally);
    if (result.observer != nullptr) result.observer->OnRow(row, answer);
    if (IsDamage(row.fault) && result.faults.size() < limits::kFaultsToldMax) {
      result.faults.push_back({row.fault, row.number});
    }
    if (answer == nullptr) continue;
    if (job_.unknown_hosts && !answer->host_known) NoteUnknownHost(*answer, result);
    if (job_.lines != LineStyle::kNone) AppendLine(row, *answer, head, result.lines);
  }
  CountQuestions(result.tally);
  if (job_.split) Split(block, head, result);
  return result;
}

Status BlockJudge::Ask() {
  asked_.clear();
  answers_.assign(rows_.size(), nullptr);
  for (const Row& row : rows_) {
    if (row.fault == RowFault::kNone) asked_.push_back({row.url, row.date});
  }
  CRAWLCARD_ASSIGN(const std::span<const index::BatchAnswer> answers, worker_->Judge(asked_));
  CRAWLCARD_ASSERT(answers.size() == asked_.size());
  std::size_t next = 0;
  for (std::size_t i = 0; i < rows_.size(); ++i) {
    if (rows_[i].fault != RowFault::kNone) continue;
    const index::BatchAnswer& answer = answers[next++];
    if (answer.state == index::BatchAnswer::State::kAnswered) {
      answers_[i] = &answer;
    } else {
      rows_[i].fault = RowFault::kNoUrl;
    }
  }
  return {};
}

void BlockJudge::Count(const Row& row, const index::BatchAnswer* answer, Tally& tally) {
  tally.all.Add(row);
  if (!row.language.empty()) languages_[row.language].Add(row);
  if (answer == nullptr) {
    tally.faults[static_cast<std::size_t>(row.fault)].Add(row);
    return;
  }
  tally.judged.Add(row);
  if (!answer->host_known) tally.unknown_hosts.Add(row);
  if (!answer->page_known) tally.without_page.Add(row);
  const bool is_taken = answer->takedown != nullptr;
  // Questions beyond the policies are for observers.
  for (std::size_t i = 0; i < shared_.size(); ++i) {
    const robots::VerdictCodes* codes = answer->codes[i];
    Shared& shared = shared_[i][codes];
    (is_taken ? shared.taken : shared.plain).Add(row);
    if (codes->usable && !is_taken) continue;
    lost_domains_[i][answer->domain].Add(row);
    if (!row.language.empty()) lost_languages_[i][row.language].Add(row);
  }
}

// What rows share is written out once a block.
void BlockJudge::CountQuestions(Tally& tally) {
  for (std::size_t i = 0; i < shared_.size(); ++i) {
    QuestionTally& question = tally.questions[i];
    for (const auto& [codes, shared] : shared_[i]) {
      Amount both = shared.plain;
      both.Add(shared.taken);
      question.Add(*codes, both);
      if (shared.taken.rows != 0) {
        question.lost.Add(shared.taken);
        question.lost_reasons[std::string(kTakedown)].Add(shared.taken);
      }
      if (codes->usable) {
        question.usable.Add(shared.plain);
        continue;
      }
      if (shared.plain.rows == 0) continue;
      question.lost.Add(shared.plain);
      question.lost_reasons[std::string(robots::DecisionName(codes->decision))].Add(shared.plain);
      for (const std::string_view family : DecidingFamilies(*codes)) {
        question.lost_families[std::string(family)].Add(shared.plain);
      }
    }
    shared_[i].clear();
    for (const auto& [domain, amount] : lost_domains_[i]) question.lost_domains.Add(domain, amount);
    lost_domains_[i].clear();
    Flush(lost_languages_[i], question.lost_languages);
  }
  Flush(languages_, tally.languages);
}

void BlockJudge::AppendLine(const Row& row, const index::BatchAnswer& answer, const FileHead& head,
                            std::string& out) {
  if (job_.lines == LineStyle::kText) {
    const robots::VerdictCodes& codes = *answer.codes.front();
    fmt::format_to(std::back_inserter(out), "{}:{}  {}  {}", head.name, row.number,
                   KeepsRow(&answer) ? "usable" : "not usable",
                   answer.takedown == nullptr ? robots::DecisionName(codes.decision) : kTakedown);
    for (const std::string_view family : DecidingFamilies(codes)) {
      out += "  ";
      out += family;
    }
    out += "  ";
    AppendValidUtf8(answer.host, out);
    out += '\n';
    return;
  }
  // The verdict as `check` prints it, and which row it is for.
  CRAWLCARD_ASSERT(answer.json.starts_with(kVerdictStart));
  out += kVerdictStart;
  out += R"("file":)";
  AppendJsonString(head.name, out);
  fmt::format_to(std::back_inserter(out), R"(,"row":{},)", row.number);
  out += answer.json.substr(kVerdictStart.size());
  out += '\n';
}

// What a dropped row is told by; the evidence is `check`'s to show.
void BlockJudge::AppendVerdictTail(const robots::VerdictCodes& codes, std::string& out) {
  JsonWriter json(out);
  json.BeginObject();
  json.Member("decision", robots::DecisionName(codes.decision));
  json.Key("families").BeginArray();
  for (const std::string_view family : DecidingFamilies(codes)) json.String(family);
  json.EndArray();
  json.Key("clause").StringOrNull(codes.reasons.empty() ? "" : codes.reasons.front().clause);
  json.Key("carrier").StringOrNull(
      codes.reasons.empty() ? "" : robots::CarrierName(codes.reasons.front().carrier));
  json.Key("flags").BeginArray();
  for (const std::string& flag : codes.flags) json.String(flag);
  json.EndArray();
  json.EndObject();
}

void BlockJudge::AppendReason(const Row& row, const index::BatchAnswer* answer, std::string& out) {
  JsonWriter json(out);
  json.BeginObject();
  json.Member("schema", "crawlcard.dropped.v1");
  json.Member("row", row.number);
  json.Key("url").StringOrNull(row.url);
  if (answer == nullptr) {
    json.Member("reason", RowFaultName(row.fault));
    json.Key("policy").Null();
    json.Key("takedown").Null();
    json.EndObject();
    out += '\n';
    return;
  }
  const robots::VerdictCodes* codes = answer->codes.front();
  json.Member("reason",
              answer->takedown == nullptr ? robots::DecisionName(codes->decision) : kTakedown);
  json.Member("policy", job_.policies.front());
  json.Key("takedown")
      .StringOrNull(answer->takedown == nullptr ? std::string_view() : answer->takedown->id);
  json.EndObject();
  std::string& tail = tails_[codes];
  if (tail.empty()) AppendVerdictTail(*codes, tail);
  // The members that rows share follow as they were written once.
  out.back() = ',';
  out += std::string_view(tail).substr(1);
  out += '\n';
}

void BlockJudge::NoteUnknownHost(const index::BatchAnswer& answer, BlockResult& result) {
  if (!unknown_.emplace(answer.host, true).second) return;
  result.unknown_hosts.emplace_back(answer.host);
}

void BlockJudge::Pack(const FileHead& head, std::string& bytes) {
  if (head.packing == Packing::kPlain || bytes.empty()) return;
  std::string packed;
  (head.packing == Packing::kGzip ? gzip_ : zstd_).Append(bytes, packed);
  bytes = std::move(packed);
}

void BlockJudge::Split(const RowBlock& block, const FileHead& head, BlockResult& result) {
  const bool has_text = block.cells.empty();
  for (std::size_t i = 0; i < rows_.size(); ++i) {
    const bool keeps = KeepsRow(answers_[i]);
    if (has_text) (keeps ? result.kept : result.dropped) += block.Row(i);
    if (keeps || (block.is_piece && !block.starts_row)) continue;
    if (!has_text) result.dropped_rows.push_back(rows_[i].number);
    AppendReason(rows_[i], answers_[i], result.reasons);
  }
  Pack(head, result.kept);
  Pack(head, result.dropped);
  Pack(head, result.reasons);
}

}  // namespace crawlcard::dataset
