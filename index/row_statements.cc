#include "index/internal/row_statements.h"

#include <optional>

#include "base/byte_codec.h"
#include "base/text.h"
#include "index/internal/row_codec.h"
#include "index/internal/row_words.h"

namespace crawlcard::index {
namespace {

constexpr std::size_t kSignalBytesMin = 5;   // four packed, a key
constexpr std::size_t kLicenceBytesMin = 4;  // bits, three words

constexpr std::uint8_t kAnybody = 1 << 7;
constexpr std::uint8_t kNumbered = 1 << 5;
constexpr std::uint8_t kSamePlace = 1 << 6;
constexpr std::uint8_t kSameRaw = 1 << 7;

enum SignalPart : std::uint8_t {
  kAgent = 1 << 0,
  kScope = 1 << 1,
  kValue = 1 << 2,
  kCondition = 1 << 3,
  kSignalFlags = 1 << 4,
  kLocation = 1 << 5,
  kRaw = 1 << 6,
};
enum LicencePart : std::uint8_t {
  kSpdx = 1 << 2,
  kName = 1 << 3,
  kUrl = 1 << 4,
  kNodeType = 1 << 5,
  kSubject = 1 << 6,
  kLicenceFlags = 1 << 7,
};
constexpr std::uint8_t kConfidenceMask = 3;

// "meta line 21" is a word and a number.
struct Place {
  std::string_view word;
  std::optional<std::uint64_t> number;
};

Place SplitPlace(std::string_view location) {
  const std::size_t blank = location.rfind(' ');
  if (blank == std::string_view::npos) return {location, std::nullopt};
  const std::string_view digits = location.substr(blank + 1);
  const bool plain = !digits.empty() && digits.size() <= 9 && digits.front() != '0';
  const std::optional<std::uint64_t> number = plain ? ParseUint(digits) : std::nullopt;
  if (!number) return {location, std::nullopt};
  return {location.substr(0, blank), number};
}

std::string_view JoinPlace(std::string_view word, std::uint64_t number, Arena& arena) {
  char digits[20];
  char* at = digits + sizeof digits;
  do {
    *--at = static_cast<char>('0' + number % 10);
    number /= 10;
  } while (number != 0);
  const auto count = static_cast<std::size_t>(digits + sizeof digits - at);
  char* const out = static_cast<char*>(arena.allocate(word.size() + 1 + count, 1));
  std::copy(word.begin(), word.end(), out);
  out[word.size()] = ' ';
  std::copy(at, at + count, out + word.size() + 1);
  return {out, word.size() + 1 + count};
}

std::uint8_t Bit(bool set, std::uint8_t bit) {
  return set ? bit : std::uint8_t{0};
}

void WriteSignal(const robots::Signal& signal, const robots::Signal* last, ByteWriter& what,
                 ByteWriter& where) {
  const bool same_place = last != nullptr && last->location == signal.location;
  const bool same_raw = last != nullptr && last->raw == signal.raw;
  const Place place = SplitPlace(signal.location);
  const bool anybody = signal.agent == "*";
  what.U8(static_cast<std::uint8_t>(RowCode(signal.family) << 4 | RowCode(signal.carrier)));
  what.U8(static_cast<std::uint8_t>(RowCode(signal.use) | RowCode(signal.says) << 4 |
                                    Bit(anybody, kAnybody)));
  what.U8(static_cast<std::uint8_t>(RowCode(signal.careful) | RowCode(signal.confidence) << 3 |
                                    Bit(!same_place && place.number.has_value(), kNumbered) |
                                    Bit(same_place, kSamePlace) | Bit(same_raw, kSameRaw)));
  const auto parts = static_cast<std::uint8_t>(
      Bit(!anybody && !signal.agent.empty(), kAgent) | Bit(!signal.scope.empty(), kScope) |
      Bit(!signal.value.empty(), kValue) | Bit(!signal.condition.empty(), kCondition) |
      Bit(!signal.flags.empty(), kSignalFlags) |
      Bit(!same_place && !signal.location.empty(), kLocation) |
      Bit(!same_raw && !signal.raw.empty(), kRaw));
  what.U8(parts);
  WriteWord(signal.key, what);
  if ((parts & kAgent) != 0) WriteWord(signal.agent, what);
  if ((parts & kScope) != 0) WriteWord(signal.scope, what);
  if ((parts & kValue) != 0) WriteWord(signal.value, what);
  if ((parts & kCondition) != 0) WriteWord(signal.condition, what);
  if ((parts & kSignalFlags) != 0) WriteRowWords(signal.flags, what);
  if ((parts & kLocation) != 0) {
    WriteWord(place.word, what);
    if (place.number) where.Varint(*place.number);
  }
  if ((parts & kRaw) != 0) where.Bytes(signal.raw);
}

bool ReadSignal(ByteReader& what, ByteReader& where, Arena& arena, const robots::Signal* last,
                robots::Signal& signal) {
  bool valid = true;
  const std::uint8_t family = what.U8();
  const std::uint8_t use = what.U8();
  const std::uint8_t careful = what.U8();
  const std::uint8_t parts = what.U8();
  signal.family = RowEnum(family >> 4, robots::Family::kOther, valid);
  signal.carrier = RowEnum(family & 0xF, robots::Carrier::kPolicyDocument, valid);
  signal.use = RowEnum(use & 0xF, robots::Axis::kAll, valid);
  signal.says = RowEnum(use >> 4 & 7, robots::Says::kLimited, valid);
  signal.careful = RowEnum(careful & 7, robots::Says::kLimited, valid);
  signal.confidence = RowEnum(careful >> 3 & 3, robots::SignalConfidence::kHigh, valid);
  if (last == nullptr && (careful & (kSamePlace | kSameRaw)) != 0) return false;
  signal.key = ReadWord(what, valid);
  if ((use & kAnybody) != 0) signal.agent = "*";
  if ((parts & kAgent) != 0) signal.agent = ReadWord(what, valid);
  if ((parts & kScope) != 0) signal.scope = ReadWord(what, valid);
  if ((parts & kValue) != 0) signal.value = ReadWord(what, valid);
  if ((parts & kCondition) != 0) signal.condition = ReadWord(what, valid);
  if ((parts & kSignalFlags) != 0) signal.flags = ReadRowWords(what, arena, valid);
  if ((careful & kSamePlace) != 0) {
    signal.location = last->location;
  } else if ((parts & kLocation) != 0) {
    signal.location = ReadWord(what, valid);
    if ((careful & kNumbered) != 0) {
      const std::uint64_t number = where.Varint();
      signal.location = JoinPlace(signal.location, number, arena);
    }
  }
  if ((careful & kSameRaw) != 0) {
    signal.raw = last->raw;
  } else if ((parts & kRaw) != 0) {
    signal.raw = where.Bytes();
  }
  return valid && what.ok() && where.ok();
}

void WriteLicence(const page::Licence& licence, ByteWriter& what, ByteWriter& where) {
  const auto bits = static_cast<std::uint8_t>(
      RowCode(licence.confidence) | Bit(!licence.spdx.empty(), kSpdx) |
      Bit(!licence.name.empty(), kName) | Bit(!licence.url.empty(), kUrl) |
      Bit(!licence.node_type.empty(), kNodeType) | Bit(!licence.subject.empty(), kSubject) |
      Bit(!licence.flags.empty(), kLicenceFlags));
  what.U8(bits);
  WriteWord(licence.location, what);
  WriteWord(licence.scope, what);
  WriteWord(licence.region, what);
  if ((bits & kSpdx) != 0) WriteWord(licence.spdx, what);
  if ((bits & kName) != 0) WriteWord(licence.name, what);
  if ((bits & kUrl) != 0) WriteWord(licence.url, what);
  if ((bits & kNodeType) != 0) WriteWord(licence.node_type, what);
  if ((bits & kLicenceFlags) != 0) WriteRowWords(licence.flags, what);
  if ((bits & kSubject) != 0) where.Bytes(licence.subject);
  where.Bytes(licence.raw);
}

bool ReadLicence(ByteReader& what, ByteReader& where, Arena& arena, page::Licence& licence) {
  bool valid = true;
  const std::uint8_t bits = what.U8();
  licence.confidence = RowEnum(bits & kConfidenceMask, page::Confidence::kHigh, valid);
  licence.location = ReadWord(what, valid);
  licence.scope = ReadWord(what, valid);
  licence.region = ReadWord(what, valid);
  if ((bits & kSpdx) != 0) licence.spdx = ReadWord(what, valid);
  if ((bits & kName) != 0) licence.name = ReadWord(what, valid);
  if ((bits & kUrl) != 0) licence.url = ReadWord(what, valid);
  if ((bits & kNodeType) != 0) licence.node_type = ReadWord(what, valid);
  if ((bits & kLicenceFlags) != 0) licence.flags = ReadRowWords(what, arena, valid);
  if ((bits & kSubject) != 0) licence.subject = where.Bytes();
  licence.raw = where.Bytes();
  return valid && what.ok() && where.ok();
}

}  // namespace

void EncodeStatements(std::span<const robots::Signal> signals,
                      std::span<const page::Licence> licences, std::string& what_out,
                      std::string& where_out) {
  ByteWriter what(what_out);
  ByteWriter where(where_out);
  what.Varint(signals.size());
  const robots::Signal* last = nullptr;
  for (const robots::Signal& signal : signals) {
    WriteSignal(signal, last, what, where);
    last = &signal;
  }
  what.Varint(licences.size());
  for (const page::Licence& licence : licences) WriteLicence(licence, what, where);
}

bool DecodeStatements(std::string_view what_bytes, std::string_view where_bytes, Arena& arena,
                      RowStatements& statements_out) {
  ByteReader what(what_bytes);
  ByteReader where(where_bytes);
  const auto signals = NewRowSpan<robots::Signal>(arena, what.Count(kSignalBytesMin));
  const robots::Signal* last = nullptr;
  for (robots::Signal& signal : signals) {
    if (!ReadSignal(what, where, arena, last, signal)) return false;
    last = &signal;
  }
  const auto licences = NewRowSpan<page::Licence>(arena, what.Count(kLicenceBytesMin));
  for (page::Licence& licence : licences) {
    if (!ReadLicence(what, where, arena, licence)) return false;
  }
  statements_out = {signals, licences};
  return what.ok() && where.ok() && what.at_end() && where.at_end();
}

}  // namespace crawlcard::index
