#include "index/interchange/tables.h"

#include <algorithm>
#include <array>

#include "base/json_writer.h"
#include "index/ingest/observe.h"
#include "index/interchange/each_capture.h"
#include "index/internal/host_table.h"
#include "page/public_suffix.h"
#include "page/surt.h"
#include "page/url.h"

namespace crawlcard::index {
namespace {

struct NamedColumn {
  std::string_view name;
  ColumnKind kind = ColumnKind::kText;
};

constexpr auto kPageColumns = std::to_array<NamedColumn>({
    {"url_surtkey"},
    {"url"},
    {"url_host_name"},
    {"url_host_tld"},
    {"url_host_private_domain"},
    {"url_host_registered_domain"},
    {"url_host_name_reversed"},
    {"url_protocol"},
    {"url_port", ColumnKind::kInt32},
    {"url_path"},
    {"url_query"},
    {"fetch_time", ColumnKind::kTime},
    {"fetch_status", ColumnKind::kInt16},
    {"fetch_redirect"},
    {"content_digest"},
    {"content_mime_type"},
    {"content_mime_detected"},
    {"content_charset"},
    {"content_languages"},
    {"content_truncated"},
    {"warc_filename"},
    {"warc_record_offset", ColumnKind::kInt64},
    {"warc_record_length", ColumnKind::kInt64},
    {"warc_segment"},
    {"crawl"},
    {"subset"},
    {"via"},
});

constexpr auto kSignalColumns = std::to_array<NamedColumn>({
    {"url_surtkey"},
    {"url"},
    {"url_host_name"},
    {"fetch_time", ColumnKind::kTime},
    {"family"},
    {"carrier"},
    {"location"},
    {"agent"},
    {"scope"},
    {"key"},
    {"value"},
    {"use"},
    {"says"},
    {"condition"},
    {"raw"},
    {"flags"},
    {"warc_filename"},
    {"warc_record_offset", ColumnKind::kInt64},
    {"warc_record_length", ColumnKind::kInt64},
    {"crawl"},
    {"via"},
});

Cell Text(std::string_view text) {
  return text.empty() ? Cell() : Cell(text);
}
Cell Time(const std::optional<UnixSeconds>& time) {
  return time ? Cell(*time) : Cell();
}
Cell Number(std::uint64_t number) {
  return static_cast<std::int64_t>(std::min<std::uint64_t>(number, INT64_MAX));
}

// Between two marks of a path, such as the segment behind "segments/".
std::string_view PartBehind(std::string_view path, std::string_view mark) {
  const std::size_t at = path.find(mark);
  if (at == std::string_view::npos) return {};
  path.remove_prefix(at + mark.size());
  const std::size_t slash = path.find('/');
  return slash == std::string_view::npos ? std::string_view() : path.substr(0, slash);
}

// Fills rows of captures; keeps the texts that no capture holds.
class RowMaker {
 public:
  void FillPage(const CaptureView& capture, std::vector<Cell>& cells) {
    const std::optional<page::UrlParts> parts = page::SplitUrl(capture.url);
    const bool is_name = capture.host.find(':') == std::string_view::npos &&
                         capture.host.find_first_not_of("0123456789.") != std::string_view::npos;
    const std::size_t dot = capture.host.rfind('.');
    reversed_ = is_name ? Reversed(capture.host) : std::string();
    languages_.clear();
    for (const page::Language& language : capture.languages.languages) {
      if (!languages_.empty()) languages_ += ',';
      languages_ += language.code;
    }
    cells = {
        Text(capture.surt),
        Text(capture.url),
        Text(capture.host),
        is_name ? Text(capture.host.substr(dot == std::string_view::npos ? 0 : dot + 1)) : Cell(),
        is_name ? Text(capture.domain) : Cell(),
        is_name ? Text(page::IcannDomainView(capture.host)) : Cell(),
        Text(reversed_)};
    AppendUrl(parts, cells);
    const bool is_revisit = capture.record_type == warc::RecordType::kRevisit;
    cells.insert(
        cells.end(),
        {Time(capture.date), capture.status > 0 ? Number(capture.status) : Cell(),
         Text(capture.redirect), Text(capture.digest.substr(capture.digest.find(':') + 1)),
         Text(is_revisit ? "warc/revisit" : capture.content_type), Text(capture.identified_type),
         Text(capture.charset), Text(languages_), Text(capture.truncated)});
    AppendPlace(capture, cells);
    const std::string_view segment = PartBehind(file_, "segments/");
    cells.push_back(Text(segment));
    cells.push_back(Text(PartBehind(file_, "crawl-data/")));
    cells.push_back(segment.empty() ? Cell() : Text(PartBehind(file_, Mark(segment))));
    cells.push_back(Text(ViaName(capture.via)));
  }

