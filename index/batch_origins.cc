#include "index/internal/batch_origins.h"

#include <algorithm>
#include <limits>

#include "base/byte_codec.h"

namespace crawlcard::index {
namespace {

constexpr std::size_t kSlotsMin = 16;
constexpr std::size_t kLineBytes = 64;  // of a processor's cache

// Signed numbers near zero, and the ends of time, in few bytes.
void WriteTime(UnixSeconds time, ByteWriter& writer) {
  const auto bits = static_cast<std::uint64_t>(time);
  writer.Varint(bits << 1 ^ static_cast<std::uint64_t>(time >> 63));
}

UnixSeconds ReadTime(ByteReader& reader) {
  const std::uint64_t coded = reader.Varint();
  return static_cast<UnixSeconds>(coded >> 1 ^ (~(coded & 1) + 1));
}

// bits: bad 1, known 2, host as it stands behind the scheme 4.
void Pack(std::string_view authority, const OriginRecord& record, std::string& out) {
  ByteWriter writer(out);
  writer.Bytes(authority);
  const bool plain = authority.ends_with(record.host);
  writer.U8(
      static_cast<std::uint8_t>((record.bad ? 1 : 0) | (record.known ? 2 : 0) | (plain ? 4 : 0)));
  if (plain) {
    writer.Varint(record.host.size());
  } else {
    writer.Bytes(record.host);
  }
  writer.Varint(record.domain_bytes);
  if (!record.known) return;
  WriteTime(record.latest, writer);
  writer.Varint(record.standings.size());
  for (const OriginStanding& one : record.standings) {
    WriteTime(one.since, writer);
    WriteTime(one.until, writer);
    WriteTime(one.robots_date, writer);
    writer.Varint(one.bodies);
    writer.U8(one.files);
    for (std::size_t i = 0; i < one.files; ++i) WriteTime(one.dates[i], writer);
  }
}

void Unpack(ByteReader reader, OriginRecord& record) {
  const std::string_view authority = reader.Bytes();
  const std::uint8_t bits = reader.U8();
  record.bad = (bits & 1) != 0;
  record.known = (bits & 2) != 0;
  if ((bits & 4) != 0) {
    const auto size = static_cast<std::size_t>(reader.Varint());
    record.host = authority.substr(authority.size() - std::min(size, authority.size()));
  } else {
    record.host = reader.Bytes();
  }
  record.domain_bytes = static_cast<std::size_t>(reader.Varint());
  record.latest = record.known ? ReadTime(reader) : 0;
  record.standings.resize(record.known ? reader.Count(1) : 0);
  for (OriginStanding& one : record.standings) {
    one.since = ReadTime(reader);
    one.until = ReadTime(reader);
    one.robots_date = ReadTime(reader);
    one.bodies = reader.Varint();
    one.files = std::min<std::uint8_t>(reader.U8(), OriginStanding::kFilesMax);
    for (std::size_t i = 0; i < one.files; ++i) one.dates[i] = ReadTime(reader);
  }
}

std::string_view AuthorityAt(std::string_view bytes, std::size_t place) {
  return ByteReader(bytes.substr(place)).Bytes();
}

}  // namespace

const char* OriginTable::Generation::Find(std::string_view authority, std::uint64_t hash) const {
  if (slots.empty()) return nullptr;
  const auto tag = static_cast<std::uint32_t>(hash);
  const std::size_t mask = slots.size() - 1;
  for (std::size_t at = tag & mask; slots[at].place != 0; at = (at + 1) & mask) {
    const std::size_t place = slots[at].place - 1;
    if (slots[at].tag == tag && AuthorityAt(bytes, place) == authority) return &bytes[place];
  }
  return nullptr;
}

void OriginTable::Generation::FetchSlot(std::uint64_t hash) const {
  if (slots.empty()) return;
  __builtin_prefetch(&slots[static_cast<std::uint32_t>(hash) & (slots.size() - 1)]);
}

void OriginTable::Generation::FetchBytes(std::uint64_t hash) const {
  if (slots.empty()) return;
  const auto tag = static_cast<std::uint32_t>(hash);
  const std::size_t mask = slots.size() - 1;
  for (std::size_t at = tag & mask; slots[at].place != 0; at = (at + 1) & mask) {
    if (slots[at].tag != tag) continue;
    // A record mostly lies in two lines.
    const char* const record = &bytes[slots[at].place - 1];
    __builtin_prefetch(record);
    __builtin_prefetch(record + kLineBytes);
    return;
  }
}

void OriginTable::Generation::Grow() {
  std::vector<Slot> larger(std::max(kSlotsMin, slots.size() * 2));
  const std::size_t mask = larger.size() - 1;
  for (const Slot& slot : slots) {
    if (slot.place == 0) continue;
    std::size_t at = slot.tag & mask;
    while (larger[at].place != 0) at = (at + 1) & mask;
    larger[at] = slot;
  }
  slots = std::move(larger);
}

// A record that is there already is left behind in `bytes`.
void OriginTable::Generation::Put(std::string_view packed, std::string_view authority,
                                  std::uint64_t hash) {
  if ((used + 1) * 4 > slots.size() * 3) Grow();
  const auto tag = static_cast<std::uint32_t>(hash);
  const std::size_t mask = slots.size() - 1;
  std::size_t at = tag & mask;
  for (; slots[at].place != 0; at = (at + 1) & mask) {
    if (slots[at].tag == tag && AuthorityAt(bytes, slots[at].place - 1) == authority) break;
  }
  if (slots[at].place == 0) ++used;
  slots[at] = {tag, static_cast<std::uint32_t>(bytes.size() + 1)};
  bytes.append(packed);
}

OriginTable::OriginTable(std::uint64_t bytes_max)
    : generation_bytes_max_(static_cast<std::size_t>(
          std::min<std::uint64_t>(bytes_max / kShards / 2, std::uint64_t{1} << 31))),
      shards_(std::make_unique<std::array<Shard, kShards>>()) {}

void OriginTable::PutPacked(Shard& shard, std::string_view packed, std::string_view authority,
                            std::uint64_t hash) const {
  Generation& young = shard.young;
  const auto slots_then = [&young] {
    const bool grows = (young.used + 1) * 4 > young.slots.size() * 3;
    return std::max(kSlotsMin, young.slots.size() * (grows ? 2 : 1)) * sizeof(Slot);
  };
  const std::size_t room = generation_bytes_max_;
  if (young.bytes.size() + packed.size() + slots_then() > room && young.used > 0) {
    std::swap(shard.old, shard.young);
    young = Generation();
  }
  // Doubled, but not beyond what it may become.
  const std::size_t wanted = young.bytes.size() + packed.size();
  if (young.bytes.capacity() < wanted) {
    const std::size_t left = room - std::min(room, slots_then());
    // reserve() by itself would double.
    std::string larger;
    larger.reserve(std::max(wanted, std::min(wanted * 2, left)));
    larger.append(young.bytes);
    young.bytes.swap(larger);
  }
  young.Put(packed, authority, hash);
}

void OriginTable::FindMany(std::span<OriginLookup> lookups) {
  // By shard, each in its order.
  std::array<std::uint32_t, kShards + 1> ends{};
  for (const OriginLookup& one : lookups) ++ends[ShardOf(one.hash) + 1];
  for (std::size_t i = 1; i < ends.size(); ++i) ends[i] += ends[i - 1];
  std::vector<std::uint32_t> order(lookups.size());
  for (std::uint32_t i = 0; i < lookups.size(); ++i) order[ends[ShardOf(lookups[i].hash)]++] = i;
  std::size_t begin = 0;
  for (std::size_t shard = 0; shard < kShards; ++shard) {
    const std::span chosen = std::span(order).subspan(begin, ends[shard] - begin);
    begin = ends[shard];
    if (!chosen.empty()) FindInShard(lookups, chosen);
  }
}

// `chosen` are the lookups of one shard.
void OriginTable::FindInShard(std::span<OriginLookup> lookups,
                              std::span<const std::uint32_t> chosen) const {
  Shard& shard = (*shards_)[ShardOf(lookups[chosen.front()].hash)];
  const std::lock_guard lock(shard.mutex);
  for (const std::uint32_t i : chosen) {
    shard.young.FetchSlot(lookups[i].hash);
    shard.old.FetchSlot(lookups[i].hash);
  }
  for (const std::uint32_t i : chosen) {
    shard.young.FetchBytes(lookups[i].hash);
    shard.old.FetchBytes(lookups[i].hash);
  }
  for (const std::uint32_t i : chosen) lookups[i].found = FindLocked(shard, lookups[i]);
}

bool OriginTable::FindLocked(Shard& shard, const OriginLookup& lookup) const {
  const auto unpack = [&](const Generation& from, const char* found) {
    const auto place = static_cast<std::size_t>(found - from.bytes.data());
    Unpack(ByteReader(std::string_view(from.bytes).substr(place)), *lookup.record);
  };
  if (const char* young = shard.young.Find(lookup.authority, lookup.hash)) {
    unpack(shard.young, young);
    return true;
  }
  const char* old = shard.old.Find(lookup.authority, lookup.hash);
  if (old == nullptr) return false;
  unpack(shard.old, old);
  std::string packed;
  Pack(lookup.authority, *lookup.record, packed);
  PutPacked(shard, packed, lookup.authority, lookup.hash);
  return true;
}

bool OriginTable::Find(std::string_view authority, std::uint64_t hash, OriginRecord& record_out) {
  OriginLookup one{authority, hash, &record_out, false};
  FindMany({&one, 1});
  return one.found;
}

void OriginTable::Put(std::string_view authority, std::uint64_t hash, const OriginRecord& record) {
  std::string packed;
  Pack(authority, record, packed);
  Shard& shard = (*shards_)[ShardOf(hash)];
  const std::lock_guard lock(shard.mutex);
  PutPacked(shard, packed, authority, hash);
}

std::uint64_t OriginTable::held_bytes() const {
  std::uint64_t bytes = 0;
  for (const Shard& shard : *shards_) {
    const std::lock_guard lock(shard.mutex);
    bytes += shard.young.held_bytes() + shard.old.held_bytes();
  }
  return bytes;
}

}  // namespace crawlcard::index
