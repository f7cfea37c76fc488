// What the archive says: files against the ledger, captures observed again against rows.

#include <algorithm>

#include "base/json_writer.h"
#include "index/ingest/cdx_file.h"
#include "index/ingest/file_observer.h"
#include "index/internal/rows.h"
#include "index/internal/verify_run.h"
#include "warc/reader.h"

namespace crawlcard::index {
namespace {

constexpr std::string_view kMismatchNote = "warc.digest_mismatch";

std::string FactsText(const CaptureView& capture) {
  std::string text;
  JsonWriter json(text);
  WriteFacts(capture, json);
  return text;
}

// The first member in which two lines of facts differ, for the eye.
std::string FirstDifference(std::string_view row, std::string_view observed) {
  const auto [a, b] = std::mismatch(row.begin(), row.end(), observed.begin(), observed.end());
  const auto at = static_cast<std::size_t>(a - row.begin());
  const std::size_t quote = row.rfind(",\"", at);
  const std::size_t from = quote == std::string_view::npos ? 0 : quote + 1;
  constexpr std::size_t kShown = 80;
  return fmt::format("the row says {}, the record {}", row.substr(from, kShown),
                     from < observed.size() ? observed.substr(from, kShown) : "less");
}

}  // namespace

// Facts depend on options that the first ingest has set for the whole index.
Status VerifyRun::LoadOptions() {
  const auto meta = public_store_.Meta();
  if (!meta) return Find(VerifyLayer::kRocksDb, {}, {}, meta.error().ToString());
  for (const auto& [name, value] : *meta) {
    if (name == "option.verify_digests") verified_digests_ = value == "yes";
    if (name != "option.language") continue;
    observe_.language = value == "archive" ? LanguageMode::kArchive
                        : value == "off"   ? LanguageMode::kOff
                                           : LanguageMode::kSample;
  }
  observe_.verify_digests = true;
  return {};
}

bool VerifyRun::IsSampled(std::string_view key) const {
  if (options_.archive.empty() || options_.sample == 0) return false;
  const Xxh3Digest digest = Xxh3(key);
  std::uint64_t hash = 0;
  for (std::size_t i = 0; i < sizeof(hash); ++i) hash = hash << 8 | digest[i];
  return hash % options_.sample == 0;
}

Result<std::unique_ptr<FileSource>> VerifyRun::OpenArchive(const std::string& name) {
  return FileSource::Open(options_.archive + "/" + name);
}

// --- whole files --------------------------------------------------------------------------------

Status VerifyRun::CompareFiles() {
  for (const auto& [id, file] : files_) {
    CRAWLCARD_TRY(Stopped());
    const FileEntry& entry = file.entry;
    if (!entry.sealed) continue;
    Result<std::unique_ptr<FileSource>> source = OpenArchive(entry.name);
    Status compared;
    if (source) {
      compared = CompareFile(entry, **source);
    } else {
      compared = tl::unexpected(std::move(source.error()));
    }
    if (compared) continue;
    const ErrorCode code = compared.error().code();
    if (code != ErrorCode::kIo && code != ErrorCode::kNotFound) return compared;
    ++summary_.files_unreadable;
    CRAWLCARD_TRY(Find(VerifyLayer::kFile, entry.name, {}, compared.error().message()));
  }
  return {};
}

Status VerifyRun::CompareFile(const FileEntry& entry, FileSource& source) {
  ++summary_.files_compared;
  if (options_.sample > 0) {
    if (!source.size() || *source.size() == entry.bytes) return {};
    return Find(VerifyLayer::kFile, entry.name, {},
                fmt::format("{} bytes, not {}", *source.size(), entry.bytes));
  }
  source.HashContents();
  CRAWLCARD_TRY(CompareCaptures(entry, source));
  CRAWLCARD_ASSIGN(const FileSource::Contents contents, source.FinishHash());
  if (contents.bytes != entry.bytes) {
    return Find(VerifyLayer::kFile, entry.name, {},
                fmt::format("{} bytes, not {}", contents.bytes, entry.bytes));
  }
  if (Hex(contents.digest) == entry.content_xxh3) return {};
  return Find(VerifyLayer::kFile, entry.name, {},
              fmt::format("XXH3-128 is {}, not {}", Hex(contents.digest), entry.content_xxh3));
}

// Damage that was there when the file was ingested is no finding; the ledger knows how much.
Status VerifyRun::CompareCaptures(const FileEntry& entry, FileSource& source) {
  Status failed;  // of the index or of who takes the findings, which ends everything
  ObserveHandlers handlers;
  handlers.on_capture = [&](const CaptureView& observed) -> Status {
    failed = CompareCapture(observed);
    return failed ? Status() : Fail(ErrorCode::kCancelled, "ended");
  };
  handlers.stop_requested = [this] { return stop_requested_.load(std::memory_order_relaxed); };
  Result<ObservedFile> observed = ObserveFile(source, entry.name, observe_, handlers);
  CRAWLCARD_TRY(failed);
  if (!observed) {
    const ErrorCode code = observed.error().code();
    if (code == ErrorCode::kIo || code == ErrorCode::kCancelled) {
      return tl::unexpected(std::move(observed.error()));
    }
    return Find(VerifyLayer::kFile, entry.name, {}, observed.error().message());
  }
  const FileCounts& counts = observed->counts;
  if (counts.captures == entry.counts.captures && counts.damaged == entry.counts.damaged) return {};
  return Find(
      VerifyLayer::kRecord, entry.name, {},
      fmt::format("{} captures and {} damaged units are there, {} and {} were ingested",
                  counts.captures, counts.damaged, entry.counts.captures, entry.counts.damaged));
}

// --- one capture --------------------------------------------------------------------------------

// As the ingest saw it: without the note of a check that it was not asked for.
CaptureView VerifyRun::AsIngested(const CaptureView& observed) {
  CaptureView capture = observed;
  const auto found = std::find(capture.notes.begin(), capture.notes.end(), kMismatchNote);
  if (found == capture.notes.end()) return capture;
  ++summary_.digests_mismatched;
  if (verified_digests_) return capture;
  notes_.assign(capture.notes.begin(), capture.notes.end());
  std::erase(notes_, kMismatchNote);
  capture.notes = notes_;
  return capture;
}

Status VerifyRun::CompareCapture(const CaptureView& observed) {
  ++summary_.records_compared;
  const CaptureView capture = AsIngested(observed);
  const bool is_host = IsHostRow(capture);
  if (is_host) {
    EncodeHostKey(capture, key_);
  } else {
    EncodePageKey(capture, key_);
  }
  std::string value;
  const Result<bool> found = store_.partition(store_.PartitionOfKey(key_))
                                 .Get(is_host ? Family::kHosts : Family::kPages, key_, value);
  if (!found) {
    return Find(VerifyLayer::kRocksDb, capture.file, capture.extent.offset,
                found.error().message());
  }
  if (!*found) {
    return Find(VerifyLayer::kRecord, capture.file, capture.extent.offset,
                "no row has the URL, date and place of this record");
  }
  row_arena_.Reset();
  CaptureView row;
  const Status decoded = is_host ? DecodeHostRow(key_, value, capture.file, row_arena_, row)
                                 : DecodePageRow(key_, value, capture.file, row_arena_, row);
  if (!decoded) {
    return Find(VerifyLayer::kRow, capture.file, capture.extent.offset, decoded.error().message());
  }
  return CompareFacts(row, capture);
}

Status VerifyRun::CompareFacts(const CaptureView& row, const CaptureView& observed) {
  CaptureView whole = row;
  std::string_view body;
  if (IsHostRow(row)) {
    const Status completed = CompleteHostRow(blobs_, row_arena_, whole, body);
    if (!completed) {
      return Find(VerifyLayer::kBlob, row.file, row.extent.offset, completed.error().message());
    }
  }
  const std::string stored = FactsText(whole);
  const std::string seen = FactsText(observed);
  if (stored == seen) return {};
  return Find(VerifyLayer::kFacts, row.file, row.extent.offset, FirstDifference(stored, seen));
}

// Looks at one row's record where it stands. Lines of a CDX are told by the file alone.
Status VerifyRun::CompareSampled(const CaptureView& row) {
  if (row.via == Via::kCdx) return {};
  if (open_name_ != row.file) {
    open_name_ = row.file;
    Result<std::unique_ptr<FileSource>> opened = OpenArchive(open_name_);
    open_file_ = opened ? std::move(*opened) : nullptr;
  }
  if (!open_file_ || !open_file_->size()) return {};  // said once, with the file
  CRAWLCARD_ASSIGN(const std::unique_ptr<FileSource> source, open_file_->At(row.extent.offset));
  warc::Reader reader(*source, warc::ReaderOptions{});
  CRAWLCARD_ASSIGN(const std::unique_ptr<FileSource> head, open_file_->At(0));
  Ignore(reader.TakeDictionary(*head), "without it the record cannot be read, which is found");

  bool is_seen = false;
  Status compared;
  ObserveHandlers handlers;
  handlers.on_capture = [&](const CaptureView& observed) -> Status {
    const warc::Extent& place = observed.extent;
    if (is_seen || place.offset != row.extent.offset ||
        place.inner_offset != row.extent.inner_offset) {
      return {};
    }
    is_seen = true;
    const CaptureView capture = AsIngested(observed);
    ++summary_.records_compared;
    compared = CompareFacts(row, capture);
    return compared;
  };
  FileObserver observer(row.file, observe_, handlers);
  // A capture is complete when the next one begins, one or two records behind it.
  constexpr int kRecordsBehind = 4;
  for (int behind = 0; !is_seen && behind < kRecordsBehind;) {
    const Result<const warc::RecordView*> record = reader.Next();
    if (!record || *record == nullptr) break;
    const warc::Extent& place = (*record)->extent;
    const bool is_behind =
        place.offset > row.extent.offset || place.inner_offset > row.extent.inner_offset;
    if (is_behind) ++behind;
    CRAWLCARD_TRY(observer.Take(**record));
  }
  if (!is_seen) CRAWLCARD_TRY(observer.Finish());
  CRAWLCARD_TRY(compared);
  if (is_seen) return {};
  return Find(VerifyLayer::kRecord, row.file, row.extent.offset, "no record can be read there");
}

}  // namespace crawlcard::index
