// card/domain_list.h - the list of domains that disclosure forms ask for, as CSV.
//
// Rule (EU template for Art. 53(1)(d) of Regulation (EU) 2024/1689, field 2.3.h, read as cards.md
// section 1.2 of our specification has it): the largest tenth of all registrable domains by payload
// bytes, rounded up, ties by name; for small and medium-sized providers the largest twentieth or
// 1,000, whichever is lower. The same share once for each kind of content, by the bytes of that
// kind; a domain that is listed for that reason alone is marked.
//
// Thread rule: functions are thread-safe.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

#include "base/result.h"
#include "card/tally.h"

namespace crawlcard::card {

enum class DomainRule : std::uint8_t { kTopTenth, kSmallProvider };
std::string_view DomainRuleName(DomainRule rule);  // "top_10_percent"

struct DomainList {
  DomainRule rule = DomainRule::kTopTenth;
  bool complete = true;       // false: more domains than are kept while counting
  std::uint64_t by_size = 0;  // rows by size of all content
  std::uint64_t listed = 0;   // these, and those listed for one kind of content
  std::uint64_t payload_bytes = 0;
  std::string sha256;  // hexadecimal, of the CSV
};

// Rows that the rule takes of `domains`.
std::uint64_t DomainsToList(DomainRule rule, std::uint64_t domains);

// The CSV (RFC 4180, LF): rank,domain,payload_bytes,text_bytes,pages,tokens_est,first_seen,
// last_seen,modalities,listed_for. `tally` must be finished.
std::string DomainListCsv(const Tally& tally, DomainRule rule);
DomainList SummariseDomainList(const Tally& tally, DomainRule rule);

}  // namespace crawlcard::card
