#include "warc/internal/unit_opener.h"

#include <algorithm>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

#include "base/codec.h"
#include "warc/internal/record_start.h"
#include "warc/limits.h"

namespace crawlcard::warc::internal {
namespace {

constexpr std::size_t kSniffWindow = std::size_t{64} << 10;
constexpr std::size_t kSkippableHeadBytes = 8;  // RFC 8878 section 3.1.2: magic number and size

tl::unexpected<Error> FailAt(std::uint64_t offset, ErrorCode code, std::string message) {
  return tl::unexpected<Error>(Error(code, std::move(message)).At(offset));
}

std::uint64_t ReadSize(std::string_view head) {
  std::uint64_t size = 0;
  for (std::size_t i = kSkippableHeadBytes; i-- > 4;) {
    size = size << 8 | static_cast<unsigned char>(head[i]);
  }
  return size;
}

}  // namespace

Result<bool> UnitOpener::Open(bool is_archive, NoteSet& notes_out) {
  for (;;) {
    CRAWLCARD_ASSIGN(const std::string_view window, source_.Peek(kSniffWindow));
    if (window.empty()) return false;
    const UnitKind kind = SniffUnit(window);
    if (kind == UnitKind::kGzip || kind == UnitKind::kZstd || kind == UnitKind::kPlain) {
      (kind == UnitKind::kPlain ? has_plain_ : has_compressed_) = true;
      CRAWLCARD_TRY(unit_.Open(kind));
      return true;
    }
    if (kind == UnitKind::kSkippable) {
      CRAWLCARD_TRY(ReadSkippable());
    } else if (kind == UnitKind::kZeros && is_archive) {
      notes_out.Add(Note::kZeroPadding);
      CRAWLCARD_TRY(SkipZeros());
    } else {
      CRAWLCARD_TRY(FailUnknown(kind, window.size(), is_archive));
    }
  }
}

Status UnitOpener::ReadHead() {
  for (;;) {
    CRAWLCARD_ASSIGN(const std::string_view window, source_.Peek(kSniffWindow));
    if (SniffUnit(window) != UnitKind::kSkippable) return {};
    CRAWLCARD_TRY(ReadSkippable());
  }
}

Status UnitOpener::FailUnknown(UnitKind kind, std::size_t bytes, bool is_archive) {
  const std::uint64_t offset = source_.position();
  is_foreign_ = kind == UnitKind::kLz4 || kind == UnitKind::kZip;
  switch (kind) {
    case UnitKind::kLz4:
      return FailAt(offset, ErrorCode::kUnsupported, "lz4 is not supported: use gzip or zstd");
    case UnitKind::kZip:
      return FailAt(offset, ErrorCode::kUnsupported,
                    "zip (such as wacz) is not supported: unpack it first");
    case UnitKind::kCut:
      return FailAt(offset, ErrorCode::kTruncated,
                    fmt::format("input is cut after the first {} bytes of a record", bytes));
    default:
      break;
  }
  if (!is_archive && offset == 0) {
    return FailAt(offset, ErrorCode::kUnsupported,
                  "no archive: neither warc nor arc, gzip nor zstd");
  }
  return FailAt(offset, ErrorCode::kCorrupt, "no record, gzip member or zstd frame starts here");
}

Status UnitOpener::SkipZeros() {
  for (;;) {
    CRAWLCARD_ASSIGN(const std::string_view window, source_.Peek(kSniffWindow));
    const std::size_t zeros = std::min(window.find_first_not_of('\0'), window.size());
    if (zeros == 0) return {};
    source_.Consume(zeros);
  }
}

// A skippable frame: the dictionary, or something to pass over.
Status UnitOpener::ReadSkippable() {
  const std::uint64_t offset = source_.position();
  CRAWLCARD_ASSIGN(std::string_view window, source_.Peek(kSkippableHeadBytes));
  if (window.size() < kSkippableHeadBytes) {
    return FailAt(offset, ErrorCode::kTruncated, "zstd skippable frame is cut in its head");
  }
  std::uint64_t size = ReadSize(window);
  if (window.starts_with(kDictionaryMagic)) {
    has_late_dictionary_ = has_late_dictionary_ || has_compressed_ || has_plain_;
    if (size > limits::kDictionaryBytesMax) {
      return FailAt(offset, ErrorCode::kTooLarge,
                    fmt::format("zstd dictionary too large: {} bytes, limit {}", size,
                                limits::kDictionaryBytesMax));
    }
    return ReadDictionary(static_cast<std::size_t>(size));
  }
  size += kSkippableHeadBytes;
  while (size > 0) {
    const std::size_t now = std::min<std::uint64_t>(window.size(), size);
    source_.Consume(now);
    size -= now;
    if (size == 0) break;
    CRAWLCARD_ASSIGN(window, source_.Peek(1));
    if (window.empty()) {
      return FailAt(offset, ErrorCode::kTruncated,
                    fmt::format("zstd skippable frame is cut: {} bytes are missing", size));
    }
  }
  return {};
}

// IIPC draft "WARC with zstd": the frame holds the dictionary, as it is or as a zstd frame.
Status UnitOpener::ReadDictionary(std::size_t bytes) {
  const std::uint64_t offset = source_.position();
  CRAWLCARD_ASSIGN(const std::string_view window, source_.Peek(kSkippableHeadBytes + bytes));
  if (window.size() < kSkippableHeadBytes + bytes) {
    return FailAt(offset, ErrorCode::kTruncated, "zstd dictionary is cut");
  }
  std::string_view dictionary = window.substr(kSkippableHeadBytes, bytes);
  std::string unpacked;
  if (dictionary.starts_with(kZstdMagic)) {
    Result<DecodeOutcome> outcome =
        Decode(Coding::kZstd, dictionary, limits::kDictionaryBytesMax, unpacked);
    if (!outcome) return tl::unexpected<Error>(std::move(outcome).error().At(offset));
    if (outcome->over_limit) {
      return FailAt(
          offset, ErrorCode::kTooLarge,
          fmt::format("zstd dictionary too large: limit {} bytes", limits::kDictionaryBytesMax));
    }
    dictionary = unpacked;
  }
  Status set = unit_.inflater().SetDictionary(dictionary);
  if (!set) return tl::unexpected<Error>(std::move(set).error().At(offset));
  source_.Consume(kSkippableHeadBytes + bytes);
  return {};
}

}  // namespace crawlcard::warc::internal
