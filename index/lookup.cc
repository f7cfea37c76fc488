// Answers for one URL or host: the verdict, and the timeline.
#include "index/internal/lookup.h"

#include <algorithm>
#include <limits>
#include <vector>

#include "index/internal/blob_reader.h"
#include "index/internal/host_history.h"
#include "index/internal/judge.h"
#include "index/internal/rows.h"
#include "index/internal/store_impl.h"
#include "index/internal/target.h"
#include "index/scan.h"
#include "index/schema.h"

namespace crawlcard::index {
namespace {

struct StoredRow {
  std::string key;
  std::string value;
  std::string_view file;
  UnixSeconds date = 0;
};

// The latest capture of the exact URL at or before an instant, and, when that one says "unchanged",
// the latest one with content before it.
struct Found {
  std::optional<StoredRow> capture;
  std::optional<StoredRow> earlier;
};

// Looks for it from the instant backwards: a front page may have thousands of captures.
class CaptureFinder {
 public:
  CaptureFinder(const FileTable& files, const Target& target) : files_(files), target_(target) {}

  // Reads one partition. True when the URL has rows there.
  Result<bool> Look(const Partition& partition, std::optional<UnixSeconds> instant) {
    const std::string prefix = target_.stored + '\0';
    std::string from = target_.stored;
    if (instant) {
      AppendPageSeek(*instant + 1, from);
    } else {
      from.push_back('\x01');
    }
    const auto rows = partition.NewIterator(Family::kPages, nullptr, true);
    bool any = false;
    for (rows->SeekForPrev(ToSlice(from));
         !done_ && rows->Valid() && rows->key().starts_with(ToSlice(prefix)); rows->Prev()) {
      any = true;
      CRAWLCARD_TRY(Take(ToView(rows->key()), ToView(rows->value())));
    }
    if (!rows->status().ok()) {
      return tl::unexpected(FromRocks(rows->status(), "cannot read the index"));
    }
    Settle();
    return any;
  }

  Found found() && { return std::move(found_); }

 private:
  struct Candidate {
    StoredRow row;
    int rank = 0;
    bool unchanged = false;
  };

  Status Take(std::string_view key, std::string_view value) {
    RowPlace place;
    if (!PlaceOfRow(Family::kPages, key, place)) return {};
    const std::string_view file = files_.SealedName(place.file_id);
    if (file.empty()) return {};
    arena_.Reset();
    CaptureView capture;
    CRAWLCARD_TRY(DecodePageRow(key, value, file, arena_, capture));
    if (!SameUrl(capture.url, target_.url)) return {};
    const UnixSeconds date = capture.date.value_or(0);
    if (!second_.empty() && second_.front().row.date != date) Settle();
    if (done_) return {};
    second_.push_back({{std::string(key), std::string(value), file, date},
                       RankOf(capture),
                       IsUnchanged(capture)});
    return {};
  }

  // Of the rows of one second, last key first, those nearest to the bytes count.
  void Settle() {
    int best = std::numeric_limits<int>::max();
    for (const Candidate& one : second_) best = std::min(best, one.rank);
    for (Candidate& one : second_) {
      if (one.rank != best || done_) continue;
      if (!found_.capture) {
        done_ = !one.unchanged;
        found_.capture = std::move(one.row);
      } else if (!one.unchanged) {
        found_.earlier = std::move(one.row);
        done_ = true;
      }
    }
    second_.clear();
  }

