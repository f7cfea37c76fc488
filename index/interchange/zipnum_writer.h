// index/interchange/zipnum_writer.h - sorted lines of a CDX as blocks that can be looked up.
//
// ZipNum as Common Crawl publishes it: cdx-NNNNN.gz are gzip members of 3,000 lines each,
// cluster.idx has a line a member: "SURT TIMESTAMP" TAB file TAB offset TAB length TAB number.
// docs/formats/cdx.md. The same lines give the same bytes.
//
// Thread rule: thread-compatible.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "base/file_system.h"
#include "base/member_deflater.h"
#include "base/result.h"
#include "index/interchange/limits.h"

namespace crawlcard::index {

struct ZipNumOptions {
  std::uint64_t block_lines = limits::kZipNumBlockLines;
  std::uint64_t file_blocks = limits::kZipNumBlocksMax;
};

class ZipNumWriter {
 public:
  // Writes into `directory`, which is made; names that are taken are not written over.
  // Borrows `files`.
  ZipNumWriter(FileSystem& files, std::string directory, const ZipNumOptions& options);

  // One line of CDXJ with its end, not before the last one. Errors: kIo, kConflict.
  [[nodiscard]] Status Add(std::string_view line);

  // Writes the last block, then cluster.idx: a directory without it is not finished.
  [[nodiscard]] Status Finish();

  std::uint64_t blocks() const { return blocks_; }
  std::uint64_t files() const { return files_written_; }

 private:
  [[nodiscard]] Status OpenFile();
  [[nodiscard]] Status FinishBlock();
  [[nodiscard]] Status FinishFile();

  FileSystem& files_;
  const std::string directory_;
  const ZipNumOptions options_;
  MemberDeflater deflater_;
  std::unique_ptr<OutputFile> shard_;
  std::unique_ptr<OutputFile> cluster_;
  std::string shard_name_;
  std::string block_;
  std::string packed_;
  std::string block_key_;
  std::uint64_t lines_ = 0;         // of the block
  std::uint64_t shard_blocks_ = 0;  // of the file
  std::uint64_t blocks_ = 0;
  std::uint64_t files_written_ = 0;
};

}  // namespace crawlcard::index
