// base/byte_source.h - bytes of one input, read front to back through a window.
//
// Peek() shows the next bytes in place, Consume() moves on: a reader that finds a whole unit in
// the window needs no copy. Sources over files and pipes come from base/file.h; MemorySource
// serves tests and fuzzers.
//
// Thread rule: thread-compatible.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "base/attributes.h"
#include "base/result.h"

namespace crawlcard {

class ByteSource {
 public:
  virtual ~ByteSource() = default;

  // Shows at least `want` bytes from the current position, fewer only at the end of the input; an
  // empty window is the end. The view is dead after the next Peek() or Consume(). Asking for more
  // than was asked before grows the buffer, so callers bound `want` first.
  // Errors: kIo.
  [[nodiscard]] virtual Result<std::string_view> Peek(std::size_t want)
      CRAWLCARD_LIFETIME_BOUND = 0;

  // Moves on by `bytes`, which must have been visible in the last window.
  virtual void Consume(std::size_t bytes) = 0;

  // Offset of the next byte from the start of the input.
  virtual std::uint64_t position() const = 0;
};

class MemorySource final : public ByteSource {
 public:
  // Borrows `bytes`.
  explicit MemorySource(std::string_view bytes) : bytes_(bytes) {}

  Result<std::string_view> Peek(std::size_t /*want*/) override { return bytes_.substr(position_); }
  void Consume(std::size_t bytes) override { position_ += bytes; }
  std::uint64_t position() const override { return position_; }

 private:
  std::string_view bytes_;
  std::size_t position_ = 0;
};

}  // namespace crawlcard
