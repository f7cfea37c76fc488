// warc/internal/record_builder.h - one WARC/1.1 record as bytes.
//
// Use: Start(), Field() for each, OpenBlock(), Append() for the parts of the block, Close(). The
// digests stand in the header but are known last: their places are kept free and filled by Close(),
// so that a block is copied once.
//
//   WARC/1.1 CRLF  Name: value CRLF ...  CRLF  block  CRLF CRLF
//                                              ^ block_start_
//
// Thread rule: thread-compatible.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "base/time.h"
#include "warc/digest.h"
#include "warc/record.h"

namespace crawlcard::warc {

// Whether `value` may stand in a header field as it is: printable ASCII, blanks inside only.
bool IsPlainValue(std::string_view value);

// Whether `name` is a token of RFC 9110 section 5.6.2.
bool IsToken(std::string_view name);

// `uri` with each byte that no URI may hold (blanks, controls, beyond ASCII) as %XX.
std::string EscapedUri(std::string_view uri);

// Appends one line of application/warc-fields. Control bytes of the value become %XX, so that no
// value can start a line of its own.
void AppendWarcField(std::string_view name, std::string_view value, std::string& out);

class RecordBuilder {
 public:
  explicit RecordBuilder(DigestAlgorithm digest) : digest_(digest) {}

  void Start(RecordType type, UnixSeconds date, std::string_view record_id);
  // `value` must be plain.
  void Field(std::string_view name, std::string_view value);
  // Ends the header of a record whose block has `block_bytes`, the last `payload_bytes` of which
  // are a payload with a digest of its own, if that is given.
  void OpenBlock(std::string_view content_type, std::size_t block_bytes,
                 std::optional<std::size_t> payload_bytes);
  void Append(std::string_view block_part) { bytes_ += block_part; }
  // Fills in the digests and adds the closing line ends.
  void Close();

  const std::string& bytes() const { return bytes_; }
  // Of the record closed last; empty when it has none.
  const std::string& payload_digest() const { return payload_digest_; }

 private:
  // Keeps the place of a digest free.
  std::size_t DigestField(std::string_view name);

  DigestAlgorithm digest_;
  std::string bytes_;
  std::string payload_digest_;
  std::size_t block_digest_at_ = 0;
  std::size_t payload_digest_at_ = 0;
  std::size_t block_start_ = 0;
  std::size_t block_bytes_ = 0;
  std::optional<std::size_t> payload_bytes_;
};

}  // namespace crawlcard::warc
