// index/scan.h - answers from an index: the ordered scan with verdicts, lookups, the dump.
//
// Page keys sort by reversed host, so all pages of a site are neighbours and the site's signals are
// loaded once: a merge join without random reads. Threads take key ranges; partial folds merge.
// Rows of unsealed files are passed over.
//
// Thread rule: all functions may run side by side on one Store.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "index/capture.h"
#include "index/schema.h"
#include "index/store.h"
#include "index/takedown.h"
#include "robots/origin.h"
#include "robots/verdict.h"

namespace crawlcard::index {

// Which instant an answer speaks about.
struct AsOf {
  enum class Kind : std::uint8_t { kCapture, kInstant } kind = Kind::kCapture;
  UnixSeconds instant = 0;
};

struct JudgeOptions {
  robots::Axis use = robots::Axis::kTrain;
  std::vector<std::string> agents{"*"};
  robots::Dialect dialect = robots::Dialect::kRfc9309;
  robots::Policy policy;
  AsOf as_of;
  // Only what this index had sealed by then; unset: all of it. `as_of` is about the world, this is
  // about what we knew of it.
  std::optional<UnixSeconds> known_by;
};

// Up to when a takedown request must have been received to count (docs/formats/takedown.md): that
// is the instant asked about. Signals as of a capture are those of its day; a request comes later
// by its nature, and counts whatever the capture's date.
inline std::optional<UnixSeconds> TakedownInstant(const JudgeOptions& options) {
  if (options.as_of.kind == AsOf::Kind::kCapture) return std::nullopt;
  return options.as_of.instant;
}

// A verdict for one URL or host, with the capture it was given for.
struct UrlVerdict {
  std::string url;
  UnixSeconds as_of = 0;
  robots::Verdict verdict;
  std::optional<robots::Evidence> capture;  // nullopt: by the host's signals alone
  // The earliest request that covers it; `verdict.usable` is false then, under every policy.
  std::optional<Takedown> takedown;
};

// A request that covers the URL: it may not be used, whatever its publisher said.
inline void Honour(const Takedown& takedown, UrlVerdict& verdict) {
  verdict.takedown = takedown;
  verdict.verdict.usable = false;
}

// Verdict for a URL (its latest capture at or before as_of) or a bare host name.
[[nodiscard]] Result<UrlVerdict> CheckUrl(const Store& store, std::string_view url_or_host,
                                          const JudgeOptions& options);

// Which rows a timeline shows.
struct TimelineOptions {
  std::optional<UnixSeconds> as_of;     // none observed later
  std::optional<UnixSeconds> known_by;  // as in JudgeOptions
};

// What the index holds of one URL or host, in time order: captures, then the origin's files.
[[nodiscard]] Status ShowTimeline(const Store& store, std::string_view url_or_host,
                                  const TimelineOptions& options,
                                  const std::function<Status(const CaptureView&)>& on_row);

// What a scan hands to a fold, page by page in key order within one range.
struct ScannedPage {
  const CaptureView* capture = nullptr;
  // The SURT key as it is stored (schema.h): pages with the same one are neighbours. "-" for a URL
  // that has none.
  std::string_view url_key;
  // At most one of both, as ScanOptions say.
  const robots::Verdict* verdict = nullptr;
  const robots::VerdictCodes* codes = nullptr;
  // The earliest takedown request that covers the page, or null. Where there is one, verdict and
  // codes are not usable.
  const Takedown* takedown = nullptr;
  // Where ScanOptions::number_alike is set: captures with the same number have the same codes and
  // say the same (RowFacts). 0: like none.
  std::uint64_t alike = 0;
};
// Within the range of one fold, bodies with the same number are the same, and robots.txt files with
// the same number of their form say the same (robots/robots_form.h). No other body gets a number
// that has been given. 0: not known.
struct BodyNumber {
  std::uint64_t body = 0;
  std::uint64_t form = 0;
};
// One origin's observation of one well-known file.
struct ScannedHostRow {
  const CaptureView* capture = nullptr;
  std::string_view body;  // decoded blob, empty when none or not asked for
  // Of the body, where ScanOptions::number_bodies is set and the row has one.
  BodyNumber number;
  robots::ParsedFileCache* parsed = nullptr;  // of a robots.txt that comes with its body alone
  bool first_of_origin = false;

  // The robots.txt itself, shared with those who judge by it.
  std::shared_ptr<const robots::RobotsTxt> Robots() const;
};

// A fold over one key range. Ranges never split a registrable domain.
class Fold {
 public:
  virtual ~Fold() = default;
  virtual Status OnPage(const ScannedPage& page) = 0;
  virtual Status OnHostRow(const ScannedHostRow& row) = 0;
  // Asked of each page with a number of its like: whether it has to come with what all of these
  // say. Otherwise it comes with its numbers, words and what is its own.
  virtual bool WantsFacts(std::uint64_t /*alike*/) { return true; }
  // Asked of each host row where ScanOptions::bodies is set, with those of its facts that
  // ScanOptions::parts name: whether it has to come with all of them and with its body. Most bodies
  // are met many times.
  virtual bool WantsBody(const ScannedHostRow& /*row*/) { return true; }
  // The range has been read: what is only there to read it faster may go. The ranges of a scan are
  // many, those being read few.
  virtual void OnEnd() {}
};

struct ScanOptions {
  bool judge = true;
  // Verdicts as codes: what many pages share is found once.
  bool codes_only = false;
  // With codes: pages that are alike in all but what is their own are told by a number.
  bool number_alike = false;
  // What of each row the fold looks at. Without kRowTexts the file of a capture may be unnamed.
  RowParts parts = kRowAll;
  // Host rows come with their body,
  bool bodies = true;
  // and with what it says, but for a fold that reads it itself.
  bool bodies_read = true;
  // Bodies are numbered, as they always are with codes: all of the index are looked at first.
  bool number_bodies = false;
  JudgeOptions judge_options;
  unsigned jobs = 1;
};

// Folds the whole index. `make_fold` is called once a range; the folds come back in key order, so
// that merging them left to right gives the same result for any `jobs`.
[[nodiscard]] Result<std::vector<std::unique_ptr<Fold>>> Scan(
    const Store& store, const ScanOptions& options,
    const std::function<std::unique_ptr<Fold>()>& make_fold);

// Every fact row in key order as text, one JSON object a line: equal dumps, equal indexes.
struct DumpOptions {
  bool with_ledger = false;
};
[[nodiscard]] Status Dump(const Store& store, const DumpOptions& options,
                          const std::function<Status(std::string_view line)>& on_line);

}  // namespace crawlcard::index
