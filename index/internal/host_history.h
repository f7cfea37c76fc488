// index/internal/host_history.h - what the origins of one host had said, and when.
//
// Filled with the host rows of one group (all schemes, exact hosts and ports of a SURT host); asked
// for the signals of one origin at an instant: of each file the latest observation at or before it,
// a 304 or revisit standing for the body before it, a redirect for what it led to.
//
// Thread rule: thread-compatible.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "index/internal/blob_reader.h"
#include "index/internal/store_impl.h"
#include "robots/origin.h"

namespace crawlcard::index {

// One host row without its statements.
struct Observation {
  robots::WellKnown file = robots::WellKnown::kRobotsTxt;
  robots::FetchState state = robots::FetchState::kUnreachable;
  bool no_answer = false;  // a request without one
  bool unchanged = false;  // a 304 or a revisit
  UnixSeconds date = 0;    // 0 when the archive gave none
  std::uint64_t file_id = 0;
  robots::Evidence evidence;
  std::string body_sha256;
  std::string redirect;
};

// Whether a host row is of a request that had no answer: of captures without a response only those
// become host rows.
inline bool NobodyAnswered(const CaptureView& capture) {
  return capture.record_type == warc::RecordType::kMetadata;
}

Observation ObservationOf(const HostKeyView& key, const CaptureView& capture);

// The evidence a statement of this capture can be walked back to.
robots::Evidence EvidenceOf(const CaptureView& capture);

// Follows a redirect of a well-known file through the archive file that holds it. Gives what the
// last hop answered, dated as the first; unchanged where a hop was not seen.
[[nodiscard]] Result<Observation> FollowRedirect(const Store::Impl& store, const FileTable& files,
                                                 Observation first);

class HostHistory {
 public:
  // Borrows its arguments.
  HostHistory(const Store::Impl& store, const FileTable& files, BlobReader& blobs,
              robots::ParsedFileCache& parsed);

  void Clear();
  // Rows come in key order.
  void Add(const HostKeyView& key, const CaptureView& capture);

  // Signals in force at `as_of` at the origin with this key prefix (AppendOriginPrefix). Dead after
  // the next call. An origin that was never asked says so.
  [[nodiscard]] Result<const robots::OriginSignals*> InForce(std::string_view origin,
                                                             UnixSeconds as_of);

  // What holds at the origin at `as_of`, as InForce() reads it: of each file the observation in
  // force, or what it stands for. Until before `until` nothing changes but the day.
  struct Standing {
    UnixSeconds since = 0;
    UnixSeconds until = 0;
    std::vector<Observation> observations;
  };
  [[nodiscard]] Result<Standing> At(std::string_view origin, UnixSeconds as_of);

  // Calls `visit(origin's key prefix, observation)` for each observation, by origin, file and time:
  // a 304 or revisit as the answer before it, a redirect as what it led to.
  template <class Visit>
  Status ForEach(const Visit& visit);

  // Whether any of the origin's files was ever observed.
  bool Knows(std::string_view origin) const { return Find(origin) != nullptr; }
  // Latest date of any observation at the origin, or 0.
  UnixSeconds LatestDate(std::string_view origin) const;

 private:
  struct Origin {
    std::string prefix;
    std::vector<Observation> observations;  // by file, then time
    // What holds from `since` until before `until`.
    std::unique_ptr<robots::OriginSignals> signals;
    UnixSeconds since = 0;
    UnixSeconds until = 0;
  };

  const Origin* Find(std::string_view prefix) const;
  static std::vector<std::size_t> Choose(const Origin& origin, UnixSeconds as_of);
  static Observation Resolved(const Origin& origin, std::size_t at);
  // What an observation stands for. `content` is the one before it that had an answer of its own,
  // or null.
  static Observation StandingFor(const Observation& observation, const Observation* content);
  // The observation itself, or what its redirect led to.
  [[nodiscard]] Result<Observation> Followed(Observation observation);
  [[nodiscard]] Result<Standing> StandingOf(const Origin& origin, UnixSeconds as_of);
  [[nodiscard]] Status Compile(Origin& origin, UnixSeconds as_of);

  const Store::Impl& store_;
  const FileTable& files_;
  BlobReader& blobs_;
  robots::ParsedFileCache& parsed_;
  std::vector<Origin> origins_;  // sorted by prefix
  Origin unasked_;
};

template <class Visit>
Status HostHistory::ForEach(const Visit& visit) {
  for (const Origin& origin : origins_) {
    const Observation* content = nullptr;
    for (const Observation& observation : origin.observations) {
      if (content != nullptr && content->file != observation.file) content = nullptr;
      if (!observation.unchanged) content = &observation;
      CRAWLCARD_ASSIGN(const Observation seen, Followed(StandingFor(observation, content)));
      CRAWLCARD_TRY(visit(std::string_view(origin.prefix), seen));
    }
  }
  return {};
}

}  // namespace crawlcard::index
