#include "index/internal/batch_worker.h"

#include <algorithm>
#include <bit>
#include <limits>
#include <numeric>
#include <utility>

#include "index/internal/judge.h"
#include "index/limits.h"
#include "index/verdict_json.h"
#include "page/public_suffix.h"
#include "page/surt.h"
#include "page/url.h"

namespace crawlcard::index {
namespace {

// Of a worker's memory, for what lines tell of files; the rest is for verdicts.
constexpr std::size_t kTextsShare = 2;

// Lines tell of the page's own place, and quote it.
RowParts PartsOf(const BatchOptions& options) {
  return static_cast<RowParts>(kRowUrl | (options.json ? kRowTexts | kRowStatements : 0));
}

}  // namespace

Batch::Worker::Impl::Impl(const Batch::Impl& batch)
    : batch_(batch),
      options_(batch.options()),
      reader_(batch.store(), batch.files(), batch.bodies()),
      pages_(batch.store(), batch.files(), PartsOf(options_)),
      verdicts_(options_.questions),
      lookup_(batch.store(), batch.files()) {
  batch_.CountWorker(1);
}

Batch::Worker::Impl::~Impl() {
  batch_.CountWorker(-1);
}

Result<std::span<const BatchAnswer>> Batch::Worker::Impl::Judge(std::span<const AskedUrl> asked) {
  Begin(asked.size());
  CutRows(asked);
  if (options_.pages) {
    OrderByKey(asked);
  } else {
    OrderByOrigin();
  }
  const std::size_t questions = options_.questions.size();
  for (std::size_t at = 0; at < order_.size(); ++at) {
    FetchAhead(at);
    const std::uint32_t i = order_[at];
    CRAWLCARD_TRY(JudgeRow(asked[i], rows_[i], answers_[i], &codes_[i * questions]));
  }
  RememberOrigins();
  return std::span<const BatchAnswer>(answers_);
}

// Nothing of the batch before stays.
void Batch::Worker::Impl::Begin(std::size_t rows) {
  const std::uint64_t left = batch_.bodies().left();
  verdicts_.MakeRoom(batch_.worker_bytes(), left != bodies_left_);
  bodies_left_ = left;
  if (texts_bytes_ > batch_.worker_bytes() / kTextsShare) {
    texts_.clear();
    texts_bytes_ = 0;
  }
  passing_texts_.clear();
  arena_.Reset();
  rows_.assign(rows, {});
  answers_.assign(rows, {});
  codes_.assign(rows * options_.questions.size(), nullptr);
  passing_.clear();
  order_.resize(rows);
  origins_used_ = 0;
  lookups_.clear();
  slots_.assign(std::bit_ceil(rows * 2 + 2), {});
  read_ = kNone;
}

// --- what is asked ------------------------------------------------------------------------------

void Batch::Worker::Impl::CutRows(std::span<const AskedUrl> asked) {
  std::string_view last;
  std::uint32_t origin = kNone;
  for (std::size_t i = 0; i < asked.size(); ++i) {
    Row& row = rows_[i];
    if (!CutPlainUrl(asked[i].url, row.cut)) continue;
    if (row.cut.authority != last || origin == kNone) {
      last = row.cut.authority;
      origin = OriginOf(last);
    }
    row.origin = origin;
    ++origins_[origin].rows;
  }
  FindOrigins();
}

// The number of the origin in this batch.
std::uint32_t Batch::Worker::Impl::OriginOf(std::string_view authority) {
  const std::size_t mask = slots_.size() - 1;
  const std::uint64_t hash = HashOfBytes(authority);
  const auto tag = static_cast<std::uint32_t>(hash >> 32);
  std::size_t at = hash & mask;
  for (; slots_[at].origin != kNone; at = (at + 1) & mask) {
    const Slot& slot = slots_[at];
    if (slot.tag == tag && lookups_[slot.origin].authority == authority) return slot.origin;
  }
  const auto number = static_cast<std::uint32_t>(origins_used_++);
  slots_[at] = {tag, number};
  lookups_.push_back({authority, hash, nullptr, false});
  if (number == origins_.size()) origins_.emplace_back();
  Origin& origin = origins_[number];
  origin.authority = authority;
  origin.hash = hash;
  origin.prefix.clear();
  origin.rows = 0;
  origin.changed = origin.entered = false;
  origin.locals.clear();
  origin.texts.clear();
  return number;
}

// What is remembered of the batch's origins, or else can be read from their names.
void Batch::Worker::Impl::FindOrigins() {
  for (std::size_t i = 0; i < origins_used_; ++i) lookups_[i].record = &origins_[i].record;
  batch_.origins().FindMany(lookups_);
  for (std::size_t i = 0; i < origins_used_; ++i) {
    Origin& origin = origins_[i];
    origin.found = lookups_[i].found;
    if (!origin.found) ReadName(origin);
    origin.host = origin.record.host;
    origin.domain = origin.host.substr(origin.host.size() - origin.record.domain_bytes);
  }
}

void Batch::Worker::Impl::ReadName(Origin& origin) {
  origin.record = {};
  const Result<Target> target = ParseTarget(std::string(origin.authority) + '/');
  origin.record.bad = !target.has_value();
  if (!target) return;
  origin.record.host = target->host;
  origin.record.domain_bytes = page::RegistrableDomainView(target->host).size();
  if (!AppendOriginPrefix(target->url, target->surt, origin.prefix)) origin.prefix.clear();
}

// Origins with the same files follow each other: their rules are at hand then. Those that have to
// be read come in the order of their keys, before them.
void Batch::Worker::Impl::OrderByOrigin() {
  numbers_.resize(origins_used_);
  std::iota(numbers_.begin(), numbers_.end(), 0);
  const auto found = std::partition(numbers_.begin(), numbers_.end(), [this](std::uint32_t number) {
    return !origins_[number].found;
  });
  std::sort(numbers_.begin(), found, [this](std::uint32_t a, std::uint32_t b) {
    return origins_[a].prefix < origins_[b].prefix;
  });
  std::vector<std::pair<std::uint64_t, std::uint32_t>> by_files;
  by_files.reserve(origins_used_);
  for (auto at = found; at != numbers_.end(); ++at) {
    const std::vector<OriginStanding>& standings = origins_[*at].record.standings;
    by_files.emplace_back(standings.empty() ? 0 : standings.front().bodies, *at);
  }
  std::sort(by_files.begin(), by_files.end());
  std::transform(by_files.begin(), by_files.end(), found,
                 [](const auto& one) { return one.second; });
  std::uint32_t at = 0;
  for (const std::uint32_t number : numbers_) {
    origins_[number].begin = at;
    at += origins_[number].rows;
  }
  for (std::uint32_t i = 0; i < rows_.size(); ++i) {
    const std::uint32_t origin = rows_[i].origin;
    order_[origin == kNone ? at++ : origins_[origin].begin++] = i;
  }
}

// Hints to the processor: what the rows that come next will touch first.
void Batch::Worker::Impl::FetchAhead(std::size_t place) const {
  constexpr std::size_t kFar = 16;
  constexpr std::size_t kNear = 6;
  if (place + kFar >= order_.size()) return;
  const std::uint32_t far = order_[place + kFar];
  __builtin_prefetch(&rows_[far]);
  __builtin_prefetch(&answers_[far], 1);
  const std::uint32_t origin = rows_[order_[place + kNear]].origin;
  if (origin == kNone) return;
  __builtin_prefetch(&origins_[origin]);
  __builtin_prefetch(&origins_[origin].record.standings);
}

void Batch::Worker::Impl::OrderByKey(std::span<const AskedUrl> asked) {
  for (std::size_t i = 0; i < asked.size(); ++i) {
    Row& row = rows_[i];
    if (row.origin == kNone || origins_[row.origin].record.bad) continue;
    surt_.clear();
    stored_.clear();
    if (!page::AppendSurtKey(asked[i].url, page::SurtFlavour::kJava, surt_)) {
      row.origin = kNone;  // looked at by itself, which says what is wrong
      continue;
    }
    AppendStoredSurt(surt_, origins_[row.origin].host, stored_);
    row.stored = arena_.Copy(stored_);
  }
  std::iota(order_.begin(), order_.end(), 0);
  const auto before = [this](std::uint32_t a, std::uint32_t b) {
    const int order = rows_[a].stored.compare(rows_[b].stored);
    return order != 0 ? order < 0 : rows_[a].origin < rows_[b].origin;
  };
  if (!std::is_sorted(order_.begin(), order_.end(), before)) {
    std::sort(order_.begin(), order_.end(), before);
  }
}

// --- origins ------------------------------------------------------------------------------------

Status Batch::Worker::Impl::ReadOrigin(std::uint32_t number) {
  if (read_ == number) return {};
  Origin& origin = origins_[number];
  if (origin.prefix.empty()) {
    CRAWLCARD_ASSIGN(const Target target, ParseTarget(std::string(origin.authority) + '/'));
    if (!AppendOriginPrefix(target.url, target.surt, origin.prefix)) origin.prefix.clear();
  }
  CRAWLCARD_TRY(reader_.Enter(origin.prefix));
  read_ = number;
  return {};
}

Status Batch::Worker::Impl::EnterOrigin(std::uint32_t number) {
  Origin& origin = origins_[number];
  if (origin.entered) return {};
  origin.entered = true;
  if (origin.found || origin.record.bad) return {};
  CRAWLCARD_TRY(ReadOrigin(number));
  origin.record.known = reader_.known();
  origin.record.latest = reader_.latest();
  origin.changed = true;
  return {};
}

Result<std::size_t> Batch::Worker::Impl::StandingAt(std::uint32_t number, UnixSeconds as_of) {
  Origin& origin = origins_[number];
  std::vector<OriginStanding>& standings = origin.record.standings;
  if (!origin.record.known && standings.empty() && unasked_) standings.push_back(*unasked_);
  origin.locals.resize(standings.size());
  std::size_t at = 0;
  while (at < standings.size() && (as_of < standings[at].since || as_of >= standings[at].until)) {
    ++at;
  }
  if (at < standings.size()) {
    VerdictTable::Local*& local = origin.locals[at];
    if (local != nullptr) return at;
    local = verdicts_.Find(standings[at].bodies);
    if (local != nullptr) return at;
    if (auto bodies = batch_.bodies().Find(standings[at].bodies)) {
      local = verdicts_.Add(std::move(bodies));
      return at;
    }
  }
  std::shared_ptr<const OriginBodies> bodies;
  CRAWLCARD_TRY(ReadOrigin(number));
  CRAWLCARD_ASSIGN(const OriginStanding standing, reader_.At(as_of, bodies));
  VerdictTable::Local* local = verdicts_.Find(standing.bodies);
  if (local == nullptr) local = verdicts_.Add(std::move(bodies));
  if (origin.record.known) {
    origin.changed = true;
  } else {
    unasked_ = standing;
  }
  if (at == standings.size()) {
    if (at == limits::kBatchStandingsMax) {
      standings.clear();
      origin.locals.clear();
      origin.texts.clear();
      at = 0;
    }
    standings.push_back(standing);
    origin.locals.push_back(local);
  } else {
    standings[at] = standing;
    origin.locals[at] = local;
  }
  return at;
}

void Batch::Worker::Impl::RememberOrigins() {
  for (std::size_t i = 0; i < origins_used_; ++i) {
    const Origin& one = origins_[i];
    if (one.changed) batch_.origins().Put(one.authority, one.hash, one.record);
  }
}

// --- one row ------------------------------------------------------------------------------------

AsOf Batch::Worker::Impl::InstantOf(const AskedUrl& asked, std::size_t question) const {
  const AsOf& as_of = options_.questions[question].as_of;
  if (as_of.kind == AsOf::Kind::kInstant || !asked.date) return as_of;
  return {AsOf::Kind::kInstant, *asked.date};
}

Status Batch::Worker::Impl::JudgeRow(const AskedUrl& asked, const Row& row, BatchAnswer& answer,
                                     const robots::VerdictCodes** codes) {
  if (row.origin == kNone) return JudgeAlone(asked, answer, codes);
  CRAWLCARD_TRY(EnterOrigin(row.origin));
  const Origin& origin = origins_[row.origin];
  if (origin.record.bad) return {};
  answer.state = BatchAnswer::State::kAnswered;
  answer.host = origin.host;
  answer.domain = origin.domain;
  answer.host_known = origin.record.known;
  answer.takedown = TakedownOf(asked.url, answer.host);
  if (options_.pages) CRAWLCARD_TRY(pages_.Enter(row.stored));
  last_ = {};
  for (std::size_t i = 0; i < options_.questions.size(); ++i) {
    CRAWLCARD_TRY(Answer(asked, row, i, answer, codes[i]));
  }
  answer.codes = {codes, options_.questions.size()};
  return {};
}

const Takedown* Batch::Worker::Impl::TakedownOf(std::string_view url, std::string_view host) const {
  const TakedownTable& takedowns = batch_.takedowns();
  if (takedowns.empty()) return nullptr;
  return takedowns.Find(url, host, TakedownInstant(options_.questions.front()));
}

// What is no usual address, and bare hosts.
Status Batch::Worker::Impl::JudgeAlone(const AskedUrl& asked, BatchAnswer& answer,
                                       const robots::VerdictCodes** codes) {
  const Result<Target> target = ParseTarget(asked.url);
  if (!target) {
    if (target.error().code() == ErrorCode::kInvalidArgument) return {};
    return tl::unexpected(target.error());
  }
  answer.state = BatchAnswer::State::kAnswered;
  answer.host = arena_.Copy(target->host);
  answer.domain = page::RegistrableDomainView(answer.host);
  answer.takedown = TakedownOf(target->is_host ? std::string_view() : target->url, answer.host);
  for (std::size_t i = 0; i < options_.questions.size(); ++i) {
    CRAWLCARD_TRY(AnswerAlone(asked, i, answer, codes[i]));
    if (i == 0) answer.host_known = lookup_.host_known();
  }
  answer.codes = {codes, options_.questions.size()};
  return {};
}

AlikeUrls& Batch::Worker::Impl::AlikeOf(VerdictTable::Local& local, std::size_t asker,
                                        const Row& row, const PageReader::Found* page,
                                        const OriginStanding& standing) {
  if (last_.alike == nullptr || last_.local != &local || last_.asker != asker ||
      last_.page != page) {
    last_ = {&local, asker, page, &verdicts_.Alike(local, asker, row.cut.path, page, standing)};
  }
  return *last_.alike;
}

Status Batch::Worker::Impl::Answer(const AskedUrl& asked, const Row& row, std::size_t question,
                                   BatchAnswer& answer, const robots::VerdictCodes*& codes_out) {
  const JudgeOptions& options = options_.questions[question];
  const AsOf as_of = InstantOf(asked, question);
  const bool wants_line = options_.json && question == 0;
  const PageReader::Found* page = nullptr;
  if (options_.pages) {
    const bool is_instant = as_of.kind == AsOf::Kind::kInstant;
    page = pages_.Choose(asked.url,
                         is_instant ? std::optional<UnixSeconds>(as_of.instant) : std::nullopt);
    // An unchanged capture speaks for another, one without a date for no instant.
    const bool apart = page != nullptr && (IsUnchanged(page->capture) || page->date == 0);
    if (apart || pages_.too_many()) return AnswerAlone(asked, question, answer, codes_out);
  }
  // Its line is like no other's.
  if (wants_line && answer.takedown != nullptr) {
    return AnswerAlone(asked, question, answer, codes_out);
  }
  const UnixSeconds instant = as_of.kind == AsOf::Kind::kInstant ? as_of.instant
                              : page != nullptr                  ? page->date
                                                : origins_[row.origin].record.latest;
  if (question == 0) {
    answer.as_of = instant;
    answer.page_known = page != nullptr;
  }
  CRAWLCARD_ASSIGN(const std::size_t at, StandingAt(row.origin, instant));
  const Origin& origin = origins_[row.origin];
  const OriginStanding& standing = origin.record.standings[at];
  AlikeUrls& alike = AlikeOf(*origin.locals[at], verdicts_.asker(question), row, page, standing);
  const bool timed = instant != 0;
  const bool stale = timed && standing.robots_date != 0 &&
                     instant - standing.robots_date > options.policy.robots_age_max_s;
  const auto day = static_cast<std::uint8_t>((stale ? kDayStale : 0) | (timed ? 0 : kDayUntimed));
  KeptVerdict& kept = verdicts_.Verdict(alike, question, day);
  codes_out = kept.codes.get();
  const bool is_kept = kept.state == KeptVerdict::State::kKept;
  if (is_kept && !wants_line) return {};
  if (is_kept) {
    const LineForm* const form = kept.lines.Find(WordingOf(page));
    if (form != nullptr) return RepeatLine(asked, row, at, *form, page, answer);
  }
  return AnswerInFull(asked, row, page, question, answer, kept, codes_out);
}

Status Batch::Worker::Impl::AnswerAlone(const AskedUrl& asked, std::size_t question,
                                        BatchAnswer& answer,
                                        const robots::VerdictCodes*& codes_out) {
  CRAWLCARD_ASSIGN(Target target, ParseTarget(asked.url));
  CRAWLCARD_ASSIGN(UrlVerdict verdict, lookup_.Check(target, options_.questions[question],
                                                     InstantOf(asked, question), options_.pages));
  codes_out = &passing_.emplace_back(robots::CodesOf(verdict.verdict));
  TakeAnswer(verdict, question, answer, nullptr);
  return {};
}

Status Batch::Worker::Impl::AnswerInFull(const AskedUrl& asked, const Row& row,
                                         const PageReader::Found* page, std::size_t question,
                                         BatchAnswer& answer, KeptVerdict& kept,
                                         const robots::VerdictCodes*& codes_out) {
  CRAWLCARD_ASSIGN(const Target target, ParseTarget(asked.url));
  CRAWLCARD_TRY(ReadOrigin(row.origin));
  CaptureView capture;
  if (page != nullptr) {
    CRAWLCARD_ASSIGN(capture, pages_.Whole(*page));
  }
  CRAWLCARD_ASSIGN(UrlVerdict verdict,
                   lookup_.Judge(target, options_.questions[question], InstantOf(asked, question),
                                 page == nullptr ? nullptr : &capture, reader_.history()));
  if (kept.state == KeptVerdict::State::kKept) {
    codes_out = kept.codes.get();
  } else if (lookup_.lasting()) {
    codes_out = verdicts_.Keep(kept, verdict.verdict);
  } else {
    kept.state = KeptVerdict::State::kPassing;
    codes_out = &passing_.emplace_back(robots::CodesOf(verdict.verdict));
  }
  VerdictPlaces places(line_);
  TakeAnswer(verdict, question, answer, &places);
  const bool is_kept = kept.state == KeptVerdict::State::kKept;
  if (question == 0 && options_.json && is_kept && !kept.lines.full()) {
    CRAWLCARD_TRY(RememberLine(asked, verdict, places, page, kept));
  }
  return {};
}

void Batch::Worker::Impl::TakeAnswer(UrlVerdict& verdict, std::size_t question, BatchAnswer& answer,
                                     VerdictPlaces* places) {
  if (question != 0) return;
  answer.as_of = verdict.as_of;
  answer.page_known = verdict.capture.has_value();
  if (!options_.json) return;
  if (answer.takedown != nullptr) Honour(*answer.takedown, verdict);
  line_.clear();
  JsonWriter json(line_);
  WriteVerdict(verdict, options_.questions[question], json, places);
  answer.json = arena_.Copy(line_);
}

}  // namespace crawlcard::index
