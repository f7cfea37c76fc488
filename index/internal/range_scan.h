// index/internal/range_scan.h - folds one key range: the merge join of pages with their hosts.
//
// Host by host in key order: first the observations of the host's well-known files, then its pages.
//
// Thread rule: thread-compatible; one a range.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/arena.h"
#include "base/attributes.h"
#include "base/result.h"
#include "index/internal/blob_reader.h"
#include "index/internal/body_table.h"
#include "index/internal/codes_judge.h"
#include "index/internal/host_history.h"
#include "index/internal/judge.h"
#include "index/internal/store_impl.h"
#include "index/scan.h"

namespace crawlcard::index {

class RangeScan {
 public:
  // Borrows its arguments. Reads keys from `lower` on and below `upper`, which is empty for no end.
  RangeScan(const Store::Impl& store, const FileTable& files, const TakedownTable& takedowns,
            const BodyTable& bodies, const ScanOptions& options, robots::ParsedFileCache& parsed,
            const ScopedSnapshot* snapshot, std::string_view lower, std::string_view upper,
            Fold& fold);

  [[nodiscard]] Status Run();

 private:
  struct Memory {
    std::unique_ptr<char[]> bytes;
    std::size_t room = 0;
  };
  // A copy: the next row has to be looked at before this one is handed out.
  struct Row {
    Memory memory;
    std::string_view key;
    std::string_view value;
    std::string_view file;
    PageKeyView place;  // of key
    CaptureView capture;
    RowMarks marks;
    int rank = 0;

    CRAWLCARD_INLINE inline void Take(std::string_view key_in, std::string_view value_in);
  };
  // The last capture with content of one exact URL: what a revisit stands for. It has taken over
  // the memory of its row.
  struct Content {
    Memory memory;
    std::string_view key;
    std::string_view value;
    RowMarks marks;
  };

  std::string_view NextGroup();
  // The name of a sealed file, or empty.
  CRAWLCARD_INLINE inline std::string_view NameOf(std::uint64_t file_id);
  CRAWLCARD_INLINE inline void NextPage();
  [[nodiscard]] Status ReadHostRows(std::string_view group);
  // Of a row that tells host_capture_.
  [[nodiscard]] Status AddBody(ScannedHostRow& row);
  [[nodiscard]] Status ReadPages(std::string_view group);
  // Of each row: a Status would be made and looked at for each. False: failure_ says why.
  [[nodiscard]] CRAWLCARD_INLINE inline bool ReadRun();
  // The next free row of the run.
  CRAWLCARD_INLINE inline Row& NewRow();
  // Whether the next page is of the same URL key and second as `row`. Sets key_goes_on_.
  CRAWLCARD_INLINE inline bool SameSecondFollows(const Row& row);
  [[nodiscard]] bool HandOutRun();
  [[nodiscard]] CRAWLCARD_INLINE inline bool HandOut(Row& row);
  // Keeps an error in failure_ and says whether there was none.
  bool Note(Status&& status) {
    if (status) [[likely]]
      return true;
    failure_ = std::move(status);
    return false;
  }
  UnixSeconds InstantOf(const CaptureView& capture) const;
  [[nodiscard]] Status JudgeRow(const CaptureView& capture, const CaptureView* earlier);
  [[nodiscard]] Status CodesForRow(const Row& row, const CaptureView* earlier, ScannedPage& page);
  // Of a row whose like has no codes yet.
  [[nodiscard]] Status JudgeWhole(const Row& row, const CaptureView* earlier);
  [[nodiscard]] Status FindEarlier(const Row& row, const CaptureView*& earlier_out);
  void RememberContent(Row& row);
  // Host and domain, for a row that was read without its URL.
  [[nodiscard]] CRAWLCARD_INLINE inline Status ReadHost(Row& row);
  // The number of the row's like, and all its facts where they are asked for.
  [[nodiscard]] Status ReadFacts(const Row& row, bool repeats, ScannedPage& page);
  // A page that a takedown request covers is not usable.
  void Honour(ScannedPage& page);

  const Store::Impl& store_;
  const FileTable& files_;
  const TakedownTable& takedowns_;
  const ScanOptions& options_;
  robots::ParsedFileCache& parsed_;
  Fold& fold_;
  const std::string upper_;
  const RowParts parts_;
  const bool codes_wanted_;
  const bool alike_wanted_;
  const RowParts first_parts_;  // without what rows that are alike share
  const bool host_apart_;       // from other rows of the host
  const bool skip_names_;       // capture.file is one of kRowTexts then
  std::unique_ptr<rocksdb::Iterator> hosts_;
  std::unique_ptr<rocksdb::Iterator> pages_;

  BlobReader blobs_;
  BodyNumbers numbers_;
  const bool bodies_numbered_;
  HostHistory history_;
  NamedDocuments documents_;
  PageJudge judge_;
  CodesJudge codes_;
  std::uint64_t alike_ = 0;     // of the page, by its codes
  bool history_filled_ = true;  // with the rows of the group
  robots::Verdict verdict_;
  robots::VerdictCodes taken_codes_;  // of a page that a takedown request covers
  std::uint64_t file_id_ = 0;         // of the last row, and its name
  std::string_view file_name_;
  Arena arena_;
  Arena whole_arena_;
  Arena earlier_arena_;
  CaptureView host_capture_;  // the last host row: decoding clears it, making it would do so twice
  CaptureView earlier_;
  RowMarks earlier_marks_;
  CaptureView merged_;
  CaptureView facts_;
  // Of the last row whose host was built, while others have the same.
  CaptureView located_;
  std::uint8_t host_form_ = 0;
  std::string host_key_;  // of the stored SURT
  std::string host_;
  std::size_t domain_bytes_ = 0;  // at the end of host_
  Status failure_;
  std::string group_;
  std::string_view page_key_;  // of pages_ where it stands; empty at its end
  bool key_goes_on_ = false;   // rows after the run have the same URL key
  std::size_t url_bytes_ = 0;  // of the last row's key

  // Rows of one URL key and second: seldom more than one.
  std::vector<std::unique_ptr<Row>> run_;
  std::size_t run_size_ = 0;
  // Of the current URL key, one an exact URL.
  std::vector<Content> contents_;
  std::size_t contents_size_ = 0;
};

}  // namespace crawlcard::index
