#include "crawler/origin_record.h"

#include <array>

#include "base/byte_codec.h"

namespace crawlcard::crawler {
namespace {

constexpr std::uint8_t kVersion = 1;
constexpr std::size_t kStepBytesMin = 14;  // members of at least a byte each

enum OriginFlag : std::uint8_t {
  kWholePlan = 1,
  kPromoted = 2,
  kQueued = 4,
  kHasCopy = 8,
};

void EncodeStep(const Step& step, ByteWriter& writer) {
  writer.U8(static_cast<std::uint8_t>(step.kind));
  writer.U8(step.depth);
  writer.U8(static_cast<std::uint8_t>(step.outcome));
  writer.U8(static_cast<std::uint8_t>(step.error));
  writer.Varint(step.status);
  writer.Varint(step.tries);
  writer.Varint(step.hops);
  writer.Varint(static_cast<std::uint64_t>(step.fetched_at));
  for (const std::string* text :
       {&step.url, &step.at_url, &step.etag, &step.last_modified, &step.record_id, &step.digest}) {
    writer.Bytes(*text);
  }
}

// False for bytes that name no member of the enumerations.
bool DecodeStep(ByteReader& reader, Step& step) {
  const std::uint8_t kind = reader.U8();
  step.depth = reader.U8();
  const std::uint8_t outcome = reader.U8();
  const std::uint8_t error = reader.U8();
  step.status = static_cast<std::uint16_t>(reader.Varint());
  step.tries = static_cast<std::uint32_t>(reader.Varint());
  step.hops = static_cast<std::uint32_t>(reader.Varint());
  step.fetched_at = static_cast<UnixMillis>(reader.Varint());
  for (std::string* text :
       {&step.url, &step.at_url, &step.etag, &step.last_modified, &step.record_id, &step.digest}) {
    *text = reader.Bytes();
  }
  if (kind >= kStepKinds || outcome >= kStepOutcomes ||
      error > static_cast<std::uint8_t>(FetchError::kInternal)) {
    return false;
  }
  step.kind = static_cast<StepKind>(kind);
  step.outcome = static_cast<StepOutcome>(outcome);
  step.error = static_cast<FetchError>(error);
  return true;
}

}  // namespace

std::string_view StepKindName(StepKind kind) {
  constexpr std::array<std::string_view, kStepKinds> kNames = {
      "robots.txt",           "tdmrep.json", "ai.txt", "well-known/ai.txt", "ai.json", "trust.txt",
      "well-known/trust.txt", "front-page",  "named"};
  return kNames[static_cast<std::size_t>(kind)];
}

std::string_view StepOutcomeName(StepOutcome outcome) {
  constexpr std::array<std::string_view, kStepOutcomes> kNames = {
      "pending",     "ok",           "not-modified",   "empty",
      "soft-404",    "absent",       "redirect-away",  "redirect-lost",
      "busy",        "server-error", "failed",         "disallowed",
      "unreachable", "given-up",     "delay-too-long", "not-needed"};
  return kNames[static_cast<std::size_t>(outcome)];
}

Step* OriginRecord::NextStep() {
  for (Step& step : steps) {
    if (step.pending()) return &step;
  }
  return nullptr;
}

void EncodeOrigin(const OriginRecord& record, std::string& value_out) {
  value_out.clear();
  ByteWriter writer(value_out);
  writer.U8(kVersion);
  writer.U8(static_cast<std::uint8_t>(
      (record.whole_plan ? kWholePlan : 0) | (record.promoted ? kPromoted : 0) |
      (record.queued ? kQueued : 0) | (record.robots.has_copy ? kHasCopy : 0)));
  writer.U8(static_cast<std::uint8_t>(record.robots.state));
  writer.U8(static_cast<std::uint8_t>(record.robots.decides));
  writer.Varint(static_cast<std::uint64_t>(record.robots.judged_at));
  writer.Varint(static_cast<std::uint64_t>(record.robots.failing_since));
  writer.Varint(static_cast<std::uint64_t>(record.due));
  writer.Varint(record.run);
  writer.Varint(static_cast<std::uint64_t>(record.delay_ms));
  writer.Varint(record.failures);
  writer.Varint(static_cast<std::uint64_t>(record.finished_at));
  writer.Varint(record.steps.size());
  for (const Step& step : record.steps) EncodeStep(step, writer);
}

Result<OriginRecord> DecodeOrigin(std::string_view origin, std::string_view value) {
  ByteReader reader(value);
  const std::uint8_t version = reader.U8();
  if (version > kVersion) {
    return Fail(ErrorCode::kSchema, "frontier row of version {}, this build reads up to {}",
                version, kVersion);
  }
  OriginRecord record;
  record.origin = origin;
  const std::uint8_t flags = reader.U8();
  record.whole_plan = (flags & kWholePlan) != 0;
  record.promoted = (flags & kPromoted) != 0;
  record.queued = (flags & kQueued) != 0;
  record.robots.has_copy = (flags & kHasCopy) != 0;
  const std::uint8_t state = reader.U8();
  const std::uint8_t decides = reader.U8();
  record.robots.judged_at = static_cast<UnixMillis>(reader.Varint());
  record.robots.failing_since = static_cast<UnixMillis>(reader.Varint());
  record.due = static_cast<UnixMillis>(reader.Varint());
  record.run = reader.Varint();
  record.delay_ms = static_cast<std::int64_t>(reader.Varint());
  record.failures = static_cast<std::uint32_t>(reader.Varint());
  record.finished_at = static_cast<UnixMillis>(reader.Varint());
  bool good = state <= static_cast<std::uint8_t>(robots::RobotsState::kUnreachableLong) &&
              decides <= static_cast<std::uint8_t>(robots::RobotsDefault::kDefer);
  record.steps.resize(reader.Count(kStepBytesMin));
  for (Step& step : record.steps) good = DecodeStep(reader, step) && good;
  if (!good || version == 0 || !reader.ok() || !reader.at_end()) {
    return Fail(ErrorCode::kCorrupt, "frontier row of '{}' cannot be read", origin);
  }
  record.robots.state = static_cast<robots::RobotsState>(state);
  record.robots.decides = static_cast<robots::RobotsDefault>(decides);
  return record;
}

}  // namespace crawlcard::crawler
