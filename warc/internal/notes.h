// warc/internal/notes.h - the names of all leniencies, and a set of them without memory.
//
// docs/formats/warc.md says what each one means. Sorted by name, so that walking a set from its
// lowest bit gives sorted notes.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

namespace crawlcard::warc::internal {

enum class Note : std::uint8_t {
  kArcUrlWithBlank,
  kBlankBeforeHeader,
  kBlockOverLimit,
  kContentLengthInvalid,
  kContentLengthLong,
  kContentLengthMissing,
  kContentLengthShort,
  kContinuationLine,
  kDateUnparsable,
  kFieldNameLowerCase,
  kHeaderUnterminated,
  kHeaderWithoutColon,
  kLineEndDoubleCr,
  kLineEndLf,
  kRecordEndExtra,
  kRecordEndMissing,
  kRecordSpansMembers,
  kTypeMissing,
  kVersionLowerCase,
  kVersionUnknown,
  kZeroPadding,
};

inline constexpr std::array<std::string_view, 21> kNoteNames = {
    "warc.arc_url_with_blank",     "warc.blank_before_header",  "warc.block_over_limit",
    "warc.content_length_invalid", "warc.content_length_long",  "warc.content_length_missing",
    "warc.content_length_short",   "warc.continuation_line",    "warc.date_unparsable",
    "warc.field_name_lower_case",  "warc.header_unterminated",  "warc.header_without_colon",
    "warc.line_end_double_cr",     "warc.line_end_lf",          "warc.record_end_extra",
    "warc.record_end_missing",     "warc.record_spans_members", "warc.type_missing",
    "warc.version_lower_case",     "warc.version_unknown",      "warc.zero_padding",
};

// A name left out would leave an empty one at the end.
static_assert(!kNoteNames.back().empty());
static_assert(kNoteNames.size() == static_cast<std::size_t>(Note::kZeroPadding) + 1);

class NoteSet {
 public:
  void Add(Note note) { bits_ |= std::uint32_t{1} << static_cast<unsigned>(note); }
  void Add(NoteSet notes) { bits_ |= notes.bits_; }
  bool Has(Note note) const { return (bits_ >> static_cast<unsigned>(note) & 1U) != 0; }

  // Writes the names in order and returns those written.
  std::span<const std::string_view> Names(
      std::array<std::string_view, kNoteNames.size()>& names_out) const {
    std::size_t count = 0;
    for (std::size_t i = 0; bits_ != 0 && i < kNoteNames.size(); ++i) {
      if ((bits_ >> i & 1U) != 0) names_out[count++] = kNoteNames[i];
    }
    return {names_out.data(), count};
  }

 private:
  std::uint32_t bits_ = 0;
};

}  // namespace crawlcard::warc::internal
