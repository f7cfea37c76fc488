// warc/internal/repair.h - finishes `.open` files that a crashed writer left behind.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/byte_source.h"
#include "base/file_system.h"
#include "base/result.h"
#include "warc/writer.h"

namespace crawlcard::warc {

// What a file is called while it grows.
inline constexpr std::string_view kOpenSuffix = ".open";

// Where the zeros start with which a file ends: what a crash of the machine may leave behind the
// bytes that were synced. For uncompressed archives, whose records end in line ends; a member may
// end in zeros of its own, and readers pass over those behind it. Errors: kIo.
[[nodiscard]] Result<std::uint64_t> ZeroTailStart(ByteSource& source);

// What is whole among the first `bytes` of an archive, in order, neighbours joined. A record that a
// reader has to forgive anything, or whose digest is wrong, is not whole: our writer writes none.
// Behind the first damage only records with the WARC-Warcinfo-ID of the file's start count: what
// looks like a record there may be part of a page. Errors: kIo.
struct ByteRange {
  std::uint64_t begin = 0;
  std::uint64_t end = 0;

  bool operator==(const ByteRange&) const = default;
};
[[nodiscard]] Result<std::vector<ByteRange>> WholeRecords(ByteSource& source, std::uint64_t bytes);

// In the name of a file that holds what was whole in one that was damaged in its middle.
inline constexpr std::string_view kSalvaged = "-salvaged";

// Cuts and seals what no living process owns. Errors: kIo, kConflict when a sealed file of the
// same name exists already.
[[nodiscard]] Result<RepairReport> RepairDirectory(FileSystem& files, const std::string& directory,
                                                   std::string_view prefix);

}  // namespace crawlcard::warc
