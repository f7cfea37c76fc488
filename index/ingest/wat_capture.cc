// index/ingest/wat_capture.cc - the captures of WAT files: the part of FileObserver that makes
// facts of what an extractor saw. docs/formats/wat.md says what that is, and what it is not.

#include <algorithm>
#include <array>

#include "base/text.h"
#include "index/ingest/file_observer.h"
#include "index/limits.h"
#include "robots/limits.h"
#include "robots/rsl.h"
#include "robots/rsl_places.h"

namespace crawlcard::index {
namespace {

// Extractors kept one value of a repeated field before CC-MAIN-2024-51 (2024-12-01).
constexpr UnixSeconds kRepeatsShownSince = 1'733'011'200;

// "crawl-data/ID/segments/S/wat/B.warc.wat.gz" names the records of
// "crawl-data/ID/segments/S/warc/B.warc.gz", of which the container gives the last part.
std::string ContainerName(std::string_view wat_file, std::string_view container_file) {
  constexpr std::string_view kDirectory = "/wat/";
  const std::size_t name = wat_file.rfind('/') + 1;
  const bool swap = container_file.find('/') == std::string_view::npos &&
                    wat_file.substr(0, name).ends_with(kDirectory);
  if (!swap) return std::string(container_file);
  std::string out(wat_file.substr(0, name - kDirectory.size()));
  out += "/warc/";
  out += container_file;
  return out;
}

// WAT gives no lines: where a statement stood is said without one.
std::string_view PlaceName(robots::Carrier carrier) {
  switch (carrier) {
    case robots::Carrier::kHttpHeader:
      return "header";
    case robots::Carrier::kHtmlMeta:
      return "meta";
    default:
      return "link";
  }
}

}  // namespace

Status FileObserver::TakeWat(const warc::RecordView& record) {
  if (record.block.size() < record.block_bytes) {
    CountNotes(record);
    return Damage(Error(ErrorCode::kTooLarge,
                        "WAT record of " + std::to_string(record.block_bytes) + " bytes")
                      .At(record.extent.offset));
  }
  const Result<const WatRecord*> wat = wat_reader_.Read(record.block, record.padded);
  if (!wat || *wat == nullptr) CountNotes(record);
  if (!wat) {
    Error error = wat.error();
    error.At(record.extent.offset);
    return Damage(std::move(error));
  }
  if (*wat == nullptr) return {};
  CRAWLCARD_TRY(Finish());
  BeginWat(record, **wat);
  return Finish();
}

void FileObserver::BeginWat(const warc::RecordView& record, const WatRecord& wat) {
  StartCapture(record);
  capture_.via = Via::kWat;
  capture_.record_type = wat.type;
  TakeWatContainer(wat);
  capture_.date = ParseRfc3339(wat.date);
  capture_.identified_type = arena_.Copy(wat.identified_type);
  capture_.truncated = arena_.Copy(wat.truncated);
  capture_.digest =
      arena_.Copy(wat.payload_digest.empty() ? wat.entity_digest : wat.payload_digest);
  capture_.status = wat.status;
  SetAddress(wat.url);
  if (!capture_.date) notes_.emplace_back("index.no_date");
  if (options_.verify_digests) VerifyDigests(record, record.block, record.block);

  ObserveWat(wat);
  capture_.payload_bytes = wat.entity_length;
  html_lang_ = arena_.Copy(Utf8Prefix(wat.html_lang, limits::kCharsetBytesMax));
  ListWatUnobserved(record, wat);
  for (robots::Signal& signal : signals_) signal.location = PlaceName(signal.carrier);
}

void FileObserver::TakeWatContainer(const WatRecord& wat) {
  if (wat.container_file.empty() || wat.container_file.size() > limits::kKeyUrlBytesMax) {
    notes_.emplace_back("wat.no_container");
    return;
  }
  capture_.container.file = arena_.Copy(ContainerName(file_name_, wat.container_file));
  capture_.container.offset = wat.container_offset;
  capture_.container.length = wat.container_length;
  capture_.container.record_id = arena_.Copy(wat.record_id);
}

void FileObserver::ObserveWat(const WatRecord& wat) {
  page::HttpHead head;
  head.status = wat.status;
  head.fields = wat.fields;
  page::Outline outline;
  outline.url = capture_.url;
  outline.identified_type = capture_.identified_type;
  outline.base = wat.base;
  if (wat.has_http) {
    outline.head = &head;
    SetRedirect(head);
    ObserveHttpFields(head);
  }
  if (wat.has_html && wat.type == warc::RecordType::kResponse) {
    outline.metas = wat.metas;
    outline.links = wat.links;
  }
  const page::PageFacts facts = outline_observer_.Observe(outline, arena_);
  TakeFacts(facts);
  licences_.assign(facts.licences.begin(), facts.licences.end());
  capture_.rights = facts.rights;
  ObserveMetas(facts);
  NameRslLinks(facts);
}

// Link elements that name an RSL licence; those are taken as standing in the head.
void FileObserver::NameRslLinks(const page::PageFacts& facts) {
  std::vector<robots::HtmlRslElement> elements;
  for (const page::RightsLink& link : facts.rights_links) {
    if (!link.type.starts_with("application/rsl+xml")) continue;
    elements.push_back({false, link.rel, link.type, link.href, {}, "head", 0});
  }
  if (elements.empty()) return;
  const robots::RslPlaces places = robots::RslPlacesInHtml(elements, capture_.url, arena_);
  AddNotes(places.flags);
  for (const robots::RslCandidate& candidate : places.candidates) {
    robots::Signal signal;
    signal.family = robots::Family::kRsl;
    signal.carrier = robots::Carrier::kHtmlLink;
    signal.agent = "*";
    signal.key = robots::kRslLicenceKey;
    signal.value = candidate.url;
    signal.raw = Utf8Prefix(candidate.url, robots::limits::kRawBytesMax);
    signals_.push_back(signal);
  }
}

// What this source cannot show, and what it could have shown and did not.
void FileObserver::ListWatUnobserved(const warc::RecordView& record, const WatRecord& wat) {
  const std::optional<UnixSeconds> made = record.date();
  const bool one_value = !wat.repeats_shown && (!made || *made < kRepeatsShownSince);
  const bool html_missing = capture_.is_html && !wat.has_html;
  // In the order of the alphabet.
  std::array<std::string_view, 10> words;
  std::size_t count = 0;
  const auto add = [&](std::string_view word) { words[count++] = word; };
  add("body");
  add("charset");
  add("html-body");
  if (html_missing || wat.damaged_html || wat.dropped_links) add("html-link");
  if (html_missing || wat.damaged_html || wat.dropped_metas) add("html-meta");
  if (!wat.has_http || wat.damaged_fields || wat.dropped_fields) {
    add("http-header");
  } else if (one_value) {
    add("http-header-repeats");
  }
  add("json-ld");
  add("language");
  add("text");
  capture_.unobserved = arena_.CopySpan(std::span<const std::string_view>(words.data(), count));

  if (wat.damaged_envelope || wat.damaged_fields || wat.damaged_html) {
    notes_.emplace_back("wat.bad_member");
  }
  if (html_missing) notes_.emplace_back("wat.no_html");
  if (wat.dropped_fields) notes_.emplace_back("http.too_many_fields");
  if (wat.dropped_metas) notes_.emplace_back("html.metas_dropped");
  if (wat.dropped_links) notes_.emplace_back("wat.links_dropped");
}

}  // namespace crawlcard::index
