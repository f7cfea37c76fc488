// index/ingest/wat.h - reads the JSON of a WAT record: what an extractor saw of one WARC record.
//
// Source: the WAT format of ia-web-commons as Common Crawl publishes it, docs/formats/wat.md. JSON
// is walked once, on demand: an envelope that describes no capture is left as soon as its type is
// known, and links that cannot name a licence are never taken apart. What departs from the format
// in a member is passed over and said (`damaged_*`); JSON that cannot be walked is an error.
//
// Thread rule: thread-compatible; one a worker.
#pragma once

#include <cstdint>
#include <memory>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "page/http.h"
#include "page/outline.h"
#include "warc/record.h"

namespace crawlcard::index {

// Views point into the block that was read or into the reader.
struct WatRecord {
  // Envelope: the fields of the record described.
  warc::RecordType type = warc::RecordType::kUnknown;
  std::string_view url;
  std::string_view date;
  std::string_view record_id;
  std::string_view payload_digest;
  std::string_view identified_type;
  std::string_view truncated;

  // Container: where that record stands.
  std::string_view container_file;
  std::uint64_t container_offset = 0;
  std::uint64_t container_length = 0;  // 0: not said

  bool has_http = false;
  std::uint16_t status = 0;
  std::vector<page::HttpField> fields;  // line 0: their order is not kept
  bool repeats_shown = false;           // a repeated field is there with all of its values
  std::string_view entity_digest;
  std::uint64_t entity_length = 0;

  bool has_html = false;
  std::string_view base;
  std::string_view html_lang;
  std::vector<page::OutlineMeta> metas;
  std::vector<page::OutlineLink> links;  // those that may name a licence

  // Members of another type than the format has, or text that is none.
  bool damaged_envelope = false;
  bool damaged_fields = false;
  bool damaged_html = false;
  // Members beyond a limit were dropped.
  bool dropped_fields = false;
  bool dropped_metas = false;
  bool dropped_links = false;
};

class WatReader {
 public:
  WatReader();
  ~WatReader();

  // Whether the block looks like the JSON of a WAT record: other JSON stands in WARC files, too.
  static bool MayBeWat(std::string_view block);

  // Null for what describes no response or revisit, and for JSON that is no WAT. The result is dead
  // at the next call, and when the block is. `padded`: 64 bytes after the block can be read; else
  // it is copied. Errors: kCorrupt, kTooLarge.
  [[nodiscard]] Result<const WatRecord*> Read(std::string_view block, bool padded);

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace crawlcard::index
