#include "index/parts.h"

#include <array>
#include <filesystem>
#include <memory>
#include <vector>

#include <fmt/format.h>

#include "base/digest.h"
#include "base/file.h"
#include "base/json_writer.h"
#include "base/random.h"
#include "index/internal/store_impl.h"
#include "index/ledger.h"
#include "index/limits.h"

namespace crawlcard::index {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kPlanName = "parts.json";
constexpr std::size_t kCopyBytes = std::size_t{1} << 20;

// No two processes on any two machines write the same file.
std::string UniqueSuffix() {
  return Hex(RandomSeed());
}

// Of a directory that RocksDB has closed: neither locks nor its own log.
bool BelongsToIndex(const fs::path& file) {
  const std::string name = file.filename().string();
  return name != "LOCK" && name != "writer.lock" && !name.starts_with("LOG");
}

}  // namespace

std::string PartsPlan::ToJson() const {
  std::string text;
  JsonWriter json(text);
  json.BeginObject();
  json.Member("schema", "crawlcard.parts.v1");
  json.Member("parts", parts);
  json.Member("inputs", inputs);
  json.Member("inputs_xxh3", inputs_xxh3);
  json.Member("fact_version", std::uint64_t{kFactVersion});
  json.Member("language", language);
  json.Key("verify_digests").Bool(verify_digests);
  json.EndObject();
  return text + '\n';
}

Result<PartsDirectory> PartsDirectory::Open(FileSystem& files, std::string directory,
                                            const PartsPlan& plan) {
  CRAWLCARD_TRY(files.MakeDirectories(directory));
  PartsDirectory parts(files, std::move(directory), plan.parts);
  CRAWLCARD_TRY(parts.KeepPlan(plan.ToJson()));
  return parts;
}

// The first worker writes the plan, all others compare theirs with it: a resubmission that counts
// its shards in another way, or reads another listing, ends here.
Status PartsDirectory::KeepPlan(const std::string& plan) {
  const std::string path = fmt::format("{}/{}", directory_, kPlanName);
  if (!files_->Exists(path)) {
    const std::string half = fmt::format("{}/.{}.{}", directory_, kPlanName, UniqueSuffix());
    CRAWLCARD_ASSIGN(std::unique_ptr<OutputFile> file, files_->Create(half));
    Status kept = file->Append(plan);
    if (kept) kept = file->Sync();
    file.reset();
    if (kept) kept = files_->RenameDurably(half, path);
    if (kept) return {};
    Ignore(files_->Remove(half), "a half plan is read by nobody");
    if (!files_->Exists(path)) return kept;
  }
  CRAWLCARD_ASSIGN(const std::string there, ReadFile(path, limits::kPartsPlanBytesMax));
  if (there == plan) return {};
  return Fail(ErrorCode::kConflict, "'{}' holds parts of another build: {} there, {} here",
              directory_, there.substr(0, there.find('\n')), plan.substr(0, plan.size() - 1));
}

std::string PartsDirectory::NameOf(std::uint64_t part) const {
  return fmt::format("part-{:05}-of-{:05}", part, parts_);
}

Result<std::uint64_t> PartsDirectory::CountMissing() const {
  const std::string ending = fmt::format("-of-{:05}", parts_);
  std::uint64_t missing = parts_;
  std::error_code error;
  for (fs::directory_iterator walk(directory_, error), end; !error && walk != end;
       walk.increment(error)) {
    const std::string name = walk->path().filename().string();
    if (name.starts_with("part-") && name.ends_with(ending) && missing > 0) --missing;
  }
  if (error) return Fail(ErrorCode::kIo, "cannot list '{}': {}", directory_, error.message());
  return missing;
}

Status PartsDirectory::CopyFile(const std::string& from, const std::string& to) {
  CRAWLCARD_ASSIGN(const std::unique_ptr<ByteSource> source, files_->Read(from));
  CRAWLCARD_ASSIGN(const std::unique_ptr<OutputFile> copy, files_->Create(to));
  while (true) {
    CRAWLCARD_ASSIGN(const std::string_view bytes, source->Peek(1));
    if (bytes.empty()) return copy->Sync();
    const std::string_view piece = bytes.substr(0, kCopyBytes);
    CRAWLCARD_TRY(copy->Append(piece));
    source->Consume(piece.size());
  }
}

Status PartsDirectory::CopyTree(const std::string& from, const std::string& to,
                                const std::atomic<bool>& stop_requested) {
  CRAWLCARD_TRY(files_->MakeDirectories(to));
  std::vector<std::string> directories{to};
  std::error_code error;
  fs::recursive_directory_iterator walk(from, error);
  for (const fs::recursive_directory_iterator end; !error && walk != end; walk.increment(error)) {
    if (stop_requested.load()) {
      return Fail(ErrorCode::kCancelled, "stopped on request while '{}' was copied", from);
    }
    const std::string target = (fs::path(to) / walk->path().lexically_relative(from)).string();
    if (walk->is_directory(error)) {
      if (walk->path().filename() == "tmp") {  // scratch of whoever wrote last
        walk.disable_recursion_pending();
        continue;
      }
      CRAWLCARD_TRY(files_->MakeDirectories(target));
      directories.push_back(target);
    } else if (!error && BelongsToIndex(walk->path())) {
      CRAWLCARD_TRY(CopyFile(walk->path().string(), target));
    }
  }
  if (error) return Fail(ErrorCode::kIo, "cannot list '{}': {}", from, error.message());
  for (const std::string& directory : directories) {
    CRAWLCARD_TRY(SyncDirectoryOf(directory + "/"));
  }
  return {};
}

void PartsDirectory::RemoveHalfCopies(std::uint64_t part) const {
  const std::array<std::string, 2> prefixes{fmt::format(".{}.", NameOf(part)),
                                            fmt::format(".{}.", kPlanName)};
  std::vector<fs::path> halves;
  std::error_code error;
  for (fs::directory_iterator walk(directory_, error), end; !error && walk != end;
       walk.increment(error)) {
    const std::string name = walk->path().filename().string();
    for (const std::string& prefix : prefixes) {
      if (name.starts_with(prefix)) halves.push_back(walk->path());
    }
  }
  for (const fs::path& half : halves) fs::remove_all(half, error);  // what stays does no harm
}

Result<bool> PartsDirectory::Publish(const std::string& index_directory, std::uint64_t part,
                                     const std::atomic<bool>& stop_requested) {
  // Held while the files are copied: a second worker on the same index may not touch them.
  CRAWLCARD_ASSIGN(const std::unique_ptr<WriterLock> lock, WriterLock::Take(index_directory));
  const std::string half = fmt::format("{}/.{}.{}", directory_, NameOf(part), UniqueSuffix());
  Status done;
  if (!Has(part)) {
    done = CopyTree(index_directory, half, stop_requested);
    if (done) done = files_->RenameDurably(half, PathOf(part));
    if (done) {
      RemoveHalfCopies(part);
      return true;
    }
  }
  std::error_code error;
  fs::remove_all(half, error);  // a half copy is read by nobody
  // Whoever was first has also taken our half copy away: then this is no failure.
  if (Has(part)) {
    RemoveHalfCopies(part);
    return false;
  }
  return tl::unexpected<Error>(std::move(done.error()));
}

}  // namespace crawlcard::index
