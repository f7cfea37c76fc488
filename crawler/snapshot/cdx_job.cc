#include "crawler/snapshot/cdx_job.h"

#include <algorithm>
#include <array>
#include <deque>
#include <utility>
#include <vector>

#include "base/digest.h"
#include "base/file.h"
#include "base/file_system.h"
#include "crawler/snapshot/stop_watch.h"
#include "index/ingest/observe.h"
#include "warc/writer.h"

namespace crawlcard::crawler {
namespace {

std::string ListText(const CdxRanges& list) {
  std::string text;
  for (const CdxRange& range : list.ranges) {
    for (const CdxPlace& place : range.places) {
      text += fmt::format("{} {} {}\n", range.path, place.offset, place.length);
    }
  }
  return text;
}

class CdxRun {
 public:
  CdxRun(SegmentFetcher* fetcher, const CdxJobOptions& options,
         const std::atomic<bool>& stop_requested)
      : fetcher_(fetcher), options_(options), stop_requested_(stop_requested) {}

  Result<CdxJobSummary> Run(const index::Store& store, const CdxRanges& list);

 private:
  Status OpenWriter(const Xxh3Digest& digest, const std::string& prefix);
  Status RemoveLeftovers(const std::string& prefix) const;
  SegmentHandle StartRange(const CdxRange& range);
  Result<std::string> ReadRange(const CdxRange& range, const SegmentHandle& handle);
  Result<std::string> ReadLocal(const CdxRange& range) const;
  Status Write(const CdxRange& range, const std::string& bytes);
  void NoteError(const Error& error);

