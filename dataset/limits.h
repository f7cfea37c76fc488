// dataset/limits.h - what reading, judging and writing tables may cost.
#pragma once

#include <cstddef>
#include <cstdint>

namespace crawlcard::dataset::limits {

// What DuckDB may take, as it spells it; what does not fit goes to its file beside the result.
inline constexpr const char* kDuckdbMemory = "512MiB";

// A column for each agent of a table of hosts.
inline constexpr std::size_t kColumnsMax = 1000;

// A row beyond it is not looked into: whole books fit. It still goes to the dropped ones whole.
inline constexpr std::size_t kRowBytesMax = std::size_t{64} << 20;

// Rows travel in blocks: enough of them that a judge finds neighbours of one host, few enough that
// a block's verdicts (about 3 KiB each) stay small.
inline constexpr std::size_t kBlockBytes = std::size_t{4} << 20;
inline constexpr std::size_t kBlockRowsMax = 8192;

// Levels of a JSON pointer, and letters of a field's name.
inline constexpr std::size_t kPointerLevelsMax = 32;
inline constexpr std::size_t kFieldNameBytesMax = 1024;

// Columns of a CSV file: a header with more is no table.
inline constexpr std::size_t kCsvColumnsMax = 100'000;

// Names that are counted one by one, such as domains; beyond it the rarest go, and the error that
// this makes is told.
inline constexpr std::size_t kNamesMax = 65'536;

// Rows that cannot be judged are told one by one as far as this, a file; all are counted.
inline constexpr std::size_t kFaultsToldMax = 10;

// Questions that one pass may answer: policies, dates, agents.
inline constexpr std::size_t kQuestionsMax = 256;

// What a finished file says of itself, when it is read back.
inline constexpr std::uint64_t kManifestBytesMax = std::uint64_t{64} << 20;

// Different URLs of a data set that a card is about: 64 bits each, so some 800 MB.
inline constexpr std::size_t kUrlSetMax = 100'000'000;

// Dates of one curve: days of four years.
inline constexpr std::size_t kPeriodsMax = 1500;

// A list of ranks, and the worst rank that a stratum asks about.
inline constexpr std::uint64_t kRankFileBytesMax = std::uint64_t{512} << 20;
inline constexpr std::uint64_t kRankMax = 2'000'000;

// Sites of a study that are counted one by one: exact up to twice as many (about 250 MB); beyond it
// the lighter half goes each time, and what that may hide is told.
inline constexpr std::size_t kStudySitesMax = 1'000'000;

// robots.txt of hosts that a study of rows keeps ready: the ones used last, by bytes.
inline constexpr std::size_t kStudyRulesBytes = std::size_t{256} << 20;

// Bodies that a census keeps reduced, a key range: most sites share few.
inline constexpr std::size_t kStudyBodiesKept = 4096;

}  // namespace crawlcard::dataset::limits
