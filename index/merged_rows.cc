#include "index/internal/merged_rows.h"

#include <utility>

#include "base/assert.h"

namespace crawlcard::index {

MergedRows::MergedRows(std::vector<std::unique_ptr<rocksdb::Iterator>> sources)
    : sources_(std::move(sources)) {
  heap_.reserve(sources_.size());
}

bool MergedRows::Before(std::size_t a, std::size_t b) const {
  const int order = sources_[a]->key().compare(sources_[b]->key());
  return order != 0 ? order < 0 : a < b;
}

void MergedRows::Build() {
  heap_.clear();
  for (std::size_t i = 0; i < sources_.size(); ++i) {
    if (!sources_[i]->Valid()) continue;
    // Sources are few: each new one rises to its place.
    std::size_t at = heap_.size();
    heap_.push_back(i);
    for (; at > 0 && Before(heap_[at], heap_[(at - 1) / 2]); at = (at - 1) / 2) {
      std::swap(heap_[at], heap_[(at - 1) / 2]);
    }
  }
}

void MergedRows::Sift() {
  std::size_t at = 0;
  for (;;) {
    std::size_t least = at;
    for (std::size_t child = 2 * at + 1; child <= 2 * at + 2 && child < heap_.size(); ++child) {
      if (Before(heap_[child], heap_[least])) least = child;
    }
    if (least == at) return;
    std::swap(heap_[at], heap_[least]);
    at = least;
  }
}

void MergedRows::Step() {
  rocksdb::Iterator& moved = top();
  moved.Next();
  if (!moved.Valid()) {
    heap_.front() = heap_.back();
    heap_.pop_back();
  }
  if (heap_.size() > 1) Sift();
}

void MergedRows::SeekToFirst() {
  for (const auto& source : sources_) source->SeekToFirst();
  Build();
}

void MergedRows::Seek(const rocksdb::Slice& target) {
  for (const auto& source : sources_) source->Seek(target);
  Build();
}

void MergedRows::Next() {
  // The same key of other sources can only stand right below the top of the heap.
  for (std::size_t child = 1; child <= 2 && child < heap_.size(); ++child) {
    if (sources_[heap_[child]]->key() != top().key()) continue;
    const std::string key = top().key().ToString();
    while (Valid() && top().key() == rocksdb::Slice(key)) Step();
    return;
  }
  Step();
}

rocksdb::Status MergedRows::status() const {
  for (const auto& source : sources_) {
    if (!source->status().ok()) return source->status();
  }
  return rocksdb::Status::OK();
}

void MergedRows::SeekToLast() {
  CRAWLCARD_ASSERT(false);
}
void MergedRows::SeekForPrev(const rocksdb::Slice& /*target*/) {
  CRAWLCARD_ASSERT(false);
}
void MergedRows::Prev() {
  CRAWLCARD_ASSERT(false);
}

}  // namespace crawlcard::index
