// card/domains.h - the registrable domains of an index by size: an exact top list, or all of them.
//
// Captures of one domain are neighbours, so a domain's sums are complete when the next one begins,
// and only the N largest need to be kept. The first and the last domain stay open until parts have
// been merged, so that a domain cut in two by a range is still one row.
//
// Thread rule: a value, thread-compatible.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/time.h"
#include "card/counts.h"
#include "card/modality.h"

namespace crawlcard::card {

struct DomainRow {
  std::string domain;
  std::uint64_t captures = 0;
  std::uint64_t pages = 0;
  GroupCount hosts;
  std::uint64_t payload_bytes = 0;
  std::uint64_t text_bytes = 0;
  // Payload bytes of captures with status 200 that are no revisits, by kind of content.
  std::array<std::uint64_t, kModalityCount> modality_bytes{};
  std::uint64_t pages_judged = 0;
  std::uint64_t pages_usable = 0;
  std::optional<UnixSeconds> first;
  std::optional<UnixSeconds> last;
};

// Larger payload first, then by name: the order of the list, stable for ties.
bool LargerDomain(const DomainRow& a, const DomainRow& b);

// What captures that say the same, of one host, add to their domain.
struct DomainShare {
  std::string_view domain;
  std::uint64_t host_ordinal = 0;
  Amount amount;
  std::optional<UnixSeconds> first;
  std::optional<UnixSeconds> last;
  std::optional<Modality> modality;  // nullopt: in no kind of content
  bool is_page = false;
  bool judged = false;
  bool usable = false;
};

class TopDomains {
 public:
  // `rows_max` 0 keeps every domain, about 200 bytes each.
  explicit TopDomains(std::size_t rows_max = limits::kTopDomainsDefault) : rows_max_(rows_max) {}

  void Add(const DomainShare& share);
  // `right` follows in key order.
  void Merge(TopDomains&& right, const Seam& host_seam);
  // Closes what is open. Add and Merge may not follow.
  void Finish();

  // Largest first; after Finish().
  const std::deque<DomainRow>& rows() const { return rows_; }
  // The first of them, as many as a card lists.
  std::span<const DomainRow> top() const { return top_; }
  std::size_t rows_max() const { return rows_max_; }

 private:
  void Open(DomainRow row);
  void Close(DomainRow row);
  void SortInPlace();

  std::size_t rows_max_;
  std::vector<DomainRow> open_;  // at most two: the first domain of this part, and the last
  // In pieces: rows are many, and never moved to make room for more. Once full a heap with the
  // smallest row on top, until Finish().
  std::deque<DomainRow> rows_;
  std::vector<DomainRow> top_;
};

}  // namespace crawlcard::card
