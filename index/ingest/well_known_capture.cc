// The body of a file with a fixed place on its origin, and what is kept of bodies.

#include <algorithm>
#include <map>
#include <optional>

#include "base/digest.h"
#include "index/ingest/file_observer.h"
#include "index/limits.h"
#include "robots/robots_flags.h"
#include "robots/well_known.h"

namespace crawlcard::index {
namespace {

// The flags of a body that was read before by this thread are remembered: hosts share templates,
// and a host seldom changes its own.
void RobotsFlagsOf(std::string_view body, const Sha256Digest& digest, Arena& arena,
                   std::pmr::vector<std::string_view>& flags) {
  constexpr std::size_t kRememberedMax = 16 * 1024;
  thread_local std::map<Sha256Digest, std::vector<std::string_view>> remembered;  // static texts
  const auto known = remembered.find(digest);
  if (known != remembered.end()) {
    flags.assign(known->second.begin(), known->second.end());
    return;
  }
  robots::ObserveRobotsFlags(body, arena, flags);
  if (remembered.size() >= kRememberedMax) remembered.clear();
  remembered.emplace(digest, std::vector<std::string_view>(flags.begin(), flags.end()));
}

}  // namespace

void FileObserver::TakeWellKnown(std::string_view body) {
  if (capture_.fetch_state != robots::FetchState::kOk) return;
  if (body.size() > limits::kBlobBytesMax) {
    notes_.emplace_back("index.body_cut");
    body = body.substr(0, limits::kBlobBytesMax);
  }
  if (body.empty()) {
    capture_.fetch_state = robots::FetchState::kOkEmpty;
    return;
  }
  const std::string_view kept = arena_.Copy(body);
  std::optional<Sha256Digest> digest;
  robots::SignalList found(&arena_);
  std::pmr::vector<std::string_view> flags(&arena_);
  if (!options_.for_rows || capture_.well_known != robots::WellKnown::kRobotsTxt) {
    robots::ObserveWellKnown(*capture_.well_known, kept, capture_.url, arena_, found, flags);
  } else if (robots::IsHtmlBody(kept)) {
    robots::ObserveRobotsFlags(kept, arena_, flags);  // not kept, and no need of a digest
  } else {
    digest = Sha256(kept);
    RobotsFlagsOf(kept, *digest, arena_, flags);
  }
  AddNotes(flags);
  if (std::any_of(flags.begin(), flags.end(),
                  [](std::string_view flag) { return flag.ends_with("html_body"); })) {
    capture_.fetch_state = robots::FetchState::kOkEmpty;
    return;
  }
  signals_.insert(signals_.end(), found.begin(), found.end());
  capture_.well_known_signals = static_cast<std::uint32_t>(found.size());
  KeepBody(kept, digest ? *digest : Sha256(kept));
}

// `body` lives in the arena.
void FileObserver::KeepBody(std::string_view body) {
  KeepBody(body, Sha256(body));
}

void FileObserver::KeepBody(std::string_view body, const Sha256Digest& digest) {
  capture_.kept_body = body;
  capture_.body_sha256 = arena_.Copy({reinterpret_cast<const char*>(digest.data()), digest.size()});
}

}  // namespace crawlcard::index
