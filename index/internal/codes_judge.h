// index/internal/codes_judge.h - verdicts without text for a scan: judged once, found again.
//
// Pages of a crawl are judged alike by the thousand: the same robots.txt, the same rule of it, the
// same statements on the page. What a decision can depend on makes three keys, one inside the
// other: the bodies in force at the origin (by digest); the rules that they have for this path; and
// of the page its statements as bytes, how fetching went, and how old the robots.txt is. A 304 or
// revisit adds those of the capture that it stands for. The first page with all three is judged in
// full; the others get its codes. Where a date or a document elsewhere decides, nothing is kept.
//
// Most pages take a shorter way (docs/decisions/0026-*): a path of which no rule speaks is told by
// a sieve, without asking the rules; what rows say has a number, and with that and the rules in
// force the answer is looked up by numbers. Files that differ in the address of a sitemap alone are
// one.
//
// Thread rule: thread-compatible; one a range.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "base/arena.h"
#include "base/attributes.h"
#include "base/result.h"
#include "index/internal/alike_rows.h"
#include "index/internal/blob_reader.h"
#include "index/internal/body_table.h"
#include "index/internal/host_history.h"
#include "index/internal/row_url.h"
#include "index/scan.h"
#include "index/schema.h"
#include "robots/origin.h"
#include "robots/path_sieve.h"

namespace crawlcard::index {

class CodesJudge {
 public:
  // Borrows its arguments.
  CodesJudge(const Store::Impl& store, const FileTable& files, BlobReader& blobs,
             BodyNumbers& numbers, robots::ParsedFileCache& parsed, const JudgeOptions& options);

  // The rows of another group follow.
  void EnterGroup();
  // Host rows of the group, in key order: `capture` with its numbers at least, out of `key` and
  // `value`, and that of its body. Copies what it keeps.
  void AddHostRow(const HostKeyView& place, const CaptureView& capture, const BodyNumber& number,
                  std::string_view key, std::string_view value);

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
  struct Found {
    const Answer* answer = nullptr;
    // Of pages with the same codes that say the same, and stand for no earlier capture
    // (AlikeRows). 0: like none.
    std::uint64_t alike = 0;
  };
  // The codes of a page, or none: then it is to be judged in full and Keep() called after it.
  // Borrowed until the next call.
  [[nodiscard]] Result<Found> Find(const Page& page, UnixSeconds as_of);
  // Codes of the page that Find() was asked for last. `lasting`: they hold for others with its key.
  Found Keep(const robots::Verdict& verdict, bool lasting);

  // The group's host rows, for a full judgement.
  [[nodiscard]] Status Fill(HostHistory& history);

 private:
  // One host row, without its text.
  struct Seen {
    std::string_view key;
    std::string_view value;
    std::uint64_t file_id = 0;
    std::string_view body_sha256;
    BodyNumber number;  // of the body
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
  // Origins with the same bodies in force, but for addresses of sitemaps.
  struct Bodies {
    // What is looked at for each page stands together.
    std::uint64_t last_used = 0;  // by the group of this number
    Answers* plain = nullptr;     // for all paths that are plain, once one was asked for
    robots::PathSieve sieve;
    std::string states;  // which files, and how asking for them went
    std::unique_ptr<robots::OriginSignals> signals;
    Known<Answers*> answers;  // by the identity of statements; of answers_
    std::size_t body_bytes = 0;
  };
  // By the numbers of bodies or of their forms.
  using BodiesMap = std::unordered_map<std::string, Bodies>;
  // The bodies of most origins, by a name of one number.
  struct ShortName {
    std::uint64_t name = 0;
    BodiesMap::value_type* bodies = nullptr;  // of bodies_
  };
  static constexpr std::size_t kShortNames = 16 * 1024;
  static constexpr std::size_t kSlots = 4096;
  // The answer for rows that say the same, found before.
  struct Slot {
    const Answers* answers = nullptr;
    std::uint64_t facts = 0;  // AlikeRows::FactsNumber()
    unsigned flags = 0;
    Found found;
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
    std::size_t last = 0;  // the one asked for last
  };

  void MakeRoom();
  // Those that so many groups have not met.
  void DropBodies(std::uint64_t idle_groups);
  [[nodiscard]] Result<const Standing*> StandingAt(Origin& origin, UnixSeconds as_of);
  // Of the rows chosen_.
  [[nodiscard]] Result<Bodies*> BodiesOf(const Origin& origin, UnixSeconds& robots_date_out);
  // Out of resolved_ and states_.
  [[nodiscard]] Status MakeBodies(Bodies& made);
  // The name of the files in resolved_, where there are none or a single one; 0 for others.
  std::uint64_t NameInShort() const;
  // Writes names of the files in resolved_ to bodies_key_, and their states to states_.
  void NameFiles();
  std::uint64_t NumberOf(const Seen& seen) const;
  // Of a file of resolved_: what of it is no body.
  std::array<char, 4> StateOf(const Seen& one) const;
  static bool HasBody(const Seen& seen) {
    return seen.state == robots::FetchState::kOk && !seen.body_sha256.empty();
  }
  Bodies* Use(BodiesMap::value_type& named);
  [[nodiscard]] Status Resolve(const Origin& origin, std::size_t at, Seen& seen_out);
  Origin& OriginOf(std::string_view url, std::size_t path_begin);
  // Whether the page is one of the host and scheme that origin_ is of.
  CRAWLCARD_INLINE bool IsOfOrigin(const Page& page) const {
    const std::string_view surt = page.stored_surt;
    return host_bytes_ > 0 && ((page.marks->url_form ^ url_form_) & kRowUrlAuthority) == 0 &&
           surt.size() > host_bytes_ && surt[host_bytes_] == kStoredHostEnd &&
           surt.starts_with(std::string_view(url_surt_).substr(0, host_bytes_));
  }
  // Origin and path of the page. False for a URL that has none.
  bool TakeUrl(const Page& page);
  // What the bodies say about the page's path; null for a URL that has none.
  Answers* AnswersFor(Bodies& bodies, const Page& page);
  Answers* FindAnswers(Bodies& bodies);
  void WriteKey(const Page& page);
  Found Told(const Answer* answer);
  void AppendStatements();
  void AppendWords();

  const Store::Impl& store_;
  const FileTable& files_;
  BlobReader& blobs_;
  BodyNumbers& numbers_;
  const bool by_form_;  // files that are read alike are one
  robots::ParsedFileCache& parsed_;
  const JudgeOptions& options_;
  robots::Question question_;
  BodiesMap bodies_;
  std::vector<ShortName> short_names_ = std::vector<ShortName>(kShortNames);
  // By what is said, whoever says it: of files in the same states, the same words.
  std::unordered_map<std::string, Answers> answers_;
  std::vector<Slot> slots_ = std::vector<Slot>(kSlots);
  AlikeRows alike_;
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
  Bodies* bodies_asked_ = nullptr;  // and what they say about path_
  Answers* path_answers_ = nullptr;

  // Of the last question.
  Answers* answers_asked_ = nullptr;
  Slot* slot_ = nullptr;  // for its answer, or null
  Slot asked_;            // what it would hold
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
  std::string states_;
};

}  // namespace crawlcard::index
