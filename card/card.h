// card/card.h - one card: the tally of an index, what was read, and how the run was set.
//
// A Card is a value with no database behind it: MakeCard() joins the parts, renderers turn it into
// text. No clock, path, host name or number of workers enters it, so equal parts give equal bytes.
//
// Thread rule: a value; renderers are thread-safe functions of it.
#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "card/about.h"
#include "card/domain_list.h"
#include "card/inputs.h"
#include "card/tally.h"
#include "card/verdict_tally.h"
#include "index/scan.h"

namespace crawlcard::card {

// What a card commits to: the sorted Merkle tree over the rows of its index.
struct IndexTree {
  std::uint64_t leaves = 0;
  std::string root;  // Base64
};

// The rows of a data set that a card is about.
struct DatasetRows {
  std::uint64_t files = 0;
  std::uint64_t rows = 0;
  std::uint64_t bytes = 0;
  std::uint64_t urls = 0;              // different SURT keys
  std::uint64_t unreadable = 0;        // rows without a URL, or damaged
  std::uint64_t without_capture = 0;   // rows whose URL the index has no capture of
  std::uint64_t of_unknown_hosts = 0;  // rows whose origin was never asked for its files
};

struct RunFacts {
  std::string tool_version;
  std::string public_suffix_list;   // version line
  std::optional<UnixSeconds> date;  // as given by the user; else the latest capture is used
  index::JudgeOptions judge;
  // Options that change facts or verdicts, from the index and the command, sorted by MakeCard().
  std::vector<std::pair<std::string, std::string>> options;
  // Flags that change what a card says, as a shell would take them: never jobs or paths.
  std::string flags;
  About about;
  std::optional<IndexTree> tree;             // nullopt: not built
  std::optional<TakedownSummary> takedowns;  // nullopt: not looked for
  std::optional<DatasetRows> dataset;        // nullopt: about all captures of the index
};

struct Card {
  RunFacts run;
  InputSummary inputs;
  Tally tally;
  // The judged policy first, then other built-in ones by name; an entry without outcome is not
  // known.
  struct PolicyRow {
    robots::Policy policy;
    std::optional<PolicyOutcome> outcome;
  };
  std::vector<PolicyRow> policies;
  // Manifests of crawls made into the index, by run: meta "run.NAME" of index::Store.
  std::vector<std::pair<std::string, std::string>> crawls;
  DomainList domain_list;
  // What dates the card: given, or the latest capture; nullopt in an empty index without either.
  std::optional<UnixSeconds> date;
  bool date_given = false;
};

// `tally` must be finished. `measured` are outcomes of other policies that got their own scan.
Card MakeCard(RunFacts run, InputSummary inputs, Tally tally,
              const std::vector<PolicyOutcome>& measured = {});

// "crawlcard card --index INDEX ...": what writes the card again, INDEX being the index.
std::string ReproductionCommand(const Card& card);

// At most ten lines for a terminal, each ended by LF.
std::string RenderSummary(const Card& card);

// One line a domain in CSV (RFC 4180, LF), largest first, with a header line:
// rank,domain,payload_bytes,text_bytes,captures,pages,hosts,first_seen,last_seen
Status WriteDomainCsv(const Tally& tally,
                      const std::function<Status(std::string_view line)>& on_line);

}  // namespace crawlcard::card
