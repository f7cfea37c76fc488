// index/internal/judge.h - joins what a page says with what its origin had said, and asks robots/.
//
// Thread rule: thread-compatible; one a range.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/arena.h"
#include "base/result.h"
#include "index/capture.h"
#include "index/internal/host_history.h"
#include "index/internal/named_documents.h"
#include "index/scan.h"

namespace crawlcard::index {

class PageJudge {
 public:
  // Borrows its arguments.
  PageJudge(const JudgeOptions& options, NamedDocuments& documents);

  // `capture` may be null: a URL that was never captured. `earlier` is the capture that an
  // unchanged one (304, revisit) stands for, or null. `surt` is the SURT key of `url`.
  [[nodiscard]] Result<robots::Verdict> Judge(std::string_view url, std::string_view surt,
                                              UnixSeconds as_of, const CaptureView* capture,
                                              const CaptureView* earlier, HostHistory& history);

  // Whether the last answer holds for every page that says the same under the same files: nothing
  // in it came from a document elsewhere or hung on a date.
  bool lasting() const { return lasting_; }

 private:
  void AddSignals(const CaptureView& capture, bool with_headers, const robots::Evidence& evidence);
  void AddLicences(const CaptureView& capture, const robots::Evidence& evidence);
  void AddCoverage(const CaptureView* capture, const CaptureView* earlier);
  // Licences and policies that the statements name, as they stood at the instant.
  [[nodiscard]] Status AddLicenceDocuments(std::string_view url);
  [[nodiscard]] Status AddPolicyDocuments(std::string_view url);

  const JudgeOptions& options_;
  NamedDocuments& documents_;
  robots::Question question_;
  std::vector<robots::Statement> statements_;
  std::vector<robots::Coverage> coverage_;
  std::string origin_;
  bool lasting_ = true;
  std::vector<robots::NamedLicence> places_;
  std::vector<std::shared_ptr<const NamedDocument>> held_;  // shared with the recent ones
  Arena arena_;                                             // of one question
};

// True for a capture that says "as before": its page-level statements are those of an earlier one.
inline bool IsUnchanged(const CaptureView& capture) {
  return capture.record_type == warc::RecordType::kRevisit || capture.status == 304;
}

// Facts of one capture that came by several ways are read as one: WARC (0), then WAT, then CDX,
// then the text that an extractor made of it.
int RankOf(const CaptureView& capture);

// A capture that stands for `earlier`: its own place, date and header statements, the other's
// content.
CaptureView MergeUnchanged(const CaptureView& capture, const CaptureView& earlier, Arena& arena);

}  // namespace crawlcard::index
