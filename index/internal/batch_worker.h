// index/internal/batch_worker.h - one thread's part of a batch: rows in any order, answers in
// theirs.
//
// Rows are taken host by host, and with pages URL by URL in key order, so that what neighbours
// share is looked up once; each answer goes to its place.
//
// Thread rule: thread-compatible; one a thread.
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "base/arena.h"
#include "base/result.h"
#include "index/batch.h"
#include "index/internal/batch_impl.h"
#include "index/internal/batch_origins.h"
#include "index/internal/batch_rows.h"
#include "index/internal/batch_verdicts.h"
#include "index/internal/line_form.h"
#include "index/internal/lookup.h"

namespace crawlcard::index {

// The usual address, cut where its path begins. Scheme and authority say which origin it is.
struct CutUrl {
  std::string_view authority;  // with the scheme
  std::string_view path;       // and query, without fragment; begins with a slash
};
// False for URLs that need a closer look.
[[nodiscard]] bool CutPlainUrl(std::string_view url, CutUrl& cut_out);

// Of the files in force at an origin.
using FileTexts = std::vector<EvidenceTexts>;

class Batch::Worker::Impl {
 public:
  explicit Impl(const Batch::Impl& batch);
  ~Impl();
  Impl(const Impl&) = delete;
  Impl& operator=(const Impl&) = delete;

  [[nodiscard]] Result<std::span<const BatchAnswer>> Judge(std::span<const AskedUrl> asked);

 private:
  static constexpr std::uint32_t kNone = 0xFFFFFFFF;

  struct Row {
    CutUrl cut;
    std::uint32_t origin = kNone;  // in origins_; kNone: asked for by itself
    std::string_view stored;       // SURT, where pages are looked at
  };
  struct Origin {
    std::string_view authority;
    std::uint64_t hash = 0;
    OriginRecord record;
    std::string_view host;
    std::string_view domain;
    std::string prefix;  // of its keys; empty: none, or not asked for
    std::uint32_t rows = 0;
    std::uint32_t begin = 0;  // of its rows in the order
    bool found = false;       // in the shared table
    bool changed = false;     // since then
    bool entered = false;
    std::vector<VerdictTable::Local*> locals;  // by standing; null: not looked for yet
    std::vector<const FileTexts*> texts;       // likewise
  };

  void Begin(std::size_t rows);
  // --- what is asked
  void CutRows(std::span<const AskedUrl> asked);
  std::uint32_t OriginOf(std::string_view authority);
  void FindOrigins();
  static void ReadName(Origin& origin);
  void OrderByOrigin();
  void FetchAhead(std::size_t place) const;
  void OrderByKey(std::span<const AskedUrl> asked);

  // --- one row
  [[nodiscard]] Status JudgeRow(const AskedUrl& asked, const Row& row, BatchAnswer& answer,
                                const robots::VerdictCodes** codes);
  [[nodiscard]] Status JudgeAlone(const AskedUrl& asked, BatchAnswer& answer,
                                  const robots::VerdictCodes** codes);
  [[nodiscard]] Status Answer(const AskedUrl& asked, const Row& row, std::size_t question,
                              BatchAnswer& answer, const robots::VerdictCodes*& codes_out);
  // By UrlLookup, all by itself.
  [[nodiscard]] Status AnswerAlone(const AskedUrl& asked, std::size_t question, BatchAnswer& answer,
                                   const robots::VerdictCodes*& codes_out);
  // By UrlLookup with the rows that are at hand. `kept` is filled when the answer holds for others.
  [[nodiscard]] Status AnswerInFull(const AskedUrl& asked, const Row& row,
                                    const PageReader::Found* page, std::size_t question,
                                    BatchAnswer& answer, KeptVerdict& kept,
                                    const robots::VerdictCodes*& codes_out);
  void TakeAnswer(UrlVerdict& verdict, std::size_t question, BatchAnswer& answer,
                  VerdictPlaces* places);
  // Writes a line of a kind that was written before for this URL.
  [[nodiscard]] Status RepeatLine(const AskedUrl& asked, const Row& row, std::size_t at,
                                  const LineForm& form, const PageReader::Found* page,
                                  BatchAnswer& answer);
  [[nodiscard]] Status RememberLine(const AskedUrl& asked, const UrlVerdict& verdict,
                                    const VerdictPlaces& places, const PageReader::Found* page,
                                    KeptVerdict& kept);
  static std::string_view WordingOf(const PageReader::Found* page) {
    return page == nullptr ? std::string_view() : page->wording;
  }
  // What lines tell of the files of an origin's standing.
  [[nodiscard]] Result<const FileTexts*> TextsAt(std::uint32_t number, std::size_t at,
                                                 UnixSeconds as_of);
  AsOf InstantOf(const AskedUrl& asked, std::size_t question) const;
  // `url` is empty for a bare host.
  const Takedown* TakedownOf(std::string_view url, std::string_view host) const;
  AlikeUrls& AlikeOf(VerdictTable::Local& local, std::size_t asker, const Row& row,
                     const PageReader::Found* page, const OriginStanding& standing);

  // --- origins
  [[nodiscard]] Status EnterOrigin(std::uint32_t number);
  [[nodiscard]] Status ReadOrigin(std::uint32_t number);
  // Index in the record's standings, whose verdicts are then at hand.
  [[nodiscard]] Result<std::size_t> StandingAt(std::uint32_t number, UnixSeconds as_of);
  void RememberOrigins();

  const Batch::Impl& batch_;
  const BatchOptions& options_;
  OriginReader reader_;
  PageReader pages_;
  VerdictTable verdicts_;
  UrlLookup lookup_;
  std::uint64_t bodies_left_ = 0;
  std::optional<OriginStanding> unasked_;  // of all origins that were never observed

  // Of the batch.
  Arena arena_;
  std::vector<Row> rows_;
  std::vector<std::uint32_t> order_;
  std::vector<BatchAnswer> answers_;
  std::vector<const robots::VerdictCodes*> codes_;
  std::deque<robots::VerdictCodes> passing_;
  std::vector<Origin> origins_;
  std::size_t origins_used_ = 0;
  std::vector<OriginLookup> lookups_;  // of origins_, for the shared table
  // Of origins_, by the hash of their authority: its upper half and the number. A power of two.
  struct Slot {
    std::uint32_t tag = 0;
    std::uint32_t origin = kNone;
  };
  std::vector<Slot> slots_;
  std::vector<std::uint32_t> numbers_;  // of origins_ in the order that they are asked
  std::string surt_;
  std::string stored_;

  // Of the origin and the row at hand.
  std::uint32_t read_ = kNone;  // the origin that reader_ stands in
  struct LastAlike {            // of the row
    VerdictTable::Local* local = nullptr;
    std::size_t asker = 0;
    const PageReader::Found* page = nullptr;
    AlikeUrls* alike = nullptr;
  };
  LastAlike last_;

  std::unordered_map<std::string, FileTexts> texts_;  // by since and authority
  std::size_t texts_bytes_ = 0;
  std::deque<FileTexts> passing_texts_;  // of the batch
  const FileTexts no_texts_;
  std::string texts_key_;
  std::string line_middle_;  // between the URL and the instant
  std::string line_;
};

}  // namespace crawlcard::index
