#include "index/internal/sst_files.h"

#include <utility>

#include "base/file_system.h"

namespace crawlcard::index {
namespace {

// Large enough that an index of a terabyte has some thousand files, small enough to be rewritten.
constexpr std::uint64_t kSstBytesMax = 256ULL << 20;

Status Check(const rocksdb::Status& status) {
  if (status.ok()) return {};
  return tl::unexpected(FromRocks(status, "cannot write a sorted file"));
}

}  // namespace

SstFiles::SstFiles(Store::Impl& store, std::size_t partition, std::string directory)
    : store_(store), partition_(partition), directory_(std::move(directory)) {}

Status SstFiles::OpenFile(Family family, Output& output) {
  CRAWLCARD_TRY(DiskFileSystem().MakeDirectories(directory_));
  const std::string name(kFamilyNames[static_cast<std::size_t>(family)]);
  if (!output.options) {
    output.options = std::make_unique<rocksdb::Options>(DatabaseOptions(store_.resources()),
                                                        FamilyOptions(name, store_.resources()));
  }
  output.writer = std::make_unique<rocksdb::SstFileWriter>(
      rocksdb::EnvOptions(), *output.options, store_.partition(partition_).family(family));
  output.files.push_back(
      fmt::format("{}/p{:05}-{}-{:05}.sst", directory_, partition_, name, output.files.size()));
  return Check(output.writer->Open(output.files.back()));
}

Status SstFiles::Put(Family family, std::string_view key, std::string_view value) {
  Output& output = outputs_[static_cast<std::size_t>(family)];
  if (!output.writer) CRAWLCARD_TRY(OpenFile(family, output));
  CRAWLCARD_TRY(Check(output.writer->Put(ToSlice(key), ToSlice(value))));
  return output.writer->FileSize() < kSstBytesMax ? Status() : Finish(family);
}

Status SstFiles::Finish(Family family) {
  Output& output = outputs_[static_cast<std::size_t>(family)];
  if (!output.writer) return {};
  const std::unique_ptr<rocksdb::SstFileWriter> writer = std::move(output.writer);
  return Check(writer->Finish());
}

Status SstFiles::Ingest() {
  std::vector<rocksdb::IngestExternalFileArg> arguments;
  for (std::size_t i = 0; i < outputs_.size(); ++i) {
    const auto family = static_cast<Family>(i);
    CRAWLCARD_TRY(Finish(family));
    if (outputs_[i].files.empty()) continue;
    rocksdb::IngestExternalFileArg& argument = arguments.emplace_back();
    argument.column_family = store_.partition(partition_).family(family);
    argument.external_files = outputs_[i].files;
    argument.options.move_files = true;
  }
  if (arguments.empty()) return {};
  return store_.partition(partition_).TakeOver(arguments);
}

}  // namespace crawlcard::index
