// index/verdict_json.h - a verdict as one crawlcard.verdict.v1 object (docs/schemas/).
//
// Thread rule: thread-safe.
#pragma once

#include "base/json_writer.h"
#include "index/scan.h"

namespace crawlcard::index {

// `options` are those that the verdict was asked for with.
void WriteVerdict(const UrlVerdict& verdict, const JudgeOptions& options, JsonWriter& json);

// The archives know no capture of 1970-01-01T00:00:00Z: 0 stands for none and is null.
void WriteDate(UnixSeconds date, JsonWriter& json);

// The place of the bytes, or null.
void WritePointer(const robots::Evidence& evidence, JsonWriter& json);

// One reason or offer, with the bytes it can be walked back to.
void WriteReason(const robots::Reason& reason, JsonWriter& json);

}  // namespace crawlcard::index
