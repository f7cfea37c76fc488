// robots/origin.h - what one origin had said at one instant, compiled for asking about its URLs.
//
// Built from the observations in force (the latest of each file at or before the instant); asked
// once a URL. Bodies are parsed once a digest or form: callers share parsed files through
// ParsedFileCache.
//
// Thread rule: OriginSignals is immutable after construction; ParsedFileCache is thread-safe.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/time.h"
#include "robots/observe.h"
#include "robots/path_sieve.h"
#include "robots/robots_txt.h"
#include "robots/verdict.h"

namespace crawlcard::robots {

// How asking for a file went (RFC 9309 section 2.3.1; docs/formats/signals.md).
enum class FetchState : std::uint8_t {
  kOk,           // 2xx with content of the right kind
  kOkEmpty,      // 2xx, nothing in it (zero length, HTML shell)
  kUnavailable,  // 4xx but 429; too many redirects
  kUnreachable,  // 5xx, 429, network failure
  kRedirect,     // 3xx whose target was not seen
};
std::string_view FetchStateName(FetchState state);  // "ok", "ok-empty", "unavailable", ...
FetchState FetchStateFromStatus(std::uint16_t status);

// One observation of one well-known file, with the bytes it can be walked back to.
struct FileObservation {
  WellKnown file = WellKnown::kRobotsTxt;
  FetchState state = FetchState::kUnreachable;
  bool no_answer = false;  // kUnreachable for want of an answer (DNS, connect, TLS, timeout)
  Evidence evidence;       // date, pointer, digest
  std::string body;        // empty unless kOk
};

// A parsed file shared between origins that serve the same bytes.
class ParsedFile;
class ParsedFileCache {
 public:
  explicit ParsedFileCache(std::size_t bytes_max);
  ~ParsedFileCache();
  // `digest` names `body`; the same digest gives the same object while it stays cached. So do those
  // of two robots.txt that differ by the address of their sitemap alone (robots_form.h): its
  // sitemaps() may be those of the other.
  std::shared_ptr<const ParsedFile> Get(WellKnown file, std::string_view digest,
                                        std::string_view body);

  // The same of a robots.txt for those who ask the file itself.
  std::shared_ptr<const RobotsTxt> GetRobots(std::string_view digest, std::string_view body);

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

class OriginSignals {
 public:
  // `observations`: at most one a file. `cache` may be shared by threads.
  OriginSignals(std::vector<FileObservation> observations, ParsedFileCache& cache);
  ~OriginSignals();
  OriginSignals(OriginSignals&&) noexcept;

  // Appends the statements that apply to `url` for `question`, and one coverage entry a file. What
  // a robots.txt that could not be read means follows the dialect's fetch policy: Common Crawl's
  // takes one that nobody answered for as absent.
  void Collect(std::string_view url, const Question& question,
               std::vector<Statement>& statements_out, std::vector<Coverage>& coverage_out) const;

  // The statements alone, for `path`: path and query as they stand in a URL, beginning with a
  // slash. Those that are alike for two paths are views of the same text.
  void CollectStatements(std::string_view path, const Question& question,
                         std::vector<Statement>& statements_out) const;

  // CollectStatements() gives the same for all paths that this calls plain. None are where a file
  // of another kind goes by paths, or the dialect compares them in its own way.
  PathSieve Sieve(Dialect dialect) const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace crawlcard::robots
