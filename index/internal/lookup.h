// index/internal/lookup.h - questions about one URL or host at a time, answered in full.
//
// Thread rule: thread-compatible; one a thread.
#pragma once

#include <string>

#include "base/arena.h"
#include "base/result.h"
#include "index/internal/blob_reader.h"
#include "index/internal/file_table.h"
#include "index/internal/host_history.h"
#include "index/internal/named_documents.h"
#include "index/internal/store_impl.h"
#include "index/internal/target.h"
#include "index/scan.h"

namespace crawlcard::index {

class UrlLookup {
 public:
  // Borrows its arguments.
  UrlLookup(const Store::Impl& store, const FileTable& files);

  // As of `as_of`, whatever `options` say. `pages` false: by the signals of the host alone, as if
  // the URL had never been captured. Gives the URL of a bare host to `target`.
  [[nodiscard]] Result<UrlVerdict> Check(Target& target, const JudgeOptions& options,
                                         const AsOf& as_of, bool pages);

  // The same for a URL whose rows are at hand: those of its origin, and the capture that counts, or
  // null; one that speaks for itself.
  [[nodiscard]] Result<UrlVerdict> Judge(const Target& target, const JudgeOptions& options,
                                         const AsOf& as_of, const CaptureView* capture,
                                         HostHistory& history);

  // Of the last answer: whether a file of the URL's origin was ever observed, and whether it holds
  // for others that say the same under the same files (PageJudge).
  bool host_known() const { return host_known_; }
  bool lasting() const { return lasting_; }

 private:
  [[nodiscard]] Result<UrlVerdict> JudgeBoth(const Target& target, const JudgeOptions& options,
                                             const AsOf& as_of, const CaptureView* capture,
                                             const CaptureView* earlier, HostHistory& history);
  // The host rows of the group stay for the next question.
  [[nodiscard]] Status EnterGroup(const std::string& group);

  const Store::Impl& store_;
  const FileTable& files_;
  BlobReader blobs_;
  HostHistory history_;
  NamedDocuments documents_;
  std::string group_;
  bool entered_ = false;
  bool host_known_ = false;
  bool lasting_ = false;
  Arena arena_;
};

}  // namespace crawlcard::index
