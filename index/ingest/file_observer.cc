#include "index/ingest/file_observer.h"

#include <algorithm>
#include <array>
#include <utility>

#include "base/digest.h"
#include "base/text.h"
#include "index/ingest/payload.h"
#include "index/internal/warc_fields.h"
#include "index/limits.h"
#include "index/schema.h"
#include "page/limits.h"
#include "page/public_suffix.h"
#include "page/surt.h"
#include "page/url.h"
#include "warc/digest.h"

namespace crawlcard::index {
namespace {

using warc::RecordType;

// What a source of a kind cannot show: not observed is never absent.
constexpr std::array<std::string_view, 1> kRevisitUnobserved{"body"};
constexpr std::array<std::string_view, 3> kConversionUnobserved{"body", "html", "http-header"};

page::ObserveOptions PageOptions(const ObserveFileOptions& options) {
  page::ObserveOptions page_options;
  page_options.text_sample_bytes =
      options.language == LanguageMode::kSample ? page::limits::kLanguageSampleBytesMax : 0;
  return page_options;
}

// True when the block of a response holds an HTTP message; others are dns, gemini and the like.
bool HoldsHttp(const warc::RecordView& record) {
  if (record.block.starts_with("HTTP/")) return true;
  const std::string_view type = record.Field("Content-Type");
  return StartsWithIgnoreCase(type, "application/http") ||
         StartsWithIgnoreCase(type, "message/http");
}

void CountName(NameCounts& counts, std::string_view name) {
  // Notes are words of ours, some hundred: more would be a bug in a reader, not a reason to grow.
  constexpr std::size_t kNamesMax = 1000;
  const auto found = counts.find(name);
  if (found != counts.end()) {
    ++found->second;
  } else if (counts.size() < kNamesMax) {
    counts.emplace(name, 1);
  }
}

// The header of the record, or of the capture's payload, may hold a digest of the payload.
std::string_view ClaimedDigest(const warc::RecordView& record, bool block_is_payload) {
  const std::string_view payload = record.Field("WARC-Payload-Digest");
  return payload.empty() && block_is_payload ? record.Field("WARC-Block-Digest") : payload;
}

}  // namespace

FileObserver::FileObserver(std::string_view file_name, const ObserveFileOptions& options,
                           const ObserveHandlers& handlers)
    : file_name_(file_name),
      options_(options),
      handlers_(handlers),
      page_observer_(PageOptions(options)) {}

Status FileObserver::Take(const warc::RecordView& record) {
  CountRecord(record.type);
  switch (record.type) {
    case RecordType::kResponse:
    case RecordType::kRevisit:
    case RecordType::kResource:
    case RecordType::kConversion:
      CRAWLCARD_TRY(Finish());
      Begin(record);
      return {};
    case RecordType::kMetadata:
      // A WAT file's metadata records are JSON and describe other records.
      if (StartsWithIgnoreCase(record.Field("Content-Type"), "application/json")) {
        if (WatReader::MayBeWat(record.block)) return TakeWat(record);
      } else if (const CrawlFields crawl = CrawlFieldsOf(record); crawl.TellsOfFailure()) {
        CRAWLCARD_TRY(Finish());
        if (BeginUnanswered(record, crawl)) return {};
      } else if (BelongsToPending(record)) {
        TakeMetadata(record);
      }
      break;
    case RecordType::kWarcinfo:
      TakeInfo(record);
      break;
    case RecordType::kRequest:
    case RecordType::kContinuation:
    case RecordType::kUnknown:
      break;
  }
  CountNotes(record);
  return {};
}

void FileObserver::CountRecord(RecordType type) {
  ++observed_.counts.records;
  ++types_[static_cast<std::size_t>(std::countr_zero(static_cast<unsigned>(type)))];
}

ObservedFile& FileObserver::observed() {
  for (std::size_t i = 0; i < types_.size(); ++i) {
    const std::uint64_t count = std::exchange(types_[i], 0);
    const std::string_view name = warc::RecordTypeName(static_cast<RecordType>(1U << i));
    if (count != 0) observed_.counts.types[std::string(name)] += count;
  }
  return observed_;
}

void FileObserver::CountNotes(const warc::RecordView& record) {
  for (const std::string_view note : record.notes) CountName(observed_.counts.notes, note);
}

// Forgets the capture before; the place and the record's notes are those of `record`.
void FileObserver::StartCapture(const warc::RecordView& record) {
  arena_.Reset();
  signals_.clear();
  licences_.clear();
  notes_.clear();
  archive_languages_.reset();
  text_sample_ = {};
  html_lang_ = {};
  capture_ = {};
  held_body_.clear();
  pending_ = true;

  capture_.file = file_name_;
  capture_.extent = record.extent;
  capture_.record_id = arena_.Copy(record.record_id());
  AddNotes(record.notes);
}

void FileObserver::Begin(const warc::RecordView& record) {
  StartCapture(record);
  capture_.record_type = record.type;
  capture_.date = record.date();
  capture_.identified_type = arena_.Copy(record.Field("WARC-Identified-Payload-Type"));
  capture_.truncated = arena_.Copy(record.Field("WARC-Truncated"));
  SetAddress(record.target_uri());
  if (!capture_.date) notes_.emplace_back("index.no_date");

  if (record.type == RecordType::kConversion) {
    TakeConversion(record);
  } else if (record.type == RecordType::kResource || !HoldsHttp(record)) {
    TakePlain(record);
  } else {
    TakeHttp(record);
  }
}

void FileObserver::SetAddress(std::string_view url) {
  capture_.url = arena_.Copy(url);
  if (capture_.url.empty()) notes_.emplace_back("index.no_url");
  if (capture_.url.size() > limits::kKeyUrlBytesMax) {
    notes_.emplace_back("index.url_too_long");
    return;
  }
  if (capture_.url.empty()) return;
  scratch_.clear();
  const bool has_surt = page::AppendSurtKey(capture_.url, page::SurtFlavour::kJava, scratch_);
  if (has_surt && scratch_ != "-") capture_.surt = arena_.Copy(scratch_);
  const std::optional<page::UrlParts> parts = page::SplitUrl(capture_.url);
  if (parts) capture_.host = arena_.Copy(page::HostOf(*parts, scratch_));
  if (!capture_.host.empty()) capture_.domain = page::RegistrableDomainView(capture_.host);

  // Only who saw the body of a file can say what its origin said.
  if (capture_.record_type == RecordType::kConversion || capture_.via != Via::kWarc) return;
  if (!parts || !parts->has_authority) return;
  const robots::WellKnownMatch match = robots::WellKnownFromPath(parts->path);
  if (!match.found) return;
  capture_.well_known = match.file;
  if (!IsHostRow(capture_)) capture_.well_known.reset();
}

// --- HTTP messages ------------------------------------------------------------------------------

void FileObserver::TakeHttp(const warc::RecordView& record) {
  const page::HttpHead head = page::ParseHttpHead(record.block, arena_);
  AddNotes(head.notes);
  capture_.status = head.status;
  capture_.digest = arena_.Copy(ClaimedDigest(record, false));
  SetRedirect(head);
  ObserveHttpFields(head);
  if (capture_.well_known) capture_.fetch_state = robots::FetchStateFromStatus(head.status);

  if (record.type == RecordType::kRevisit) {
    // The body is in the record it refers to; what this one holds is the head alone.
    capture_.content_type = page::ParseContentType(head.Field("Content-Type"), arena_).essence;
    capture_.unobserved = kRevisitUnobserved;
    return;
  }
  const std::string_view raw = record.block.substr(std::min(head.head_bytes, record.block.size()));
  const page::HttpBody body = page::DecodeHttpBody(head, raw, body_scratch_, arena_);
  AddNotes(body.notes);
  if (options_.verify_digests) VerifyDigests(record, raw, body.bytes);

  page::Response response;
  response.url = capture_.url;
  response.head = &head;
  response.content_type = head.Field("Content-Type");
  response.identified_type = capture_.identified_type;
  response.body = body.bytes;
  response.truncated = !capture_.truncated.empty() || record.block.size() < record.block_bytes;
  ObserveFacts(response);
  if (capture_.well_known) TakeWellKnown(body.bytes);
  HoldBody(body.bytes);
}

// Text that may turn out to be the answer to a question for a well-known file: the crawl that
// followed the redirects says so in the metadata record that comes next.
void FileObserver::HoldBody(std::string_view body) {
  const bool answered = capture_.status >= 200 && capture_.status < 300;
  const bool text = capture_.content_type.empty() || capture_.content_type == "text/plain" ||
                    capture_.content_type == "application/json";
  const bool kept = capture_.well_known || !capture_.body_sha256.empty();
  if (!answered || kept || !text || body.size() > limits::kBlobBytesMax) return;
  held_body_.assign(body);
}

void FileObserver::SetRedirect(const page::HttpHead& head) {
  if (head.status < 300 || head.status > 399 || head.status == 304) return;
  const std::string_view location = head.Field("Location");
  if (location.empty()) return;
  if (location.size() > limits::kKeyUrlBytesMax) {
    notes_.emplace_back("index.redirect_too_long");
    return;
  }
  capture_.redirect = arena_.Copy(page::ResolveUrl(capture_.url, location));
}

void FileObserver::ObserveHttpFields(const page::HttpHead& head) {
  named_values_.clear();
  bool any = false;
  for (const page::HttpField& field : head.fields) {
    if (!robots::IsSignalHeader(field.name)) continue;
    any = any || robots::StatesSignal(field.name);
    named_values_.push_back({field.name, field.value, field.line, true, false});
  }
  if (!any) return;
  // The record's buffer is gone before the capture is handed out.
  for (robots::NamedValue& field : named_values_) {
    field.name = arena_.Copy(field.name);
    field.value = arena_.Copy(field.value);
  }
  robots::SignalList found(&arena_);
  robots::ObserveHeaders(named_values_, capture_.url, arena_, found);
  signals_.insert(signals_.end(), found.begin(), found.end());
}

// --- records without an HTTP head ---------------------------------------------------------------

void FileObserver::TakePlain(const warc::RecordView& record) {
  const std::string_view type = record.Field("Content-Type");
  capture_.digest = arena_.Copy(ClaimedDigest(record, true));
  capture_.content_type = page::ParseContentType(type, arena_).essence;
  if (record.type == RecordType::kRevisit) {
    capture_.unobserved = kRevisitUnobserved;
    return;
  }
  if (options_.verify_digests) VerifyDigests(record, record.block, record.block);

  page::Response response;
  response.url = capture_.url;
  response.content_type = type;
  response.identified_type = capture_.identified_type;
  response.body = record.block;
  response.truncated = !capture_.truncated.empty() || record.block.size() < record.block_bytes;
  ObserveFacts(response);
  if (!capture_.well_known) return;
  // A resource record is what somebody saved: there was no answer to judge by.
  capture_.fetch_state = record.type == RecordType::kResource ? robots::FetchState::kOk
                                                              : robots::FetchState::kUnreachable;
  TakeWellKnown(record.block);
}

// WET: text that an extractor made of a page. It shows the text and its languages, nothing else.
void FileObserver::TakeConversion(const warc::RecordView& record) {
  const std::string_view type = record.Field("Content-Type");
  capture_.digest = arena_.Copy(ClaimedDigest(record, true));
  capture_.unobserved = kConversionUnobserved;
  if (options_.verify_digests) VerifyDigests(record, record.block, record.block);

  page::Response response;
  response.url = capture_.url;
  response.content_type = type;
  response.body = record.block;
  const page::PageFacts facts = page_observer_.Observe(response, arena_);
  TakeFacts(facts);
  capture_.is_html = false;
  if (options_.language == LanguageMode::kOff) return;

  // "spa,eng": most covered first.
  std::string_view rest = record.Field("WARC-Identified-Content-Language");
  constexpr std::size_t kLanguagesMax = 3;
  std::pmr::vector<page::Language> languages(&arena_);
  while (!rest.empty() && languages.size() < kLanguagesMax) {
    const std::size_t comma = std::min(rest.find(','), rest.size());
    const std::string_view code = TrimAscii(rest.substr(0, comma));
    constexpr std::size_t kCodeBytesMax = 16;
    if (!code.empty() && code.size() <= kCodeBytesMax) languages.push_back({arena_.Copy(code), 0});
    rest.remove_prefix(std::min(comma + 1, rest.size()));
  }
  if (languages.empty()) return;
  page::LanguageGuess guess;
  guess.source = page::LanguageSource::kArchive;
  guess.languages = arena_.CopySpan(std::span<const page::Language>(languages));
  archive_languages_ = guess;
}

// --- facts --------------------------------------------------------------------------------------

void FileObserver::ObserveFacts(const page::Response& response) {
  const page::PageFacts facts = page_observer_.Observe(response, arena_);
  TakeFacts(facts);
  licences_.assign(facts.licences.begin(), facts.licences.end());
  capture_.rights = facts.rights;
  ObserveMetas(facts);
  if (!capture_.well_known) ObservePayloadOf(response, facts);
}

void FileObserver::TakeFacts(const page::PageFacts& facts) {
  capture_.content_type = facts.content_type;
  capture_.charset = facts.charset;
  capture_.is_html = facts.is_html;
  capture_.payload_bytes = facts.payload_bytes;
  capture_.text_bytes = facts.text_bytes;
  text_sample_ = facts.text_sample;
  html_lang_ = facts.html_lang;
  AddNotes(facts.notes);
}

void FileObserver::ObserveMetas(const page::PageFacts& facts) {
  if (facts.metas.empty()) return;
  named_values_.clear();
  for (const page::Meta& meta : facts.metas) {
    named_values_.push_back({meta.name, meta.content, meta.line, meta.where == page::Where::kHead,
                             meta.attribute == "property"});
  }
  robots::SignalList found(&arena_);
  robots::ObserveMetas(named_values_, capture_.url, arena_, found);
  signals_.insert(signals_.end(), found.begin(), found.end());
}

void FileObserver::ObservePayloadOf(const page::Response& response, const page::PageFacts& facts) {
  const PayloadStatements found = ObservePayload(response, facts, arena_);
  signals_.insert(signals_.end(), found.signals.begin(), found.signals.end());
  licences_.insert(licences_.end(), found.licences.begin(), found.licences.end());
  AddNotes(found.notes);
  const bool answered = capture_.status == 0 || (capture_.status >= 200 && capture_.status < 300);
  if (found.document == robots::DocumentKind::kNone || !answered) return;
  capture_.document = found.document;
  KeepBody(arena_.Copy(response.body.substr(0, limits::kBlobBytesMax)));
}

// WARC 1.1 section 5.8: the payload is the body as sent; Common Crawl means the decoded one.
void FileObserver::VerifyDigests(const warc::RecordView& record, std::string_view raw,
                                 std::string_view body) {
  if (record.block.size() < record.block_bytes) return;
  const auto differs = [](std::string_view claim, std::string_view bytes) {
    return warc::CheckDigest(claim, bytes) == warc::DigestCheck::kMismatch;
  };
  const std::string_view payload = record.Field("WARC-Payload-Digest");
  if (differs(record.Field("WARC-Block-Digest"), record.block) ||
      (differs(payload, raw) && (body == raw || differs(payload, body)))) {
    notes_.emplace_back("warc.digest_mismatch");
  }
}

void FileObserver::AddNotes(std::span<const std::string_view> notes) {
  for (const std::string_view note : notes) notes_.push_back(arena_.Copy(note));
}

// --- about the file ------------------------------------------------------------------------------

void FileObserver::TakeInfo(const warc::RecordView& record) {
  FileInfo& info = observed_.info;
  const auto keep = [](std::string& to, std::string_view value) {
    if (to.empty()) to = Utf8Prefix(value, limits::kFileInfoBytesMax);
  };
  WarcFields fields(record.block);
  while (const std::optional<WarcFields::Field> field = fields.Next()) {
    if (EqualsIgnoreCase(field->name, "isPartOf")) keep(info.is_part_of, field->value);
    if (EqualsIgnoreCase(field->name, "software")) keep(info.software, field->value);
    if (EqualsIgnoreCase(field->name, "robots")) keep(info.robots, field->value);
    if (EqualsIgnoreCase(field->name, "operator")) keep(info.operator_name, field->value);
    if (EqualsIgnoreCase(field->name, "http-header-user-agent")) {
      keep(info.user_agent, field->value);
    }
    if (EqualsIgnoreCase(field->name, "description")) keep(info.description, field->value);
  }
}

// --- the end of a capture -----------------------------------------------------------------------

void FileObserver::ChooseLanguages() {
  if (archive_languages_) {
    capture_.languages = *archive_languages_;
    return;
  }
  if (options_.language != LanguageMode::kSample) return;
  // Pages and the text that was made of pages: lists of rules, scripts and logs are in no language.
  const bool is_page = capture_.is_html || capture_.record_type == RecordType::kConversion;
  if (is_page && !text_sample_.empty()) {
    capture_.languages = page::LanguagesFromSample(text_sample_, arena_);
    if (capture_.languages.source != page::LanguageSource::kNone) return;
  }
  if (!html_lang_.empty()) capture_.languages = page::LanguagesFromHtmlLang(html_lang_, arena_);
}

void FileObserver::FinishNotes() {
  std::sort(notes_.begin(), notes_.end());
  notes_.erase(std::unique(notes_.begin(), notes_.end()), notes_.end());
  capture_.notes = notes_;
  for (const std::string_view note : notes_) CountName(observed_.counts.notes, note);
}

Status FileObserver::Finish() {
  if (!pending_) return {};
  pending_ = false;
  ChooseLanguages();
  FinishNotes();
  capture_.signals = signals_;
  capture_.licences = licences_;
  ++observed_.counts.captures;
  if (!handlers_.on_capture) return {};
  return handlers_.on_capture(capture_);
}

Status FileObserver::Damage(Error error) {
  CRAWLCARD_TRY(Finish());
  ++observed_.counts.damaged;
  CountName(observed_.counts.errors, ErrorCodeName(error.code()));
  error.At(file_name_);
  if (handlers_.on_damage) handlers_.on_damage(error);
  return {};
}

}  // namespace crawlcard::index
