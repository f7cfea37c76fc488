// tools/limits.h - what the command line and its files may cost.
#pragma once

#include <cstddef>
#include <cstdint>

namespace crawlcard::tools::limits {

// A configuration file is written by hand.
inline constexpr std::uint64_t kConfigBytesMax = 1ULL << 20;

// A policy is a page of text; its name stands in every answer.
inline constexpr std::uint64_t kPolicyBytesMax = 64 * 1024;
inline constexpr std::size_t kPolicyNameBytesMax = 64;

// Answers of a person: all questions at full length would be half of it.
inline constexpr std::uint64_t kAboutBytesMax = 1024 * 1024;

// Parts of a dotted key: files of ours have two.
inline constexpr std::size_t kTomlKeyPartsMax = 64;

// A listing of a whole Common Crawl snapshot has 90,000 lines of about 140 bytes: 13 MB.
inline constexpr std::uint64_t kListingBytesMax = 256ULL << 20;

// A robots.txt given by hand; its reader stops at 500 KiB of it.
inline constexpr std::uint64_t kRobotsFileBytesMax = 64ULL << 20;

// Longest URL on standard input; the index keeps no longer ones.
inline constexpr std::size_t kUrlBytesMax = 16 * 1024;

// Whole-number flags: far above any machine, far below overflow.
inline constexpr std::uint64_t kCountMax = 100'000;

// Workers of one job; a batch system's array ends long before.
inline constexpr std::uint64_t kShardsMax = 1'000'000;

// A line of the log as text: room for the longest path and a message.
inline constexpr std::size_t kLogLineBytesMax = 8 * 1024;

// Output that waits for its turn, a file: beyond it the worker waits as well.
inline constexpr std::size_t kPendingBytesMax = 16 * 1024 * 1024;

}  // namespace crawlcard::tools::limits
