// card/inputs.h - what was read: the ledger of an index, summed up.
//
// Thread rule: functions are thread-safe; the rest are values.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "base/time.h"
#include "index/store.h"
#include "index/takedown_table.h"

namespace crawlcard::card {

// A file that was not read whole.
struct DamagedFile {
  std::string name;
  std::uint64_t bytes = 0;
  std::uint64_t damaged = 0;  // units that could not be read
  bool sealed = false;
};

// One file that was read to its end, as the card names it.
struct InputFile {
  std::string name;
  std::uint64_t bytes = 0;
  std::string xxh3;  // XXH3-128 of the file, 32 hexadecimal digits
};

struct SnapshotCount {
  std::uint64_t files = 0;
  std::uint64_t bytes = 0;
};

// Distinct values of one warcinfo field with the number of files that carry it, most files first.
struct WarcinfoField {
  std::string name;
  std::vector<std::pair<std::string, std::uint64_t>> values;
  std::uint64_t more = 0;  // distinct values past limits::kWarcinfoValuesMax
};

struct InputSummary {
  std::uint64_t files = 0;
  std::uint64_t bytes = 0;  // of the archive files as they are, compressed or not
  std::uint64_t whole = 0;
  std::uint64_t unsealed = 0;  // rows of these files are in no count
  std::uint64_t records = 0;
  std::uint64_t captures = 0;
  std::uint64_t inflated_bytes = 0;
  std::uint64_t damaged_units = 0;
  std::map<std::string, std::uint64_t> errors;  // by kind
  std::map<std::string, std::uint64_t> notes;   // leniencies that reading needed
  std::vector<DamagedFile> not_whole;           // by name, at most limits::kNamedFilesMax
  std::uint64_t not_whole_count = 0;
  std::map<std::string, SnapshotCount> snapshots;  // "" where none is known
  std::vector<WarcinfoField> warcinfo;
  std::vector<InputFile> listed;  // the first limits::kListedFilesMax by name
  std::string digest;  // "sha256:HEX" over the lines "NAME TAB BYTES TAB XXH3 LF", sorted by name
};

// Requests to take content out that are in force at the instant asked about.
struct TakedownSummary {
  std::uint64_t requests = 0;
  std::map<index::TakedownScope, std::uint64_t> scopes;
  std::optional<UnixSeconds> first;  // received
  std::optional<UnixSeconds> last;
};

TakedownSummary SummariseTakedowns(const index::TakedownTable& requests,
                                   std::optional<UnixSeconds> as_of);

InputSummary SummariseInputs(std::span<const index::FileEntry> files);

}  // namespace crawlcard::card
