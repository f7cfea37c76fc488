#include "index/internal/row_numbers.h"

#include "base/attributes.h"
#include "base/byte_codec.h"
#include "index/internal/row_codec.h"
#include "index/internal/row_marks.h"
#include "index/internal/row_page.h"
#include "index/internal/row_shape.h"
#include "index/internal/row_status.h"
#include "index/internal/row_url.h"

namespace crawlcard::index {
namespace {

// A word that is in the table, at `at`; false for other ones.
CRAWLCARD_INLINE inline bool TakeTableWord(const char*& at, std::string_view& word_out) {
  std::size_t number = static_cast<std::uint8_t>(*at++);
  if (number >= 0x80) {
    const std::size_t high = static_cast<std::uint8_t>(*at++);
    if (high >= 0x80) return false;
    number = (number & 0x7F) | high << 7;
  }
  if (number == 0 || number > kRowWords.size()) return false;
  word_out = kRowWords[number - 1];
  return true;
}

bool TakeTableWords(const char*& at, const char* end, Arena& arena,
                    std::span<const std::string_view>& words_out) {
  const std::size_t count = at == end ? 0x80 : static_cast<std::uint8_t>(*at);
  if (count >= 0x80 || static_cast<std::size_t>(end - at) <= 2 * count) return false;
  ++at;
  const auto words = NewRowSpan<std::string_view>(arena, count);
  for (std::string_view& word : words) {
    if (!TakeTableWord(at, word)) return false;
  }
  words_out = words;
  return true;
}

CRAWLCARD_INLINE inline bool TakeText(const char*& at, const char* end,
                                      std::string_view& text_out) {
  std::uint64_t bytes = 0;
  if (!ByteReader::TakeShortVarint(at, end, bytes)) return false;
  if (bytes > static_cast<std::uint64_t>(end - at)) return false;
  text_out = {at, static_cast<std::size_t>(bytes)};
  at += bytes;
  return true;
}

}  // namespace

const char* ReadUsualNumbers(std::string_view value, Arena& arena, CaptureView& capture_out,
                             RowMarks& marks_out) {
  constexpr std::size_t kHeadBytesMax = 12;
  constexpr unsigned kUsualParts =
      kLanguages | kUnobserved | kNotes | kStatements | kRights | kUuid;
  if (value.size() < kHeadBytesMax) return nullptr;
  const auto octet = [value](std::size_t i) { return static_cast<std::uint8_t>(value[i]); };
  const std::uint8_t kind = octet(1);
  const std::uint8_t parts = octet(4);
  const std::uint8_t status = octet(5);
  const unsigned via = kind >> 4 & 3U;
  if ((kind & 15) > 8 || via > RowCode(Via::kCdx) || (parts & ~kUsualParts) != 0) return nullptr;
  if (status == 0 || status > kStatuses.size()) return nullptr;
  const char* at = value.data() + 6;
  const char* const end = value.data() + value.size();
  if (!TakeTableWord(at, capture_out.content_type) ||
      !TakeTableWord(at, capture_out.identified_type) || !TakeTableWord(at, capture_out.charset)) {
    return nullptr;
  }
  FactsPlace place{.words = value.data() + 4, .languages = at};
  if ((parts & kLanguages) != 0 && !SkipPlainLanguages(at, end)) return nullptr;
  place.said = at;
  capture_out.unobserved = {};
  capture_out.notes = {};
  if (((parts & kUnobserved) != 0 && !TakeTableWords(at, end, arena, capture_out.unobserved)) ||
      ((parts & kNotes) != 0 && !TakeTableWords(at, end, arena, capture_out.notes))) {
    return nullptr;
  }
  std::string_view unread;
  marks_out.statements = {};
  if ((parts & kStatements) != 0 && !TakeText(at, end, marks_out.statements)) return nullptr;
  place.end = at;
  marks_out.facts = FactsOf(value, parts, place);
  if ((parts & kStatements) != 0 && !TakeText(at, end, unread)) return nullptr;
  if ((parts & kRights) != 0 && !TakeText(at, end, unread)) return nullptr;
  if (!ByteReader::TakeShortVarint(at, end, capture_out.extent.length) ||
      !ByteReader::TakeShortVarint(at, end, capture_out.payload_bytes) ||
      !ByteReader::TakeShortVarint(at, end, capture_out.text_bytes)) {
    return nullptr;
  }
  capture_out.record_type = static_cast<warc::RecordType>(1U << (kind & 15));
  capture_out.via = static_cast<Via>(via);
  capture_out.is_html = (kind & kHtmlBit) != 0;
  capture_out.languages.reliable = (kind & kReliableBit) != 0;
  capture_out.languages.source = static_cast<page::LanguageSource>(octet(3) >> kSourceShift);
  capture_out.status = kStatuses[status - 1U];
  capture_out.truncated = {};
  capture_out.well_known.reset();
  capture_out.fetch_state = robots::FetchState::kOk;
  capture_out.document = robots::DocumentKind::kNone;
  capture_out.body_sha256 = {};
  return at;
}

bool ReadUrlMarks(std::string_view value, const char* url_begin, RowMarks& marks_out) {
  const std::string_view rest(url_begin,
                              static_cast<std::size_t>(value.data() + value.size() - url_begin));
  ByteReader url(rest);
  marks_out.url_form = static_cast<std::uint8_t>(value[2]);
  if (!SkipRowUrl(marks_out.url_form, url)) return false;
  marks_out.url_bytes = rest.substr(0, rest.size() - url.left());
  marks_out.path_begin = 0;
  marks_out.host_form = HostFormOf(marks_out.url_form, static_cast<std::uint8_t>(value[3]));
  return true;
}

}  // namespace crawlcard::index
