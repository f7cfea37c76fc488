// index/internal/batch_rows.h - the index's rows for a batch: of one origin, of one URL.
//
// Questions come in key order where they can: what lies a few rows ahead is stepped to, not sought.
//
// Thread rule: thread-compatible; one a worker.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <rocksdb/iterator.h>

#include "base/arena.h"
#include "base/result.h"
#include "index/capture.h"
#include "index/internal/batch_bodies.h"
#include "index/internal/batch_origins.h"
#include "index/internal/blob_reader.h"
#include "index/internal/file_table.h"
#include "index/internal/host_history.h"
#include "index/internal/store_impl.h"
#include "index/schema.h"

namespace crawlcard::index {

class RowCursor {
 public:
  // Borrows the store.
  RowCursor(const Store::Impl& store, Family family) : store_(store), family_(family) {}

  // Goes to the first row at or behind `key`, which holds its group.
  void Seek(std::string_view key);
  bool Valid() const { return rows_->Valid(); }
  std::string_view key() const { return ToView(rows_->key()); }
  std::string_view value() const { return ToView(rows_->value()); }
  void Next();
  [[nodiscard]] Status status() const;

 private:
  const Store::Impl& store_;
  const Family family_;
  std::vector<std::unique_ptr<rocksdb::Iterator>> all_;  // one a partition, or one over all
  rocksdb::Iterator* rows_ = nullptr;
  // No row lies between this key and where rows_ stands.
  std::string floor_;
  bool floor_is_row_ = false;
};

// Where a file in force was seen.
struct OriginEvidence {
  robots::WellKnown file = robots::WellKnown::kRobotsTxt;
  robots::Evidence evidence;
};

// The observations of one origin, read as HostHistory reads them.
class OriginReader {
 public:
  // Borrows its arguments.
  OriginReader(const Store::Impl& store, const FileTable& files, BodiesTable& bodies);

  // `prefix` as AppendOriginPrefix() makes it.
  [[nodiscard]] Status Enter(std::string_view prefix);
  bool known() const { return history_.Knows(prefix_); }
  UnixSeconds latest() const { return history_.LatestDate(prefix_); }
  // Of the origin alone; dead after the next Enter().
  HostHistory& history() { return history_; }
  // The evidence of what holds at an instant, file by file.
  [[nodiscard]] Result<std::vector<OriginEvidence>> EvidenceAt(UnixSeconds as_of);
  // What holds at an instant. `bodies_out` has the id that the standing names.
  [[nodiscard]] Result<OriginStanding> At(UnixSeconds as_of,
                                          std::shared_ptr<const OriginBodies>& bodies_out);

 private:
  [[nodiscard]] Result<std::string> FormOf(const Observation& observation);
  [[nodiscard]] Result<std::shared_ptr<const OriginBodies>> BodiesOf(
      const std::vector<Observation>& observations);

  const FileTable& files_;
  const Store::Impl& store_;
  BodiesTable& bodies_;
  RowCursor rows_;
  BlobReader blobs_;
  HostHistory history_;
  std::string prefix_;
  Arena arena_;
};

// The captures of one URL key.
class PageReader {
 public:
  struct Found {
    CaptureView capture;  // kRowUrl
    RowMarks marks;
    int rank = 0;
    UnixSeconds date = 0;  // 0: none
    PageKeyView place;
    std::string_view value;
    std::string_view file;
    // Lines and words of its statements, which `marks` leave out; empty where they are not read.
    std::string_view wording;
  };
  // Borrows its arguments. `parts` beside kRowUrl are read of every row.
  PageReader(const Store::Impl& store, const FileTable& files, RowParts parts)
      : files_(files), parts_(parts), rows_(store, Family::kPages) {}

  // `stored` as AppendStoredSurt() makes it.
  [[nodiscard]] Status Enter(std::string_view stored);
  // There are more than are looked at here.
  bool too_many() const { return too_many_; }
  // The capture of the exact URL that counts at the instant, the latest without one, or null. An
  // unchanged one (304, revisit) is as it stands: it speaks for another.
  const Found* Choose(std::string_view url, std::optional<UnixSeconds> instant) const;
  // All of it; dead after the next Enter().
  [[nodiscard]] Result<CaptureView> Whole(const Found& found);

 private:
  void ReadWording(Found& found);

  const FileTable& files_;
  const RowParts parts_;
  RowCursor rows_;
  std::string prefix_;
  bool entered_ = false;
  bool too_many_ = false;
  std::vector<Found> found_;  // in key order
  std::string wording_;
  Arena arena_;
};

}  // namespace crawlcard::index
