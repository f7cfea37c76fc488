// index/internal/merged_rows.h - the rows of several sorted sources as one sorted sequence.
//
// Goes forward only. Of equal keys the first source's row is shown: partitions may hold the same
// body, indexes that are merged the same row.
//
// Thread rule: thread-compatible, as an iterator is.
#pragma once

#include <cstddef>
#include <memory>
#include <vector>

#include <rocksdb/iterator.h>

namespace crawlcard::index {

class MergedRows final : public rocksdb::Iterator {
 public:
  explicit MergedRows(std::vector<std::unique_ptr<rocksdb::Iterator>> sources);

  bool Valid() const override { return !heap_.empty(); }
  void SeekToFirst() override;
  void Seek(const rocksdb::Slice& target) override;
  void Next() override;
  rocksdb::Slice key() const override { return top().key(); }
  rocksdb::Slice value() const override { return top().value(); }
  // That of the first source that has failed.
  rocksdb::Status status() const override;

  // Goes to the next row of any source: equal keys come one after another.
  void NextOfAny() { Step(); }

  // Which source the row comes from.
  std::size_t source() const { return heap_.front(); }

  // No reader goes backwards over several partitions.
  void SeekToLast() override;
  void SeekForPrev(const rocksdb::Slice& target) override;
  void Prev() override;

 private:
  rocksdb::Iterator& top() const { return *sources_[heap_.front()]; }
  bool Before(std::size_t a, std::size_t b) const;
  void Build();
  // Puts the top, which has moved, where it belongs.
  void Sift();
  void Step();

  std::vector<std::unique_ptr<rocksdb::Iterator>> sources_;
  std::vector<std::size_t> heap_;  // sources that are valid, the least key first
};

}  // namespace crawlcard::index
