#include "index/internal/blob_reader.h"

#include <iterator>
#include <utility>

#include "base/digest.h"
#include "robots/observe.h"

namespace crawlcard::index {
namespace {

// Of neighbours. What is met all over an index is remembered by those who read it.
constexpr std::size_t kHeldBytesMax = 2 << 20;

}  // namespace

// A body to be filled, in front: the memory of the last one where there is enough of it.
BlobReader::Body& BlobReader::NewBody() {
  if (held_bytes_ < kHeldBytesMax || recent_.size() < 2) return recent_.emplace_front();
  recent_.splice(recent_.begin(), recent_, std::prev(recent_.end()));
  Body& body = recent_.front();
  by_digest_.erase(body.sha256);
  held_bytes_ -= body.bytes.capacity();
  return body;
}

void BlobReader::DropLast() {
  by_digest_.erase(recent_.back().sha256);
  held_bytes_ -= recent_.back().bytes.capacity();
  recent_.pop_back();
}

Result<std::string_view> BlobReader::Read(std::string_view sha256) {
  if (const auto found = by_digest_.find(sha256); found != by_digest_.end()) {
    recent_.splice(recent_.begin(), recent_, found->second);
    return std::string_view(recent_.front().bytes);
  }
  CRAWLCARD_ASSIGN(const bool found, store_.GetBlob(sha256, partition_, value_));
  if (!found) {
    return Fail(ErrorCode::kCorrupt, "index has no body sha256:{}", Hex(sha256));
  }
  Body& body = NewBody();
  if (Status decoded = DecodeBlob(value_, body.bytes); !decoded) {
    recent_.pop_front();
    return tl::unexpected(std::move(decoded).error());
  }
  body.sha256 = sha256;
  held_bytes_ += body.bytes.capacity();
  by_digest_.emplace(body.sha256, recent_.begin());
  while (held_bytes_ > kHeldBytesMax && recent_.size() > 1) DropLast();
  return std::string_view(body.bytes);
}

Status CompleteHostRow(BlobReader& blobs, Arena& arena, CaptureView& capture,
                       std::string_view& body_out) {
  body_out = {};
  if (capture.body_sha256.empty()) return {};
  CRAWLCARD_ASSIGN(body_out, blobs.Read(capture.body_sha256));

  robots::SignalList signals(&arena);
  signals.assign(capture.signals.begin(), capture.signals.end());
  const std::size_t own = signals.size();
  std::pmr::vector<std::string_view> flags(&arena);
  robots::ObserveWellKnown(*capture.well_known, body_out, capture.url, arena, signals, flags);
  capture.signals = arena.CopySpan(std::span<const robots::Signal>(signals));
  capture.well_known_signals = static_cast<std::uint32_t>(signals.size() - own);
  capture.kept_body = body_out;
  return {};
}

}  // namespace crawlcard::index
