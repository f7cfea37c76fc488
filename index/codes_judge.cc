#include "index/internal/codes_judge.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <limits>

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

// Files of one form say the same, but to the readers of the study of Consent in Crisis: these take
// lines in their own ways.
bool ReadsLinesItsOwnWay(robots::Dialect dialect) {
  return dialect == robots::Dialect::kCicLegacy || dialect == robots::Dialect::kCicFixed;
}

// Whether a URL begins with the origin of a stored prefix, as most URLs write it. False tells
// nothing.
bool IsAuthorityOf(std::string_view prefix, std::string_view authority) {
  HostOriginView origin;
  if (!DecodeOriginPrefix(prefix, origin)) return false;
  const std::uint32_t port = origin.scheme == "https" ? 443 : 80;
  constexpr std::string_view kMark = "://";
  return origin.port == port &&
         authority.size() == origin.scheme.size() + kMark.size() + origin.host.size() &&
         authority.ends_with(origin.host) && authority.starts_with(origin.scheme) &&
         authority.substr(origin.scheme.size()).starts_with(kMark);
}

std::string_view PathOf(std::string_view url, std::size_t path_begin) {
  const std::string_view tail = url.substr(path_begin);
  return tail.substr(0, tail.find('#'));
}

}  // namespace

CodesJudge::CodesJudge(const Store::Impl& store, const FileTable& files, BlobReader& blobs,
                       BodyNumbers& numbers, robots::ParsedFileCache& parsed,
                       const JudgeOptions& options)
    : store_(store),
      files_(files),
      blobs_(blobs),
      numbers_(numbers),
      by_form_(!ReadsLinesItsOwnWay(options.dialect)),
      parsed_(parsed),
      options_(options) {
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

void CodesJudge::AddHostRow(const HostKeyView& place, const CaptureView& capture,
                            const BodyNumber& number, std::string_view key,
                            std::string_view value) {
  Seen seen;
  seen.key = rows_.Copy(key);
  seen.value = rows_.Copy(value);
  seen.number = number;
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
  for (Origin& origin : origins_) {
    if (IsAuthorityOf(origin.prefix, authority)) return origin;
  }
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
  const bool same_authority = IsOfOrigin(page);
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

Result<const CodesJudge::Standing*> CodesJudge::StandingAt(Origin& origin, UnixSeconds as_of) {
  for (std::size_t i = 0; i < origin.standings.size(); ++i) {
    const Standing& standing = origin.standings[i];
    if (as_of < standing.since || as_of >= standing.until) continue;
    origin.last = i;
    return &standing;
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
  origin.last = origin.standings.size();
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

CodesJudge::Answers* CodesJudge::FindAnswers(Bodies& bodies) {
  if (bodies_asked_ == &bodies) return path_answers_;
  bodies_asked_ = &bodies;
  key_.clear();
  AppendStatements();
  if (Answers* const* known = bodies.answers.Find(key_)) return path_answers_ = *known;
  Answers*& added = bodies.answers.Add(key_);
  key_.clear();
  AppendRaw(static_cast<std::uint32_t>(bodies.states.size()), key_);
  key_.append(bodies.states);
  AppendWords();
  const auto [answers, is_new] = answers_.try_emplace(key_);
  added = path_answers_ = &answers->second;
  codes_kept_ += is_new ? 2 : 1;
  return path_answers_;
}

CodesJudge::Answers* CodesJudge::AnswersFor(Bodies& bodies, const Page& page) {
  if (bodies.plain != nullptr && IsOfOrigin(page)) {
    std::string_view tail;
    bool start_alone = false;
    if (TailOfKey(page.marks->url_form, page.stored_surt, host_bytes_, tail, start_alone) &&
        (start_alone ? bodies.sieve.PlainFrom(tail) : bodies.sieve.Plain(tail))) {
      return bodies.plain;
    }
  }
  if (!TakeUrl(page)) return nullptr;
  if (!bodies.sieve.Plain(path_)) return FindAnswers(bodies);
  if (bodies.plain == nullptr) bodies.plain = FindAnswers(bodies);
  return bodies.plain;
}

Result<CodesJudge::Found> CodesJudge::Find(const Page& page, UnixSeconds as_of) {
  const CaptureView& capture = *page.capture;
  may_keep_ = false;
  if (as_of == 0 || capture.date.value_or(0) > as_of) return Found{};
  if (!IsOfOrigin(page) && !TakeUrl(page)) return Found{};
  const Standing* standing = nullptr;
  if (origin_->last < origin_->standings.size()) standing = &origin_->standings[origin_->last];
  if (standing == nullptr || as_of < standing->since || as_of >= standing->until) {
    CRAWLCARD_ASSIGN(standing, StandingAt(*origin_, as_of));
  }
  if (capture.date.value_or(0) < standing->since && capture.date) return Found{};
  answers_asked_ = AnswersFor(*standing->bodies, page);
  if (answers_asked_ == nullptr) return Found{};
  may_keep_ = true;

  const bool stale = standing->robots_date != 0 &&
                     as_of - standing->robots_date > options_.policy.robots_age_max_s;
  asked_ = {answers_asked_, 0, (stale ? 1U : 0U) | (capture.date ? 2U : 0U), {}};
  slot_ = nullptr;
  if (page.earlier == nullptr) asked_.facts = alike_.FactsNumber(page.marks->facts);
  if (asked_.facts != 0) {
    const std::uint64_t mixed = (asked_.facts << 2 | asked_.flags) * 0x9E3779B97F4A7C15 ^
                                reinterpret_cast<std::uintptr_t>(answers_asked_) >> 4;
    slot_ = &slots_[(mixed ^ mixed >> 32) % kSlots];
    if (slot_->answers == answers_asked_ && slot_->facts == asked_.facts &&
        slot_->flags == asked_.flags) {
      return slot_->found;
    }
  }
  WriteKey(page);
  return Told(answers_asked_->Find(key_));
}

// What of a page its codes depend on, beside the statements of files.
void CodesJudge::WriteKey(const Page& page) {
  const CaptureView& capture = *page.capture;
  const CaptureView& shown = page.earlier != nullptr ? *page.earlier : capture;
  const auto statement_bytes = static_cast<std::uint32_t>(page.marks->statements.size());
  const std::array<char, 8> numbers = {
      static_cast<char>(shown.via),
      capture.status == 0 ? '\x7F'
                          : static_cast<char>(robots::FetchStateFromStatus(capture.status)),
      static_cast<char>(asked_.flags | (IsUnchanged(capture) ? 4U : 0U) |
                        (page.earlier != nullptr ? 8U : 0U)),
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
}

// The answer to the last question, with the number of the page's like. Remembers both.
CodesJudge::Found CodesJudge::Told(const Answer* answer) {
  if (answer == nullptr) return {};
  asked_.found = {answer, alike_.NumberOf(asked_.facts, answer->number)};
  if (slot_ != nullptr) *slot_ = asked_;
  return asked_.found;
}

CodesJudge::Found CodesJudge::Keep(const robots::Verdict& verdict, bool lasting) {
  if (!may_keep_ || !lasting) {
    passing_.codes = robots::CodesOf(verdict);
    return {&passing_, 0};
  }
  ++codes_kept_;
  Answer& answer = answers_asked_->Add(key_);
  answer = {robots::CodesOf(verdict), ++last_number_};
  return Told(&answer);
}

}  // namespace crawlcard::index
