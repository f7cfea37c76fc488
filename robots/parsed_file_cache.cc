// Parsed files shared by digest, and the reading of one.

#include <list>
#include <mutex>
#include <string>
#include <unordered_map>
#include <utility>

#include "robots/internal/parsed_file.h"
#include "robots/origin.h"

namespace crawlcard::robots {

ParsedFile::ParsedFile(WellKnown file, std::string_view body) {
  if (file == WellKnown::kRobotsTxt) {
    robots_ = RobotsTxt::Parse(body);
    has_content_ = robots_->has_records();
    return;
  }
  body = arena_.Copy(body);
  std::pmr::vector<std::string_view> flags;
  ObserveWellKnown(file, body, WellKnownPath(file), arena_, signals_, flags);
  has_content_ = !IsHtmlBody(body) && !body.empty();
  if (!has_content_) return;
  switch (file) {
    case WellKnown::kTdmrep:
      tdmrep_ = TdmrepFile::Parse(body, WellKnownPath(file), arena_);
      break;
    case WellKnown::kWellKnownAiJson:
      car_ = ParseCarJson(body, arena_);
      break;
    case WellKnown::kAiTxt:
    case WellKnown::kWellKnownAiTxt:
      if (DetectAiTxt(body) == AiTxtVariant::kCar) car_ = ParseCarText(body, arena_);
      if (DetectAiTxt(body) == AiTxtVariant::kSpawning) spawning_ = ParseSpawning(body, arena_);
      break;
    default:
      break;
  }
}

std::size_t ParsedFile::held_bytes() const {
  return sizeof(*this) + arena_.held_bytes() + signals_.capacity() * sizeof(Signal) +
         spawning_.capacity() * sizeof(SpawningRule) +
         (tdmrep_ ? tdmrep_->rules().size() * sizeof(TdmrepRule) : 0) +
         (robots_ ? robots_->held_bytes() : 0);
}

// Least recently used files leave first. Files in use live on through their owners.
struct ParsedFileCache::Impl {
  struct Entry {
    std::string key;
    std::shared_ptr<const ParsedFile> file;
    std::size_t bytes = 0;
  };

  std::size_t bytes_max = 0;
  std::mutex mutex;
  std::list<Entry> entries;  // most recently used first
  std::unordered_map<std::string, std::list<Entry>::iterator> by_key;
  std::size_t bytes = 0;

  std::shared_ptr<const ParsedFile> Find(const std::string& key) {
    const std::lock_guard lock(mutex);
    const auto found = by_key.find(key);
    if (found == by_key.end()) return nullptr;
    entries.splice(entries.begin(), entries, found->second);
    return found->second->file;
  }

  std::shared_ptr<const ParsedFile> Insert(const std::string& key,
                                           std::shared_ptr<const ParsedFile> file) {
    const std::lock_guard lock(mutex);
    const auto found = by_key.find(key);
    if (found != by_key.end()) return found->second->file;  // another thread was first
    const std::size_t size = file->held_bytes() + key.size();
    entries.push_front({key, file, size});
    by_key[key] = entries.begin();
    bytes += size;
    while (bytes > bytes_max && entries.size() > 1) {
      bytes -= entries.back().bytes;
      by_key.erase(entries.back().key);
      entries.pop_back();
    }
    return file;
  }
};

ParsedFileCache::ParsedFileCache(std::size_t bytes_max) : impl_(std::make_unique<Impl>()) {
  impl_->bytes_max = bytes_max;
}
ParsedFileCache::~ParsedFileCache() = default;

std::shared_ptr<const ParsedFile> ParsedFileCache::Get(WellKnown file, std::string_view digest,
                                                       std::string_view body) {
  std::string key(1, static_cast<char>('0' + static_cast<int>(file)));
  key += digest;
  if (std::shared_ptr<const ParsedFile> found = impl_->Find(key)) return found;
  return impl_->Insert(key, std::make_shared<const ParsedFile>(file, body));
}

}  // namespace crawlcard::robots
