#include "dataset/filter_file.h"

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <utility>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "base/text.h"
#include "dataset/internal/duckdb_connection.h"
#include "dataset/limits.h"

namespace crawlcard::dataset {
namespace {

std::optional<std::uint64_t> SizeOf(const std::string& path) {
  struct stat about {};
  if (::stat(path.c_str(), &about) != 0) return std::nullopt;
  return static_cast<std::uint64_t>(about.st_size);
}

// A stream of nothing, so that a packed file without rows can be read as one.
std::string EmptyMember(Packing packing) {
  std::string out;
  if (packing == Packing::kGzip) MemberDeflater(MemberFormat::kGzip, kGzipLevel).Append("", out);
  if (packing == Packing::kZstd) MemberDeflater(MemberFormat::kZstd, kZstdLevel).Append("", out);
  return out;
}

std::string Packed(Packing packing, std::string_view bytes) {
  std::string out;
  if (packing == Packing::kPlain) return std::string(bytes);
  const bool is_gzip = packing == Packing::kGzip;
  MemberDeflater(is_gzip ? MemberFormat::kGzip : MemberFormat::kZstd,
                 is_gzip ? kGzipLevel : kZstdLevel)
      .Append(bytes, out);
  return out;
}

// Makes a file that another library wrote survive the machine, then gives it its name.
Status PutInPlace(const std::string& from, const std::string& to) {
  const int fd = ::open(from.c_str(), O_RDONLY | O_CLOEXEC);
  const bool is_synced = fd >= 0 && ::fsync(fd) == 0;
  if (fd >= 0) ::close(fd);
  if (!is_synced || ::rename(from.c_str(), to.c_str()) != 0) {
    return Fail(ErrorCode::kIo, "cannot write '{}': {}", to, std::strerror(errno));
  }
  return SyncDirectoryOf(to);
}

}  // namespace

FilterPaths FilterPaths::Beside(const std::string& kept) {
  std::string_view stem = kept;
  for (const std::string_view ending : {".gz", ".zst"}) {
    if (stem.ends_with(ending)) stem.remove_suffix(ending.size());
  }
  const std::size_t slash = stem.rfind('/');
  const std::size_t dot = stem.rfind('.');
  const bool has_ending = dot != std::string_view::npos && dot != 0 &&
                          (slash == std::string_view::npos || dot > slash + 1);
  if (has_ending) stem = stem.substr(0, dot);
  const std::string base(stem);
  return {kept, base + ".dropped" + kept.substr(base.size()), base + ".reasons.jsonl",
          base + ".filter.json"};
}

FilterFile::FilterFile(FilterPaths paths, const FileHead& head, Manifest manifest,
                       const std::vector<std::string>& policies)
    : paths_(std::move(paths)),
      head_(head),
      manifest_(std::move(manifest)),
      policies_(policies),
      scratch_(fmt::format("{}.{}.tmp", paths_.kept, ::getpid())) {}

FilterFile::~FilterFile() {
  if (table_ == nullptr) return;
  for (const char* ending : {".kept", ".dropped"}) ::unlink((scratch_ + ending).c_str());
}

Result<std::unique_ptr<FilterFile>> FilterFile::Create(FilterPaths paths, const FileHead& head,
                                                       const Manifest& manifest,
                                                       const std::string& duckdb,
                                                       const std::vector<std::string>& policies) {
  paths.reasons += PackingEnding(head.packing);
  std::unique_ptr<FilterFile> file(new FilterFile(paths, head, manifest, policies));
  CRAWLCARD_TRY(file->Open(duckdb));
  return file;
}

Status FilterFile::Open(const std::string& duckdb) {
  // From here on an older manifest would speak of other files.
  if (::unlink(paths_.manifest.c_str()) != 0 && errno != ENOENT) {
    return Fail(ErrorCode::kIo, "cannot remove '{}': {}", paths_.manifest, std::strerror(errno));
  }
  for (const std::string& path : {paths_.kept, paths_.dropped, paths_.reasons}) {
    RemoveAbandoned(path, kScratchEndings);
  }
  CRAWLCARD_ASSIGN(reasons_, ReplacedFile::Create(paths_.reasons));
  CRAWLCARD_ASSIGN(kept_, ReplacedFile::Create(paths_.kept));
  if (head_.format == RowFormat::kParquet) {
    // It stays empty: its lock tells that what DuckDB writes beside it is in use.
    CRAWLCARD_ASSIGN(table_, ParquetSplit::Open(duckdb, head_.name, scratch_));
    return {};
  }
  CRAWLCARD_ASSIGN(dropped_, ReplacedFile::Create(paths_.dropped));
  // Both are files of the same columns. Packed files are never empty, so that they can be read.
  std::string start;
  if (head_.header.empty()) {
    start = EmptyMember(head_.packing);
  } else {
    start = Packed(head_.packing, head_.header);
  }
  CRAWLCARD_TRY(kept_->Write(start));
  CRAWLCARD_TRY(dropped_->Write(start));
  return reasons_->Write(EmptyMember(head_.packing));
}

Status FilterFile::Take(BlockResult& result) {
  CRAWLCARD_TRY(reasons_->Write(result.reasons));
  if (table_ != nullptr) return table_->Drop(result.dropped_rows);
  CRAWLCARD_TRY(kept_->Write(result.kept));
  return dropped_->Write(result.dropped);
}

Status FilterFile::FinishTable() {
  CRAWLCARD_TRY(table_->Write(scratch_ + ".kept", scratch_ + ".dropped"));
  CRAWLCARD_TRY(PutInPlace(scratch_ + ".dropped", paths_.dropped));
  return PutInPlace(scratch_ + ".kept", paths_.kept);
}

Status FilterFile::Finish(const Tally& tally, const std::optional<Error>& damage) {
  CRAWLCARD_TRY(reasons_->Commit());
  if (table_ != nullptr) {
    CRAWLCARD_TRY(FinishTable());
  } else {
    CRAWLCARD_TRY(dropped_->Commit());
    CRAWLCARD_TRY(kept_->Commit());
  }
  manifest_.kept = paths_.kept;
  manifest_.dropped = paths_.dropped;
  manifest_.reasons = paths_.reasons;
  manifest_.kept_bytes = SizeOf(paths_.kept).value_or(0);
  manifest_.dropped_bytes = SizeOf(paths_.dropped).value_or(0);
  manifest_.reasons_bytes = SizeOf(paths_.reasons).value_or(0);
  manifest_.damage = damage ? damage->ToString() : "";
  manifest_.tally = tally;
  return WriteFileAtomically(paths_.manifest, WriteManifest(manifest_, policies_));
}

std::optional<Manifest> FinishedBefore(const FilterPaths& paths, const Manifest& wanted) {
  const Result<std::string> text = ReadFile(paths.manifest, limits::kManifestBytesMax);
  if (!text) return std::nullopt;
  Result<Manifest> found = ReadManifest(*text);
  if (!found || found->asked != wanted.asked || found->input != wanted.input ||
      found->input_bytes != wanted.input_bytes || found->input_mtime_ns != wanted.input_mtime_ns ||
      found->kept != paths.kept) {
    return std::nullopt;
  }
  const bool is_there = SizeOf(found->kept) == found->kept_bytes &&
                        SizeOf(found->dropped) == found->dropped_bytes &&
                        SizeOf(found->reasons) == found->reasons_bytes;
  return is_there ? std::optional(std::move(*found)) : std::nullopt;
}

}  // namespace crawlcard::dataset
