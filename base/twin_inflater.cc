#include "base/twin_inflater.h"

#include <algorithm>
#include <cstring>

#include <isa-l/crc.h>
#include <libdeflate.h>

#include "base/assert.h"
#include "base/internal/deflate_codes.h"
#include "base/internal/deflate_step.h"
#include "base/simd.h"

namespace crawlcard {

using internal::Cursor;
using internal::End;
using internal::kLiteralTableBits;
using internal::kMatchMax;
using internal::kStepInput;
using internal::kStepRoom;
using internal::Refill;
using internal::Step;
using internal::Take;

namespace {

static_assert(kStepRoom < TwinInflater::kRoomSlack);

// The head of a block: 74 bits, and a code of 7 bits with 7 more for each of 320 lengths.
constexpr std::size_t kHeadInput = 640;
static_assert(kHeadInput >= (74 + 320 * 14) / 8 + kStepInput);
static_assert(TwinInflater::kInputSlack > kHeadInput + kStepInput);

constexpr std::size_t kSymbolsMax = internal::kLiteralSymbols + internal::kOffsetSymbols;
constexpr std::size_t kRepeatMax = 138;

}  // namespace

struct TwinInflater::Side {
  internal::DeflateCodes codes{};
  Cursor at;
  const char *in_begin = nullptr, *in_end = nullptr;
  const char* in_fast = nullptr;  // a step may begin before this
  char *out_begin = nullptr, *out_end = nullptr;
  const char* out_fast = nullptr;
  State state = State::kIdle;
  bool in_block = false, is_final = false;
  unsigned blocks = 0;
  std::array<std::uint8_t, kSymbolsMax + kRepeatMax> lengths{};

