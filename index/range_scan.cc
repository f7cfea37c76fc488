#include "index/internal/range_scan.h"

#include <algorithm>

#include "index/internal/ranges.h"
#include "index/schema.h"

namespace crawlcard::index {
namespace {

constexpr std::size_t kTimeBytes = 8;
// Rows of one URL in one second that are looked at together; more are taken in further lots.
constexpr std::size_t kRunRowsMax = 256;
// Exact URLs under one key (scheme, www, letter case) whose content is remembered for revisits.
constexpr std::size_t kContentsMax = 16;

}  // namespace

void FirstMeetings::EnterGroup(std::string_view group) {
  if (group == group_) return;
  // A domain may come again only while groups under it follow each other.
  const std::string last = DomainOfGroup(group_);
  const std::string next = DomainOfGroup(group);
  std::erase_if(domains_,
                [&](const std::string& domain) { return domain != last || domain != next; });
  hosts_.clear();
  group_ = group;
}

bool FirstMeetings::MeetHost(std::string_view host) {
  return !host.empty() && hosts_.emplace(host).second;
}

bool FirstMeetings::MeetDomain(std::string_view domain) {
  return !domain.empty() && domains_.emplace(domain).second;
}

RangeScan::RangeScan(const Store::Impl& store, const FileTable& files, const ScanOptions& options,
                     robots::ParsedFileCache& parsed, const ScopedSnapshot* snapshot,
                     std::string_view lower, std::string_view upper, Fold& fold)
    : store_(store),
      files_(files),
      options_(options),
      fold_(fold),
      upper_(upper),
      hosts_(store.NewIterator(Family::kHosts, snapshot)),
      pages_(store.NewIterator(Family::kPages, snapshot)),
      blobs_(store),
      history_(store, files, blobs_, parsed),
      documents_(store, files, blobs_),
      judge_(options.judge_options, documents_) {
  hosts_->Seek(ToSlice(lower));
  pages_->Seek(ToSlice(lower));
}

// The next group in key order of either family, or an empty view at the end of the range.
std::string_view RangeScan::NextGroup() {
  const auto in_range = [this](const rocksdb::Iterator& rows) {
    return rows.Valid() && (upper_.empty() || ToView(rows.key()) < upper_);
  };
  const auto group_of = [](const rocksdb::Iterator& rows) {
    const std::string_view key = ToView(rows.key());
    return GroupOfStored(key.substr(0, std::min(key.find('\0'), key.size())));
  };
  const bool has_host = in_range(*hosts_);
  const bool has_page = in_range(*pages_);
  if (!has_host && !has_page) return {};
  if (!has_page) return group_of(*hosts_);
  if (!has_host) return group_of(*pages_);
  return std::min(group_of(*hosts_), group_of(*pages_));
}

Status RangeScan::Run() {
  for (;;) {
    group_ = NextGroup();
    if (group_.empty()) break;
    meetings_.EnterGroup(group_);
    CRAWLCARD_TRY(ReadHostRows(group_));
    CRAWLCARD_TRY(ReadPages(group_));
  }
  for (const auto* rows : {&hosts_, &pages_}) {
    if (!(*rows)->status().ok()) {
      return tl::unexpected(FromRocks((*rows)->status(), "cannot read the index"));
    }
  }
  return {};
}

// --- hosts --------------------------------------------------------------------------------------

Status RangeScan::ReadHostRows(std::string_view group) {
  history_.Clear();
  std::string last_origin;
  for (; hosts_->Valid(); hosts_->Next()) {
    HostKeyView key;
    if (!DecodeHostKey(ToView(hosts_->key()), key)) {
      return Fail(ErrorCode::kCorrupt, "host key of {} bytes cannot be decoded",
                  hosts_->key().size());
    }
    if (key.group != group) break;
    const std::string_view file = files_.SealedName(key.place.file_id);
    if (file.empty()) continue;

    arena_.Reset();
    CaptureView capture;
    CRAWLCARD_TRY(
        DecodeHostRow(ToView(hosts_->key()), ToView(hosts_->value()), file, arena_, capture));
    history_.Add(key, capture);

    ScannedHostRow row;
    CRAWLCARD_TRY(CompleteHostRow(blobs_, arena_, capture, row.body));
    row.capture = &capture;
    row.first_of_origin = key.origin != last_origin;
    if (row.first_of_origin) last_origin = key.origin;
    CRAWLCARD_TRY(fold_.OnHostRow(row));
  }
  return {};
}

// --- pages --------------------------------------------------------------------------------------

Status RangeScan::ReadPages(std::string_view group) {
  std::string run_key;
  while (pages_->Valid()) {
    PageKeyView key;
    const std::string_view bytes = ToView(pages_->key());
    if (!DecodePageKey(bytes, key)) {
      return Fail(ErrorCode::kCorrupt, "page key of {} bytes cannot be decoded", bytes.size());
    }
    if (key.group != group) break;
    run_key = bytes.substr(0, key.stored_surt.size() + 1 + kTimeBytes);
    if (contents_surt_ != key.stored_surt) {
      contents_surt_ = key.stored_surt;
      contents_.clear();
    }
    CRAWLCARD_TRY(ReadRun(run_key));
    CRAWLCARD_TRY(HandOutRun());
  }
  return {};
}

// Takes the rows of one URL key and second.
Status RangeScan::ReadRun(std::string_view surt_and_time) {
  arena_.Reset();
  run_size_ = 0;
  for (; pages_->Valid() && run_size_ < kRunRowsMax; pages_->Next()) {
    const std::string_view bytes = ToView(pages_->key());
    PageKeyView key;
    if (!bytes.starts_with(surt_and_time) || !DecodePageKey(bytes, key)) break;
    const std::string_view file = files_.SealedName(key.place.file_id);
    if (file.empty()) continue;
    if (run_size_ == run_.size()) run_.emplace_back();
    Row& row = run_[run_size_++];
    row.key = bytes;
    row.value = ToView(pages_->value());
    row.file = file;
  }
  // Rows may have moved while the vector grew: views are made now.
  for (std::size_t i = 0; i < run_size_; ++i) {
    Row& row = run_[i];
    CRAWLCARD_TRY(DecodePageRow(row.key, row.value, row.file, arena_, row.capture));
    row.rank = RankOf(row.capture);
  }
  return {};
}

Status RangeScan::HandOutRun() {
  for (std::size_t i = 0; i < run_size_; ++i) {
    const Row& row = run_[i];
    const bool better = std::any_of(
        run_.begin(), run_.begin() + static_cast<std::ptrdiff_t>(run_size_), [&](const Row& other) {
          return other.rank < row.rank && other.capture.url == row.capture.url;
        });
    if (!better) CRAWLCARD_TRY(HandOut(row));
  }
  return {};
}

Status RangeScan::HandOut(const Row& row) {
  const CaptureView& capture = row.capture;
  const CaptureView* earlier = nullptr;
  if (IsUnchanged(capture)) {
    CRAWLCARD_TRY(FindEarlier(capture, earlier));
  } else {
    RememberContent(row);
  }
  CaptureView merged = capture;
  if (earlier != nullptr) merged = MergeUnchanged(capture, *earlier, earlier_arena_);

  ScannedPage page;
  page.capture = &merged;
  page.first_of_host = meetings_.MeetHost(capture.host);
  page.first_of_domain = meetings_.MeetDomain(capture.domain);
  robots::Verdict verdict;
  if (options_.judge) {
    const AsOf& as_of = options_.judge_options.as_of;
    const UnixSeconds instant =
        as_of.kind == AsOf::Kind::kCapture ? capture.date.value_or(0) : as_of.instant;
    CRAWLCARD_ASSIGN(verdict,
                     judge_.Judge(capture.url, capture.surt, instant, &capture, earlier, history_));
    page.verdict = &verdict;
  }
  return fold_.OnPage(page);
}

void RangeScan::RememberContent(const Row& row) {
  const auto found = std::find_if(contents_.begin(), contents_.end(), [&](const Content& content) {
    return content.url == row.capture.url;
  });
  Content* content = found == contents_.end() ? nullptr : &*found;
  if (content == nullptr) {
    if (contents_.size() == kContentsMax) return;
    content = &contents_.emplace_back();
    content->url = row.capture.url;
  }
  content->key = row.key;
  content->value = row.value;
  content->file = row.file;
}

Status RangeScan::FindEarlier(const CaptureView& capture, const CaptureView*& earlier_out) {
  for (const Content& content : contents_) {
    if (content.url != capture.url) continue;
    earlier_arena_.Reset();
    CRAWLCARD_TRY(
        DecodePageRow(content.key, content.value, content.file, earlier_arena_, earlier_));
    earlier_out = &earlier_;
  }
  return {};
}

}  // namespace crawlcard::index
