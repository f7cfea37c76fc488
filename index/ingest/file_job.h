// index/ingest/file_job.h - one archive file on its way into the index: compared with the ledger,
// read, its rows batched, sealed.
//
// Thread rule: thread-compatible; one a worker and file.
#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/file.h"
#include "base/result.h"
#include "index/ingest/crew.h"
#include "index/ingest/ingest.h"
#include "index/ingest/row_sink.h"
#include "index/internal/row_writer.h"

namespace crawlcard::index {

enum class FileOutcome : std::uint8_t { kIngested, kSkipped, kFailed };

struct FileReport {
  FileOutcome outcome = FileOutcome::kFailed;
  FileEntry entry;             // of an ingested or skipped file
  bool removed = false;        // an older file of that name was taken out
  std::vector<Error> errors;   // the first ones, with file and offset
  std::uint64_t bytes_in = 0;  // compressed bytes read
};

class FileJob {
 public:
  // Borrows all but `known`, the ledger's entry of the same name.
  FileJob(const IngestInput& input, std::optional<FileEntry> known, const IngestOptions& options,
          Store::Impl& store, RowWriter& writer, Crew& crew, IngestProgress& progress,
          const std::atomic<bool>& stop_requested);

  // Errors end the whole ingest: kCancelled, kIo of the index. What is wrong with the file is in
  // the report.
  [[nodiscard]] Result<FileReport> Run();

 private:
  // What the ledger says about reading this file.
  enum class Plan : std::uint8_t { kRead, kReadAfterRemoval, kSkip, kRefuse };
  [[nodiscard]] Result<Plan> Compare();
  [[nodiscard]] Result<Plan> CompareContents();
  // Whether the file begins with the bytes that the ledger knows.
  [[nodiscard]] Result<bool> HasGrown() const;

  [[nodiscard]] Status Open();
  [[nodiscard]] Status ReadRows();
  void PutEntry();
  [[nodiscard]] Status Seal();
  void AddError(const Error& error);
  // Moves the source, and with it the digest of the file, to `offset`.
  [[nodiscard]] Status ReadTo(std::uint64_t offset);

  const IngestInput& input_;
  const std::optional<FileEntry> known_;
  const IngestOptions& options_;
  Store::Impl& store_;
  RowWriter& writer_;
  Crew& crew_;
  IngestProgress& progress_;
  const std::atomic<bool>& stop_requested_;

  std::unique_ptr<FileSource> source_;
  FileReport report_;
  RowStream rows_;
};

}  // namespace crawlcard::index
