#include "base/twin_inflater.h"

#include <algorithm>
#include <bit>
#include <cstring>

#include <isa-l/crc.h>

#include "base/assert.h"
#include "base/deflate_codes.h"
#include "base/simd.h"

#if defined(__x86_64__)
#include <immintrin.h>
#endif

namespace crawlcard {

using internal::kCodeShift;
using internal::kEndOfBlock;
using internal::kExceptional;
using internal::kLiteral;
using internal::kLiteralTableBits;
using internal::kOffsetTableBits;
using internal::kSubtable;
using internal::kValueShift;

namespace {

// A step loads words at up to four places, each seven bytes behind the last at most.
constexpr std::size_t kStepInput = 40;
// Three literals, a match, and what copies write behind it.
constexpr std::size_t kMatchMax = 258;
constexpr std::size_t kCopyBytes = 48;
constexpr std::size_t kStepRoom = 3 + kMatchMax + kCopyBytes;
static_assert(kStepRoom < TwinInflater::kRoomSlack);

// The head of a block: 74 bits, and a code of 7 bits with 7 more for each of 320 lengths.
constexpr std::size_t kHeadInput = 640;
static_assert(kHeadInput >= (74 + 320 * 14) / 8 + kStepInput);
static_assert(TwinInflater::kInputSlack > kHeadInput + kStepInput);

constexpr std::size_t kSymbolsMax = internal::kLiteralSymbols + internal::kOffsetSymbols;
constexpr std::size_t kRepeatMax = 138;

enum class End : std::uint8_t { kNone, kBlock, kBad };

// Where a stream is. `left` counts the bits that are certainly there in its lowest eight bits; what
// is above them is noise, since whole entries are subtracted from it.
struct Cursor {
  std::uint64_t bits = 0;
  std::uint32_t left = 0;
  std::uint32_t entry = 0;  // of the next symbol, when in a block
  const char* in = nullptr;
  char* out = nullptr;

