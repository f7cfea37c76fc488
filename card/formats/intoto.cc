// card/formats/intoto.cc - in-toto Statement v1 with SLSA provenance v1: this card (its facts) was
// made of these files, by this command. Unsigned: signing wraps it in an envelope.
// https://github.com/in-toto/attestation/blob/main/spec/v1/statement.md
#include <fmt/format.h>

#include "card/formats/format.h"
#include "card/formats/json_tree.h"
#include "card/formats/words.h"

namespace crawlcard::card {
namespace {

constexpr std::string_view kSha256 = "sha256:";

Tree Digest(const char* algorithm, std::string value) {
  return {{algorithm, std::move(value)}};
}

Tree InputList(const Facts& facts) {
  Tree list{{"name", "the list of all archive files read"}};
  list["digest"] = Digest("sha256", facts.Words("inputs.digest").substr(kSha256.size()));
  list["annotations"]["lines"] = "NAME TAB BYTES TAB XXH3-128 LF, sorted by name";
  list["annotations"]["files"] = facts.Number("inputs.files").value_or(0);
  return list;
}

Tree Dependencies(const Facts& facts) {
  Tree list;
  list.Push(InputList(facts));
  if (const auto digest = facts.Text("about.digest")) {
    Tree about{{"name", "about file"}};
    about["digest"] = Digest("sha256", std::string(digest->substr(kSha256.size())));
    list.Push(std::move(about));
  }
  for (const auto& row : facts.Table("inputs.list").rows) {
    const auto* name = std::get_if<FactText>(&row[0]);
    const auto* xxh3 = std::get_if<FactText>(&row[2]);
    if (name == nullptr || xxh3 == nullptr) continue;
    list.Push({{"name", name->text}, {"digest", Digest("xxh3-128", xxh3->text)}});
  }
  return list;
}

}  // namespace

std::string RenderInToto(const FormInput& input) {
  const Facts& facts = input.facts;
  Tree root{{"_type", "https://in-toto.io/Statement/v1"},
            {"predicateType", "https://slsa.dev/provenance/v1"}};
  Tree subject{{"name", "facts of the card"}, {"mediaType", "application/x-ndjson"}};
  subject["digest"] = Digest("sha256", facts.digest());
  root["subject"].Push(std::move(subject));
  if (const auto sha256 = facts.Text("domain_list.sha256")) {
    root["subject"].Push(
        {{"name", "domains.csv"}, {"digest", Digest("sha256", std::string(*sha256))}});
  }
  Tree& build = root["predicate"]["buildDefinition"];
  build["buildType"] = "urn:crawlcard:card:v1";
  build["externalParameters"]["command"] = facts.command();
  build["internalParameters"]["policy"] = facts.Words("run.policy");
  build["internalParameters"]["public_suffix_list"] = facts.Words("run.public_suffix_list");
  build["resolvedDependencies"] = Dependencies(facts);
  Tree& run = root["predicate"]["runDetails"];
  run["builder"]["id"] = "urn:crawlcard:" + facts.Words("run.tool_version");
  run["builder"]["version"]["crawlcard"] = facts.Words("run.tool_version");
  run["metadata"]["invocationId"] = UuidUrn(facts, "in-toto");
  run["metadata"]["finishedOn"] = DateOf(facts);
  return root.Dump();
}

}  // namespace crawlcard::card
