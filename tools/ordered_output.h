// tools/ordered_output.h - many workers print, the lines come out in the order of the inputs.
//
// Each input has a slot. The lowest open slot writes through, later ones gather; a slot that has
// gathered limits::kPendingBytesMax waits for its turn, so memory stays bounded. Workers must take
// slots in ascending order, or the lowest one might never be served.
//
// Thread rule: thread-safe.
#pragma once

#include <condition_variable>
#include <cstddef>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "tools/output.h"

namespace crawlcard::tools {

class OrderedOutput {
 public:
  // Borrows `out`.
  OrderedOutput(Output& out, std::size_t slots) : out_(out), slots_(slots) {}

  // Prints `text` in the place of `slot`. After a failure every call fails alike.
  [[nodiscard]] Status Write(std::size_t slot, std::string_view text);

  // Says that `slot` prints nothing more.
  [[nodiscard]] Status Close(std::size_t slot);

 private:
  struct Slot {
    std::string pending;
    bool closed = false;
  };
  Status WriteLocked(std::string_view text);

  Output& out_;
  std::mutex mutex_;
  std::condition_variable turn_;
  std::vector<Slot> slots_;
  std::size_t current_ = 0;
  Status state_;
};

}  // namespace crawlcard::tools
