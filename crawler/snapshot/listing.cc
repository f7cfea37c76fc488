#include "crawler/snapshot/listing.h"

#include <algorithm>
#include <unordered_set>

#include <simdjson.h>

#include "base/codec.h"
#include "base/text.h"
#include "crawler/snapshot/limits.h"

namespace crawlcard::crawler {
namespace {

constexpr std::size_t kIdBytesMax = 128;

bool IsPathChar(char c) {
  return IsAsciiAlpha(c) || IsAsciiDigit(c) ||
         std::string_view("-_.=~+").find(c) != std::string_view::npos;
}

}  // namespace

std::optional<Subset> ParseSubset(std::string_view name) {
  for (const Subset subset : {Subset::kRobotstxt, Subset::kWarc, Subset::kWat, Subset::kNon200}) {
    if (SubsetName(subset) == name) return subset;
  }
  return std::nullopt;
}

std::string_view SubsetName(Subset subset) {
  switch (subset) {
    case Subset::kRobotstxt:
      return "robotstxt";
    case Subset::kWarc:
      return "warc";
    case Subset::kWat:
      return "wat";
    case Subset::kNon200:
      break;
  }
  return "non200";
}

bool IsSafePath(std::string_view path) {
  if (path.empty() || path.size() > limits::kListingPathBytesMax) return false;
  while (true) {
    const std::size_t slash = path.find('/');
    const std::string_view part = path.substr(0, slash);
    if (part.empty() || part == "." || part == "..") return false;
    if (!std::all_of(part.begin(), part.end(), IsPathChar)) return false;
    if (slash == std::string_view::npos) return true;
    path.remove_prefix(slash + 1);
  }
}

Status CheckCrawlId(std::string_view id) {
  if (id.size() <= kIdBytesMax && IsSafePath(id)) return {};
  return Fail(ErrorCode::kInvalidArgument, "a crawl id looks like CC-MAIN-2026-40");
}

std::string ListingPath(std::string_view id, Subset subset) {
  const std::string_view name =
      subset == Subset::kNon200 ? std::string_view("non200responses") : SubsetName(subset);
  return fmt::format("crawl-data/{}/{}.paths.gz", id, name);
}

Result<std::string> UnpackedText(std::string_view bytes, std::size_t bytes_max) {
  const auto too_large = [bytes_max]() -> Result<std::string> {
    return Fail(ErrorCode::kTooLarge, "text too large: limit {} bytes unpacked", bytes_max);
  };
  if (!bytes.starts_with("\x1f\x8b")) {
    if (bytes.size() > bytes_max) return too_large();
    return std::string(bytes);
  }
  std::string text;
  CRAWLCARD_ASSIGN(const DecodeOutcome outcome, Decode(Coding::kGzip, bytes, bytes_max, text));
  if (outcome.over_limit) return too_large();
  if (!outcome.complete) return Fail(ErrorCode::kTruncated, "gzip text is cut");
  return text;
}

Result<Listing> ParseListing(std::string_view bytes) {
  CRAWLCARD_ASSIGN(const std::string text, UnpackedText(bytes, limits::kListingTextBytesMax));
  Listing listing;
  std::unordered_set<std::string_view> seen;
  std::string_view rest = text;
  while (!rest.empty()) {
    const std::size_t feed = rest.find('\n');
    const std::string_view line = TrimAscii(rest.substr(0, feed));
    rest.remove_prefix(feed == std::string_view::npos ? rest.size() : feed + 1);
    if (line.empty()) continue;
    if (!IsSafePath(line)) {
      ++listing.refused;
      continue;
    }
    if (!seen.insert(line).second) continue;
    if (listing.paths.size() == limits::kListingPathsMax) {
      return Fail(ErrorCode::kTooLarge, "listing has more than {} paths", limits::kListingPathsMax);
    }
    listing.paths.emplace_back(line);
  }
  return listing;
}

Result<std::vector<std::string>> ParseCollinfo(std::string_view json) {
  if (json.size() > limits::kCollinfoBytesMax) {
    return Fail(ErrorCode::kTooLarge, "collinfo too large: {} bytes, limit {}", json.size(),
                limits::kCollinfoBytesMax);
  }
  simdjson::dom::parser parser;
  simdjson::dom::array entries;
  const simdjson::padded_string padded(json);
  if (parser.parse(padded).get_array().get(entries) != simdjson::SUCCESS) {
    return Fail(ErrorCode::kCorrupt, "collinfo is no JSON array");
  }
  std::vector<std::string> ids;
  for (const simdjson::dom::element entry : entries) {
    std::string_view id;
    if (entry["id"].get_string().get(id) != simdjson::SUCCESS || !CheckCrawlId(id)) continue;
    ids.emplace_back(id);
  }
  return ids;
}

}  // namespace crawlcard::crawler
