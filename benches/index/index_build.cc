// index_build DIR CAPTURES HOSTS SEED WARC... - an index of made captures, as one JSON line.
//
// Rows go through the room's own encoders and its bulk writer, as those of a large ingest do.
// Beside them it counts the bytes of the same captures as CDXJ lines (shared/specs: Common Crawl's
// form).
#include <charconv>
#include <chrono>
#include <cstdio>
#include <filesystem>
#include <memory>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include <fmt/format.h>
#include <sys/resource.h>

#include "base/digest.h"
#include "base/time.h"
#include "benches/index/made_captures.h"
#include "index/internal/bulk_writer.h"
#include "index/internal/store_impl.h"
#include "index/ledger.h"
#include "index/schema.h"
#include "index/store.h"

namespace crawlcard::bench {
namespace {

using index::CaptureView;
using index::Family;

// Rows on their way to the bulk writer, in batches of one file each.
class Rows {
 public:
  Rows(index::Store::Impl& store, index::RowWriter& writer) : store_(store), writer_(writer) {}

  Status Put(const CaptureView& capture) {
    const bool is_host = index::IsHostRow(capture);
    if (is_host) {
      index::EncodeHostKey(capture, key_);
      ++host_rows_;
    } else {
      index::EncodePageKey(capture, key_);
      ++page_rows_;
    }
    index::EncodeCapture(capture, value_);
    if (!is_host) page_bytes_ += key_.size() + value_.size();
    rocksdb::WriteBatch& batch = BatchOf(capture.file);
    PutRow(is_host ? Family::kHosts : Family::kPages, batch);
    if (!capture.body_sha256.empty() && bodies_.emplace(capture.body_sha256).second) {
      key_ = capture.body_sha256;
      index::EncodeBlob(capture.kept_body, value_);
      PutRow(Family::kBlobs, batch);
    }
    return batch.GetDataSize() < kBatchBytes ? Status() : Push(capture.file);
  }

  // The ledger entry goes last, as it does when files are read.
  Status Seal(const std::string& name) {
    index::FileEntry entry;
    entry.name = name;
    entry.snapshot = name.substr(11, 15);
    entry.content_xxh3 = std::string(32, '0');
    entry.fact_version = index::kFactVersion;
    entry.whole = entry.sealed = true;
    index::EncodeFileKey(index::FileId(name), key_);
    index::EncodeFileEntry(entry, value_);
    PutRow(Family::kFiles, BatchOf(name));
    return Push(name);
  }

  std::uint64_t page_rows() const { return page_rows_; }
  std::uint64_t host_rows() const { return host_rows_; }
  std::uint64_t page_bytes() const { return page_bytes_; }
  std::uint64_t bodies() const { return bodies_.size(); }

 private:
  static constexpr std::size_t kBatchBytes = 16 << 10;  // some thousand files are open at once

  rocksdb::WriteBatch& BatchOf(std::string_view file) {
    index::RowWriter::Batch& batch = batches_[std::string(file)];
    if (!batch) batch = writer_.NewBatch();
    return *batch;
  }
  void PutRow(Family family, rocksdb::WriteBatch& batch) {
    batch.Put(store_.partition(0).family(family), key_, value_);
  }
  Status Push(std::string_view file) {
    index::RowWriter::Batch batch = std::move(batches_[std::string(file)]);
    if (writer_.Push(0, index::FileId(file), std::move(batch))) return {};
    return writer_.Finish();  // says why
  }

