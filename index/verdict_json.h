// index/verdict_json.h - a verdict as one crawlcard.verdict.v1 object (docs/schemas/).
//
// Thread rule: thread-safe.
#pragma once

#include "base/json_writer.h"
#include "index/scan.h"

namespace crawlcard::index {

// `options` are those that the verdict was asked for with.
void WriteVerdict(const UrlVerdict& verdict, const JudgeOptions& options, JsonWriter& json);

// One reason or offer, with the bytes it can be walked back to.
void WriteReason(const robots::Reason& reason, JsonWriter& json);

}  // namespace crawlcard::index
