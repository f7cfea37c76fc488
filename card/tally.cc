#include "card/tally.h"

#include <algorithm>
#include <bit>
#include <set>
#include <string_view>
#include <utility>

#include "base/assert.h"
#include "card/dates.h"
#include "page/facts.h"

namespace crawlcard::card {
namespace {

// Values that a hostile crowd of made-up ones must not push out of a bounded table.
constexpr std::array<std::string_view, 14> kCommonTypes{
    "",           "text/html",       "application/xhtml+xml", "text/plain",
    "text/xml",   "application/xml", "application/pdf",       "application/json",
    "image/jpeg", "image/png",       "application/rss+xml",   "application/atom+xml",
    "image/gif",  "image/webp"};
constexpr std::array<std::string_view, 6> kCommonCharsets{
    "", "utf-8", "windows-1252", "iso-8859-1", "windows-1251", "shift_jis"};
constexpr std::array<std::string_view, 4> kCommonLicences{"page CC-BY-4.0", "page CC-BY-SA-4.0",
                                                          "page CC-BY-SA-3.0", "page CC0-1.0"};

// Host part of a SURT key, "org,example" of "org,example)/a?b=1", with a port where there is one:
// within it captures are neighbours. Without a key, the host as it is.
std::string_view HostKey(const index::CaptureView& capture) {
  const std::size_t end = capture.surt.find(')');
  return end == std::string_view::npos ? capture.host : capture.surt.substr(0, end);
}

// A URL that gets no key is stored apart from its neighbours: it has no host to be counted with.
bool HasKey(const index::CaptureView& capture) {
  return !capture.surt.empty() && capture.surt != "-";
}

// A revisit and a 304 say "unchanged"; the scan lends them the facts of the capture they repeat.
// Text must not count again for that.
bool RepeatsEarlier(const index::CaptureView& capture) {
  return capture.record_type == warc::RecordType::kRevisit || capture.status == 304;
}

std::uint64_t TextBytes(const index::CaptureView& capture) {
  return RepeatsEarlier(capture) ? 0 : capture.text_bytes;
}

// "page" is what the publisher says of the page as a whole, in it or in a header field, and not by
// a mere hint (docs/formats/facts.md).
bool IsAboutPage(const page::Licence& licence) {
  return (licence.scope == "page" || licence.scope == "response") &&
         licence.confidence != page::Confidence::kLow;
}

std::size_t StatusClass(std::uint16_t status) {
  if (status == 0) return 0;
  const std::size_t hundreds = status / 100;
  return hundreds >= 1 && hundreds <= 5 ? hundreds : 6;
}

std::uint64_t NextOrdinal(std::string_view key, std::uint64_t& groups, std::string& first,
                          std::string& last) {
  if (key.empty()) return 0;
  if (groups == 0) first = key;
  if (groups == 0 || last != key) {
    ++groups;
    last = key;
  }
  return groups;
}

void TakeKeys(std::uint64_t left_groups, std::uint64_t right_groups, std::string& left_first,
              std::string& left_last, std::string& right_first, std::string& right_last) {
  if (right_groups == 0) return;
  if (left_groups == 0) left_first = std::move(right_first);
  left_last = std::move(right_last);
}

}  // namespace

bool IsPage(const index::CaptureView& capture) {
  return capture.record_type == warc::RecordType::kResponse && capture.status == 200 &&
         capture.is_html;
}

Tally::Tally(const TallyOptions& options)
    : media_types(kCommonTypes),
      charsets(kCommonCharsets),
      licences(kCommonLicences),
      domains(options.domains_max) {}

Position Tally::Place(const index::CaptureView& capture) {
  Position position;
  if (!HasKey(capture)) {
    position.url = NextOrdinal(capture.url, groups_.url, first_keys_.url, last_keys_.url);
    return position;
  }
  position.url = NextOrdinal(capture.surt, groups_.url, first_keys_.url, last_keys_.url);
  position.host = NextOrdinal(HostKey(capture), groups_.host, first_keys_.host, last_keys_.host);
  position.domain =
      NextOrdinal(capture.domain, groups_.domain, first_keys_.domain, last_keys_.domain);
  return position;
}

void Tally::AddPage(const index::ScannedPage& page) {
  const index::CaptureView& capture = *page.capture;
  // Files with a fixed place are told by AddHostRow().
  if (capture.well_known) return;
  const Position position = Place(capture);
  const bool is_page = IsPage(capture);
  AddFacts(capture, position);
  if (is_page) AddPageFacts(capture, position);
  if (page.codes != nullptr) {
    const std::uint64_t text = TextBytes(capture);
    verdicts.Add(*page.codes, is_page, capture.payload_bytes, text, position);
    if (page.takedown != nullptr) {
      verdicts.AddTakenDown(*page.codes, is_page, capture.payload_bytes, text, position);
    }
  }
  domains.Add({.domain = HasKey(capture) ? capture.domain : std::string_view(),
               .host_ordinal = position.host,
               .payload_bytes = capture.payload_bytes,
               .text_bytes = TextBytes(capture),
               .date = capture.date && MonthOf(*capture.date) ? capture.date : std::nullopt,
               .modality = capture.status == 200 && !RepeatsEarlier(capture)
                               ? std::optional(ModalityOf(capture.content_type))
                               : std::nullopt,
               .is_page = is_page,
               .judged = page.codes != nullptr,
               .usable = page.codes != nullptr && page.codes->usable});
}

void Tally::AddFacts(const index::CaptureView& capture, const Position& position) {
  const std::uint64_t payload = capture.payload_bytes;
  const std::uint64_t text = TextBytes(capture);
  captures.Add(payload, text, position);
  urls.Add(position.url);
  const auto type_bit = static_cast<unsigned>(capture.record_type);
  const auto type = static_cast<std::size_t>(std::countr_zero(type_bit));
  ++record_types[std::min(type, kRecordTypeCount - 1)];
  ++status_classes[StatusClass(capture.status)];
  if (capture.status >= 100 && capture.status <= 599) ++statuses[capture.status];
  if (capture.extent.inner_offset == 0) {
    record_bytes += capture.extent.length;
  } else {
    ++shared_unit_captures;
  }
  const std::optional<int> month = capture.date ? MonthOf(*capture.date) : std::nullopt;
  if (month) {
    Extend(capture.date, first, last);
    MonthCount& count = months[*month];
    ++count.captures;
    count.pages += IsPage(capture) ? 1U : 0U;
    count.payload_bytes += payload;
  } else {
    ++undated;
  }
  if (capture.status == 200 && !RepeatsEarlier(capture)) {
    media_types.Add(capture.content_type, payload, text, position);
    modalities[static_cast<std::size_t>(ModalityOf(capture.content_type))].Add(payload, text,
                                                                               position);
  }
  if (!capture.truncated.empty()) truncated.Add(capture.truncated, payload, text, position);
  for (const std::string_view note : capture.notes) notes.Add(note, payload, text, position);
}

void Tally::AddPageFacts(const index::CaptureView& capture, const Position& position) {
  const std::uint64_t payload = capture.payload_bytes;
  const std::uint64_t text = TextBytes(capture);
  pages.Add(payload, text, position);
  page_urls.Add(position.url);
  const auto guess = capture.languages;
  const std::string_view language = guess.languages.empty() ? "" : guess.languages.front().code;
  languages.Add(language, payload, text, position);
  std::string key(page::LanguageSourceName(guess.source));
  key.append(" ").append(language);
  language_sources.Add(key, payload, text, position);
  charsets.Add(capture.charset, payload, text, position);

  std::set<std::string> found;
  bool of_page = false;
  for (const page::Licence& licence : capture.licences) {
    const bool page_scope = IsAboutPage(licence);
    of_page = of_page || page_scope;
    const std::string_view id = licence.spdx.empty() ? licence.name : licence.spdx;
    found.insert((page_scope ? "page " : "other ") + std::string(id));
  }
  for (const std::string& one : found) licences.Add(one, payload, text, position);
  if (of_page) pages_with_licence.Add(payload, text, position);
  if (!found.empty()) pages_with_any_licence.Add(payload, text, position);
  AddStatements(capture, position);
}

void Tally::AddStatements(const index::CaptureView& capture, const Position& position) {
  std::set<PageStatement> found;
  std::set<std::pair<robots::Family, robots::Says>> said;
  for (const robots::Signal& signal : capture.signals) {
    if (signal.says == robots::Says::kNothing) continue;
    found.insert({signal.family, signal.carrier, signal.use, signal.says});
    said.insert({signal.family, signal.says});
  }
  if (found.empty()) return;
  const std::uint64_t payload = capture.payload_bytes;
  const std::uint64_t text = TextBytes(capture);
  for (const PageStatement& one : found) statements[one].Add(payload, text, position);
  for (const auto& one : said) families[one].Add(payload, text, position);
  pages_with_statement.Add(payload, text, position);
}

Seams Tally::SeamsWith(const Tally& right) const {
  const auto seam = [](std::uint64_t left_groups, std::uint64_t right_groups,
                       const std::string& left_last, const std::string& right_first) {
    return Seam{left_groups, left_groups > 0 && right_groups > 0 && left_last == right_first};
  };
  const Keys& keys = right.first_keys_;
  const Position& groups = right.groups_;
  return {seam(groups_.url, groups.url, last_keys_.url, keys.url),
          seam(groups_.host, groups.host, last_keys_.host, keys.host),
          seam(groups_.domain, groups.domain, last_keys_.domain, keys.domain)};
}

void Tally::Merge(Tally&& right) {
  const Seams seams = SeamsWith(right);
  for (const auto& [mine, other] : std::initializer_list<std::pair<Reach*, const Reach*>>{
           {&captures, &right.captures},
           {&pages, &right.pages},
           {&pages_with_licence, &right.pages_with_licence},
           {&pages_with_any_licence, &right.pages_with_any_licence},
           {&pages_with_statement, &right.pages_with_statement}}) {
    mine->Merge(*other, seams);
  }
  for (const auto& [mine, other] : std::initializer_list<std::pair<ReachTable*, const ReachTable*>>{
           {&languages, &right.languages},
           {&language_sources, &right.language_sources},
           {&media_types, &right.media_types},
           {&charsets, &right.charsets},
           {&licences, &right.licences},
           {&truncated, &right.truncated},
           {&notes, &right.notes}}) {
    mine->Merge(*other, seams);
  }
  urls.Merge(right.urls, seams.url);
  page_urls.Merge(right.page_urls, seams.url);
  record_bytes += right.record_bytes;
  shared_unit_captures += right.shared_unit_captures;
  for (std::size_t i = 0; i < kRecordTypeCount; ++i) record_types[i] += right.record_types[i];
  for (std::size_t i = 0; i < kStatusClassCount; ++i) status_classes[i] += right.status_classes[i];
  for (std::size_t i = 0; i < kModalityCount; ++i) modalities[i].Merge(right.modalities[i], seams);
  for (const auto& [status, count] : right.statuses) statuses[status] += count;
  Extend(right.first, first, last);
  Extend(right.last, first, last);
  undated += right.undated;
  for (const auto& [month, count] : right.months) {
    MonthCount& mine = months[month];
    mine.captures += count.captures;
    mine.pages += count.pages;
    mine.payload_bytes += count.payload_bytes;
  }
  for (const auto& [one, reach] : right.statements) statements[one].Merge(reach, seams);
  for (const auto& [one, reach] : right.families) families[one].Merge(reach, seams);
  verdicts.Merge(right.verdicts, seams);
  hosts.Merge(std::move(right.hosts));
  domains.Merge(std::move(right.domains), seams.host);

  Keys& keys = right.first_keys_;
  Keys& ends = right.last_keys_;
  TakeKeys(groups_.url, right.groups_.url, first_keys_.url, last_keys_.url, keys.url, ends.url);
  TakeKeys(groups_.host, right.groups_.host, first_keys_.host, last_keys_.host, keys.host,
           ends.host);
  TakeKeys(groups_.domain, right.groups_.domain, first_keys_.domain, last_keys_.domain, keys.domain,
           ends.domain);
  if (right.groups_.url > 0) groups_.url = right.groups_.url + seams.url.shift();
  if (right.groups_.host > 0) groups_.host = right.groups_.host + seams.host.shift();
  if (right.groups_.domain > 0) groups_.domain = right.groups_.domain + seams.domain.shift();
}

void Tally::Finish() {
  hosts.Finish();
  domains.Finish();
}

index::ScanOptions ScanFor(index::ScanOptions options) {
  options.codes_only = true;
  options.bodies_read = false;  // HostTally reads them
  options.parts = static_cast<index::RowParts>(index::kRowUrl | index::kRowSurt |
                                               index::kRowStatements | index::kRowLanguages);
  return options;
}

Status TallyFold::OnPage(const index::ScannedPage& page) {
  tally_.AddPage(page);
  return {};
}

Status TallyFold::OnHostRow(const index::ScannedHostRow& row) {
  tally_.AddHostRow(row);
  return {};
}

Tally MergeFolds(const std::vector<std::unique_ptr<index::Fold>>& folds,
                 const TallyOptions& options) {
  Tally whole(options);
  for (const std::unique_ptr<index::Fold>& fold : folds) {
    auto* part = dynamic_cast<TallyFold*>(fold.get());
    CRAWLCARD_ASSERT(part != nullptr);
    whole.Merge(std::move(part->tally()));
  }
  whole.Finish();
  return whole;
}

}  // namespace crawlcard::card
