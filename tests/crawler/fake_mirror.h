// tests/crawler/fake_mirror.h - a server of archive files that exists only in the process, with
// faults on demand.
//
// Thread rule: a Fetcher like any other; files and faults are set before the first request, the log
// is read when no transfer runs.
#pragma once

#include <algorithm>
#include <functional>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "base/text.h"
#include "crawler/event_loop.h"
#include "crawler/fetcher.h"

namespace crawlcard::crawler {

enum class MirrorFault {
  kNone,
  kBusy,         // 503 with Retry-After: 0
  kServerError,  // 500
  kBlock,        // 403
  kReset,        // half of the answer, then nothing
  kResetAtOnce,
  kShortLength,  // Content-Length says half, and no more comes
  kLongLength,   // Content-Length says more than comes
  kNoRange,      // answers a range with the whole
  kOtherRange,   // answers another range than was asked for
  kCorrupt,      // a byte in the middle is another one
  kHang,         // half of the answer, then silence
  kChange,       // from now on the file is another version of the same size
};

struct MirrorRequest {
  std::string path;
  std::string range;
};

class FakeMirror final : public Fetcher {
 public:
  // `fault` is asked once for each request, which are counted from 1.
  using Fault = std::function<MirrorFault(const MirrorRequest& request, int number)>;

  FakeMirror(EventLoop& loop, std::map<std::string, std::string> files, Fault fault)
      : loop_(loop), files_(std::move(files)), fault_(std::move(fault)) {}

  const std::vector<MirrorRequest>& log() const { return log_; }
  std::size_t paused() const { return pauses_; }

  FetchId Start(FetchRequest request, std::unique_ptr<FetchHandler> handler) override {
    const FetchId id = ++last_id_;
    Transfer& transfer = transfers_[id];
    transfer.handler = std::move(handler);
    Prepare(request, transfer);
    loop_.Post([this, id] { Step(id); });
    return id;
  }
  void Resume(FetchId id) override {
    const auto found = transfers_.find(id);
    if (found == transfers_.end() || !found->second.paused) return;
    found->second.paused = false;
    loop_.Post([this, id] { Step(id); });
  }
  void Cancel(FetchId id) override {
    loop_.Post([this, id] { End(id, FetchError::kCancelled); });
  }
  std::size_t in_flight() const override { return transfers_.size(); }

 private:
  struct Transfer {
    std::unique_ptr<FetchHandler> handler;
    std::uint16_t status = 200;
    std::string head;
    std::string body;
    FetchError error = FetchError::kNone;
    bool head_given = false;
    bool paused = false;
    bool hangs = false;
    std::size_t at = 0;
  };

  static std::string Field(const FetchRequest& request, std::string_view name) {
    for (const RequestField& field : request.fields) {
      if (EqualsIgnoreCase(field.name, name)) return field.value;
    }
    return {};
  }

  void Prepare(const FetchRequest& request, Transfer& transfer) {
    const std::string path = request.url.path_and_query().substr(1);
    log_.push_back({path, Field(request, "Range")});
    const MirrorFault fault =
        fault_ ? fault_(log_.back(), static_cast<int>(log_.size())) : MirrorFault::kNone;
    const auto file = files_.find(path);
    if (fault == MirrorFault::kBusy) return Plain(503, "Retry-After: 0\r\n", transfer);
    if (fault == MirrorFault::kServerError) return Plain(500, "", transfer);
    if (fault == MirrorFault::kBlock) return Plain(403, "", transfer);
    if (file == files_.end()) return Plain(404, "", transfer);
    if (fault == MirrorFault::kChange) {
      ++versions_[path];
      file->second = changed_[path];
    }
    Answer(request, file->second, fmt::format("\"v{}\"", versions_[path]), fault, transfer);
  }

  static void Plain(std::uint16_t status, const std::string& fields, Transfer& transfer) {
    transfer.status = status;
    transfer.head = fmt::format("HTTP/1.1 {} X\r\n{}Content-Length: 0\r\n\r\n", status, fields);
  }

