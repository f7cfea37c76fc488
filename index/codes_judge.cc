#include "index/internal/codes_judge.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <limits>

#include "base/digest.h"
#include "index/internal/judge.h"
#include "index/internal/row_url.h"
#include "index/limits.h"

namespace crawlcard::index {
namespace {

template <class Value>
void AppendRaw(const Value& value, std::string& out) {
  out.append(reinterpret_cast<const char*>(&value), sizeof value);
}

// What of a statement is no text.
std::uint64_t NumbersOf(const robots::Signal& signal) {
  return std::uint64_t{static_cast<unsigned>(signal.family)} << 32 |
         static_cast<unsigned>(signal.carrier) << 24 | static_cast<unsigned>(signal.use) << 16 |
         static_cast<unsigned>(signal.says) << 8 | static_cast<unsigned>(signal.careful) << 4 |
         static_cast<unsigned>(signal.confidence);
}

std::string_view PathOf(std::string_view url, std::size_t path_begin) {
  const std::string_view tail = url.substr(path_begin);
  return tail.substr(0, tail.find('#'));
}

}  // namespace

CodesJudge::CodesJudge(const Store::Impl& store, const FileTable& files, BlobReader& blobs,
                       robots::ParsedFileCache& parsed, const JudgeOptions& options)
    : store_(store), files_(files), blobs_(blobs), parsed_(parsed), options_(options) {
  question_.use = options.use;
  question_.agents = options.agents;
  question_.dialect = options.dialect;
}

void CodesJudge::EnterGroup() {
  rows_.Reset();
  seen_.clear();
  origins_.clear();
  unasked_.standings.clear();
  authority_.clear();
  has_url_ = false;
  host_bytes_ = 0;
  origin_ = nullptr;
  bodies_asked_ = nullptr;
  ++group_number_;
}

void CodesJudge::DropBodies(std::uint64_t idle_groups) {
  for (auto one = bodies_.begin(); one != bodies_.end();) {
    const Bodies& bodies = *one->second;
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
  for (std::uint64_t idle = limits::kScanBodiesMax / 4; idle > 0; idle /= 4) {
    DropBodies(idle);
    // More than had to: all of them are looked at each time.
    if (many_codes || !fuller(3)) break;
  }
  if (codes_kept_ <= limits::kScanCodesMax && !fuller(4)) return;
  bodies_.clear();
  answers_.clear();
  body_bytes_ = codes_kept_ = 0;
  for (Origin& origin : origins_) origin.standings.clear();
  unasked_.standings.clear();
}

void CodesJudge::AddHostRow(const HostKeyView& place, const CaptureView& capture,
                            std::string_view key, std::string_view value) {
  Seen seen;
  seen.key = rows_.Copy(key);
  seen.value = rows_.Copy(value);
  seen.file_id = place.place.file_id;
  seen.body_sha256 = rows_.Copy(capture.body_sha256);
  seen.file = place.file;
  seen.state = capture.fetch_state;
  seen.unchanged = IsUnchanged(capture);
  seen.no_answer = NobodyAnswered(capture);
  seen.date = capture.date.value_or(0);
  if (origins_.empty() || origins_.back().prefix != place.origin) {
    Origin& origin = origins_.emplace_back();
    origin.prefix = seen.key.substr(0, place.origin.size());
    origin.begin = seen_.size();
  }
  seen_.push_back(seen);
  origins_.back().end = seen_.size();
}

Status CodesJudge::Fill(HostHistory& history) {
  history.Clear();
  Arena arena;
  for (const Seen& seen : seen_) {
    arena.Reset();
    HostKeyView key;
    CaptureView capture;
    if (!DecodeHostKey(seen.key, key)) continue;
    CRAWLCARD_TRY(
        DecodeHostRow(key, seen.value, files_.SealedName(seen.file_id), arena, capture, kRowAll));
    history.Add(key, capture);
  }
  return {};
}

CodesJudge::Origin& CodesJudge::OriginOf(std::string_view url, std::size_t path_begin) {
  const std::string_view authority = url.substr(0, path_begin);
  if (origin_ != nullptr && authority == authority_) return *origin_;
  authority_ = authority;
  prefix_.clear();
  if (AppendOriginPrefix(url, SurtFromStored(url_surt_), prefix_)) {
    const auto found = std::lower_bound(
        origins_.begin(), origins_.end(), prefix_,
        [](const Origin& origin, std::string_view prefix) { return origin.prefix < prefix; });
    if (found != origins_.end() && found->prefix == prefix_) return *found;
  }
  return unasked_;
}

bool CodesJudge::TakeUrl(const Page& page) {
  const RowMarks& marks = *page.marks;
  if (has_url_ && marks.url_form == url_form_ && marks.url_bytes == url_bytes_ &&
      page.stored_surt == url_surt_) {
    return !path_.empty();
  }
  const bool same_authority =
      host_bytes_ > 0 && ((marks.url_form ^ url_form_) & kRowUrlAuthority) == 0 &&
      page.stored_surt.size() > host_bytes_ && page.stored_surt[host_bytes_] == kStoredHostEnd &&
      page.stored_surt.starts_with(std::string_view(url_surt_).substr(0, host_bytes_));
  has_url_ = true;
  url_surt_ = page.stored_surt;
  url_form_ = marks.url_form;
  url_bytes_ = marks.url_bytes;
  path_ = {};
  bodies_asked_ = nullptr;

  url_arena_.Reset();
  ByteReader reader(url_bytes_);
  if (same_authority) {
    // Of origin_, too.
    std::string_view tail;
    if (!DecodeRowPath(url_form_, url_surt_, host_bytes_, reader, url_arena_, tail)) return false;
    path_ = PathOf(tail, 0);
    if (!path_.starts_with('/')) path_ = {};
    return !path_.empty();
  }
  host_bytes_ = 0;
  RowUrl url;
  if (!DecodeRowUrl(url_form_, url_surt_, reader, url_arena_, url) || url.path_begin == 0) {
    return false;
  }
  path_ = PathOf(url.url, url.path_begin);
  if (!path_.starts_with('/')) path_ = {};
  if (path_.empty()) return false;
  origin_ = &OriginOf(url.url, url.path_begin);
  host_bytes_ = url_surt_.find(kStoredHostEnd);
  return true;
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
  return {};
}

Result<CodesJudge::Bodies*> CodesJudge::BodiesOf(const Origin& origin,
                                                 UnixSeconds& robots_date_out) {
  resolved_.resize(chosen_.size());
  bodies_key_.clear();
  std::string states;
  for (std::size_t i = 0; i < chosen_.size(); ++i) {
    CRAWLCARD_TRY(Resolve(origin, chosen_[i], resolved_[i]));
    const Seen& one = resolved_[i];
    if (one.file == robots::WellKnown::kRobotsTxt) robots_date_out = one.date;
  }
  for (const Seen& one : resolved_) {
    // Of files that speak in one family, the later replaces the earlier.
    const auto before = std::count_if(resolved_.begin(), resolved_.end(),
                                      [&](const Seen& other) { return other.date < one.date; });
    const bool has_body = one.state == robots::FetchState::kOk && !one.body_sha256.empty();
    const std::array<char, 4> state = {
        static_cast<char>(one.file), static_cast<char>(one.state), static_cast<char>(before),
        static_cast<char>((one.date == 0 ? 1 : 0) | (has_body ? 2 : 0) | (one.no_answer ? 4 : 0))};
    bodies_key_.append(state.data(), state.size());
    states.append(state.data(), state.size());
    if (has_body) bodies_key_.append(one.body_sha256);
  }
  if (const auto known = bodies_.find(bodies_key_); known != bodies_.end()) {
    known->second->last_used = group_number_;
    return known->second.get();
  }
  CRAWLCARD_ASSIGN(std::unique_ptr<Bodies> made, MakeBodies(std::move(states)));
  return (bodies_[bodies_key_] = std::move(made)).get();
}

Result<std::unique_ptr<CodesJudge::Bodies>> CodesJudge::MakeBodies(std::string&& states) {
  auto made = std::make_unique<Bodies>();
  std::vector<robots::FileObservation> files;
  for (const Seen& one : resolved_) {
    robots::FileObservation file;
    file.file = one.file;
    file.state = one.state;
    file.no_answer = one.no_answer;
    file.evidence.date = one.date;
    if (one.state == robots::FetchState::kOk && !one.body_sha256.empty()) {
      file.evidence.digest = "sha256:" + Hex(one.body_sha256);
      CRAWLCARD_ASSIGN(file.body, blobs_.Read(one.body_sha256));
      made->body_bytes += file.body.size();
    }
    files.push_back(std::move(file));
  }
  made->signals = std::make_unique<robots::OriginSignals>(std::move(files), parsed_);
  // Whether there is anything in a file shows when it is parsed.
  statements_.clear();
  coverage_.clear();
  made->signals->Collect("http://localhost/", question_, statements_, coverage_);
  for (const robots::Coverage& one : coverage_) states += one.carrier + '=' + one.state + ' ';
  made->states = std::move(states);
  made->last_used = group_number_;
  body_bytes_ += made->body_bytes;
  return made;
}

Result<const CodesJudge::Standing*> CodesJudge::StandingAt(Origin& origin, UnixSeconds as_of) {
  for (const Standing& standing : origin.standings) {
    if (as_of >= standing.since && as_of < standing.until) return &standing;
  }
  MakeRoom();
  Standing standing;
  standing.since = std::numeric_limits<UnixSeconds>::min();
  standing.until = std::numeric_limits<UnixSeconds>::max();
  chosen_.clear();
  for (std::size_t i = origin.begin; i < origin.end; ++i) {
    const Seen& seen = seen_[i];
    if (seen.date > as_of) {
      standing.until = std::min(standing.until, seen.date);
      continue;
    }
    standing.since = std::max(standing.since, seen.date);
    if (!chosen_.empty() && seen_[chosen_.back()].file == seen.file) {
      chosen_.back() = i;
    } else {
      chosen_.push_back(i);
    }
  }
  CRAWLCARD_ASSIGN(standing.bodies, BodiesOf(origin, standing.robots_date));
  if (origin.standings.size() >= limits::kScanStandingsMax) origin.standings.clear();
  origin.standings.push_back(standing);
  return &origin.standings.back();
}

// What the files in force say about the path, by the identity of their statements.
void CodesJudge::AppendStatements() {
  statements_.clear();
  bodies_asked_->signals->CollectStatements(path_, question_, statements_);
  for (const robots::Statement& statement : statements_) {
    const robots::Signal& signal = statement.signal;
    // A text by its place in memory: those of one parsed file live as long as its codes.
    const auto place = [](const auto& list) {
      return reinterpret_cast<std::uintptr_t>(list.data());
    };
    const std::array<std::uint64_t, 13> identity = {
        NumbersOf(signal),   place(signal.agent),     signal.agent.size(),     place(signal.scope),
        signal.scope.size(), place(signal.key),       signal.key.size(),       place(signal.value),
        signal.value.size(), place(signal.condition), signal.condition.size(), place(signal.flags),
        signal.flags.size()};
    AppendRaw(identity, key_);
  }
}

// The same by their words. Where they stand, and how they were written, is in no code.
void CodesJudge::AppendWords() {
  const auto append = [this](std::string_view text) {
    AppendRaw(static_cast<std::uint32_t>(text.size()), key_);
    key_.append(text);
  };
  for (const robots::Statement& statement : statements_) {
    const robots::Signal& signal = statement.signal;
    AppendRaw(NumbersOf(signal), key_);
    append(signal.agent);
    append(signal.scope);
    append(signal.key);
    append(signal.value);
    append(signal.condition);
    AppendRaw(static_cast<std::uint32_t>(signal.flags.size()), key_);
    for (const std::string_view flag : signal.flags) append(flag);
    // Of two that speak in one family, the later counts.
    const auto earlier = [&](const robots::Statement& other) {
      return other.evidence->date < statement.evidence->date;
    };
    const bool first = statement.evidence == statements_.front().evidence;
    AppendRaw(
        first ? std::ptrdiff_t{-1} : std::count_if(statements_.begin(), statements_.end(), earlier),
        key_);
  }
}

void CodesJudge::FindAnswers(Bodies& bodies) {
  bodies_asked_ = &bodies;
  key_.clear();
  AppendStatements();
  if (Answers* const* known = bodies.answers.Find(key_)) {
    answers_asked_ = *known;
    return;
  }
  Answers*& added = bodies.answers.Add(key_);
  key_.clear();
  AppendRaw(static_cast<std::uint32_t>(bodies.states.size()), key_);
  key_.append(bodies.states);
  AppendWords();
  const auto [answers, is_new] = answers_.try_emplace(key_);
  added = answers_asked_ = &answers->second;
  codes_kept_ += is_new ? 2 : 1;
}

Result<const CodesJudge::Answer*> CodesJudge::Find(const Page& page, UnixSeconds as_of) {
  const CaptureView& capture = *page.capture;
  may_keep_ = false;
  if (as_of == 0 || capture.date.value_or(0) > as_of || !TakeUrl(page)) return nullptr;
  CRAWLCARD_ASSIGN(const Standing* standing, StandingAt(*origin_, as_of));
  if (capture.date.value_or(0) < standing->since && capture.date) return nullptr;
  if (bodies_asked_ != standing->bodies) FindAnswers(*standing->bodies);
  may_keep_ = true;

  const bool stale = standing->robots_date != 0 &&
                     as_of - standing->robots_date > options_.policy.robots_age_max_s;
  const bool unchanged = IsUnchanged(capture);
  const CaptureView& shown = page.earlier != nullptr ? *page.earlier : capture;
  const auto statement_bytes = static_cast<std::uint32_t>(page.marks->statements.size());
  const std::array<char, 8> numbers = {
      static_cast<char>(shown.via),
      capture.status == 0 ? '\x7F'
                          : static_cast<char>(robots::FetchStateFromStatus(capture.status)),
      static_cast<char>((stale ? 1 : 0) | (capture.date ? 2 : 0) | (unchanged ? 4 : 0) |
                        (page.earlier != nullptr ? 8 : 0)),
      static_cast<char>(capture.document),
      static_cast<char>(statement_bytes & 0xFF),
      static_cast<char>(statement_bytes >> 8 & 0xFF),
      static_cast<char>(statement_bytes >> 16 & 0xFF),
      static_cast<char>(statement_bytes >> 24)};
  key_.assign(numbers.data(), numbers.size());
  key_.append(page.marks->statements);
  if (page.earlier != nullptr) {
    key_.push_back(static_cast<char>(shown.document));
    key_.append(page.earlier_marks->statements);
  }
  return answers_asked_->Find(key_);
}

const CodesJudge::Answer* CodesJudge::Keep(const robots::Verdict& verdict, bool lasting) {
  if (!may_keep_ || !lasting) {
    passing_.codes = robots::CodesOf(verdict);
    return &passing_;
  }
  ++codes_kept_;
  Answer& answer = answers_asked_->Add(key_);
  answer = {robots::CodesOf(verdict), ++last_number_};
  return &answer;
}

}  // namespace crawlcard::index
