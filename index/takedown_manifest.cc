#include "index/takedown_manifest.h"

#include <algorithm>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "index/internal/store_impl.h"
#include "index/takedown_table.h"
#include "page/public_suffix.h"
#include "page/surt.h"

namespace crawlcard::index {
namespace {

// Keys from `lower` up to, not with, `upper`.
struct KeyRange {
  std::string lower;
  std::string upper;
  // All of it is in the partition of `lower`. Names below a public suffix are in several.
  bool in_one_partition = true;
};

std::string With(std::string_view prefix, char end) {
  std::string key(prefix);
  key.push_back(end);
  return key;
}

// What follows a group in a key: 00 in a row of `hosts`; in one of `pages` the end of the host, or
// a port; or one more label, of a host below it.
constexpr char kBehindHost = kStoredLabelMark;
constexpr char kBehindDomain = kStoredLabelMark + 1;

class ManifestRun {
 public:
  ManifestRun(const Store::Impl& store, const ManifestOptions& options,
              const TakedownTable& requests, const FileTable& files, const ScopedSnapshot* snapshot,
              const std::function<Status(const AffectedCapture&)>& on_capture)
      : store_(store),
        options_(options),
        requests_(requests),
        files_(files),
        snapshot_(snapshot),
        on_capture_(on_capture) {}

  Result<ManifestSummary> Run() {
    summary_.requests = requests_.size();
    if (requests_.empty()) return summary_;
    for (const Family family : {Family::kHosts, Family::kPages}) {
      ranges_.clear();
      requests_.ForEach([&](const Takedown& request) { AddRange(family, request); });
      // Addresses without a key stand together.
      if (family == Family::kPages) ranges_.push_back({With("-", '\0'), With("-", '\1'), true});
      MergeRanges();
      CRAWLCARD_TRY(ReadRanges(family));
    }
    return summary_;
  }

 private:
  void AddRange(Family family, const Takedown& request);
  void MergeRanges();
  Status ReadRanges(Family family);
  Status ReadRow(Family family, std::string_view key, std::string_view value);

