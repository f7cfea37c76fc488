// The ledger entry: encoder and decoder beside each other.
//
//   version:1  flags:1 (1 whole, 2 sealed)  name  snapshot  bytes  xxh3  fact version  sealed at:8
//   records captures damaged inflated bytes                       varints
//   errors, notes, types: n (name count)*   each
//   is part of, software, robots, operator, user agent, description
#include "base/byte_codec.h"
#include "index/schema.h"

namespace crawlcard::index {
namespace {

constexpr std::uint8_t kEntryVersion = 1;
constexpr std::uint8_t kFlagWhole = 1;
constexpr std::uint8_t kFlagSealed = 2;

void WriteNames(const NameCounts& names, ByteWriter& writer) {
  writer.Varint(names.size());
  for (const auto& [name, count] : names) {
    writer.Bytes(name);
    writer.Varint(count);
  }
}

void ReadNames(ByteReader& reader, NameCounts& names_out) {
  const std::size_t count = reader.Count(2);
  for (std::size_t i = 0; i < count; ++i) {
    const std::string_view name = reader.Bytes();
    names_out.emplace(name, reader.Varint());
  }
}

}  // namespace

void EncodeFileEntry(const FileEntry& entry, std::string& value_out) {
  value_out.clear();
  ByteWriter writer(value_out);
  writer.U8(kEntryVersion);
  writer.U8(
      static_cast<std::uint8_t>((entry.whole ? kFlagWhole : 0) | (entry.sealed ? kFlagSealed : 0)));
  writer.Bytes(entry.name);
  writer.Bytes(entry.snapshot);
  writer.Varint(entry.bytes);
  writer.Bytes(entry.content_xxh3);
  writer.Varint(entry.fact_version);
  writer.BigEndian64(static_cast<std::uint64_t>(entry.sealed_at));
  writer.Varint(entry.counts.records);
  writer.Varint(entry.counts.captures);
  writer.Varint(entry.counts.damaged);
  writer.Varint(entry.counts.inflated_bytes);
  WriteNames(entry.counts.errors, writer);
  WriteNames(entry.counts.notes, writer);
  WriteNames(entry.counts.types, writer);
  for (const std::string* text :
       {&entry.info.is_part_of, &entry.info.software, &entry.info.robots, &entry.info.operator_name,
        &entry.info.user_agent, &entry.info.description}) {
    writer.Bytes(*text);
  }
}

Result<FileEntry> DecodeFileEntry(std::string_view value) {
  FileEntry entry;
  ByteReader reader(value);
  const std::uint8_t version = reader.U8();
  if (version > kEntryVersion) {
    return Fail(ErrorCode::kSchema, "ledger entry has version {}, this build reads up to {}",
                version, kEntryVersion);
  }
  const std::uint8_t flags = reader.U8();
  entry.whole = (flags & kFlagWhole) != 0;
  entry.sealed = (flags & kFlagSealed) != 0;
  entry.name = reader.Bytes();
  entry.snapshot = reader.Bytes();
  entry.bytes = reader.Varint();
  entry.content_xxh3 = reader.Bytes();
  entry.fact_version = static_cast<std::uint32_t>(reader.Varint());
  entry.sealed_at = static_cast<UnixSeconds>(reader.BigEndian64());
  entry.counts.records = reader.Varint();
  entry.counts.captures = reader.Varint();
  entry.counts.damaged = reader.Varint();
  entry.counts.inflated_bytes = reader.Varint();
  ReadNames(reader, entry.counts.errors);
  ReadNames(reader, entry.counts.notes);
  ReadNames(reader, entry.counts.types);
  for (std::string* text :
       {&entry.info.is_part_of, &entry.info.software, &entry.info.robots, &entry.info.operator_name,
        &entry.info.user_agent, &entry.info.description}) {
    *text = reader.Bytes();
  }
  if (version == 0 || !reader.ok() || !reader.at_end()) {
    return Fail(ErrorCode::kCorrupt, "ledger entry of {} bytes cannot be decoded", value.size());
  }
  return entry;
}

}  // namespace crawlcard::index
