#include "tools/inputs.h"

#include <algorithm>
#include <array>
#include <filesystem>
#include <map>

#include "base/codec.h"
#include "base/file.h"
#include "base/text.h"
#include "index/ingest/observe.h"
#include "tools/limits.h"

namespace crawlcard::tools {
namespace {

namespace fs = std::filesystem;
using index::IngestInput;

Status AppendDirectory(const std::string& directory, const std::string& base,
                       std::vector<IngestInput>& inputs_out) {
  std::vector<std::string> paths;
  std::error_code error;
  for (fs::recursive_directory_iterator walk(directory, error), end; !error && walk != end;
       walk.increment(error)) {
    std::error_code ignored;  // an entry that vanished is not a regular file
    if (walk->is_regular_file(ignored) && LooksLikeArchive(walk->path().filename().string())) {
      paths.push_back(walk->path().string());
    }
  }
  if (error) {
    return Fail(ErrorCode::kIo, "cannot list directory '{}': {}", directory, error.message());
  }
  std::ranges::sort(paths);
  for (std::string& path : paths) {
    std::string name = index::ArchiveName(path, base.empty() ? directory : base);
    inputs_out.push_back({std::move(path), std::move(name)});
  }
  return {};
}

Result<std::string> ReadListing(const std::string& path) {
  CRAWLCARD_ASSIGN(std::string text, ReadFile(path, limits::kListingBytesMax));
  if (!text.starts_with("\x1f\x8b")) return text;
  std::string plain;
  CRAWLCARD_ASSIGN(const DecodeOutcome outcome,
                   Decode(Coding::kGzip, text, limits::kListingBytesMax, plain));
  if (outcome.over_limit) {
    return Fail(ErrorCode::kTooLarge, "listing '{}' too large: over {} bytes unpacked", path,
                limits::kListingBytesMax);
  }
  if (!outcome.complete) {
    return Fail(ErrorCode::kTruncated, "listing '{}' is cut after {} bytes unpacked", path,
                plain.size());
  }
  return plain;
}

Status AppendListing(const std::string& path, const std::string& base,
                     std::vector<IngestInput>& inputs_out) {
  CRAWLCARD_ASSIGN(const std::string text, ReadListing(path));
  std::string_view rest = text;
  while (!rest.empty()) {
    const std::size_t newline = rest.find('\n');
    const std::string line(TrimAscii(rest.substr(0, newline)));
    rest.remove_prefix(newline == std::string_view::npos ? rest.size() : newline + 1);
    if (line.empty()) continue;
    if (LooksLikeUrl(line)) {
      return Fail(ErrorCode::kInvalidArgument, "'{}' in listing '{}': only local files are read",
                  line, path);
    }
    std::error_code ignored;  // what cannot be looked at does not exist for us
    const bool below_base =
        !base.empty() && fs::path(line).is_relative() && !fs::exists(line, ignored);
    const std::string opened = below_base ? (fs::path(base) / line).string() : line;
    inputs_out.push_back({opened, index::ArchiveName(opened, base)});
  }
  return {};
}

// Two different paths under one name would look like a changed file. A path given twice is read
// once.
Status Deduplicate(std::vector<IngestInput>& inputs) {
  std::map<std::string, std::string> path_of;
  std::vector<IngestInput> kept;
  for (IngestInput& input : inputs) {
    const auto [place, is_new] = path_of.try_emplace(input.name, input.path);
    std::error_code ignored;
    if (!is_new && place->second != input.path &&
        !fs::equivalent(place->second, input.path, ignored)) {
      return Fail(ErrorCode::kInvalidArgument,
                  "'{}' and '{}' would both be called '{}' in the index; give a common --base",
                  place->second, input.path, input.name);
    }
    if (is_new) kept.push_back(std::move(input));
  }
  inputs = std::move(kept);
  return {};
}

}  // namespace

bool LooksLikeArchive(std::string_view file_name) {
  // A shard of a ZipNum; cluster.idx beside it is no list of captures.
  if (file_name.starts_with("cdx-") && file_name.ends_with(".gz")) return true;
  for (const std::string_view packed : {".gz", ".zst"}) {
    if (file_name.ends_with(packed)) {
      file_name.remove_suffix(packed.size());
      break;
    }
  }
  if (file_name == "takedowns.jsonl" || file_name.ends_with(".takedowns.jsonl")) return true;
  constexpr std::array<std::string_view, 5> kEndings{".warc", ".arc", ".wat", ".cdx", ".cdxj"};
  return std::ranges::any_of(kEndings, [&](std::string_view end) {
    return file_name.size() > end.size() && file_name.ends_with(end);
  });
}

bool LooksLikeUrl(std::string_view operand) {
  for (const std::string_view scheme : {"http://", "https://", "s3://"}) {
    if (StartsWithIgnoreCase(operand, scheme)) return true;
  }
  return false;
}

Result<std::vector<std::string>> ExpandSeeds(const std::vector<std::string>& operands) {
  std::vector<std::string> seeds;
  for (const std::string& operand : operands) {
    const bool listing = operand.size() > 1 && operand[0] == '@';
    if (operand != "-" && !listing) {
      seeds.push_back(operand);
      continue;
    }
    CRAWLCARD_ASSIGN(const std::string text, ReadListing(listing ? operand.substr(1) : operand));
    for (std::string_view rest = text; !rest.empty();) {
      const std::size_t newline = rest.find('\n');
      const std::string_view line = TrimAscii(rest.substr(0, newline));
      rest.remove_prefix(newline == std::string_view::npos ? rest.size() : newline + 1);
      if (!line.empty() && line.front() != '#') seeds.emplace_back(line);
    }
  }
  return seeds;
}

Status CheckShareable(const std::vector<std::string>& operands) {
  for (const std::string& operand : operands) {
    std::error_code ignored;  // what cannot be looked at is no directory
    if (operand == "-" || fs::is_directory(operand, ignored)) {
      return Fail(ErrorCode::kInvalidArgument,
                  "--shard counts the lines of a listing, and '{}' may not be the same for all "
                  "workers: list its files once and give @LISTING",
                  operand);
    }
  }
  return {};
}

void KeepShare(const Shard& shard, std::vector<IngestInput>& inputs) {
  std::uint64_t number = 0;
  std::erase_if(inputs, [&](const IngestInput&) { return !shard.Has(number++); });
}

Result<std::vector<IngestInput>> ExpandInputs(const std::vector<std::string>& operands,
                                              const std::string& base) {
  CRAWLCARD_ASSIGN(std::vector<IngestInput> inputs, ExpandAll(operands, base));
  CRAWLCARD_TRY(Deduplicate(inputs));
  return inputs;
}

Result<std::vector<IngestInput>> ExpandAll(const std::vector<std::string>& operands,
                                           const std::string& base) {
  std::vector<IngestInput> inputs;
  for (const std::string& operand : operands) {
    if (LooksLikeUrl(operand)) {
      return Fail(ErrorCode::kInvalidArgument,
                  "'{}' is a URL: only local files and standard input are read", operand);
    }
    std::error_code ignored;  // a path that cannot be looked at fails when it is opened
    if (operand == "-") {
      inputs.push_back({"-", "stdin"});
    } else if (operand.size() > 1 && operand[0] == '@') {
      CRAWLCARD_TRY(AppendListing(operand.substr(1), base, inputs));
    } else if (fs::is_directory(operand, ignored)) {
      CRAWLCARD_TRY(AppendDirectory(operand, base, inputs));
    } else {
      inputs.push_back({operand, index::ArchiveName(operand, base)});
    }
  }
  return inputs;
}

}  // namespace crawlcard::tools
