// dataset/study/site_totals.h - what the rows of each site amount to: the head, a random sample,
// and all of it, in bounded memory.
//
// The sample holds the sites whose names have the smallest digests. A site that is in it at the end
// was never out of it, so its sums are exact however many sites there are; the heaviest sites are
// exact up to a limit, beyond which head_error() says what one of them may be short of.
//
// Thread rule: thread-compatible. The order of Add() matters beyond the limit: merge in row order.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "dataset/tally.h"

namespace crawlcard::dataset {

struct SiteAmount {
  Amount all;
  Amount removed;
  void Add(const SiteAmount& other) {
    all.Add(other.all);
    removed.Add(other.removed);
  }
  bool operator==(const SiteAmount&) const = default;
};
using SiteAmounts = std::map<std::string, SiteAmount, std::less<>>;

// What a site weighs.
enum class Weight : std::uint8_t { kRows, kBytes, kTokens };
std::string_view WeightName(Weight weight);
std::uint64_t WeightOf(const Amount& amount, Weight weight);

class SiteTotals {
 public:
  // `sites_max` and `sample`: limits::kStudySitesMax and as many sites as may be drawn.
  SiteTotals(Weight weight, std::size_t sites_max, std::size_t sample);

  void Add(const SiteAmounts& part);

  using Entry = std::pair<std::string, SiteAmount>;
  // The `count` heaviest sites, heaviest first, then by name.
  std::vector<Entry> Head(std::size_t count) const;
  // The `count` sites with the smallest digests that are not among `head`.
  std::vector<Entry> Random(std::size_t count, const std::vector<Entry>& head) const;

  const SiteAmount& all() const { return all_; }
  Weight weight() const { return weight_; }
  // 0 while every site is counted.
  std::uint64_t head_error() const { return head_error_; }
  // Distinct sites; estimated from the sample where not all are kept.
  std::uint64_t sites() const;

 private:
  using SampleKey = std::pair<std::uint64_t, std::string>;
  void Prune();

  Weight weight_;
  std::size_t sites_max_;
  std::size_t sample_max_;
  SiteAmounts sites_;
  std::map<SampleKey, SiteAmount> sample_;
  SiteAmount all_;
  std::uint64_t head_error_ = 0;
};

// What the sample is ordered by: the first eight bytes of the XXH3-128 of "crawlcard.sample.1:" and
// the name.
std::uint64_t SampleDigest(std::string_view site);

}  // namespace crawlcard::dataset
