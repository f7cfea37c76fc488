// The Converter of page/charset.h: the one place that talks to ICU's converters.
#include <algorithm>
#include <array>

#include <unicode/ucnv.h>
#include <unicode/ucnv_cb.h>
#include <unicode/ucnv_err.h>
#include <unicode/utf16.h>

#include "base/text.h"
#include "page/charset.h"
#include "page/internal/encodings.h"

namespace crawlcard::page {
namespace {

using internal::kEncodingCount;
using internal::kEncodings;

struct ConverterCloser {
  void operator()(UConverter* converter) const { ucnv_close(converter); }
};
using IcuConverter = std::unique_ptr<UConverter, ConverterCloser>;

constexpr std::size_t kUtf8BytesAUnit = 3;

// Encodings of one byte a character.
bool IsSingleByte(std::string_view encoding) {
  return encoding.starts_with("windows-") || encoding.starts_with("iso-8859-") ||
         encoding.starts_with("koi8-") || encoding == "ibm866" || encoding == "macintosh" ||
         encoding == "x-mac-cyrillic" || encoding == "x-user-defined";
}

// The UTF-8 of each byte above 0x7F of such an encoding.
struct HighBytes {
  struct Entry {
    std::array<char, kUtf8BytesAUnit> bytes{};
    std::uint8_t size = 0;
  };
  std::array<Entry, 128> entries;
};

// Appends `text`, of which no byte becomes more than three; piece by piece, so that nothing has to
// be counted before.
void AppendByTable(const HighBytes& table, std::string_view text, std::string& out) {
  constexpr std::size_t kPieceBytes = 512;
  std::array<char, kPieceBytes * kUtf8BytesAUnit> utf8;
  out.reserve(out.size() + text.size());
  for (; !text.empty(); text.remove_prefix(std::min(kPieceBytes, text.size()))) {
    const std::string_view piece = text.substr(0, kPieceBytes);
    char* at = utf8.data();
    for (std::size_t i = 0; i < piece.size();) {
      const std::size_t run = AsciiPrefix(piece.substr(i));
      at = std::copy_n(piece.data() + i, run, at);
      i += run;
      for (; i < piece.size() && static_cast<unsigned char>(piece[i]) >= 0x80; ++i) {
        const HighBytes::Entry& entry =
            table.entries[static_cast<std::size_t>(static_cast<unsigned char>(piece[i]) - 0x80)];
        at = std::copy_n(entry.bytes.data(), entry.size, at);
      }
    }
    out.append(utf8.data(), static_cast<std::size_t>(at - utf8.data()));
  }
}

// ISO 8859-16, which ICU does not have: what it puts in place of ISO 8859-1's characters.
char32_t Iso8859x16(unsigned char byte) {
  struct Place {
    unsigned char byte;
    char16_t character;
  };
  constexpr std::array<Place, 40> kPlaces = {{
      {0xA1, 0x104}, {0xA2, 0x105}, {0xA3, 0x141},  {0xA4, 0x20AC}, {0xA5, 0x201E}, {0xA6, 0x160},
      {0xA8, 0x161}, {0xAA, 0x218}, {0xAC, 0x179},  {0xAE, 0x17A},  {0xAF, 0x17B},  {0xB2, 0x10C},
      {0xB3, 0x142}, {0xB4, 0x17D}, {0xB5, 0x201D}, {0xB8, 0x17E},  {0xB9, 0x10D},  {0xBA, 0x219},
      {0xBC, 0x152}, {0xBD, 0x153}, {0xBE, 0x178},  {0xBF, 0x17C},  {0xC3, 0x102},  {0xC5, 0x106},
      {0xD0, 0x110}, {0xD1, 0x143}, {0xD5, 0x150},  {0xD7, 0x15A},  {0xD8, 0x170},  {0xDD, 0x118},
      {0xDE, 0x21A}, {0xE3, 0x103}, {0xE5, 0x107},  {0xF0, 0x111},  {0xF1, 0x144},  {0xF5, 0x151},
      {0xF7, 0x15B}, {0xF8, 0x171}, {0xFD, 0x119},  {0xFE, 0x21B},
  }};
  for (const Place& place : kPlaces) {
    if (place.byte == byte) return place.character;
  }
  return byte;
}

// The two encodings of one byte a character that ICU does not have.
char32_t DecodeByte(std::string_view encoding, unsigned char byte) {
  if (byte < 0x80) return byte;
  if (encoding == "iso-8859-16") return Iso8859x16(byte);
  return static_cast<char32_t>(0xF780 + byte - 0x80);  // x-user-defined
}

// IBM's tables keep three control characters in each other's places.
char16_t UndoIbmControls(char16_t c) {
  switch (c) {
    case 0x1C:
      return 0x1A;
    case 0x7F:
      return 0x1C;
    case 0x1A:
      return 0x7F;
    default:
      return c;
  }
}

// ICU's own substitution writes U+001A for some tables; the standard wants U+FFFD always.
void SubstituteBadInput(const void* /*context*/, UConverterToUnicodeArgs* arguments,
                        const char* /*bytes*/, std::int32_t /*length*/,
                        UConverterCallbackReason reason, UErrorCode* error) {
  if (reason > UCNV_IRREGULAR) return;
  constexpr UChar kReplacement = 0xFFFD;
  *error = U_ZERO_ERROR;
  ucnv_cbToUWriteUChars(arguments, &kReplacement, 1, 0, error);
}

// Appends characters until a limit is met.
class BoundedUtf8 {
 public:
  BoundedUtf8(std::size_t bytes_max, std::string& out)
      : start_(out.size()), bytes_max_(bytes_max), out_(out) {}

