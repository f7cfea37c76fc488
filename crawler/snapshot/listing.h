// crawler/snapshot/listing.h - what a snapshot consists of: collinfo.json, *.paths.gz.
//
// A path of a listing is relative to the bucket's root and is the name of the file in the index.
// Paths are claims of a server: those that could leave the mirror's root are refused.
//
// Thread rule: functions are thread-safe.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace crawlcard::crawler {

enum class Subset : std::uint8_t { kRobotstxt, kWarc, kWat, kNon200 };

// "robotstxt", "warc", "wat", "non200"; nullopt for anything else.
std::optional<Subset> ParseSubset(std::string_view name);
std::string_view SubsetName(Subset subset);

// Letters, digits, '-', '_', '.' and single '/' between them (CC-NEWS/2026/10). An id is opaque
// otherwise. Errors: kInvalidArgument.
[[nodiscard]] Status CheckCrawlId(std::string_view id);

// "crawl-data/ID/robotstxt.paths.gz"; the listing of non200 is called non200responses.
std::string ListingPath(std::string_view id, Subset subset);

// Whether `path` may be joined to the root of a mirror: plain letters, no empty part, no "..".
bool IsSafePath(std::string_view path);

// `bytes`, or what they unpack to where they are gzip. Errors: kTooLarge beyond `bytes_max`,
// kTruncated, kCorrupt.
[[nodiscard]] Result<std::string> UnpackedText(std::string_view bytes, std::size_t bytes_max);

struct Listing {
  std::vector<std::string> paths;  // in the listing's order, repeats dropped
  std::uint64_t refused = 0;       // lines that are no safe path
};

// Reads a listing, gzip or plain. Errors: kCorrupt, kTooLarge, kTruncated for a gzip stream without
// its end.
[[nodiscard]] Result<Listing> ParseListing(std::string_view bytes);

// The ids of collinfo.json in its order, newest first. Errors: kCorrupt, kTooLarge.
[[nodiscard]] Result<std::vector<std::string>> ParseCollinfo(std::string_view json);

}  // namespace crawlcard::crawler
