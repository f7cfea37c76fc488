#include "warc/internal/record_builder.h"

#include <algorithm>

#include <fmt/format.h>

#include "base/assert.h"
#include "base/text.h"

namespace crawlcard::warc {
namespace {

bool IsPrintable(char c) {
  return c > ' ' && c < 0x7F;
}

// RFC 9110 section 5.6.2.
bool IsTokenChar(char c) {
  static constexpr std::string_view kMarks = "!#$%&'*+-.^_`|~";
  return IsAsciiAlpha(c) || IsAsciiDigit(c) || kMarks.find(c) != std::string_view::npos;
}

void AppendPercent(char c, std::string& out) {
  out += fmt::format("%{:02X}", static_cast<unsigned char>(c));
}

std::size_t DigestLetters(DigestAlgorithm algorithm) {
  return algorithm == DigestAlgorithm::kSha1 ? sizeof("sha1:") - 1 + 32
                                             : sizeof("sha256:") - 1 + 64;
}

}  // namespace

bool IsPlainValue(std::string_view value) {
  if (value.empty() || value.front() == ' ' || value.back() == ' ') return false;
  return std::all_of(value.begin(), value.end(), [](char c) { return c == ' ' || IsPrintable(c); });
}

bool IsToken(std::string_view name) {
  return !name.empty() && std::all_of(name.begin(), name.end(), IsTokenChar);
}

std::string EscapedUri(std::string_view uri) {
  std::string out;
  out.reserve(uri.size());
  for (const char c : uri) {
    if (IsPrintable(c)) {
      out += c;
    } else {
      AppendPercent(c, out);
    }
  }
  return out;
}

void AppendWarcField(std::string_view name, std::string_view value, std::string& out) {
  out += name;
  out += ": ";
  std::string clean;
  AppendValidUtf8(value, clean);
  for (const char c : clean) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte < 0x20 || byte == 0x7F) {
      AppendPercent(c, out);
    } else {
      out += c;
    }
  }
  out += "\r\n";
}

void RecordBuilder::Start(RecordType type, UnixSeconds date, std::string_view record_id) {
  bytes_.clear();
  payload_digest_.clear();
  bytes_ += "WARC/1.1\r\n";
  Field("WARC-Type", RecordTypeName(type));
  Field("WARC-Date", FormatRfc3339(date));
  Field("WARC-Record-ID", record_id);
}

void RecordBuilder::Field(std::string_view name, std::string_view value) {
  CRAWLCARD_ASSERT(IsPlainValue(value));
  bytes_ += name;
  bytes_ += ": ";
  bytes_ += value;
  bytes_ += "\r\n";
}

std::size_t RecordBuilder::DigestField(std::string_view name) {
  bytes_ += name;
  bytes_ += ": ";
  const std::size_t at = bytes_.size();
  bytes_.append(DigestLetters(digest_), '-');
  bytes_ += "\r\n";
  return at;
}

void RecordBuilder::OpenBlock(std::string_view content_type, std::size_t block_bytes,
                              std::optional<std::size_t> payload_bytes) {
  CRAWLCARD_ASSERT(payload_bytes.value_or(0) <= block_bytes);
  block_bytes_ = block_bytes;
  payload_bytes_ = payload_bytes;
  if (payload_bytes) payload_digest_at_ = DigestField("WARC-Payload-Digest");
  block_digest_at_ = DigestField("WARC-Block-Digest");
  Field("Content-Type", content_type);
  Field("Content-Length", fmt::format("{}", block_bytes));
  bytes_ += "\r\n";
  block_start_ = bytes_.size();
  bytes_.reserve(block_start_ + block_bytes + 4);
}

void RecordBuilder::Close() {
  CRAWLCARD_ASSERT(bytes_.size() == block_start_ + block_bytes_);
  const std::string_view block = std::string_view(bytes_).substr(block_start_);
  const std::string block_digest = MakeDigest(digest_, block);
  if (payload_bytes_) {
    // The payload is the whole block only where there is no head: then one digest serves both.
    payload_digest_ = *payload_bytes_ == block.size()
                          ? block_digest
                          : MakeDigest(digest_, block.substr(block.size() - *payload_bytes_));
    payload_digest_.copy(bytes_.data() + payload_digest_at_, payload_digest_.size());
  }
  block_digest.copy(bytes_.data() + block_digest_at_, block_digest.size());
  bytes_ += "\r\n\r\n";
}

}  // namespace crawlcard::warc
