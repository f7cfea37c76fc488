#include "warc/internal/unit_finder.h"

#include <algorithm>
#include <array>

#include "warc/internal/record_start.h"

namespace crawlcard::warc::internal {
namespace {

constexpr std::size_t kWindow = std::size_t{64} << 10;

// What a candidate may read and unpack before it must show a record. Enough for an ARC line with a
// long URL; small, so that a file of nothing but magic numbers is still searched in linear time.
constexpr std::size_t kTrialBytes = std::size_t{4} << 10;

bool ShowsRecord(std::string_view unpacked) {
  while (!unpacked.empty() && (unpacked.front() == '\r' || unpacked.front() == '\n')) {
    unpacked.remove_prefix(1);
  }
  return StartsRecord(unpacked) || unpacked.starts_with("filedesc://");
}

// RFC 1952 section 2.3.1: the upper three flag bits are zero.
bool IsPlausibleGzip(std::string_view bytes) {
  return bytes.starts_with(kGzipMagic) && bytes.size() > 3 &&
         (static_cast<unsigned char>(bytes[3]) & 0xE0U) == 0;
}

bool UnpacksToRecord(MemberFormat format, std::string_view bytes, MemberInflater& inflater) {
  return TryMember(format, bytes, inflater) == Trial::kRecord;
}

class Scan {
 public:
  Scan(const UnitSearch& search, MemberInflater& inflater) : search_(search), inflater_(inflater) {}

  // The first unit in `window` among the starts before `end`. Goes in small steps, so that a hit of
  // one kind does not pay for a search of the other to the end of the window.
  std::size_t Find(std::string_view window, std::size_t end, bool at_line_start) {
    for (std::size_t from = 0; from < end; from += kTrialBytes) {
      const std::size_t to = std::min(from + kTrialBytes, end);
      std::size_t best = std::string_view::npos;
      if (search_.plain) best = FindPlain(window, from, to, at_line_start);
      if (search_.compressed) {
        best = std::min(best, FindCompressed(window, from, std::min(best, to)));
      }
      if (best != std::string_view::npos) return best;
      at_line_start = window[to - 1] == '\n';
    }
    return std::string_view::npos;
  }

 private:
  std::size_t FindPlain(std::string_view window, std::size_t from, std::size_t to,
                        bool at_line_start) {
    const std::string_view text = window.substr(0, to + kTrialBytes);
    if (at_line_start && StartsRecord(text.substr(from))) return from;
    const std::size_t found = FindRecordStart(text, from + 1, search_.arc);
    return found < to ? found : std::string_view::npos;
  }

  std::size_t FindCompressed(std::string_view window, std::size_t from, std::size_t end) {
    for (std::size_t at = from; at < end; ++at) {
      const std::string_view rest = window.substr(at);
      const bool is_hit = (rest.front() == kGzipMagic.front() && IsPlausibleGzip(rest) &&
                           UnpacksToRecord(MemberFormat::kGzip, rest, inflater_)) ||
                          (rest.front() == kZstdMagic.front() && rest.starts_with(kZstdMagic) &&
                           UnpacksToRecord(MemberFormat::kZstd, rest, inflater_));
      if (is_hit) return at;
    }
    return std::string_view::npos;
  }

  const UnitSearch& search_;
  MemberInflater& inflater_;
};

}  // namespace

Trial TryMember(MemberFormat format, std::string_view bytes, MemberInflater& inflater) {
  std::array<char, kTrialBytes> unpacked;
  std::size_t made = 0;
  std::string_view rest = bytes.substr(0, kTrialBytes);
  StreamState state = StreamState::kGoOn;
  inflater.StartStream(format);
  while (made < unpacked.size()) {
    const StreamStep step = inflater.StreamSome(rest, std::span<char>(unpacked).subspan(made));
    made += step.produced;
    rest.remove_prefix(step.consumed);
    state = step.state;
    if (state != StreamState::kGoOn || step.consumed + step.produced == 0) break;
  }
  if (ShowsRecord({unpacked.data(), made})) return Trial::kRecord;
  return made > 0 || state == StreamState::kEnd ? Trial::kOther : Trial::kDamaged;
}

Result<bool> FindUnit(ByteSource& source, const UnitSearch& search, MemberInflater& inflater) {
  Scan scan(search, inflater);
  bool at_line_start = true;
  for (;;) {
    CRAWLCARD_ASSIGN(const std::string_view window, source.Peek(kWindow));
    if (window.empty() || source.position() >= search.end) return false;
    // Starts near the end are looked at with the next window, which shows more of them.
    const bool is_last = window.size() < kWindow;
    const std::size_t end = std::min<std::uint64_t>(
        is_last ? window.size() : window.size() - kTrialBytes, search.end - source.position());
    const std::size_t found = scan.Find(window, end, at_line_start);
    if (found != std::string_view::npos) {
      source.Consume(found);
      return true;
    }
    at_line_start = window[end - 1] == '\n';
    source.Consume(end);
  }
}

}  // namespace crawlcard::warc::internal
