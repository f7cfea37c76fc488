// card/formats/eu_summary_json.cc - the EU summary for machines:
// docs/schemas/eu-summary.v1.schema.json.
//
// Nobody official publishes a schema for it. A yes or no that nobody gave is "not provided".
#include <fmt/format.h>

#include "card/formats/eu_summary.h"
#include "card/formats/format.h"
#include "card/formats/json_tree.h"
#include "card/formats/words.h"

namespace crawlcard::card {
namespace {

Tree Used(const Facts& facts, std::string_view id) {
  const auto answer = OptionalAnswer(facts, id);
  Tree used{{"basis", "human"}};
  used["value"] = !answer ? "not provided" : *answer == "yes" ? "yes" : "no";
  return used;
}

Tree Modalities(const Facts& facts) {
  Tree list{Tree::Array()};
  for (const std::string& modality : ModalitiesOf(facts)) list.Push(modality);
  return list;
}

Tree Summary(const Facts& facts) {
  Tree summary{{"version", Answer(facts, "summary.version")},
               {"last_update", EuDay(facts.Date("run.date"))},
               {"status", "current"}};
  summary["authoritative_location"] = Answer(facts, "summary.location");
  summary["changes_from_previous"] = Answer(facts, "summary.changes");
  return summary;
}

Tree Models(const Facts& facts) {
  Tree out;
  const FactTable& stated = facts.Table("about.models");
  std::string placed;
  for (const auto& row : stated.rows) {
    const auto text = [&](std::string_view column) -> std::string {
      for (std::size_t i = 0; i < stated.columns.size(); ++i) {
        if (stated.columns[i].name != column) continue;
        const auto* found = std::get_if<FactText>(&row[i]);
        return found == nullptr ? "Not provided" : found->text;
      }
      return "Not provided";
    };
    out["models"].Push(
        {{"name", text("name")}, {"version", text("version")}, {"docs_link", text("docs")}});
    if (text("base_name") != "Not provided") {
      out["dependencies"].Push(
          {{"name", text("base_name")}, {"summary_link", text("base_summary")}});
    }
    if (!placed.empty()) placed += "; ";
    placed += text("placed_on_eu_market");
  }
  if (stated.rows.empty()) out["models"].Push({{"name", "Not provided"}});
  out["market_placement_date"] = placed.empty() ? "Not provided" : placed;
  return out;
}

Tree Sizes(const Facts& facts) {
  Tree list{Tree::Array()};
  const std::string content =
      OptionalAnswer(facts, "describe.content_types").value_or(ContentWords(facts));
  for (const EuSize& size : EuSizes(facts)) {
    Tree one{{"modality", size.modality}, {"size_method", size.method}};
    one["types_of_content"] = content;
    one["size_value"] = size.value;
    one["size_unit"] = size.unit;
    if (!size.range_id.empty()) one["size_range"] = size.range_id;
    if (size.modality == "other") one["other_name"] = "media types that are none of the four";
    list.Push(std::move(one));
  }
  return list;
}

Tree Languages(const Facts& facts) {
  Tree list{Tree::Array()};
  for (const auto& row : facts.Table("content.languages").rows) {
    const auto* code = std::get_if<FactText>(&row[0]);
    if (code == nullptr || !IsLanguageCode(code->text)) continue;
    Tree one{{"code", code->text}, {"eu_official", IsEuLanguage(code->text)}};
    one["pages"] = std::get<std::uint64_t>(row[1]);
    one["bytes"] = std::get<std::uint64_t>(row[6]);
    list.Push(std::move(one));
  }
  return list;
}

Tree Overall(const Facts& facts) {
  Tree out{{"modalities", Sizes(facts)}, {"languages", Languages(facts)}};
  if (facts.Date("dates.last")) out["latest_acquisition"] = EuMonth(facts.Date("dates.last"));
  if (const auto answer = OptionalAnswer(facts, "answers.continuous_training")) {
    out["continuous_training_after"] = *answer == "yes";
  }
  const auto words = OptionalAnswer(facts, "describe.languages");
  out["linguistic_characteristics"] = (words ? *words + " " : "") + LanguageWords(facts);
  out["other_characteristics"] = Answer(facts, "describe.other_characteristics");
  out["additional_comments"] =
      "Sizes are as crawled, before any processing. " + DuplicateWords(facts);
  return out;
}

Tree PublicDatasets(const Facts& facts) {
  Tree out{{"used", Used(facts, "answers.public_datasets")},
           {"modalities", Modalities(facts)},
           {"large_datasets", Tree(Tree::Array())}};
  for (const EuDataset& one : EuPublicDatasets(facts)) {
    Tree entry{{"name", one.name}};
    if (!one.version.empty()) entry["version"] = one.version;
    if (!one.link.empty()) entry["link"] = one.link;
    if (!one.selection.empty()) entry["selection_note"] = one.selection;
    if (one.measured && facts.Date("dates.first")) {
      entry["collection_start"] = FormatRfc3339(*facts.Date("dates.first"));
      entry["collection_end"] = FormatRfc3339(*facts.Date("dates.last"));
    }
    out["large_datasets"].Push(std::move(entry));
  }
  out["other_description"] = Answer(facts, "describe.public_datasets");
  out["additional_comments"] =
      "Whether a dataset is large depends on all data of its kind, which the archive does not "
      "show: all of them are listed. " +
      ReproductionWords(facts);
  return out;
}

Tree Crawler(const Facts& facts) {
  Tree crawler{{"name", Answer(facts, "crawler.name")},
               {"operator", Answer(facts, "crawler.operator")},
               {"purposes", Answer(facts, "crawler.purposes")}};
  crawler["user_agents"] = Tree(Tree::Array());
  for (const std::string& agent : EuUserAgents(facts)) crawler["user_agents"].Push(agent);
  if (facts.Date("dates.first")) {
    crawler["period_from"] = EuMonth(facts.Date("dates.first"));
    crawler["period_to"] = EuMonth(facts.Date("dates.last"));
  }
  crawler.Set("ip_ranges_link", OptionalAnswer(facts, "crawler.ip_ranges"));
  crawler["behaviour"] = {
      {"robots_txt", Answer(facts, "crawler.robots_txt") + " " + RobotsWords(facts)},
      {"other_protocols", Answer(facts, "crawler.other_protocols")},
      {"captcha", Answer(facts, "crawler.captcha")},
      {"password_protected", Answer(facts, "crawler.password")},
      {"paywall", Answer(facts, "crawler.paywall")},
      {"other", CollectionWords(facts)}};
  return crawler;
}

Tree TopDomains(const Facts& facts) {
  const std::uint64_t all = facts.Number("captures.payload_bytes").value_or(0);
  const std::uint64_t listed = facts.Number("domain_list.payload_bytes").value_or(0);
  Tree out{{"rule", facts.Words("domain_list.rule")},
           {"unit", "registered_domain"},
           {"measure", "payload_bytes"},
           {"stage", "as_crawled"},
           {"file", "domains.csv"}};
  out["distinct_domains"] = facts.Number("domain_list.domains").value_or(0);
  out["listed"] = facts.Number("domain_list.listed").value_or(0);
  out["file_sha256"] = facts.Text("domain_list.sha256").value_or("");
  out["psl_version"] = facts.Words("run.public_suffix_list");
  out["share_of_measure_pct"] = Tree::Fixed{
      all == 0 ? 0.0 : 100.0 * static_cast<double>(listed) / static_cast<double>(all), 4};
  return out;
}

Tree Crawled(const Facts& facts) {
  Tree out{{"used", Used(facts, "answers.crawlers_by_us")}, {"modalities", Modalities(facts)}};
  if (OptionalAnswer(facts, "answers.crawlers_by_us") == "yes") {
    out["crawlers"].Push(Crawler(facts));
  }
  const auto sources = OptionalAnswer(facts, "crawler.sources");
  out["content_and_sources"] = (sources ? *sources + " " : "") + ContentWords(facts);
  if (facts.Text("domain_list.sha256")) out["top_domains"] = TopDomains(facts);
  out["additional_comments"] = DomainListWords(facts);
  return out;
}

Tree UsedWith(const Facts& facts, std::string_view answer, const char* key, std::string_view text) {
  Tree out{{"used", Used(facts, answer)}};
  out[key] = Answer(facts, text);
  if (OptionalAnswer(facts, answer) == "yes" && answer != "answers.other_sources") {
    out["modalities"] = Modalities(facts);
  }
  return out;
}

Tree Reservations(const Facts& facts) {
  Tree out{{"code_of_practice_signatory", Used(facts, "answers.code_signatory")}};
  const auto words = OptionalAnswer(facts, "policies.reservations");
  out["measures"] =
      (words ? *words + " " : "") + ReservationWords(facts) + " " + RobotsWords(facts);
  for (const auto& row : facts.Table("signals.families").rows) {
    Tree one{{"checked_at", "at_index_time"}};
    one["protocol"] = fmt::format("{}: {}", CellWords(row[0], FactUnit::kNone),
                                  CellWords(row[1], FactUnit::kNone));
    one["urls_observed"] = std::get<std::uint64_t>(row[2]);
    one["domains_observed"] = std::get<std::uint64_t>(row[5]);
    out["signals_honoured"].Push(std::move(one));
  }
  out["copyright_policy_link"] = Answer(facts, "policies.copyright_policy");
  out["additional_comments"] =
      "Contact for rightsholders: " + Answer(facts, "policies.complaints_contact") +
      ". Removal form: " + Answer(facts, "policies.removal_form") + ".";
  return out;
}

}  // namespace

std::string RenderEuSummaryJson(const FormInput& input) {
  const Facts& facts = input.facts;
  Tree root{{"summary", Summary(facts)}};
  root["s1_1"] = {
      {"provider_name", Answer(facts, "provider.name")},
      {"provider_contact", Answer(facts, "provider.contact")},
      {"authorised_representative_name", Answer(facts, "provider.representative_name")},
      {"authorised_representative_contact", Answer(facts, "provider.representative_contact")}};
  root["s1_2"] = Models(facts);
  root["s1_3"] = Overall(facts);
  root["s2_1"] = PublicDatasets(facts);
  root["s2_2_1"] = {{"used", Used(facts, "answers.licensed_datasets")}};
  if (OptionalAnswer(facts, "answers.licensed_datasets") == "yes") {
    root["s2_2_1"]["modalities"] = Modalities(facts);
  }
  root["s2_2_2"] =
      UsedWith(facts, "answers.other_private", "other_description", "describe.private_datasets");
  root["s2_3"] = Crawled(facts);
  root["s2_4"] = {{"model_interactions", Used(facts, "answers.user_prompts")},
                  {"other_services", Used(facts, "answers.user_services")},
                  {"services_description", Answer(facts, "describe.user_data")}};
  root["s2_5"] = UsedWith(facts, "answers.synthetic", "other_models", "describe.synthetic_data");
  root["s2_6"] = UsedWith(facts, "answers.other_sources", "description", "describe.other_sources");
  root["s3_1"] = Reservations(facts);
  root["s3_2"] = {{"measures", Answer(facts, "policies.illegal_content")}};
  root["s3_3"] = {{"other", Answer(facts, "policies.other_processing")}};
  root["evidence"] = {{"generator", "crawlcard " + facts.Words("run.tool_version")},
                      {"inputs_sha256", facts.Words("inputs.digest")}};
  return root.Dump();
}

}  // namespace crawlcard::card
