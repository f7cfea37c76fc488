#include "index/internal/judge.h"

#include <algorithm>

#include "index/limits.h"
#include "index/schema.h"
#include "page/url.h"
#include "robots/verdict.h"

namespace crawlcard::index {
namespace {

constexpr UnixSeconds kDaySeconds = 86'400;

robots::Carrier CarrierOf(const page::Licence& licence) {
  if (licence.location == "http-link") return robots::Carrier::kHttpHeader;
  if (licence.location == "link-rel") return robots::Carrier::kHtmlLink;
  if (licence.location.starts_with("meta")) return robots::Carrier::kHtmlMeta;
  if (licence.location == "json-ld") return robots::Carrier::kJsonLd;
  return robots::Carrier::kHtmlBody;
}

robots::SignalConfidence ConfidenceOf(page::Confidence confidence) {
  return static_cast<robots::SignalConfidence>(confidence);
}

// A licence as a statement: robots/verdict.h says which member means what.
robots::Signal SignalOf(const page::Licence& licence) {
  robots::Signal signal;
  signal.family = robots::Family::kLicence;
  signal.carrier = CarrierOf(licence);
  signal.confidence = ConfidenceOf(licence.confidence);
  signal.location = licence.location;
  signal.agent = "*";
  signal.scope = licence.scope;
  signal.key = licence.spdx.empty() ? licence.name : licence.spdx;
  signal.value = licence.url;
  signal.raw = licence.raw;
  signal.flags = licence.flags;
  return signal;
}

// A statement whose weight another document or the day decides.
bool HangsOnMore(const robots::Statement& statement) {
  const robots::Signal& signal = statement.signal;
  return signal.key == "unavailable_after" ||
         (signal.family == robots::Family::kTdmrep && !signal.condition.empty());
}

}  // namespace

int RankOf(const CaptureView& capture) {
  if (capture.record_type == warc::RecordType::kConversion) return 3;
  return static_cast<int>(capture.via);
}

CaptureView MergeUnchanged(const CaptureView& capture, const CaptureView& earlier, Arena& arena) {
  CaptureView merged = capture;
  std::pmr::vector<robots::Signal> signals(&arena);
  signals.assign(capture.signals.begin(), capture.signals.end());
  for (const robots::Signal& signal : earlier.signals) {
    if (signal.carrier != robots::Carrier::kHttpHeader) signals.push_back(signal);
  }
  merged.signals = arena.CopySpan(std::span<const robots::Signal>(signals));
  merged.licences = earlier.licences;
  merged.rights = earlier.rights;
  merged.languages = earlier.languages;
  merged.content_type = earlier.content_type;
  merged.identified_type = earlier.identified_type;
  merged.charset = earlier.charset;
  merged.is_html = earlier.is_html;
  merged.text_bytes = earlier.text_bytes;
  return merged;
}

PageJudge::PageJudge(const JudgeOptions& options, NamedDocuments& documents)
    : options_(options), documents_(documents) {
  question_.use = options.use;
  question_.agents = options.agents;
  question_.dialect = options.dialect;
}

void PageJudge::AddSignals(const CaptureView& capture, bool with_headers,
                           const robots::Evidence& evidence) {
  for (const robots::Signal& signal : capture.signals) {
    if (!with_headers && signal.carrier == robots::Carrier::kHttpHeader) continue;
    // What a licence document says about others is asked when they are judged.
    const bool content = capture.document == robots::DocumentKind::kRsl &&
                         signal.carrier == robots::Carrier::kRslDocument;
    if (content) continue;
    statements_.push_back({signal, &evidence});
  }
}

void PageJudge::AddLicences(const CaptureView& capture, const robots::Evidence& evidence) {
  for (const page::Licence& licence : capture.licences) {
    statements_.push_back({SignalOf(licence), &evidence});
  }
}

void PageJudge::AddCoverage(const CaptureView* capture, const CaptureView* earlier) {
  robots::Coverage page;
  page.carrier = "page";
  if (capture == nullptr) {
    page.state = "not-asked";
  } else {
    page.date = capture->date;
    const bool seen = !IsUnchanged(*capture) || earlier != nullptr;
    const CaptureView& shown = earlier != nullptr ? *earlier : *capture;
    page.state = !seen ? "unresolved"  // unchanged since a capture that is not here
                 : capture->status == 0 ? "ok"
                 : IsUnchanged(*capture)
                     ? "ok"
                     : robots::FetchStateName(robots::FetchStateFromStatus(capture->status));
    // Nobody looked at the body: what it says of rights is not known.
    if (page.state == "ok" && shown.via != Via::kWarc) page.state = "partial";
  }
  coverage_.push_back(std::move(page));
}

Status PageJudge::AddLicenceDocuments(std::string_view url) {
  places_.clear();
  bool page_speaks = false;
  bool page_broken = false;
  for (const robots::Statement& statement : statements_) {
    const robots::Signal& signal = statement.signal;
    if (signal.family != robots::Family::kRsl) continue;
    // A licence inside the page or file.
    page_speaks = page_speaks || (signal.use != robots::Axis::kNone && signal.scope.empty());
    page_broken = page_broken || signal.key == robots::kRslBrokenKey;
    const std::optional<robots::RslScopeKind> scope = robots::NamesLicence(signal);
    if (!scope || places_.size() >= limits::kNamedDocumentsMax) continue;
    robots::NamedLicence place;
    place.scope = *scope;
    place.named_at = arena_.Copy(std::string(robots::CarrierName(signal.carrier)) + ' ' +
                                 std::string(signal.location));
    CRAWLCARD_ASSIGN(std::shared_ptr<const NamedDocument> document,
                     documents_.Find(signal.value, question_.as_of));
    if (document != nullptr) {
      place.evidence = &document->evidence;
      const bool answered = document->status >= 200 && document->status < 300;
      place.state = answered ? robots::LicenceState::kBroken : robots::LicenceState::kUnavailable;
      if (document->kind == robots::DocumentKind::kRsl) place.document = &document->rsl;
      const UnixSeconds age = question_.as_of - document->evidence.date;
      if (question_.as_of != 0) place.age_days = static_cast<std::uint32_t>(age / kDaySeconds);
      held_.push_back(std::move(document));
    }
    places_.push_back(place);
  }
  if (places_.empty() && !page_broken) return {};
  robots::LicenceState state = robots::CollectRsl(places_, url, page_speaks, arena_, statements_);
  if (page_broken) state = robots::LicenceState::kBroken;
  coverage_.push_back({std::string(robots::kRslCarrier),
                       std::string(robots::LicenceStateName(state)), std::nullopt});
  return {};
}

Status PageJudge::AddPolicyDocuments(std::string_view url) {
  const std::size_t collected = statements_.size();
  for (std::size_t i = 0; i < collected; ++i) {
    const robots::Signal& signal = statements_[i].signal;
    if (signal.family != robots::Family::kTdmrep || signal.condition.empty()) continue;
    if (held_.size() >= limits::kNamedDocumentsMax) break;
    // A policy is processed beside a reservation alone (signals.md 4.1).
    if (signal.says != robots::Says::kDeny) continue;
    CRAWLCARD_ASSIGN(std::shared_ptr<const NamedDocument> document,
                     documents_.Find(page::ResolveUrl(url, signal.condition), question_.as_of));
    robots::Coverage coverage;
    coverage.carrier = "tdm-policy";
    coverage.state = "not-asked";
    if (document != nullptr) {
      coverage.state = robots::FetchStateName(robots::FetchStateFromStatus(document->status));
      coverage.date = document->evidence.date;
      const robots::TdmOffer offer = robots::ReadTdmOffer(document->status, document->content_type,
                                                          document->body, signal.condition, arena_);
      if (offer.found) statements_.push_back({offer.signal, &document->evidence});
      held_.push_back(std::move(document));
    }
    coverage_.push_back(std::move(coverage));
  }
  return {};
}

Result<robots::Verdict> PageJudge::Judge(std::string_view url, std::string_view surt,
                                         UnixSeconds as_of, const CaptureView* capture,
                                         const CaptureView* earlier, HostHistory& history) {
  statements_.clear();
  coverage_.clear();
  held_.clear();
  arena_.Reset();
  question_.as_of = as_of;

  origin_.clear();
  if (!AppendOriginPrefix(url, surt, origin_)) origin_.clear();
  CRAWLCARD_ASSIGN(const robots::OriginSignals* origin, history.InForce(origin_, as_of));
  origin->Collect(url, question_, statements_, coverage_);

  robots::Evidence evidence;
  robots::Evidence earlier_evidence;
  if (capture != nullptr) {
    evidence = EvidenceOf(*capture);
    AddSignals(*capture, true, evidence);
    AddLicences(*capture, evidence);
  }
  if (earlier != nullptr) {
    earlier_evidence = EvidenceOf(*earlier);
    earlier_evidence.date = evidence.date;  // what was said before still held on this day
    AddSignals(*earlier, false, earlier_evidence);
    AddLicences(*earlier, earlier_evidence);
  }
  AddCoverage(capture, earlier);
  CRAWLCARD_TRY(AddLicenceDocuments(url));
  CRAWLCARD_TRY(AddPolicyDocuments(url));
  lasting_ = places_.empty() && std::none_of(statements_.begin(), statements_.end(), HangsOnMore);
  return robots::Judge(question_, statements_, coverage_, options_.policy);
}

}  // namespace crawlcard::index
