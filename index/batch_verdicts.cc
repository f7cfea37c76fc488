#include "index/internal/batch_verdicts.h"

#include <algorithm>
#include <array>
#include <type_traits>

#include "robots/robots_txt.h"

namespace crawlcard::index {
namespace {

// About, beside the bytes of keys and texts.
constexpr std::size_t kAlikeBytes = 160;
constexpr std::size_t kCodesBytes = 600;

// What a statement is, by its kinds and the places of its texts in memory: those of one parsed file
// live as long as its verdicts.
struct StatementMark {
  std::uint64_t kinds = 0;
  std::array<const void*, 6> texts{};
  std::array<std::uint32_t, 6> sizes{};
};
static_assert(std::has_unique_object_representations_v<StatementMark>);

StatementMark MarkOf(const robots::Signal& signal) {
  const auto size = [](std::string_view text) { return static_cast<std::uint32_t>(text.size()); };
  StatementMark mark;
  mark.kinds = std::uint64_t{static_cast<unsigned>(signal.family)} << 32 |
               static_cast<unsigned>(signal.carrier) << 24 |
               static_cast<unsigned>(signal.use) << 16 | static_cast<unsigned>(signal.says) << 8 |
               static_cast<unsigned>(signal.careful) << 4 |
               static_cast<unsigned>(signal.confidence);
  mark.texts = {signal.agent.data(), signal.scope.data(),     signal.key.data(),
                signal.value.data(), signal.condition.data(), signal.flags.data()};
  mark.sizes = {size(signal.agent),     size(signal.scope),
                size(signal.key),       size(signal.value),
                size(signal.condition), static_cast<std::uint32_t>(signal.flags.size())};
  return mark;
}

}  // namespace

VerdictTable::VerdictTable(const std::vector<JudgeOptions>& questions)
    : questions_(questions.size()), recent_(kRecent) {
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
  Local*& recent = recent_[bodies % kRecent];
  if (recent != nullptr && recent->id == bodies) return recent;
  const auto found = locals_.find(bodies);
  if (found == locals_.end()) return nullptr;
  return recent = found->second.get();
}

VerdictTable::Local* VerdictTable::Add(std::shared_ptr<const OriginBodies> bodies) {
  std::unique_ptr<Local>& local = locals_[bodies->id];
  if (local == nullptr) {
    local = std::make_unique<Local>();
    local->alike.resize(askers_.size());
    local->silent.resize(askers_.size());
    local->id = bodies->id;
    local->bodies = std::move(bodies);
    held_bytes_ += kAlikeBytes * (1 + askers_.size());
  }
  return local.get();
}

void VerdictTable::MakeRoom(std::size_t bytes_max, bool bodies_left) {
  if (held_bytes_ > bytes_max || bodies_left) recent_.assign(kRecent, nullptr);
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
  const auto size = static_cast<std::uint32_t>(page->marks.statements.size());
  key_.append(reinterpret_cast<const char*>(&size), sizeof size);
  key_.append(page->marks.statements);
}

// What the files in force say about the path, by the identity of their statements.
void VerdictTable::AppendStatements(const Local& local, std::size_t asker, std::string_view path) {
  if (local.bodies->silent) return;
  statements_.clear();
  local.bodies->signals.CollectStatements(path, askers_[asker], statements_);
  for (const robots::Statement& one : statements_) {
    const StatementMark mark = MarkOf(one.signal);
    key_.append(reinterpret_cast<const char*>(&mark), sizeof mark);
  }
}

AlikeUrls& VerdictTable::Alike(Local& local, std::size_t asker, std::string_view path,
                               const PageReader::Found* page, const OriginStanding& standing) {
  const bool silent = page == nullptr && local.bodies->silent;
  if (silent && local.silent[asker] != nullptr) return *local.silent[asker];
  key_.clear();
  AppendPage(page, standing);
  AppendStatements(local, asker, path);
  Local::Alike& alike = local.alike[asker];
  if (const auto found = alike.find(std::string_view(key_)); found != alike.end()) {
    return found->second;
  }
  AlikeUrls& made = alike[key_];
  if (silent) local.silent[asker] = &made;
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
