// index/internal/batch_origins.h - what a batch remembers of an origin, for millions of them.
//
// An origin is known by its scheme and authority as a URL writes them: no URL is taken apart twice.
// Records are packed, some fifty bytes an origin. Memory is bounded: of two generations the older
// is forgotten when the younger is full, and what is asked for moves to the younger.
//
// Thread rule: OriginTable is thread-safe; records are values.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <mutex>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/time.h"

namespace crawlcard::index {

// From `since` until before `until` the same files are in force at an origin.
struct OriginStanding {
  static constexpr std::size_t kFilesMax = 8;  // one of each well-known file

  UnixSeconds since = 0;
  UnixSeconds until = 0;
  UnixSeconds robots_date = 0;  // of the robots.txt in force, or 0
  std::uint64_t bodies = 0;     // id in BodiesTable
  std::uint8_t files = 0;
  std::array<UnixSeconds, kFilesMax> dates{};  // of the files in force
};

struct OriginRecord {
  bool bad = false;    // no URL can begin like this
  bool known = false;  // a file of it was observed; else there is nothing more than the host
  std::string host;
  std::size_t domain_bytes = 0;  // the tail of `host` that is registrable
  UnixSeconds latest = 0;        // of all its observations
  std::vector<OriginStanding> standings;
};

// One of many origins that are looked for together.
struct OriginLookup {
  std::string_view authority;
  std::uint64_t hash = 0;          // HashOfBytes() of the authority
  OriginRecord* record = nullptr;  // filled where the origin is remembered
  bool found = false;              // an answer: false where it is not, or no longer, remembered
};

class OriginTable {
 public:
  explicit OriginTable(std::uint64_t bytes_max);

  // Looks for all of them. What one needs is fetched from memory while others are looked at.
  void FindMany(std::span<OriginLookup> lookups);
  // One alone, likewise. `hash` is HashOfBytes() of the authority.
  [[nodiscard]] bool Find(std::string_view authority, std::uint64_t hash, OriginRecord& record_out);
  void Put(std::string_view authority, std::uint64_t hash, const OriginRecord& record);

  std::uint64_t held_bytes() const;

 private:
  struct Slot {
    std::uint32_t tag = 0;
    std::uint32_t place = 0;  // in `bytes` + 1; 0: free
  };
  struct Generation {
    std::string bytes;
    std::vector<Slot> slots;  // a power of two
    std::size_t used = 0;

    const char* Find(std::string_view authority, std::uint64_t hash) const;
    // Hints to the processor: where a search begins, and what it will compare then.
    void FetchSlot(std::uint64_t hash) const;
    void FetchBytes(std::uint64_t hash) const;
    void Put(std::string_view packed, std::string_view authority, std::uint64_t hash);
    void Grow();
    std::size_t held_bytes() const { return bytes.capacity() + slots.size() * sizeof(Slot); }
  };
  struct alignas(64) Shard {
    mutable std::mutex mutex;
    Generation young;
    Generation old;
  };
  static constexpr std::size_t kShards = 64;
  static std::size_t ShardOf(std::uint64_t hash) { return hash >> 58; }
  void FindInShard(std::span<OriginLookup> lookups, std::span<const std::uint32_t> chosen) const;
  bool FindLocked(Shard& shard, const OriginLookup& lookup) const;
  void PutPacked(Shard& shard, std::string_view packed, std::string_view authority,
                 std::uint64_t hash) const;

  const std::size_t generation_bytes_max_;
  std::unique_ptr<std::array<Shard, kShards>> shards_;
};

}  // namespace crawlcard::index
