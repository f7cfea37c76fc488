// Bodies: encoder and decoder. Layout: index/schema.h.

#include "base/byte_codec.h"
#include "base/codec.h"
#include "index/limits.h"
#include "index/schema.h"

namespace crawlcard::index {
namespace {

constexpr std::uint8_t kBlobVersion = 1;

}  // namespace

void EncodeBlob(std::string_view body, std::string& value_out) {
  // Of small bodies, higher levels save little and cost much: they were a third of an ingest.
  constexpr int kLevel = 1;
  value_out.clear();
  ByteWriter writer(value_out);
  writer.U8(kBlobVersion);
  writer.Varint(body.size());
  writer.Raw(ZstdFrame(body, kLevel));
}

Result<std::uint64_t> BlobBytes(std::string_view value) {
  ByteReader reader(value);
  const std::uint8_t version = reader.U8();
  const std::uint64_t bytes = reader.Varint();
  if (version > kBlobVersion) {
    return Fail(ErrorCode::kSchema, "blob has value version {}, this build reads up to {}", version,
                kBlobVersion);
  }
  if (!reader.ok() || bytes > limits::kBlobBytesMax) {
    return Fail(ErrorCode::kCorrupt, "blob of {} bytes cannot be decoded", value.size());
  }
  return bytes;
}

Status DecodeBlob(std::string_view value, std::string& body_out) {
  body_out.clear();
  CRAWLCARD_ASSIGN(const std::uint64_t bytes, BlobBytes(value));
  ByteReader reader(value);
  reader.U8();
  reader.Varint();
  if (bytes == 0) return {};
  if (!ReadZstdFrame(reader.rest(), static_cast<std::size_t>(bytes), body_out)) {
    body_out.clear();
    return Fail(ErrorCode::kCorrupt, "blob of {} bytes does not decode to {}", value.size(), bytes);
  }
  return {};
}

}  // namespace crawlcard::index
