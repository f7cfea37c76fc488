// index/internal/batch_verdicts.h - verdicts without text that a worker has met, by what they hang
// on.
//
// A decision hangs on the bodies in force, the rules that they have for a path, what the page
// itself says, the order of its day and theirs, and on whether the robots.txt is too old. The first
// URL of a kind is judged in full; the others get its codes. Where a date or a document elsewhere
// decides nothing is kept.
//
// Thread rule: thread-compatible; one a worker.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "base/result.h"
#include "index/internal/batch_bodies.h"
#include "index/internal/batch_hash.h"
#include "index/internal/batch_rows.h"
#include "index/internal/line_form.h"
#include "index/scan.h"
#include "robots/verdict.h"

namespace crawlcard::index {

// The answer to one question where everything it hangs on is the same.
struct KeptVerdict {
  enum class State : std::uint8_t { kUnasked, kKept, kPassing } state = State::kUnasked;
  std::unique_ptr<const robots::VerdictCodes> codes;
  LineForms lines;  // where lines were asked for
};

// Of URLs that are alike: a kept verdict for each question and day.
struct AlikeUrls {
  std::vector<KeptVerdict> verdicts;
};

// Whether robots.txt is too old by the instant, and whether there is an instant.
enum DayBits : std::uint8_t { kDayStale = 1, kDayUntimed = 2 };
inline constexpr std::size_t kDayKinds = 4;

class VerdictTable {
 public:
  explicit VerdictTable(const std::vector<JudgeOptions>& questions);

  // Bodies in force, with the verdicts under them.
  struct Local {
    std::uint64_t id = 0;
    std::shared_ptr<const OriginBodies> bodies;  // shared with BodiesTable and other workers
    struct Hash {
      using is_transparent = void;
      std::size_t operator()(std::string_view text) const { return HashOfBytes(text); }
    };
    using Alike = std::unordered_map<std::string, AlikeUrls, Hash, std::equal_to<>>;
    std::vector<Alike> alike;  // one an asker
    // Of silent bodies, and URLs that are judged by them alone: all of them, or null.
    std::vector<AlikeUrls*> silent;  // one an asker
  };

  // Null where they are not met yet.
  Local* Find(std::uint64_t bodies);
  Local* Add(std::shared_ptr<const OriginBodies> bodies);

  // Forgets bodies that left the shared table, and everything when it holds more than `bytes_max`.
  // Nothing that was given out stays.
  void MakeRoom(std::size_t bytes_max, bool bodies_left);
  std::uint64_t times_forgotten() const { return times_forgotten_; }

  // Questions of one asker (agents and dialect) have one number.
  std::size_t asker(std::size_t question) const { return asker_of_[question]; }

  // URLs that `path` and the page's own statements make alike. `page` is null for a URL that is
  // judged by its host alone.
  AlikeUrls& Alike(Local& local, std::size_t asker, std::string_view path,
                   const PageReader::Found* page, const OriginStanding& standing);
  KeptVerdict& Verdict(AlikeUrls& alike, std::size_t question, std::uint8_t day) const {
    return alike.verdicts[question * kDayKinds + day];
  }
  const robots::VerdictCodes* Keep(KeptVerdict& kept, const robots::Verdict& verdict);
  void Count(std::size_t bytes) { held_bytes_ += bytes; }

 private:
  void AppendStatements(const Local& local, std::size_t asker, std::string_view path);
  void AppendPage(const PageReader::Found* page, const OriginStanding& standing);

  std::size_t questions_;
  std::vector<robots::Question> askers_;
  std::vector<std::size_t> asker_of_;  // by question
  std::unordered_map<std::uint64_t, std::unique_ptr<Local>> locals_;
  static constexpr std::size_t kRecent = 8192;
  std::vector<Local*> recent_;  // by the low digits of their ids
  std::size_t held_bytes_ = 0;
  std::uint64_t times_forgotten_ = 0;
  std::string key_;
  std::vector<robots::Statement> statements_;
};

}  // namespace crawlcard::index
