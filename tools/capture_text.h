// tools/capture_text.h - a capture as text for people: extract and show on a terminal.
#pragma once

#include <string>

#include "index/capture.h"

namespace crawlcard::tools {

// One line of facts, then a line for each signal and licence, then where the bytes are.
void AppendCaptureText(const index::CaptureView& capture, std::string& out);

// Text from outside as a terminal may show it: no control or invisible characters, at most 2000
// bytes.
std::string Printable(std::string_view text);

}  // namespace crawlcard::tools
