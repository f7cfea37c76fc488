#include "card/check/form_text.h"

#include <algorithm>
#include <array>

#include <fmt/format.h>
#include <simdjson.h>

#include "base/text.h"

namespace crawlcard::card {
namespace {

// Backslashes of escapes, code marks and emphasis taken off; links lose their address.
std::string PlainMarkdown(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (c == '`') {
      // Code ends with as many marks as it began with; a bar of a table is escaped even there.
      const std::size_t inside = std::min(text.find_first_not_of('`', i), text.size());
      const std::string_view marks = text.substr(i, inside - i);
      const std::size_t end = std::min(text.find(marks, inside), text.size());
      for (i = inside; i < end; ++i) {
        if (!text.substr(i).starts_with("\\|")) out += text[i];
      }
      i = end + marks.size() - 1;
    } else if (c == '\\' && i + 1 < text.size()) {
      out += text[++i];
    } else if (c == ']' && i + 1 < text.size() && text[i + 1] == '(') {
      const std::size_t end = text.find(')', i);
      if (end == std::string_view::npos) break;
      i = end;
    } else if (c != '*' && c != '[') {
      out += c;
    }
  }
  return std::string(TrimAscii(out));
}

std::vector<std::string> MarkdownCells(std::string_view line) {
  std::vector<std::string> cells;
  std::size_t start = 1;
  for (std::size_t i = 1; i < line.size(); ++i) {
    if (line[i] == '\\') {
      ++i;
    } else if (line[i] == '|') {
      cells.push_back(PlainMarkdown(line.substr(start, i - start)));
      start = i + 1;
    }
  }
  return cells;
}

// Text of a piece of HTML: tags gone, the five entities that we write read.
std::string PlainHtml(std::string_view html) {
  constexpr std::array<std::pair<std::string_view, char>, 6> kEntities{{{"&amp;", '&'},
                                                                        {"&lt;", '<'},
                                                                        {"&gt;", '>'},
                                                                        {"&quot;", '"'},
                                                                        {"&#39;", '\''},
                                                                        {"&#96;", '`'}}};
  std::string out;
  for (std::size_t i = 0; i < html.size(); ++i) {
    if (html[i] == '<') {
      const std::size_t end = html.find('>', i);
      if (end == std::string_view::npos) break;
      i = end;
      continue;
    }
    bool entity = false;
    for (const auto& [name, c] : kEntities) {
      if (html.substr(i).starts_with(name)) {
        out += c;
        i += name.size() - 1;
        entity = true;
        break;
      }
    }
    if (!entity) out += html[i];
  }
  return std::string(TrimAscii(out));
}

// Calls `on_piece` with the inside of each element `tag`, which does not contain itself.
template <typename OnPiece>
void EachElement(std::string_view html, std::string_view tag, const OnPiece& on_piece) {
  const std::string open = fmt::format("<{}", tag);
  const std::string close = fmt::format("</{}>", tag);
  for (std::size_t at = html.find(open); at != std::string_view::npos; at = html.find(open, at)) {
    const std::size_t inside = html.find('>', at);
    if (inside == std::string_view::npos) return;
    const char next = html[at + open.size()];
    at += open.size();
    if (next != '>' && next != ' ') continue;  // <thead> is no <th>
    const std::size_t end = html.find(close, inside);
    if (end == std::string_view::npos) return;
    on_piece(html.substr(at, inside - at), html.substr(inside + 1, end - inside - 1));
    at = end;
  }
}

void AddCells(std::string_view row, FormText& out) {
  std::vector<std::string> cells;
  EachElement(row, "th",
              [&](std::string_view, std::string_view cell) { cells.push_back(PlainHtml(cell)); });
  EachElement(row, "td", [&](std::string_view, std::string_view cell) {
    cells.push_back(PlainHtml(cell));
    // The exact number behind a rounded one is a cell of its own.
    const std::size_t exact = cell.find("<data value=\"");
    if (exact == std::string_view::npos) return;
    const std::size_t start = exact + 13;
    cells.emplace_back(cell.substr(start, cell.find('"', start) - start));
  });
  if (!cells.empty()) out.rows.push_back(std::move(cells));
}

class JsonReader {
 public:
  explicit JsonReader(FormText& out) : out_(out) {}

