// Bodies: encoder and decoder. Layout: index/schema.h.

#include "base/byte_codec.h"
#include "base/codec.h"
#include "base/digest.h"
#include "index/limits.h"
#include "index/schema.h"
#include "robots/robots_form.h"

namespace crawlcard::index {
namespace {

constexpr std::uint8_t kBlobVersion = 2;
constexpr std::uint8_t kFirstWithForm = 2;

constexpr std::uint8_t kOwnForm = 0;
constexpr std::uint8_t kOtherForm = 1;
constexpr std::size_t kFormBytes = 32;

}  // namespace

std::string BlobForm(std::string_view body) {
  const std::string plain = robots::WithoutSitemaps(body);
  if (plain == body) return {};
  const Sha256Digest digest = Sha256(plain);
  return {digest.begin(), digest.end()};
}

void EncodeBlob(std::string_view body, std::string& value_out) {
  // Of small bodies, higher levels save little and cost much: they were a third of an ingest.
  constexpr int kLevel = 1;
  value_out.clear();
  ByteWriter writer(value_out);
  writer.U8(kBlobVersion);
  writer.Varint(body.size());
  const std::string form = BlobForm(body);
  writer.U8(form.empty() ? kOwnForm : kOtherForm);
  writer.Raw(form);
  writer.Raw(ZstdFrame(body, kLevel));
}

Result<BlobHead> DecodeBlobHead(std::string_view value) {
  ByteReader reader(value);
  const std::uint8_t version = reader.U8();
  if (version > kBlobVersion) {
    return Fail(ErrorCode::kSchema, "blob has value version {}, this build reads up to {}", version,
                kBlobVersion);
  }
  BlobHead head;
  head.bytes = reader.Varint();
  std::uint8_t form = kOwnForm;
  if (version >= kFirstWithForm) {
    form = reader.U8();
    head.form = reader.Raw(form == kOwnForm ? 0 : kFormBytes);
  }
  if (!reader.ok() || form > kOtherForm || head.bytes > limits::kBlobBytesMax) {
    return Fail(ErrorCode::kCorrupt, "blob of {} bytes cannot be decoded", value.size());
  }
  head.frame = reader.rest();
  return head;
}

Status DecodeBlob(std::string_view value, std::string& body_out) {
  body_out.clear();
  CRAWLCARD_ASSIGN(const BlobHead head, DecodeBlobHead(value));
  if (head.bytes == 0) return {};
  if (!ReadZstdFrame(head.frame, static_cast<std::size_t>(head.bytes), body_out)) {
    body_out.clear();
    return Fail(ErrorCode::kCorrupt, "blob of {} bytes does not decode to {}", value.size(),
                head.bytes);
  }
  return {};
}

}  // namespace crawlcard::index
