// index/interchange/each_capture.h - every capture of an index, a row at a time, in key order.
//
// What the exports read. First the files with a fixed place on their origin, then the pages; rows
// of unsealed files are passed over. Every row is handed out, also where several tell of one
// capture.
//
// Thread rule: thread-safe on one Store.
#pragma once

#include <functional>

#include "base/result.h"
#include "index/capture.h"
#include "index/store.h"

namespace crawlcard::index {

struct EachCaptureOptions {
  bool hosts = true;
  bool pages = true;
  bool bodies = false;  // host rows get the statements that their bodies make
};

// The view is dead when `on_capture` returns; its error ends the walk.
// Errors: kIo, kCorrupt, and what `on_capture` returned.
[[nodiscard]] Status ForEachCapture(const Store& store, const EachCaptureOptions& options,
                                    const std::function<Status(const CaptureView&)>& on_capture);

}  // namespace crawlcard::index