  index::Store::Impl& store_;
  index::RowWriter& writer_;
  std::unordered_map<std::string, index::RowWriter::Batch> batches_;  // by file
  std::unordered_set<std::string> bodies_;                            // digests
  std::string key_;
  std::string value_;
  std::uint64_t page_rows_ = 0;
  std::uint64_t host_rows_ = 0;
  std::uint64_t page_bytes_ = 0;
};

// The line as Common Crawl's index has it, with its newline.
std::size_t CdxjBytes(const CaptureView& capture, std::string& line) {
  line.clear();
  const auto add = [&line](std::string_view name, std::string_view value) {
    if (value.empty()) return;
    if (line.back() != '{') line += ", ";
    line += '"';
    line += name;
    line += "\": \"";
    line += value;
    line += '"';
  };
  line += capture.surt;
  line += " 20260101000000 {";
  add("url", capture.url);
  add("mime", capture.content_type.empty() ? "unk" : capture.content_type);
  add("mime-detected", capture.identified_type);
  add("status", std::to_string(capture.status));
  const std::size_t colon = capture.digest.find(':');
  add("digest", capture.digest.substr(colon == std::string_view::npos ? 0 : colon + 1));
  add("length", std::to_string(capture.extent.length));
  add("offset", std::to_string(capture.extent.offset));
  add("filename", capture.file);
  if (capture.is_html) {
    add("charset", capture.charset);
    std::string languages;
    for (const page::Language& language : capture.languages.languages) {
      if (!languages.empty()) languages.push_back(',');
      languages += language.code;
    }
    add("languages", languages);
  }
  add("truncated", capture.truncated);
  add("redirect", capture.redirect);
  line += "}\n";
  return line.size();
}

Status Run(const std::string& directory, MadeOptions options,
           const std::vector<std::string>& templates) {
  MadeCaptures made(options);
  for (const std::string& path : templates) CRAWLCARD_TRY(made.AddTemplates(path));
  CRAWLCARD_ASSIGN(std::unique_ptr<index::Store> store,
                   index::Store::Open(directory, index::OpenMode::kCreate));
  const auto start = std::chrono::steady_clock::now();
  std::uint64_t captures = 0;
  std::uint64_t cdxj_bytes = 0;
  auto writer =
      std::make_unique<index::BulkWriter>(store->impl(), 1, store->impl().plan().runs, nullptr);
  Rows rows(store->impl(), *writer);
  std::string line;
  const auto put = [&](std::span<const CaptureView> of_host) -> Status {
    for (const CaptureView& capture : of_host) {
      CRAWLCARD_TRY(rows.Put(capture));
      ++captures;
      cdxj_bytes += CdxjBytes(capture, line);
    }
    return {};
  };
  CRAWLCARD_TRY(made.ForEachHost(put));
  for (const std::string& name : made.FileNames()) CRAWLCARD_TRY(rows.Seal(name));
  CRAWLCARD_TRY(writer->Finish());
  writer.reset();  // and its temporary files
  const std::chrono::duration<double> took = std::chrono::steady_clock::now() - start;
  store.reset();

  std::uint64_t disk = 0;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(directory)) {
    if (entry.is_regular_file()) disk += entry.file_size();
  }
  CRAWLCARD_ASSIGN(store, index::Store::Open(directory, index::OpenMode::kRead));
  CRAWLCARD_ASSIGN(const auto sizes, store->Sizes());
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  const auto count = static_cast<double>(captures);
  fmt::print(
      "{{\"captures\":{},\"host_rows\":{},\"bodies\":{},\"build_s\":{:.1f},"
      "\"build_peak_rss\":{},\"disk_bytes\":{},\"bytes_per_capture\":{:.1f},"
      "\"cdxj_bytes_per_capture\":{:.1f},\"share_of_cdxj\":{:.3f},\"raw_page_row\":{:.1f}",
      captures, rows.host_rows(), rows.bodies(), took.count(), usage.ru_maxrss * 1024, disk,
      static_cast<double>(disk) / count, static_cast<double>(cdxj_bytes) / count,
      static_cast<double>(disk) / static_cast<double>(cdxj_bytes),
      static_cast<double>(rows.page_bytes()) / static_cast<double>(rows.page_rows()));
  for (const auto& size : sizes) {
    fmt::print(",\"{}_bytes\":{}", size.family, size.bytes);
  }
  fmt::print(",\"bytes_per_page_row\":{:.1f},\"bytes_per_host_row\":{:.1f}}}\n",
             static_cast<double>(sizes[0].bytes) / static_cast<double>(rows.page_rows()),
             static_cast<double>(sizes[1].bytes) / static_cast<double>(rows.host_rows()));
  return {};
}

}  // namespace
}  // namespace crawlcard::bench

int main(int argc, char** argv) {
  if (argc < 6) {
    std::fputs("usage: index_build DIR CAPTURES HOSTS SEED WARC...\n", stderr);
    return 2;
  }
  crawlcard::bench::MadeOptions options;
  options.captures = std::strtoull(argv[2], nullptr, 10);
  options.hosts = std::strtoull(argv[3], nullptr, 10);
  options.seed = std::strtoull(argv[4], nullptr, 10);
  const crawlcard::Status done =
      crawlcard::bench::Run(argv[1], options, std::vector<std::string>(argv + 5, argv + argc));
  if (!done) fmt::print(stderr, "{}\n", done.error().ToString());
  return done ? 0 : 1;
}
