#include "dataset/study/ranks.h"

#include <algorithm>

#include "base/digest.h"
#include "base/file.h"
#include "base/text.h"
#include "dataset/limits.h"

namespace crawlcard::dataset {

std::string_view SiteOfHost(std::string_view host) {
  constexpr std::string_view kWww = "www.";
  return host.starts_with(kWww) ? host.substr(kWww.size()) : host;
}

Result<RankList> RankList::Read(const std::string& path) {
  CRAWLCARD_ASSIGN(const std::string text, ReadFile(path, limits::kRankFileBytesMax));
  return Parse(text, path);
}

Result<RankList> RankList::Parse(std::string_view text, std::string_view name) {
  RankList list;
  list.digest_ = "sha256:" + Hex(Sha256(text));
  for (std::size_t number = 1; !text.empty(); ++number) {
    const std::size_t end = std::min(text.find('\n'), text.size() - 1);
    const std::string_view line = TrimAscii(text.substr(0, end + 1));
    text.remove_prefix(end + 1);
    if (line.empty()) continue;
    const std::size_t comma = line.find(',');
    if (comma == std::string_view::npos) {
      return Fail(ErrorCode::kInvalidArgument, "{}:{}: no domain and rank", name, number);
    }
    std::string_view domain = TrimAscii(line.substr(0, comma));
    std::string_view rank_text = TrimAscii(line.substr(comma + 1));
    std::optional<std::uint64_t> rank = ParseUint(rank_text);
    if (!rank) {
      rank = ParseUint(domain);
      domain = rank_text;
    }
    if (!rank && number == 1) continue;
    if (!rank || *rank == 0 || domain.empty()) {
      return Fail(ErrorCode::kInvalidArgument, "{}:{}: no domain and rank", name, number);
    }
    if (*rank > limits::kRankMax) continue;
    const std::string lower = AsciiLowerCopy(domain);
    const auto value = static_cast<std::uint32_t>(*rank);
    const auto [found, added] = list.ranks_.try_emplace(std::string(SiteOfHost(lower)), value);
    if (!added) found->second = std::min(found->second, value);
  }
  return list;
}

std::optional<std::uint32_t> RankList::RankOf(std::string_view site) const {
  const auto found = ranks_.find(site);
  if (found == ranks_.end()) return std::nullopt;
  return found->second;
}

std::size_t RankList::StratumOf(std::string_view site) const {
  const std::uint32_t rank = RankOf(site).value_or(kStrata.back());
  return static_cast<std::size_t>(std::ranges::lower_bound(kStrata, rank) - kStrata.begin());
}

}  // namespace crawlcard::dataset
