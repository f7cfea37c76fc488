#include "dataset/study/site_totals.h"

#include <algorithm>
#include <array>
#include <set>

#include "base/digest.h"

namespace crawlcard::dataset {

std::string_view WeightName(Weight weight) {
  constexpr std::array<std::string_view, 3> kNames = {"rows", "bytes", "tokens"};
  return kNames[static_cast<std::size_t>(weight)];
}

std::uint64_t WeightOf(const Amount& amount, Weight weight) {
  switch (weight) {
    case Weight::kRows:
      return amount.rows;
    case Weight::kBytes:
      return amount.bytes;
    case Weight::kTokens:
      return amount.tokens;
  }
  return 0;
}

std::uint64_t SampleDigest(std::string_view site) {
  constexpr int kBitsAByte = 8;
  const Xxh3Digest digest = Xxh3("crawlcard.sample.1:" + std::string(site));
  std::uint64_t value = 0;
  for (std::size_t i = 0; i < sizeof(value); ++i) value = value << kBitsAByte | digest[i];
  return value;
}

SiteTotals::SiteTotals(Weight weight, std::size_t sites_max, std::size_t sample)
    : weight_(weight), sites_max_(sites_max), sample_max_(std::max<std::size_t>(sample, 2)) {}

void SiteTotals::Add(const SiteAmounts& part) {
  for (const auto& [site, amount] : part) {
    all_.Add(amount);
    sites_[site].Add(amount);
    if (sites_.size() > 2 * sites_max_) Prune();
    SampleKey key(SampleDigest(site), site);
    if (sample_.size() == sample_max_ && std::prev(sample_.end())->first < key) continue;
    sample_[std::move(key)].Add(amount);
    if (sample_.size() > sample_max_) sample_.erase(std::prev(sample_.end()));
  }
}

void SiteTotals::Prune() {
  std::vector<SiteAmounts::iterator> order;
  order.reserve(sites_.size());
  for (auto at = sites_.begin(); at != sites_.end(); ++at) order.push_back(at);
  const auto middle = order.begin() + static_cast<std::ptrdiff_t>(sites_max_);
  std::nth_element(order.begin(), middle, order.end(), [this](const auto& a, const auto& b) {
    const std::uint64_t left = WeightOf(a->second.all, weight_);
    const std::uint64_t right = WeightOf(b->second.all, weight_);
    return left != right ? left > right : a->first < b->first;
  });
  head_error_ += WeightOf((*middle)->second.all, weight_);
  for (auto gone = middle; gone != order.end(); ++gone) sites_.erase(*gone);
}

std::vector<SiteTotals::Entry> SiteTotals::Head(std::size_t count) const {
  std::vector<const SiteAmounts::value_type*> order;
  order.reserve(sites_.size());
  for (const auto& site : sites_) order.push_back(&site);
  count = std::min(count, order.size());
  std::partial_sort(order.begin(), order.begin() + static_cast<std::ptrdiff_t>(count), order.end(),
                    [this](const auto* a, const auto* b) {
                      const std::uint64_t left = WeightOf(a->second.all, weight_);
                      const std::uint64_t right = WeightOf(b->second.all, weight_);
                      return left != right ? left > right : a->first < b->first;
                    });
  std::vector<Entry> head;
  for (std::size_t i = 0; i < count; ++i) head.emplace_back(*order[i]);
  return head;
}

std::vector<SiteTotals::Entry> SiteTotals::Random(std::size_t count,
                                                  const std::vector<Entry>& head) const {
  std::set<std::string_view> taken;
  for (const Entry& entry : head) taken.insert(entry.first);
  std::vector<Entry> random;
  for (const auto& [key, amount] : sample_) {
    if (random.size() == count) break;
    if (!taken.contains(key.second)) random.emplace_back(key.second, amount);
  }
  return random;
}

std::uint64_t SiteTotals::sites() const {
  if (head_error_ == 0) return sites_.size();
  constexpr double kAllDigests = 18446744073709551616.0;
  const auto last = static_cast<double>(std::prev(sample_.end())->first.first);
  return static_cast<std::uint64_t>(static_cast<double>(sample_.size() - 1) * kAllDigests / last);
}

}  // namespace crawlcard::dataset
