// card/tally.h - every count of a card, filled by one fold over the index scan.
//
// A Tally is one value: captures, pages, dates, languages, licences, signals, verdicts, domains and
// what origins said. Partial tallies of neighbouring key ranges merge left to right; any split
// gives the same result. Populations, units and stages: card/definitions.cc and
// docs/formats/card.md.
//
// Thread rule: a value, thread-compatible; one fold a range.
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "card/alike.h"
#include "card/counts.h"
#include "card/domains.h"
#include "card/host_tally.h"
#include "card/modality.h"
#include "card/verdict_tally.h"
#include "index/scan.h"

namespace crawlcard::card {

struct TallyOptions {
  // Domains kept, in memory that grows with their number; 0 keeps all. A card lists the first
  // limits::kTopDomainsDefault; the disclosure list (card/domain_list.h) needs a tenth of them.
  std::size_t domains_max = limits::kDomainRowsMax;
};

// Status classes: 0 no HTTP status, 1 to 5 the hundreds, 6 anything else.
inline constexpr std::size_t kStatusClassCount = 7;
inline constexpr std::size_t kRecordTypeCount = 9;  // by bit of warc::RecordType
inline constexpr std::size_t kLanguageSourceCount = 4;

struct MonthCount {
  std::uint64_t captures = 0;
  std::uint64_t pages = 0;
  std::uint64_t payload_bytes = 0;
};

class Tally {
 public:
  explicit Tally(const TallyOptions& options = {});

  // False where captures with this number were met before: one with their numbers alone will do.
  bool WantsFacts(std::uint64_t alike) const {
    return alike != last_alike_ && KnownLotOf(alike).alike != alike;
  }
  void AddPage(const index::ScannedPage& page);
  // Frees what only makes the next rows cheaper.
  void Rest();
  void AddHostRow(const index::ScannedHostRow& row) { hosts.Add(row); }
  // `right` follows in key order and is used up.
  void Merge(Tally&& right);
  // Counts what is open, and closes groups at the edges. Add and Merge may not follow. The counts
  // hold after it.
  void Finish();

  // Populations. A capture is a row of the scan that is no host file; a page is a capture of type
  // response with status 200 whose media type is HTML.
  Reach captures;
  Reach pages;
  GroupCount urls;
  GroupCount page_urls;
  std::uint64_t record_bytes = 0;          // compressed, of captures with a unit of their own
  std::uint64_t shared_unit_captures = 0;  // captures in a unit shared with others: no own length
  std::array<std::uint64_t, kRecordTypeCount> record_types{};
  std::array<std::uint64_t, kStatusClassCount> status_classes{};
  std::map<std::uint16_t, std::uint64_t> statuses;  // 100 to 599, those that occur
  std::optional<UnixSeconds> first;
  std::optional<UnixSeconds> last;
  std::uint64_t undated = 0;  // no WARC-Date, or outside limits::kYearMin to kYearMax
  std::map<int, MonthCount> months;

  // Of pages: primary language. Keys of language_sources are "SOURCE CODE".
  ReachTable languages;
  ReachTable language_sources;
  // Of captures with status 200 that are no revisits.
  ReachTable media_types;
  std::array<Reach, kModalityCount> modalities;  // the same captures, by kind of content
  // Of pages.
  ReachTable charsets;
  ReachTable licences;           // keys "page ID" and "other ID"
  Reach pages_with_licence;      // any licence of page scope
  Reach pages_with_any_licence;  // any licence statement
  // Of captures.
  ReachTable truncated;
  ReachTable notes;
  std::map<PageStatement, Reach> statements;                          // of pages
  std::map<std::pair<robots::Family, robots::Says>, Reach> families;  // of pages
  Reach pages_with_statement;

  VerdictTally verdicts;
  HostTally hosts;
  TopDomains domains;

 private:
  struct Keys {
    std::string url;
    std::string host;
    std::string domain;
  };
  // Captures of one host that say the same: they are counted together.
  struct Lot {
    AlikeFacts facts;
    Amount amount;
    std::uint64_t record_bytes = 0;
    std::uint64_t shared_unit_captures = 0;
    std::optional<UnixSeconds> first;
    std::optional<UnixSeconds> last;
  };
  struct KnownLot {
    std::uint64_t alike = 0;
    std::size_t lot = 0;
  };
  const KnownLot& KnownLotOf(std::uint64_t alike) const {
    return known_lots_[alike % limits::kKnownLots];
  }
  Position Place(const index::ScannedPage& page);
  Lot& LotOf(const index::ScannedPage& page);
  void AddDate(const index::CaptureView& capture, Lot& lot);
  // Counts the open lots.
  void Settle();
  void SettleMonths();
  void AddMonth(int month, const MonthCount& count);
  // Of settled ones.
  void ForgetLots();
  void CountAndEmpty(Lot& lot);
  void Count(const Lot& lot);
  void CountCaptures(const Lot& lot);
  void CountPages(const AlikeFacts& facts, const Amount& amount);
  Seams SeamsWith(const Tally& right) const;

  Keys first_keys_;
  Keys last_keys_;
  Position groups_;  // ordinal of the last group met

  // The first lot is of captures that are like none. The others keep their facts for later hosts.
  std::vector<Lot> lots_ = std::vector<Lot>(1);
  // By number, as far as another with the same end has not taken its place.
  std::vector<KnownLot> known_lots_ = std::vector<KnownLot>(limits::kKnownLots);
  std::uint64_t last_alike_ = 0;
  std::size_t last_lot_ = 0;
  std::vector<std::size_t> open_;  // lots with captures, all of one host:
  Position open_at_;
  std::vector<MonthCount> by_month_;  // from limits::kYearMin on: what months does not have yet
  std::string open_domain_;
};

// What a scan has to hand to the fold, whatever `options` ask about: verdicts as codes, which pages
// share, and of each row what is counted.
index::ScanOptions ScanFor(index::ScanOptions options);

// The fold of an index::Scan. Take the tally out when the scan is done.
class TallyFold final : public index::Fold {
 public:
  explicit TallyFold(const TallyOptions& options) : tally_(options) {}

  Status OnPage(const index::ScannedPage& page) override;
  Status OnHostRow(const index::ScannedHostRow& row) override;
  bool WantsBody(const index::ScannedHostRow& row) override { return tally_.hosts.WantsBody(row); }
  bool WantsFacts(std::uint64_t alike) override { return tally_.WantsFacts(alike); }
  void OnEnd() override { tally_.Rest(); }

  Tally& tally() { return tally_; }

 private:
  Tally tally_;
};

// Merges the folds of a scan, which must be TallyFolds in key order, and finishes the result.
// What the folds hold is moved out of them.
Tally MergeFolds(const std::vector<std::unique_ptr<index::Fold>>& folds,
                 const TallyOptions& options);

}  // namespace crawlcard::card
