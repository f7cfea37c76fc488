// crawler/internal/printable.h - text of others as one line of printable ASCII.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace crawlcard::crawler {

// Bytes outside 0x20 to 0x7E, and the backslash, become \xHH; cut to `bytes_max` with "..." behind.
std::string Printable(std::string_view text, std::size_t bytes_max);

}  // namespace crawlcard::crawler
