#include "index/internal/row_page.h"

#include <algorithm>
#include <cmath>

#include "index/internal/row_codec.h"
#include "index/internal/row_words.h"

namespace crawlcard::index {
namespace {

constexpr std::uint8_t kFlagDisagreement = 1 << 0;
constexpr std::uint8_t kFlagVersions = 1 << 1;
constexpr std::uint8_t kFlagReserved = 1 << 2;
constexpr std::uint8_t kFlagYear = 1 << 3;
constexpr std::uint8_t kFlagProse = 1 << 4;
constexpr unsigned kAccessShift = 5;

constexpr std::size_t kLanguageBytesMin = 3;
constexpr std::uint8_t kShareFloat = 255;

bool IsThreeLetters(std::string_view code) {
  return code.size() == 3 &&
         std::all_of(code.begin(), code.end(), [](char c) { return c >= 'a' && c <= 'z'; });
}

}  // namespace

void WriteLanguages(const page::LanguageGuess& guess, ByteWriter& writer) {
  writer.Varint(guess.languages.size());
  for (const page::Language& language : guess.languages) {
    unsigned code = 0;
    if (IsThreeLetters(language.code)) {
      for (const char c : language.code) code = code << 5 | static_cast<unsigned>(c - 'a' + 1);
    }
    writer.U8(static_cast<std::uint8_t>(code >> 8));
    writer.U8(static_cast<std::uint8_t>(code));
    if (code == 0) writer.Bytes(language.code);
    const float share = language.share;
    const long cent = share >= 0 && share <= 1 ? std::lround(share * 100) : -1;
    const bool whole = cent >= 0 && static_cast<float>(cent) / 100.0F == share;
    writer.U8(whole ? static_cast<std::uint8_t>(cent) : kShareFloat);
    if (!whole) writer.Float(share);
  }
}

std::span<const page::Language> ReadLanguages(ByteReader& reader, Arena& arena, bool& valid) {
  const auto languages = NewRowSpan<page::Language>(arena, reader.Count(kLanguageBytesMin));
  for (page::Language& language : languages) {
    const unsigned high = reader.U8();
    const unsigned code = high << 8 | reader.U8();
    if (code == 0) {
      language.code = reader.Bytes();
    } else {
      char letters[3];
      for (int i = 0; i < 3; ++i) {
        const unsigned letter = code >> 5 * (2 - i) & 31;
        if (letter < 1 || letter > 26) valid = false;
        letters[i] = static_cast<char>('a' - 1 + letter);
      }
      language.code = arena.Copy({letters, 3});
    }
    const std::uint8_t cent = reader.U8();
    if (cent > 100 && cent != kShareFloat) valid = false;
    language.share = cent == kShareFloat ? reader.Float() : static_cast<float>(cent) / 100.0F;
  }
  return languages;
}

void SkipLanguages(ByteReader& reader) {
  for (std::size_t count = reader.Count(kLanguageBytesMin); count > 0; --count) {
    const unsigned high = reader.U8();
    if ((high | reader.U8()) == 0) reader.Bytes();
    if (reader.U8() == kShareFloat) reader.Raw(4);
  }
}

void WriteRights(const page::Rights& rights, ByteWriter& writer) {
  writer.U8(static_cast<std::uint8_t>((rights.disagreement ? kFlagDisagreement : 0) |
                                      (rights.version_disagreement ? kFlagVersions : 0) |
                                      (rights.all_rights_reserved ? kFlagReserved : 0) |
                                      (rights.copyright_year > 0 ? kFlagYear : 0) |
                                      (rights.prose.empty() ? 0 : kFlagProse) |
                                      RowCode(rights.access) << kAccessShift));
  std::uint64_t texts = 0;
  for (std::size_t i = 0; i < kRightsTexts.size(); ++i) {
    if (!(rights.*kRightsTexts[i].text).empty()) texts |= 1ULL << i;
  }
  writer.Varint(texts);
  if (rights.copyright_year > 0) writer.Varint(static_cast<std::uint64_t>(rights.copyright_year));
  for (const RightsText& one : kRightsTexts) {
    if (!(rights.*one.text).empty()) WriteWord(rights.*one.text, writer);
  }
  if (!rights.prose.empty()) WriteRowWords(rights.prose, writer);
}

bool ReadRights(ByteReader& reader, Arena& arena, page::Rights& rights) {
  bool valid = true;
  const std::uint8_t flags = reader.U8();
  const std::uint64_t texts = reader.Varint();
  rights.disagreement = (flags & kFlagDisagreement) != 0;
  rights.version_disagreement = (flags & kFlagVersions) != 0;
  rights.all_rights_reserved = (flags & kFlagReserved) != 0;
  rights.access = RowEnum(flags >> kAccessShift, page::Access::kPaid, valid);
  if ((flags & kFlagYear) != 0) {
    const std::uint64_t year = reader.Varint();
    if (year > 0xFFFF) return false;
    rights.copyright_year = static_cast<std::int32_t>(year);
  }
  for (std::size_t i = 0; i < kRightsTexts.size(); ++i) {
    if ((texts >> i & 1) != 0) rights.*kRightsTexts[i].text = ReadWord(reader, valid);
  }
  if ((flags & kFlagProse) != 0) rights.prose = ReadRowWords(reader, arena, valid);
  return valid && texts >> kRightsTexts.size() == 0;
}

}  // namespace crawlcard::index
