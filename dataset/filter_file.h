// dataset/filter_file.h - what `filter` writes of one file: kept rows, dropped rows, why, and a
// manifest by which a second run knows that the file is done.
//
// Every file appears under its name when it is whole, the manifest last.
//
// Thread rule: thread-compatible.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "base/replaced_file.h"
#include "base/result.h"
#include "dataset/dataset_run.h"
#include "dataset/parquet_rows.h"
#include "dataset/tally_json.h"

namespace crawlcard::dataset {

// Names beside the kept rows: "a.jsonl.gz" has "a.dropped.jsonl.gz", "a.reasons.jsonl.gz" and
// "a.filter.json".
struct FilterPaths {
  std::string kept;
  std::string dropped;
  std::string reasons;  // without the ending of its packing
  std::string manifest;

  static FilterPaths Beside(const std::string& kept);
};

class FilterFile final : public FileSink {
 public:
  // `manifest` says what was asked and of which input; the rest is filled in. `policies` is
  // borrowed. Errors: kIo, kInvalidArgument where Parquet's library is missing.
  [[nodiscard]] static Result<std::unique_ptr<FilterFile>> Create(
      FilterPaths paths, const FileHead& head, const Manifest& manifest, const std::string& duckdb,
      const std::vector<std::string>& policies);
  ~FilterFile() override;

  Status Take(BlockResult& result) override;
  Status Finish(const Tally& tally, const std::optional<Error>& damage) override;

 private:
  FilterFile(FilterPaths paths, const FileHead& head, Manifest manifest,
             const std::vector<std::string>& policies);
  Status Open(const std::string& duckdb);
  Status FinishTable();

  FilterPaths paths_;
  const FileHead head_;
  Manifest manifest_;
  const std::vector<std::string>& policies_;
  std::unique_ptr<ReplacedFile> kept_;
  std::unique_ptr<ReplacedFile> dropped_;
  std::unique_ptr<ReplacedFile> reasons_;
  std::unique_ptr<ParquetSplit> table_;  // instead of dropped_, and of what kept_ writes
  std::string scratch_;                  // the name that kept_ has until then
};

// What a run of the same question over the same input has left, if it is all still there.
std::optional<Manifest> FinishedBefore(const FilterPaths& paths, const Manifest& wanted);

}  // namespace crawlcard::dataset