  static void Answer(const FetchRequest& request, const std::string& bytes, const std::string& etag,
                     MirrorFault fault, Transfer& transfer) {
    std::string range = Field(request, "Range");
    const std::string if_range = Field(request, "If-Range");
    if (!if_range.empty() && if_range != etag) range.clear();
    if (fault == MirrorFault::kNoRange) range.clear();
    std::uint64_t first = 0;
    std::uint64_t last = bytes.size() - 1;
    std::string fields = "ETag: " + etag + "\r\n";
    if (!range.empty()) {
      const std::size_t dash = range.find('-');
      first = *ParseUint(std::string_view(range).substr(6, dash - 6));
      if (dash + 1 < range.size()) last = *ParseUint(std::string_view(range).substr(dash + 1));
      if (fault == MirrorFault::kOtherRange) first /= 2;
      if (first >= bytes.size()) {
        return Plain(416, fmt::format("Content-Range: bytes */{}\r\n", bytes.size()), transfer);
      }
      transfer.status = 206;
      fields += fmt::format("Content-Range: bytes {}-{}/{}\r\n", first, last, bytes.size());
    }
    transfer.body = bytes.substr(first, last - first + 1);
    std::size_t length = transfer.body.size();
    if (fault == MirrorFault::kReset) {
      transfer.body.resize(length / 2);
      transfer.error = FetchError::kBodyCut;
    }
    if (fault == MirrorFault::kHang) {
      transfer.body.resize(length / 2);
      transfer.hangs = true;
    }
    if (fault == MirrorFault::kResetAtOnce) {
      transfer.body.clear();
      transfer.error = FetchError::kNoAnswer;
      return;
    }
    if (fault == MirrorFault::kShortLength) transfer.body.resize(length /= 2);
    if (fault == MirrorFault::kLongLength) {
      length += 1000;
      transfer.error = FetchError::kBodyCut;
    }
    if (fault == MirrorFault::kCorrupt) {
      char& byte = transfer.body[transfer.body.size() / 2];
      byte = static_cast<char>(byte ^ 0x55);
    }
    transfer.head = fmt::format("HTTP/1.1 {} X\r\n{}Content-Length: {}\r\n\r\n", transfer.status,
                                fields, length);
  }

  // Gives one piece a turn of the loop.
  void Step(FetchId id) {
    const auto found = transfers_.find(id);
    if (found == transfers_.end() || found->second.paused) return;
    Transfer& transfer = found->second;
    if (!transfer.head_given && !transfer.head.empty()) {
      transfer.head_given = true;
      if (transfer.handler->OnHead(transfer.status, transfer.head) == HandlerAnswer::kStop) {
        return End(id, FetchError::kStopped);
      }
    }
    if (transfer.at == transfer.body.size() && transfer.hangs) return;
    if (transfer.at == transfer.body.size()) return End(id, transfer.error);
    const std::string_view piece = std::string_view(transfer.body).substr(transfer.at, 1500);
    switch (transfer.handler->OnChunk(piece)) {
      case HandlerAnswer::kTake:
        transfer.at += piece.size();
        break;
      case HandlerAnswer::kPause:
        ++pauses_;
        transfer.paused = true;
        return;
      case HandlerAnswer::kStop:
        return End(id, FetchError::kStopped);
    }
    loop_.Post([this, id] { Step(id); });
  }

  void End(FetchId id, FetchError error) {
    const auto found = transfers_.find(id);
    if (found == transfers_.end()) return;
    Transfer transfer = std::move(found->second);
    transfers_.erase(found);
    FetchResult result;
    result.error = error;
    result.status = transfer.head_given ? transfer.status : 0;
    transfer.handler->OnDone(std::move(result));
  }

  EventLoop& loop_;
  std::map<std::string, std::string> files_;
  Fault fault_;
  std::vector<MirrorRequest> log_;
  std::map<FetchId, Transfer> transfers_;
  std::map<std::string, int> versions_;
  FetchId last_id_ = 0;
  std::size_t pauses_ = 0;

 public:
  // What a file becomes by kChange.
  std::map<std::string, std::string> changed_;
};

}  // namespace crawlcard::crawler
