// index/ingest/file_observer.h - joins the records of one file into captures, one at a time.
//
// Text of the pending capture lives in an arena that is reset when it was handed out: in steady
// state nothing is allocated for a record.
//
// Thread rule: thread-compatible.
#pragma once

#include <array>
#include <bit>
#include <memory_resource>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/arena.h"
#include "base/digest.h"
#include "index/ingest/crawl_fields.h"
#include "index/ingest/observe.h"
#include "index/ingest/wat.h"
#include "index/interchange/cdx_line.h"
#include "page/facts.h"
#include "page/http.h"
#include "page/outline.h"
#include "robots/observe.h"
#include "warc/record.h"

namespace crawlcard::index {

class FileObserver {
 public:
  // Borrows all of its arguments.
  FileObserver(std::string_view file_name, const ObserveFileOptions& options,
               const ObserveHandlers& handlers);

  // Takes one record. Hands out the capture before it, where this record begins another.
  [[nodiscard]] Status Take(const warc::RecordView& record);

  // Takes one line of a CDX, which stands at `place`, and hands out its capture.
  [[nodiscard]] Status TakeCdx(const CdxLine& cdx, const warc::Extent& place);

  // Counts and reports one damaged unit, after handing out what is pending.
  [[nodiscard]] Status Damage(Error error);

  // Hands out the last capture.
  [[nodiscard]] Status Finish();

  ObservedFile& observed();
  std::uint64_t records() const { return observed_.counts.records; }

 private:
  void StartCapture(const warc::RecordView& record);
  void Begin(const warc::RecordView& record);
  void TakeHttp(const warc::RecordView& record);
  void TakePlain(const warc::RecordView& record);
  void TakeConversion(const warc::RecordView& record);
  void TakeInfo(const warc::RecordView& record);
  void TakeWellKnown(std::string_view body);
  void HoldBody(std::string_view body);
  void KeepBody(std::string_view body);
  void KeepBody(std::string_view body, const Sha256Digest& digest);
  void TakeFacts(const page::PageFacts& facts);

  // annotations.cc
  bool BelongsToPending(const warc::RecordView& record) const;
  void TakeMetadata(const warc::RecordView& record);
  void TakeFailure();
  bool BeginUnanswered(const warc::RecordView& record, const CrawlFields& crawl);

  // wat_capture.cc
  [[nodiscard]] Status TakeWat(const warc::RecordView& record);
  void BeginWat(const warc::RecordView& record, const WatRecord& wat);
  void TakeWatContainer(const WatRecord& wat);
  void ObserveWat(const WatRecord& wat);
  void NameRslLinks(const page::PageFacts& facts);
  void ListWatUnobserved(const warc::RecordView& record, const WatRecord& wat);
  // cdx_capture.cc
  void TakeCdxAnnotations(const CdxLine& cdx);
  void CountRecord(warc::RecordType type);
  void ObserveHttpFields(const page::HttpHead& head);
  void ObserveFacts(const page::Response& response);
  void ObserveMetas(const page::PageFacts& facts);
  void ObservePayloadOf(const page::Response& response, const page::PageFacts& facts);
  void SetAddress(std::string_view url);
  void SetRedirect(const page::HttpHead& head);
  void VerifyDigests(const warc::RecordView& record, std::string_view raw, std::string_view body);
  void AddNotes(std::span<const std::string_view> notes);
  void ChooseLanguages();
  void FinishNotes();
  void CountNotes(const warc::RecordView& record);

  const std::string_view file_name_;
  const ObserveFileOptions& options_;
  const ObserveHandlers& handlers_;
  ObservedFile observed_;
  // Records by type, the bit of each, that are not in observed_ yet.
  std::array<std::uint64_t, std::popcount(warc::kAllRecordTypes)> types_{};

  page::Observer page_observer_;
  page::OutlineObserver outline_observer_;
  WatReader wat_reader_;
  Arena arena_;
  std::string body_scratch_;
  std::string held_body_;  // of the pending capture, until somebody says what it is
  std::string scratch_;    // short texts, until they are copied

  // The capture that waits for its metadata record, and what is needed to finish it.
  bool pending_ = false;
  CaptureView capture_;
  std::string_view text_sample_;
  std::string_view html_lang_;
  std::optional<page::LanguageGuess> archive_languages_;
  std::vector<robots::Signal> signals_;
  std::vector<page::Licence> licences_;
  std::vector<std::string_view> notes_;
  std::vector<robots::NamedValue> named_values_;
};

}  // namespace crawlcard::index
