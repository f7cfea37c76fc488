#include "card/tally.h"

#include <algorithm>
#include <bit>
#include <string_view>
#include <utility>

#include "base/assert.h"
#include "card/dates.h"
#include "index/schema.h"

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

// As MonthOf() counts.
constexpr int kFirstMonth = limits::kYearMin * 12;

// Host part of a key, "org,example" of "org,example)/a?b=1", with a port where there is one: within
// it captures are neighbours. Without a key, the host as it is.
std::string_view HostKey(const index::ScannedPage& page) {
  const std::size_t end = page.url_key.find(index::kStoredHostEnd);
  return end == std::string_view::npos ? page.capture->host : page.url_key.substr(0, end);
}

// A URL that gets no key is stored apart from its neighbours: it has no host to be counted with.
bool HasKey(const index::ScannedPage& page) {
  return !page.url_key.empty() && page.url_key != "-";
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

Tally::Tally(const TallyOptions& options)
    : media_types(kCommonTypes),
      charsets(kCommonCharsets),
      licences(kCommonLicences),
      domains(options.domains_max) {}

Position Tally::Place(const index::ScannedPage& page) {
  const index::CaptureView& capture = *page.capture;
  Position position;
  if (!HasKey(page)) {
    position.url = NextOrdinal(capture.url, groups_.url, first_keys_.url, last_keys_.url);
    return position;
  }
  position.url = NextOrdinal(page.url_key, groups_.url, first_keys_.url, last_keys_.url);
  position.host = NextOrdinal(HostKey(page), groups_.host, first_keys_.host, last_keys_.host);
  position.domain =
      NextOrdinal(capture.domain, groups_.domain, first_keys_.domain, last_keys_.domain);
  return position;
}

Tally::Lot& Tally::LotOf(const index::ScannedPage& page) {
  if (page.alike == 0) {
    Lot& lot = lots_.front();
    CountAndEmpty(lot);
    lot.facts = AlikeFacts(page);
    return lot;
  }
  if (page.alike == last_alike_) return lots_[last_lot_];
  if (const KnownLot& known = KnownLotOf(page.alike); known.alike == page.alike) {
    last_lot_ = known.lot;
  } else {
    if (lots_.size() > limits::kLotsMax) {
      Settle();
      ForgetLots();
    }
    last_lot_ = lots_.size();
    lots_.emplace_back().facts = AlikeFacts(page);
    known_lots_[page.alike % limits::kKnownLots] = {page.alike, last_lot_};
  }
  last_alike_ = page.alike;
  return lots_[last_lot_];
}

void Tally::AddPage(const index::ScannedPage& page) {
  const index::CaptureView& capture = *page.capture;
  // Files with a fixed place are told by AddHostRow().
  if (capture.well_known) return;
  const Position position = Place(page);
  if (position.host != open_at_.host || position.domain != open_at_.domain) {
    Settle();
    open_at_ = position;
    open_domain_ = HasKey(page) ? capture.domain : std::string_view();
  }
  Lot& lot = LotOf(page);
  if (lot.amount.captures == 0) open_.push_back(static_cast<std::size_t>(&lot - lots_.data()));
  ++lot.amount.captures;
  lot.amount.payload_bytes += capture.payload_bytes;
  lot.amount.text_bytes += lot.facts.repeats ? 0 : capture.text_bytes;
  if (capture.extent.inner_offset == 0) {
    lot.record_bytes += capture.extent.length;
  } else {
    ++lot.shared_unit_captures;
  }
  urls.Add(position.url);
  if (lot.facts.is_page) page_urls.Add(position.url);
  AddDate(capture, lot);
}

void Tally::AddDate(const index::CaptureView& capture, Lot& lot) {
  const std::optional<int> month = capture.date ? MonthOf(*capture.date) : std::nullopt;
  if (!month) {
    ++undated;
    return;
  }
  Extend(capture.date, lot.first, lot.last);
  const auto place = static_cast<std::size_t>(*month - kFirstMonth);
  if (place >= by_month_.size()) by_month_.resize(place + 1);
  MonthCount& count = by_month_[place];
  ++count.captures;
  count.pages += lot.facts.is_page ? 1U : 0U;
  count.payload_bytes += capture.payload_bytes;
}

void Tally::Settle() {
  for (const std::size_t i : open_) CountAndEmpty(lots_[i]);
  open_.clear();
}

void Tally::SettleMonths() {
  for (std::size_t i = 0; i < by_month_.size(); ++i) {
    const MonthCount& from = by_month_[i];
    if (from.captures > 0) AddMonth(kFirstMonth + static_cast<int>(i), from);
  }
  by_month_ = {};
}

void Tally::AddMonth(int month, const MonthCount& count) {
  MonthCount& mine = months[month];
  mine.captures += count.captures;
  mine.pages += count.pages;
  mine.payload_bytes += count.payload_bytes;
}

void Tally::Rest() {
  Settle();
  SettleMonths();
  ForgetLots();
  lots_.shrink_to_fit();
  hosts.Rest();
}

void Tally::ForgetLots() {
  lots_.resize(1);
  known_lots_.assign(limits::kKnownLots, {});
  last_alike_ = 0;
}

void Tally::CountAndEmpty(Lot& lot) {
  if (lot.amount.captures > 0) Count(lot);
  lot.amount = {};
  lot.record_bytes = lot.shared_unit_captures = 0;
  lot.first.reset();
  lot.last.reset();
}

void Tally::Count(const Lot& lot) {
  const AlikeFacts& facts = lot.facts;
  const Amount& amount = lot.amount;
  CountCaptures(lot);
  if (facts.is_page) CountPages(facts, amount);
  if (facts.verdict) {
    verdicts.Add(*facts.verdict, facts.is_page, amount, open_at_);
    if (facts.taken_down) {
      verdicts.AddTakenDown(*facts.verdict, facts.is_page, amount, open_at_);
    }
  }
  domains.Add({.domain = open_domain_,
               .host_ordinal = open_at_.host,
               .amount = amount,
               .first = lot.first,
               .last = lot.last,
               .modality = facts.modality,
               .is_page = facts.is_page,
               .judged = facts.verdict.has_value(),
               .usable = facts.verdict && facts.verdict->usable});
}

void Tally::CountCaptures(const Lot& lot) {
  const AlikeFacts& facts = lot.facts;
  const Amount& amount = lot.amount;
  captures.Add(amount, open_at_);
  const auto type_bit = static_cast<unsigned>(facts.record_type);
  const auto type = static_cast<std::size_t>(std::countr_zero(type_bit));
  record_types[std::min(type, kRecordTypeCount - 1)] += amount.captures;
  status_classes[StatusClass(facts.status)] += amount.captures;
  if (facts.status >= 100 && facts.status <= 599) statuses[facts.status] += amount.captures;
  record_bytes += lot.record_bytes;
  shared_unit_captures += lot.shared_unit_captures;
  Extend(lot.first, first, last);
  Extend(lot.last, first, last);
  if (facts.modality) {
    media_types.Add(facts.content_type, amount, open_at_);
    modalities[static_cast<std::size_t>(*facts.modality)].Add(amount, open_at_);
  }
  if (!facts.truncated.empty()) truncated.Add(facts.truncated, amount, open_at_);
  for (const std::string& note : facts.notes) notes.Add(note, amount, open_at_);
}

void Tally::CountPages(const AlikeFacts& facts, const Amount& amount) {
  pages.Add(amount, open_at_);
  languages.Add(facts.language, amount, open_at_);
  language_sources.Add(facts.language_source, amount, open_at_);
  charsets.Add(facts.charset, amount, open_at_);
  for (const std::string& one : facts.licences) licences.Add(one, amount, open_at_);
  if (facts.page_licence) pages_with_licence.Add(amount, open_at_);
  if (!facts.licences.empty()) pages_with_any_licence.Add(amount, open_at_);
  for (const PageStatement& one : facts.statements) statements[one].Add(amount, open_at_);
  for (const AlikeFacts::FamilySays& one : facts.families) families[one].Add(amount, open_at_);
  if (!facts.statements.empty()) pages_with_statement.Add(amount, open_at_);
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
  Settle();
  right.Settle();
  right.SettleMonths();
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
  for (const auto& [month, count] : right.months) AddMonth(month, count);
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
  Settle();
  SettleMonths();
  hosts.Finish();
  domains.Finish();
}

index::ScanOptions ScanFor(index::ScanOptions options) {
  options.codes_only = true;
  options.bodies_read = false;  // HostTally reads them
  options.number_bodies = true;
  options.number_alike = true;
  options.parts =
      static_cast<index::RowParts>(index::kRowHost | index::kRowStatements | index::kRowLanguages);
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
