#include "crawler/snapshot/segment_reader.h"

#include <utility>

namespace crawlcard::crawler {

SegmentReader::SegmentReader(SegmentFetcher& fetcher, SegmentTarget target,
                             std::unique_ptr<KeptPart> kept)
    : kept_(std::move(kept)) {
  if (kept_ != nullptr && kept_->bytes() > 0) {
    target.first = kept_->bytes();
    target.validator = kept_->validator();
  }
  handle_ = fetcher.Start(std::move(target));
}

SegmentReader::~SegmentReader() {
  handle_.feed->Abandon();
}

Result<std::size_t> SegmentReader::Read(char* to, std::size_t bytes) {
  if (kept_ != nullptr) {
    CRAWLCARD_ASSIGN(const std::size_t kept, kept_->Read(to, bytes));
    if (kept > 0) return kept;
  }
  const Result<std::size_t> got = handle_.feed->Read(to, bytes);
  if (kept_ == nullptr || finished_) return got;
  if (!got) {
    if (handle_.outcome->load() == SegmentOutcome::kChanged) CRAWLCARD_TRY(kept_->Discard());
    return got;
  }
  if (*got > 0) {
    CRAWLCARD_TRY(kept_->Append({to, *got}, handle_.feed->validator()));
  } else {
    finished_ = true;
    CRAWLCARD_TRY(kept_->Finish());
  }
  return got;
}

}  // namespace crawlcard::crawler
