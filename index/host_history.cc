#include "index/internal/host_history.h"

#include <algorithm>
#include <limits>

#include "base/digest.h"

namespace crawlcard::index {

robots::Evidence EvidenceOf(const CaptureView& capture) {
  robots::Evidence evidence;
  evidence.file = capture.file;
  evidence.offset = capture.extent.offset;
  evidence.length = capture.extent.length;
  evidence.inner_offset = capture.extent.inner_offset;
  evidence.record_id = capture.record_id;
  evidence.digest = capture.body_sha256.empty() ? std::string(capture.digest)
                                                : "sha256:" + Hex(capture.body_sha256);
  evidence.date = capture.date.value_or(0);
  return evidence;
}

Observation ObservationOf(const HostKeyView& key, const CaptureView& capture) {
  Observation observation;
  observation.file = key.file;
  observation.state = capture.fetch_state;
  observation.no_answer = NobodyAnswered(capture);
  observation.unchanged =
      capture.record_type == warc::RecordType::kRevisit || capture.status == 304;
  observation.date = capture.date.value_or(0);
  observation.file_id = key.place.file_id;
  observation.evidence = EvidenceOf(capture);
  observation.body_sha256 = capture.body_sha256;
  observation.redirect = capture.redirect;
  return observation;
}

HostHistory::HostHistory(const Store::Impl& store, const FileTable& files, BlobReader& blobs,
                         robots::ParsedFileCache& parsed)
    : store_(store), files_(files), blobs_(blobs), parsed_(parsed) {}

void HostHistory::Clear() {
  origins_.clear();
}

void HostHistory::Add(const HostKeyView& key, const CaptureView& capture) {
  if (origins_.empty() || origins_.back().prefix != key.origin) {
    origins_.emplace_back();
    origins_.back().prefix = key.origin;
  }
  origins_.back().observations.push_back(ObservationOf(key, capture));
}

const HostHistory::Origin* HostHistory::Find(std::string_view prefix) const {
  const auto found =
      std::lower_bound(origins_.begin(), origins_.end(), prefix,
                       [](const Origin& origin, std::string_view p) { return origin.prefix < p; });
  return found != origins_.end() && found->prefix == prefix ? &*found : nullptr;
}

UnixSeconds HostHistory::LatestDate(std::string_view prefix) const {
  UnixSeconds latest = 0;
  if (const Origin* origin = Find(prefix)) {
    for (const Observation& observation : origin->observations) {
      latest = std::max(latest, observation.date);
    }
  }
  return latest;
}

// Of each file the last one that is not after `as_of`: observations of a file are in time order.
std::vector<std::size_t> HostHistory::Choose(const Origin& origin, UnixSeconds as_of) {
  std::vector<std::size_t> chosen;
  const std::vector<Observation>& all = origin.observations;
  for (std::size_t i = 0; i < all.size(); ++i) {
    if (all[i].date > as_of) continue;
    if (!chosen.empty() && all[chosen.back()].file == all[i].file) {
      chosen.back() = i;
    } else {
      chosen.push_back(i);
    }
  }
  return chosen;
}

// A 304 or a revisit says that the answer before it still held on its day.
Observation HostHistory::StandingFor(const Observation& observation, const Observation* content) {
  if (!observation.unchanged) return observation;
  if (content == nullptr) {
    Observation unresolved = observation;
    unresolved.state = robots::FetchState::kUnreachable;  // what it refers to was not seen
    return unresolved;
  }
  Observation standing = *content;
  standing.unchanged = true;
  standing.date = observation.date;
  standing.evidence.date = observation.date;
  return standing;
}

Observation HostHistory::Resolved(const Origin& origin, std::size_t at) {
  const std::vector<Observation>& all = origin.observations;
  if (!all[at].unchanged) return all[at];
  for (std::size_t i = at; i-- > 0 && all[i].file == all[at].file;) {
    if (!all[i].unchanged) return StandingFor(all[at], &all[i]);
  }
  return StandingFor(all[at], nullptr);
}

Result<Observation> HostHistory::Followed(Observation observation) {
  if (observation.state != robots::FetchState::kRedirect) return observation;
  return FollowRedirect(store_, files_, std::move(observation));
}

Result<HostHistory::Standing> HostHistory::StandingOf(const Origin& origin, UnixSeconds as_of) {
  Standing standing;
  standing.since = std::numeric_limits<UnixSeconds>::min();
  standing.until = std::numeric_limits<UnixSeconds>::max();
  for (const Observation& observation : origin.observations) {
    if (observation.date <= as_of) {
      standing.since = std::max(standing.since, observation.date);
    } else {
      standing.until = std::min(standing.until, observation.date);
    }
  }
  for (const std::size_t at : Choose(origin, as_of)) {
    CRAWLCARD_ASSIGN(Observation observation, Followed(Resolved(origin, at)));
    standing.observations.push_back(std::move(observation));
  }
  return standing;
}

Result<HostHistory::Standing> HostHistory::At(std::string_view prefix, UnixSeconds as_of) {
  const Origin* origin = Find(prefix);
  return StandingOf(origin == nullptr ? unasked_ : *origin, as_of);
}

Status HostHistory::Compile(Origin& origin, UnixSeconds as_of) {
  CRAWLCARD_ASSIGN(Standing standing, StandingOf(origin, as_of));
  origin.since = standing.since;
  origin.until = standing.until;
  std::vector<robots::FileObservation> files;
  for (Observation& observation : standing.observations) {
    robots::FileObservation file;
    file.file = observation.file;
    file.state = observation.state;
    file.no_answer = observation.no_answer;
    file.evidence = std::move(observation.evidence);
    if (observation.state == robots::FetchState::kOk && !observation.body_sha256.empty()) {
      CRAWLCARD_ASSIGN(file.body, blobs_.Read(observation.body_sha256));
    }
    files.push_back(std::move(file));
  }
  origin.signals = std::make_unique<robots::OriginSignals>(std::move(files), parsed_);
  return {};
}

Result<const robots::OriginSignals*> HostHistory::InForce(std::string_view prefix,
                                                          UnixSeconds as_of) {
  auto* origin = const_cast<Origin*>(Find(prefix));
  if (origin == nullptr) origin = &unasked_;
  if (!origin->signals || as_of < origin->since || as_of >= origin->until) {
    CRAWLCARD_TRY(Compile(*origin, as_of));
  }
  return origin->signals.get();
}

}  // namespace crawlcard::index
