// Redirects of well-known files. A crawler archives each hop under its own URL; the answer at the
// end belongs to the origin that was asked (RFC 9309 section 2.3.1.2). Hops of one fetch stand in
// one archive file within a short time.
#include <cstdlib>
#include <optional>

#include "index/internal/host_history.h"
#include "index/limits.h"
#include "page/surt.h"
#include "page/url.h"

namespace crawlcard::index {
namespace {

using robots::FetchState;

class Hops {
 public:
  Hops(const Store::Impl& store, const FileTable& files, const Observation& first)
      : store_(store), files_(files), first_(first) {}

  // What was seen at `url`, or nullopt.
  Result<std::optional<Observation>> At(const std::string& url);

 private:
  Result<std::optional<Observation>> InHosts(std::string_view prefix, robots::WellKnown file);
  Result<std::optional<Observation>> InPages(const std::string& surt, const std::string& url);

  // Seconds from the first request, or nullopt for another fetch.
  std::optional<std::int64_t> Distance(const RowPlace& place) const {
    if (place.file_id != first_.file_id || !place.date) return std::nullopt;
    const std::int64_t distance = std::llabs(*place.date - first_.date);
    if (distance > limits::kRobotsHopSecondsMax) return std::nullopt;
    return distance;
  }

  // Rows are in the order of time: this one and those after it belong to later fetches.
  bool IsLater(const RowPlace& place) const {
    return place.date && *place.date > first_.date + limits::kRobotsHopSecondsMax;
  }

  const Store::Impl& store_;
  const FileTable& files_;
  const Observation& first_;
  Arena arena_;
};

Result<std::optional<Observation>> Hops::At(const std::string& url) {
  std::optional<Observation> nothing;
  if (url.size() > limits::kKeyUrlBytesMax) return nothing;
  const std::optional<std::string> surt = page::SurtKey(url);
  const std::optional<page::UrlParts> parts = page::SplitUrl(url);
  if (!surt || !parts || !parts->has_authority) return nothing;

  const robots::WellKnownMatch match = robots::WellKnownFromPath(parts->path);
  std::string prefix;
  if (match.found && AppendOriginPrefix(url, *surt, prefix)) {
    return InHosts(prefix, match.file);
  }
  return InPages(*surt, url);
}

Result<std::optional<Observation>> Hops::InHosts(std::string_view prefix, robots::WellKnown file) {
  std::optional<Observation> best;
  std::int64_t best_distance = 0;
  HostKeyView key;
  std::string from(prefix);
  AppendHostSeek(file, first_.date - limits::kRobotsHopSecondsMax, from);
  const auto rows = store_.NewPrefixIterator(Family::kHosts, from);
  for (; rows->Valid() && ToView(rows->key()).starts_with(prefix); rows->Next()) {
    if (!DecodeHostKey(ToView(rows->key()), key)) continue;
    if (key.file != file || IsLater(key.place)) break;
    const std::optional<std::int64_t> distance = Distance(key.place);
    const std::string_view name = files_.SealedName(key.place.file_id);
    if (!distance || name.empty() || (best && *distance >= best_distance)) continue;
    arena_.Reset();
    CaptureView capture;
    CRAWLCARD_TRY(DecodeHostRow(ToView(rows->key()), ToView(rows->value()), name, arena_, capture));
    best = ObservationOf(key, capture);
    best_distance = *distance;
  }
  if (!rows->status().ok())
    return tl::unexpected(FromRocks(rows->status(), "cannot read the index"));
  return best;
}

// A robots.txt that leads to a page: the page's answer counts, a body that is HTML says nothing.
Result<std::optional<Observation>> Hops::InPages(const std::string& surt, const std::string& url) {
  std::optional<Observation> best;
  std::int64_t best_distance = 0;
  std::string prefix;
  AppendStoredSurt(surt, page::HostOf(url), prefix);
  std::string from = prefix;
  AppendPageSeek(first_.date - limits::kRobotsHopSecondsMax, from);
  prefix.push_back('\0');
  const auto rows = store_.NewPrefixIterator(Family::kPages, from);
  PageKeyView key;
  for (; rows->Valid() && rows->key().starts_with(prefix); rows->Next()) {
    if (!DecodePageKey(ToView(rows->key()), key)) continue;
    if (IsLater(key.place)) break;
    const std::optional<std::int64_t> distance = Distance(key.place);
    const std::string_view name = files_.SealedName(key.place.file_id);
    if (!distance || name.empty() || (best && *distance >= best_distance)) continue;
    arena_.Reset();
    CaptureView capture;
    CRAWLCARD_TRY(DecodePageRow(ToView(rows->key()), ToView(rows->value()), name, arena_, capture));
    Observation seen;
    seen.state = robots::FetchStateFromStatus(capture.status);
    // Text under another name was kept only where the crawl said what it is an answer to; otherwise
    // what it said is not known.
    if (seen.state == FetchState::kOk) {
      const bool whole = capture.truncated.empty();
      const bool empty = capture.is_html || (capture.payload_bytes == 0 && whole);
      const bool kept = !capture.body_sha256.empty();
      seen.state = empty ? FetchState::kOkEmpty : kept ? FetchState::kOk : FetchState::kRedirect;
      if (kept) seen.body_sha256 = capture.body_sha256;
    }
    seen.evidence = EvidenceOf(capture);
    seen.redirect = capture.redirect;
    best = std::move(seen);
    best_distance = *distance;
  }
  if (!rows->status().ok())
    return tl::unexpected(FromRocks(rows->status(), "cannot read the index"));
  return best;
}

}  // namespace

Result<Observation> FollowRedirect(const Store::Impl& store, const FileTable& files,
                                   Observation first) {
  Hops hops(store, files, first);
  std::string target = first.redirect;
  for (int hop = 0; hop < limits::kRobotsHopsMax && !target.empty(); ++hop) {
    CRAWLCARD_ASSIGN(std::optional<Observation> seen, hops.At(target));
    if (!seen) return first;
    if (seen->state == FetchState::kRedirect && !seen->redirect.empty()) {
      target = std::move(seen->redirect);
      continue;
    }
    if (seen->state == FetchState::kRedirect) return first;
    seen->file = first.file;
    seen->date = first.date;
    seen->evidence.date = first.date;
    return std::move(*seen);
  }
  // RFC 9309: after five hops the file may be taken as unavailable.
  if (!target.empty()) first.state = FetchState::kUnavailable;
  return first;
}

}  // namespace crawlcard::index
