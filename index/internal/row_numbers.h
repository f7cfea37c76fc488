// index/internal/row_numbers.h - the numbers and words of a usual row, read in one go.
//
// Thread rule: functions are thread-safe.
#pragma once

#include <string_view>

#include "base/arena.h"
#include "index/capture.h"
#include "index/schema.h"

namespace crawlcard::index {

// Most rows of pages are alike in their shape, and a scan may want nothing but their numbers and
// words: these are read here, in one go. Gives where the URL begins, or null for any other row:
// RowReader reads that, and each that may be damaged. Of the marks it fills those before the URL.
const char* ReadUsualNumbers(std::string_view value, Arena& arena, CaptureView& capture_out,
                             RowMarks& marks_out);

// The other marks, where the URL is not built. False for bytes that no writer makes.
bool ReadUrlMarks(std::string_view value, const char* url_begin, RowMarks& marks_out);

}  // namespace crawlcard::index
