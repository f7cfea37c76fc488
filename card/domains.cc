#include "card/domains.h"

#include <algorithm>
#include <utility>

#include "card/dates.h"

namespace crawlcard::card {

bool LargerDomain(const DomainRow& a, const DomainRow& b) {
  if (a.payload_bytes != b.payload_bytes) return a.payload_bytes > b.payload_bytes;
  return a.domain < b.domain;
}

void TopDomains::Add(const DomainShare& share) {
  if (share.domain.empty()) return;
  if (open_.empty() || open_.back().domain != share.domain) {
    DomainRow fresh;
    fresh.domain = share.domain;
    Open(std::move(fresh));
  }
  DomainRow& row = open_.back();
  const Amount& amount = share.amount;
  row.captures += amount.captures;
  row.pages += share.is_page ? amount.captures : 0;
  row.hosts.Add(share.host_ordinal);
  row.payload_bytes += amount.payload_bytes;
  row.text_bytes += amount.text_bytes;
  if (share.modality) {
    row.modality_bytes[static_cast<std::size_t>(*share.modality)] += amount.payload_bytes;
  }
  row.pages_judged += share.is_page && share.judged ? amount.captures : 0;
  row.pages_usable += share.is_page && share.usable ? amount.captures : 0;
  Extend(share.first, row.first, row.last);
  Extend(share.last, row.first, row.last);
}

void TopDomains::Open(DomainRow row) {
  if (open_.size() == 2) {
    Close(std::move(open_.back()));
    open_.pop_back();
  }
  open_.push_back(std::move(row));
}

void TopDomains::Close(DomainRow row) {
  if (rows_max_ != 0 && rows_.size() == rows_max_) {
    if (!LargerDomain(row, rows_.front())) return;
    std::pop_heap(rows_.begin(), rows_.end(), LargerDomain);
    rows_.back() = std::move(row);
    std::push_heap(rows_.begin(), rows_.end(), LargerDomain);
    return;
  }
  rows_.push_back(std::move(row));
  if (rows_.size() == rows_max_) std::make_heap(rows_.begin(), rows_.end(), LargerDomain);
}

void TopDomains::Merge(TopDomains&& right, const Seam& host_seam) {
  if (rows_.empty() && rows_max_ == right.rows_max_) {
    rows_.swap(right.rows_);
  } else {
    for (DomainRow& row : right.rows_) Close(std::move(row));
  }
  right.rows_ = {};  // its memory, too: there is a part for each range
  for (DomainRow& row : right.open_) {
    if (open_.empty() || open_.back().domain != row.domain) {
      GroupCount hosts;  // ordinals of the right part move up
      hosts.Merge(row.hosts, host_seam);
      row.hosts = hosts;
      Open(std::move(row));
      continue;
    }
    DomainRow& left = open_.back();
    left.captures += row.captures;
    left.pages += row.pages;
    left.hosts.Merge(row.hosts, host_seam);
    left.payload_bytes += row.payload_bytes;
    left.text_bytes += row.text_bytes;
    for (std::size_t i = 0; i < kModalityCount; ++i) {
      left.modality_bytes[i] += row.modality_bytes[i];
    }
    left.pages_judged += row.pages_judged;
    left.pages_usable += row.pages_usable;
    Extend(row.first, left.first, left.last);
    Extend(row.last, left.first, left.last);
  }
  right.open_.clear();
}

// Rows are large and far from each other: what mostly decides is compared apart from them, and each
// is moved once, to where its place says.
void TopDomains::SortInPlace() {
  struct Place {
    std::uint64_t payload_bytes = 0;
    std::size_t row = 0;
  };
  std::vector<Place> places(rows_.size());
  for (std::size_t i = 0; i < places.size(); ++i) places[i] = {rows_[i].payload_bytes, i};
  std::sort(places.begin(), places.end(), [&](const Place& a, const Place& b) {
    if (a.payload_bytes != b.payload_bytes) return a.payload_bytes > b.payload_bytes;
    return LargerDomain(rows_[a.row], rows_[b.row]);
  });
  for (std::size_t start = 0; start < places.size(); ++start) {
    if (places[start].row == start) continue;
    DomainRow first = std::move(rows_[start]);
    std::size_t at = start;
    while (places[at].row != start) {
      rows_[at] = std::move(rows_[places[at].row]);
      at = std::exchange(places[at].row, at);
    }
    rows_[at] = std::move(first);
    places[at].row = at;
  }
}

void TopDomains::Finish() {
  for (DomainRow& row : open_) Close(std::move(row));
  open_.clear();
  SortInPlace();
  const std::size_t listed = std::min(rows_.size(), limits::kTopDomainsDefault);
  top_.assign(rows_.begin(), rows_.begin() + static_cast<std::ptrdiff_t>(listed));
}

}  // namespace crawlcard::card
