#include "card/domain_list.h"

#include <algorithm>
#include <set>
#include <vector>

#include <fmt/format.h>

#include "base/digest.h"
#include "card/text.h"

namespace crawlcard::card {
namespace {

constexpr std::uint64_t kSmallProviderMax = 1000;
constexpr std::uint64_t kBytesPerToken = 4;  // as in the definition "tokens"

// A row that is listed and the kinds of content it is listed for; none: for its size.
struct Listed {
  const DomainRow* row = nullptr;
  bool by_size = false;
  std::uint32_t modalities = 0;  // bits of Modality
};

// Marks the largest rows of one kind of content.
void MarkModality(std::size_t modality, DomainRule rule, std::vector<Listed>& rows) {
  std::vector<Listed*> with;
  for (Listed& one : rows) {
    if (one.row->modality_bytes[modality] > 0) with.push_back(&one);
  }
  const std::uint64_t wanted = DomainsToList(rule, with.size());
  // `rows` is in the order of names for equal bytes of all kinds only: sort by this kind.
  std::sort(with.begin(), with.end(), [&](const Listed* a, const Listed* b) {
    const std::uint64_t mine = a->row->modality_bytes[modality];
    const std::uint64_t other = b->row->modality_bytes[modality];
    return mine != other ? mine > other : a->row->domain < b->row->domain;
  });
  for (std::size_t i = 0; i < wanted && i < with.size(); ++i) {
    with[i]->modalities |= 1U << modality;
  }
}

std::vector<Listed> ListedRows(const Tally& tally, DomainRule rule) {
  std::vector<Listed> rows;
  rows.reserve(tally.domains.rows().size());
  const std::uint64_t by_size = DomainsToList(rule, tally.captures.domains.count);
  for (const DomainRow& row : tally.domains.rows()) {
    rows.push_back({&row, rows.size() < by_size, 0});
  }
  for (std::size_t i = 0; i < kModalityCount; ++i) MarkModality(i, rule, rows);
  std::erase_if(rows, [](const Listed& one) { return !one.by_size && one.modalities == 0; });
  return rows;
}

std::string Names(std::uint32_t modalities) {
  std::string out;
  for (std::size_t i = 0; i < kModalityCount; ++i) {
    if ((modalities >> i & 1U) == 0) continue;
    if (!out.empty()) out += ' ';
    out += ModalityName(static_cast<Modality>(i));
  }
  return out;
}

std::string Optional(const std::optional<UnixSeconds>& date) {
  return date ? FormatRfc3339(*date) : std::string();
}

std::string CsvOf(const std::vector<Listed>& rows) {
  std::string out =
      "rank,domain,payload_bytes,text_bytes,pages,tokens_est,first_seen,last_seen,modalities,"
      "listed_for\n";
  std::size_t rank = 0;
  for (const Listed& one : rows) {
    const DomainRow& row = *one.row;
    std::uint32_t holds = 0;
    for (std::size_t i = 0; i < kModalityCount; ++i) {
      if (row.modality_bytes[i] > 0) holds |= 1U << i;
    }
    out += fmt::format("{},{},{},{},{},{},{},{},{},{}\n", ++rank, CsvCell(VisibleText(row.domain)),
                       row.payload_bytes, row.text_bytes, row.pages,
                       (row.text_bytes + kBytesPerToken - 1) / kBytesPerToken, Optional(row.first),
                       Optional(row.last), Names(holds),
                       one.by_size ? std::string("size") : Names(one.modalities));
  }
  return out;
}

}  // namespace

std::string_view DomainRuleName(DomainRule rule) {
  return rule == DomainRule::kTopTenth ? "top_10_percent" : "sme_top_5_percent_or_1000";
}

std::uint64_t DomainsToList(DomainRule rule, std::uint64_t domains) {
  if (rule == DomainRule::kTopTenth) return domains / 10 + (domains % 10 != 0 ? 1 : 0);
  return std::min(domains / 20 + (domains % 20 != 0 ? 1 : 0), kSmallProviderMax);
}

std::string DomainListCsv(const Tally& tally, DomainRule rule) {
  return CsvOf(ListedRows(tally, rule));
}

DomainList SummariseDomainList(const Tally& tally, DomainRule rule) {
  DomainList list;
  list.rule = rule;
  list.complete = tally.domains.rows().size() == tally.captures.domains.count;
  if (!list.complete) return list;
  const std::vector<Listed> rows = ListedRows(tally, rule);
  list.listed = rows.size();
  for (const Listed& one : rows) {
    list.by_size += one.by_size ? 1 : 0;
    list.payload_bytes += one.row->payload_bytes;
  }
  list.sha256 = Hex(Sha256(CsvOf(rows)));
  return list;
}

}  // namespace crawlcard::card
