#include "index/internal/host_walk.h"

#include <algorithm>
#include <atomic>
#include <thread>

#include <fmt/format.h>

#include "index/internal/ranges.h"
#include "index/limits.h"
#include "warc/record.h"

namespace crawlcard::index {
namespace {

constexpr std::uint16_t kStatusOk = 200;

class RangeWalk final : public GroupReader {
 public:
  RangeWalk(const Store::Impl& store, const FileTable& files, const ScopedSnapshot* snapshot)
      : files_(files),
        hosts_(store.NewIterator(Family::kHosts, snapshot)),
        pages_(store.NewIterator(Family::kPages, snapshot)),
        blobs_(store),
        history_(store, files, blobs_, store.parsed_files()) {}

  Status Run(std::string_view lower, std::string_view upper, GroupVisitor& visitor);

  HostHistory& history() override { return history_; }
  BlobReader& blobs() override { return blobs_; }
  Result<const HostWeights*> Weights() override;

 private:
  Status ReadGroup();

  const FileTable& files_;
  std::unique_ptr<rocksdb::Iterator> hosts_;
  std::unique_ptr<rocksdb::Iterator> pages_;
  BlobReader blobs_;
  HostHistory history_;
  std::string group_;
  HostWeights weights_;
  bool weighed_ = false;
  Arena arena_;
};

Status RangeWalk::Run(std::string_view lower, std::string_view upper, GroupVisitor& visitor) {
  for (hosts_->Seek(ToSlice(lower));
       hosts_->Valid() && (upper.empty() || ToView(hosts_->key()) < upper);) {
    CRAWLCARD_TRY(ReadGroup());
    CRAWLCARD_TRY(visitor.OnGroup(*this));
  }
  if (hosts_->status().ok()) return {};
  return tl::unexpected(FromRocks(hosts_->status(), "cannot read the index"));
}

Status RangeWalk::ReadGroup() {
  history_.Clear();
  weighed_ = false;
  group_.clear();
  for (; hosts_->Valid(); hosts_->Next()) {
    HostKeyView key;
    if (!DecodeHostKey(ToView(hosts_->key()), key)) {
      return Fail(ErrorCode::kCorrupt, "host key of {} bytes cannot be decoded",
                  hosts_->key().size());
    }
    if (group_.empty()) group_ = key.group;
    if (key.group != group_) break;
    const std::string_view file = files_.SealedName(key.place.file_id);
    if (file.empty()) continue;
    arena_.Reset();
    CaptureView capture;
    CRAWLCARD_TRY(
        DecodeHostRow(ToView(hosts_->key()), ToView(hosts_->value()), file, arena_, capture));
    history_.Add(key, capture);
  }
  return {};
}

Result<const HostWeights*> RangeWalk::Weights() {
  if (weighed_) return &weights_;
  weighed_ = true;
  weights_.clear();
  const std::string lower = group_ + kStoredHostEnd;
  const std::string upper = group_ + kStoredLabelMark;
  for (pages_->Seek(ToSlice(lower)); pages_->Valid() && ToView(pages_->key()) < upper;
       pages_->Next()) {
    PageKeyView key;
    if (!DecodePageKey(ToView(pages_->key()), key)) {
      return Fail(ErrorCode::kCorrupt, "page key of {} bytes cannot be decoded",
                  pages_->key().size());
    }
    const std::string_view file = files_.SealedName(key.place.file_id);
    if (file.empty()) continue;
    arena_.Reset();
    CaptureView page;
    CRAWLCARD_TRY(
        DecodePageRow(ToView(pages_->key()), ToView(pages_->value()), file, arena_, page, kRowUrl));
    if (page.record_type != warc::RecordType::kResponse || page.status != kStatusOk ||
        !page.is_html) {
      continue;
    }
    HostWeight& weight = weights_[std::string(page.host)];
    ++weight.pages;
    weight.bytes += page.payload_bytes;
  }
  if (!pages_->status().ok()) {
    return tl::unexpected(FromRocks(pages_->status(), "cannot read the index"));
  }
  return &weights_;
}

struct WalkRange {
  std::string lower;
  std::string upper;  // empty: no end
  std::unique_ptr<GroupVisitor> visitor;
  Status status;
};

}  // namespace

Result<std::vector<std::unique_ptr<GroupVisitor>>> WalkHosts(
    const Store::Impl& store, const FileTable& files, const std::vector<std::string>& groups,
    unsigned jobs, const std::function<std::unique_ptr<GroupVisitor>()>& make) {
  const ScopedSnapshot snapshot(store);
  jobs = std::clamp(jobs, 1U, limits::kJobsMax);
  std::vector<WalkRange> ranges;
  if (groups.empty()) {
    const std::size_t wanted = jobs == 1 ? 1 : std::size_t{jobs} * limits::kRangesPerJob;
    CRAWLCARD_ASSIGN(const std::vector<std::string> keys, SplitKeys(store, snapshot.get(), wanted));
    ranges.resize(keys.size() + 1);
    for (std::size_t i = 0; i < ranges.size(); ++i) {
      if (i > 0) ranges[i].lower = keys[i - 1];
      if (i < keys.size()) ranges[i].upper = keys[i];
    }
  }
  for (const std::string& group : groups) {
    ranges.push_back({group + '\0', group + '\1', nullptr, {}});
  }
  for (WalkRange& range : ranges) range.visitor = make();

  std::atomic<std::size_t> next{0};
  std::atomic<bool> failed{false};
  const auto work = [&] {
    for (;;) {
      const std::size_t i = next.fetch_add(1);
      if (i >= ranges.size() || failed.load(std::memory_order_relaxed)) return;
      WalkRange& range = ranges[i];
      RangeWalk walk(store, files, snapshot.get());
      range.status = walk.Run(range.lower, range.upper, *range.visitor);
      const Status ended = range.visitor->OnEnd(range.status.has_value());
      if (range.status && !ended) range.status = ended;
      if (!range.status) failed.store(true, std::memory_order_relaxed);
    }
  };
  std::vector<std::thread> workers;
  for (std::size_t i = 1; i < std::min<std::size_t>(jobs, ranges.size()); ++i) {
    workers.emplace_back(work);
  }
  work();
  for (std::thread& worker : workers) worker.join();

  std::vector<std::unique_ptr<GroupVisitor>> visitors;
  for (WalkRange& range : ranges) {
    CRAWLCARD_TRY(std::move(range.status));
    visitors.push_back(std::move(range.visitor));
  }
  return visitors;
}

std::string OriginText(std::string_view prefix) {
  HostOriginView origin;
  if (!DecodeOriginPrefix(prefix, origin)) return {};
  const bool is_ipv6 = origin.host.find(':') != std::string_view::npos;
  std::string text = is_ipv6 ? fmt::format("{}://[{}]", origin.scheme, origin.host)
                             : fmt::format("{}://{}", origin.scheme, origin.host);
  const std::uint32_t usual = origin.scheme == "https" ? 443 : 80;
  if (origin.port != usual) text += fmt::format(":{}", origin.port);
  return text;
}

}  // namespace crawlcard::index
