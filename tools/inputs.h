// tools/inputs.h - what stands on the command line of ingest, as a list of files to read.
//
// A directory stands for the archives below it, sorted by path, and is the base of their names.
// @LISTING stands for the paths in a file, a line each (.gz too); paths that are relative are tried
// as they are, then below --base. "-" is standard input, "@-" a listing there. An URL is refused.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "base/shard.h"
#include "index/ingest/ingest.h"

namespace crawlcard::tools {

// True for names that a directory walk takes: *.warc, *.arc, *.wat, *.cdx and *.cdxj, as they are
// or as .gz or .zst, and cdx-*.gz.
bool LooksLikeArchive(std::string_view file_name);

// True for "http://...", "https://..." and "s3://...".
bool LooksLikeUrl(std::string_view operand);

// Errors: kInvalidArgument for URLs and for one file named twice under different paths;
// kNotFound, kIo for directories and listings that cannot be read. Single files are not opened
// here.
[[nodiscard]] Result<std::vector<index::IngestInput>> ExpandInputs(
    const std::vector<std::string>& operands, const std::string& base);

// The same, with a repeat given as often as it stands there.
[[nodiscard]] Result<std::vector<index::IngestInput>> ExpandAll(
    const std::vector<std::string>& operands, const std::string& base);

// Refuses what may look different to each worker: directories and standard input. A worker that
// counts another list does another share, and some file belongs to nobody.
// Errors: kInvalidArgument.
[[nodiscard]] Status CheckShareable(const std::vector<std::string>& operands);

// Leaves the inputs whose number, from 0, belongs to `shard`.
void KeepShare(const Shard& shard, std::vector<index::IngestInput>& inputs);

// The lines of operands that name publishers: host names and URLs as they are, @LISTING and "-" a
// line each; empty lines and those that begin with '#' are left out.
// Errors: kInvalidArgument, kNotFound, kIo, kTooLarge.
[[nodiscard]] Result<std::vector<std::string>> ExpandSeeds(
    const std::vector<std::string>& operands);

}  // namespace crawlcard::tools
