// Any bytes as a file of rows, in every format and packed too: rows are the file again byte for
// byte however it arrives, numbers go up by one, and what is read of a row lies inside its limits.
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/assert.h"
#include "base/byte_source.h"
#include "base/member_deflater.h"
#include "dataset/row_parser.h"
#include "dataset/row_reader.h"
#include "dataset/unpacked_source.h"

namespace {

namespace dataset = crawlcard::dataset;

dataset::FieldNames Names() {
  dataset::FieldNames names;
  names.url = "url";
  names.date = "/meta/date";
  names.tokens = "/meta/0/n";
  names.text = "text";
  names.language = "url";
  return names;
}

// Columns wherever they are asked for, as of a file with that many.
dataset::Columns SomeColumns(std::uint8_t seed) {
  dataset::Columns columns;
  for (std::size_t i = 0; i < columns.of.size(); ++i) columns.of[i] = (seed + i) % 7;
  columns.end = 7;
  return columns;
}

void CheckRow(const dataset::Row& row) {
  if (row.fault != dataset::RowFault::kNone) return;
  CRAWLCARD_ASSERT(!row.url.empty());
  CRAWLCARD_ASSERT(row.url.size() <= row.bytes && row.language.size() <= row.bytes);
}

// All rows, joined.
std::string Joined(std::string_view bytes, dataset::RowFormat format, std::uint8_t seed) {
  crawlcard::MemorySource source(bytes);
  dataset::UnpackedSource unpacked(source);
  dataset::BufferPool pool(dataset::RowBlock::kPooledBytes);
  dataset::RowReader reader(unpacked, format, pool);
  std::string joined;
  if (!reader.Start()) return joined;
  joined = reader.header();
  const auto tree = dataset::FieldTree::Of(Names());
  CRAWLCARD_ASSERT(tree.has_value());
  dataset::RowParser parser(*tree);
  const dataset::Columns columns = SomeColumns(seed);
  std::vector<dataset::Row> rows;
  std::uint64_t number = 1;
  for (;;) {
    auto block = reader.Next();
    CRAWLCARD_ASSERT(block.has_value());
    if (!*block) break;
    CRAWLCARD_ASSERT((*block)->rows() != 0);
    parser.Parse(**block, format, columns, rows);
    CRAWLCARD_ASSERT(rows.size() == (*block)->rows());
    for (std::size_t i = 0; i < rows.size(); ++i) {
      joined += (*block)->Row(i);
      CRAWLCARD_ASSERT(rows[i].number == number++);
      CheckRow(rows[i]);
    }
  }
  return joined;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  const std::uint8_t seed = size == 0 ? 0 : data[0];
  crawlcard::MemorySource source(bytes);
  const auto packing_of = dataset::UnpackedSource(source).DetectPacking();
  CRAWLCARD_ASSERT(packing_of.has_value());
  const bool plain = *packing_of == dataset::Packing::kPlain;
  for (const dataset::RowFormat format : {dataset::RowFormat::kJsonl, dataset::RowFormat::kCsv,
                                          dataset::RowFormat::kTsv, dataset::RowFormat::kText}) {
    const std::string once = Joined(bytes, format, seed);
    const bool has_header =
        format == dataset::RowFormat::kCsv || format == dataset::RowFormat::kTsv;
    if (!plain || (has_header && once.empty())) continue;
    CRAWLCARD_ASSERT(once == bytes);
    for (const auto packing : {crawlcard::MemberFormat::kGzip, crawlcard::MemberFormat::kZstd}) {
      std::string packed;
      crawlcard::MemberDeflater deflater(packing, 1);
      deflater.Append(bytes.substr(0, size / 2), packed);
      deflater.Append(bytes.substr(size / 2), packed);
      CRAWLCARD_ASSERT(Joined(packed, format, seed) == once);
    }
  }
  return 0;
}
