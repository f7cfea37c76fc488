// dataset/unpacked_source.h - the bytes of a file of rows, whatever it is packed with.
//
// gzip members and zstd frames may follow one another, as tools that work in parallel write them.
// How a file is packed is seen from its first bytes, never from its name.
//
// Thread rule: thread-compatible.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "base/byte_source.h"
#include "base/member_inflater.h"
#include "base/result.h"

namespace crawlcard::dataset {

enum class Packing : std::uint8_t { kPlain, kGzip, kZstd };

// ".gz", ".zst", or nothing.
std::string_view PackingEnding(Packing packing);

class UnpackedSource {
 public:
  // Borrows `source`.
  explicit UnpackedSource(ByteSource& source) : source_(source) {}

  // Looks at the first bytes. Errors: kIo.
  [[nodiscard]] Result<Packing> DetectPacking();

  // The first bytes unpacked, at most `bytes` of them; to be called before Read(), which gives them
  // again. Errors: kIo.
  [[nodiscard]] Result<std::string> First(std::size_t bytes);

  // Fills `out`; fewer bytes come only at the end of the input, or where damage() begins.
  // Errors: kIo.
  [[nodiscard]] Result<std::size_t> Read(std::span<char> out);

  // What ended the input too early: kTruncated, kCorrupt, kTooLarge (a zstd window) or
  // kUnsupported (a zstd dictionary). The bytes before it have all been given.
  const std::optional<Error>& damage() const { return damage_; }

 private:
  enum class Place : std::uint8_t { kBetween, kInside, kEnd };

  Result<std::size_t> ReadMore(std::span<char> out);
  Result<std::size_t> ReadPlain(std::span<char> out);
  Status Begin();
  Status SkipPadding();
  Result<std::size_t> Step(std::span<char> out);
  void Damage(ErrorCode code, std::string_view what);

  ByteSource& source_;
  std::optional<Packing> packing_;
  std::string first_;  // what First() gave and Read() has not
  MemberInflater inflater_;
  Place place_ = Place::kBetween;
  bool any_member_ = false;
  std::optional<Error> damage_;
};

}  // namespace crawlcard::dataset
