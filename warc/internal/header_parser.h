// warc/internal/header_parser.h - the header of a record as fields.
//
// ISO 28500:2017 section 4 (version line, named fields, folded lines) and the ARC header line,
// whose fields get their WARC names. Views point into the text parsed or into the parser's scratch
// memory, and are dead after the next Parse call.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "warc/internal/notes.h"
#include "warc/record.h"

namespace crawlcard::warc::internal {

struct HeaderFacts {
  RecordType type = RecordType::kUnknown;
  std::string_view version;
  std::optional<std::uint64_t> content_length;
  NoteSet notes;
};

// Where the header that starts `text` ends: after its blank line.
struct HeaderEnd {
  enum class State : std::uint8_t {
    kFound,
    kNeedMore,     // no blank line yet; go on searching at `bytes`
    kNextVersion,  // the version line of another record stands at `bytes`
  };
  State state = State::kNeedMore;
  std::size_t bytes = 0;
};

// Searches from `from`, which is 0 or what the last call for a shorter text gave back.
HeaderEnd FindHeaderEnd(std::string_view text, std::size_t from);

class HeaderParser {
 public:
  // Parses a header from its version line to its blank line. Errors: kTooLarge (fields).
  [[nodiscard]] Result<HeaderFacts> ParseWarc(std::string_view text);

  // Parses an ARC header line with or without its line end. Errors: kCorrupt.
  [[nodiscard]] Result<HeaderFacts> ParseArc(std::string_view line);

  std::span<const HeaderField> fields() const { return fields_; }

 private:
  Status AddLine(std::string_view line, std::size_t text_bytes, NoteSet& notes);
  void Fold(std::string_view piece, std::size_t text_bytes);
  void ReadKnownFields(HeaderFacts& facts) const;

  std::vector<HeaderField> fields_;
  std::string folded_;               // values joined from more than one line
  std::array<char, 20> arc_date_{};  // "2008-04-30T20:48:25Z"
};

}  // namespace crawlcard::warc::internal
