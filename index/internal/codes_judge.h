// index/internal/codes_judge.h - verdicts without text for a scan: judged once, found again.
//
// Pages of a crawl are judged alike by the thousand: the same robots.txt, the same rule of it, the
// same statements on the page. What a decision can depend on makes three keys, one inside the
// other: the bodies in force at the origin (by digest); the rules that they have for this path; and
// of the page its statements as bytes, how fetching went, and how old the robots.txt is. A 304 or
// revisit adds those of the capture that it stands for. The first page with all three is judged in
// full; the others get its codes. Where a date or a document elsewhere decides, nothing is kept. Of
// each key the last one is looked at first: neighbours are mostly alike.
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
  // Host rows of the group, in key order: `capture` with its numbers at least, out of `key` and
  // `value`. Copies what it keeps.
  void AddHostRow(const HostKeyView& place, const CaptureView& capture, std::string_view key,
                  std::string_view value);

  // A page as its row tells it. Its URL may be left to be built here, and only for the first of
  // several captures.
  struct Page {
    const CaptureView* capture = nullptr;  // with its numbers at least
    std::string_view stored_surt;
    const RowMarks* marks = nullptr;
    // The capture that a 304 or revisit stands for, or null.
    const CaptureView* earlier = nullptr;
    const RowMarks* earlier_marks = nullptr;
  };
  struct Answer {
    robots::VerdictCodes codes;
    std::uint64_t number = 0;  // no other codes have had it; 0: they are of one page
  };
  // The codes of a page, or null: then it is to be judged in full and Keep() called after it.
  // Borrowed until the next call.
  [[nodiscard]] Result<const Answer*> Find(const Page& page, UnixSeconds as_of);
  // Codes of the page that Find() was asked for last. `lasting`: they hold for others with its key.
  const Answer* Keep(const robots::Verdict& verdict, bool lasting);

  // The group's host rows, for a full judgement.
  [[nodiscard]] Status Fill(HostHistory& history);

 private:
  // One host row, without its text.
  struct Seen {
    std::string_view key;
    std::string_view value;
    std::uint64_t file_id = 0;
    std::string_view body_sha256;
    robots::WellKnown file = robots::WellKnown::kRobotsTxt;
    robots::FetchState state = robots::FetchState::kUnreachable;
    bool unchanged = false;
    bool no_answer = false;  // Common Crawl's dialect takes such a robots.txt for absent
    UnixSeconds date = 0;
  };
  // By a key of bytes, with the entry that was met last.
  template <class Value>
  struct Known {
    using Map = std::unordered_map<std::string, Value>;
    Map map;
    typename Map::value_type* last = nullptr;

    // Null where there is none.
    Value* Find(const std::string& key) {
      if (last != nullptr && last->first == key) return &last->second;
      const auto found = map.find(key);
      if (found == map.end()) return nullptr;
      last = &*found;
      return &last->second;
    }
    Value& Add(const std::string& key) {
      last = &*map.try_emplace(key).first;
      return last->second;
    }
  };
  // Pages to which the bodies in force say the same.
  using Answers = Known<Answer>;
  // Origins with the same bodies in force.
  struct Bodies {
    std::string states;  // which files, and how asking for them went
    std::unique_ptr<robots::OriginSignals> signals;
    Known<Answers*> answers;  // by the identity of statements; of answers_
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
    std::string_view prefix;
    std::size_t begin = 0;  // in seen_
    std::size_t end = 0;
    std::vector<Standing> standings;
  };

  void MakeRoom();
  // Those that so many groups have not met.
  void DropBodies(std::uint64_t idle_groups);
  [[nodiscard]] Result<const Standing*> StandingAt(Origin& origin, UnixSeconds as_of);
  // Of the rows chosen_.
  [[nodiscard]] Result<Bodies*> BodiesOf(const Origin& origin, UnixSeconds& robots_date_out);
  // The same where they were not met before, out of resolved_.
  [[nodiscard]] Result<std::unique_ptr<Bodies>> MakeBodies(std::string&& states);
  [[nodiscard]] Status Resolve(const Origin& origin, std::size_t at, Seen& seen_out);
  Origin& OriginOf(std::string_view url, std::size_t path_begin);
  // Origin and path of the page. False for a URL that has none.
  bool TakeUrl(const Page& page);
  void FindAnswers(Bodies& bodies);
  void AppendStatements();
  void AppendWords();

  const Store::Impl& store_;
  const FileTable& files_;
  BlobReader& blobs_;
  robots::ParsedFileCache& parsed_;
  const JudgeOptions& options_;
  robots::Question question_;
  std::unordered_map<std::string, std::unique_ptr<Bodies>> bodies_;
  // By what is said, whoever says it: of files in the same states, the same words.
  std::unordered_map<std::string, Answers> answers_;
  std::size_t codes_kept_ = 0;  // entries of all maps
  std::uint64_t last_number_ = 0;
  std::size_t body_bytes_ = 0;
  std::uint64_t group_number_ = 0;

  // Of the group.
  Arena rows_;
  std::vector<Seen> seen_;
  std::vector<Origin> origins_;
  Origin unasked_;

  // Of the last page's URL, which many rows may have.
  bool has_url_ = false;
  std::string url_surt_;
  // Of the stored host in it, where origin_ is that of this host and form; 0: it is not.
  std::size_t host_bytes_ = 0;
  std::uint8_t url_form_ = 0;
  std::string url_bytes_;
  Arena url_arena_;
  std::string_view path_;  // with its query; empty: there is none to ask for
  std::string authority_;
  Origin* origin_ = nullptr;
  Bodies* bodies_asked_ = nullptr;  // and what they say about the path
  Answers* answers_asked_ = nullptr;

  // Of the last question.
  bool may_keep_ = false;
  std::string key_;
  std::string prefix_;
  std::vector<robots::Statement> statements_;
  std::vector<robots::Coverage> coverage_;
  Answer passing_;

  // Of the last standing that was looked for: kept for their memory.
  std::vector<std::size_t> chosen_;
  std::vector<Seen> resolved_;
  std::string bodies_key_;
};

}  // namespace crawlcard::index
