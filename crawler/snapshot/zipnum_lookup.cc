#include "crawler/snapshot/zipnum_lookup.h"

#include <algorithm>
#include <array>
#include <optional>
#include <utility>

#include "base/file.h"
#include "base/text.h"
#include "crawler/snapshot/limits.h"
#include "crawler/snapshot/listing.h"
#include "crawler/snapshot/stop_watch.h"
#include "page/surt.h"
#include "page/url.h"

namespace crawlcard::crawler {
namespace {

// Of cluster.idx at once: some hundred lines.
constexpr std::uint64_t kPieceBytes = 32 * 1024;

// One line of cluster.idx.
struct Block {
  std::string key;
  std::string file;
  std::uint64_t offset = 0;
  std::uint64_t length = 0;
};

std::optional<Block> ParseBlock(std::string_view line) {
  std::array<std::string_view, 4> fields;
  for (std::string_view& field : fields) {
    const std::size_t tab = line.find('\t');
    field = line.substr(0, tab);
    line.remove_prefix(tab == std::string_view::npos ? line.size() : tab + 1);
  }
  const std::optional<std::uint64_t> offset = ParseUint(fields[2]);
  const std::optional<std::uint64_t> length = ParseUint(fields[3]);
  const bool is_good = !fields[0].empty() && IsSafePath(fields[1]) && offset && length &&
                       *length > 0 && *length <= limits::kZipNumBlockBytesMax &&
                       *offset < std::uint64_t{1} << 62;
  if (!is_good) return std::nullopt;
  return Block{std::string(fields[0]), std::string(fields[1]), *offset, *length};
}

class Lookup {
 public:
  Lookup(SegmentFetcher* fetcher, const Mirror& mirror, const std::string& directory,
         const std::function<Status(std::string_view)>& on_line,
         const std::atomic<bool>& stop_requested)
      : fetcher_(fetcher),
        mirror_(mirror),
        directory_(directory),
        on_line_(on_line),
        stop_requested_(stop_requested) {}

  Status Find(const CdxKeyRange& range);
  const ZipNumCounts& counts() const { return counts_; }

 private:
  std::string Path(std::string_view name) const { return fmt::format("{}/{}", directory_, name); }
  std::string Cluster() const { return Path("cluster.idx"); }
  Result<std::string> Read(const std::string& path, std::uint64_t first, std::uint64_t bytes);
  Result<std::string> ReadLocal(const std::string& path, std::uint64_t first, std::uint64_t bytes);
  Result<std::optional<std::string>> KeyBehind(std::uint64_t offset);
  Result<std::uint64_t> Before(std::string_view key);
  Status TakeBlocks(std::uint64_t from, const CdxKeyRange& range, std::vector<Block>& blocks_out);
  Status TakeLines(const Block& block, const CdxKeyRange& range);

