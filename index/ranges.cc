#include "index/internal/ranges.h"

#include <algorithm>
#include <utility>

#include <rocksdb/db.h>

#include "index/schema.h"
#include "page/public_suffix.h"

namespace crawlcard::index {
namespace {

constexpr char kLabelMark = '\x03';

// "org 03 example 03 www" as "www.example.org", and back: reversing the labels is its own inverse.
std::string ReverseLabels(std::string_view text, char from, char to) {
  std::string out;
  while (!text.empty()) {
    const std::size_t mark = text.rfind(from);
    const std::size_t start = mark == std::string_view::npos ? 0 : mark + 1;
    if (!out.empty()) out.push_back(to);
    out.append(text.substr(start));
    text = text.substr(0, mark == std::string_view::npos ? 0 : mark);
  }
  return out;
}

std::string_view GroupOfKey(std::string_view key) {
  return GroupOfStored(key.substr(0, std::min(key.find('\0'), key.size())));
}

Status SampleKeys(const Store::Impl& store, const ScopedSnapshot* snapshot,
                  std::vector<std::string>& starts_out) {
  for (const Family family : {Family::kHosts, Family::kPages}) {
    const auto rows = store.NewIterator(family, snapshot);
    for (rows->SeekToFirst(); rows->Valid(); rows->Next()) {
      starts_out.push_back(DomainStart(GroupOfKey(ToView(rows->key()))));
    }
    if (!rows->status().ok()) {
      return tl::unexpected(FromRocks(rows->status(), "cannot read the index"));
    }
  }
  return {};
}

// About how many bytes of pages and hosts have keys before `key`.
std::uint64_t BytesBefore(const Store::Impl& store, const std::string& key) {
  rocksdb::SizeApproximationOptions options;
  options.include_memtables = true;
  const rocksdb::Range range("", key);
  std::uint64_t bytes = 0;
  for (std::size_t i = 0; i < store.partition_count(); ++i) {
    const Partition& partition = store.partition(i);
    for (const Family family : {Family::kPages, Family::kHosts}) {
      std::uint64_t size = 0;
      // An error leaves a worse cut, and is met again by who reads.
      partition.db().GetApproximateSizes(options, partition.family(family), &range, 1, &size);
      bytes += size;
    }
  }
  return bytes;
}

// The start of keys before which there are `wanted` bytes, or fewer by `slack`: found byte by byte.
std::string StartBehind(const Store::Impl& store, std::uint64_t wanted, std::uint64_t slack) {
  constexpr std::size_t kStartBytes = 64;
  std::string start;
  std::uint64_t before = 0;
  while (start.size() < kStartBytes && before + slack < wanted) {
    start.push_back('\0');
    unsigned low = 0;
    unsigned high = 256;
    while (high - low > 1) {
      const unsigned middle = (low + high) / 2;
      start.back() = static_cast<char>(middle);
      (BytesBefore(store, start) <= wanted ? low : high) = middle;
    }
    start.back() = static_cast<char>(low);
    before = BytesBefore(store, start);
  }
  return start;
}

// Where an index is cut into `ranges` of about the same size.
Status CutBySize(const Store::Impl& store, const ScopedSnapshot* snapshot, std::size_t ranges,
                 std::vector<std::string>& keys_out) {
  constexpr std::uint64_t kSlackShare = 32;
  const std::string behind_all(1, '\xFF');  // no host begins so
  const std::uint64_t each = BytesBefore(store, behind_all) / ranges;
  for (std::size_t i = 1; i < ranges; ++i) {
    const std::string start = StartBehind(store, i * each, each / kSlackShare);
    for (const Family family : {Family::kPages, Family::kHosts}) {
      const auto rows = store.NewIterator(family, snapshot);
      rows->Seek(start);
      if (rows->Valid()) {
        keys_out.push_back(DomainStart(GroupOfKey(ToView(rows->key()))));
        break;
      }
      if (!rows->status().ok()) {
        return tl::unexpected(FromRocks(rows->status(), "cannot read the index"));
      }
    }
  }
  return {};
}

}  // namespace

std::string DomainOfGroup(std::string_view group) {
  if (group.find(':') != std::string_view::npos) return std::string(group);  // IPv6
  return page::RegistrableDomain(ReverseLabels(group, kLabelMark, '.'));
}

std::string DomainStart(std::string_view group) {
  if (group.find(':') != std::string_view::npos) return std::string(group);
  return ReverseLabels(DomainOfGroup(group), '.', kLabelMark);
}

Result<std::vector<std::string>> SplitKeys(const Store::Impl& store, const ScopedSnapshot* snapshot,
                                           std::size_t ranges, std::uint64_t sample_bytes_max) {
  std::vector<std::string> keys;
  if (ranges <= 1) return keys;
  std::uint64_t bytes = 0;
  for (std::size_t i = 0; i < store.partition_count(); ++i) {
    for (const Family family : {Family::kPages, Family::kHosts}) {
      using Properties = rocksdb::DB::Properties;
      bytes += store.partition(i).Property(family, Properties::kTotalSstFilesSize) +
               store.partition(i).Property(family, Properties::kCurSizeAllMemTables);
    }
  }
  std::vector<std::string> cuts;
  if (bytes <= sample_bytes_max) {
    std::vector<std::string> starts;
    CRAWLCARD_TRY(SampleKeys(store, snapshot, starts));
    std::sort(starts.begin(), starts.end());
    for (std::size_t i = 1; i < ranges && !starts.empty(); ++i) {
      cuts.push_back(starts[i * starts.size() / ranges]);
    }
  } else {
    CRAWLCARD_TRY(CutBySize(store, snapshot, ranges, cuts));
  }
  for (std::string& cut : cuts) {
    if (!cut.empty() && (keys.empty() || keys.back() < cut)) keys.push_back(std::move(cut));
  }
  return keys;
}

}  // namespace crawlcard::index
