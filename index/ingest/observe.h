// index/ingest/observe.h - from the records of one archive file to captures.
//
// The only code that joins warc/, page/ and robots/. The records of one capture (request, response,
// metadata) become one CaptureView: the annotations of a metadata record belong to its response.
// A capture is handed out when the next one begins, at the end, and before any error.
//
// Thread rule: thread-compatible; one FileObserver a worker and file.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

#include "base/byte_source.h"
#include "base/result.h"
#include "index/capture.h"
#include "index/ledger.h"

namespace crawlcard::index {

// "archive": the archive's annotation alone. "sample": else CLD2 on the text, else html lang.
enum class LanguageMode : std::uint8_t { kArchive, kSample, kOff };

struct ObserveFileOptions {
  // Affects facts.
  LanguageMode language = LanguageMode::kSample;
  bool verify_digests = false;  // adds notes warc.digest_mismatch

  // For rows, which do not hold the statements of a robots.txt (they are read again from its body):
  // those are not handed out. Affects no row.
  bool for_rows = false;
};

struct ObserveHandlers {
  // Called for each capture; the view is dead when it returns. An error stops the file.
  std::function<Status(const CaptureView&)> on_capture;
  // Called for each damaged unit, with file and offset set.
  std::function<void(const Error&)> on_damage;
  // Asked before each record; true stops with kCancelled. May be empty.
  std::function<bool()> stop_requested;
};

struct ObservedFile {
  FileCounts counts;
  FileInfo info;
};

// Reads `source` to its end. `file_name` is the archive-relative name that goes into pointers.
// Damage is handed to on_damage, counted, and read past; an empty file is damaged. Errors: kIo,
// kCancelled, kUnsupported for what is no archive at all, and what on_capture returned.
[[nodiscard]] Result<ObservedFile> ObserveFile(ByteSource& source, std::string_view file_name,
                                               const ObserveFileOptions& options,
                                               const ObserveHandlers& handlers);

// The name of a file in the index: from "crawl-data/" on where the path contains it, else relative
// to `base` where that is given, else the base name.
std::string ArchiveName(std::string_view path, std::string_view base);

// "CC-MAIN-2024-22" from a name with crawl-data/ID/, else `is_part_of`, else empty.
std::string SnapshotId(std::string_view archive_name, const FileInfo& info);

}  // namespace crawlcard::index
