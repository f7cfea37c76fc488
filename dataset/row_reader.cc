#include "dataset/row_reader.h"

#include <algorithm>
#include <cstring>
#include <utility>

#include "base/assert.h"
#include "dataset/limits.h"

namespace crawlcard::dataset {
namespace {

constexpr std::size_t kTargetBytesMin = std::size_t{64} << 10;
constexpr std::size_t kStepBytes = std::size_t{256} << 10;

}  // namespace

RowReader::RowReader(UnpackedSource& source, RowFormat format, BufferPool& pool)
    : source_(source),
      format_(format),
      pool_(pool),
      cutter_(format),
      target_bytes_(limits::kBlockBytes) {}

// A buffer for `bytes`, with room behind them; usual ones are of one size.
void RowReader::NewBuffer(std::size_t bytes) {
  capacity_ = std::max(bytes, limits::kBlockBytes);
  buffer_ = capacity_ == limits::kBlockBytes
                ? pool_.Take()
                : std::make_unique_for_overwrite<char[]>(capacity_ + RowBlock::kPaddingBytes);
}

Status RowReader::Start() {
  if (format_ != RowFormat::kCsv && format_ != RowFormat::kTsv) return {};
  std::size_t want = kTargetBytesMin;
  while (ends_.empty()) {
    CRAWLCARD_TRY(Fill(want));
    scanned_ = cutter_.Cut({buffer_.get(), filled_}, scanned_, 1, ends_);
    if (!ends_.empty()) break;
    if (at_end_ && filled_ != 0 && !source_.damage()) {
      ends_.push_back(static_cast<std::uint32_t>(filled_));
      break;
    }
    if (at_end_) return Fail(ErrorCode::kTruncated, "the file ends before its line of columns");
    want *= 2;
    if (want > limits::kRowBytesMax) {
      return Fail(ErrorCode::kTooLarge, "the line of columns is over {} bytes",
                  limits::kRowBytesMax);
    }
  }
  const std::size_t bytes = ends_.front();
  header_.assign(buffer_.get(), bytes);
  filled_ -= bytes;
  std::memmove(buffer_.get(), buffer_.get() + bytes, filled_);
  scanned_ = 0;
  ends_.clear();
  return {};
}

Status RowReader::Grow(std::size_t bytes) {
  if (bytes <= capacity_) return {};
  const std::unique_ptr<char[]> old = std::move(buffer_);
  NewBuffer(bytes);
  if (filled_ != 0) std::memcpy(buffer_.get(), old.get(), filled_);
  return {};
}

// Reads until `want` bytes are there or the input ends.
Status RowReader::Fill(std::size_t want) {
  CRAWLCARD_TRY(Grow(want));
  if (at_end_ || filled_ >= want) return {};
  CRAWLCARD_ASSIGN(const std::size_t some,
                   source_.Read(std::span<char>(buffer_.get() + filled_, want - filled_)));
  filled_ += some;
  at_end_ = filled_ < want;
  return {};
}

// Reads until `want` bytes or rows enough are there, or the input ends. Ends of rows are looked for
// while the bytes that were unpacked last are in the cache.
Status RowReader::FillAndCut(std::size_t want, std::size_t rows_max) {
  CRAWLCARD_TRY(Grow(want));
  do {
    CRAWLCARD_TRY(Fill(std::min(want, filled_ + kStepBytes)));
    scanned_ = cutter_.Cut({buffer_.get(), filled_}, scanned_, rows_max, ends_);
  } while (!at_end_ && filled_ < want && ends_.size() < rows_max);
  return {};
}

// Gives the first `bytes` away and keeps the rest in a buffer of its own.
RowBlock RowReader::Take(std::size_t bytes) {
  RowBlock block;
  const std::size_t rest = filled_ - bytes;
  block.buffer = std::move(buffer_);
  block.capacity = capacity_;
  block.ends = std::move(ends_);
  block.first_row = next_row_;
  ends_ = {};
  NewBuffer(rest);
  std::memcpy(buffer_.get(), block.buffer.get() + bytes, rest);
  std::memset(block.buffer.get() + block.capacity, 0, RowBlock::kPaddingBytes);
  scanned_ = scanned_ > bytes ? scanned_ - bytes : 0;
  filled_ = rest;
  next_row_ += block.ends.size();
  return block;
}

// A part of a row that is too long; the last part ends it.
RowBlock RowReader::TakePiece(std::size_t bytes, bool ends_row) {
  ends_.assign(1, static_cast<std::uint32_t>(bytes));
  RowBlock block = Take(bytes);
  block.is_piece = true;
  block.starts_row = !inside_piece_;
  if (!ends_row) --next_row_;
  inside_piece_ = !ends_row;
  return block;
}

Result<std::optional<RowBlock>> RowReader::Next() {
  const std::size_t rows_max = inside_piece_ ? 1 : limits::kBlockRowsMax;
  std::size_t want = std::max(target_bytes_, filled_);
  for (;;) {
    CRAWLCARD_TRY(FillAndCut(want, rows_max));
    const bool has_rest = filled_ > (ends_.empty() ? 0 : ends_.back());
    if (inside_piece_) {
      if (filled_ == 0) return std::optional<RowBlock>();
      const bool ends_row = !ends_.empty() || at_end_;
      return std::optional(TakePiece(ends_.empty() ? filled_ : ends_.front(), ends_row));
    }
    // The rest of the input is a row without a line end.
    const bool is_last = at_end_ && has_rest && scanned_ == filled_ && ends_.size() < rows_max;
    if (is_last) ends_.push_back(static_cast<std::uint32_t>(filled_));
    if (!ends_.empty() && ends_.front() > limits::kRowBytesMax) {
      return std::optional(TakePiece(ends_.front(), true));
    }
    if (!ends_.empty()) {
      const std::size_t bytes = ends_.back();
      const bool is_full = ends_.size() >= rows_max;
      target_bytes_ = is_full ? std::max(kTargetBytesMin, bytes + bytes / 4) : target_bytes_ * 2;
      target_bytes_ = std::min(target_bytes_, limits::kBlockBytes);
      RowBlock block = Take(bytes);
      block.is_cut = is_last && (source_.damage().has_value() || cutter_.is_quoted());
      return std::optional(std::move(block));
    }
    if (at_end_) return std::optional<RowBlock>();
    if (filled_ > limits::kRowBytesMax) return std::optional(TakePiece(filled_, false));
    want = std::min(filled_ * 2, limits::kRowBytesMax + 1);
  }
}

}  // namespace crawlcard::dataset
