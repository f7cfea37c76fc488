// warc/internal/unit_finder.h - finds the next member, frame or record after damage.
//
// A magic number alone proves nothing: three given bytes occur in every few megabytes of compressed
// data. So each candidate is unpacked a little way and must show the start of a record.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "base/byte_source.h"
#include "base/member_inflater.h"
#include "base/result.h"

namespace crawlcard::warc::internal {

// Which kinds of units a search accepts.
struct UnitSearch {
  bool compressed = true;
  bool plain = true;
  bool arc = false;                // ARC header lines count as record starts in plain input
  std::uint64_t end = UINT64_MAX;  // units that start at or behind it are not looked for
};

// What the first bytes of a member show when they are unpacked.
enum class Trial : std::uint8_t {
  kRecord,   // the start of a record
  kOther,    // other bytes, or none
  kDamaged,  // nothing could be unpacked
};

// Unpacks a little of the member that starts `bytes`. Uses the stream of `inflater`.
Trial TryMember(MemberFormat format, std::string_view bytes, MemberInflater& inflater);

// Moves `source` to the next unit at or after its position. False, with the source at its end, when
// there is none. `inflater` is borrowed for trials: any stream in it is lost. Errors: kIo.
[[nodiscard]] Result<bool> FindUnit(ByteSource& source, const UnitSearch& search,
                                    MemberInflater& inflater);

}  // namespace crawlcard::warc::internal