  const Store::Impl& store_;
  const ManifestOptions& options_;
  const TakedownTable& requests_;
  const FileTable& files_;
  const ScopedSnapshot* snapshot_;
  const std::function<Status(const AffectedCapture&)>& on_capture_;
  ManifestSummary summary_;
  std::vector<KeyRange> ranges_;
  std::vector<const Takedown*> found_;
  Arena arena_;
};

void ManifestRun::AddRange(Family family, const Takedown& request) {
  // A capture that an older request covers is of no interest, but one that this does is.
  if (options_.since && request.received < *options_.since) return;
  const std::string host = HostOf(request);
  const std::string group = GroupOfHost(host);
  const char first = family == Family::kHosts ? '\0' : kStoredHostEnd;
  if (request.scope == TakedownScope::kDomain) {
    const std::string below = "a." + host;
    const bool in_one = page::RegistrableDomain(below) == page::RegistrableDomain(host);
    ranges_.push_back({With(group, first), With(group, kBehindDomain), in_one});
    return;
  }
  if (family == Family::kHosts) {
    ranges_.push_back({With(group, '\0'), With(group, '\1'), true});
    return;
  }
  const std::optional<std::string> surt = page::SurtKey(request.value);
  if (request.scope == TakedownScope::kUrl && surt) {
    std::string stored;
    AppendStoredSurt(*surt, host, stored);
    ranges_.push_back({With(stored, '\0'), With(stored, '\1'), true});
    return;
  }
  // Keys of a path's pages do not start with the path's key: dots, escapes and letter case.
  ranges_.push_back({With(group, first), With(group, kBehindHost), true});
}

void ManifestRun::MergeRanges() {
  std::sort(ranges_.begin(), ranges_.end(), [](const KeyRange& a, const KeyRange& b) {
    return std::tie(a.lower, a.upper) < std::tie(b.lower, b.upper);
  });
  std::vector<KeyRange> merged;
  for (KeyRange& range : ranges_) {
    if (merged.empty() || merged.back().upper <= range.lower) {
      merged.push_back(std::move(range));
      continue;
    }
    merged.back().in_one_partition = merged.back().in_one_partition && range.in_one_partition;
    merged.back().upper = std::max(merged.back().upper, range.upper);
  }
  ranges_ = std::move(merged);
}

Status ManifestRun::ReadRanges(Family family) {
  // By partition, and one over all of them at the end; made when first asked for.
  std::vector<std::unique_ptr<rocksdb::Iterator>> iterators(store_.partition_count() + 1);
  for (const KeyRange& range : ranges_) {
    ++summary_.ranges;
    const bool routed = range.in_one_partition && store_.can_route();
    const std::size_t at = routed ? store_.PartitionOfKey(range.lower) : store_.partition_count();
    std::unique_ptr<rocksdb::Iterator>& rows = iterators[at];
    if (!rows) {
      rows = routed ? store_.partition(at).NewIterator(family, snapshot_->of(at), true)
                    : store_.NewIterator(family, snapshot_, true);
    }
    for (rows->Seek(ToSlice(range.lower)); rows->Valid() && ToView(rows->key()) < range.upper;
         rows->Next()) {
      CRAWLCARD_TRY(ReadRow(family, ToView(rows->key()), ToView(rows->value())));
    }
    if (!rows->status().ok()) {
      return tl::unexpected(FromRocks(rows->status(), "cannot read the index"));
    }
  }
  return {};
}

Status ManifestRun::ReadRow(Family family, std::string_view key, std::string_view value) {
  ++summary_.rows;
  const bool is_page = family == Family::kPages;
  PageKeyView page;
  HostKeyView host;
  if (!(is_page ? DecodePageKey(key, page) : DecodeHostKey(key, host))) {
    return Fail(ErrorCode::kCorrupt, "key of {} bytes cannot be decoded", key.size());
  }
  const std::string_view file = files_.SealedName((is_page ? page.place : host.place).file_id);
  if (file.empty()) return {};
  const auto decode = [&](RowParts parts, CaptureView& capture_out) {
    arena_.Reset();
    return is_page ? DecodePageRow(key, value, file, arena_, capture_out, parts)
                   : DecodeHostRow(key, value, file, arena_, capture_out, parts);
  };
  CaptureView capture;
  CRAWLCARD_TRY(decode(kRowUrl, capture));
  const Takedown* first = requests_.Find(capture.url, capture.host, std::nullopt);
  if (first == nullptr || (options_.since && first->received < *options_.since)) return {};
  found_.clear();
  requests_.FindAll(capture.url, capture.host, found_);
  capture = {};
  CRAWLCARD_TRY(decode(static_cast<RowParts>(kRowUrl | kRowTexts), capture));
  ++summary_.captures;
  return on_capture_({family, &capture, found_});
}

}  // namespace

Result<ManifestSummary> ListAffected(
    const Store& store, const ManifestOptions& options,
    const std::function<Status(const AffectedCapture&)>& on_capture) {
  const Store::Impl& impl = store.impl();
  CRAWLCARD_ASSIGN(const std::shared_ptr<const FileTable> files, impl.Files(options.known_by));
  CRAWLCARD_ASSIGN(const std::shared_ptr<const TakedownTable> requests,
                   impl.Takedowns(options.known_by));
  const ScopedSnapshot snapshot(impl);
  return ManifestRun(impl, options, *requests, *files, snapshot.get(), on_capture).Run();
}

void WriteAffected(const AffectedCapture& affected, JsonWriter& json) {
  const CaptureView& capture = *affected.capture;
  json.BeginObject();
  json.Member("schema", "crawlcard.takedown-manifest.v1");
  json.Member("url", capture.url);
  json.Key("date");
  if (capture.date) {
    json.String(FormatRfc3339(*capture.date));
  } else {
    json.Null();
  }
  json.Member("file", capture.file);
  json.Member("offset", capture.extent.offset);
  json.Member("length", capture.extent.length);
  if (capture.extent.inner_offset != 0) json.Member("inner_offset", capture.extent.inner_offset);
  json.Key("record_id").StringOrNull(capture.record_id);
  json.Key("container");
  if (capture.container.file.empty()) {
    json.Null();
  } else {
    json.BeginObject();
    json.Member("file", capture.container.file);
    json.Member("offset", capture.container.offset);
    json.Member("length", capture.container.length);
    json.EndObject();
  }
  json.Member("family", kFamilyNames[static_cast<std::size_t>(affected.family)]);
  json.Member("request", affected.requests.front()->id);
  json.Key("requests").BeginArray();
  for (const Takedown* request : affected.requests) json.String(request->id);
  json.EndArray();
  json.EndObject();
}

}  // namespace crawlcard::index
