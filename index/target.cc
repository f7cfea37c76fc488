#include "index/internal/target.h"

#include "base/text.h"
#include "index/internal/rows.h"
#include "index/limits.h"
#include "index/schema.h"
#include "page/surt.h"
#include "page/url.h"

namespace crawlcard::index {

Result<Target> ParseTarget(std::string_view text) {
  Target target;
  text = TrimAscii(text);
  if (text.size() > limits::kKeyUrlBytesMax) {
    return Fail(ErrorCode::kInvalidArgument, "url too long: {} bytes, limit {}", text.size(),
                limits::kKeyUrlBytesMax);
  }
  target.is_host = text.find("://") == std::string_view::npos;
  target.url = target.is_host ? "http://" + std::string(text) : std::string(text);
  if (target.is_host && page::PathAndQueryOf(target.url) != "/") target.is_host = false;
  const std::optional<std::string> surt = page::SurtKey(target.url);
  target.host = page::HostOf(target.url);
  if (!surt || *surt == "-" || target.host.empty()) {
    return Fail(ErrorCode::kInvalidArgument, "'{}' is no URL and no host name", text);
  }
  target.surt = *surt;
  AppendStoredSurt(target.surt, target.host, target.stored);
  target.group = GroupOfStored(target.stored);
  return target;
}

Status LoadHistory(const Store::Impl& store, const FileTable& files, std::string_view group,
                   HostHistory& history) {
  Arena arena;
  const std::string prefix = std::string(group) + '\0';
  return ForEachRow(
      store, Family::kHosts, files, prefix,
      [&](std::string_view key, std::string_view value, std::string_view file) -> Status {
        arena.Reset();
        CaptureView capture;
        HostKeyView host_key;
        CRAWLCARD_TRY(DecodeHostRow(key, value, file, arena, capture));
        if (DecodeHostKey(key, host_key)) history.Add(host_key, capture);
        return {};
      });
}

}  // namespace crawlcard::index
