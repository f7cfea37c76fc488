#include "robots/named_document.h"

#include <algorithm>
#include <array>
#include <string>

#include "base/text.h"
#include "robots/internal/flags.h"
#include "robots/internal/url.h"
#include "robots/limits.h"
#include "robots/rsl.h"
#include "robots/tdm_policy.h"
#include "robots/tdmrep.h"

namespace crawlcard::robots {
namespace {

constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";
constexpr std::string_view kTdmVocabulary = "http://www.w3.org/ns/tdmrep";

bool IsJsonType(std::string_view content_type) {
  const std::string_view essence = TrimAscii(content_type.substr(0, content_type.find(';')));
  return EqualsIgnoreCase(essence, "application/json") ||
         EqualsIgnoreCase(essence, "application/ld+json");
}

// Which places go before which: the page and its response, then the group, then the site.
enum class Level : std::uint8_t { kPart, kPage, kGroup, kSite };
constexpr std::array<Level, 3> kWholeLevels = {Level::kPage, Level::kGroup, Level::kSite};

Level LevelOf(RslScopeKind scope) {
  switch (scope) {
    case RslScopeKind::kElement:
      return Level::kPart;
    case RslScopeKind::kDocument:
    case RslScopeKind::kResponse:
      return Level::kPage;
    case RslScopeKind::kGroup:
      return Level::kGroup;
    case RslScopeKind::kGlobal:
    case RslScopeKind::kNone:
      return Level::kSite;
  }
  return Level::kSite;
}

class LicenceCollector {
 public:
  LicenceCollector(std::span<const NamedLicence> places, std::string_view url, Arena& arena,
                   std::vector<Statement>& out)
      : places_(places), url_(url), arena_(arena), out_(out) {}

  LicenceState Run(bool page_speaks) {
    At(Level::kPart);  // evidence: a part does not speak for the page
    bool spoke = page_speaks;
    for (const Level level : kWholeLevels) {
      if (spoke && level != Level::kPage) break;
      spoke = At(level) || spoke;
    }
    return state_;
  }

 private:
  // True when a document at this level covers the URL.
  bool At(Level level) {
    bool spoke = false;
    for (const NamedLicence& place : places_) {
      if (LevelOf(place.scope) != level) continue;
      if (place.document == nullptr) {
        Missing(place);
      } else {
        spoke = Ask(place) || spoke;
      }
    }
    return spoke;
  }

  void Met(LicenceState state) { state_ = std::max(state_, state); }

  void Missing(const NamedLicence& place) {
    Met(place.state);
    unread_ = true;
    Signal signal;
    signal.family = Family::kRsl;
    signal.carrier = Carrier::kRslDocument;
    signal.agent = "*";
    signal.key = kRslLicenceKey;
    signal.location = place.named_at;
    const bool asked = place.state != LicenceState::kNotAsked;
    signal.flags = internal::WithFlags({}, {asked ? "rsl.no_document" : "rsl.not_fetched"}, arena_);
    out_.push_back({signal, place.evidence});
  }

  bool Ask(const NamedLicence& place) {
    const RslAnswer answer = EvaluateRsl(*place.document, url_);
    Met(answer.valid ? LicenceState::kOk : LicenceState::kBroken);
    const bool stale = !RslIsFresh(place.document->max_age_days, place.age_days);
    Signal base;
    base.carrier = Carrier::kRslDocument;
    base.location = place.named_at;
    base.scope = RslScopeName(place.scope);
    SignalList found(&arena_);
    AppendRslSignals(answer, base, arena_, found);
    const bool part = place.scope == RslScopeKind::kElement;
    for (Signal& signal : found) {
      if (stale) signal.flags = internal::WithFlags(signal.flags, {"rsl.stale"}, arena_);
      // What is unclear is read so that rights do not grow (signals.md 7.3 rule 6).
      const bool grants = signal.says == Says::kAllow;
      if (grants && (stale || unread_)) signal.says = Says::kNothing;
      if (part) KeepAsEvidence(signal);
      out_.push_back({signal, place.evidence});
    }
    unread_ = unread_ || !answer.valid;
    return answer.valid && answer.matched && !part;
  }

