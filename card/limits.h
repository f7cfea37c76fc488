// card/limits.h - what a card may hold, whatever an index holds.
#pragma once

#include <cstddef>
#include <cstdint>

namespace crawlcard::card::limits {

// Distinct values of one open list (media types, charsets, notes, ...) that are counted one by one;
// the rest is counted together. Real crawls stay far below.
inline constexpr std::size_t kTableKeysMax = 4096;
// Bytes of one such value; longer ones are cut.
inline constexpr std::size_t kKeyBytesMax = 120;
// Hashes kept to count distinct file bodies: exact up to here, estimated beyond (1 MiB).
inline constexpr std::size_t kDistinctHashesMax = 65'536;
// Readings of robots.txt remembered, since most bodies say what another does, the forms of bodies
// that lead to them, and the bodies that are known to be counted. Of each range that is being read.
inline constexpr std::size_t kRobotsCacheEntriesMax = 16 * 1024;
inline constexpr std::size_t kRobotsFormsMax = 64 * 1024;
inline constexpr std::size_t kNumberedBodiesMax = 2 * 1024 * 1024;
// Kinds of captures whose facts a fold remembers from host to host.
inline constexpr std::size_t kLotsMax = 8 * 1024;
inline constexpr std::size_t kKnownLots = 16 * 1024;
// Disallow lines tried when looking for one that binds an agent.
inline constexpr std::size_t kRobotsProbesMax = 64;
// Top domains listed in a card.
inline constexpr std::size_t kTopDomainsDefault = 100;
// Domains kept while counting, so that a tenth of them can be disclosed (some 800 MB).
inline constexpr std::size_t kDomainRowsMax = 4'194'304;
// Input files that a card names one by one, by name; all of them are under its input digest.
inline constexpr std::size_t kListedFilesMax = 10'000;
// Bytes of a run's manifest of which a card repeats the entries.
inline constexpr std::size_t kManifestEntriesMax = 200;
// Bytes of one answer in the about file, answers of a list, and tables of an array.
inline constexpr std::size_t kAnswerBytesMax = 4000;
inline constexpr std::size_t kAnswerListMax = 100;
inline constexpr std::size_t kAboutRowsMax = 100;
// Rows of one table in a format that must stay small enough to read (Markdown forms).
inline constexpr std::size_t kFormRowsMax = 100;
// Files named one by one in the list of damaged input.
inline constexpr std::size_t kNamedFilesMax = 100;
// Distinct values kept of one warcinfo field.
inline constexpr std::size_t kWarcinfoValuesMax = 50;
// Bytes of one piece of page text in a rendered card.
inline constexpr std::size_t kTextBytesMax = 300;
// Rows of one table in Markdown; HTML, whose tables are searched, has more; JSON has all of them.
inline constexpr std::size_t kShownRowsMax = 25;
inline constexpr std::size_t kTableRowsMax = 50;
// Bars of one chart.
inline constexpr std::size_t kBarsMax = 12;
// Columns of the time line; longer periods are shown by year.
inline constexpr std::size_t kTimelineColumnsMax = 60;
// Months outside these years are counted as undated: WARC-Date is a claim.
inline constexpr int kYearMin = 1990;
inline constexpr int kYearMax = 2100;

}  // namespace crawlcard::card::limits
