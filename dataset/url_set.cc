#include "dataset/url_set.h"

#include <algorithm>
#include <optional>
#include <string>

#include "base/digest.h"
#include "page/surt.h"

namespace crawlcard::dataset {
namespace {

std::uint64_t MarkOf(std::string_view text) {
  const Xxh3Digest digest = Xxh3(text);
  std::uint64_t mark = 0;
  for (std::size_t i = 0; i < sizeof mark; ++i) mark = mark << 8 | digest[i];
  return mark;
}

void SortOnce(std::vector<std::uint64_t>& marks) {
  std::sort(marks.begin(), marks.end());
  marks.erase(std::unique(marks.begin(), marks.end()), marks.end());
}

}  // namespace

void UrlSet::Add(std::string_view surt, std::string_view host) {
  urls_.push_back(MarkOf(surt));
  hosts_.push_back(MarkOf(host));
}

Status UrlSet::Merge(UrlSet&& other) {
  urls_.insert(urls_.end(), other.urls_.begin(), other.urls_.end());
  hosts_.insert(hosts_.end(), other.hosts_.begin(), other.hosts_.end());
  if (urls_.size() < std::min(sort_at_, urls_max_ + 1)) return {};
  Seal();
  // Sorted again when it has doubled: each mark a few times in all.
  sort_at_ = 2 * std::max(urls_.size(), sort_at_ / 2);
  if (urls_.size() <= urls_max_) return {};
  return Fail(ErrorCode::kTooLarge, "a data set of more than {} different URLs", urls_max_);
}

void UrlSet::Seal() {
  SortOnce(urls_);
  SortOnce(hosts_);
}

bool UrlSet::HasUrl(std::string_view surt) const {
  return std::binary_search(urls_.begin(), urls_.end(), MarkOf(surt));
}

bool UrlSet::HasHost(std::string_view host) const {
  return std::binary_search(hosts_.begin(), hosts_.end(), MarkOf(host));
}

void UrlObserver::OnRow(const Row& row, const index::BatchAnswer* answer) {
  if (answer == nullptr) return;
  const std::optional<std::string> surt = page::SurtKey(row.url);
  if (surt) set_.Add(*surt, answer->host);
}

}  // namespace crawlcard::dataset
