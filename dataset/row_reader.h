// dataset/row_reader.h - a file of rows as blocks of whole rows.
//
// A block holds rows byte for byte, with their line ends, so that they can be written again as
// they are. Where blocks begin depends on the rows alone, never on how the input arrived. A row
// beyond limits::kRowBytesMax comes in pieces, a block each.
//
// Thread rule: thread-compatible; a RowBlock may be handed to another thread.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/byte_source.h"
#include "base/result.h"
#include "base/time.h"
#include "dataset/buffer_pool.h"
#include "dataset/limits.h"
#include "dataset/row_cutter.h"
#include "dataset/unpacked_source.h"

namespace crawlcard::dataset {

// A row that came as cells, from a table that has no text of its own (Parquet).
struct CellRow {
  std::optional<std::string> url;
  std::optional<std::string> date;
  std::optional<std::string> tokens;
  std::optional<std::string> language;
  std::optional<std::uint64_t> text_bytes;
};

struct RowBlock {
  // Room behind the last row, for readers that look ahead by whole registers.
  static constexpr std::size_t kPaddingBytes = 64;
  // Of a buffer for a usual block.
  static constexpr std::size_t kPooledBytes = limits::kBlockBytes + kPaddingBytes;

  std::unique_ptr<char[]> buffer;  // capacity + kPaddingBytes
  std::size_t capacity = 0;
  std::vector<std::uint32_t> ends;  // offset behind each row
  std::vector<CellRow> cells;       // instead of text
  std::uint64_t first_row = 0;      // number of the first row, from 1; a header is not counted
  bool is_piece = false;            // one row, too long, or a part of it
  bool starts_row = true;           // of a piece: the first one
  bool is_cut = false;              // the last row ends where the input is damaged or cut

  std::size_t rows() const { return ends.empty() ? cells.size() : ends.size(); }
  std::string_view Row(std::size_t i) const {
    const std::size_t begin = i == 0 ? 0 : ends[i - 1];
    return {buffer.get() + begin, ends[i] - begin};
  }
  // Bytes that are readable from `row` on.
  std::size_t ReadableFrom(std::string_view row) const {
    return capacity + kPaddingBytes - static_cast<std::size_t>(row.data() - buffer.get());
  }
};

// Rows of one file, front to back.
class RowSource {
 public:
  virtual ~RowSource() = default;

  // The next block, nullopt at the end. Errors: kIo.
  [[nodiscard]] virtual Result<std::optional<RowBlock>> Next() = 0;

  // The line of column names, byte for byte; empty where the format has none. Known after Start().
  virtual std::string_view header() const { return {}; }

  // What ended the input too early; known at its end.
  virtual const std::optional<Error>& damage() const = 0;
};

class RowReader final : public RowSource {
 public:
  // Borrows both. `pool` has buffers of kPooledBytes; those of blocks with that capacity may go
  // back to it.
  RowReader(UnpackedSource& source, RowFormat format, BufferPool& pool);

  // Reads the header, where the format has one. Errors: kIo, kTruncated for a CSV file without a
  // whole header, kTooLarge.
  [[nodiscard]] Status Start();

  Result<std::optional<RowBlock>> Next() override;
  std::string_view header() const override { return header_; }
  const std::optional<Error>& damage() const override { return source_.damage(); }

 private:
  Status Fill(std::size_t want);
  Status FillAndCut(std::size_t want, std::size_t rows_max);
  Status Grow(std::size_t bytes);
  RowBlock Take(std::size_t bytes);
  RowBlock TakePiece(std::size_t bytes, bool ends_row);

  void NewBuffer(std::size_t bytes);

  UnpackedSource& source_;
  const RowFormat format_;
  BufferPool& pool_;
  RowCutter cutter_;
  std::string header_;
  // What was read and not given yet: filled_ bytes, of which scanned_ were looked at.
  std::unique_ptr<char[]> buffer_;
  std::size_t capacity_ = 0;
  std::size_t filled_ = 0;
  std::size_t scanned_ = 0;
  std::vector<std::uint32_t> ends_;
  std::size_t target_bytes_;
  std::uint64_t next_row_ = 1;
  bool at_end_ = false;
  bool inside_piece_ = false;
};

}  // namespace crawlcard::dataset
