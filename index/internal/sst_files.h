// index/internal/sst_files.h - sorted files for one partition, taken over by its database in one
// step: all families or none.
//
// Thread rule: thread-compatible; one a partition.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include <rocksdb/options.h>
#include <rocksdb/sst_file_writer.h>

#include "base/result.h"
#include "index/internal/store_impl.h"
#include "index/schema.h"

namespace crawlcard::index {

class SstFiles {
 public:
  // Files go to `directory`, which must be on the disk of the index.
  SstFiles(Store::Impl& store, std::size_t partition, std::string directory);

  // Keys of one family come in ascending order. Errors: kIo.
  [[nodiscard]] Status Put(Family family, std::string_view key, std::string_view value);

  // Nothing more comes for this family: its buffers are given back. Errors: kIo.
  [[nodiscard]] Status Finish(Family family);

  // Makes everything that was put part of the index, durably. Errors: kIo.
  [[nodiscard]] Status Ingest();

 private:
  struct Output {
    std::unique_ptr<rocksdb::Options> options;
    std::unique_ptr<rocksdb::SstFileWriter> writer;  // null between two files
    std::vector<std::string> files;
  };

  [[nodiscard]] Status OpenFile(Family family, Output& output);

  Store::Impl& store_;
  const std::size_t partition_;
  const std::string directory_;
  std::array<Output, kFamilyNames.size()> outputs_;
};

}  // namespace crawlcard::index
