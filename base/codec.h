// base/codec.h - whole buffers in, decompressed bytes out, within a limit.
//
// For HTTP bodies and small files; archive members are unpacked by warc/reader.h, which shares the
// same libraries through base/member_inflater.h.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "base/result.h"

namespace crawlcard {

// Content codings of RFC 9110 section 8.4.1, RFC 7932 and RFC 8878.
enum class Coding { kIdentity, kGzip, kDeflate, kBrotli, kZstd };

struct DecodeOutcome {
  bool complete = false;     // the coded stream ended where its format says
  bool over_limit = false;   // stopped at the limit: `out` holds the first bytes
  std::size_t consumed = 0;  // bytes of input used
};

// Appends the decoded bytes of `in` to `out`, at most `out_bytes_max` of them. kDeflate reads zlib
// and bare deflate streams, as servers send both. kGzip reads concatenated members.
//
// A cut or over-long stream is no error: what was decoded is kept and the outcome says so.
// Errors: kCorrupt when not even a first byte could be decoded from non-empty input.
[[nodiscard]] Result<DecodeOutcome> Decode(Coding coding, std::string_view in,
                                           std::size_t out_bytes_max, std::string& out);

// One gzip member around `in` (level 1 to 12, libdeflate). No time, no name: same bytes each time.
[[nodiscard]] std::string GzipMember(std::string_view in, int level);

// One zstd frame with its content size and checksum.
[[nodiscard]] std::string ZstdFrame(std::string_view in, int level);
// Replaces `out` with the content of such a frame. False when that is not `bytes` long, which the
// caller has bounded.
[[nodiscard]] bool ReadZstdFrame(std::string_view in, std::size_t bytes, std::string& out);

}  // namespace crawlcard
