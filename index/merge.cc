#include "index/merge.h"

#include <algorithm>
#include <filesystem>
#include <map>
#include <mutex>
#include <set>
#include <unordered_set>
#include <utility>

#include "index/internal/for_each_partition.h"
#include "index/internal/merged_rows.h"
#include "index/internal/row_codec.h"
#include "index/internal/rows.h"
#include "index/internal/sorted_runs.h"
#include "index/internal/sst_files.h"
#include "index/internal/store_impl.h"
#include "index/limits.h"

namespace crawlcard::index {
namespace {

constexpr std::string_view kOption = "option.";
constexpr std::string_view kRun = "run.";
constexpr std::string_view kFacts = "facts";
constexpr std::string_view kSchema = "schema";
// Bodies of one family are asked for in order; a short way is walked, a long one jumped.
constexpr int kStepsBeforeSeek = 8;
// References to bodies that are sorted in one go.
constexpr std::size_t kReferencesMax = 1024;

class MergeRun {
 public:
  MergeRun(Store& into, const std::vector<std::unique_ptr<Store>>& sources,
           const MergeOptions& options, const std::atomic<bool>& stop_requested)
      : into_(into.impl()), options_(options), stop_requested_(stop_requested) {
    for (const auto& source : sources) sources_.push_back(&source->impl());
    taken_.resize(sources_.size());
    summary_.indexes = sources_.size();
  }

  Result<MergeSummary> Run();

 private:
  // A file of the union: what the ledger says, and who holds its rows.
  struct File {
    FileEntry entry;
    const Store::Impl* holder = nullptr;  // for messages
    std::size_t source = 0;
    bool is_known = false;    // sealed in the target
    bool is_changed = false;  // its entry is to be written
  };

  Status CheckMeta();
  Status ReadTarget();
  Status ReadLedger(std::size_t source);
  Status AddFile(std::size_t source, std::uint64_t id, FileEntry&& entry);
  void CountUnsealed();
  Status CopyRows(Family family, std::optional<std::size_t> only, std::vector<SstFiles>& outputs,
                  SortedRuns& bodies);
  Status CopyBodies(std::size_t partition, SstFiles& output, const SortedRuns& bodies);
  Status Write();
  Status WriteSide(std::optional<std::size_t> only, std::vector<SstFiles>& outputs,
                   SortedRuns& bodies);
  bool SameSplit() const;
  void Step();
  Status Stopped() const {
    if (!stop_requested_.load(std::memory_order_relaxed)) return {};
    return Fail(ErrorCode::kCancelled, "stopped on request; merge again");
  }

  Store::Impl& into_;
  const MergeOptions& options_;
  const std::atomic<bool>& stop_requested_;
  std::vector<const Store::Impl*> sources_;
  std::map<std::uint64_t, File> files_;
  std::map<std::uint64_t, std::string> unsealed_;         // in some source or in the target
  std::set<std::uint64_t> stale_;                         // unsealed in the target
  std::vector<std::unordered_set<std::uint64_t>> taken_;  // files, by the source they come from
  std::map<std::string, std::string> meta_;               // to be written to the target

