// index_build DIR CAPTURES HOSTS SEED WARC... - an index of made captures, as one JSON line.
//
// Rows go through the room's own encoders into sorted files that RocksDB takes in whole, with the
// options of the families they are for: what stands on disk is what a compaction would leave.
// Beside them it counts the bytes of the same captures as CDXJ lines (shared/specs: Common Crawl's
// form).
#include <algorithm>
#include <charconv>
#include <chrono>
#include <cstdio>
#include <filesystem>
#include <map>
#include <memory>
#include <vector>

#include <fmt/format.h>
#include <rocksdb/db.h>
#include <rocksdb/sst_file_writer.h>
#include <sys/resource.h>

#include "base/digest.h"
#include "base/time.h"
#include "benches/index/made_captures.h"
#include "index/internal/store_impl.h"
#include "index/ledger.h"
#include "index/schema.h"
#include "index/store.h"

namespace crawlcard::bench {
namespace {

using index::CaptureView;
using index::Family;

constexpr std::uint64_t kSstBytes = 256ULL << 20;

// Sorted files of one family.
class SortedFiles {
 public:
  SortedFiles(index::Store::Impl& store, Family family, std::string scratch)
      : store_(store), family_(family), scratch_(std::move(scratch)) {}

  Status Put(std::string_view key, std::string_view value) {
    if (!writer_) CRAWLCARD_TRY(Begin());
    CRAWLCARD_TRY(Check(writer_->Put(index::ToSlice(key), index::ToSlice(value))));
    raw_bytes_ += key.size() + value.size();
    ++rows_;
    return writer_->FileSize() < kSstBytes ? Status() : End();
  }

  Status Ingest() {
    if (writer_) CRAWLCARD_TRY(End());
    if (files_.empty()) return {};
    rocksdb::IngestExternalFileOptions options;
    options.move_files = true;
    return Check(store_.db().IngestExternalFile(store_.family(family_), files_, options));
  }

  std::uint64_t rows() const { return rows_; }
  std::uint64_t raw_bytes() const { return raw_bytes_; }

 private:
  static Status Check(const rocksdb::Status& status) {
    if (status.ok()) return {};
    return tl::unexpected(index::FromRocks(status, "cannot write rows"));
  }

  Status Begin() {
    rocksdb::Options options = store_.db().GetOptions(store_.family(family_));
    if (options.bottommost_compression != rocksdb::kDisableCompressionOption) {
      options.compression = options.bottommost_compression;
      if (options.bottommost_compression_opts.enabled) {
        options.compression_opts = options.bottommost_compression_opts;
      }
    }
    writer_ = std::make_unique<rocksdb::SstFileWriter>(rocksdb::EnvOptions(), options,
                                                       store_.family(family_));
    files_.push_back(
        fmt::format("{}/{}-{}.sst", scratch_, static_cast<int>(family_), files_.size()));
    return Check(writer_->Open(files_.back()));
  }

  Status End() {
    Status status = Check(writer_->Finish());
    writer_.reset();
    return status;
  }

  index::Store::Impl& store_;
  Family family_;
  std::string scratch_;
  std::unique_ptr<rocksdb::SstFileWriter> writer_;
  std::vector<std::string> files_;
  std::uint64_t rows_ = 0;
  std::uint64_t raw_bytes_ = 0;
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
      languages += (languages.empty() ? "" : ",") + std::string(language.code);
    }
    add("languages", languages);
  }
  add("truncated", capture.truncated);
  add("redirect", capture.redirect);
  line += "}\n";
  return line.size();
}

struct Build {
  std::uint64_t captures = 0;
  std::uint64_t cdxj_bytes = 0;
  std::map<std::string, std::string> bodies;  // by digest
};

Status AddHost(std::span<const CaptureView> captures, SortedFiles& pages, SortedFiles& hosts,
               Build& build) {
  std::vector<std::pair<std::string, std::string>> rows;
  std::vector<std::pair<std::string, std::string>> host_rows;
  std::string line;
  for (const CaptureView& capture : captures) {
    auto& [key, value] = index::IsHostRow(capture) ? host_rows.emplace_back() : rows.emplace_back();
    if (index::IsHostRow(capture)) {
      index::EncodeHostKey(capture, key);
    } else {
      index::EncodePageKey(capture, key);
    }
    index::EncodeCapture(capture, value);
    ++build.captures;
    build.cdxj_bytes += CdxjBytes(capture, line);
    if (!capture.body_sha256.empty()) {
      build.bodies.try_emplace(std::string(capture.body_sha256), capture.kept_body);
    }
  }
  std::sort(rows.begin(), rows.end());
  std::sort(host_rows.begin(), host_rows.end());
  for (const auto& [key, value] : rows) CRAWLCARD_TRY(pages.Put(key, value));
  for (const auto& [key, value] : host_rows) CRAWLCARD_TRY(hosts.Put(key, value));
  return {};
}

