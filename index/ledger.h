// index/ledger.h - what the index knows of one archive file: counts, its own words, its ledger row.
//
// Thread rule: values.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <string>

#include "base/time.h"

namespace crawlcard::index {

// Grows by one whenever the same bytes would give other rows. Files sealed by one version are never
// read again by another into the same index.
inline constexpr std::uint32_t kFactVersion = 3;

using NameCounts = std::map<std::string, std::uint64_t, std::less<>>;

// What was met in one file. Counters only grow.
struct FileCounts {
  std::uint64_t records = 0;
  std::uint64_t captures = 0;
  std::uint64_t damaged = 0;  // units that could not be read
  std::uint64_t inflated_bytes = 0;
  NameCounts errors;  // by ErrorCodeName
  NameCounts notes;   // by note
  NameCounts types;   // records by RecordTypeName

  // Adds the counts of another file.
  void Add(const FileCounts& other);

  bool operator==(const FileCounts&) const = default;
};

// What the file says of itself in its warcinfo records (first value of each).
struct FileInfo {
  std::string is_part_of;
  std::string software;
  std::string robots;
  std::string operator_name;
  std::string user_agent;
  std::string description;

  bool operator==(const FileInfo&) const = default;
};

// One row of the ledger: what is known of one ingested file.
struct FileEntry {
  std::string name;  // archive-relative
  std::string snapshot;
  std::uint64_t bytes = 0;
  std::string content_xxh3;  // 32 hexadecimal digits
  FileCounts counts;
  FileInfo info;
  std::uint32_t fact_version = 0;
  bool whole = false;   // read to its end without damage
  bool sealed = false;  // all rows of the file are in
  // When and by which run; not a fact: shown only with the ledger.
  UnixSeconds sealed_at = 0;

  bool operator==(const FileEntry&) const = default;
};

}  // namespace crawlcard::index
