// dataset/study/ranks.h - domains by popularity, and the strata that studies count by.
//
// Thread rule: immutable after reading.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>

#include "base/result.h"

namespace crawlcard::dataset {

// A stratum holds the sites of its rank and of all better ones; the last one every site, ranked or
// not.
inline constexpr std::array<std::uint32_t, 7> kStrata = {1'000,     10'000,    50'000,    100'000,
                                                         1'000'000, 2'000'000, 0xFFFFFFFF};
inline constexpr std::array<std::string_view, 7> kStratumNames = {"1k", "10k", "50k", "100k",
                                                                  "1M", "2M",  "all"};

class RankList {
 public:
  // Lines of a domain and its rank with a comma between, in either order; a header is passed over.
  // "www." before a domain is cut; of a domain that comes twice the better rank counts. Ranks
  // beyond limits::kRankMax are not kept. Errors: kInvalidArgument "FILE:LINE: ...", kNotFound,
  // kIo, kTooLarge.
  [[nodiscard]] static Result<RankList> Read(const std::string& path);
  [[nodiscard]] static Result<RankList> Parse(std::string_view text, std::string_view name);

  std::optional<std::uint32_t> RankOf(std::string_view site) const;
  // The first stratum that holds the site; each after it does too.
  std::size_t StratumOf(std::string_view site) const;
  std::size_t size() const { return ranks_.size(); }
  const std::string& digest() const { return digest_; }  // "sha256:..."

 private:
  struct Hash {
    using is_transparent = void;
    std::size_t operator()(std::string_view text) const {
      return std::hash<std::string_view>()(text);
    }
  };
  std::unordered_map<std::string, std::uint32_t, Hash, std::equal_to<>> ranks_;
  std::string digest_;
};

// "a.org" for "www.a.org".
std::string_view SiteOfHost(std::string_view host);

}  // namespace crawlcard::dataset
