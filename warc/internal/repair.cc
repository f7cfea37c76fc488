#include "warc/internal/repair.h"

#include <algorithm>
#include <memory>
#include <utility>

#include "warc/digest.h"
#include "warc/reader.h"

namespace crawlcard::warc {
namespace {

constexpr std::string_view kPlainOpen = ".warc.open";

bool IsOursAndOpen(std::string_view name, std::string_view prefix) {
  if (name.size() <= prefix.size() + kOpenSuffix.size() || !name.starts_with(prefix)) return false;
  if (name[prefix.size()] != '-' || !name.ends_with(kOpenSuffix)) return false;
  return name.find(".warc") != std::string_view::npos;
}

// Shows the first bytes of another source.
class FrontOfSource final : public ByteSource {
 public:
  FrontOfSource(ByteSource& source, std::uint64_t bytes) : source_(source), bytes_(bytes) {}

  Result<std::string_view> Peek(std::size_t want) override {
    const std::uint64_t left = bytes_ - source_.position();
    CRAWLCARD_ASSIGN(const std::string_view window,
                     source_.Peek(static_cast<std::size_t>(std::min<std::uint64_t>(want, left))));
    return window.substr(0, static_cast<std::size_t>(std::min<std::uint64_t>(window.size(), left)));
  }
  void Consume(std::size_t bytes) override { source_.Consume(bytes); }
  std::uint64_t position() const override { return source_.position(); }

 private:
  ByteSource& source_;
  std::uint64_t bytes_;
};

// Members have their checksums; a block that is not compressed has its digest alone.
bool IsWhole(const RecordView& record) {
  if (!record.notes.empty()) return false;
  const DigestCheck check = CheckDigest(record.Field("WARC-Block-Digest"), record.block);
  return check == DigestCheck::kMatch || check == DigestCheck::kAbsent;
}

// Takes one file whose lock is held through `file`.
Status RepairFile(FileSystem& files, OutputFile& file, const std::string& path,
                  RepairReport& report) {
  const std::uint64_t size = file.size();
  std::uint64_t end = size;
  if (path.ends_with(kPlainOpen)) {
    CRAWLCARD_ASSIGN(const std::unique_ptr<ByteSource> source, files.Read(path));
    CRAWLCARD_ASSIGN(end, ZeroTailStart(*source));
  }
  {
    CRAWLCARD_ASSIGN(const std::unique_ptr<ByteSource> source, files.Read(path));
    CRAWLCARD_ASSIGN(end, WholeRecordsEnd(*source, end));
  }
  if (end == 0) {
    CRAWLCARD_TRY(files.Remove(path));
    ++report.files_removed;
    report.bytes_cut += size;
    return {};
  }
  if (end < size) CRAWLCARD_TRY(file.Truncate(end));
  CRAWLCARD_TRY(file.Sync());
  const std::string sealed = path.substr(0, path.size() - kOpenSuffix.size());
  CRAWLCARD_TRY(files.RenameDurably(path, sealed));
  if (end < size) ++report.files_cut;
  report.bytes_cut += size - end;
  ++report.files_sealed;
  report.sealed.push_back(sealed.substr(sealed.find_last_of('/') + 1));
  return {};
}

}  // namespace

Result<std::uint64_t> ZeroTailStart(ByteSource& source) {
  std::uint64_t start = 0;
  for (;;) {
    CRAWLCARD_ASSIGN(const std::string_view window, source.Peek(1));
    if (window.empty()) return start;
    const std::size_t last = window.find_last_not_of('\0');
    if (last != std::string_view::npos) start = source.position() + last + 1;
    source.Consume(window.size());
  }
}

Result<std::uint64_t> WholeRecordsEnd(ByteSource& source, std::uint64_t bytes) {
  FrontOfSource front(source, bytes);
  Reader reader(front, {});
  std::uint64_t end = 0;
  for (;;) {
    const Result<const RecordView*> next = reader.Next();
    if (!next && next.error().code() == ErrorCode::kIo) {
      return tl::unexpected<Error>(next.error());
    }
    if (!next || *next == nullptr || !IsWhole(**next)) return end;
    const Extent& extent = (*next)->extent;
    end = extent.offset + extent.length;
  }
}

Result<RepairReport> RepairDirectory(FileSystem& files, const std::string& directory,
                                     std::string_view prefix) {
  RepairReport report;
  CRAWLCARD_ASSIGN(const std::vector<std::string> names, files.List(directory));
  for (const std::string& name : names) {
    if (!IsOursAndOpen(name, prefix)) continue;
    const std::string path = directory + "/" + name;
    const Result<std::unique_ptr<OutputFile>> file = files.Reopen(path);
    if (!file) {
      // Sealed by its owner since the listing, or still growing.
      if (file.error().code() == ErrorCode::kNotFound) continue;
      if (file.error().code() != ErrorCode::kLocked) return tl::unexpected<Error>(file.error());
      ++report.files_in_use;
      continue;
    }
    CRAWLCARD_TRY(RepairFile(files, **file, path, report));
  }
  return report;
}

}  // namespace crawlcard::warc
