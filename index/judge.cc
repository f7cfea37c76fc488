#include "index/internal/judge.h"

#include "index/schema.h"
#include "robots/verdict.h"

namespace crawlcard::index {
namespace {

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

}  // namespace

bool IsUnchanged(const CaptureView& capture) {
  return capture.record_type == warc::RecordType::kRevisit || capture.status == 304;
}

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
  merged.languages = earlier.languages;
  merged.content_type = earlier.content_type;
  merged.identified_type = earlier.identified_type;
  merged.charset = earlier.charset;
  merged.is_html = earlier.is_html;
  merged.text_bytes = earlier.text_bytes;
  return merged;
}

PageJudge::PageJudge(const JudgeOptions& options) : options_(options) {
  question_.use = options.use;
  question_.agents = options.agents;
  question_.dialect = options.dialect;
}

void PageJudge::AddSignals(const CaptureView& capture, bool with_headers,
                           const robots::Evidence& evidence) {
  for (const robots::Signal& signal : capture.signals) {
    if (!with_headers && signal.carrier == robots::Carrier::kHttpHeader) continue;
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
    page.state = !seen ? "unresolved"  // unchanged since a capture that is not here
                 : capture->status == 0 ? "ok"
                 : IsUnchanged(*capture)
                     ? "ok"
                     : robots::FetchStateName(robots::FetchStateFromStatus(capture->status));
  }
  coverage_.push_back(std::move(page));
}

Result<robots::Verdict> PageJudge::Judge(std::string_view url, std::string_view surt,
                                         UnixSeconds as_of, const CaptureView* capture,
                                         const CaptureView* earlier, HostHistory& history) {
  statements_.clear();
  coverage_.clear();
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
  return robots::Judge(question_, statements_, coverage_, options_.policy);
}

}  // namespace crawlcard::index