  void Read(const simdjson::dom::element& json, const std::string& path) {
    simdjson::dom::object object;
    simdjson::dom::array array;
    std::string_view text;
    if (json.get(object) == simdjson::SUCCESS) {
      ReadObject(object, path);
    } else if (json.get(array) == simdjson::SUCCESS) {
      std::size_t i = 0;
      for (const simdjson::dom::element& one : array) Read(one, fmt::format("{}/{}", path, i++));
    } else if (json.get(text) == simdjson::SUCCESS) {
      out_.texts.emplace_back(text);
      out_.values.emplace_back(path, text);
    } else if (json.is_number()) {
      out_.values.emplace_back(path, Printed(json));
    }
  }

 private:
  static std::string Printed(const simdjson::dom::element& json) {
    std::uint64_t number = 0;
    if (json.get(number) == simdjson::SUCCESS) return std::to_string(number);
    double fraction = 0;
    if (json.get(fraction) == simdjson::SUCCESS) return fmt::format("{:.6f}", fraction);
    return "";
  }

  void ReadObject(const simdjson::dom::object& object, const std::string& path) {
    std::vector<std::pair<std::string, std::string>> numbers;
    for (const auto& [key, value] : object) {
      const std::string below = fmt::format("{}/{}", path, key);
      if (value.is_number()) numbers.emplace_back(below, Printed(value));
      if (key != "@context") Read(value, below);
    }
    if (!numbers.empty()) out_.objects.push_back(std::move(numbers));
  }

  FormText& out_;
};

}  // namespace

FormText ReadMarkdown(std::string_view text) {
  FormText out;
  bool in_table = false;
  for (std::size_t start = 0; start < text.size();) {
    std::size_t end = text.find('\n', start);
    if (end == std::string_view::npos) end = text.size();
    const std::string_view line = text.substr(start, end - start);
    start = end + 1;
    if (!line.starts_with('|')) {
      in_table = false;
      if (!line.empty()) out.texts.push_back(PlainMarkdown(line));
      continue;
    }
    // The head, and the line of dashes below it, are no rows.
    if (in_table && !line.starts_with("| ---")) {
      out.rows.push_back(MarkdownCells(line));
    }
    in_table = true;
  }
  return out;
}

FormText ReadHtml(std::string_view text) {
  FormText out;
  EachElement(text, "tr", [&](std::string_view, std::string_view row) {
    if (row.find("<td") != std::string_view::npos) AddCells(row, out);
  });
  for (const std::string_view tag : {"p", "dd", "text", "desc"}) {
    EachElement(text, tag, [&](std::string_view attributes, std::string_view inside) {
      // A key figure stands before its definition.
      out.texts.push_back(PlainHtml(inside.substr(0, inside.find("<details"))));
      constexpr std::string_view kFact = "data-fact=\"";
      const std::size_t fact = attributes.find(kFact);
      if (tag != "dd" || fact == std::string_view::npos) return;
      const std::string_view id = attributes.substr(fact + kFact.size());
      EachElement(inside, "strong", [&](std::string_view, std::string_view value) {
        out.named.emplace_back(id.substr(0, id.find('"')), PlainHtml(value));
      });
    });
  }
  return out;
}

FormText ReadJson(std::string_view text) {
  FormText out;
  simdjson::dom::parser parser;
  simdjson::dom::element root;
  const simdjson::padded_string padded(text);
  if (parser.parse(padded).get(root) != simdjson::SUCCESS) {
    out.readable = false;
    return out;
  }
  JsonReader(out).Read(root, "");
  return out;
}

FormText ReadCsv(std::string_view text) {
  FormText out;
  std::vector<std::string> row;
  std::string cell;
  bool quoted = false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (quoted) {
      if (c != '"') {
        cell += c;
      } else if (i + 1 < text.size() && text[i + 1] == '"') {
        cell += text[++i];
      } else {
        quoted = false;
      }
    } else if (c == '"') {
      quoted = true;
    } else if (c == ',' || c == '\n') {
      row.push_back(std::move(cell));
      cell.clear();
      if (c == '\n') out.rows.push_back(std::exchange(row, {}));
    } else {
      cell += c;
    }
  }
  if (!out.rows.empty()) out.rows.erase(out.rows.begin());
  return out;
}

FormText ReadForm(std::string_view name, std::string_view text) {
  if (name.ends_with(".md")) return ReadMarkdown(text);
  if (name.ends_with(".html")) return ReadHtml(text);
  if (name.ends_with(".csv")) return ReadCsv(text);
  return ReadJson(text);
}

}  // namespace crawlcard::card
