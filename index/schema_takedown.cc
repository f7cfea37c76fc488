// The value of a takedown request: encoder and decoder beside each other.
//
//   version:1  value  flags:1 (1 deadline)  [deadline:8]  basis  length: varint
#include "base/byte_codec.h"
#include "index/schema.h"

namespace crawlcard::index {
namespace {

constexpr std::uint8_t kTakedownVersion = 1;
constexpr std::uint8_t kFlagDeadline = 1;

}  // namespace

void EncodeTakedown(const Takedown& request, std::uint64_t line_bytes, std::string& value_out) {
  value_out.clear();
  ByteWriter writer(value_out);
  writer.U8(kTakedownVersion);
  writer.Bytes(request.value);
  writer.U8(request.deadline ? kFlagDeadline : 0);
  if (request.deadline) writer.BigEndian64(static_cast<std::uint64_t>(*request.deadline));
  writer.Bytes(request.basis);
  writer.Varint(line_bytes);
}

Result<Takedown> DecodeTakedownRow(std::string_view key, std::string_view value) {
  TakedownKeyView place;
  if (!DecodeTakedownKey(key, place)) {
    return Fail(ErrorCode::kCorrupt, "takedown key of {} bytes cannot be decoded", key.size());
  }
  ByteReader reader(value);
  const std::uint8_t version = reader.U8();
  if (version > kTakedownVersion) {
    return Fail(ErrorCode::kSchema, "takedown request has version {}, this build reads up to {}",
                version, kTakedownVersion);
  }
  Takedown request;
  request.id = place.id;
  request.scope = place.scope;
  request.received = place.place.date.value_or(0);
  request.value = reader.Bytes();
  if (reader.U8() == kFlagDeadline) {
    request.deadline = static_cast<UnixSeconds>(reader.BigEndian64());
  }
  request.basis = reader.Bytes();
  reader.Varint();
  if (version == 0 || !reader.ok() || !reader.at_end()) {
    return Fail(ErrorCode::kCorrupt, "takedown request of {} bytes cannot be decoded",
                value.size());
  }
  return request;
}

}  // namespace crawlcard::index
