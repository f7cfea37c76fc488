#include "dataset/tally_json.h"

#include <simdjson.h>

#include "base/assert.h"
#include "dataset/limits.h"

namespace crawlcard::dataset {
namespace {

namespace dom = simdjson::dom;
using Entry = std::pair<std::string, Amount>;

void WriteMembers(const Amount& amount, JsonWriter& json) {
  json.Member("rows", amount.rows);
  json.Member("bytes", amount.bytes);
  json.Member("tokens", amount.tokens);
}

void WriteAmount(std::string_view key, const Amount& amount, JsonWriter& json) {
  json.Key(key).BeginObject();
  WriteMembers(amount, json);
  json.EndObject();
}

void WriteEntries(std::string_view key, const std::vector<Entry>& entries, JsonWriter& json) {
  json.Key(key).BeginArray();
  for (const auto& [name, amount] : entries) {
    json.BeginObject();
    json.Member("name", name);
    WriteMembers(amount, json);
    json.EndObject();
  }
  json.EndArray();
}

void WriteNames(std::string_view key, const AmountsByName& names, std::size_t top,
                JsonWriter& json) {
  BoundedAmounts bounded;
  for (const auto& [name, amount] : names) bounded.Add(name, amount);
  WriteEntries(key, bounded.Top(top), json);
}

void WriteQuestion(const QuestionTally& question, std::string_view policy, std::size_t top,
                   JsonWriter& json) {
  json.BeginObject();
  json.Member("policy", policy);
  WriteAmount("usable", question.usable, json);
  WriteAmount("lost", question.lost, json);
  WriteNames("decisions", question.decisions, SIZE_MAX, json);
  WriteNames("lost_by_reason", question.lost_reasons, SIZE_MAX, json);
  WriteNames("lost_by_family", question.lost_families, SIZE_MAX, json);
  WriteNames("lost_by_language", question.lost_languages, top, json);
  WriteEntries("lost_by_domain", question.lost_domains.Top(top), json);
  json.Member("lost_by_domain_error_rows", question.lost_domains.error_rows());
  WriteNames("refused_agents", question.refused_agents, SIZE_MAX, json);
  WriteNames("refused_operators", question.refused_operators, SIZE_MAX, json);
  json.EndObject();
}

// Reads what WriteManifest() wrote: anything else is an error, whatever is missing.
class Reader {
 public:
  std::uint64_t Uint(dom::element object, std::string_view key) {
    std::uint64_t value = 0;
    Note(object[key].get(value));
    return value;
  }
  std::string Text(dom::element object, std::string_view key) {
    std::string_view value;
    Note(object[key].get(value));
    return std::string(value);
  }
  Amount AmountOf(dom::element object) {
    return {Uint(object, "rows"), Uint(object, "bytes"), Uint(object, "tokens")};
  }
  Amount AmountOf(dom::element object, std::string_view key) {
    dom::element value;
    Note(object[key].get(value));
    return is_ok_ ? AmountOf(value) : Amount();
  }
  template <class Take>
  void Each(dom::element object, std::string_view key, const Take& take) {
    dom::array array;
    Note(object[key].get(array));
    if (!is_ok_) return;
    for (const dom::element each : array) take(each);
  }
  void Names(dom::element object, std::string_view key, AmountsByName& out) {
    Each(object, key, [&](dom::element each) { out[Text(each, "name")] = AmountOf(each); });
  }
  QuestionTally Question(dom::element object) {
    QuestionTally question;
    question.usable = AmountOf(object, "usable");
    question.lost = AmountOf(object, "lost");
    Names(object, "decisions", question.decisions);
    Names(object, "lost_by_reason", question.lost_reasons);
    Names(object, "lost_by_family", question.lost_families);
    Names(object, "lost_by_language", question.lost_languages);
    Each(object, "lost_by_domain",
         [&](dom::element each) { question.lost_domains.Add(Text(each, "name"), AmountOf(each)); });
    question.lost_domains.AddError(Uint(object, "lost_by_domain_error_rows"));
    Names(object, "refused_agents", question.refused_agents);
    Names(object, "refused_operators", question.refused_operators);
    return question;
  }
  bool is_ok() const { return is_ok_; }
  void Note(simdjson::error_code code) { is_ok_ = is_ok_ && code == simdjson::SUCCESS; }

