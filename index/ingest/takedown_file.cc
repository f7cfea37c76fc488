#include "index/ingest/takedown_file.h"

#include <optional>
#include <string>
#include <unordered_set>

#include "base/text.h"
#include "index/ingest/cdx_lines.h"
#include "index/limits.h"

namespace crawlcard::index {

Result<bool> IsTakedownFile(ByteSource& source) {
  CRAWLCARD_ASSIGN(const std::string start, PeekUnpacked(source, limits::kTakedownSniffBytesMax));
  const std::string_view text = TrimAscii(start);
  const std::string_view line = text.substr(0, text.find('\n'));
  return line.starts_with('{') && line.find("\"crawlcard.takedown.v1\"") != std::string_view::npos;
}

bool IsTakedownLedger(const FileEntry& entry) {
  return entry.counts.types.contains(kTakedownType);
}

Result<ObservedFile> ObserveTakedownFile(ByteSource& source, std::string_view file_name,
                                         const ObserveHandlers& handlers,
                                         const OnTakedown& on_request) {
  ObservedFile observed;
  FileCounts& counts = observed.counts;
  counts.types.emplace(kTakedownType, 0);
  std::unordered_set<std::string> ids;
  TakedownReader reader;
  CdxLines lines(source);
  const auto damage = [&](Error error) {
    error.At(file_name);
    ++counts.damaged;
    ++counts.errors[std::string(ErrorCodeName(error.code()))];
    if (handlers.on_damage) handlers.on_damage(error);
  };
  for (;;) {
    if (handlers.stop_requested && handlers.stop_requested()) {
      return tl::unexpected(Error(ErrorCode::kCancelled, "stopped on request").At(file_name));
    }
    Result<std::optional<CdxLines::Line>> line = lines.Next();
    if (!line) {
      if (line.error().code() == ErrorCode::kIo) {
        return tl::unexpected(std::move(line.error().At(file_name)));
      }
      damage(std::move(line.error()));
      continue;
    }
    if (!*line) break;
    if (TrimAscii((*line)->text).empty()) continue;
    ++counts.records;
    Result<Takedown> request = reader.Read((*line)->text);
    if (request && !ids.insert(request->id).second) {
      request = Fail(ErrorCode::kConflict, "another request '{}' stands before", request->id);
    }
    if (!request) {
      damage(std::move(request.error().At((*line)->extent.offset)));
      continue;
    }
    ++counts.types.find(kTakedownType)->second;
    CRAWLCARD_TRY(on_request(*request, (*line)->extent));
  }
  counts.inflated_bytes = lines.unpacked_bytes();
  return observed;
}

}  // namespace crawlcard::index
