#include "index/internal/batch_bodies.h"

#include <algorithm>

#include "base/text.h"
#include "index/limits.h"

namespace crawlcard::index {
namespace {

constexpr std::string_view kSitemap = "sitemap";

// A digest and what it stands for, in a table.
constexpr std::size_t kFormBytes = 200;

bool IsBlank(char c) {
  return c == ' ' || c == '\t';
}

// Nothing that a reader of robots.txt looks for.
bool IsPlainValue(char c) {
  return IsAsciiAlpha(c) || IsAsciiDigit(c) ||
         std::string_view(":/._-?=&%+~").find(c) != std::string_view::npos;
}

// Where the value of a Sitemap line begins, or npos for other lines.
std::size_t SitemapValue(std::string_view line) {
  std::size_t at = 0;
  while (at < line.size() && IsBlank(line[at])) ++at;
  if (!StartsWithIgnoreCase(line.substr(at), kSitemap)) return std::string_view::npos;
  at += kSitemap.size();
  while (at < line.size() && IsBlank(line[at])) ++at;
  if (at == line.size() || line[at] != ':') return std::string_view::npos;
  ++at;
  while (at < line.size() && IsBlank(line[at])) ++at;
  return at;
}

}  // namespace

std::string WithoutSitemaps(std::string_view body) {
  std::string out;
  if (body.size() > limits::kBatchFormBytesMax) return std::string(body);
  out.reserve(body.size());
  while (!body.empty()) {
    const std::size_t end = std::min(body.find('\n'), body.size());
    std::string_view line = body.substr(0, end);
    if (line.ends_with('\r')) line.remove_suffix(1);
    const std::size_t value = SitemapValue(line);
    const std::string_view address = line.substr(std::min(value, line.size()));
    if (!address.empty() && std::all_of(address.begin(), address.end(), IsPlainValue)) {
      out.append(line.substr(0, value));
      out += '/';
    } else {
      out.append(line);
    }
    const std::size_t next = std::min(end + 1, body.size());
    out.append(body.substr(line.size(), next - line.size()));
    body.remove_prefix(next);
  }
  return out;
}

std::shared_ptr<const OriginBodies> BodiesTable::Use(Entries::iterator entry) {
  entries_.splice(entries_.begin(), entries_, entry);
  return entry->bodies;
}

std::shared_ptr<const OriginBodies> BodiesTable::Find(std::uint64_t id) {
  const std::lock_guard lock(mutex_);
  const auto found = by_id_.find(id);
  return found == by_id_.end() ? nullptr : Use(found->second);
}

std::shared_ptr<const OriginBodies> BodiesTable::Find(const std::string& key) {
  const std::lock_guard lock(mutex_);
  const auto found = by_key_.find(key);
  return found == by_key_.end() ? nullptr : Use(found->second);
}

std::string BodiesTable::FormOf(const std::string& sha256) {
  const std::lock_guard lock(mutex_);
  const auto found = forms_.find(sha256);
  return found == forms_.end() ? std::string() : found->second;
}

void BodiesTable::PutForm(const std::string& sha256, const std::string& form) {
  const std::lock_guard lock(mutex_);
  if (forms_.size() * kFormBytes > bytes_max_ / 4) forms_.clear();
  forms_.emplace(sha256, form);
}

std::shared_ptr<const OriginBodies> BodiesTable::Insert(const std::string& key,
                                                        robots::OriginSignals signals, bool silent,
                                                        std::size_t bytes) {
  const std::lock_guard lock(mutex_);
  if (const auto found = by_key_.find(key); found != by_key_.end()) return Use(found->second);
  // A parsed file takes some ten times its bytes.
  constexpr std::size_t kParsedTimes = 10;
  const std::uint64_t id = ++last_id_;
  const std::size_t held = bytes * kParsedTimes + key.size() * 2 + 512;
  auto made =
      std::make_shared<const OriginBodies>(OriginBodies{id, std::move(signals), silent, held});
  entries_.push_front({key, std::move(made)});
  by_key_.emplace(entries_.front().key, entries_.begin());
  by_id_.emplace(id, entries_.begin());
  bytes_ += entries_.front().bodies->bytes;
  while (bytes_ > bytes_max_ && entries_.size() > 1) {
    const Entry& last = entries_.back();
    bytes_ -= last.bodies->bytes;
    by_key_.erase(last.key);
    by_id_.erase(last.bodies->id);
    entries_.pop_back();
    left_.fetch_add(1, std::memory_order_relaxed);
  }
  return entries_.front().bodies;
}

}  // namespace crawlcard::index
