#include "dataset/row_parser.h"

#include <algorithm>
#include <deque>

#include <simdjson.h>

#include "base/find.h"
#include "base/text.h"
#include "dataset/limits.h"

namespace crawlcard::dataset {
namespace {

namespace ondemand = simdjson::ondemand;

constexpr std::string_view kBom("\xef\xbb\xbf", 3);

std::string_view WithoutBom(std::string_view raw, std::uint64_t number) {
  if (number == 1 && raw.starts_with(kBom)) raw.remove_prefix(kBom.size());
  return raw;
}

// A look at the first byte is enough for most rows: the others' bytes are not near yet.
bool IsBlankRow(std::string_view raw) {
  return raw.empty() || (static_cast<unsigned char>(raw.front()) <= ' ' && TrimAscii(raw).empty());
}

std::uint64_t TokensFrom(std::string_view text) {
  return ParseUint(TrimAscii(text)).value_or(0);
}

}  // namespace

Result<Columns> Columns::Find(std::string_view header, RowFormat format, const FieldNames& names) {
  Columns columns;
  if (format != RowFormat::kCsv && format != RowFormat::kTsv) return columns;
  if (header.starts_with(kBom)) header.remove_prefix(kBom.size());
  std::vector<std::string_view> cells;
  std::string storage;
  storage.reserve(header.size());
  SplitCsvRow(header, format == RowFormat::kTsv ? '\t' : ',', limits::kCsvColumnsMax, cells,
              storage);
  for (std::size_t i = 0; i < kFieldCount; ++i) {
    const std::string_view name = names.Of(static_cast<Field>(i));
    if (name.empty()) continue;
    const auto found = std::ranges::find(cells, name);
    if (found == cells.end()) {
      return Fail(ErrorCode::kInvalidArgument, "no column is called '{}'", name);
    }
    columns.of[i] = static_cast<std::size_t>(found - cells.begin());
    columns.end = std::max(columns.end, columns.of[i] + 1);
  }
  return columns;
}

// Walks one JSON row along the tree of fields.
class RowParser::Json {
 public:
  explicit Json(const FieldTree& fields) : fields_(fields) {}

  void Reset() { kept_.clear(); }

  void Parse(std::string_view raw, std::size_t readable, Row& row) {
    missing_ = fields_.wanted;
    row_ = &row;
    has_tokens_ = false;
    text_bytes_ = 0;
    ondemand::document document;
    ondemand::object object;
    if (parser_.iterate(raw.data(), raw.size(), readable).get(document) != simdjson::SUCCESS ||
        document.get_object().get(object) != simdjson::SUCCESS ||
        !WalkObject(object, fields_.root)) {
      row.fault = RowFault::kBadRow;
      return;
    }
    if (row.url.empty()) row.fault = RowFault::kNoUrl;
    if (!has_tokens_) row.tokens = text_bytes_ / kBytesPerToken;
  }

 private:
  // False when the row is no JSON. Recursion ends with the tree: limits::kPointerLevelsMax.
  bool WalkObject(ondemand::object object, const FieldTree::Node& node) {
    for (simdjson::simdjson_result<ondemand::field> each : object) {
      ondemand::field field;
      std::string_view key;
      if (std::move(each).get(field) != simdjson::SUCCESS) return false;
      if (field.unescaped_key().get(key) != simdjson::SUCCESS) return false;
      const auto found = std::ranges::find(node.children, key, &FieldTree::Node::name);
      if (found == node.children.end()) continue;
      if (!Visit(field.value(), *found)) return false;
      if (missing_ == 0) return true;
    }
    return true;
  }

  bool WalkArray(ondemand::array array, const FieldTree::Node& node) {
    std::size_t number = 0;
    for (simdjson::simdjson_result<ondemand::value> each : array) {
      ondemand::value value;
      if (std::move(each).get(value) != simdjson::SUCCESS) return false;
      const auto found =
          std::ranges::find(node.children, std::to_string(number++), &FieldTree::Node::name);
      if (found == node.children.end()) continue;
      if (!Visit(value, *found)) return false;
      if (missing_ == 0) return true;
    }
    return true;
  }

  bool Visit(ondemand::value value, const FieldTree::Node& node) {
    ondemand::json_type type{};
    if (value.type().get(type) != simdjson::SUCCESS) return false;
    if (type == ondemand::json_type::object && !node.children.empty()) {
      ondemand::object object;
      return value.get_object().get(object) == simdjson::SUCCESS && WalkObject(object, node);
    }
    if (type == ondemand::json_type::array && !node.children.empty()) {
      ondemand::array array;
      return value.get_array().get(array) == simdjson::SUCCESS && WalkArray(array, node);
    }
    const auto fresh = static_cast<std::uint8_t>(node.fields & missing_);
    if (fresh == 0) return true;
    missing_ &= static_cast<std::uint8_t>(~fresh);
    if (type == ondemand::json_type::string) {
      std::string_view text;
      if (value.get_string().get(text) != simdjson::SUCCESS) return false;
      Take(fresh, text);
    } else if (type == ondemand::json_type::number) {
      Take(fresh, TrimAscii(value.raw_json_token()));
    }
    return true;
  }

