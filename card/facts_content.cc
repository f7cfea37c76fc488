// card/facts_content.cc - facts of captures and pages: figures, languages, types, licences,
// domains.
#include <fmt/format.h>

#include "card/dates.h"
#include "card/domain_list.h"
#include "card/fact_list.h"
#include "card/json_parts.h"

namespace crawlcard::card {
namespace {

constexpr std::uint64_t kBytesPerToken = 4;

void AddReachFacts(const std::string& group, const std::string& title, std::string_view definition,
                   const Reach& reach, FactList& list) {
  list.Count(group + ".count", title, definition, reach.captures);
  list.Count(group + ".hosts", title + ": hosts", "hosts", reach.hosts.count);
  list.Count(group + ".domains", title + ": registrable domains", "domains", reach.domains.count);
  list.Bytes(group + ".payload_bytes", title + ": payload bytes", "payload-bytes",
             reach.payload_bytes);
  list.Bytes(group + ".text_bytes", title + ": text bytes", "text-bytes", reach.text_bytes);
}

FactTable StatusTable(const Tally& tally) {
  FactTable table;
  table.columns = {{"class", "HTTP status", FactUnit::kNone},
                   {"captures", "Captures", FactUnit::kCount},
                   {"share", "Share", FactUnit::kNone}};
  for (std::size_t i = 0; i < kStatusClassCount; ++i) {
    table.rows.push_back({OwnText(StatusClassName(i)), tally.status_classes[i],
                          FactShare{tally.status_classes[i], tally.captures.captures}});
  }
  return table;
}

FactTable TypeTable(const Tally& tally) {
  FactTable table;
  table.columns = {{"type", "Record type", FactUnit::kNone},
                   {"captures", "Captures", FactUnit::kCount},
                   {"share", "Share", FactUnit::kNone}};
  for (std::size_t i = 0; i < kRecordTypeCount; ++i) {
    if (tally.record_types[i] == 0) continue;
    table.rows.push_back({OwnText(warc::RecordTypeName(static_cast<warc::RecordType>(1U << i))),
                          tally.record_types[i],
                          FactShare{tally.record_types[i], tally.captures.captures}});
  }
  return table;
}

FactTable MonthTable(const Tally& tally) {
  FactTable table;
  table.columns = {{"month", "Month", FactUnit::kNone},
                   {"captures", "Captures", FactUnit::kCount},
                   {"pages", "Pages", FactUnit::kCount},
                   {"payload_bytes", "Payload", FactUnit::kBytes}};
  for (const auto& [month, count] : tally.months) {
    table.rows.push_back(
        {OwnText(FormatMonth(month)), count.captures, count.pages, count.payload_bytes});
  }
  return table;
}

// Keys of two words: "page CC-BY-4.0".
FactTable PairFactTable(FactColumn first, FactColumn second, const ReachTable& table,
                        std::uint64_t whole) {
  FactTable out;
  out.columns = {first, second};
  AddReachColumns("Pages", out.columns);
  for (const ReachTable::Row& row : table.Sorted()) {
    const std::size_t blank = row.key.find(' ');
    const bool split = blank != std::string_view::npos;
    std::vector<FactCell> cells{ForeignText(row.key.substr(0, blank)),
                                ForeignText(split ? row.key.substr(blank + 1) : "")};
    AddReachCells(*row.reach, whole, cells);
    out.rows.push_back(std::move(cells));
  }
  const Reach& rest = table.rest();
  if (rest.captures == 0) return out;
  out.rows.push_back({OwnText("(other values)"), OwnText("(other values)"), rest.captures,
                      FactShare{rest.captures, whole}, Absence::kUnknown, Absence::kUnknown,
                      rest.payload_bytes, rest.text_bytes});
  return out;
}

FactTable ModalityTable(const Tally& tally) {
  std::uint64_t whole = 0;
  for (const Reach& reach : tally.modalities) whole += reach.captures;
  FactTable table;
  table.columns = {{"modality", "Kind of content", FactUnit::kNone}};
  AddReachColumns("Captures", table.columns);
  for (std::size_t i = 0; i < kModalityCount; ++i) {
    std::vector<FactCell> row{OwnText(ModalityName(static_cast<Modality>(i)))};
    AddReachCells(tally.modalities[i], whole, row);
    table.rows.push_back(std::move(row));
  }
  return table;
}

FactTable StatusCodeTable(const Tally& tally) {
  FactTable table;
  table.columns = {{"status", "HTTP status", FactUnit::kNone},
                   {"captures", "Captures", FactUnit::kCount}};
  for (const auto& [status, count] : tally.statuses) {
    table.rows.push_back({OwnText(std::to_string(status)), count});
  }
  return table;
}

FactTable TopDomainTable(const Tally& tally) {
  FactTable table;
  table.columns = {{"domain", "Domain", FactUnit::kNone},
                   {"payload_bytes", "Payload", FactUnit::kBytes},
                   {"text_bytes", "Text", FactUnit::kBytes},
                   {"captures", "Captures", FactUnit::kCount},
                   {"pages", "Pages", FactUnit::kCount},
                   {"hosts", "Hosts", FactUnit::kCount},
                   {"pages_judged", "Pages judged", FactUnit::kCount},
                   {"pages_usable", "Pages usable", FactUnit::kCount},
                   {"first_seen", "First seen", FactUnit::kNone},
                   {"last_seen", "Last seen", FactUnit::kNone}};
  for (const DomainRow& row : tally.domains.top()) {
    table.rows.push_back({ForeignText(row.domain), row.payload_bytes, row.text_bytes, row.captures,
                          row.pages, row.hosts.count, row.pages_judged, row.pages_usable,
                          DateCell(row.first), DateCell(row.last)});
  }
  table.rows_all = tally.captures.domains.count;
  return table;
}

}  // namespace

void AddFigureFacts(const Tally& tally, FactList& list) {
  AddReachFacts("captures", "Captures", "captures", tally.captures, list);
  AddReachFacts("pages", "Pages", "pages", tally.pages, list);
  list.Count("captures.urls", "Captures: distinct URLs", "urls", tally.urls.count);
  list.Count("pages.urls", "Pages: distinct URLs", "urls", tally.page_urls.count);
  list.Bytes("captures.record_bytes", "Compressed record bytes", "record-bytes",
             tally.record_bytes);
  list.Count("captures.shared_unit", "Captures in a compressed unit shared with others",
             "record-bytes", tally.shared_unit_captures);
  list.Add("captures.tokens", "Tokens in all text, estimated", "tokens",
           (tally.captures.text_bytes + kBytesPerToken - 1) / kBytesPerToken, FactUnit::kCount);
  list.Add("pages.tokens", "Tokens in the text of pages, estimated", "tokens",
           (tally.pages.text_bytes + kBytesPerToken - 1) / kBytesPerToken, FactUnit::kCount);
  list.Add("dates.first", "First capture", "dates", DateCell(tally.first));
  list.Add("dates.last", "Last capture", "dates", DateCell(tally.last));
  list.Count("dates.undated", "Captures without a usable date", "dates", tally.undated);
  list.Add("dates.months", "Captures by month", "dates", MonthTable(tally));
  list.Add("captures.record_types", "Captures by record type", "status", TypeTable(tally));
  list.Add("captures.status_classes", "Captures by class of HTTP status", "status",
           StatusTable(tally));
  list.Add("captures.statuses", "Captures by HTTP status", "status", StatusCodeTable(tally));
}

void AddContentFacts(const Tally& tally, FactList& list) {
  const std::uint64_t pages = tally.pages.captures;
  list.Add("content.modalities", "Kinds of content", "modalities", ModalityTable(tally));
  list.Add("content.languages", "Languages of pages", "languages",
           ReachFactTable("code", "Language", "Pages", tally.languages, pages));
  list.Add(
      "content.language_sources", "Languages of pages by source", "languages",
      PairFactTable({"source", "Source"}, {"code", "Language"}, tally.language_sources, pages));
  list.Add("content.media_types", "Media types", "media-types",
           ReachFactTable("type", "Media type", "Captures", tally.media_types,
                          CapturesIn(tally.media_types)));
  list.Add("content.charsets", "Character encodings", "charsets",
           ReachFactTable("name", "Encoding", "Pages", tally.charsets, pages));
  AddReachFacts("licences.page", "Pages that state a licence for the page", "licences",
                tally.pages_with_licence, list);
  AddReachFacts("licences.any", "Pages that state any licence", "licences",
                tally.pages_with_any_licence, list);
  list.Add("licences.statements", "Licence statements of pages", "licences",
           PairFactTable({"scope", "Scope"}, {"id", "Licence"}, tally.licences, pages));
  list.Add(
      "captures.truncated", "Payloads that the archive cut", "payload-bytes",
      ReachFactTable("reason", "Reason", "Captures", tally.truncated, tally.captures.captures));
  list.Add("captures.notes", "Notes of reading", "captures",
           ReachFactTable("note", "Note", "Captures", tally.notes, tally.captures.captures));
}

void AddDomainFacts(const Card& card, FactList& list) {
  const Tally& tally = card.tally;
  list.Add("domains.top", "Largest domains", "top-domains", TopDomainTable(tally));
  const DomainList& domains = card.domain_list;
  list.Add("domain_list.rule", "Domains to disclose: rule", "domain-list",
           OwnText(DomainRuleName(domains.rule)));
  list.Count("domain_list.domains", "Domains to disclose: domains in all", "domain-list",
             tally.captures.domains.count);
  const auto count = [&](std::string id, std::string title, std::uint64_t value, FactUnit unit) {
    list.Add(std::move(id), std::move(title), "domain-list",
             domains.complete ? FactCell(value) : FactCell(Absence::kUnknown), unit);
  };
  count("domain_list.by_size", "Domains to disclose: listed by size of all content",
        domains.by_size, FactUnit::kCount);
  count("domain_list.listed", "Domains to disclose: listed", domains.listed, FactUnit::kCount);
  count("domain_list.payload_bytes", "Domains to disclose: payload bytes of those listed",
        domains.payload_bytes, FactUnit::kBytes);
  list.Add("domain_list.share", "Domains to disclose: share of all payload bytes", "domain-list",
           domains.complete
               ? FactCell(FactShare{domains.payload_bytes, tally.captures.payload_bytes})
               : FactCell(Absence::kUnknown));
  list.Add("domain_list.sha256", "Domains to disclose: SHA-256 of the CSV file", "domain-list",
           domains.complete ? OwnText(domains.sha256) : FactCell(Absence::kUnknown));
}

}  // namespace crawlcard::card
