// index/internal/warc_fields.h - the lines of an application/warc-fields block, one after another.
//
// ISO 28500 section 5.1: "name: value" lines, folded lines begin with white space. Lines without a
// colon are passed over. A folded value is given as it stands, line breaks included.
//
// Thread rule: thread-compatible; views point into the block.
#pragma once

#include <algorithm>
#include <optional>
#include <string_view>

#include "base/text.h"

namespace crawlcard::index {

class WarcFields {
 public:
  struct Field {
    std::string_view name;
    std::string_view value;
  };

  explicit WarcFields(std::string_view block) : rest_(block) {}

  // The next field; nullopt at the end.
  std::optional<Field> Next() {
    while (!rest_.empty()) {
      const std::string_view line = TakeFolded();
      const std::size_t colon = line.find(':');
      if (colon == std::string_view::npos || colon == 0) continue;
      return Field{TrimAscii(line.substr(0, colon)), TrimAscii(line.substr(colon + 1))};
    }
    return std::nullopt;
  }

 private:
  // A line with the folded lines after it.
  std::string_view TakeFolded() {
    std::size_t end = 0;
    do {
      end = std::min(rest_.find('\n', end), rest_.size() - 1) + 1;
    } while (end < rest_.size() && (rest_[end] == ' ' || rest_[end] == '\t'));
    const std::string_view line = rest_.substr(0, end);
    rest_.remove_prefix(end);
    return line;
  }

  std::string_view rest_;
};

}  // namespace crawlcard::index