  SegmentFetcher* fetcher_;
  const Mirror& mirror_;
  const std::string& directory_;
  const std::function<Status(std::string_view)>& on_line_;
  const std::atomic<bool>& stop_requested_;
  ZipNumCounts counts_;
};

// --- ranges of files ----------------------------------------------------------------------------

Result<std::string> Lookup::ReadLocal(const std::string& path, std::uint64_t first,
                                      std::uint64_t bytes) {
  CRAWLCARD_ASSIGN(const std::unique_ptr<FileSource> file, FileSource::Open(mirror_.At(path)));
  CRAWLCARD_ASSIGN(const std::unique_ptr<FileSource> part, file->At(first));
  CRAWLCARD_ASSIGN(const std::string_view window, part->Peek(static_cast<std::size_t>(bytes)));
  return std::string(window.substr(0, static_cast<std::size_t>(bytes)));
}

// Fewer bytes at the end of the file, none behind it.
Result<std::string> Lookup::Read(const std::string& path, std::uint64_t first,
                                 std::uint64_t bytes) {
  if (stop_requested_.load()) return Fail(ErrorCode::kCancelled, "stopped on request");
  ++counts_.reads;
  if (fetcher_ == nullptr) return ReadLocal(path, first, bytes);
  SegmentTarget target;
  target.path = path;
  target.first = first;
  target.end = first + bytes;
  const SegmentHandle handle = fetcher_->Start(std::move(target));
  std::string text;
  std::array<char, 16 * 1024> piece;
  for (;;) {
    Result<std::size_t> got = handle.feed->Read(piece.data(), piece.size());
    // The server knows of no byte behind these: the file is at its end.
    if (!got && got.error().code() == ErrorCode::kConflict) return text;
    if (!got) return tl::unexpected(std::move(got.error().At(std::string_view(path))));
    if (*got == 0) return text;
    text.append(piece.data(), *got);
  }
}

// --- cluster.idx --------------------------------------------------------------------------------

// The key of the first line that starts behind `offset` (at 0: with it); nullopt at the end.
Result<std::optional<std::string>> Lookup::KeyBehind(std::uint64_t offset) {
  CRAWLCARD_ASSIGN(const std::string piece, Read(Cluster(), offset, kPieceBytes));
  std::string_view rest = piece;
  if (offset > 0) {
    const std::size_t feed = rest.find('\n');
    rest.remove_prefix(feed == std::string_view::npos ? rest.size() : feed + 1);
  }
  const std::size_t feed = rest.find('\n');
  if (feed == std::string_view::npos) {
    if (piece.size() < kPieceBytes) return std::optional<std::string>();
    return Fail(ErrorCode::kCorrupt, "'{}' has a line of over {} bytes at {}", Cluster(),
                kPieceBytes, offset);
  }
  const std::string_view line = rest.substr(0, feed);
  return std::optional<std::string>(line.substr(0, line.find('\t')));
}

// An offset not behind the start of the last line whose key is less than `key`, and not more than a
// piece before it. The size of the file is not known: the search widens first.
Result<std::uint64_t> Lookup::Before(std::string_view key) {
  std::uint64_t low = 0;
  std::uint64_t high = kPieceBytes;
  constexpr std::uint64_t kClusterBytesMax = std::uint64_t{1} << 40;
  for (; high < kClusterBytesMax; high *= 2) {
    CRAWLCARD_ASSIGN(const std::optional<std::string> found, KeyBehind(high));
    if (!found || *found >= key) break;
    low = high;
  }
  while (high - low > kPieceBytes) {
    const std::uint64_t middle = low + (high - low) / 2;
    CRAWLCARD_ASSIGN(const std::optional<std::string> found, KeyBehind(middle));
    if (found && *found < key) {
      low = middle;
    } else {
      high = middle;
    }
  }
  return low;
}

// The last block that begins before the range, and those that begin in it.
Status Lookup::TakeBlocks(std::uint64_t from, const CdxKeyRange& range,
                          std::vector<Block>& blocks_out) {
  std::string text;
  bool is_inside = from > 0;  // of a line that began before
  for (;;) {
    CRAWLCARD_ASSIGN(const std::string piece, Read(Cluster(), from, kPieceBytes));
    text += piece;
    from += piece.size();
    for (std::size_t feed = 0; (feed = text.find('\n')) != std::string::npos;) {
      const std::string line = text.substr(0, feed);
      text.erase(0, feed + 1);
      if (std::exchange(is_inside, false)) continue;
      std::optional<Block> block = ParseBlock(line);
      if (!block) return Fail(ErrorCode::kCorrupt, "'{}' has no block in a line", Cluster());
      if (block->key >= range.upper) return {};
      // Equal keys may span blocks: one that begins with the key itself may not be the first.
      if (block->key < range.lower) blocks_out.clear();
      blocks_out.push_back(std::move(*block));
      if (blocks_out.size() > limits::kZipNumLookupBlocksMax) {
        return Fail(ErrorCode::kTooLarge, "over {} blocks hold lines of this: ask for less",
                    limits::kZipNumLookupBlocksMax);
      }
    }
    if (piece.size() < kPieceBytes) return {};
    if (text.size() > kPieceBytes) {
      return Fail(ErrorCode::kCorrupt, "'{}' has a line of over {} bytes", Cluster(), kPieceBytes);
    }
  }
}

// --- blocks -------------------------------------------------------------------------------------

Status Lookup::TakeLines(const Block& block, const CdxKeyRange& range) {
  const std::string path = Path(block.file);
  CRAWLCARD_ASSIGN(const std::string packed, Read(path, block.offset, block.length));
  ++counts_.blocks;
  if (packed.size() != block.length) {
    return Fail(ErrorCode::kCorrupt, "'{}' ends inside the block at {}", path, block.offset);
  }
  if (!packed.starts_with("\x1f\x8b")) {
    return Fail(ErrorCode::kCorrupt, "'{}' has no block at {}", path, block.offset);
  }
  CRAWLCARD_ASSIGN(const std::string text, UnpackedText(packed, limits::kZipNumTextBytesMax));
  std::string_view rest = text;
  while (!rest.empty()) {
    const std::size_t bytes = std::min(rest.find('\n'), rest.size() - 1) + 1;
    const std::string_view line = rest.substr(0, bytes);
    rest.remove_prefix(bytes);
    if (line < range.lower) continue;
    if (line >= range.upper) return {};
    ++counts_.lines;
    CRAWLCARD_TRY(on_line_(line));
  }
  return {};
}

Status Lookup::Find(const CdxKeyRange& range) {
  CRAWLCARD_ASSIGN(const std::uint64_t from, Before(range.lower));
  std::vector<Block> blocks;
  CRAWLCARD_TRY(TakeBlocks(from, range, blocks));
  for (const Block& block : blocks) CRAWLCARD_TRY(TakeLines(block, range));
  return {};
}

// What stands between `text` + `first` and `text` + the byte behind it.
CdxKeyRange RangeBehind(const std::string& text, char first) {
  return {text + first, text + static_cast<char>(first + 1)};
}

}  // namespace

Result<std::vector<CdxKeyRange>> CdxKeyRangesOf(std::string_view pattern) {
  if (pattern.find("://") != std::string_view::npos) {
    const std::optional<std::string> key = page::SurtKey(pattern);
    if (!key || *key == "-" || page::HostOf(pattern).empty()) {
      return Fail(ErrorCode::kInvalidArgument, "'{}' is no URL to look up", pattern);
    }
    return std::vector<CdxKeyRange>{RangeBehind(*key, ' ')};
  }
  const bool has_below = pattern.starts_with("*.");
  if (has_below) pattern.remove_prefix(2);
  const std::string host = page::HostOf(fmt::format("http://{}/", pattern));
  if (host.empty() || pattern.find('/') != std::string_view::npos) {
    return Fail(ErrorCode::kInvalidArgument, "'{}' is neither a URL nor a host name", pattern);
  }
  const std::string surt = page::SurtHost(host);
  std::vector<CdxKeyRange> ranges{RangeBehind(surt, ')')};
  if (has_below) ranges.push_back(RangeBehind(surt, ','));
  ranges.push_back(RangeBehind(surt, ':'));
  return ranges;
}

std::string ZipNumDirectory(std::string_view crawl_id) {
  return fmt::format("cc-index/collections/{}/indexes", crawl_id);
}

Result<ZipNumCounts> LookUpZipNum(SegmentFetcher* fetcher, const Mirror& mirror,
                                  const std::string& directory,
                                  const std::vector<CdxKeyRange>& ranges,
                                  const std::function<Status(std::string_view line)>& on_line,
                                  const std::atomic<bool>& stop_requested) {
  if (fetcher == nullptr && !mirror.is_local()) {
    return Fail(ErrorCode::kInvalidArgument, "a mirror on the network needs a fetcher");
  }
  const StopWatch watch(fetcher, stop_requested);
  Lookup lookup(fetcher, mirror, directory, on_line, stop_requested);
  for (const CdxKeyRange& range : ranges) CRAWLCARD_TRY(lookup.Find(range));
  return lookup.counts();
}

}  // namespace crawlcard::crawler
