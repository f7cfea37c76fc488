#include "index/internal/batch_rows.h"

#include <algorithm>

#include "base/digest.h"
#include "index/internal/judge.h"
#include "index/internal/rows.h"
#include "index/limits.h"
#include "robots/robots_form.h"

namespace crawlcard::index {
namespace {

// Rows that are stepped over before a seek is cheaper.
constexpr int kStepsMax = 8;

bool HasBody(const Observation& observation) {
  return observation.state == robots::FetchState::kOk && !observation.body_sha256.empty();
}

}  // namespace

// --- cursor -------------------------------------------------------------------------------------

void RowCursor::Seek(std::string_view key) {
  const std::size_t at = store_.can_route() ? store_.PartitionOfKey(key) : 0;
  if (all_.empty()) all_.resize(store_.can_route() ? store_.partition_count() : 1);
  if (all_[at] == nullptr) {
    all_[at] = store_.can_route() ? store_.partition(at).NewIterator(family_, nullptr, true)
                                  : store_.NewIterator(family_, nullptr, true);
  }
  rocksdb::Iterator* const rows = all_[at].get();
  const bool ahead = rows == rows_ && rows->Valid() &&
                     (floor_is_row_ ? key > std::string_view(floor_) : key >= floor_);
  rows_ = rows;
  if (ahead) {
    for (int step = 0; rows->Valid() && step < kStepsMax; ++step) {
      if (ToView(rows->key()) >= key) return;
      Next();
    }
    if (rows->Valid() && ToView(rows->key()) >= key) return;
  }
  rows->Seek(ToSlice(key));
  floor_ = key;
  floor_is_row_ = false;
}

void RowCursor::Next() {
  floor_ = key();
  floor_is_row_ = true;
  rows_->Next();
}

Status RowCursor::status() const {
  if (rows_->status().ok()) return {};
  return tl::unexpected(FromRocks(rows_->status(), "cannot read the index"));
}

// --- origins ------------------------------------------------------------------------------------

OriginReader::OriginReader(const Store::Impl& store, const FileTable& files, BodiesTable& bodies)
    : files_(files),
      store_(store),
      bodies_(bodies),
      rows_(store, Family::kHosts),
      blobs_(store),
      history_(store, files, blobs_, store.parsed_files()) {}

Status OriginReader::Enter(std::string_view prefix) {
  history_.Clear();
  prefix_ = prefix;
  if (prefix_.empty()) return {};
  for (rows_.Seek(prefix_); rows_.Valid() && rows_.key().starts_with(prefix_); rows_.Next()) {
    HostKeyView key;
    if (!DecodeHostKey(rows_.key(), key)) continue;
    const std::string_view file = files_.SealedName(key.place.file_id);
    if (file.empty()) continue;
    arena_.Reset();
    CaptureView capture;
    CRAWLCARD_TRY(DecodeHostRow(rows_.key(), rows_.value(), file, arena_, capture));
    history_.Add(key, capture);
  }
  return rows_.status();
}

// The digest by which origins share a body: that of its bytes, for robots.txt without sitemaps.
Result<std::string> OriginReader::FormOf(const Observation& observation) {
  if (observation.file != robots::WellKnown::kRobotsTxt) return observation.body_sha256;
  std::string form = bodies_.FormOf(observation.body_sha256);
  if (!form.empty()) return form;
  CRAWLCARD_ASSIGN(const std::string_view body, blobs_.Read(observation.body_sha256));
  form = robots::RobotsForm(body);
  bodies_.PutForm(observation.body_sha256, form);
  return form;
}

Result<std::shared_ptr<const OriginBodies>> OriginReader::BodiesOf(
    const std::vector<Observation>& observations) {
  std::string key;
  std::vector<std::string> forms(observations.size());
  bool silent = true;
  for (std::size_t i = 0; i < observations.size(); ++i) {
    const Observation& one = observations[i];
    if (HasBody(one)) {
      CRAWLCARD_ASSIGN(forms[i], FormOf(one));
    }
    silent = silent && one.state != robots::FetchState::kOk;
    // Of files that speak in one family, the later replaces the earlier.
    const auto before =
        std::count_if(observations.begin(), observations.end(),
                      [&](const Observation& other) { return other.date < one.date; });
    key.push_back(static_cast<char>(one.file));
    key.push_back(static_cast<char>(one.state));
    key.push_back(static_cast<char>(before));
    key.push_back(static_cast<char>((one.date == 0 ? 1 : 0) | (one.no_answer ? 2 : 0) |
                                    (forms[i].empty() ? 0 : 4)));
    key.append(forms[i]);
  }
  if (auto known = bodies_.Find(key)) return known;

  std::vector<robots::FileObservation> files;
  std::size_t bytes = 0;
  for (std::size_t i = 0; i < observations.size(); ++i) {
    const Observation& one = observations[i];
    robots::FileObservation file;
    file.file = one.file;
    file.state = one.state;
    file.no_answer = one.no_answer;
    file.evidence.date = one.date;
    if (!forms[i].empty()) {
      file.evidence.digest = "sha256:" + Hex(forms[i]);
      CRAWLCARD_ASSIGN(const std::string_view body, blobs_.Read(one.body_sha256));
      const bool robots = one.file == robots::WellKnown::kRobotsTxt;
      file.body = robots ? robots::WithoutSitemaps(body) : std::string(body);
      bytes += file.body.size();
    }
    files.push_back(std::move(file));
  }
  robots::OriginSignals signals(std::move(files), store_.parsed_files());
  return bodies_.Insert(key, std::move(signals), silent, bytes);
}

Result<OriginStanding> OriginReader::At(UnixSeconds as_of,
                                        std::shared_ptr<const OriginBodies>& bodies_out) {
  CRAWLCARD_ASSIGN(const HostHistory::Standing found, history_.At(prefix_, as_of));
  OriginStanding standing;
  standing.since = found.since;
  standing.until = found.until;
  for (const Observation& one : found.observations) {
    if (standing.files == OriginStanding::kFilesMax) break;
    standing.dates[standing.files++] = one.date;
    if (one.file == robots::WellKnown::kRobotsTxt) standing.robots_date = one.date;
  }
  CRAWLCARD_ASSIGN(bodies_out, BodiesOf(found.observations));
  standing.bodies = bodies_out->id;
  return standing;
}

Result<std::vector<OriginEvidence>> OriginReader::EvidenceAt(UnixSeconds as_of) {
  CRAWLCARD_ASSIGN(HostHistory::Standing found, history_.At(prefix_, as_of));
  std::vector<OriginEvidence> seen;
  seen.reserve(found.observations.size());
  for (Observation& one : found.observations) seen.push_back({one.file, std::move(one.evidence)});
  return seen;
}

// --- pages --------------------------------------------------------------------------------------

Status PageReader::Enter(std::string_view stored) {
  if (entered_ && prefix_.size() == stored.size() + 1 && prefix_.starts_with(stored)) return {};
  arena_.Reset();
  found_.clear();
  too_many_ = false;
  prefix_ = stored;
  prefix_.push_back('\0');
  entered_ = true;
  for (rows_.Seek(prefix_); rows_.Valid() && rows_.key().starts_with(prefix_); rows_.Next()) {
    PageKeyView key;
    if (!DecodePageKey(rows_.key(), key)) continue;
    const std::string_view file = files_.SealedName(key.place.file_id);
    if (file.empty()) continue;
    if (found_.size() == limits::kBatchCapturesMax) {
      too_many_ = true;
      break;
    }
    key.stored_surt = std::string_view(prefix_).substr(0, stored.size());
    Found& one = found_.emplace_back();
    one.place = key;
    one.value = arena_.Copy(rows_.value());
    one.file = file;
    CRAWLCARD_TRY(DecodePageRow(key, one.value, file, arena_, one.capture, parts_, &one.marks));
    ReadWording(one);
    one.rank = RankOf(one.capture);
    one.date = one.capture.date.value_or(0);
  }
  return rows_.status();
}

void PageReader::ReadWording(Found& found) {
  wording_.clear();
  const auto append = [this](std::string_view text) {
    wording_ += text;
    wording_ += '\0';
  };
  for (const robots::Signal& signal : found.capture.signals) {
    append(signal.location);
    append(signal.raw);
  }
  for (const page::Licence& licence : found.capture.licences) {
    append(licence.location);
    append(licence.raw);
  }
  found.wording = arena_.Copy(wording_);
}

Result<CaptureView> PageReader::Whole(const Found& found) {
  CaptureView capture;
  CRAWLCARD_TRY(
      DecodePageRow(found.place, found.value, found.file, arena_, capture, kRowAll, nullptr));
  return capture;
}

// As CaptureFinder in lookup.cc: of the last second with a capture, the way nearest to the bytes,
// and of several of it the last key.
const PageReader::Found* PageReader::Choose(std::string_view url,
                                            std::optional<UnixSeconds> instant) const {
  const Found* best = nullptr;
  for (auto one = found_.rbegin(); one != found_.rend(); ++one) {
    if (instant && one->capture.date && *one->capture.date > *instant) continue;
    if (best != nullptr && one->date != best->date) break;
    if (best != nullptr && one->rank >= best->rank) continue;
    if (!SameUrl(one->capture.url, url)) continue;
    best = &*one;
  }
  return best;
}

}  // namespace crawlcard::index
