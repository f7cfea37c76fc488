// page/json_ld/json_ld.h - rights statements in JSON-LD blocks, without JSON-LD processing.
//
// Reads schema.org terms by their names ("license", "schema:license",
// "https://schema.org/license"), walks @graph and nested nodes, and never fetches a context.
// Limits: page/limits.h. Source: signals.md 11.1. Thread rule: thread-compatible.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "page/licence/collector.h"

namespace crawlcard::page::json_ld {

class BlockReader {
 public:
  BlockReader();
  ~BlockReader();

  // Reads one block into `out`. False where it cannot be read: a note says why, no statement is
  // made, and a licence URL in it is kept as hint.
  bool Read(std::string_view text, licence::Collector& out);

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace crawlcard::page::json_ld
