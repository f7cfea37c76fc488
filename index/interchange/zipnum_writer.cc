#include "index/interchange/zipnum_writer.h"

#include <utility>

#include <fmt/format.h>

namespace crawlcard::index {
namespace {

constexpr int kGzipLevel = 6;
constexpr std::string_view kClusterName = "cluster.idx";
constexpr std::string_view kPartEnding = ".part";

}  // namespace

ZipNumWriter::ZipNumWriter(FileSystem& files, std::string directory, const ZipNumOptions& options)
    : files_(files),
      directory_(std::move(directory)),
      options_(options),
      deflater_(MemberFormat::kGzip, kGzipLevel) {}

Status ZipNumWriter::OpenFile() {
  if (!cluster_) {
    CRAWLCARD_TRY(files_.MakeDirectories(directory_));
    const std::string path = fmt::format("{}/{}", directory_, kClusterName);
    if (files_.Exists(path)) return Fail(ErrorCode::kConflict, "'{}' is there already", path);
    CRAWLCARD_ASSIGN(cluster_, files_.Create(path + std::string(kPartEnding)));
  }
  if (shard_) return {};
  shard_name_ = fmt::format("cdx-{:05}.gz", files_written_);
  CRAWLCARD_ASSIGN(shard_, files_.Create(fmt::format("{}/{}", directory_, shard_name_)));
  ++files_written_;
  return {};
}

Status ZipNumWriter::Add(std::string_view line) {
  if (lines_ == 0) {
    const std::size_t surt = line.find(' ');
    block_key_ = line.substr(0, line.find(' ', surt + 1));
  }
  block_ += line;
  return ++lines_ < options_.block_lines ? Status() : FinishBlock();
}

Status ZipNumWriter::FinishBlock() {
  CRAWLCARD_TRY(OpenFile());
  packed_.clear();
  const std::size_t bytes = deflater_.Append(block_, packed_);
  CRAWLCARD_TRY(cluster_->Append(fmt::format("{}\t{}\t{}\t{}\t{}\n", block_key_, shard_name_,
                                             shard_->size(), bytes, ++blocks_)));
  CRAWLCARD_TRY(shard_->Append(packed_));
  block_.clear();
  lines_ = 0;
  return ++shard_blocks_ < options_.file_blocks ? Status() : FinishFile();
}

Status ZipNumWriter::FinishFile() {
  CRAWLCARD_TRY(shard_->Sync());
  shard_.reset();
  shard_blocks_ = 0;
  return {};
}

Status ZipNumWriter::Finish() {
  if (lines_ > 0) CRAWLCARD_TRY(FinishBlock());
  if (files_written_ == 0) CRAWLCARD_TRY(OpenFile());  // nothing at all: one empty file
  if (shard_) CRAWLCARD_TRY(FinishFile());
  CRAWLCARD_TRY(cluster_->Sync());
  cluster_.reset();
  const std::string path = fmt::format("{}/{}", directory_, kClusterName);
  return files_.RenameDurably(path + std::string(kPartEnding), path);
}

}  // namespace crawlcard::index
