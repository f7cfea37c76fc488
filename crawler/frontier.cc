#include "crawler/frontier.h"

#include <algorithm>
#include <array>

#include "base/assert.h"
#include "base/byte_codec.h"
#include "base/text.h"

namespace crawlcard::crawler {
namespace {

// docs/formats/frontier.md.
constexpr std::string_view kVersionKey = "m version";
constexpr std::string_view kRunKey = "m run";
constexpr std::string_view kVersion = "2";
constexpr std::string_view kVersionBefore = "1";  // had no queue of new origins
constexpr char kOriginPrefix = 'o';
// Queues: of plans that have begun, of those that have not.
constexpr std::array<char, 2> kQueues = {'q', 'n'};
constexpr char kRobotsPrefix = 'r';

std::string Key(char prefix, std::string_view origin) {
  std::string key(1, prefix);
  key += origin;
  return key;
}

std::string QueueKey(std::size_t queue, UnixMillis due, std::string_view origin) {
  std::string key(1, kQueues[queue]);
  ByteWriter(key).BigEndian64(static_cast<std::uint64_t>(std::max<UnixMillis>(due, 0)));
  key += origin;
  return key;
}

std::size_t QueueOf(const OriginRecord& record) {
  const Step* const first = record.steps.empty() ? nullptr : &record.steps.front();
  return first != nullptr && first->pending() && first->tries == 0 && first->hops == 0 ? 1 : 0;
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
  for (std::size_t i = 0; i < kQueues.size(); ++i) frontier->floors_[i] = kQueues[i];
  CRAWLCARD_TRY(frontier->CheckVersion());
  return frontier;
}

Status Frontier::CheckVersion() {
  std::string text;
  CRAWLCARD_ASSIGN(const bool known, rows_->Get(kVersionKey, text));
  if (known && text != kVersion && text != kVersionBefore) {
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
  index::KvBatch single;
  index::KvBatch& batch = group_ ? *group_ : single;
  const auto held = held_.find(record.origin);
  if (held != held_.end()) {
    batch.Remove(held->second);
    held_.erase(held);
  } else {
    CRAWLCARD_ASSERT(!group_);
    CRAWLCARD_ASSIGN(const std::optional<OriginRecord> before, Find(record.origin));
    // In a frontier of the version before it may stand in the other one.
    for (std::size_t i = 0; before && before->queued && i < kQueues.size(); ++i) {
      batch.Remove(QueueKey(i, before->due, record.origin));
      next_due_known_ = false;
    }
  }
  if (record.queued) {
    const std::size_t queue = QueueOf(record);
    const std::string key = QueueKey(queue, record.due, record.origin);
    batch.Put(key, {});
    floors_[queue] = std::min(floors_[queue], key);
    next_due_ = std::min(next_due_.value_or(DueOf(key)), DueOf(key));
  }
  std::string value;
  EncodeOrigin(record, value);
  batch.Put(Key(kOriginPrefix, record.origin), value);
  return group_ ? Status() : rows_->Write(batch, false);
}

void Frontier::BeginGroup() {
  CRAWLCARD_ASSERT(!group_);
  group_.emplace();
}

Status Frontier::EndGroup() {
  CRAWLCARD_ASSERT(group_);
  const index::KvBatch batch = std::move(*group_);
  group_.reset();
  if (batch.empty()) return {};
  return rows_->Write(batch, false);
}

Result<std::vector<OriginRecord>> Frontier::TakeDue(UnixMillis now, std::size_t count_max) {
  CRAWLCARD_ASSERT(!group_);
  if (next_due_known_ && (!next_due_ || *next_due_ > now)) return std::vector<OriginRecord>();
  std::vector<std::string> due;  // their keys
  for (std::size_t i = 0; i < kQueues.size() && due.size() < count_max; ++i) {
    std::string floor = floors_[i];
    const auto take = [&](std::string_view key, std::string_view) {
      floor = std::string(key) + '\0';  // the first key after it
      if (!held_.contains(std::string(key.substr(kQueueOriginOffset)))) due.emplace_back(key);
      return due.size() < count_max;
    };
    CRAWLCARD_TRY(rows_->Scan(floors_[i], QueueKey(i, now + 1, {}), take));
    floors_[i] = std::move(floor);
  }
  next_due_known_ = false;
  std::vector<OriginRecord> records;
  records.reserve(due.size());
  for (std::string& key : due) {
    std::string origin = key.substr(kQueueOriginOffset);
    CRAWLCARD_ASSIGN(std::optional<OriginRecord> record, Find(origin));
    if (!record) {
      return Fail(ErrorCode::kCorrupt, "frontier queues '{}', which it does not know", origin);
    }
    held_.emplace(std::move(origin), std::move(key));
    records.push_back(std::move(*record));
  }
  return records;
}

Result<std::optional<UnixMillis>> Frontier::NextDue() {
  CRAWLCARD_ASSERT(!group_);
  if (next_due_known_) return next_due_;
  next_due_.reset();
  for (std::size_t i = 0; i < kQueues.size(); ++i) {
    const auto first = [&](std::string_view key, std::string_view) {
      if (held_.contains(std::string(key.substr(kQueueOriginOffset)))) return true;
      next_due_ = std::min(next_due_.value_or(DueOf(key)), DueOf(key));
      return false;
    };
    CRAWLCARD_TRY(rows_->Scan(floors_[i], After(kQueues[i]), first));
  }
  next_due_known_ = true;
  return next_due_;
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
