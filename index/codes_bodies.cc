// Which files are in force at an origin, and what is remembered of those that say the same.

#include <algorithm>
#include <array>
#include <cstring>
#include <iterator>

#include "base/digest.h"
#include "index/internal/codes_judge.h"
#include "index/internal/judge.h"
#include "index/limits.h"

namespace crawlcard::index {

void CodesJudge::DropBodies(std::uint64_t idle_groups) {
  for (auto one = bodies_.begin(); one != bodies_.end();) {
    const Bodies& bodies = one->second;
    const bool leaves = bodies.last_used + idle_groups < group_number_;
    if (leaves) {
      body_bytes_ -= bodies.body_bytes;
      codes_kept_ -= bodies.answers.map.size();
    }
    one = leaves ? bodies_.erase(one) : std::next(one);
  }
}

// Those that no group has met for long leave first; if that is not enough, all do.
void CodesJudge::MakeRoom() {
  const auto fuller = [this](std::size_t quarters) {
    return body_bytes_ > limits::kScanBodyBytesMax / 4 * quarters ||
           bodies_.size() > limits::kScanBodiesMax / 4 * quarters;
  };
  const bool many_codes = codes_kept_ > limits::kScanCodesMax;
  if (!many_codes && !fuller(4)) return;
  bodies_asked_ = nullptr;
  short_names_.assign(kShortNames, {});
  for (std::uint64_t idle = limits::kScanBodiesMax / 4; idle > 0; idle /= 4) {
    DropBodies(idle);
    // More than had to: all of them are looked at each time.
    if (many_codes || !fuller(3)) break;
  }
  if (codes_kept_ <= limits::kScanCodesMax && !fuller(4)) return;
  bodies_.clear();
  answers_.clear();
  slots_.assign(kSlots, {});
  body_bytes_ = codes_kept_ = 0;
  for (Origin& origin : origins_) origin.standings.clear();
  unasked_.standings.clear();
}

// What an observation stands for: a 304 or revisit for the one before it, a redirect for where it
// led to.
Status CodesJudge::Resolve(const Origin& origin, std::size_t at, Seen& seen_out) {
  seen_out = seen_[at];
  std::size_t source = at;
  if (seen_out.unchanged) {
    while (source > origin.begin && seen_[source].unchanged &&
           seen_[source].file == seen_out.file) {
      --source;
    }
    const bool found = !seen_[source].unchanged && seen_[source].file == seen_out.file;
    const UnixSeconds date = seen_out.date;
    if (found) seen_out = seen_[source];
    if (!found) seen_out.state = robots::FetchState::kUnreachable;
    seen_out.date = date;
  }
  if (seen_out.state != robots::FetchState::kRedirect) return {};
  HostKeyView key;
  CaptureView capture;
  if (!DecodeHostKey(seen_out.key, key)) return {};
  CRAWLCARD_TRY(DecodeHostRow(key, seen_out.value, files_.SealedName(seen_out.file_id), rows_,
                              capture, kRowAll));
  Observation observation = ObservationOf(key, capture);
  observation.date = observation.evidence.date = seen_out.date;
  CRAWLCARD_ASSIGN(const Observation led_to,
                   FollowRedirect(store_, files_, std::move(observation)));
  seen_out.state = led_to.state;
  seen_out.no_answer = led_to.no_answer;
  seen_out.body_sha256 = rows_.Copy(led_to.body_sha256);
  seen_out.number = numbers_.Of(led_to.body_sha256);
  return {};
}

// What the files in force say goes by this of a body; 0 for one that cannot be read.
std::uint64_t CodesJudge::NumberOf(const Seen& seen) const {
  const bool robots = seen.file == robots::WellKnown::kRobotsTxt;
  return robots && by_form_ ? seen.number.form : seen.number.body;
}

std::array<char, 4> CodesJudge::StateOf(const Seen& one) const {
  // Of files that speak in one family, the later replaces the earlier.
  const auto before = std::count_if(resolved_.begin(), resolved_.end(),
                                    [&](const Seen& other) { return other.date < one.date; });
  return {static_cast<char>(one.file), static_cast<char>(one.state), static_cast<char>(before),
          static_cast<char>((one.date == 0 ? 1 : 0) | (HasBody(one) ? 2 : 0) |
                            (one.no_answer ? 4 : 0))};
}

std::uint64_t CodesJudge::NameInShort() const {
  if (resolved_.empty()) return 1;
  if (resolved_.size() > 1) return 0;
  const Seen& one = resolved_.front();
  const std::uint64_t number = HasBody(one) ? NumberOf(one) : 0;
  if (number >> 32 != 0 || (HasBody(one) && number == 0)) return 0;
  std::uint32_t state = 0;
  const std::array<char, 4> bytes = StateOf(one);
  std::memcpy(&state, bytes.data(), sizeof state);
  return (number << 32 | state) + 2;
}

void CodesJudge::NameFiles() {
  bodies_key_.clear();
  states_.clear();
  for (const Seen& one : resolved_) {
    const std::array<char, 4> state = StateOf(one);
    bodies_key_.append(state.data(), state.size());
    states_.append(state.data(), state.size());
    if (!HasBody(one)) continue;
    const std::uint64_t number = NumberOf(one);
    if (number == 0) bodies_key_.append(one.body_sha256);
    bodies_key_.append(reinterpret_cast<const char*>(&number), sizeof number);
  }
}

CodesJudge::Bodies* CodesJudge::Use(BodiesMap::value_type& named) {
  if (named.second.last_used != group_number_) named.second.last_used = group_number_;
  return &named.second;
}

Result<CodesJudge::Bodies*> CodesJudge::BodiesOf(const Origin& origin,
                                                 UnixSeconds& robots_date_out) {
  resolved_.resize(chosen_.size());
  for (std::size_t i = 0; i < chosen_.size(); ++i) {
    CRAWLCARD_TRY(Resolve(origin, chosen_[i], resolved_[i]));
    const Seen& one = resolved_[i];
    if (one.file == robots::WellKnown::kRobotsTxt) robots_date_out = one.date;
  }
  const std::uint64_t name = NameInShort();
  ShortName& place = short_names_[(name ^ name >> 32) % kShortNames];
  if (name != 0 && place.name == name) return Use(*place.bodies);
  NameFiles();
  const auto [named, is_new] = bodies_.try_emplace(bodies_key_);
  if (is_new) {
    if (Status made = MakeBodies(named->second); !made) {
      bodies_.erase(named);
      return tl::unexpected(std::move(made).error());
    }
  }
  if (name != 0) place = {name, &*named};
  return Use(*named);
}

Status CodesJudge::MakeBodies(Bodies& made) {
  std::vector<robots::FileObservation> files;
  for (const Seen& one : resolved_) {
    robots::FileObservation file;
    file.file = one.file;
    file.state = one.state;
    file.no_answer = one.no_answer;
    file.evidence.date = one.date;
    if (HasBody(one)) {
      file.evidence.digest = "sha256:" + Hex(one.body_sha256);
      CRAWLCARD_ASSIGN(file.body, blobs_.Read(one.body_sha256));
      made.body_bytes += file.body.size();
    }
    files.push_back(std::move(file));
  }
  made.signals = std::make_unique<robots::OriginSignals>(std::move(files), parsed_);
  made.sieve = made.signals->Sieve(question_.dialect);
  // Whether there is anything in a file shows when it is parsed.
  statements_.clear();
  coverage_.clear();
  made.signals->Collect("http://localhost/", question_, statements_, coverage_);
  made.states = states_;
  for (const robots::Coverage& one : coverage_) made.states += one.carrier + '=' + one.state + ' ';
  body_bytes_ += made.body_bytes;
  return {};
}

}  // namespace crawlcard::index