 private:
  bool is_ok_ = true;
};

Tally ReadTally(dom::element object, Reader& reader) {
  Tally tally;
  tally.all = reader.AmountOf(object, "all");
  tally.judged = reader.AmountOf(object, "judged");
  tally.unknown_hosts = reader.AmountOf(object, "unknown_hosts");
  tally.without_page = reader.AmountOf(object, "without_page");
  reader.Names(object, "languages", tally.languages);
  AmountsByName faults;
  reader.Names(object, "not_judged", faults);
  for (std::size_t i = 0; i < tally.faults.size(); ++i) {
    const auto found = faults.find(RowFaultName(static_cast<RowFault>(i)));
    if (found != faults.end()) tally.faults[i] = found->second;
  }
  reader.Each(object, "policies",
              [&](dom::element each) { tally.questions.push_back(reader.Question(each)); });
  return tally;
}

}  // namespace

void WriteTally(const Tally& tally, const std::vector<std::string>& policies, std::size_t top,
                JsonWriter& json) {
  WriteAmount("all", tally.all, json);
  WriteAmount("judged", tally.judged, json);
  WriteAmount("unknown_hosts", tally.unknown_hosts, json);
  WriteAmount("without_page", tally.without_page, json);
  WriteNames("languages", tally.languages, top, json);
  AmountsByName faults;
  for (std::size_t i = 1; i < tally.faults.size(); ++i) {
    if (tally.faults[i] == Amount()) continue;
    faults[std::string(RowFaultName(static_cast<RowFault>(i)))] = tally.faults[i];
  }
  WriteNames("not_judged", faults, SIZE_MAX, json);
  json.Key("policies").BeginArray();
  CRAWLCARD_ASSERT(tally.questions.size() <= policies.size());
  for (std::size_t i = 0; i < tally.questions.size(); ++i) {
    WriteQuestion(tally.questions[i], policies[i], top, json);
  }
  json.EndArray();
}

std::string WriteManifest(const Manifest& manifest, const std::vector<std::string>& policies) {
  std::string text;
  JsonWriter json(text);
  json.BeginObject();
  json.Member("schema", "crawlcard.filter-file.v1");
  json.Member("asked", manifest.asked);
  json.Member("input", manifest.input);
  json.Member("input_bytes", manifest.input_bytes);
  json.Member("input_mtime_ns", static_cast<std::uint64_t>(manifest.input_mtime_ns));
  json.Member("kept", manifest.kept);
  json.Member("kept_bytes", manifest.kept_bytes);
  json.Member("dropped", manifest.dropped);
  json.Member("dropped_bytes", manifest.dropped_bytes);
  json.Member("reasons", manifest.reasons);
  json.Member("reasons_bytes", manifest.reasons_bytes);
  json.Member("damage", manifest.damage);
  WriteTally(manifest.tally, policies, SIZE_MAX, json);
  json.EndObject();
  text += '\n';
  return text;
}

Result<Manifest> ReadManifest(std::string_view text) {
  dom::parser parser;
  dom::element root;
  const simdjson::padded_string padded(text);
  Reader reader;
  reader.Note(parser.parse(padded).get(root));
  Manifest manifest;
  if (reader.is_ok()) {
    manifest.asked = reader.Text(root, "asked");
    manifest.input = reader.Text(root, "input");
    manifest.input_bytes = reader.Uint(root, "input_bytes");
    manifest.input_mtime_ns = static_cast<std::int64_t>(reader.Uint(root, "input_mtime_ns"));
    manifest.kept = reader.Text(root, "kept");
    manifest.kept_bytes = reader.Uint(root, "kept_bytes");
    manifest.dropped = reader.Text(root, "dropped");
    manifest.dropped_bytes = reader.Uint(root, "dropped_bytes");
    manifest.reasons = reader.Text(root, "reasons");
    manifest.reasons_bytes = reader.Uint(root, "reasons_bytes");
    manifest.damage = reader.Text(root, "damage");
    manifest.tally = ReadTally(root, reader);
  }
  if (!reader.is_ok()) return Fail(ErrorCode::kCorrupt, "no manifest of a filtered file");
  return manifest;
}

}  // namespace crawlcard::dataset
