// dataset/block_judge.h - a block of rows in; verdict lines, kept and dropped rows, a tally out.
//
// Thread rule: thread-compatible; one a worker.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "base/member_deflater.h"
#include "base/result.h"
#include "dataset/row_parser.h"
#include "dataset/tally.h"
#include "dataset/unpacked_source.h"
#include "index/batch.h"

namespace crawlcard::dataset {

// Looks at every row of a block that was judged, in order. Blocks are merged in the order of the
// rows, so what observers find may depend on order but never on threads.
class RowObserver {
 public:
  virtual ~RowObserver() = default;

  // `answer` is null for a row that has a fault.
  virtual void OnRow(const Row& row, const index::BatchAnswer* answer) = 0;
};

enum class LineStyle : std::uint8_t { kNone, kJson, kText };

// What is made of each row. The policy names stand beside the questions of the batch.
struct JudgeJob {
  std::vector<std::string> policies;
  LineStyle lines = LineStyle::kNone;  // a verdict a row, for the first question
  bool split = false;                  // rows again, as kept and dropped by the first question
  bool unknown_hosts = false;
  std::unique_ptr<RowObserver> (*make_observer)(void* context) = nullptr;
  void* observer_context = nullptr;
};

// What one file's blocks have in common.
struct FileHead {
  std::string name;  // as given by the user
  RowFormat format = RowFormat::kJsonl;
  Packing packing = Packing::kPlain;
  std::string header;  // the line of columns
  Columns columns;
};

struct RowFaultNote {
  RowFault fault = RowFault::kNone;
  std::uint64_t row = 0;
};

struct BlockResult {
  std::string lines;
  std::string kept;  // packed as the input is: whole members
  std::string dropped;
  std::string reasons;
  std::vector<std::uint64_t> dropped_rows;  // by number, of a table without text
  std::vector<std::string> unknown_hosts;   // once each in this block
  std::vector<RowFaultNote> faults;         // the first ones, at most limits::kFaultsToldMax
  Tally tally;
  std::unique_ptr<RowObserver> observer;
};

class BlockJudge {
 public:
  // Borrows `job`.
  BlockJudge(const JudgeJob& job, const FieldTree& fields,
             std::unique_ptr<index::Batch::Worker> worker);

  // Errors: kCorrupt, kIo of the index.
  [[nodiscard]] Result<BlockResult> Judge(const RowBlock& block, const FileHead& head);

 private:
  // Rows that share a verdict, apart from those that a takedown covers.
  struct Shared {
    Amount plain;
    Amount taken;
  };

  Status Ask();
  void Count(const Row& row, const index::BatchAnswer* answer, Tally& tally);
  void CountQuestions(Tally& tally);
  void AppendLine(const Row& row, const index::BatchAnswer& answer, const FileHead& head,
                  std::string& out);
  void AppendReason(const Row& row, const index::BatchAnswer* answer, std::string& out);
  void AppendVerdictTail(const robots::VerdictCodes& codes, std::string& out);
  void NoteUnknownHost(const index::BatchAnswer& answer, BlockResult& result);
  void Split(const RowBlock& block, const FileHead& head, BlockResult& result);
  void Pack(const FileHead& head, std::string& bytes);

  const JudgeJob& job_;
  RowParser parser_;
  std::unique_ptr<index::Batch::Worker> worker_;
  MemberDeflater gzip_;
  MemberDeflater zstd_;
  std::vector<Row> rows_;
  std::vector<index::AskedUrl> asked_;
  std::vector<const index::BatchAnswer*> answers_;  // one a row, null where it has a fault
  std::vector<std::unordered_map<const robots::VerdictCodes*, Shared>> shared_;  // one a question
  std::vector<std::unordered_map<std::string_view, Amount>> lost_domains_;
  std::unordered_map<std::string_view, Amount> languages_;
  std::vector<std::unordered_map<std::string_view, Amount>> lost_languages_;
  std::unordered_map<const robots::VerdictCodes*, std::string> tails_;
  std::unordered_map<std::string_view, bool> unknown_;
};

// True when the first question's answer keeps the row.
bool KeepsRow(const index::BatchAnswer* answer);

// Levels of what `filter` writes: those of the tools that people pack such files with.
inline constexpr int kGzipLevel = 6;
inline constexpr int kZstdLevel = 3;

}  // namespace crawlcard::dataset
