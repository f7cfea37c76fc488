#include "index/proof/consistency.h"

#include <memory>
#include <string>

#include "base/arena.h"
#include "index/internal/leaf_rows.h"

namespace crawlcard::index {
namespace {

// The leaves of one side. The ledger comes first: what it calls sealed is all in the snapshot.
class Side {
 public:
  static Result<std::unique_ptr<Side>> Open(const Snapshot& of) {
    CRAWLCARD_ASSIGN(std::shared_ptr<const FileTable> files, of.store->impl().Files(of.known_by));
    auto side = std::unique_ptr<Side>(new Side(of.store->impl(), std::move(files)));
    CRAWLCARD_TRY(side->rows_.SeekBehind({}));
    return side;
  }

  bool valid() const { return rows_.valid(); }
  std::string_view key() const { return rows_.leaf_key(); }
  // Of two rows with one key: whether their facts are the same, however they are stored.
  Result<bool> SameAs(Side& other) {
    if (rows_.value() == other.rows_.value() && rows_.file() == other.rows_.file()) return true;
    CRAWLCARD_ASSIGN(const std::string_view own, Line({}));
    CRAWLCARD_ASSIGN(const std::string_view others, other.Line({}));
    return own == others;
  }
  Status Step() {
    previous_ = rows_.leaf_key();
    return rows_.Next();
  }
  Result<std::string_view> Line() { return Line(previous_); }

 private:
  Result<std::string_view> Line(std::string_view previous) {
    line_.clear();
    CRAWLCARD_TRY(
        AppendLeaf(rows_.leaf_key(), previous, rows_.value(), rows_.file(), arena_, line_));
    return std::string_view(line_);
  }

  Side(const Store::Impl& store, std::shared_ptr<const FileTable> files)
      : files_(std::move(files)), snapshot_(store), rows_(store, *files_, snapshot_.get()) {}

  std::shared_ptr<const FileTable> files_;
  ScopedSnapshot snapshot_;
  LeafRows rows_;
  Arena arena_;
  std::string previous_;
  std::string line_;
};

}  // namespace

std::string_view RowChangeName(RowChange change) {
  switch (change) {
    case RowChange::kAdded:
      return "added";
    case RowChange::kRemoved:
      return "removed";
    case RowChange::kChanged:
      break;
  }
  return "changed";
}

Result<Consistency> CompareRows(
    const Snapshot& before, const Snapshot& after,
    const std::function<Status(RowChange change, std::string_view leaf)>& on_row) {
  CRAWLCARD_ASSIGN(const std::unique_ptr<Side> old_side, Side::Open(before));
  CRAWLCARD_ASSIGN(const std::unique_ptr<Side> new_side, Side::Open(after));
  Consistency counts;
  const auto tell = [&](RowChange change, std::uint64_t& count, Side& side) -> Status {
    ++count;
    CRAWLCARD_ASSIGN(const std::string_view line, side.Line());
    return on_row(change, line);
  };
  while (old_side->valid() || new_side->valid()) {
    const bool has_both = old_side->valid() && new_side->valid();
    const int order = has_both ? old_side->key().compare(new_side->key()) : 0;
    if (!new_side->valid() || order < 0) {
      CRAWLCARD_TRY(tell(RowChange::kRemoved, counts.removed, *old_side));
      CRAWLCARD_TRY(old_side->Step());
    } else if (!old_side->valid() || order > 0) {
      CRAWLCARD_TRY(tell(RowChange::kAdded, counts.added, *new_side));
      CRAWLCARD_TRY(new_side->Step());
    } else {
      CRAWLCARD_ASSIGN(const bool same, old_side->SameAs(*new_side));
      if (same) {
        ++counts.same;
      } else {
        CRAWLCARD_TRY(tell(RowChange::kChanged, counts.changed, *new_side));
      }
      CRAWLCARD_TRY(old_side->Step());
      CRAWLCARD_TRY(new_side->Step());
    }
  }
  return counts;
}

}  // namespace crawlcard::index
