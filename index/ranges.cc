#include "index/internal/ranges.h"

#include <algorithm>

#include <rocksdb/metadata.h>

#include "index/schema.h"
#include "page/public_suffix.h"

namespace crawlcard::index {
namespace {

constexpr char kLabelMark = '\x03';
// Below this size all keys are looked at; above, the borders of the sorted files serve.
constexpr std::uint64_t kSampleBytesMax = 24 << 20;

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

void BorderKeys(const Store::Impl& store, std::vector<std::string>& starts_out) {
  std::vector<rocksdb::LiveFileMetaData> files;
  for (std::size_t i = 0; i < store.partition_count(); ++i) {
    std::vector<rocksdb::LiveFileMetaData> more;
    store.partition(i).db().GetLiveFilesMetaData(&more);
    files.insert(files.end(), more.begin(), more.end());
  }
  for (const rocksdb::LiveFileMetaData& file : files) {
    if (file.column_family_name != kFamilyNames[static_cast<std::size_t>(Family::kPages)] &&
        file.column_family_name != kFamilyNames[static_cast<std::size_t>(Family::kHosts)]) {
      continue;
    }
    starts_out.push_back(DomainStart(GroupOfKey(file.smallestkey)));
    starts_out.push_back(DomainStart(GroupOfKey(file.largestkey)));
  }
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
                                           std::size_t ranges) {
  std::vector<std::string> keys;
  if (ranges <= 1) return keys;
  // Sizes are known without opening a file; numbers of rows are not.
  std::uint64_t bytes = 0;
  for (std::size_t i = 0; i < store.partition_count(); ++i) {
    for (const Family family : {Family::kPages, Family::kHosts}) {
      using Properties = rocksdb::DB::Properties;
      bytes += store.partition(i).Property(family, Properties::kTotalSstFilesSize) +
               store.partition(i).Property(family, Properties::kCurSizeAllMemTables);
    }
  }
  std::vector<std::string> starts;
  if (bytes <= kSampleBytesMax) {
    CRAWLCARD_TRY(SampleKeys(store, snapshot, starts));
  } else {
    BorderKeys(store, starts);
  }
  std::sort(starts.begin(), starts.end());
  for (std::size_t i = 1; i < ranges && !starts.empty(); ++i) {
    const std::string& key = starts[i * starts.size() / ranges];
    if (!key.empty() && (keys.empty() || keys.back() < key)) keys.push_back(key);
  }
  return keys;
}

}  // namespace crawlcard::index