  void FillSignal(const CaptureView& capture, const robots::Signal& signal,
                  std::vector<Cell>& cells) {
    flags_.clear();
    for (const std::string_view flag : signal.flags) {
      if (!flags_.empty()) flags_ += ',';
      flags_ += flag;
    }
    cells = {Text(capture.surt),
             Text(capture.url),
             Text(capture.host),
             Time(capture.date),
             Text(robots::FamilyName(signal.family)),
             Text(robots::CarrierName(signal.carrier)),
             Text(signal.location),
             Text(signal.agent),
             Text(signal.scope),
             Text(signal.key),
             Text(signal.value),
             Text(robots::AxisName(signal.use)),
             Text(robots::SaysName(signal.says)),
             Text(signal.condition),
             Text(signal.raw),
             Text(flags_)};
    AppendPlace(capture, cells);
    cells.push_back(Text(PartBehind(file_, "crawl-data/")));
    cells.push_back(Text(ViaName(capture.via)));
  }

 private:
  static void AppendUrl(const std::optional<page::UrlParts>& parts, std::vector<Cell>& cells) {
    if (!parts) {
      cells.insert(cells.end(), {Cell(), Cell(), Cell(), Cell()});
      return;
    }
    std::int64_t port = 0;
    for (const char c : parts->port.substr(0, 6)) port = port * 10 + (c - '0');
    const bool has_port = !parts->port.empty() && parts->port.size() < 6 && port <= 65535 &&
                          parts->port.find_first_not_of("0123456789") == std::string_view::npos;
    cells.insert(cells.end(), {Text(parts->scheme), has_port ? Cell(port) : Cell(),
                               Text(parts->path), Text(parts->query)});
  }

  // The record that the capture tells of, as in a CDX.
  void AppendPlace(const CaptureView& capture, std::vector<Cell>& cells) {
    const bool is_own = capture.container.file.empty();
    file_ = is_own ? capture.file : capture.container.file;
    const std::uint64_t length = is_own ? capture.extent.length : capture.container.length;
    cells.push_back(Text(file_));
    cells.push_back(Number(is_own ? capture.extent.offset : capture.container.offset));
    cells.push_back(length > 0 ? Number(length) : Cell());
  }

  std::string_view Mark(std::string_view segment) {
    mark_ = segment;
    mark_ += '/';
    return mark_;
  }

  static std::string Reversed(std::string_view host) {
    std::string out;
    while (!host.empty()) {
      const std::size_t dot = host.rfind('.');
      if (!out.empty()) out += '.';
      out += host.substr(dot == std::string_view::npos ? 0 : dot + 1);
      host = host.substr(0, dot == std::string_view::npos ? 0 : dot);
    }
    return out;
  }

  std::string reversed_;
  std::string languages_;
  std::string flags_;
  std::string mark_;
  std::string_view file_;
};

template <std::size_t N>
std::vector<Column> Columns(const std::array<NamedColumn, N>& named) {
  std::vector<Column> columns;
  for (const NamedColumn& column : named)
    columns.push_back({std::string(column.name), column.kind});
  return columns;
}

}  // namespace

std::string_view TableName(TableKind kind) {
  switch (kind) {
    case TableKind::kPages:
      return "pages";
    case TableKind::kHosts:
      return "hosts";
    case TableKind::kSignals:
      return "signals";
  }
  return "";
}

std::optional<TableKind> TableFromName(std::string_view name) {
  for (const TableKind kind : {TableKind::kPages, TableKind::kHosts, TableKind::kSignals}) {
    if (name == TableName(kind)) return kind;
  }
  return std::nullopt;
}

std::vector<Column> ColumnsOf(TableKind kind, const TableOptions& options) {
  if (kind == TableKind::kPages) return Columns(kPageColumns);
  if (kind == TableKind::kSignals) return Columns(kSignalColumns);
  return HostColumns(options);
}

Status ForEachTableRow(const Store& store, TableKind kind, const TableOptions& options,
                       const std::function<Status(std::span<const Cell>)>& on_row) {
  if (kind == TableKind::kHosts) return ForEachHostRow(store, options, on_row);
  EachCaptureOptions each;
  each.bodies = kind == TableKind::kSignals;
  RowMaker maker;
  std::vector<Cell> cells;
  return ForEachCapture(store, each, [&](const CaptureView& capture) -> Status {
    if (kind == TableKind::kPages) {
      maker.FillPage(capture, cells);
      return on_row(cells);
    }
    for (const robots::Signal& signal : capture.signals) {
      maker.FillSignal(capture, signal, cells);
      CRAWLCARD_TRY(on_row(cells));
    }
    return {};
  });
}

void AppendRowJson(TableKind kind, std::span<const Column> columns, std::span<const Cell> cells,
                   std::string& out) {
  JsonWriter json(out);
  json.BeginObject();
  json.Member("schema", fmt::format("crawlcard.export-{}.v1", TableName(kind)));
  for (std::size_t i = 0; i < columns.size(); ++i) {
    json.Key(columns[i].name);
    if (const auto* text = std::get_if<std::string_view>(&cells[i])) {
      json.String(*text);
    } else if (const auto* number = std::get_if<std::int64_t>(&cells[i])) {
      if (columns[i].kind == ColumnKind::kTime) {
        json.String(FormatRfc3339(*number));
      } else {
        json.Int(*number);
      }
    } else {
      json.Null();
    }
  }
  json.EndObject();
  out += '\n';
}

}  // namespace crawlcard::index