  void OpenBlock();
  State ReadHead();
  State CopyStored();
  bool ReadLengths(unsigned literals, unsigned offsets);
  void CloseBlock();
  void Settle(End end);
  bool MayStep();
  std::size_t StepsFrom(const char* in_next, const char* out_next) const;
  void RunAlone();
};

// From head to head, to a block of codes or to where it cannot go on.
void TwinInflater::Side::OpenBlock() {
  while (!in_block && state == State::kRunning) {
    if (in_end - at.in < static_cast<std::ptrdiff_t>(kHeadInput)) {
      state = State::kNoInput;
      return;
    }
    const auto consumed = static_cast<std::size_t>(at.in - in_begin);
    if (blocks > kBlocksAheadMax + consumed / kBlockBytesMin) {
      state = State::kFailed;
      return;
    }
    const Cursor before = at;
    ++blocks;
    state = ReadHead();
    if (state == State::kNoInput || state == State::kNoRoom) {  // once more, then
      at = before;
      --blocks;
    }
  }
}

// RFC 1951 section 3.2.3, 3.2.7.
TwinInflater::State TwinInflater::Side::ReadHead() {
  Refill(at);
  is_final = (at.bits & 1) != 0;
  const auto type = static_cast<unsigned>(at.bits >> 1 & 3);
  Take(at, 3);
  if (type == 0) return CopyStored();
  if (type == 3) return State::kFailed;
  std::size_t literals = internal::kLiteralSymbols;
  std::size_t offsets = internal::kOffsetSymbols;
  if (type == 1) {
    std::fill_n(lengths.begin(), 144, std::uint8_t{8});
    std::fill_n(lengths.begin() + 144, 112, std::uint8_t{9});
    std::fill_n(lengths.begin() + 256, 24, std::uint8_t{7});
    std::fill_n(lengths.begin() + 280, 8, std::uint8_t{8});
    std::fill_n(lengths.begin() + 288, 32, std::uint8_t{5});
  } else {
    literals = 257 + (at.bits & 31);
    offsets = 1 + (at.bits >> 5 & 31);
    Take(at, 10);
    if (!ReadLengths(static_cast<unsigned>(literals), static_cast<unsigned>(offsets))) {
      return State::kFailed;
    }
  }
  const std::span<const std::uint8_t> all(lengths);
  if (!internal::MakeOffsetTable(all.subspan(literals, offsets), codes)) return State::kFailed;
  if (!internal::MakeLiteralTable(all.first(literals), codes)) return State::kFailed;
  Refill(at);
  at.entry = codes.literals[at.bits & ((std::uint64_t{1} << kLiteralTableBits) - 1)];
  in_block = true;
  return State::kRunning;
}

bool TwinInflater::Side::ReadLengths(unsigned literals, unsigned offsets) {
  constexpr std::array<std::uint8_t, internal::kLengthSymbols> kOrder = {
      16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15};
  const std::size_t count = 4 + (at.bits & 15);
  Take(at, 4);
  std::array<std::uint8_t, internal::kLengthSymbols> of_lengths{};
  for (std::size_t i = 0; i < count; ++i) {
    if (at.bits_left() < 3) Refill(at);
    of_lengths[kOrder[i]] = at.bits & 7;
    Take(at, 3);
  }
  internal::LengthTable table;
  if (!internal::MakeLengthTable(of_lengths, table)) return false;
  const std::size_t end = literals + offsets;
  std::size_t i = 0;
  while (i < end) {
    if (at.bits_left() < internal::kLengthCodeBits + 7) Refill(at);
    const std::uint8_t found = table[at.bits & (table.size() - 1)];
    const unsigned symbol = found >> 3;
    Take(at, found & 7);
    if (symbol < 16) {
      lengths[i++] = static_cast<std::uint8_t>(symbol);
      continue;
    }
    // There is room behind the lengths for any repetition.
    if (symbol == 16 && i == 0) return false;
    const std::uint8_t value = symbol == 16 ? lengths[i - 1] : 0;
    const unsigned bits = symbol == 16 ? 2 : symbol == 17 ? 3 : 7;
    const std::size_t least = symbol == 18 ? 11 : 3;
    const std::size_t repeat = least + (at.bits & ((1U << bits) - 1));
    Take(at, bits);
    std::memset(lengths.data() + i, value, repeat);
    i += repeat;
  }
  return i == end;
}

// RFC 1951 section 3.2.4: from the next byte on.
TwinInflater::State TwinInflater::Side::CopyStored() {
  const char* from = at.in - (at.bits_left() >> 3);
  constexpr std::ptrdiff_t kSizes = 4;
  if (in_end - from < kSizes) return State::kNoInput;
  const auto byte = [from](std::size_t i) { return static_cast<unsigned char>(from[i]); };
  const unsigned size = byte(0) | static_cast<unsigned>(byte(1)) << 8;
  const unsigned check = byte(2) | static_cast<unsigned>(byte(3)) << 8;
  from += kSizes;
  if ((size ^ check) != 0xFFFF) return State::kFailed;
  if (in_end - from < static_cast<std::ptrdiff_t>(size)) return State::kNoInput;
  if (out_end - at.out < static_cast<std::ptrdiff_t>(size + kRoomSlack)) return State::kNoRoom;
  std::memcpy(at.out, from, size);
  at = {0, 0, 0, from + size, at.out + size};
  return is_final ? State::kDone : State::kRunning;
}

void TwinInflater::Side::CloseBlock() {
  in_block = false;
  if (!is_final) return OpenBlock();
  at.in -= at.bits_left() >> 3;
  at.bits = at.left = 0;
  state = State::kDone;
}

void TwinInflater::Side::Settle(End end) {
  if (end == End::kBlock) return CloseBlock();
  if (end == End::kBad) state = State::kFailed;
}

// Steps for which there certainly is enough: each takes 70 bits at most, and input is loaded up to
// 63 bits before they are taken. The cursor of a loop must stay in
// registers, so no function takes it by reference.
std::size_t TwinInflater::Side::StepsFrom(const char* in_next, const char* out_next) const {
  if (in_next >= in_fast || out_next >= out_fast) return 0;
  const auto in = static_cast<std::size_t>(in_fast - in_next);
  const auto out = static_cast<std::size_t>(out_fast - out_next);
  return 1 + std::min((in - 1) / 16, (out - 1) / (3 + kMatchMax));
}

// Says what a side without enough for a step lacks.
bool TwinInflater::Side::MayStep() {
  if (at.in >= in_fast) state = State::kNoInput;
  if (at.out >= out_fast) state = State::kNoRoom;
  return state == State::kRunning;
}

#if defined(__x86_64__)

__attribute__((target("bmi2"))) void TwinInflater::Side::RunAlone() {
  Cursor c = at;
  End end = End::kNone;
  while (end == End::kNone) {
    std::size_t steps = StepsFrom(c.in, c.out);
    if (steps == 0) break;
    for (; steps > 0 && end == End::kNone; --steps) end = Step(c, codes, out_begin);
  }
  at = c;
  Settle(end);
}

// Until one of them ends its block or lacks something.
__attribute__((target("bmi2"))) void TwinInflater::RunBoth(Side& one, Side& other) {
  Cursor a = one.at;
  Cursor b = other.at;
  End end_a = End::kNone;
  End end_b = End::kNone;
  while (end_a == End::kNone && end_b == End::kNone) {
    std::size_t steps = std::min(one.StepsFrom(a.in, a.out), other.StepsFrom(b.in, b.out));
    if (steps == 0) break;
    for (; steps > 0; --steps) {
      end_a = Step(a, one.codes, one.out_begin);
      if (end_a != End::kNone) break;
      end_b = Step(b, other.codes, other.out_begin);
      if (end_b != End::kNone) break;
    }
  }
  one.at = a;
  other.at = b;
  one.Settle(end_a);
  other.Settle(end_b);
}

bool TwinInflater::IsUsable() {
  return SimdLevel() == Simd::kAvx2;
}

#else

void TwinInflater::Side::RunAlone() {
  state = State::kFailed;
}
void TwinInflater::RunBoth(Side& one, Side& other) {
  one.state = other.state = State::kFailed;
}
bool TwinInflater::IsUsable() {
  return false;
}

#endif

TwinInflater::TwinInflater() : sides_(std::make_unique<std::array<Side, kSides>>()) {}
TwinInflater::~TwinInflater() = default;

void TwinInflater::Start(std::size_t side, std::string_view in, std::span<char> room) {
  Side& s = (*sides_)[side];
  s.at = {0, 0, 0, in.data(), room.data()};
  s.in_begin = in.data();
  s.out_begin = room.data();
  s.in_block = false;
  s.blocks = 0;
  SetInput(side, in);
  SetRoom(side, room);
  s.state = State::kRunning;
}

void TwinInflater::SetInput(std::size_t side, std::string_view in) {
  Side& s = (*sides_)[side];
  const auto read = static_cast<std::size_t>(s.at.in - s.in_begin);
  if (read > in.size()) {
    s.state = State::kFailed;
    return;
  }
  s.at.in = in.data() + read;
  s.in_begin = in.data();
  s.in_end = in.data() + in.size();
  s.in_fast = in.size() < kStepInput ? in.data() : s.in_end - kStepInput;
  if (s.state == State::kNoInput) s.state = State::kRunning;
}

void TwinInflater::SetRoom(std::size_t side, std::span<char> room) {
  Side& s = (*sides_)[side];
  CRAWLCARD_ASSERT(room.size() >= kRoomSlack + static_cast<std::size_t>(s.at.out - s.out_begin));
  s.at.out = room.data() + (s.at.out - s.out_begin);
  s.out_begin = room.data();
  s.out_end = room.data() + room.size();
  s.out_fast = s.out_end - kStepRoom;
  if (s.state == State::kNoRoom) s.state = State::kRunning;
}

void TwinInflater::Drop(std::size_t side) {
  (*sides_)[side].state = State::kIdle;
}

void TwinInflater::Run(std::size_t side) {
  Side& main = (*sides_)[side];
  Side& other = (*sides_)[1 - side];
  const bool other_ran = other.state == State::kRunning;
  while (main.state == State::kRunning && (!other_ran || other.state == State::kRunning)) {
    if (!main.in_block) {
      main.OpenBlock();
      continue;
    }
    if (!main.MayStep()) return;
    const bool both = other_ran && other.blocks <= kBlocksAheadMax;
    if (both && !other.in_block) {
      other.OpenBlock();
      continue;
    }
    if (!both) {
      main.RunAlone();
    } else if (other.MayStep()) {
      RunBoth((*sides_)[0], (*sides_)[1]);
    }
  }
}

std::uint32_t TwinInflater::Crc32(std::string_view bytes) {
#if defined(__x86_64__)
  // Three times as fast where it multiplies 64 bytes at once; elsewhere the other one is ahead.
  static const bool is_wide =
      __builtin_cpu_supports("vpclmulqdq") != 0 && __builtin_cpu_supports("avx512bw") != 0;
  if (is_wide) {
    return crc32_gzip_refl(0, reinterpret_cast<const unsigned char*>(bytes.data()), bytes.size());
  }
#endif
  return libdeflate_crc32(0, bytes.data(), bytes.size());
}

TwinInflater::State TwinInflater::state(std::size_t side) const {
  return (*sides_)[side].state;
}
std::size_t TwinInflater::consumed(std::size_t side) const {
  const Side& s = (*sides_)[side];
  return static_cast<std::size_t>(s.at.in - s.in_begin);
}
std::size_t TwinInflater::produced(std::size_t side) const {
  const Side& s = (*sides_)[side];
  return static_cast<std::size_t>(s.at.out - s.out_begin);
}

}  // namespace crawlcard
