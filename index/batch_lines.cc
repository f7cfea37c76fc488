// Verdict lines of hosts, written once for the URLs that are alike and repeated for the others.
//
//   {"schema":"crawlcard.verdict.v1","url":"...","use":...,"as_of":"...","dialect":...}
//   '------------- head -----------'  its own  '-- middle -----'  its own '--- tail ---'

#include "index/internal/batch_worker.h"
#include "index/verdict_json.h"

namespace crawlcard::index {
namespace {

constexpr std::string_view kHead = R"({"schema":"crawlcard.verdict.v1","url":)";
// Stands nowhere else: inside a text its quotes are escaped.
constexpr std::string_view kInstant = R"(,"as_of":)";

}  // namespace

bool Batch::Worker::Impl::RepeatLine(const AskedUrl& asked, const Origin& origin,
                                     const OriginStanding& standing, const KeptVerdict& kept,
                                     BatchAnswer& answer) {
  // The evidence is the origin's own, and that of its standing.
  tail_key_.assign(origin.authority);
  tail_key_.push_back('\0');
  tail_key_.append(reinterpret_cast<const char*>(&standing.since), sizeof standing.since);
  const KeptVerdict* const kind = &kept;
  tail_key_.append(reinterpret_cast<const char*>(&kind), sizeof kind);
  const auto found = tails_.find(tail_key_);
  if (found == tails_.end()) return false;
  line_.assign(kHead);
  AppendJsonString(asked.url, line_);
  line_.append(line_middle_);
  JsonWriter json(line_);
  WriteDate(answer.as_of, json);
  line_.append(found->second);
  answer.json = arena_.Copy(line_);
  return true;
}

// After RepeatLine() did not know the line.
void Batch::Worker::Impl::RememberLine(const AskedUrl& asked, const BatchAnswer& answer) {
  line_.assign(kHead);
  AppendJsonString(asked.url, line_);
  const std::string_view whole = answer.json;
  const std::size_t middle = line_.size();
  const std::size_t instant = whole.find(kInstant, middle);
  if (instant == std::string_view::npos) return;
  const std::size_t date = instant + kInstant.size();
  const std::size_t tail = whole.find(',', date);
  line_middle_ = whole.substr(middle, date - middle);
  tails_.emplace(tail_key_, whole.substr(tail));
  tails_bytes_ += tail_key_.size() + whole.size() - tail + 100;
}

}  // namespace crawlcard::index
