// index/ingest/payload.h - statements that stand in a payload, beside those of headers and metas.
//
// Packets inside files (XMP, C2PA, EPUB), RSL elements and fragment rules of pages, and documents
// that others name. Joins page/, which finds them, with robots/, which reads them.
//
// Thread rule: thread-safe.
#pragma once

#include <memory_resource>
#include <string_view>
#include <vector>

#include "base/arena.h"
#include "page/facts.h"
#include "robots/named_document.h"
#include "robots/observe.h"

namespace crawlcard::index {

// All text lives in the arena or is static.
struct PayloadStatements {
  explicit PayloadStatements(Arena& arena) : signals(&arena), licences(&arena), notes(&arena) {}

  robots::SignalList signals;
  std::pmr::vector<page::Licence> licences;
  std::pmr::vector<std::string_view> notes;
  robots::DocumentKind document = robots::DocumentKind::kNone;
};

// Reads the body of `response`, whose `facts` were observed already.
PayloadStatements ObservePayload(const page::Response& response, const page::PageFacts& facts,
                                 Arena& arena);

}  // namespace crawlcard::index
