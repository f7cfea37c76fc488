// page/html/doctype.h - reads what follows "<!DOCTYPE" (HTML Standard, 13.2.5.53 to .68).
//
// Thread rule: thread-safe.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace crawlcard::page::html {

struct Doctype {
  std::optional<std::string> name;  // lower case
  std::optional<std::string> public_id;
  std::optional<std::string> system_id;
  bool force_quirks = false;
};

// `raw` is Token::data of a doctype; `closed` says whether '>' followed.
Doctype ParseDoctype(std::string_view raw, bool closed);

}  // namespace crawlcard::page::html
