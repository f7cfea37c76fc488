#include "card/score.h"

#include <algorithm>
#include <array>

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <simdjson.h>

#include "base/json_writer.h"
#include "base/text.h"
#include "card/text.h"

namespace crawlcard::card {
namespace {

struct ScoreRule {
  std::string_view field;
  std::string_view title;
  std::uint64_t points;
  // Where a person said no to the section, the field does not apply; empty: it always does.
  std::string_view gate;
  std::string_view paths;  // separated by blanks
};

// Points: sums over the framework's metrics of a field, as counted on 2026-11-22.
constexpr auto kRules = std::to_array<ScoreRule>({
    {"0.a", "Version of the summary", 11, "", "/summary/version"},
    {"0.b", "Last update", 3, "", "/summary/last_update"},
    {"1.1.a", "Provider and contact", 20, "", "/s1_1/provider_name /s1_1/provider_contact"},
    {"1.1.b", "Authorised representative", 12, "",
     "/s1_1/authorised_representative_name /s1_1/authorised_representative_contact"},
    {"1.2.a", "Versioned models", 25, "",
     "/s1_2/models/0/name /s1_2/models/0/version /s1_2/models/0/docs_link"},
    {"1.2.b", "Models that these depend on", 25, "", "/s1_2/dependencies/0/name"},
    {"1.2.c", "Placed on the market", 2, "", "/s1_2/market_placement_date"},
    {"1.3.a", "Modalities", 6, "", "/s1_3/modalities/0/modality"},
    {"1.3.b", "Size of each modality", 21, "", "/s1_3/modalities/0/size_value"},
    {"1.3.c", "Types of content", 30, "", "/s1_3/modalities/0/types_of_content"},
    {"1.3.d", "Latest acquisition", 6, "",
     "/s1_3/latest_acquisition /s1_3/continuous_training_after"},
    {"1.3.e", "Linguistic characteristics", 30, "", "/s1_3/linguistic_characteristics"},
    {"1.3.f", "Other characteristics", 30, "", "/s1_3/other_characteristics"},
    {"1.3.g", "Comments on sizes", 10, "", "/s1_3/additional_comments"},
    {"2.1.a", "Public datasets used", 2, "", "/s2_1/used/value"},
    {"2.1.b", "Their modalities", 6, "/s2_1/used/value", "/s2_1/modalities/0"},
    {"2.1.c", "Large public datasets", 140, "/s2_1/used/value",
     "/s2_1/large_datasets/0/name /s2_1/large_datasets/0/version /s2_1/large_datasets/0/link "
     "/s2_1/large_datasets/0/selection_note"},
    {"2.1.d", "Other public datasets", 160, "/s2_1/used/value", "/s2_1/other_description"},
    {"2.1.e", "Comments", 12, "/s2_1/used/value", "/s2_1/additional_comments"},
    {"2.2.1.a", "Licensed datasets", 2, "", "/s2_2_1/used/value"},
    {"2.2.1.b", "Their modalities", 6, "/s2_2_1/used/value", "/s2_2_1/modalities/0"},
    {"2.2.2.a", "Other private datasets", 2, "", "/s2_2_2/used/value"},
    {"2.2.2.b", "Their modalities", 6, "/s2_2_2/used/value", "/s2_2_2/modalities/0"},
    {"2.2.2.c", "List of those publicly known", 80, "/s2_2_2/used/value", "/s2_2_2/datasets/0"},
    {"2.2.2.d", "Description of the others", 144, "/s2_2_2/used/value",
     "/s2_2_2/other_description"},
    {"2.2.2.e", "Comments", 15, "/s2_2_2/used/value", "/s2_2_2/additional_comments"},
    {"2.3.a", "Crawlers used", 6, "", "/s2_3/used/value"},
    {"2.3.b", "Names of crawlers", 75, "/s2_3/used/value",
     "/s2_3/crawlers/0/name /s2_3/crawlers/0/user_agents/0"},
    {"2.3.c", "Purposes of crawlers", 50, "/s2_3/used/value", "/s2_3/crawlers/0/purposes"},
    {"2.3.d", "Behaviour of crawlers", 100, "/s2_3/used/value",
     "/s2_3/crawlers/0/behaviour/robots_txt /s2_3/crawlers/0/behaviour/other_protocols "
     "/s2_3/crawlers/0/behaviour/captcha /s2_3/crawlers/0/behaviour/password_protected "
     "/s2_3/crawlers/0/behaviour/paywall"},
    {"2.3.e", "Period", 35, "/s2_3/used/value",
     "/s2_3/crawlers/0/period_from /s2_3/crawlers/0/period_to"},
    {"2.3.f", "Content and kinds of sources", 91, "/s2_3/used/value", "/s2_3/content_and_sources"},
    {"2.3.g", "Modalities", 6, "/s2_3/used/value", "/s2_3/modalities/0"},
    {"2.3.h", "Most relevant domains", 100, "/s2_3/used/value", "/s2_3/top_domains/file_sha256"},
    {"2.3.i", "Comments", 100, "/s2_3/used/value", "/s2_3/additional_comments"},
    {"2.4.a", "Data of interactions with models", 6, "", "/s2_4/model_interactions/value"},
    {"2.4.b", "Data of other services", 10, "", "/s2_4/other_services/value"},
    {"2.4.c", "Services described", 60, "/s2_4/other_services/value", "/s2_4/services_description"},
    {"2.4.d", "Modalities", 6, "/s2_4/other_services/value", "/s2_4/modalities/0"},
    {"2.4.e", "Comments", 3, "/s2_4/other_services/value", "/s2_4/additional_comments"},
    {"2.5.a", "Synthetic data", 2, "", "/s2_5/used/value"},
    {"2.5.b", "Modalities", 6, "/s2_5/used/value", "/s2_5/modalities/0"},
    {"2.5.c", "Generating models on the market", 60, "/s2_5/used/value", "/s2_5/models/0"},
    {"2.5.d", "Other generating models", 60, "/s2_5/used/value", "/s2_5/other_models"},
    {"2.5.e", "Comments", 3, "/s2_5/used/value", "/s2_5/additional_comments"},
    {"2.6.a", "Other sources", 4, "", "/s2_6/used/value"},
    {"2.6.b", "Other sources described", 68, "/s2_6/used/value", "/s2_6/description"},
    {"2.6.c", "Comments", 3, "/s2_6/used/value", "/s2_6/additional_comments"},
    {"3.1.a", "Code of Practice", 6, "", "/s3_1/code_of_practice_signatory/value"},
    {"3.1.b", "Measures for reservations of rights", 90, "", "/s3_1/measures"},
    {"3.1.c", "Comments, copyright policy", 10, "",
     "/s3_1/copyright_policy_link /s3_1/additional_comments"},
    {"3.2.a", "Removal of illegal content", 60, "", "/s3_2/measures"},
    {"3.3.a", "Other processing", 3, "", "/s3_3/other"},
});

// The document as a whole, and how sections agree with each other.
constexpr std::uint64_t kReviewerPoints = 40 + 8 * 3;

std::string TextAt(const simdjson::dom::element& root, std::string_view path) {
  simdjson::dom::element value;
  if (root.at_pointer(path).get(value) != simdjson::SUCCESS || value.is_null()) return "";
  std::string_view text;
  if (value.get(text) == simdjson::SUCCESS) return std::string(text);
  return "a value";
}

bool SameWords(std::string_view a, std::string_view b) {
  return a.size() == b.size() && std::equal(a.begin(), a.end(), b.begin(), [](char x, char y) {
           return AsciiLower(x) == AsciiLower(y);
         });
}

// Halves that an answer is worth: 0 for none, 1 where the words for absence stand in it, else 2.
std::uint64_t Halves(std::string_view text) {
  if (text.empty() || SameWords(text, kNotProvided) || SameWords(text, kNotKnown)) return 0;
  return text.find(kNotProvided) == std::string_view::npos ? 2 : 1;
}

ScoreField ScoreOf(const ScoreRule& rule, const simdjson::dom::element& root) {
  ScoreField out{rule.field, rule.title, 0, rule.points, ScoreState::kMissing, {}};
  if (!rule.gate.empty() && SameWords(TextAt(root, rule.gate), "no")) {
    out.state = ScoreState::kInapplicable;
    return out;
  }
  std::uint64_t halves = 0;
  std::uint64_t most = 0;
  for (std::string_view rest = rule.paths; !rest.empty();) {
    const std::string_view path = rest.substr(0, rest.find(' '));
    rest.remove_prefix(std::min(rest.size(), path.size() + 1));
    const std::uint64_t one = Halves(TextAt(root, path));
    halves += one;
    most += 2;
    if (one < 2) out.missing.emplace_back(path);
  }
  out.points = rule.points * halves / most;
  if (halves > 0) out.state = halves == most ? ScoreState::kAnswered : ScoreState::kPartly;
  return out;
}

}  // namespace

std::string_view ScoreStateName(ScoreState state) {
  constexpr std::array<std::string_view, 4> kNames{"answered", "partly", "missing",
                                                   "not-applicable"};
  return kNames[static_cast<std::size_t>(state)];
}

Result<Score> ScoreEuSummary(std::string_view eu_summary_json) {
  simdjson::dom::parser parser;
  simdjson::dom::element root;
  simdjson::dom::object summary;
  const simdjson::padded_string padded(eu_summary_json);
  if (parser.parse(padded).get(root) != simdjson::SUCCESS ||
      root["summary"].get(summary) != simdjson::SUCCESS) {
    return Fail(ErrorCode::kInvalidArgument,
                "no EU summary in JSON (card --format eu-summary-json)");
  }
  Score score;
  score.points_reviewers = kReviewerPoints;
  for (const ScoreRule& rule : kRules) {
    ScoreField field = ScoreOf(rule, root);
    if (field.state == ScoreState::kInapplicable) {
      score.points_unapplied += field.points_max;
    } else {
      score.points += field.points;
      score.points_max += field.points_max;
    }
    score.fields.push_back(std::move(field));
  }
  return score;
}

std::string ScoreText(const Score& score) {
  std::string out = fmt::format(
      "{} of {} points of fields that apply ({}); {} points do not apply, {} only a reviewer can "
      "give\n",
      score.points, score.points_max, FormatShare(score.points, score.points_max),
      score.points_unapplied, score.points_reviewers);
  std::vector<const ScoreField*> open;
  for (const ScoreField& field : score.fields) {
    if (!field.missing.empty()) open.push_back(&field);
  }
  std::stable_sort(open.begin(), open.end(), [](const ScoreField* a, const ScoreField* b) {
    return a->points_max - a->points > b->points_max - b->points;
  });
  for (const ScoreField* field : open) {
    out +=
        fmt::format("{:>4}  {:<8} {}: {} ({})\n", field->points_max - field->points, field->field,
                    field->title, ScoreStateName(field->state), fmt::join(field->missing, ", "));
  }
  return out;
}

std::string ScoreJson(const Score& score) {
  std::string out;
  JsonWriter json(out, 2);
  json.BeginObject().Member("schema", "crawlcard.score.v1");
  json.Member("points", score.points).Member("points_max", score.points_max);
  json.Member("points_not_applicable", score.points_unapplied);
  json.Member("points_of_reviewers", score.points_reviewers);
  json.Key("fields").BeginArray();
  for (const ScoreField& field : score.fields) {
    json.BeginObject().Member("field", field.field).Member("title", field.title);
    json.Member("points", field.points).Member("points_max", field.points_max);
    json.Member("state", ScoreStateName(field.state));
    json.Key("missing").BeginArray();
    for (const std::string& path : field.missing) json.String(path);
    json.EndArray().EndObject();
  }
  json.EndArray().EndObject();
  return out + "\n";
}

}  // namespace crawlcard::card
