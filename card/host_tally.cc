#include "card/host_tally.h"

#include <algorithm>
#include <memory_resource>
#include <utility>

#include "base/arena.h"
#include "base/digest.h"
#include "base/text.h"

namespace crawlcard::card {
namespace {

std::uint64_t First8(std::string_view digest) {
  std::uint64_t value = 0;
  for (std::size_t i = 0; i < 8; ++i) value = value << 8 | static_cast<unsigned char>(digest[i]);
  return value;
}

Access StricterOf(Access a, Access b) {
  return std::max(a, b);
}

void Count(AccessCount& count, Access access, bool named, std::uint64_t origins) {
  count.origins[static_cast<std::size_t>(access)] += origins;
  count.named += named ? origins : 0;
  count.named_refused += named && access == Access::kRefused ? origins : 0;
}

void Add(AccessCount& left, const AccessCount& right) {
  for (std::size_t i = 0; i < left.origins.size(); ++i) left.origins[i] += right.origins[i];
  left.named += right.named;
  left.named_refused += right.named_refused;
}

}  // namespace

HostTally::HostTally() : agents_(robots::AgentRegistry().size() + 1) {
  for (const robots::Agent& agent : robots::AgentRegistry()) {
    OperatorCount& count = operators_[agent.operator_name];
    count.trains = count.trains || robots::AxisOfPurpose(agent.purpose) == robots::Axis::kTrain;
  }
}

bool HostTally::WantsBody(const index::ScannedHostRow& row) const {
  const index::CaptureView& capture = *row.capture;
  if (!capture.well_known || *capture.well_known != robots::WellKnown::kRobotsTxt) return true;
  const std::uint64_t form = row.number.form;
  if (capture.body_sha256.empty() || (form != 0 && form == last_form_)) return false;
  return form == 0 || !IsKnown(form);
}

void HostTally::Add(const index::ScannedHostRow& row) {
  const index::CaptureView& capture = *row.capture;
  if (!capture.well_known) return;
  const robots::WellKnown file = *capture.well_known;
  if (row.first_of_origin || open_.empty()) {
    Open(Origin{.starts_here = row.first_of_origin, .files = {}});
  }
  ++observations_;
  WellKnownCount& count = files_[static_cast<std::size_t>(file)];
  ++count.observations;
  CountBody(row, count);
  Latest latest;
  latest.date = capture.date;
  latest.state = capture.fetch_state;
  latest.reading = file == robots::WellKnown::kRobotsTxt ? ReadingOf(row) : nullptr;
  if (!latest.reading && !row.body.empty()) {
    latest.body = row.body;
    latest.url = capture.url;
  }
  if (!latest.reading && row.body.empty()) {
    latest.statements = StatementsOf(file, capture.signals);
  }
  Keep(open_.back().files[static_cast<std::size_t>(file)], std::move(latest));
}

void HostTally::CountBody(const index::ScannedHostRow& row, WellKnownCount& count) {
  // Adding it again changes nothing but the time that it takes. Of robots.txt alone: files of other
  // kinds are few, and one body may be served for several kinds, each with a count of its own.
  const bool robots = row.capture->well_known == robots::WellKnown::kRobotsTxt;
  const std::uint64_t number = row.number.body;
  if (robots && number != 0 && number < limits::kNumberedBodiesMax) {
    if (number >= counted_.size()) counted_.resize(2 * number);
    if (counted_[number]) return;
    counted_[number] = true;
  }
  const std::string_view digest = row.capture->body_sha256;
  if (digest.size() == std::tuple_size_v<Sha256Digest>) {
    count.bodies.Add(First8(digest));
  } else if (!row.body.empty()) {
    const Sha256Digest made = Sha256(row.body);
    count.bodies.Add(First8({reinterpret_cast<const char*>(made.data()), made.size()}));
  }
}

// An observation without a date never replaces one that has a date.
void HostTally::Keep(std::optional<Latest>& kept, Latest&& later) {
  if (kept && kept->date && (!later.date || *later.date < *kept->date)) return;
  kept = std::move(later);
}

void HostTally::Open(Origin origin) {
  if (open_.size() == 2) {
    Close(open_.back());
    open_.pop_back();
  }
  open_.push_back(std::move(origin));
}

void HostTally::Close(const Origin& origin) {
  ++origins_;
  for (std::size_t i = 0; i < kWellKnownCount; ++i) {
    if (origin.files[i]) CloseFile(static_cast<robots::WellKnown>(i), *origin.files[i]);
  }
}

void HostTally::CloseFile(robots::WellKnown file, const Latest& latest) {
  WellKnownCount& count = files_[static_cast<std::size_t>(file)];
  ++count.origins;
  ++count.latest_state[static_cast<std::size_t>(latest.state)];
  const bool has_body = latest.reading != nullptr || !latest.body.empty();
  const bool unread = latest.state == robots::FetchState::kOk && !has_body;
  if (unread) ++count.unread;
  CountStatements(file, latest);
  // RFC 9309 section 2.3.1: an empty file refuses nothing. An unavailable or unreachable one was
  // not read: what follows from that is a matter of the verdict, not of what the file says.
  const bool read =
      latest.state == robots::FetchState::kOk || latest.state == robots::FetchState::kOkEmpty;
  if (file != robots::WellKnown::kRobotsTxt || !read || unread) return;
  if (!latest.reading && !empty_) empty_ = Share(reader_.Read(""));
  ++pending_[latest.reading ? latest.reading : empty_];
  if (pending_.size() >= limits::kRobotsCacheEntriesMax) Settle();
}

// Null where the row has no body.
HostTally::SharedReading HostTally::ReadingOf(const index::ScannedHostRow& row) {
  const std::uint64_t form = row.number.form;
  if (form != 0 && form == last_form_) return last_reading_;
  SharedReading reading;
  if (form != 0 && IsKnown(form)) {
    reading = readings_[PlaceOf(form)].reading;
  } else {
    if (row.body.empty()) return nullptr;
    if (said_.size() >= limits::kRobotsCacheEntriesMax) Forget();
    reading = Share(reader_.Read(*row.Robots()));
    if (form == 0) return reading;
    const std::size_t place = PlaceOf(form);
    if (place >= readings_.size()) {
      readings_.resize(std::min(2 * place + 1, limits::kRobotsFormsMax));
    }
    readings_[place] = {form, reading};
  }
  last_form_ = form;
  return last_reading_ = std::move(reading);
}

void HostTally::Forget() {
  readings_ = {};
  last_form_ = 0;
  last_reading_.reset();
  said_.clear();
}

void HostTally::Rest() {
  Settle();
  Forget();
  counted_ = {};
}

HostTally::SharedReading HostTally::Share(RobotsReading&& reading) {
  return *said_.insert(std::make_shared<const RobotsReading>(std::move(reading))).first;
}

struct HostTally::OperatorsOfAgents {
  struct Strictest {
    Access any = Access::kAllowed;
    Access training = Access::kAllowed;
    bool named = false;
    bool training_named = false;
  };
  struct Agent {
    std::size_t owner = 0;  // in counts
    bool trains = false;
  };

