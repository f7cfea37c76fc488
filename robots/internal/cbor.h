// robots/internal/cbor.h - as much CBOR (RFC 8949) as a training-mining assertion needs.
//
// A cursor over one buffer: text strings, maps, and skipping everything else. Depth is bounded, and
// each step consumes input, so that lengths that lie end the reading and cost nothing.
//
//   a1 67 "entries" a2 .. ..     map(1): text(7) -> map(2)
//
// Thread rule: thread-compatible.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

namespace crawlcard::robots::internal {

class CborCursor {
 public:
  CborCursor(std::string_view bytes, std::size_t depth_max) : rest_(bytes), depth_max_(depth_max) {}

  // Reads a text string, whole or in chunks; false, with nothing consumed, for another type.
  bool Text(std::string& out);

  // Visits the members of a map whose key is a text; `visit` reads the value, or leaves it to be
  // skipped by returning false. False for another type, or where the map is cut or malformed.
  bool Map(const std::function<bool(std::string_view key, CborCursor& value)>& visit);

  // Passes one item of any type. False where it is cut, malformed or too deep.
  bool Skip();

 private:
  struct Head {
    std::uint8_t major = 0;
    std::uint64_t value = 0;
    bool indefinite = false;
  };
  bool ReadHead(Head& head);
  bool PeekMajor(std::uint8_t major);
  bool AtBreak() const { return !rest_.empty() && rest_.front() == '\xFF'; }
  bool SkipTags();
  bool TakeBytes(std::uint64_t count, std::string_view& out);
  bool SkipItems(const Head& head);

  std::string_view rest_;
  std::size_t depth_max_;
  std::size_t depth_ = 0;
};

}  // namespace crawlcard::robots::internal