  std::mutex mutex_;
  MergeSummary summary_;     // guarded by mutex_ while threads run
  std::uint64_t steps_ = 0;  // guarded by mutex_
};

void MergeRun::Step() {
  const std::lock_guard lock(mutex_);
  ++steps_;
  if (options_.on_step) options_.on_step(steps_);
}

// --- what may be merged -------------------------------------------------------------------------

// Options that change facts, fact code and schema must be those of all; manifests of runs are
// united.
Status MergeRun::CheckMeta() {
  std::map<std::string, std::pair<std::string, const Store::Impl*>> seen;
  std::map<std::string, std::string> runs;
  std::map<std::string, std::string> of_target;
  std::vector<const Store::Impl*> all{&into_};
  all.insert(all.end(), sources_.begin(), sources_.end());
  for (const Store::Impl* index : all) {
    const auto rows = index->NewIterator(Family::kMeta, nullptr);
    for (rows->SeekToFirst(); rows->Valid(); rows->Next()) {
      const std::string name(ToView(rows->key()));
      const std::string value(ToView(rows->value()));
      if (index == &into_) of_target.emplace(name, value);
      if (name.starts_with(kRun)) {
        // Two manifests of one run: any, but always the same one.
        std::string& kept = runs.emplace(name, value).first->second;
        kept = std::min(kept, value);
        continue;
      }
      if (!name.starts_with(kOption) && name != kFacts && name != kSchema) continue;
      const auto [found, is_new] = seen.emplace(name, std::make_pair(value, index));
      if (is_new || found->second.first == value) continue;
      return Fail(
          ErrorCode::kSchema,
          "index '{}' was built with {} = {}, '{}' with {}: build one of them anew with the "
          "options of the other",
          found->second.second->directory(), name, found->second.first, index->directory(), value);
    }
    if (!rows->status().ok()) {
      return tl::unexpected(FromRocks(rows->status(), "cannot read the index"));
    }
  }
  for (const auto& [name, value] : seen) {
    if (!of_target.contains(name)) meta_.emplace(name, value.first);
  }
  for (const auto& [name, value] : runs) {
    const auto found = of_target.find(name);
    if (found == of_target.end() || found->second != value) meta_.emplace(name, value);
  }
  return {};
}

Status MergeRun::ReadTarget() {
  return into_.ForEachFile([this](std::uint64_t id, FileEntry&& entry) -> Status {
    if (!entry.sealed) {
      stale_.insert(id);
      unsealed_.emplace(id, std::move(entry.name));
      return {};
    }
    files_.emplace(id, File{std::move(entry), &into_, 0, true, false});
    return {};
  });
}

Status MergeRun::AddFile(std::size_t source, std::uint64_t id, FileEntry&& entry) {
  if (!entry.sealed) {
    unsealed_.emplace(id, std::move(entry.name));
    return {};
  }
  const auto found = files_.find(id);
  if (found == files_.end()) {
    files_.emplace(id, File{std::move(entry), sources_[source], source, false, true});
    taken_[source].insert(id);
    return {};
  }
  File& known = found->second;
  if (known.entry.name != entry.name) {
    return Fail(ErrorCode::kConflict, "file id of '{}' in '{}' collides with that of '{}' in '{}'",
                entry.name, sources_[source]->directory(), known.entry.name,
                known.holder->directory());
  }
  if (known.entry.bytes != entry.bytes || known.entry.content_xxh3 != entry.content_xxh3) {
    return Fail(ErrorCode::kConflict,
                "two different files are called '{}': {} bytes, XXH3 {} in '{}', {} bytes, XXH3 {} "
                "in '{}'; remove one with 'crawlcard index remove'",
                entry.name, known.entry.bytes, known.entry.content_xxh3, known.holder->directory(),
                entry.bytes, entry.content_xxh3, sources_[source]->directory());
  }
  if (known.entry.fact_version != entry.fact_version) {
    return Fail(ErrorCode::kSchema, "'{}' was read by fact code {} in '{}' and by {} in '{}'",
                entry.name, known.entry.fact_version, known.holder->directory(), entry.fact_version,
                sources_[source]->directory());
  }
  if (entry.sealed_at < known.entry.sealed_at) {
    known.entry.sealed_at = entry.sealed_at;
    known.is_changed = true;
  }
  return {};
}

Status MergeRun::ReadLedger(std::size_t source) {
  return sources_[source]->ForEachFile([this, source](std::uint64_t id, FileEntry&& entry) {
    return AddFile(source, id, std::move(entry));
  });
}

void MergeRun::CountUnsealed() {
  for (const auto& [id, name] : unsealed_) {
    if (files_.contains(id)) continue;
    ++summary_.files_unsealed;
    if (summary_.unsealed.size() < limits::kSummaryErrorsMax) summary_.unsealed.push_back(name);
  }
  for (const auto& [id, file] : files_)
    ++(file.is_known ? summary_.files_known : summary_.files_merged);
}

// --- rows ---------------------------------------------------------------------------------------

// True when a row falls to the same partition in the target and in every source.
bool MergeRun::SameSplit() const {
  return into_.can_route() &&
         std::all_of(sources_.begin(), sources_.end(), [&](const auto* source) {
           return source->can_route() && source->partition_count() == into_.partition_count();
         });
}

Status MergeRun::CopyRows(Family family, std::optional<std::size_t> only,
                          std::vector<SstFiles>& outputs, SortedRuns& bodies) {
  CRAWLCARD_TRY(Stopped());
  std::vector<std::unique_ptr<rocksdb::Iterator>> iterators;
  for (const Store::Impl* source : sources_) {
    iterators.push_back(only ? source->partition(*only).NewIterator(family, nullptr, false)
                             : source->NewIterator(family, nullptr));
  }
  std::vector<std::pair<std::size_t, std::string>> references;
  const auto sort_references = [&]() -> Status {
    Status added = bodies.Add([&](SortedRuns::Buffer& buffer) {
      for (const auto& [partition, digest] : references) {
        buffer.Put(partition, {Family::kBlobs, digest, 0, {}});
      }
    });
    references.clear();
    return added;
  };
  std::string last_group;
  std::size_t partition = only.value_or(0);
  std::uint64_t rows_written = 0;
  MergedRows rows(std::move(iterators));
  // What a crash left of a file in one source has the keys of its rows in another.
  for (rows.SeekToFirst(); rows.Valid(); rows.NextOfAny()) {
    const std::string_view key = ToView(rows.key());
    RowPlace place;
    if (!PlaceOfRow(family, key, place)) {
      return Fail(ErrorCode::kCorrupt, "key of {} bytes cannot be decoded", key.size());
    }
    if (!taken_[rows.source()].contains(place.file_id)) continue;
    if (!only) {
      const std::string_view group =
          GroupOfStored(key.substr(0, std::min(key.find('\0'), key.size())));
      if (group != last_group || last_group.empty()) {
        last_group = group;
        partition = into_.PartitionOfGroup(group);
      }
    }
    const std::string_view value = ToView(rows.value());
    CRAWLCARD_TRY(outputs[partition].Put(family, key, value));
    const std::string_view body =
        family == Family::kTakedowns ? std::string_view() : BlobOfRow(value);
    if (!body.empty()) references.emplace_back(partition, body);
    if (references.size() >= kReferencesMax) CRAWLCARD_TRY(sort_references());
    if (++rows_written % 4096 == 0) CRAWLCARD_TRY(Stopped());
  }
  if (!rows.status().ok()) {
    return tl::unexpected(FromRocks(rows.status(), "cannot read the index"));
  }
  const std::lock_guard lock(mutex_);
  summary_.rows += rows_written;
  return sort_references();
}

// The bodies that the rows of one partition name, from whoever has them.
Status MergeRun::CopyBodies(std::size_t partition, SstFiles& output, const SortedRuns& bodies) {
  std::vector<std::unique_ptr<rocksdb::Iterator>> iterators;
  for (const Store::Impl* source : sources_) {
    iterators.push_back(source->NewIterator(Family::kBlobs, nullptr));
  }
  MergedRows blobs(std::move(iterators));
  blobs.SeekToFirst();
  std::string last;
  std::uint64_t written = 0;
  const auto copy = [&](const SortedRuns::Row& row) -> Status {
    if (row.key == last) return {};
    last = row.key;
    for (int i = 0; i < kStepsBeforeSeek && blobs.Valid() && ToView(blobs.key()) < row.key; ++i) {
      blobs.Next();
    }
    if (blobs.Valid() && ToView(blobs.key()) < row.key) blobs.Seek(ToSlice(row.key));
    if (!blobs.Valid() || ToView(blobs.key()) != row.key) {
      return Fail(ErrorCode::kCorrupt, "no index has a body that a row of partition {} names",
                  partition);
    }
    ++written;
    return output.Put(Family::kBlobs, row.key, ToView(blobs.value()));
  };
  CRAWLCARD_TRY(bodies.ForEach(partition, copy));
  if (!blobs.status().ok()) {
    return tl::unexpected(FromRocks(blobs.status(), "cannot read the index"));
  }
  const std::lock_guard lock(mutex_);
  summary_.blobs += written;
  return {};
}

// Rows of one partition, or of all when they have to be shared out anew.
Status MergeRun::WriteSide(std::optional<std::size_t> only, std::vector<SstFiles>& outputs,
                           SortedRuns& bodies) {
  for (const Family family : {Family::kHosts, Family::kPages, Family::kTakedowns}) {
    CRAWLCARD_TRY(CopyRows(family, only, outputs, bodies));
    for (std::size_t i = 0; i < outputs.size(); ++i) {
      if (!only || *only == i) CRAWLCARD_TRY(outputs[i].Finish(family));
    }
    Step();
  }
  return {};
}

Status MergeRun::Write() {
  const std::size_t partitions = into_.partition_count();
  const unsigned jobs = std::clamp(options_.jobs, 1U, limits::kJobsMax);
  std::vector<SstFiles> outputs;
  outputs.reserve(partitions);
  for (std::size_t i = 0; i < partitions; ++i) outputs.emplace_back(into_, i, into_.scratch());
  SortedRuns bodies(into_.scratch(), into_.plan().runs, jobs, partitions);
  if (SameSplit()) {
    CRAWLCARD_TRY(ForEachPartition(partitions, jobs,
                                   [&](std::size_t i) { return WriteSide(i, outputs, bodies); }));
  } else {
    CRAWLCARD_TRY(WriteSide(std::nullopt, outputs, bodies));
  }
  CRAWLCARD_TRY(bodies.Seal());
  return ForEachPartition(partitions, jobs, [&](std::size_t i) -> Status {
    CRAWLCARD_TRY(CopyBodies(i, outputs[i], bodies));
    std::string key;
    std::string value;
    for (const auto& [id, file] : files_) {
      if (!file.is_changed) continue;
      EncodeFileKey(id, key);
      EncodeFileEntry(file.entry, value);
      CRAWLCARD_TRY(outputs[i].Put(Family::kFiles, key, value));
    }
    Step();
    CRAWLCARD_TRY(outputs[i].Ingest());
    Step();
    return {};
  });
}

Result<MergeSummary> MergeRun::Run() {
  CRAWLCARD_TRY(CheckMeta());
  CRAWLCARD_TRY(ReadTarget());
  for (std::size_t i = 0; i < sources_.size(); ++i) CRAWLCARD_TRY(ReadLedger(i));
  CountUnsealed();
  // Rows that a crash left of files that now come whole.
  std::erase_if(stale_, [this](std::uint64_t id) { return !files_.contains(id); });
  CRAWLCARD_TRY(into_.RemoveFiles(stale_));
  if (!meta_.empty()) CRAWLCARD_TRY(into_.PutMeta({meta_.begin(), meta_.end()}));
  Step();
  const bool is_anything_new = std::any_of(files_.begin(), files_.end(),
                                           [](const auto& file) { return file.second.is_changed; });
  Status written = is_anything_new ? Write() : Status();
  std::error_code error;
  std::filesystem::remove_all(into_.scratch(), error);
  CRAWLCARD_TRY(written);
  CRAWLCARD_TRY(into_.Flush());
  return std::move(summary_);
}

}  // namespace

Result<MergeSummary> Merge(Store& into, const std::vector<std::unique_ptr<Store>>& sources,
                           const MergeOptions& options, const std::atomic<bool>& stop_requested) {
  return MergeRun(into, sources, options, stop_requested).Run();
}

}  // namespace crawlcard::index