Status AddLedger(index::Store& store, const std::vector<std::string>& names) {
  rocksdb::WriteBatch batch;
  std::string key;
  std::string value;
  for (const std::string& name : names) {
    index::FileEntry entry;
    entry.name = name;
    entry.snapshot = name.substr(11, 15);
    entry.content_xxh3 = std::string(32, '0');
    entry.fact_version = index::kFactVersion;
    entry.whole = entry.sealed = true;
    index::EncodeFileKey(index::FileId(name), key);
    index::EncodeFileEntry(entry, value);
    batch.Put(store.impl().family(Family::kFiles), key, value);
  }
  CRAWLCARD_TRY(store.impl().Write(batch));
  return store.Flush();
}

Status Run(const std::string& directory, MadeOptions options,
           const std::vector<std::string>& templates) {
  MadeCaptures made(options);
  for (const std::string& path : templates) CRAWLCARD_TRY(made.AddTemplates(path));
  CRAWLCARD_ASSIGN(std::unique_ptr<index::Store> store,
                   index::Store::Open(directory, index::OpenMode::kCreate));
  const std::string scratch = directory + "-rows";
  std::filesystem::create_directories(scratch);
  SortedFiles pages(store->impl(), Family::kPages, scratch);
  SortedFiles hosts(store->impl(), Family::kHosts, scratch);
  SortedFiles blobs(store->impl(), Family::kBlobs, scratch);
  const auto start = std::chrono::steady_clock::now();
  Build build;
  CRAWLCARD_TRY(made.ForEachHost([&](std::span<const CaptureView> captures) -> Status {
    return AddHost(captures, pages, hosts, build);
  }));
  std::string value;
  for (const auto& [digest, body] : build.bodies) {
    index::EncodeBlob(body, value);
    CRAWLCARD_TRY(blobs.Put(digest, value));
  }
  for (SortedFiles* files : {&pages, &hosts, &blobs}) CRAWLCARD_TRY(files->Ingest());
  CRAWLCARD_TRY(AddLedger(*store, made.FileNames()));
  const std::chrono::duration<double> took = std::chrono::steady_clock::now() - start;
  store.reset();
  std::filesystem::remove_all(scratch);

  std::uint64_t disk = 0;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(directory)) {
    if (entry.is_regular_file()) disk += entry.file_size();
  }
  CRAWLCARD_ASSIGN(store, index::Store::Open(directory, index::OpenMode::kRead));
  CRAWLCARD_ASSIGN(const auto sizes, store->Sizes());
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  const auto count = static_cast<double>(build.captures);
  fmt::print(
      "{{\"captures\":{},\"host_rows\":{},\"bodies\":{},\"build_s\":{:.1f},"
      "\"build_peak_rss\":{},\"disk_bytes\":{},\"bytes_per_capture\":{:.1f},"
      "\"cdxj_bytes_per_capture\":{:.1f},\"share_of_cdxj\":{:.3f},\"raw_page_row\":{:.1f}",
      build.captures, hosts.rows(), blobs.rows(), took.count(), usage.ru_maxrss * 1024, disk,
      static_cast<double>(disk) / count, static_cast<double>(build.cdxj_bytes) / count,
      static_cast<double>(disk) / static_cast<double>(build.cdxj_bytes),
      static_cast<double>(pages.raw_bytes()) / static_cast<double>(pages.rows()));
  for (const auto& size : sizes) {
    fmt::print(",\"{}_bytes\":{}", size.family, size.bytes);
  }
  fmt::print(",\"bytes_per_page_row\":{:.1f},\"bytes_per_host_row\":{:.1f}}}\n",
             static_cast<double>(sizes[0].bytes) / static_cast<double>(pages.rows()),
             static_cast<double>(sizes[1].bytes) / static_cast<double>(hosts.rows()));
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
