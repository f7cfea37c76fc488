#include "index/proof/tree.h"

#include <algorithm>
#include <memory>
#include <mutex>
#include <thread>
#include <utility>

#include "base/arena.h"
#include "base/bounded_queue.h"
#include "index/internal/leaf_rows.h"
#include "index/limits.h"

namespace crawlcard::index {
namespace {

// Rows of one block, as they stand in the index.
struct RawBlock {
  struct Row {
    std::size_t key_end = 0;  // in `bytes`, which hold key, value, key, ...
    std::size_t value_end = 0;
    std::string_view file;
  };
  std::size_t number = 0;
  std::string previous;  // key before the first
  std::string bytes;
  std::vector<Row> rows;
};

Result<MerkleHash> HashBlock(const RawBlock& block, Arena& arena) {
  std::vector<MerkleHash> hashes;
  hashes.reserve(block.rows.size());
  std::string line;
  std::string_view previous = block.previous;
  const std::string_view bytes = block.bytes;
  std::size_t at = 0;
  for (const RawBlock::Row& row : block.rows) {
    const std::string_view key = bytes.substr(at, row.key_end - at);
    const std::string_view value = bytes.substr(row.key_end, row.value_end - row.key_end);
    line.clear();
    CRAWLCARD_TRY(AppendLeaf(key, previous, value, row.file, arena, line));
    hashes.push_back(LeafHash(line));
    previous = key;
    at = row.value_end;
  }
  return RootOf(hashes);
}

// One thread reads, the others render and hash: the reader is a tenth of the work.
class TreeBuilder {
 public:
  explicit TreeBuilder(const TreeOptions& options)
      : options_(options),
        queue_(std::size_t{2} * std::max(options.jobs, 1U), limits::kTreeQueueBytesMax) {}

  Result<LeafTree> Build(LeafRows& rows) {
    std::vector<std::thread> workers;
    const unsigned jobs = std::clamp(options_.jobs, 1U, limits::kJobsMax);
    for (unsigned i = 0; i < jobs; ++i) workers.emplace_back([this] { Work(); });
    Status read = ReadAll(rows);
    queue_.Close();
    for (std::thread& worker : workers) worker.join();
    CRAWLCARD_TRY(std::move(read));
    CRAWLCARD_TRY(std::move(failure_));
    std::vector<MerkleHash> hashes;
    hashes.reserve(tree_.blocks.size());
    for (const LeafTree::Block& block : tree_.blocks) hashes.push_back(block.hash);
    tree_.root = RootOf(hashes);
    return std::move(tree_);
  }

 private:
  Status ReadAll(LeafRows& rows) {
    std::unique_ptr<RawBlock> block;
    std::string last_key;
    for (Status at = rows.SeekBehind({});; at = rows.Next()) {
      CRAWLCARD_TRY(std::move(at));
      if (block && (!rows.valid() || block->rows.size() == kTreeBlockLeaves)) {
        if (options_.stop != nullptr && options_.stop->load()) {
          return Fail(ErrorCode::kCancelled, "stopped");
        }
        if (!HandOut(std::move(block), last_key)) return {};  // a worker says why
      }
      if (!rows.valid()) return {};
      if (!block) {
        block = std::make_unique<RawBlock>();
        block->previous = last_key;
        block->rows.reserve(kTreeBlockLeaves);
      }
      last_key = rows.leaf_key();
      block->bytes += last_key;
      const std::size_t key_end = block->bytes.size();
      block->bytes += rows.value();
      block->rows.push_back({key_end, block->bytes.size(), rows.file()});
    }
  }

  bool HandOut(std::unique_ptr<RawBlock> block, const std::string& last_key) {
    tree_.size += block->rows.size();
    const std::size_t bytes = block->bytes.size();
    {
      const std::lock_guard lock(mutex_);
      block->number = tree_.blocks.size();
      tree_.blocks.push_back({last_key, {}});
    }
    return queue_.Push(std::move(block), bytes);
  }

  void Work() {
    Arena arena;
    while (const std::optional<std::unique_ptr<RawBlock>> block = queue_.Pop()) {
      Result<MerkleHash> hash = HashBlock(**block, arena);
      const std::lock_guard lock(mutex_);
      if (hash) {
        tree_.blocks[(*block)->number].hash = *hash;
      } else {
        failure_ = tl::unexpected(std::move(hash).error());
        queue_.Close();
      }
    }
  }

  const TreeOptions& options_;
  BoundedQueue<std::unique_ptr<RawBlock>> queue_;
  std::mutex mutex_;
  LeafTree tree_;   // blocks: guarded by mutex_
  Status failure_;  // guarded by mutex_
};

}  // namespace

Result<LeafTree> BuildTree(const Store& store, const TreeOptions& options) {
  const Store::Impl& impl = store.impl();
  // The ledger first: what it calls sealed is all in the snapshot.
  CRAWLCARD_ASSIGN(const std::shared_ptr<const FileTable> files, impl.Files(options.known_by));
  const ScopedSnapshot snapshot(impl);
  LeafRows rows(impl, *files, snapshot.get());
  return TreeBuilder(options).Build(rows);
}

}  // namespace crawlcard::index