  std::span<const NamedLicence> places_;
  std::string_view url_;
  Arena& arena_;
  std::vector<Statement>& out_;
  LicenceState state_ = LicenceState::kNone;
  bool unread_ = false;  // a narrower or equal place could not be read
};

std::string OfferText(const TdmPolicy& policy) {
  std::string text;
  const auto add = [&text](std::string_view name, std::string_view value) {
    if (value.empty()) return;
    if (!text.empty()) text += "; ";
    text += name;
    text += '=';
    text += value;
  };
  for (const TdmPermission& permission : policy.permissions) {
    if (permission.action != "mine") continue;
    for (const std::string_view duty : permission.duties) add("duty", duty);
    add("purpose", permission.purpose);
    if (permission.other_constraint) add("constraint", "see policy");
  }
  add("contact", policy.contact);
  if (text.empty()) text = "terms of the policy";
  return text.substr(0, Utf8Prefix(text, limits::kRawBytesMax).size());
}

}  // namespace

std::string_view DocumentKindName(DocumentKind kind) {
  switch (kind) {
    case DocumentKind::kNone:
      return "";
    case DocumentKind::kRsl:
      return "rsl";
    case DocumentKind::kTdmPolicy:
      return "tdm-policy";
  }
  return "";
}

DocumentKind DetectDocument(std::string_view content_type, std::string_view body) {
  if (body.starts_with(kByteOrderMark)) body.remove_prefix(kByteOrderMark.size());
  const std::size_t start = body.find_first_not_of(" \t\r\n");
  if (start == std::string_view::npos) return DocumentKind::kNone;
  body.remove_prefix(start);
  if (body.front() == '{' && IsJsonType(content_type)) {
    const std::string_view head = body.substr(0, limits::kTdmPolicyBytesMax);
    return head.find(kTdmVocabulary) == std::string_view::npos ? DocumentKind::kNone
                                                               : DocumentKind::kTdmPolicy;
  }
  if (body.front() != '<') return DocumentKind::kNone;
  // The root element is near the top; pages, feeds and pictures may hold the namespace further
  // down.
  constexpr std::size_t kRootBytesMax = 4 * 1024;
  const std::string_view head = body.substr(0, kRootBytesMax);
  std::size_t at = 0;
  while (at != std::string_view::npos && at + 1 < head.size() &&
         (head[at + 1] == '?' || head[at + 1] == '!')) {
    const bool comment = head.substr(at).starts_with("<!--");
    const std::size_t end = head.find(comment ? "-->" : ">", at);
    at = end == std::string_view::npos ? end : head.find('<', end);
  }
  if (at == std::string_view::npos) return DocumentKind::kNone;
  const std::string_view root = head.substr(at, std::min(head.find('>', at), head.size()) - at);
  return root.find(kRslNamespace) == std::string_view::npos ? DocumentKind::kNone
                                                            : DocumentKind::kRsl;
}

void AppendRslContents(std::string_view body, Arena& arena, SignalList& signals_out) {
  const RslDocument document = ParseRsl(body, arena);
  if (document.contents.empty()) {
    Signal base;
    base.carrier = Carrier::kRslDocument;
    base.location = "document";
    RslAnswer answer;
    answer.flags.assign(document.flags.begin(), document.flags.end());
    return AppendRslSignals(answer, base, arena, signals_out);
  }
  std::size_t number = 0;
  for (const RslContent& content : document.contents) {
    Signal base;
    base.carrier = Carrier::kRslDocument;
    base.location = arena.Copy("content " + std::to_string(++number));
    base.scope = content.url;
    AppendRslSignals(EvaluateRslContent(document, content), base, arena, signals_out);
    if (signals_out.size() >= limits::kRslContentSignalsMax) break;
  }
}

std::string_view LicenceStateName(LicenceState state) {
  switch (state) {
    case LicenceState::kNone:
      return "";
    case LicenceState::kOk:
      return "ok";
    case LicenceState::kUnavailable:
      return "unavailable";
    case LicenceState::kNotAsked:
      return "not-asked";
    case LicenceState::kBroken:
      return kBrokenState;
  }
  return "";
}

std::optional<RslScopeKind> NamesLicence(const Signal& signal) {
  if (signal.family != Family::kRsl || signal.key != kRslLicenceKey) return std::nullopt;
  if (!internal::IsAbsoluteUrl(signal.value)) return std::nullopt;
  switch (signal.carrier) {
    case Carrier::kRobotsTxt:
      return signal.agent.empty() ? RslScopeKind::kGlobal : RslScopeKind::kGroup;
    case Carrier::kHttpHeader:
      return RslScopeKind::kResponse;
    case Carrier::kHtmlLink:
      return signal.scope.empty() ? RslScopeKind::kDocument : RslScopeKind::kElement;
    default:
      return std::nullopt;
  }
}

LicenceState CollectRsl(std::span<const NamedLicence> places, std::string_view url,
                        bool page_speaks, Arena& arena, std::vector<Statement>& statements_out) {
  return LicenceCollector(places, url, arena, statements_out).Run(page_speaks);
}

TdmOffer ReadTdmOffer(std::uint16_t status, std::string_view content_type, std::string_view body,
                      std::string_view policy_as_written, Arena& arena) {
  TdmOffer offer;
  const TdmPolicy policy = ReadTdmPolicy(status, content_type, body, arena);
  if (policy.kind != TdmPolicyKind::kMachine || policy.hint == TdmPolicyHint::kUnknownConditions) {
    return offer;
  }
  offer.found = true;
  Signal& signal = offer.signal;
  signal.family = Family::kTdmrep;
  signal.carrier = Carrier::kPolicyDocument;
  signal.use = Axis::kTdm;
  // Even a bare permission is given on the terms of whoever published it.
  signal.says = Says::kConditional;
  signal.careful = Says::kDeny;
  signal.location = "policy document";
  signal.agent = "*";
  signal.key = kTdmOfferKey;
  signal.value = policy_as_written;
  signal.condition = arena.Copy(OfferText(policy));
  signal.raw = arena.Copy(Utf8Prefix(body, limits::kRawBytesMax));
  if (!policy.flags.empty()) signal.flags = arena.CopySpan(internal::FlagSpan(policy.flags));
  return offer;
}

}  // namespace crawlcard::robots
