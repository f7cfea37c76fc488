// index/interchange/external_sort.h - sorts records by their bytes within a bound of memory.
//
// What does not fit is written to files that have no name, so that nothing is left behind whatever
// ends the process, and merged from there; when the runs are many, those of one size are merged
// first. Equal records all come out.
//
// Thread rule: thread-compatible.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace crawlcard::index {

class ExternalSort {
 public:
  // Runs go into `directory`. `bytes` below limits::kSortBytesMin count as that.
  ExternalSort(std::string directory, std::size_t bytes);
  ~ExternalSort();
  ExternalSort(const ExternalSort&) = delete;
  ExternalSort& operator=(const ExternalSort&) = delete;

  // Errors: kTooLarge beyond limits::kSortRecordBytesMax, kIo.
  [[nodiscard]] Status Add(std::string_view record);

  // Hands out all records in the order of their bytes, and is empty again.
  // Errors: kIo, and what `on_record` returned.
  [[nodiscard]] Status Drain(const std::function<Status(std::string_view)>& on_record);

  // Records that wait.
  std::uint64_t size() const { return size_; }
  // Runs written so far, merged ones too.
  std::uint64_t runs_written() const { return runs_written_; }

 private:
  class Run;
  class RunWriter;
  struct Place {
    std::size_t at = 0;
    std::size_t bytes = 0;
  };

  std::string_view RecordAt(const Place& place) const {
    return std::string_view(records_).substr(place.at, place.bytes);
  }
  void SortRecords();
  [[nodiscard]] Status Spill();
  [[nodiscard]] Status MergeSmallRuns();
  [[nodiscard]] static Status Merge(std::vector<std::unique_ptr<Run>>& runs,
                                    const std::function<Status(std::string_view)>& on_record);

  const std::string directory_;
  const std::size_t bytes_;
  std::string records_;
  std::vector<Place> places_;
  std::vector<std::unique_ptr<Run>> runs_;  // of falling level
  std::uint64_t size_ = 0;
  std::uint64_t runs_written_ = 0;
};

}  // namespace crawlcard::index
