// dataset/url_set.h - the URLs of a data set, and their hosts, to ask a capture whether it is in
// it.
//
// URLs are told apart by their SURT keys, as a card counts them: 64 bits of a digest each, so a URL
// that is not in the set is taken for one of a hundred million with a chance of 5 in a million
// million.
//
// Thread rule: thread-compatible while it is filled; Has...() are thread-safe after Seal().
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "dataset/block_judge.h"
#include "dataset/limits.h"

namespace crawlcard::dataset {

class UrlSet {
 public:
  explicit UrlSet(std::size_t urls_max = limits::kUrlSetMax) : urls_max_(urls_max) {}

  // `surt` as in a capture; `host` that of the URL.
  void Add(std::string_view surt, std::string_view host);
  // Errors: kTooLarge beyond the limit of different URLs.
  [[nodiscard]] Status Merge(UrlSet&& other);
  void Seal();

  bool HasUrl(std::string_view surt) const;
  bool HasHost(std::string_view host) const;
  std::uint64_t urls() const { return urls_.size(); }    // different ones, after Seal()
  std::uint64_t hosts() const { return hosts_.size(); }  // different ones, after Seal()

 private:
  std::vector<std::uint64_t> urls_;
  std::vector<std::uint64_t> hosts_;
  std::size_t urls_max_;
  std::size_t sort_at_ = 1 << 20;
};

// Collects the URLs of the rows of a block.
class UrlObserver final : public RowObserver {
 public:
  void OnRow(const Row& row, const index::BatchAnswer* answer) override;
  UrlSet& set() { return set_; }

 private:
  UrlSet set_;
};

}  // namespace crawlcard::dataset
