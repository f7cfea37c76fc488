#include "crawler/frontier.h"

#include <algorithm>

#include "base/byte_codec.h"
#include "base/text.h"

namespace crawlcard::crawler {
namespace {

// docs/formats/frontier.md.
constexpr std::string_view kVersionKey = "m version";
constexpr std::string_view kRunKey = "m run";
constexpr std::string_view kVersion = "1";
constexpr char kOriginPrefix = 'o';
constexpr char kQueuePrefix = 'q';
constexpr char kRobotsPrefix = 'r';

std::string Key(char prefix, std::string_view origin) {
  std::string key(1, prefix);
  key += origin;
  return key;
}

std::string QueueKey(UnixMillis due, std::string_view origin) {
  std::string key(1, kQueuePrefix);
  ByteWriter(key).BigEndian64(static_cast<std::uint64_t>(std::max<UnixMillis>(due, 0)));
  key += origin;
  return key;
}

constexpr std::size_t kQueueOriginOffset = 9;

UnixMillis DueOf(std::string_view queue_key) {
  return static_cast<UnixMillis>(ByteReader(queue_key.substr(1, 8)).BigEndian64());
}

// The end of the rows with `prefix`.
std::string After(char prefix) {
  return std::string(1, static_cast<char>(prefix + 1));
}

}  // namespace

Result<std::unique_ptr<Frontier>> Frontier::Open(const std::string& directory) {
  CRAWLCARD_ASSIGN(std::unique_ptr<index::KvStore> rows, index::KvStore::Open(directory));
  std::unique_ptr<Frontier> frontier(new Frontier(std::move(rows)));
  frontier->queue_floor_ = std::string(1, kQueuePrefix);
  CRAWLCARD_TRY(frontier->CheckVersion());
  return frontier;
}

Status Frontier::CheckVersion() {
  std::string text;
  CRAWLCARD_ASSIGN(const bool known, rows_->Get(kVersionKey, text));
  if (known && text != kVersion) {
    return Fail(ErrorCode::kSchema, "frontier of version '{}', this build reads '{}'", text,
                kVersion);
  }
  CRAWLCARD_ASSIGN(const bool counted, rows_->Get(kRunKey, text));
  run_ = (counted ? ParseUint(text).value_or(0) : 0) + 1;
  index::KvBatch batch;
  batch.Put(kVersionKey, kVersion);
  batch.Put(kRunKey, std::to_string(run_));
  return rows_->Write(batch, true);
}

Result<std::optional<OriginRecord>> Frontier::Find(std::string_view origin) const {
  std::string value;
  CRAWLCARD_ASSIGN(const bool found, rows_->Get(Key(kOriginPrefix, origin), value));
  if (!found) return std::optional<OriginRecord>();
  CRAWLCARD_ASSIGN(OriginRecord record, DecodeOrigin(origin, value));
  return std::optional<OriginRecord>(std::move(record));
}

Status Frontier::Put(const OriginRecord& record) {
  CRAWLCARD_ASSIGN(const std::optional<OriginRecord> before, Find(record.origin));
  index::KvBatch batch;
  if (before && before->queued) batch.Remove(QueueKey(before->due, record.origin));
  if (record.queued) {
    const std::string key = QueueKey(record.due, record.origin);
    batch.Put(key, {});
    queue_floor_ = std::min(queue_floor_, key);
  }
  std::string value;
  EncodeOrigin(record, value);
  batch.Put(Key(kOriginPrefix, record.origin), value);
  CRAWLCARD_TRY(rows_->Write(batch, false));
  held_.erase(record.origin);
  return {};
}

Result<std::vector<OriginRecord>> Frontier::TakeDue(UnixMillis now, std::size_t count_max) {
  std::vector<std::string> due;
  std::string floor = queue_floor_;
  CRAWLCARD_TRY(
      rows_->Scan(queue_floor_, QueueKey(now + 1, {}), [&](std::string_view key, std::string_view) {
        floor = std::string(key) + '\0';  // the first key after it
        std::string origin(key.substr(kQueueOriginOffset));
        if (!held_.contains(origin)) due.push_back(std::move(origin));
        return due.size() < count_max;
      }));
  queue_floor_ = std::move(floor);
  std::vector<OriginRecord> records;
  records.reserve(due.size());
  for (const std::string& origin : due) {
    CRAWLCARD_ASSIGN(std::optional<OriginRecord> record, Find(origin));
    if (!record) {
      return Fail(ErrorCode::kCorrupt, "frontier queues '{}', which it does not know", origin);
    }
    held_.insert(origin);
    records.push_back(std::move(*record));
  }
  return records;
}

Result<std::optional<UnixMillis>> Frontier::NextDue() const {
  std::optional<UnixMillis> due;
  CRAWLCARD_TRY(
      rows_->Scan(queue_floor_, After(kQueuePrefix), [&](std::string_view key, std::string_view) {
        if (held_.contains(std::string(key.substr(kQueueOriginOffset)))) {
          return true;
        }
        due = DueOf(key);
        return false;
      }));
  return due;
}

Status Frontier::PutRobots(std::string_view origin, std::string_view body) {
  index::KvBatch batch;
  batch.Put(Key(kRobotsPrefix, origin), body);
  return rows_->Write(batch, false);
}

Result<bool> Frontier::GetRobots(std::string_view origin, std::string& body_out) const {
  return rows_->Get(Key(kRobotsPrefix, origin), body_out);
}

Status Frontier::ForEach(const OnOrigin& on_origin) const {
  Status failed;
  CRAWLCARD_TRY(rows_->Scan(std::string(1, kOriginPrefix), After(kOriginPrefix),
                            [&](std::string_view key, std::string_view value) {
                              const Result<OriginRecord> record =
                                  DecodeOrigin(key.substr(1), value);
                              if (!record) {
                                failed = tl::unexpected(record.error());
                                return false;
                              }
                              on_origin(*record);
                              return true;
                            }));
  return failed;
}

}  // namespace crawlcard::crawler
