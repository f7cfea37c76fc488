#include "index/takedown_ledger.h"

#include <string_view>

#include "base/file.h"
#include "base/text.h"
#include "index/ingest/takedown_file.h"

namespace crawlcard::index {
namespace {

// Appending behind a line without its end would join the two.
Result<bool> EndsInsideALine(ByteSource& source) {
  char last = '\n';
  for (;;) {
    CRAWLCARD_ASSIGN(const std::string_view window, source.Peek(1));
    if (window.empty()) return last != '\n';
    last = window.back();
    source.Consume(window.size());
  }
}

}  // namespace

Status ReadTakedowns(FileSystem& files, const std::string& path,
                     const std::function<Status(const Takedown&)>& on_request) {
  CRAWLCARD_ASSIGN(const std::unique_ptr<ByteSource> source, files.Read(path));
  Status damaged;
  ObserveHandlers handlers;
  handlers.on_damage = [&damaged](const Error& error) {
    if (damaged) damaged = tl::unexpected(error);
  };
  const auto take = [&](const Takedown& request, const warc::Extent&) -> Status {
    return damaged ? on_request(request) : damaged;
  };
  CRAWLCARD_TRY(ObserveTakedownFile(*source, path, handlers, take));
  return damaged;
}

Status AppendTakedown(FileSystem& files, const std::string& path, const Takedown& request) {
  CRAWLCARD_TRY(CheckTakedown(request));
  const bool is_new = !files.Exists(path);
  CRAWLCARD_ASSIGN(const std::unique_ptr<OutputFile> out,
                   is_new ? files.Create(path) : files.Reopen(path));
  std::string line;
  if (!is_new) {
    CRAWLCARD_ASSIGN(const std::unique_ptr<ByteSource> source, files.Read(path));
    CRAWLCARD_ASSIGN(const std::string_view start, source->Peek(1));
    if (!start.empty() && start.front() != '{' && !IsAsciiSpace(start.front())) {
      return Fail(ErrorCode::kUnsupported, "'{}' is no plain file of requests", path);
    }
    const auto compare = [&](const Takedown& known) -> Status {
      if (known.id != request.id) return {};
      return Fail(ErrorCode::kConflict, "request '{}' stands in '{}' already", request.id, path);
    };
    CRAWLCARD_TRY(ReadTakedowns(files, path, compare));
    CRAWLCARD_ASSIGN(const bool inside, EndsInsideALine(*source));
    if (inside) line.push_back('\n');
  }
  JsonWriter json(line);
  WriteTakedown(request, {}, json);
  line.push_back('\n');
  CRAWLCARD_TRY(out->Append(line));
  CRAWLCARD_TRY(out->Sync());
  return is_new ? SyncDirectoryOf(path) : Status();
}

}  // namespace crawlcard::index