  explicit OperatorsOfAgents(std::map<std::string_view, OperatorCount>& operators) {
    for (auto& [name, count] : operators) counts.push_back(&count);
    for (const robots::Agent& agent : robots::AgentRegistry()) {
      const auto owner = std::distance(operators.begin(), operators.find(agent.operator_name));
      agents.push_back({static_cast<std::size_t>(owner),
                        robots::AxisOfPurpose(agent.purpose) == robots::Axis::kTrain});
    }
  }

  std::vector<OperatorCount*> counts;
  std::vector<Agent> agents;
  std::vector<Strictest> strictest;  // of one reading
};

// Origins that serve the same bytes are counted together.
void HostTally::Settle() {
  if (pending_.empty()) return;
  OperatorsOfAgents operators(operators_);
  for (const auto& [reading, origins] : pending_) CountRobots(*reading, origins, operators);
  pending_.clear();
}

void HostTally::CountStatements(robots::WellKnown file, const Latest& latest) {
  if (latest.state != robots::FetchState::kOk) return;
  // Those of a reading are counted with it.
  if (latest.reading) return;
  std::vector<HostStatement> found = latest.statements;
  if (!latest.body.empty()) {
    Arena arena;
    robots::SignalList signals(&arena);
    std::pmr::vector<std::string_view> flags(&arena);
    robots::ObserveWellKnown(file, latest.body, latest.url, arena, signals, flags);
    found = StatementsOf(file, signals);
  }
  for (const HostStatement& statement : found) ++statements_[statement];
}

void HostTally::CountRobots(const RobotsReading& reading, std::uint64_t origins,
                            OperatorsOfAgents& operators) {
  robots_read_ += origins;
  for (const HostStatement& statement : reading.statements) statements_[statement] += origins;
  operators.strictest.assign(operators.counts.size(), {});
  Count(agents_[0], reading.access[0], reading.named[0], origins);
  for (std::size_t i = 0; i < operators.agents.size(); ++i) {
    const Access access = reading.access[i + 1];
    const bool named = reading.named[i + 1];
    Count(agents_[i + 1], access, named, origins);
    auto& strictest = operators.strictest[operators.agents[i].owner];
    strictest.any = StricterOf(strictest.any, access);
    strictest.named = strictest.named || named;
    if (!operators.agents[i].trains) continue;
    strictest.training = StricterOf(strictest.training, access);
    strictest.training_named = strictest.training_named || named;
  }
  for (std::size_t i = 0; i < operators.counts.size(); ++i) {
    OperatorCount& count = *operators.counts[i];
    const auto& strictest = operators.strictest[i];
    Count(count.any, strictest.any, strictest.named, origins);
    if (!count.trains) continue;
    Count(count.training, strictest.training, strictest.training_named, origins);
  }
}

void HostTally::Merge(HostTally&& right) {
  right.Settle();
  observations_ += right.observations_;
  origins_ += right.origins_;
  robots_read_ += right.robots_read_;
  for (std::size_t i = 0; i < kWellKnownCount; ++i) {
    WellKnownCount& left = files_[i];
    const WellKnownCount& other = right.files_[i];
    left.observations += other.observations;
    left.origins += other.origins;
    left.unread += other.unread;
    for (std::size_t s = 0; s < kFetchStateCount; ++s) {
      left.latest_state[s] += other.latest_state[s];
    }
    left.bodies.Merge(other.bodies);
  }
  for (const auto& [statement, origins] : right.statements_) statements_[statement] += origins;
  for (std::size_t i = 0; i < agents_.size(); ++i) card::Add(agents_[i], right.agents_[i]);
  for (const auto& [name, count] : right.operators_) {
    card::Add(operators_[name].any, count.any);
    card::Add(operators_[name].training, count.training);
  }
  for (Origin& origin : right.open_) {
    if (origin.starts_here || open_.empty()) {
      Open(std::move(origin));
      continue;
    }
    for (std::size_t i = 0; i < kWellKnownCount; ++i) {
      if (origin.files[i]) Keep(open_.back().files[i], std::move(*origin.files[i]));
    }
  }
  right.open_.clear();
  right.Rest();
}

void HostTally::Finish() {
  for (const Origin& origin : open_) Close(origin);
  open_.clear();
  Rest();
}

}  // namespace crawlcard::card
