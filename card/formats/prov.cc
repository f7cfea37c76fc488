// card/formats/prov.cc - W3C PROV-JSON (member submission of 24 April 2013): crawl, archive, index
// and card as entities and activities. One entity a snapshot and for the list of files, never one a
// page.
#include <fmt/format.h>

#include "card/formats/format.h"
#include "card/formats/json_tree.h"
#include "card/formats/words.h"

namespace crawlcard::card {
namespace {

Tree Typed(const char* type, std::string value) {
  return {{"$", std::move(value)}, {"type", type}};
}

Tree Name(std::string name) {
  return Typed("prov:QUALIFIED_NAME", std::move(name));
}

class ProvGraph {
 public:
  explicit ProvGraph(const Facts& facts) : facts_(facts) {}

  std::string Write() {
    // Names are of this card alone.
    root_["prefix"] = {{"cc", UuidUrn(facts_, "prov") + "#"},
                       {"crawlcard", "https://crawlcard.invalid/ns#"}};
    AddAgents();
    AddArchive();
    AddCard();
    return root_.Dump();
  }

 private:
  void AddAgents() {
    Tree tool{{"prov:label", "crawlcard " + facts_.Words("run.tool_version")}};
    tool["prov:type"] = Name("prov:SoftwareAgent");
    root_["agent"]["cc:crawlcard"] = std::move(tool);
    Tree provider{{"prov:label", Answer(facts_, "provider.name")}};
    provider["prov:type"] = Name("prov:Organization");
    root_["agent"]["cc:provider"] = std::move(provider);
    Tree crawler{{"prov:label", "the crawler that made the archive"}};
    crawler["prov:type"] = Name("prov:SoftwareAgent");
    crawler["crawlcard:said"] = CollectionWords(facts_);
    root_["agent"]["cc:crawler"] = std::move(crawler);
  }

  void AddArchive() {
    Tree crawl{{"prov:label", "capture of the web"}};
    if (const auto first = facts_.Date("dates.first")) {
      crawl["prov:startTime"] = FormatRfc3339(*first);
    }
    if (const auto last = facts_.Date("dates.last")) crawl["prov:endTime"] = FormatRfc3339(*last);
    root_["activity"]["cc:crawl"] = std::move(crawl);
    Tree files{{"prov:label", "archive files read"}};
    files["crawlcard:digest"] = facts_.Words("inputs.digest");
    files["crawlcard:files"] = Typed("xsd:long", Number("inputs.files"));
    files["crawlcard:bytes"] = Typed("xsd:long", Number("inputs.bytes"));
    root_["entity"]["cc:archive"] = std::move(files);
    Relate("wasGeneratedBy", "crawl",
           {{"prov:entity", "cc:archive"}, {"prov:activity", "cc:crawl"}});
    Relate("wasAssociatedWith", "crawl",
           {{"prov:activity", "cc:crawl"}, {"prov:agent", "cc:crawler"}});
    std::size_t number = 0;
    for (const auto& row : facts_.Table("inputs.snapshots").rows) {
      const auto* id = std::get_if<FactText>(&row[0]);
      if (id == nullptr) continue;
      // The name is numbered: the id is text of the archive.
      const std::string name = fmt::format("cc:snapshot-{}", ++number);
      root_["entity"][name] = {{"prov:label", id->text}};
      Relate("hadMember", fmt::format("snapshot-{}", number),
             {{"prov:collection", name}, {"prov:entity", "cc:archive"}});
    }
  }

  void AddCard() {
    Tree indexing{{"prov:label", "reading the files and judging each page"}};
    indexing["crawlcard:command"] = facts_.command();
    indexing["crawlcard:policy"] = facts_.Words("run.policy");
    root_["activity"]["cc:reading"] = std::move(indexing);
    Tree card{{"prov:label", "training data card of: " + TitleOf(facts_)}};
    card["crawlcard:facts-sha256"] = facts_.digest();
    card["crawlcard:pages"] = Typed("xsd:long", Number("pages.count"));
    card["crawlcard:captures"] = Typed("xsd:long", Number("captures.count"));
    card["crawlcard:date"] = Typed("xsd:dateTime", DateOf(facts_));
    root_["entity"]["cc:card"] = std::move(card);
    Relate("used", "archive", {{"prov:activity", "cc:reading"}, {"prov:entity", "cc:archive"}});
    Relate("wasGeneratedBy", "card", {{"prov:entity", "cc:card"}, {"prov:activity", "cc:reading"}});
    Relate("wasAssociatedWith", "reading",
           {{"prov:activity", "cc:reading"}, {"prov:agent", "cc:crawlcard"}});
    Relate("wasDerivedFrom", "card",
           {{"prov:generatedEntity", "cc:card"}, {"prov:usedEntity", "cc:archive"}});
    if (!facts_.Text("about.digest")) return;
    root_["entity"]["cc:about"] = {{"prov:label", "answers of a person"},
                                   {"crawlcard:digest", facts_.Words("about.digest")}};
    Relate("used", "about", {{"prov:activity", "cc:reading"}, {"prov:entity", "cc:about"}});
    Relate("wasAttributedTo", "about",
           {{"prov:entity", "cc:about"}, {"prov:agent", "cc:provider"}});
  }

  std::string Number(std::string_view id) const {
    return std::to_string(facts_.Number(id).value_or(0));
  }

  void Relate(const char* kind, const std::string& name, Tree members) {
    root_[kind][fmt::format("_:{}-{}", kind, name)] = std::move(members);
  }

  const Facts& facts_;
  Tree root_;
};

}  // namespace

std::string RenderProv(const FormInput& input) {
  return ProvGraph(input.facts).Write();
}

}  // namespace crawlcard::card
