#include "dataset/unpacked_source.h"

#include <algorithm>
#include <cstring>
#include <string>

namespace crawlcard::dataset {
namespace {

constexpr std::size_t kWindowBytes = std::size_t{256} << 10;
constexpr std::string_view kGzipMagic("\x1f\x8b", 2);
constexpr std::string_view kZstdMagic("\x28\xb5\x2f\xfd", 4);

// RFC 8878 section 3.1.2: 0x184D2A50 to 0x184D2A5F, little-endian.
bool StartsSkippable(std::string_view bytes) {
  return bytes.size() >= 4 && (static_cast<unsigned char>(bytes[0]) & 0xF0U) == 0x50 &&
         bytes.substr(1, 3) == std::string_view("\x2a\x4d\x18", 3);
}

Packing PackingOf(std::string_view bytes) {
  if (bytes.starts_with(kGzipMagic)) return Packing::kGzip;
  if (bytes.starts_with(kZstdMagic) || StartsSkippable(bytes)) return Packing::kZstd;
  return Packing::kPlain;
}

}  // namespace

std::string_view PackingEnding(Packing packing) {
  switch (packing) {
    case Packing::kPlain:
      return "";
    case Packing::kGzip:
      return ".gz";
    case Packing::kZstd:
      return ".zst";
  }
  return "";
}

Result<Packing> UnpackedSource::DetectPacking() {
  if (!packing_) {
    CRAWLCARD_ASSIGN(const std::string_view window, source_.Peek(kZstdMagic.size()));
    packing_ = PackingOf(window);
  }
  return *packing_;
}

Result<std::string> UnpackedSource::First(std::size_t bytes) {
  std::string first(bytes, '\0');
  CRAWLCARD_ASSIGN(const std::size_t some, Read(first));
  first.resize(some);
  first_ = first;
  return first;
}

Result<std::size_t> UnpackedSource::Read(std::span<char> out) {
  if (first_.empty()) return ReadMore(out);
  const std::size_t some = std::min(out.size(), first_.size());
  std::memcpy(out.data(), first_.data(), some);
  first_.erase(0, some);
  CRAWLCARD_ASSIGN(const std::size_t more, ReadMore(out.subspan(some)));
  return some + more;
}

Result<std::size_t> UnpackedSource::ReadMore(std::span<char> out) {
  CRAWLCARD_ASSIGN(const Packing packing, DetectPacking());
  if (packing == Packing::kPlain) return ReadPlain(out);
  std::size_t made = 0;
  while (made < out.size() && place_ != Place::kEnd) {
    if (place_ == Place::kBetween) {
      CRAWLCARD_TRY(Begin());
      continue;
    }
    CRAWLCARD_ASSIGN(const std::size_t step, Step(out.subspan(made)));
    made += step;
  }
  return made;
}

Result<std::size_t> UnpackedSource::ReadPlain(std::span<char> out) {
  std::size_t made = 0;
  while (made < out.size()) {
    CRAWLCARD_ASSIGN(const std::string_view window, source_.Peek(1));
    if (window.empty()) break;
    const std::size_t some = std::min(window.size(), out.size() - made);
    std::memcpy(out.data() + made, window.data(), some);
    source_.Consume(some);
    made += some;
  }
  return made;
}

// At the start of the input or behind a member.
Status UnpackedSource::Begin() {
  CRAWLCARD_ASSIGN(const std::string_view window, source_.Peek(kZstdMagic.size()));
  if (window.empty()) {
    place_ = Place::kEnd;
    return {};
  }
  if (PackingOf(window) == *packing_) {
    inflater_.StartStream(*packing_ == Packing::kGzip ? MemberFormat::kGzip : MemberFormat::kZstd);
    place_ = Place::kInside;
    any_member_ = true;
    return {};
  }
  return SkipPadding();
}

// Tapes and disks are filled up with zeros; anything else behind the last member is damage.
Status UnpackedSource::SkipPadding() {
  for (;;) {
    CRAWLCARD_ASSIGN(const std::string_view window, source_.Peek(1));
    if (window.empty()) {
      place_ = Place::kEnd;
      return {};
    }
    const std::size_t other = window.find_first_not_of('\0');
    source_.Consume(std::min(other, window.size()));
    if (other == std::string_view::npos) continue;
    Damage(ErrorCode::kCorrupt, "bytes that are no packed data follow the last member");
    return {};
  }
}

Result<std::size_t> UnpackedSource::Step(std::span<char> out) {
  CRAWLCARD_ASSIGN(std::string_view window, source_.Peek(1));
  const bool at_end = window.empty();
  window = window.substr(0, kWindowBytes);
  const StreamStep step = inflater_.StreamSome(window, out);
  source_.Consume(step.consumed);
  switch (step.state) {
    case StreamState::kEnd:
      place_ = Place::kBetween;
      break;
    case StreamState::kGoOn:
      if (at_end && step.produced == 0) {
        Damage(ErrorCode::kTruncated, "the file ends inside packed data");
      }
      break;
    case StreamState::kCorrupt:
      Damage(ErrorCode::kCorrupt, "packed data is damaged");
      break;
    case StreamState::kTooLarge:
      Damage(ErrorCode::kTooLarge, "a zstd frame asks for a window over the limit of 16 MiB");
      break;
    case StreamState::kNeedsDictionary:
      Damage(ErrorCode::kUnsupported, "a zstd frame was made with a dictionary");
      break;
  }
  return step.produced;
}

void UnpackedSource::Damage(ErrorCode code, std::string_view what) {
  damage_ = Error(code, std::string(what)).At(source_.position());
  place_ = Place::kEnd;
}

}  // namespace crawlcard::dataset