  void Take(std::uint8_t fields, std::string_view text) {
    if ((fields & BitOf(Field::kUrl)) != 0) row_->url = Keep(TrimAscii(text));
    if ((fields & BitOf(Field::kLanguage)) != 0) row_->language = Keep(text);
    if ((fields & BitOf(Field::kDate)) != 0) row_->date = ParseRowDate(text);
    if ((fields & BitOf(Field::kText)) != 0) text_bytes_ = text.size();
    if ((fields & BitOf(Field::kTokens)) != 0) {
      row_->tokens = TokensFrom(text);
      has_tokens_ = true;
    }
  }

  // simdjson's text is overwritten by the next row.
  std::string_view Keep(std::string_view text) {
    if (kept_.empty() || kept_.back().capacity() - kept_.back().size() < text.size()) {
      kept_.emplace_back().reserve(std::max(kKeptBytes, text.size()));
    }
    std::string& last = kept_.back();
    const std::size_t start = last.size();
    last.append(text);
    return std::string_view(last).substr(start);
  }

  static constexpr std::size_t kKeptBytes = std::size_t{128} << 10;

  const FieldTree& fields_;
  ondemand::parser parser_;
  std::deque<std::string> kept_;
  std::uint8_t missing_ = 0;
  Row* row_ = nullptr;
  bool has_tokens_ = false;
  std::uint64_t text_bytes_ = 0;
};

RowParser::RowParser(FieldTree fields)
    : fields_(std::move(fields)), json_(std::make_unique<Json>(fields_)) {}
RowParser::~RowParser() = default;

void RowParser::ParseText(std::string_view raw, Row& row) {
  row.url = TrimAscii(raw);
}

void RowParser::ParseCsv(std::string_view raw, RowFormat format, const Columns& columns, Row& row) {
  cells_.clear();
  SplitCsvRow(raw, format == RowFormat::kTsv ? '\t' : ',', columns.end, cells_, storage_);
  if (cells_.size() < columns.end) {
    row.fault = RowFault::kBadRow;
    return;
  }
  const auto cell = [&](Field field) {
    const std::size_t column = columns.of[static_cast<std::size_t>(field)];
    return column == Columns::kNone ? std::string_view() : cells_[column];
  };
  row.url = TrimAscii(cell(Field::kUrl));
  row.language = cell(Field::kLanguage);
  row.date = ParseRowDate(cell(Field::kDate));
  const std::string_view tokens = cell(Field::kTokens);
  row.tokens = tokens.empty() ? cell(Field::kText).size() / kBytesPerToken : TokensFrom(tokens);
  if (row.url.empty()) row.fault = RowFault::kNoUrl;
}

void RowParser::TakeCells(const CellRow& cells, Row& row) {
  if (cells.url) row.url = TrimAscii(*cells.url);
  if (cells.language) row.language = *cells.language;
  if (cells.date) row.date = ParseRowDate(*cells.date);
  row.bytes = cells.text_bytes.value_or(0);
  row.tokens = cells.tokens ? TokensFrom(*cells.tokens) : row.bytes / kBytesPerToken;
  if (row.url.empty()) row.fault = RowFault::kNoUrl;
}

void RowParser::Parse(const RowBlock& block, RowFormat format, const Columns& columns,
                      std::vector<Row>& rows_out) {
  rows_out.clear();
  json_->Reset();
  storage_.clear();
  if (!block.ends.empty()) storage_.reserve(block.ends.back());
  for (std::size_t i = 0; i < block.rows(); ++i) {
    Row& row = rows_out.emplace_back();
    row.number = block.first_row + i;
    if (!block.cells.empty()) {
      TakeCells(block.cells[i], row);
      continue;
    }
    const std::string_view all = block.Row(i);
    row.bytes = all.size();
    const std::string_view raw = WithoutBom(all, row.number);
    if (block.is_piece) {
      row.fault = RowFault::kTooLong;
    } else if (block.is_cut && i + 1 == block.rows()) {
      row.fault = RowFault::kCutRow;
    } else if (IsBlankRow(raw)) {
      row.fault = RowFault::kEmpty;
    } else if (format == RowFormat::kJsonl) {
      json_->Parse(raw, block.ReadableFrom(raw), row);
    } else if (format == RowFormat::kText) {
      ParseText(raw, row);
    } else {
      ParseCsv(raw, format, columns, row);
    }
  }
}

}  // namespace crawlcard::dataset