  bool Add(char32_t c) {
    const std::size_t before = out_.size();
    AppendUtf8(c, out_);
    if (out_.size() - start_ <= bytes_max_) return true;
    out_.resize(before);
    return false;
  }

 private:
  std::size_t start_;
  std::size_t bytes_max_;
  std::string& out_;
};

bool AppendIcu(UConverter* converter, bool swaps_controls, std::string_view text,
               std::size_t out_bytes_max, std::string& out) {
  ucnv_resetToUnicode(converter);
  // No UTF-16 unit becomes more than three bytes, nor does a byte of these encodings.
  const bool bounded = text.size() > out_bytes_max / kUtf8BytesAUnit;
  BoundedUtf8 sink(out_bytes_max, out);
  const char* source = text.data();
  const char* const end = source + text.size();
  std::array<UChar, 1024> buffer;
  std::size_t kept = 0;  // a lead surrogate left over from the last round
  while (true) {
    UErrorCode error = U_ZERO_ERROR;
    UChar* target = buffer.data() + kept;
    ucnv_toUnicode(converter, &target, buffer.data() + buffer.size(), &source, end, nullptr, true,
                   &error);
    const bool more = error == U_BUFFER_OVERFLOW_ERROR;
    const auto units = static_cast<std::size_t>(target - buffer.data());
    const std::size_t before = out.size();
    if (!bounded) out.resize(before + units * kUtf8BytesAUnit);
    char* at = out.data() + before;
    for (std::size_t i = 0; i < units;) {
      if (more && i + 1 == units && U16_IS_LEAD(buffer[i])) break;
      char32_t c = buffer[i++];
      if (U16_IS_LEAD(c) && i < units && U16_IS_TRAIL(buffer[i])) {
        c = static_cast<char32_t>(U16_GET_SUPPLEMENTARY(c, buffer[i++]));
      } else if (swaps_controls) {
        c = UndoIbmControls(static_cast<char16_t>(c));
      }
      if (!bounded) {
        at = PutUtf8(c, at);
      } else if (!sink.Add(c)) {
        return false;
      }
    }
    if (!bounded) out.resize(static_cast<std::size_t>(at - out.data()));
    kept = more && units > 0 && U16_IS_LEAD(buffer[units - 1]) ? 1 : 0;
    if (kept == 1) buffer[0] = buffer[units - 1];
    if (!more) return true;
  }
}

}  // namespace

class Converter::Impl {
 public:
  // Null when ICU cannot open it.
  UConverter* Open(std::size_t index) {
    IcuConverter& converter = converters_[index];
    if (!converter) {
      UErrorCode error = U_ZERO_ERROR;
      converter.reset(ucnv_open(kEncodings[index].icu_name, &error));
      if (U_SUCCESS(error)) {
        ucnv_setToUCallBack(converter.get(), SubstituteBadInput, nullptr, nullptr, nullptr, &error);
      }
      if (U_FAILURE(error)) converter.reset();
    }
    return converter.get();
  }

