// page/internal/surt_escape.h - the percent-encoding rules of SURT keys. docs/formats/surt.md.
//
// Thread rule: thread-safe.
#pragma once

#include <string>
#include <string_view>

namespace crawlcard::page::internal {

// Decodes "%XX" until nothing changes, in one linear pass. Escapes from 0x80 on are decoded only
// where they form valid UTF-8; the others stay as they are.
std::string UnescapeRepeatedly(std::string_view text);

// Appends `text`, percent-encoding in upper case every byte outside 0x21 to 0x7F, '#' and '%'. A
// "%XX" that is still there is kept as one escape.
void AppendEscapedOnce(std::string_view text, std::string& out);

// True when both of the above would leave `text` as it is.
bool IsEscapeFree(std::string_view text);

}  // namespace crawlcard::page::internal
