// page/html/sniff.h - is a body HTML? (WHATWG MIME Sniffing, section 7.1, the HTML patterns.)
//
// Thread rule: thread-safe.
#pragma once

#include <string_view>

namespace crawlcard::page::html {

// Whether the first bytes are those of an HTML page: white space, then a known tag or a comment.
bool LooksLikeHtml(std::string_view body);

}  // namespace crawlcard::page::html