  // Converts character by character.
  bool AppendEach(std::size_t index, std::string_view text, std::size_t out_bytes_max,
                  std::string& out);

  // Made at first use.
  const HighBytes& TableOf(std::size_t index) {
    std::unique_ptr<HighBytes>& table = tables_[index];
    if (table) return *table;
    table = std::make_unique<HighBytes>();
    for (std::size_t i = 0; i < table->entries.size(); ++i) {
      const char byte = static_cast<char>(0x80 + i);
      std::string utf8;
      AppendEach(index, {&byte, 1}, kUtf8BytesAUnit, utf8);
      std::copy(utf8.begin(), utf8.end(), table->entries[i].bytes.begin());
      table->entries[i].size = static_cast<std::uint8_t>(utf8.size());
    }
    return *table;
  }

 private:
  std::array<IcuConverter, kEncodingCount> converters_;
  std::array<std::unique_ptr<HighBytes>, kEncodingCount> tables_;
};

Converter::Converter() : impl_(std::make_unique<Impl>()) {}
Converter::~Converter() = default;

bool Converter::Append(std::string_view encoding, std::string_view text, std::size_t out_bytes_max,
                       std::string& out) {
  const bool plain = IsAsciiCompatible(encoding) && AsciiPrefix(text) == text.size();
  if (plain || encoding == "utf-8") {
    const std::string_view part = Utf8Prefix(text, out_bytes_max);
    if (plain) {
      out += part;
      return part.size() == text.size();
    }
    const std::size_t start = out.size();
    AppendValidUtf8(part, out);
    // Each bad byte may have grown to three.
    const bool fits = out.size() - start <= out_bytes_max;
    if (!fits)
      out.resize(start + Utf8Prefix(std::string_view(out).substr(start), out_bytes_max).size());
    return fits && part.size() == text.size();
  }
  std::size_t index = internal::EncodingIndexForName(encoding);
  if (index == kEncodingCount) index = internal::EncodingIndexForName("windows-1252");
  if (IsSingleByte(kEncodings[index].name) && text.size() <= out_bytes_max / kUtf8BytesAUnit) {
    AppendByTable(impl_->TableOf(index), text, out);
    return true;
  }
  return impl_->AppendEach(index, text, out_bytes_max, out);
}

bool Converter::Impl::AppendEach(std::size_t index, std::string_view text,
                                 std::size_t out_bytes_max, std::string& out) {
  if (kEncodings[index].icu_name != nullptr) {
    UConverter* const converter = Open(index);
    const bool swaps_controls = std::string_view(kEncodings[index].icu_name).starts_with("ibm-");
    if (converter != nullptr) {
      return AppendIcu(converter, swaps_controls, text, out_bytes_max, out);
    }
  }
  BoundedUtf8 sink(out_bytes_max, out);
  if (kEncodings[index].name == "replacement") return text.empty() || sink.Add(0xFFFD);
  for (const char c : text) {
    if (!sink.Add(DecodeByte(kEncodings[index].name, static_cast<unsigned char>(c)))) return false;
  }
  return true;
}

}  // namespace crawlcard::page
