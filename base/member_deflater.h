// base/member_deflater.h - packs the members of an archive file: gzip members and zstd frames.
//
// The counterpart of base/member_inflater.h. Keeps its codec state and its buffer, so that a
// record costs no allocation once they have grown. Same bytes in, same bytes out.
//
// Thread rule: thread-compatible.
#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>

#include "base/member_inflater.h"

namespace crawlcard {

class MemberDeflater {
 public:
  // Levels: gzip 1 to 12 (libdeflate), zstd 1 to 19.
  MemberDeflater(MemberFormat format, int level);
  ~MemberDeflater();
  MemberDeflater(const MemberDeflater&) = delete;
  MemberDeflater& operator=(const MemberDeflater&) = delete;

  // Appends one member that holds `in`. A gzip member has neither time nor name; a zstd frame has
  // its content size and checksum. Gives the bytes appended.
  std::size_t Append(std::string_view in, std::string& out);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace crawlcard