  std::uint32_t bits_left() const { return left & 0xFF; }
};

inline std::uint64_t Load(const char* at) {
  std::uint64_t word = 0;
  std::memcpy(&word, at, sizeof(word));
  return word;
}

[[gnu::always_inline]] inline void Refill(Cursor& c) {
  c.bits |= Load(c.in) << (c.left & 63);
  c.in += 7 - (c.left >> 3 & 7);
  c.left |= 56;
}

[[gnu::always_inline]] inline void Take(Cursor& c, unsigned bits) {
  c.bits >>= bits;
  c.left -= bits;
}

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
  void Settle(End end, const Cursor& c);
  bool MayStep();
  void RunAlone();
};

namespace {

#if defined(__x86_64__)

#define CRAWLCARD_BMI2 __attribute__((target("bmi2"), always_inline)) inline

CRAWLCARD_BMI2 std::uint32_t ValueOf(std::uint32_t entry, std::uint64_t bits) {
  const std::uint64_t low = _bzhi_u64(bits, entry);  // by its lowest eight bits
  return (entry >> kValueShift) + static_cast<std::uint32_t>(low >> (entry >> kCodeShift & 0xFF));
}

CRAWLCARD_BMI2 std::uint32_t LookUp(const internal::DeflateCodes& codes, const Cursor& c) {
  return codes.literals[c.bits & ((std::uint64_t{1} << kLiteralTableBits) - 1)];
}
CRAWLCARD_BMI2 void TakeEntry(Cursor& c, std::uint32_t entry) {
  c.bits >>= entry & 0xFF;
  c.left -= entry;
}
CRAWLCARD_BMI2 void Put(Cursor& c, std::uint32_t entry) {
  *c.out++ = static_cast<char>(entry >> kValueShift);
}

// A literal is written and its bits taken, or nothing changes: without a branch, since no processor
// can tell which. Compilers would make one.
CRAWLCARD_BMI2 void PassLiteral(Cursor& c, const internal::DeflateCodes& codes,
                                std::uint32_t& entry) {
  Cursor past = c;
  *c.out = static_cast<char>(entry >> kValueShift);
  TakeEntry(past, entry);
  const std::uint32_t next = LookUp(codes, past);
  c.out += entry >> 31;
  static_assert(kLiteral == std::uint32_t{1} << 31, "the sign");
  asm("test %[entry], %[entry]\n\t"
      "cmovs %[past_bits], %[bits]\n\t"
      "cmovs %[past_left], %[left]\n\t"
      "cmovs %[next], %[entry]"
      : [entry] "+r"(entry), [bits] "+r"(c.bits), [left] "+r"(c.left)
      : [past_bits] "r"(past.bits), [past_left] "r"(past.left), [next] "r"(next)
      : "cc");
}

CRAWLCARD_BMI2 void Copy16(char*& to, const char*& from) {
  const __m128i bytes = _mm_loadu_si128(reinterpret_cast<const __m128i*>(from));
  _mm_storeu_si128(reinterpret_cast<__m128i*>(to), bytes);
  to += sizeof(bytes);
  from += sizeof(bytes);
}

// Copies a match up to `end`, and up to kCopyBytes more.
CRAWLCARD_BMI2 void CopyMatch(char* to, std::uint32_t offset, const char* end) {
  const char* from = to - offset;
  if (offset >= sizeof(__m128i)) [[likely]] {
    Copy16(to, from);
    Copy16(to, from);
    Copy16(to, from);
    while (to < end) {
      Copy16(to, from);
      Copy16(to, from);
    }
    return;
  }
  if (offset == 1) {
    const __m128i bytes = _mm_set1_epi8(*from);
    for (; to < end; to += sizeof(bytes)) {
      _mm_storeu_si128(reinterpret_cast<__m128i*>(to), bytes);
    }
    return;
  }
  // Of a word, as many bytes are right as are stepped on.
  const std::size_t step = std::min<std::size_t>(offset, sizeof(std::uint64_t));
  for (; to < end; to += step, from += step) {
    const std::uint64_t word = Load(from);
    std::memcpy(to, &word, sizeof(word));
  }
}

// Goes on behind a literal that ends a step.
CRAWLCARD_BMI2 End EndWithLiteral(Cursor& c, const internal::DeflateCodes& codes,
                                  std::uint32_t literal) {
  c.entry = LookUp(codes, c);
  Refill(c);
  Put(c, literal);
  return End::kNone;
}

// Up to two literals and a match, or up to three literals. There are 56 bits at the beginning:
// with two literals of 11 and a length of 15 + 5 there are 14 left, of which 8 look up the offset.
CRAWLCARD_BMI2 End Step(Cursor& c, const internal::DeflateCodes& codes, const char* out_begin) {
  std::uint32_t entry = c.entry;
  PassLiteral(c, codes, entry);
  std::uint64_t before = c.bits;
  TakeEntry(c, entry);
  if ((entry & kLiteral) != 0) {
    const std::uint32_t literal = entry;
    entry = LookUp(codes, c);
    Put(c, literal);
    before = c.bits;
    TakeEntry(c, entry);
    if ((entry & kLiteral) != 0) return EndWithLiteral(c, codes, entry);
  }
  if ((entry & kExceptional) != 0) [[unlikely]] {
    if ((entry & kSubtable) != 0) {
      entry = codes.literals[(entry >> kValueShift) + _bzhi_u64(c.bits, entry >> kCodeShift & 15)];
      before = c.bits;
      TakeEntry(c, entry);
      if ((entry & kLiteral) != 0) return EndWithLiteral(c, codes, entry);
    }
    if ((entry & kExceptional) != 0) return (entry & kEndOfBlock) != 0 ? End::kBlock : End::kBad;
  }
  const std::uint32_t length = ValueOf(entry, before);
  entry = codes.offsets[c.bits & ((std::uint64_t{1} << kOffsetTableBits) - 1)];
  if ((entry & kExceptional) != 0) [[unlikely]] {
    if ((entry & kSubtable) == 0) return End::kBad;
    if (c.bits_left() < 39) Refill(c);  // 15 + 13 of the offset, 11 to look up what follows
    Take(c, kOffsetTableBits);
    entry = codes.offsets[(entry >> kValueShift) + _bzhi_u64(c.bits, entry >> kCodeShift & 15)];
    if ((entry & kExceptional) != 0) return End::kBad;
  } else if (c.bits_left() < 32) {  // 8 + 13, and 11
    Refill(c);
  }
  before = c.bits;
  TakeEntry(c, entry);
  const std::uint32_t offset = ValueOf(entry, before);
  if (offset > static_cast<std::size_t>(c.out - out_begin)) [[unlikely]]
    return End::kBad;
  char* const to = c.out;
  c.out += length;
  c.entry = LookUp(codes, c);
  Refill(c);
  CopyMatch(to, offset, c.out);
  return End::kNone;
}

#undef CRAWLCARD_BMI2

#endif

}  // namespace

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

void TwinInflater::Side::Settle(End end, const Cursor& c) {
  at = c;
  if (end == End::kBlock) return CloseBlock();
  if (end == End::kBad) state = State::kFailed;
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
  while (c.in < in_fast && c.out < out_fast) {
    end = Step(c, codes, out_begin);
    if (end != End::kNone) break;
  }
  Settle(end, c);
}

// Until one of them ends its block or lacks something.
__attribute__((target("bmi2"))) void TwinInflater::RunBoth(Side& one, Side& other) {
  Cursor a = one.at;
  Cursor b = other.at;
  End end_a = End::kNone;
  End end_b = End::kNone;
  while (a.in < one.in_fast && a.out < one.out_fast && b.in < other.in_fast &&
         b.out < other.out_fast) {
    end_a = Step(a, one.codes, one.out_begin);
    if (end_a != End::kNone) break;
    end_b = Step(b, other.codes, other.out_begin);
    if (end_b != End::kNone) break;
  }
  one.Settle(end_a, a);
  other.Settle(end_b, b);
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
  return crc32_gzip_refl(0, reinterpret_cast<const unsigned char*>(bytes.data()), bytes.size());
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
