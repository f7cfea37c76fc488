// card/alike.h - what a tally counts of captures that say the same, read from one of them.
//
// Thread rule: a value, thread-compatible.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "card/modality.h"
#include "card/verdict_tally.h"
#include "index/scan.h"

namespace crawlcard::card {

// A statement found on a page itself.
struct PageStatement {
  robots::Family family = robots::Family::kOther;
  robots::Carrier carrier = robots::Carrier::kHtmlMeta;
  robots::Axis use = robots::Axis::kNone;
  robots::Says says = robots::Says::kNothing;

  // NOLINTNEXTLINE(modernize-use-nullptr): the check misreads a defaulted operator
  auto operator<=>(const PageStatement&) const = default;
};

struct AlikeFacts {
  using FamilySays = std::pair<robots::Family, robots::Says>;

  AlikeFacts() = default;
  explicit AlikeFacts(const index::ScannedPage& page);

  bool is_page = false;
  bool repeats = false;  // text of an earlier capture: it must not count again
  bool taken_down = false;
  warc::RecordType record_type = warc::RecordType::kResponse;
  std::uint16_t status = 0;
  std::string truncated;
  std::vector<std::string> notes;
  // Of captures with status 200 that are no revisits.
  std::optional<Modality> modality;
  std::string content_type;
  // Of pages.
  std::string charset;
  std::string language;               // the first one, or empty
  std::string language_source;        // "SOURCE CODE"
  std::vector<std::string> licences;  // "page ID", "other ID", distinct
  bool page_licence = false;
  std::vector<PageStatement> statements;  // distinct
  std::vector<FamilySays> families;
  std::optional<CountedVerdict> verdict;  // of judged captures
};

// True for a capture that counts as a page.
bool IsPage(const index::CaptureView& capture);

}  // namespace crawlcard::card
