// warc/internal/arc_line.h - the header line of an ARC record.
//
// ARC 1.0 file format, "URL-record" (version 1: five fields; version 2: ten). URLs with blanks in
// them occur, so the fields are found from the date, which stands after an address:
//
//   http://www.example.org/a b 192.0.2.7 20080430204825 text/html 680
//   url                        ip        date           type      length
#pragma once

#include <optional>
#include <string_view>

namespace crawlcard::warc::internal {

struct ArcLine {
  std::string_view url;
  std::string_view ip;
  std::string_view date;    // 12 to 18 digits
  std::string_view type;    // media type as the server said
  std::string_view length;  // as written: may be no number
};

// Parses `line`, which has no line end. nullopt when it is no such line.
std::optional<ArcLine> ParseArcLine(std::string_view line);

}  // namespace crawlcard::warc::internal
