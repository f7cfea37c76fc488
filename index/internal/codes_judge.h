// index/internal/codes_judge.h - verdicts without text for a scan: judged once, found again.
//
// Pages of a crawl are judged alike by the thousand: the same robots.txt, the same rule of it, the
// same statements on the page. What a decision can depend on makes a key: the bodies in force at
// the origin (by digest), the rules that they have for this path, the statements of the page as
// bytes, how fetching went, and how old the robots.txt is. The first page with a key is judged in
// full; the others get its codes. Where a date or a document elsewhere decides, nothing is kept.
//
// Thread rule: thread-compatible; one a range.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "base/arena.h"
#include "base/result.h"
#include "index/internal/blob_reader.h"
#include "index/internal/host_history.h"
#include "index/scan.h"
#include "index/schema.h"
#include "robots/origin.h"

namespace crawlcard::index {

class CodesJudge {
 public:
  // Borrows its arguments.
  CodesJudge(const Store::Impl& store, const FileTable& files, BlobReader& blobs,
             robots::ParsedFileCache& parsed, const JudgeOptions& options);

  // The rows of another group follow.
  void EnterGroup();
  // Host rows of the group, in key order. Copies what it keeps.
  [[nodiscard]] Status AddHostRow(const HostKeyView& place, std::string_view key,
                                  std::string_view value, std::string_view file);

  // Codes of a page that says for itself what it is (no 304, no revisit), or null: then it is to be
  // judged in full and Keep() called after it. `capture` and `marks` as decoded with kRowUrl.
  // Borrowed until the next group.
  [[nodiscard]] Result<const robots::VerdictCodes*> Find(const CaptureView& capture,
                                                         std::string_view stored_surt,
                                                         const RowMarks& marks, UnixSeconds as_of);
  // Codes of the page that Find() was asked for last. `lasting`: they hold for others with its key.
  const robots::VerdictCodes* Keep(const robots::Verdict& verdict, bool lasting);

  // The group's host rows, for a full judgement.
  [[nodiscard]] Status Fill(HostHistory& history);

 private:
  // One host row, without its text.
  struct Seen {
    std::string_view key;
    std::string_view value;
    std::string_view file_name;
    std::string_view body_sha256;
    robots::WellKnown file = robots::WellKnown::kRobotsTxt;
    robots::FetchState state = robots::FetchState::kUnreachable;
    bool unchanged = false;
    UnixSeconds date = 0;
  };
  // Origins with the same bodies in force.
  struct Bodies {
    std::unique_ptr<robots::OriginSignals> signals;
    std::unordered_map<std::string, robots::VerdictCodes> codes;
    std::size_t body_bytes = 0;
    std::uint64_t last_used = 0;  // by the group of this number
  };
  struct Standing {
    UnixSeconds since = 0;
    UnixSeconds until = 0;
    UnixSeconds robots_date = 0;  // 0: none
    Bodies* bodies = nullptr;
  };
  struct Origin {
    std::string prefix;
    std::size_t begin = 0;  // in seen_
    std::size_t end = 0;
    std::vector<Standing> standings;
  };

  void MakeRoom();
  [[nodiscard]] Result<const Standing*> StandingAt(Origin& origin, UnixSeconds as_of);
  [[nodiscard]] Result<Bodies*> BodiesOf(const Origin& origin,
                                         const std::vector<std::size_t>& chosen,
                                         UnixSeconds& robots_date_out);
  [[nodiscard]] Status Resolve(const Origin& origin, std::size_t at, Seen& seen_out,
                               Observation& led_to_out);
  Origin& OriginOf(const CaptureView& capture, std::string_view stored_surt, const RowMarks& marks);
  void AppendStatements(std::string_view path);

  const Store::Impl& store_;
  const FileTable& files_;
  BlobReader& blobs_;
  robots::ParsedFileCache& parsed_;
  const JudgeOptions& options_;
  robots::Question question_;
  std::unordered_map<std::string, std::unique_ptr<Bodies>> bodies_;
  std::size_t codes_kept_ = 0;
  std::size_t body_bytes_ = 0;
  std::uint64_t group_number_ = 0;

  // Of the group.
  Arena rows_;
  std::vector<Seen> seen_;
  std::vector<Origin> origins_;
  Origin unasked_;
  std::string authority_;  // of the last page, and its origin
  Origin* last_origin_ = nullptr;

  // Of the last question.
  Bodies* asked_ = nullptr;
  std::string key_;
  std::string prefix_;
  std::vector<robots::Statement> statements_;
  robots::VerdictCodes passing_;
};

}  // namespace crawlcard::index
