// Parsed files shared by digest, and the reading of one.

#include <list>
#include <mutex>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include "robots/internal/parsed_file.h"
#include "robots/origin.h"
#include "robots/robots_form.h"

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
  struct Entry;
  using Entries = std::list<Entry>;
  using Keys = std::unordered_map<std::string, Entries::iterator>;
  struct Entry {
    std::shared_ptr<const ParsedFile> file;
    std::string form;                      // of a robots.txt, by digest; empty for others
    std::vector<const std::string*> keys;  // of by_key
    std::size_t bytes = 0;
  };
  using Found = std::shared_ptr<const ParsedFile>;  // null: not there

  // What a key takes besides its bytes.
  static constexpr std::size_t kKeyBytes = 96;
  // One template may have any number of copies: their keys start anew.
  static constexpr std::size_t kKeysMax = 16 * 1024;

  std::size_t bytes_max = 0;
  std::mutex mutex;
  Entries entries;  // most recently used first
  Keys by_key;
  std::unordered_map<std::string_view, Entries::iterator> by_form;
  std::size_t bytes = 0;

  Found Use(Entries::iterator entry) {
    entries.splice(entries.begin(), entries, entry);
    return entry->file;
  }

  Found Find(const std::string& key) {
    const std::lock_guard lock(mutex);
    const auto found = by_key.find(key);
    return found == by_key.end() ? nullptr : Use(found->second);
  }

  // The file of this form, which has one more key then.
  Found FindForm(std::string_view form, const std::string& key) {
    const std::lock_guard lock(mutex);
    const auto found = by_form.find(form);
    if (found == by_form.end()) return nullptr;
    Found out = Use(found->second);
    AddKey(key);
    LetGo();
    return out;
  }

  // A robots.txt that no key leads to.
  Found ByForm(const std::string& key, std::string_view form, std::string_view body) {
    if (Found found = FindForm(form, key)) return found;
    return Insert(key, form, std::make_shared<const ParsedFile>(WellKnown::kRobotsTxt, body));
  }

  Found Insert(const std::string& key, std::string_view form, Found file) {
    const std::lock_guard lock(mutex);
    // Another thread may have been first.
    if (const auto found = by_key.find(key); found != by_key.end()) return Use(found->second);
    const auto same = form.empty() ? by_form.end() : by_form.find(form);
    if (same == by_form.end()) {
      Entry& entry = entries.emplace_front();
      entry.file = std::move(file);
      entry.form = form;
      entry.bytes = entry.file->held_bytes() + entry.form.size();
      bytes += entry.bytes;
      if (!entry.form.empty()) by_form.emplace(entry.form, entries.begin());
    }
    Found out = Use(same == by_form.end() ? entries.begin() : same->second);
    AddKey(key);
    LetGo();
    return out;
  }

 private:
  // To the first entry.
  void AddKey(const std::string& key) {
    Entry& entry = entries.front();
    if (entry.keys.size() == kKeysMax) DropKeys(entry);
    const auto [added, is_new] = by_key.emplace(key, entries.begin());
    if (!is_new) return;
    entry.keys.push_back(&added->first);
    entry.bytes += key.size() + kKeyBytes;
    bytes += key.size() + kKeyBytes;
  }

  void DropKeys(Entry& entry) {
    for (const std::string* key : entry.keys) {
      const std::size_t size = key->size() + kKeyBytes;
      entry.bytes -= size;
      bytes -= size;
      by_key.erase(by_key.find(*key));
    }
    entry.keys.clear();
  }

  void LetGo() {
    while (bytes > bytes_max && entries.size() > 1) {
      Entry& last = entries.back();
      DropKeys(last);
      bytes -= last.bytes;
      if (!last.form.empty()) by_form.erase(last.form);
      entries.pop_back();
    }
  }
};

ParsedFileCache::ParsedFileCache(std::size_t bytes_max) : impl_(std::make_unique<Impl>()) {
  impl_->bytes_max = bytes_max;
}
ParsedFileCache::~ParsedFileCache() = default;

namespace {

std::string KeyOf(WellKnown file, std::string_view digest) {
  std::string key(1, static_cast<char>('0' + static_cast<int>(file)));
  key += digest;
  return key;
}

}  // namespace

std::shared_ptr<const ParsedFile> ParsedFileCache::Get(WellKnown file, std::string_view digest,
                                                       std::string_view body) {
  const std::string key = KeyOf(file, digest);
  if (Impl::Found found = impl_->Find(key)) return found;
  if (file == WellKnown::kRobotsTxt) return impl_->ByForm(key, RobotsForm(body), body);
  return impl_->Insert(key, {}, std::make_shared<const ParsedFile>(file, body));
}

std::shared_ptr<const RobotsTxt> ParsedFileCache::GetRobots(std::string_view digest,
                                                            std::string_view body) {
  Impl::Found found = Get(WellKnown::kRobotsTxt, digest, body);
  const RobotsTxt* const robots = found->robots();
  return {std::move(found), robots};
}

}  // namespace crawlcard::robots
