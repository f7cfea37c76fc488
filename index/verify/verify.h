// index/verify/verify.h - whether an index still is what was written, and what the archive says.
//
// Layer by layer, and each finding names the layer that caught it:
//
//   rocksdb   checksums of every file and block of the database
//   row       a key or value that cannot be read, a row of no file, a row under another key
//   blob      a body that is missing, is not the one its SHA-256 names, or has another's form
//   ledger    counts of a file against its rows
//   file      size and XXH3-128 of an archive file against the ledger
//   record    a capture of the archive without its row, or a row without its record
//   facts     a row that says otherwise than the record, observed again
//
// Nothing is written. Memory is bounded by the ledger and one record.
//
// Thread rule: functions may run side by side on one Store.
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"
#include "index/store.h"

namespace crawlcard::index {

enum class VerifyLayer : std::uint8_t { kRocksDb, kRow, kBlob, kLedger, kFile, kRecord, kFacts };
std::string_view VerifyLayerName(VerifyLayer layer);  // "rocksdb", "row", ...

struct VerifyFinding {
  VerifyLayer layer = VerifyLayer::kRow;
  std::string file;  // of the archive, where one is meant
  std::optional<std::uint64_t> offset;
  std::string message;
};

struct VerifyOptions {
  std::string archive;  // directory that the names of the ledger are relative to; empty: none
  // With an archive: about one row in so many is looked at where it stands, and files are compared
  // by size alone. 0: every file is read and hashed, every capture observed again.
  std::uint64_t sample = 0;
};

struct VerifySummary {
  std::uint64_t rows = 0;
  std::uint64_t blobs = 0;
  std::uint64_t files = 0;               // of the ledger
  std::uint64_t files_unsealed = 0;      // begun and not finished: their rows are passed over
  std::uint64_t files_compared = 0;      // with the archive
  std::uint64_t files_unreadable = 0;    // not there, or no permission
  std::uint64_t records_compared = 0;    // captures observed again
  std::uint64_t digests_mismatched = 0;  // claims of the archive that never were true
  std::uint64_t findings = 0;
};

// Opens `directory` in a child process and closes it again: RocksDB aborts on some damage instead
// of reporting it. Call it before the process has threads. Errors: kCorrupt when the child did not
// survive, kIo. What Store::Open() reports is left to the caller's own opening.
[[nodiscard]] Status TryOpening(const std::string& directory);

// Errors: kIo where the index cannot be read at all, kCancelled. Findings are no errors.
[[nodiscard]] Result<VerifySummary> VerifyIndex(
    const Store& store, const VerifyOptions& options,
    const std::function<Status(const VerifyFinding&)>& on_finding,
    const std::atomic<bool>& stop_requested);

}  // namespace crawlcard::index
