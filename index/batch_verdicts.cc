#include "index/internal/batch_verdicts.h"

#include <algorithm>

#include "robots/robots_txt.h"

namespace crawlcard::index {
namespace {

// About, beside the bytes of keys and texts.
constexpr std::size_t kAlikeBytes = 160;
constexpr std::size_t kCodesBytes = 600;

template <class Value>
void AppendRaw(const Value& value, std::string& out) {
  out.append(reinterpret_cast<const char*>(&value), sizeof value);
}

// A text by its place in memory: those of one parsed file live as long as its verdicts.
void AppendPlaceOf(std::string_view text, std::string& out) {
  AppendRaw(text.data(), out);
  AppendRaw(static_cast<std::uint32_t>(text.size()), out);
}

void AppendStatement(const robots::Signal& signal, std::string& out) {
  AppendRaw(std::uint64_t{static_cast<unsigned>(signal.family)} << 32 |
                static_cast<unsigned>(signal.carrier) << 24 |
                static_cast<unsigned>(signal.use) << 16 | static_cast<unsigned>(signal.says) << 8 |
                static_cast<unsigned>(signal.careful) << 4 |
                static_cast<unsigned>(signal.confidence),
            out);
  AppendPlaceOf(signal.agent, out);
  AppendPlaceOf(signal.scope, out);
  AppendPlaceOf(signal.key, out);
  AppendPlaceOf(signal.value, out);
  AppendPlaceOf(signal.condition, out);
  AppendRaw(signal.flags.data(), out);
  AppendRaw(signal.flags.size(), out);
}

}  // namespace

VerdictTable::VerdictTable(const std::vector<JudgeOptions>& questions)
    : questions_(questions.size()) {
  for (const JudgeOptions& one : questions) {
    std::size_t at = 0;
    while (at < askers_.size() &&
           (askers_[at].agents != one.agents || askers_[at].dialect != one.dialect)) {
      ++at;
    }
    if (at == askers_.size()) {
      robots::Question asker;
      asker.agents = one.agents;
      asker.dialect = one.dialect;
      askers_.push_back(std::move(asker));
    }
    asker_of_.push_back(at);
  }
}

VerdictTable::Local* VerdictTable::Find(std::uint64_t bodies) {
  const auto found = locals_.find(bodies);
  return found == locals_.end() ? nullptr : found->second.get();
}

VerdictTable::Local* VerdictTable::Add(std::shared_ptr<const OriginBodies> bodies) {
  std::unique_ptr<Local>& local = locals_[bodies->id];
  if (local == nullptr) {
    local = std::make_unique<Local>();
    local->alike.resize(askers_.size());
    local->bodies = std::move(bodies);
    held_bytes_ += kAlikeBytes * (1 + askers_.size());
  }
  return local.get();
}

void VerdictTable::MakeRoom(std::size_t bytes_max, bool bodies_left) {
  if (held_bytes_ > bytes_max) {
    locals_.clear();
    held_bytes_ = 0;
    ++times_forgotten_;
  } else if (bodies_left) {
    // What they hold stays counted: it was little, or the whole table goes soon.
    std::erase_if(locals_, [](const auto& one) { return one.second->bodies.use_count() == 1; });
    ++times_forgotten_;
  }
}

void VerdictTable::AppendPage(const PageReader::Found* page, const OriginStanding& standing) {
  if (page == nullptr) {
    key_.push_back('\x00');
    return;
  }
  const CaptureView& capture = page->capture;
  // Where the page's day stands among those of the files: a later observation of what speaks in
  // one way sets the earlier aside.
  unsigned earlier = 0;
  unsigned same = 0;
  for (std::size_t i = 0; i < standing.files; ++i) {
    if (standing.dates[i] < page->date) ++earlier;
    if (standing.dates[i] == page->date) ++same;
  }
  key_.push_back('\x01');
  key_.push_back(static_cast<char>(capture.via));
  key_.push_back(capture.status == 0
                     ? '\x7F'
                     : static_cast<char>(robots::FetchStateFromStatus(capture.status)));
  key_.push_back(
      static_cast<char>((capture.date ? 1U : 0U) | static_cast<unsigned>(capture.document) << 1));
  key_.push_back(static_cast<char>(earlier << 4 | same));
  AppendRaw(static_cast<std::uint32_t>(page->marks.statements.size()), key_);
  key_.append(page->marks.statements);
}

// What the files in force say about the path, by the identity of their statements.
void VerdictTable::AppendStatements(const Local& local, std::size_t asker, std::string_view path) {
  if (local.bodies->silent) return;
  statements_.clear();
  local.bodies->signals.CollectStatements(path, askers_[asker], statements_);
  for (const robots::Statement& one : statements_) AppendStatement(one.signal, key_);
}

AlikeUrls& VerdictTable::Alike(Local& local, std::size_t asker, std::string_view path,
                               const PageReader::Found* page, const OriginStanding& standing) {
  key_.clear();
  AppendPage(page, standing);
  AppendStatements(local, asker, path);
  Local::Alike& alike = local.alike[asker];
  if (const auto found = alike.find(std::string_view(key_)); found != alike.end()) {
    return found->second;
  }
  AlikeUrls& made = alike[key_];
  made.verdicts.resize(questions_ * kDayKinds);
  held_bytes_ += kAlikeBytes + key_.size() + made.verdicts.size() * sizeof(KeptVerdict);
  return made;
}

const robots::VerdictCodes* VerdictTable::Keep(KeptVerdict& kept, const robots::Verdict& verdict) {
  kept.state = KeptVerdict::State::kKept;
  kept.codes = std::make_unique<const robots::VerdictCodes>(robots::CodesOf(verdict));
  held_bytes_ += kCodesBytes;
  return kept.codes.get();
}

}  // namespace crawlcard::index