  const FileTable& files_;
  const Target& target_;
  Found found_;
  bool done_ = false;
  std::vector<Candidate> second_;
  Arena arena_;
};

Result<Found> FindCapture(const Store::Impl& store, const FileTable& files, const Target& target,
                          std::optional<UnixSeconds> instant) {
  CaptureFinder finder(files, target);
  if (store.can_route()) {
    CRAWLCARD_TRY(finder.Look(store.partition(store.PartitionOfKey(target.stored)), instant));
    return std::move(finder).found();
  }
  for (std::size_t i = 0; i < store.partition_count(); ++i) {
    CRAWLCARD_ASSIGN(const bool any, finder.Look(store.partition(i), instant));
    if (any) break;  // all rows of a URL are in one
  }
  return std::move(finder).found();
}

// A host is asked at the origin that was seen last; https where both are equal.
void ChooseOrigin(const HostHistory& history, Target& target) {
  UnixSeconds best = -1;
  const std::string authority = target.url.substr(target.url.find("://") + 3);
  for (const std::string_view scheme : {"https", "http"}) {
    const std::string url = std::string(scheme) + "://" + authority;
    std::string prefix;
    if (!AppendOriginPrefix(url, target.surt, prefix)) continue;
    const UnixSeconds latest = history.LatestDate(prefix);
    if (latest <= best) continue;
    best = latest;
    target.url = url.ends_with('/') ? url : url + "/";
  }
}

}  // namespace

UrlLookup::UrlLookup(const Store::Impl& store, const FileTable& files)
    : store_(store),
      files_(files),
      blobs_(store),
      history_(store, files, blobs_, store.parsed_files()),
      documents_(store, files, blobs_) {}

Status UrlLookup::EnterGroup(const std::string& group) {
  if (entered_ && group == group_) return {};
  entered_ = false;
  history_.Clear();
  CRAWLCARD_TRY(LoadHistory(store_, files_, group, history_));
  group_ = group;
  entered_ = true;
  return {};
}

Result<UrlVerdict> UrlLookup::Check(Target& target, const JudgeOptions& options, const AsOf& as_of,
                                    bool pages) {
  CRAWLCARD_TRY(EnterGroup(target.group));
  Found found;
  if (target.is_host) {
    ChooseOrigin(history_, target);
  } else if (pages) {
    std::optional<UnixSeconds> instant;
    if (as_of.kind == AsOf::Kind::kInstant) instant = as_of.instant;
    CRAWLCARD_ASSIGN(found, FindCapture(store_, files_, target, instant));
  }

  arena_.Reset();
  CaptureView capture;
  CaptureView earlier;
  if (found.capture) {
    const StoredRow& row = *found.capture;
    CRAWLCARD_TRY(DecodePageRow(row.key, row.value, row.file, arena_, capture));
  }
  if (found.earlier) {
    const StoredRow& row = *found.earlier;
    CRAWLCARD_TRY(DecodePageRow(row.key, row.value, row.file, arena_, earlier));
  }
  return JudgeBoth(target, options, as_of, found.capture ? &capture : nullptr,
                   found.earlier ? &earlier : nullptr, history_);
}

Result<UrlVerdict> UrlLookup::Judge(const Target& target, const JudgeOptions& options,
                                    const AsOf& as_of, const CaptureView* capture,
                                    HostHistory& history) {
  return JudgeBoth(target, options, as_of, capture, nullptr, history);
}

Result<UrlVerdict> UrlLookup::JudgeBoth(const Target& target, const JudgeOptions& options,
                                        const AsOf& as_of, const CaptureView* capture,
                                        const CaptureView* earlier, HostHistory& history) {
  UrlVerdict answer;
  answer.url = target.url;
  if (capture != nullptr) answer.capture = EvidenceOf(*capture);
  std::string prefix;
  const bool has_origin = AppendOriginPrefix(target.url, target.surt, prefix);
  host_known_ = has_origin && history.Knows(prefix);
  if (as_of.kind == AsOf::Kind::kInstant) {
    answer.as_of = as_of.instant;
  } else if (capture != nullptr) {
    answer.as_of = capture->date.value_or(0);
  } else if (has_origin) {
    // Nothing was captured: what was last seen of the origin is what there is to say.
    answer.as_of = history.LatestDate(prefix);
  }
  PageJudge judge(options, documents_);
  CRAWLCARD_ASSIGN(answer.verdict,
                   judge.Judge(target.url, target.surt, answer.as_of, capture, earlier, history));
  lasting_ = judge.lasting() && earlier == nullptr;
  CRAWLCARD_TRY(files_.failure());
  return answer;
}

Result<UrlVerdict> CheckUrl(const Store& store, std::string_view url_or_host,
                            const JudgeOptions& options) {
  const Store::Impl& impl = store.impl();
  CRAWLCARD_ASSIGN(Target target, ParseTarget(url_or_host));
  // Shared with other callers of the same store.
  CRAWLCARD_ASSIGN(const std::shared_ptr<const FileTable> files, impl.AskedFiles(options.known_by));
  UrlLookup lookup(impl, *files);
  CRAWLCARD_ASSIGN(UrlVerdict answer, lookup.Check(target, options, options.as_of, true));
  CRAWLCARD_ASSIGN(const std::shared_ptr<const TakedownTable> takedowns,
                   impl.Takedowns(options.known_by));
  const Takedown* takedown = takedowns->Find(target.is_host ? std::string_view() : target.url,
                                             target.host, TakedownInstant(options));
  if (takedown != nullptr) Honour(*takedown, answer);
  return answer;
}

Status ShowTimeline(const Store& store, std::string_view url_or_host,
                    const TimelineOptions& options,
                    const std::function<Status(const CaptureView&)>& on_row) {
  const Store::Impl& impl = store.impl();
  CRAWLCARD_ASSIGN(const Target target, ParseTarget(url_or_host));
  CRAWLCARD_ASSIGN(const std::shared_ptr<const FileTable> shared_files,
                   impl.AskedFiles(options.known_by));
  const FileTable& files = *shared_files;
  Arena arena;
  const auto too_late = [&options](std::optional<UnixSeconds> date) {
    return options.as_of && date.value_or(0) > *options.as_of;
  };

  const auto show_page = [&](std::string_view key, std::string_view value,
                             std::string_view file) -> Status {
    arena.Reset();
    CaptureView capture;
    CRAWLCARD_TRY(DecodePageRow(key, value, file, arena, capture));
    return too_late(capture.date) ? Status() : on_row(capture);
  };
  // A URL's captures are in time order as they lie; those of a host come URL by URL.
  if (target.is_host) {
    CRAWLCARD_TRY(ForEachRow(impl, Family::kPages, files, target.group + '\x01', show_page));
    CRAWLCARD_TRY(ForEachRow(impl, Family::kPages, files, target.group + '\x02', show_page));
  } else {
    CRAWLCARD_TRY(ForEachRow(impl, Family::kPages, files, target.stored + '\0', show_page));
  }

  std::vector<StoredRow> rows;
  const auto keep = [&](std::string_view key, std::string_view value,
                        std::string_view file) -> Status {
    HostKeyView host_key;
    if (!DecodeHostKey(key, host_key) || too_late(host_key.place.date)) return {};
    const UnixSeconds date = host_key.place.date.value_or(0);
    rows.push_back({std::string(key), std::string(value), file, date});
    return {};
  };
  CRAWLCARD_TRY(ForEachRow(impl, Family::kHosts, files, target.group + '\0', keep));
  std::stable_sort(rows.begin(), rows.end(),
                   [](const StoredRow& a, const StoredRow& b) { return a.date < b.date; });
  BlobReader blobs(impl);
  for (const StoredRow& row : rows) {
    arena.Reset();
    CaptureView capture;
    CRAWLCARD_TRY(DecodeHostRow(row.key, row.value, row.file, arena, capture));
    std::string_view body;
    CRAWLCARD_TRY(CompleteHostRow(blobs, arena, capture, body));
    CRAWLCARD_TRY(on_row(capture));
  }
  return files.failure();
}

}  // namespace crawlcard::index
