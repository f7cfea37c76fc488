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

// Zeros stood before the record: damage, but not of this one.
bool FollowsZeros(const RecordView& record) {
  return record.notes.size() == 1 && record.notes.front() == "warc.zero_padding";
}

// Members have their checksums; a block that is not compressed has its digest alone.
bool IsWhole(const RecordView& record) {
  if (!record.notes.empty() && !FollowsZeros(record)) return false;
  const DigestCheck check = CheckDigest(record.Field("WARC-Block-Digest"), record.block);
  return check == DigestCheck::kMatch || check == DigestCheck::kAbsent;
}

std::string SealedName(const std::string& path) {
  return path.substr(0, path.size() - kOpenSuffix.size());
}

// "DIR/NAME-salvaged.warc.gz.open" for "DIR/NAME.warc.gz.open".
std::string SalvagedPath(const std::string& path) {
  const std::size_t at = path.rfind(".warc");
  return path.substr(0, at) + std::string(kSalvaged) + path.substr(at);
}

class FileRepair {
 public:
  FileRepair(FileSystem& files, std::string path, RepairReport& report)
      : files_(files), path_(std::move(path)), report_(report) {}

  // `file` holds the lock.
  Status Run(OutputFile& file);

 private:
  Result<std::vector<ByteRange>> FindWhole(std::uint64_t size);
  Status Salvage(const std::vector<ByteRange>& whole, std::uint64_t& kept_out);
  void NoteSealed(const std::string& path);

  FileSystem& files_;
  const std::string path_;
  RepairReport& report_;
};

void FileRepair::NoteSealed(const std::string& path) {
  ++report_.files_sealed;
  report_.sealed.push_back(path.substr(path.find_last_of('/') + 1));
}

Result<std::vector<ByteRange>> FileRepair::FindWhole(std::uint64_t size) {
  if (path_.ends_with(kPlainOpen)) {
    CRAWLCARD_ASSIGN(const std::unique_ptr<ByteSource> source, files_.Read(path_));
    CRAWLCARD_ASSIGN(size, ZeroTailStart(*source));
  }
  CRAWLCARD_ASSIGN(const std::unique_ptr<ByteSource> source, files_.Read(path_));
  return WholeRecords(*source, size);
}

// Copies what is whole into a file of its own, which is sealed before the damaged one goes: a crash
// at any point leaves all of it in one of the two, and a sealed copy is a complete one.
Status FileRepair::Salvage(const std::vector<ByteRange>& whole, std::uint64_t& kept_out) {
  const std::string copy = SalvagedPath(path_);
  for (const ByteRange& range : whole) kept_out += range.end - range.begin;
  if (!files_.Exists(SealedName(copy))) {
    if (files_.Exists(copy)) CRAWLCARD_TRY(files_.Remove(copy));
    CRAWLCARD_ASSIGN(const std::unique_ptr<OutputFile> out, files_.Create(copy));
    CRAWLCARD_ASSIGN(const std::unique_ptr<ByteSource> source, files_.Read(path_));
    for (const ByteRange& range : whole) {
      while (source->position() < range.end) {
        const bool before = source->position() < range.begin;
        const std::uint64_t left = (before ? range.begin : range.end) - source->position();
        CRAWLCARD_ASSIGN(const std::string_view window, source->Peek(1));
        if (window.empty()) return Fail(ErrorCode::kIo, "'{}' became shorter", path_);
        const auto bytes = static_cast<std::size_t>(std::min<std::uint64_t>(left, window.size()));
        if (!before) CRAWLCARD_TRY(out->Append(window.substr(0, bytes)));
        source->Consume(bytes);
      }
    }
    CRAWLCARD_TRY(out->Sync());
    CRAWLCARD_TRY(files_.RenameDurably(copy, SealedName(copy)));
  } else if (files_.Exists(copy)) {
    CRAWLCARD_TRY(files_.RenameDurably(copy, SealedName(copy)));  // left half done
  }
  CRAWLCARD_TRY(files_.Remove(path_));
  NoteSealed(SealedName(copy));
  return {};
}

Status FileRepair::Run(OutputFile& file) {
  const std::uint64_t size = file.size();
  CRAWLCARD_ASSIGN(const std::vector<ByteRange> whole, FindWhole(size));
  if (whole.empty()) {
    CRAWLCARD_TRY(files_.Remove(path_));
    ++report_.files_removed;
    report_.bytes_cut += size;
    return {};
  }
  std::uint64_t kept = 0;
  if (whole.size() > 1 || whole.front().begin > 0) {
    CRAWLCARD_TRY(Salvage(whole, kept));
  } else {
    kept = whole.front().end;
    if (kept < size) CRAWLCARD_TRY(file.Truncate(kept));
    CRAWLCARD_TRY(file.Sync());
    CRAWLCARD_TRY(files_.RenameDurably(path_, SealedName(path_)));
    NoteSealed(SealedName(path_));
  }
  if (kept < size) ++report_.files_cut;
  report_.bytes_cut += size - kept;
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

Result<std::vector<ByteRange>> WholeRecords(ByteSource& source, std::uint64_t bytes) {
  FrontOfSource front(source, bytes);
  Reader reader(front, {});
  std::vector<ByteRange> whole;
  std::string warcinfo_id;
  bool damaged = false;
  for (;;) {
    const Result<const RecordView*> next = reader.Next();
    if (!next) {
      if (next.error().code() == ErrorCode::kIo) return tl::unexpected<Error>(next.error());
      damaged = true;
      CRAWLCARD_ASSIGN(const bool found, reader.Resync());
      if (!found) return whole;
      continue;
    }
    if (*next == nullptr) return whole;
    const RecordView& record = **next;
    if (!damaged && whole.empty() && record.type == RecordType::kWarcinfo) {
      warcinfo_id = record.record_id();
    }
    damaged = damaged || FollowsZeros(record);
    const bool ours = !warcinfo_id.empty() && record.Field("WARC-Warcinfo-ID") == warcinfo_id;
    if (!IsWhole(record) || (damaged && !ours)) {
      damaged = true;
      continue;
    }
    const Extent& extent = record.extent;
    if (whole.empty() || whole.back().end != extent.offset) whole.push_back({extent.offset, 0});
    whole.back().end = extent.offset + extent.length;
  }
}

Result<RepairReport> RepairDirectory(FileSystem& files, const std::string& directory,
                                     std::string_view prefix) {
  RepairReport report;
  CRAWLCARD_ASSIGN(const std::vector<std::string> names, files.List(directory));
  for (const std::string& name : names) {
    if (!IsOursAndOpen(name, prefix)) continue;
    const std::string path = directory + "/" + name;
    // A copy that was not finished: it is made anew from its original, which is still there.
    if (const std::size_t at = name.rfind(kSalvaged); at != std::string::npos) {
      const std::string original = name.substr(0, at) + name.substr(at + kSalvaged.size());
      if (std::binary_search(names.begin(), names.end(), original)) continue;
    }
    const Result<std::unique_ptr<OutputFile>> file = files.Reopen(path);
    if (!file) {
      // Sealed by its owner since the listing, or still growing.
      if (file.error().code() == ErrorCode::kNotFound) continue;
      if (file.error().code() != ErrorCode::kLocked) return tl::unexpected<Error>(file.error());
      ++report.files_in_use;
      continue;
    }
    CRAWLCARD_TRY(FileRepair(files, path, report).Run(**file));
  }
  return report;
}

}  // namespace crawlcard::warc
