#include "card/check/sentences.h"

#include <array>

namespace crawlcard::card {
namespace {

constexpr auto kSentences = std::to_array<std::string_view>({
    "{captures.count} captures, of them {pages.count} pages at {pages.urls} distinct URLs, from "
    "{captures.hosts} hosts of {captures.domains} registrable domains, captured from {dates.first} "
    "to {dates.last} and read from {inputs.files} by crawlcard",
    "Observed: {signals.pages} pages on {signals.hosts} hosts carry a machine-readable statement "
    "of "
    "their own; host files such as robots.txt were seen at {hosts.origins} origins.",
    "Takedown requests in force: {takedowns.requests}; they cover {takedowns.captures} captures on "
    "{takedowns.domains} domains, which no policy keeps.",
    "Requests to take content out that are in force: {takedowns.requests}. They cover "
    "{takedowns.captures} captures, of them {takedowns.pages} pages, on {takedowns.hosts} hosts of "
    "{takedowns.domains} domains; no policy keeps any of it.",
    "Under the policy {run.policy} and for the use {run.use}, {verdicts.usable} of "
    "{verdicts.pages} pages are usable; {verdicts.not_usable} pages on "
    "{verdicts.not_usable_domains} domains are not; {verdicts.denied} were denied by their "
    "publisher; for {verdicts.indeterminate} nobody could look.",
    "of {robots.origins_read} origins whose latest robots.txt could be read, "
    "{robots.refuse_everybody} refuse everybody.",
    "Captures with status 401: {captures.statuses/401}, 402: {captures.statuses/402}, 403: "
    "{captures.statuses/403}, 451: {captures.statuses/451}.",
    "Observed: {licences.page.count} of {pages.count} pages state a licence for the page; "
    "{licences.any.count} state any licence.",
    "{captures.count} captures stand for {captures.urls} distinct URLs; nothing was removed",
    "{inputs.whole} of {inputs.files} files were read whole; {inputs.damaged_units} units in them",
    "{domain_list.listed} of {domain_list.domains} registrable domains are listed (rule "
    "{domain_list.rule}: {domain_list.by_size} by payload bytes of all content, the others for one "
    "kind of content); they hold {domain_list.share} of all payload bytes. Public suffix list: "
    "{run.public_suffix_list}. SHA-256 of the list: {domain_list.sha256}.",
    "Digest of the list of files read: {inputs.digest}. Digest of all facts: sha256:{digest}.",
    "{rows:content.languages} values in all.",
    "{inputs.files} archive files, {inputs.bytes} bytes; digest of their list: {inputs.digest}",
    "{inputs.files} files; the checksum is SHA-256",
    "{inputs.files} archive files, {inputs.bytes}, read by crawlcard {run.tool_version}",
    "{inputs.files} archive file, {inputs.bytes}, read by crawlcard {run.tool_version}",
    "{inputs.files} files; digest of their list: {inputs.digest}",
    "{captures.count} captures, {pages.count} pages, {captures.payload_bytes} payload bytes, "
    "{captures.text_bytes} text bytes",
    "{captures.domains} registrable domains; the largest are listed in",
    "{captures.text_bytes} bytes of visible text divided by 4",
    "together {inputs.bytes} ({inputs.bytes}) with {inputs.records} records. Read whole: "
    "{inputs.whole}. Units in them that could not be read: {inputs.damaged_units}; they",
    "First capture {dates.first}, last capture {dates.last} (UTC). Captures without a usable date: "
    "{dates.undated}.",
    "{licences.page.count} pages ({licences.page.count%pages.count}) state a licence for "
    "themselves; "
    "{licences.any.count} ({licences.any.count%pages.count}) name some licence at all.",
    "{signals.pages} pages ({signals.pages%pages.count}) on {signals.hosts} hosts carry a "
    "machine-readable statement in "
    "their "
    "own header",
    "{captures.domains} domains were captured.",
    "Of {robots.origins_read} whose robots.txt could be read, {robots.refuse_everybody} ({}) "
    "refuse "
    "everybody.",
    "under the policy {run.policy}: {verdicts.usable} of {verdicts.pages} pages are usable "
    "({verdicts.usable_share}), {verdicts.not_usable} are not. Families of statements disagree on "
    "{verdicts.conflicting} pages. Of all {verdicts.captures} captures, pages or not, "
    "{verdicts.captures_usable} are usable.",
    "SHA-256 over all facts: {digest}.",
    "{robots.agents_unnamed} more agents of the registry are named nowhere",
});

// Numbers of our own words, each after the word that stands before it there.
constexpr auto kConstants = std::to_array<std::string_view>({
    "Article 53(1)(d) of Regulation (EU) 2024/1689",
    "California Civil Code 3111(a)",
    "First capture, RFC 3339.",
});

constexpr auto kPathRules = std::to_array<PathRule>({
    {"ab2013.json", "/i3_data_points/0/count", "{pages.count}"},
    {"ab2013.json", "/i3_data_points/1/count", "{captures.count}"},
    {"ab2013.json", "/i3_data_points/2/count", "{captures.tokens}"},
    {"ab2013.json", "/i10_collection_period/from", "{dates.first}"},
    {"ab2013.json", "/i10_collection_period/to", "{dates.last}"},
    {"ab2013.json", "/published", "{run.date}"},
    {"card.json", "/date/value", "{run.date}"},
    {"card.json", "/run/policy", "{run.policy}"},
    {"card.json", "/run/use", "{run.use}"},
    {"card.json", "/inputs/files", "{inputs.files}"},
    {"card.json", "/inputs/bytes", "{inputs.bytes}"},
    {"card.json", "/inputs/records", "{inputs.records}"},
    {"card.json", "/inputs/captures", "{inputs.captures}"},
    {"card.json", "/inputs/inflated_bytes", "{inputs.inflated_bytes}"},
    {"card.json", "/inputs/damaged_units", "{inputs.damaged_units}"},
    {"card.json", "/inputs/digest", "{inputs.digest}"},
    {"card.json", "/figures/captures/captures", "{captures.count}"},
    {"card.json", "/figures/captures/hosts", "{captures.hosts}"},
    {"card.json", "/figures/captures/domains", "{captures.domains}"},
    {"card.json", "/figures/captures/payload_bytes", "{captures.payload_bytes}"},
    {"card.json", "/figures/captures/text_bytes", "{captures.text_bytes}"},
    {"card.json", "/figures/pages/captures", "{pages.count}"},
    {"card.json", "/figures/pages/hosts", "{pages.hosts}"},
    {"card.json", "/figures/pages/domains", "{pages.domains}"},
    {"card.json", "/figures/pages/payload_bytes", "{pages.payload_bytes}"},
    {"card.json", "/figures/pages/text_bytes", "{pages.text_bytes}"},
    {"card.json", "/figures/urls", "{captures.urls}"},
    {"card.json", "/figures/page_urls", "{pages.urls}"},
    {"card.json", "/figures/record_bytes", "{captures.record_bytes}"},
    {"card.json", "/figures/first_capture", "{dates.first}"},
    {"card.json", "/figures/last_capture", "{dates.last}"},
    {"card.json", "/figures/undated", "{dates.undated}"},
    {"croissant", "/datePublished", "{about.dataset.released|run.date}"},
    {"croissant", "/distribution/0/sha256", "{domain_list.sha256}"},
    {"croissant", "/prov:wasGeneratedBy/0/prov:startedAtTime/@value", "{dates.first}"},
    {"croissant", "/prov:wasGeneratedBy/0/prov:endedAtTime/@value", "{dates.last}"},
    {"croissant", "/temporalCoverage", "{dates.first}/{dates.last}"},
    {"croissant", "/rai:dataCollectionTimeframe/0", "{dates.first}/{dates.last}"},
    {"cyclonedx.json", "/citations/*/timestamp", "{run.date}"},
    {"dcat.jsonld", "/dcat:distribution/0/dcat:byteSize/@value", "{inputs.bytes}"},
    {"dcat.jsonld", "/dcat:distribution/0/spdx:checksum/spdx:checksumValue/@value",
     "{inputs.digest}"},
    {"dcat.jsonld", "/dcat:distribution/1/spdx:checksum/spdx:checksumValue/@value",
     "{domain_list.sha256}"},
    {"dcat.jsonld", "/dct:issued/@value", "{about.dataset.released}"},
    {"dcat.jsonld", "/prov:wasGeneratedBy/prov:startedAtTime/@value", "{dates.first}"},
    {"dcat.jsonld", "/prov:wasGeneratedBy/prov:endedAtTime/@value", "{dates.last}"},
    {"dcat.jsonld", "/dct:temporal/dcat:startDate/@value", "{dates.first}"},
    {"dcat.jsonld", "/dct:temporal/dcat:endDate/@value", "{dates.last}"},
    {"dps.json", "/provenance/date", "{dates.last|run.date}"},
    {"dps.json", "/provenance/generation-period/start", "{dates.first}"},
    {"dps.json", "/provenance/generation-period/end", "{dates.last}"},
    {"eu-summary.json", "/evidence/inputs_sha256", "{inputs.digest}"},
    {"eu-summary.json", "/summary/last_update", "{run.date}"},
    {"eu-summary.json", "/s1_3/latest_acquisition", "{dates.last}"},
    {"eu-summary.json", "/s2_1/large_datasets/*/collection_start", "{dates.first}"},
    {"eu-summary.json", "/s2_1/large_datasets/*/collection_end", "{dates.last}"},
    {"eu-summary.json", "/s2_3/top_domains/distinct_domains", "{domain_list.domains}"},
    {"eu-summary.json", "/s2_3/top_domains/listed", "{domain_list.listed}"},
    {"eu-summary.json", "/s2_3/top_domains/file_sha256", "{domain_list.sha256}"},
    {"eu-summary.json", "/s2_3/top_domains/psl_version", "{run.public_suffix_list}"},
    {"intoto.json", "/subject/0/digest/sha256", "{digest}"},
    {"intoto.json", "/subject/1/digest/sha256", "{domain_list.sha256}"},
    {"intoto.json", "/predicate/runDetails/metadata/finishedOn", "{run.date}"},
    {"intoto.json", "/predicate/buildDefinition/resolvedDependencies/0/annotations/files",
     "{inputs.files}"},
    {"intoto.json", "/predicate/buildDefinition/resolvedDependencies/0/digest/sha256",
     "{inputs.digest}"},
    {"prov.json", "/activity/cc:crawl/prov:startTime", "{dates.first}"},
    {"prov.json", "/activity/cc:crawl/prov:endTime", "{dates.last}"},
    {"prov.json", "/entity/cc:archive/crawlcard:bytes/$", "{inputs.bytes}"},
    {"prov.json", "/entity/cc:archive/crawlcard:files/$", "{inputs.files}"},
    {"prov.json", "/entity/cc:archive/crawlcard:digest", "{inputs.digest}"},
    {"prov.json", "/entity/cc:card/crawlcard:captures/$", "{captures.count}"},
    {"prov.json", "/entity/cc:card/crawlcard:pages/$", "{pages.count}"},
    {"prov.json", "/entity/cc:card/crawlcard:date/$", "{run.date}"},
    {"prov.json", "/entity/cc:card/crawlcard:facts-sha256", "{digest}"},
    {"spdx.jsonld", "/@graph/*/created", "{run.date}"},
    {"spdx.jsonld", "/@graph/*/builtTime", "{dates.last|run.date}"},
    {"spdx.jsonld", "/@graph/*/dataset_datasetSize", "{captures.payload_bytes}"},
    {"spdx.jsonld", "/@graph/*/verifiedUsing/0/hashValue", "{inputs.digest}"},
});

constexpr auto kLabelRules = std::to_array<LabelRule>({
    {"Pages", "pages.count"},
    {"Hosts", "captures.hosts"},
    {"Payload", "captures.payload_bytes"},
    {"Text", "captures.text_bytes"},
    {"Captured from", "dates.first"},
    {"Usable", "verdicts.usable_share"},
    {"Denied", "verdicts.denied_share"},
    {"Nobody could look", "verdicts.indeterminate_share"},
});

}  // namespace

std::span<const std::string_view> Sentences() {
  return kSentences;
}
std::span<const std::string_view> Constants() {
  return kConstants;
}
std::span<const PathRule> PathRules() {
  return kPathRules;
}
std::span<const LabelRule> LabelRules() {
  return kLabelRules;
}

}  // namespace crawlcard::card