  SegmentFetcher* fetcher_;
  const CdxJobOptions& options_;
  const std::atomic<bool>& stop_requested_;
  std::unique_ptr<warc::Writer> writer_;
  UnixSeconds date_ =
      0;  // the latest of the captures: the file follows from the list, not the clock
  CdxJobSummary summary_;
};

void CdxRun::NoteError(const Error& error) {
  if (summary_.first_error.empty()) summary_.first_error = error.ToString();
}

// A run that was killed may have left a file, whole or not: its rows are in no index.
Status CdxRun::RemoveLeftovers(const std::string& prefix) const {
  const Result<std::vector<std::string>> names = DiskFileSystem().List(options_.directory);
  if (!names) return {};
  for (const std::string& name : *names) {
    if (!name.starts_with(prefix)) continue;
    CRAWLCARD_TRY(DiskFileSystem().Remove(options_.directory + "/" + name));
  }
  return {};
}

Status CdxRun::OpenWriter(const Xxh3Digest& digest, const std::string& prefix) {
  CRAWLCARD_TRY(RemoveLeftovers(prefix));
  warc::WriterOptions options;
  options.directory = options_.directory;
  options.prefix = prefix;
  options.file_bytes_max = ~std::uint64_t{0};
  options.id_seed = digest;
  options.warcinfo = {{"software", options_.software},
                      {"http-header-user-agent", options_.user_agent},
                      {"description", "records copied from a snapshot, found by a CDX"}};
  CRAWLCARD_ASSIGN(writer_, warc::Writer::Open(DiskFileSystem(), std::move(options)));
  return {};
}

SegmentHandle CdxRun::StartRange(const CdxRange& range) {
  if (fetcher_ == nullptr) return {};
  SegmentTarget target;
  target.path = range.path;
  target.first = range.first;
  target.end = range.end;
  return fetcher_->Start(std::move(target));
}

Result<std::string> CdxRun::ReadLocal(const CdxRange& range) const {
  CRAWLCARD_ASSIGN(const std::unique_ptr<FileSource> file,
                   FileSource::Open(options_.mirror.At(range.path)));
  if (!file->size() || *file->size() < range.end) {
    return Fail(ErrorCode::kNotFound, "'{}' ends before byte {}", range.path, range.end);
  }
  CRAWLCARD_ASSIGN(const std::unique_ptr<FileSource> part, file->At(range.first));
  const auto bytes = static_cast<std::size_t>(range.end - range.first);
  CRAWLCARD_ASSIGN(const std::string_view window, part->Peek(bytes));
  return std::string(window.substr(0, bytes));
}

Result<std::string> CdxRun::ReadRange(const CdxRange& range, const SegmentHandle& handle) {
  if (fetcher_ == nullptr) return ReadLocal(range);
  std::string bytes;
  std::array<char, 64 * 1024> piece;
  for (;;) {
    Result<std::size_t> got = handle.feed->Read(piece.data(), piece.size());
    if (!got) return tl::unexpected<Error>(std::move(got.error().At(std::string_view(range.path))));
    if (*got == 0) return bytes;
    bytes.append(piece.data(), *got);
  }
}

Status CdxRun::Write(const CdxRange& range, const std::string& bytes) {
  const std::vector<warc::WarcField> fields{
      {"copied-from", range.path}, {"bytes", fmt::format("{}-{}", range.first, range.end - 1)}};
  CRAWLCARD_TRY(writer_->WriteMetadata(options_.mirror.At(range.path), date_, fields));
  for (const CdxPlace& place : range.places) {
    const auto at = static_cast<std::size_t>(place.offset - range.first);
    const auto length = static_cast<std::size_t>(place.length);
    const Result<warc::Extent> copied =
        writer_->CopyRecord(std::string_view(bytes).substr(at, length), date_);
    if (copied) continue;
    if (copied.error().code() == ErrorCode::kIo) return tl::unexpected<Error>(copied.error());
    ++summary_.captures_failed;
    Error error = copied.error();
    NoteError(error.At(std::string_view(range.path)).At(place.offset));
  }
  return {};
}

Result<CdxJobSummary> CdxRun::Run(const index::Store& store, const CdxRanges& list) {
  summary_.captures = list.captures;
  summary_.ranges = list.ranges.size();
  summary_.bad_lines = list.bad_lines;
  if (list.ranges.empty()) return std::move(summary_);
  date_ = list.latest;
  const Xxh3Digest digest = Xxh3(ListText(list));
  const std::string hex = Hex(digest);
  const std::string prefix = "CDX-" + hex;
  const std::string file = fmt::format("{}/{}-{}-00000-{}.warc.gz", options_.directory, prefix,
                                       FormatTimestamp14(date_), hex.substr(0, 8));
  CRAWLCARD_ASSIGN(const std::optional<index::FileEntry> entry,
                   store.FindFile(index::ArchiveName(file, options_.directory)));
  summary_.warc_file = file;
  summary_.known = entry && entry->sealed;
  if (summary_.known) return std::move(summary_);
  CRAWLCARD_TRY(OpenWriter(digest, prefix));

  std::deque<SegmentHandle> ahead;
  std::size_t next = 0;
  for (const CdxRange& range : list.ranges) {
    while (next < list.ranges.size() && ahead.size() < options_.transfers) {
      ahead.push_back(StartRange(list.ranges[next++]));
    }
    Result<std::string> bytes = ReadRange(range, ahead.front());
    ahead.pop_front();
    if (stop_requested_.load()) return Fail(ErrorCode::kCancelled, "stopped on request");
    if (!bytes || bytes->size() != range.end - range.first) {
      const bool missing = !bytes && bytes.error().code() == ErrorCode::kNotFound;
      if (!missing) ++summary_.ranges_failed;
      summary_.captures_failed += range.places.size();
      NoteError(bytes ? Error(ErrorCode::kTruncated, "range came short") : bytes.error());
      continue;
    }
    CRAWLCARD_TRY(Write(range, *bytes));
  }
  CRAWLCARD_TRY(writer_->Seal());
  // An incomplete file must not pass for the whole one: the next run fetches it anew.
  if (summary_.ranges_failed > 0) CRAWLCARD_TRY(RemoveLeftovers(prefix));
  if (summary_.ranges_failed > 0 || writer_->sealed_files().empty()) summary_.warc_file.clear();
  return std::move(summary_);
}

}  // namespace

Result<CdxJobSummary> FetchCdx(const index::Store& store, SegmentFetcher* fetcher,
                               std::string_view cdx, const CdxJobOptions& options,
                               const std::atomic<bool>& stop_requested) {
  if (fetcher == nullptr && !options.mirror.is_local()) {
    return Fail(ErrorCode::kInvalidArgument, "a mirror on the network needs a fetcher");
  }
  CRAWLCARD_ASSIGN(const CdxRanges list, ParseCdx(cdx));
  const StopWatch watch(fetcher, stop_requested);
  return CdxRun(fetcher, options, stop_requested).Run(store, list);
}

}  // namespace crawlcard::crawler
