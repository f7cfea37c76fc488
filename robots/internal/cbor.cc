#include "robots/internal/cbor.h"

namespace crawlcard::robots::internal {
namespace {

// Major types, RFC 8949 section 3.1.
constexpr std::uint8_t kBytes = 2;
constexpr std::uint8_t kText = 3;
constexpr std::uint8_t kArray = 4;
constexpr std::uint8_t kMap = 5;
constexpr std::uint8_t kTag = 6;
constexpr std::uint8_t kSimple = 7;

}  // namespace

bool CborCursor::ReadHead(Head& head) {
  if (rest_.empty()) return false;
  const auto first = static_cast<std::uint8_t>(rest_.front());
  rest_.remove_prefix(1);
  head.major = static_cast<std::uint8_t>(first >> 5);
  const std::uint8_t low = first & 0x1F;
  head.indefinite = low == 31;
  head.value = low;
  if (low < 24 || head.indefinite) return true;
  if (low > 27) return false;  // reserved
  const std::size_t size = std::size_t{1} << (low - 24);
  if (rest_.size() < size) return false;
  head.value = 0;
  for (std::size_t i = 0; i < size; ++i) {
    head.value = head.value << 8 | static_cast<std::uint8_t>(rest_[i]);
  }
  rest_.remove_prefix(size);
  return true;
}

bool CborCursor::PeekMajor(std::uint8_t major) {
  return !rest_.empty() && static_cast<std::uint8_t>(rest_.front()) >> 5 == major;
}

bool CborCursor::SkipTags() {
  Head head;
  while (PeekMajor(kTag)) {
    if (!ReadHead(head) || head.indefinite) return false;
  }
  return true;
}

bool CborCursor::TakeBytes(std::uint64_t count, std::string_view& out) {
  if (count > rest_.size()) return false;
  out = rest_.substr(0, static_cast<std::size_t>(count));
  rest_.remove_prefix(static_cast<std::size_t>(count));
  return true;
}

bool CborCursor::Text(std::string& out) {
  const std::string_view before = rest_;
  Head head;
  std::string_view piece;
  if (SkipTags() && PeekMajor(kText) && ReadHead(head)) {
    out.clear();
    if (!head.indefinite && TakeBytes(head.value, piece)) {
      out = piece;
      return true;
    }
    // RFC 8949 section 3.2.3: chunks of the same type, each of known length.
    while (head.indefinite && !AtBreak()) {
      Head chunk;
      if (!PeekMajor(kText) || !ReadHead(chunk) || chunk.indefinite) break;
      if (!TakeBytes(chunk.value, piece)) break;
      out += piece;
    }
    if (head.indefinite && AtBreak()) {
      rest_.remove_prefix(1);
      return true;
    }
  }
  rest_ = before;
  return false;
}

bool CborCursor::Map(const std::function<bool(std::string_view, CborCursor&)>& visit) {
  Head head;
  if (!SkipTags() || !PeekMajor(kMap) || depth_ >= depth_max_ || !ReadHead(head)) return false;
  ++depth_;
  std::string key;
  for (std::uint64_t i = 0; head.indefinite || i < head.value; ++i) {
    if (head.indefinite && AtBreak()) {
      rest_.remove_prefix(1);
      break;
    }
    if (!Text(key)) {
      if (!Skip() || !Skip()) return false;
      continue;
    }
    const std::string_view value = rest_;
    if (!visit(key, *this)) {
      rest_ = value;
      if (!Skip()) return false;
    }
  }
  --depth_;
  return true;
}

bool CborCursor::SkipItems(const Head& head) {
  if (depth_ >= depth_max_) return false;
  ++depth_;
  const std::uint64_t per_entry = head.major == kMap ? 2 : 1;
  for (std::uint64_t i = 0; head.indefinite || i < head.value; ++i) {
    if (head.indefinite && AtBreak()) {
      rest_.remove_prefix(1);
      break;
    }
    for (std::uint64_t j = 0; j < per_entry; ++j) {
      if (!Skip()) return false;
    }
  }
  --depth_;
  return true;
}

bool CborCursor::Skip() {
  Head head;
  std::string_view piece;
  if (!SkipTags() || !ReadHead(head)) return false;
  switch (head.major) {
    case kBytes:
    case kText:
      return head.indefinite ? SkipItems(head) : TakeBytes(head.value, piece);
    case kArray:
    case kMap:
      return SkipItems(head);
    default:
      // Numbers and simple values are done with; indefinite: a break where an item should be.
      return !head.indefinite;
  }
}

}  // namespace crawlcard::robots::internal
