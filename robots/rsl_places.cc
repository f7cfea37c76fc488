#include "robots/rsl_places.h"

#include <algorithm>
#include <cstddef>

#include "base/link_field.h"
#include "base/text.h"
#include "robots/internal/rsl_parse.h"
#include "robots/internal/url.h"
#include "robots/internal/xml.h"
#include "robots/limits.h"

namespace crawlcard::robots {
namespace {

constexpr std::string_view kRelativeUrl = "rsl.relative_url";

void AddFlag(std::vector<std::string_view>& flags, std::string_view flag) {
  if (std::find(flags.begin(), flags.end(), flag) == flags.end()) flags.push_back(flag);
}

// Sorts a target into candidates or the lenient list.
void AddTarget(RslCandidate candidate, std::string_view base, Arena& arena, RslPlaces& places) {
  if (candidate.url.empty()) return;
  const std::size_t known = places.candidates.size() + places.lenient.size();
  if (known >= limits::kRslPlacesMax) return AddFlag(places.flags, "rsl.truncated");
  if (internal::IsAbsoluteUrl(candidate.url)) {
    candidate.url = arena.Copy(candidate.url);
    places.candidates.push_back(candidate);
    return;
  }
  AddFlag(places.flags, kRelativeUrl);
  candidate.url = arena.Copy(internal::Resolve(base, candidate.url));
  places.lenient.push_back(candidate);
}

bool IsRslLink(std::string_view rel, std::string_view type) {
  return HasToken(rel, "license") && EqualsIgnoreCase(type, kRslMediaType);
}

// The media type without parameters.
std::string_view Essence(std::string_view type) {
  return TrimAscii(type.substr(0, type.find(';')));
}

// RFC 9110 section 11.6.1: several challenges may share a field; each begins with its scheme.
bool NamesLicenseScheme(std::string_view field) {
  bool quoted = false;
  std::size_t begin = 0;
  for (std::size_t i = 0; i <= field.size(); ++i) {
    if (i < field.size() && field[i] == '"') quoted = !quoted;
    if (i < field.size() && (quoted || field[i] != ',')) continue;
    const std::string_view piece = TrimAscii(field.substr(begin, i - begin));
    const std::string_view word = piece.substr(0, piece.find_first_of(" \t="));
    const bool parameter = word.size() < piece.size() && piece[word.size()] == '=';
    if (!parameter && EqualsIgnoreCase(word, "License")) return true;
    begin = i + 1;
  }
  return false;
}

}  // namespace

std::string_view RslScopeName(RslScopeKind scope) {
  switch (scope) {
    case RslScopeKind::kElement:
      return "element";
    case RslScopeKind::kDocument:
      return "document";
    case RslScopeKind::kResponse:
      return "response";
    case RslScopeKind::kGroup:
      return "group";
    case RslScopeKind::kGlobal:
      return "global";
    case RslScopeKind::kNone:
      return "none";
  }
  return "none";
}

RslScopeKind RslPlaces::scope() const {
  if (!candidates.empty()) return candidates.front().scope;
  return inline_documents.empty() ? RslScopeKind::kNone : inline_documents.front().scope;
}

std::string_view RslPlaces::element() const {
  if (!candidates.empty()) return candidates.front().element;
  return inline_documents.empty() ? std::string_view() : inline_documents.front().element;
}

RslPlaces RslPlacesInRobots(const RobotsTxt& robots, std::string_view agent,
                            std::string_view robots_url, Arena& arena) {
  RslPlaces places;
  std::vector<Signal> selected;
  robots.SelectSignals(agent, "/", Dialect::kRfc9309, selected);
  for (const Signal& signal : selected) {
    if (signal.family != Family::kRsl) continue;
    RslCandidate candidate;
    candidate.url = signal.value;
    candidate.scope = signal.agent.empty() ? RslScopeKind::kGlobal : RslScopeKind::kGroup;
    AddTarget(candidate, robots_url, arena, places);
  }
  return places;
}

RslPlaces RslPlacesInHeaders(std::span<const NamedValue> fields, std::string_view url,
                             Arena& arena) {
  RslPlaces places;
  std::size_t read = 0;
  for (const NamedValue& field : fields) {
    if (!EqualsIgnoreCase(field.name, "link")) continue;
    if (++read > limits::kHeaderLinesMax || field.value.size() > limits::kHeaderLineBytesMax) {
      AddFlag(places.flags, "rsl.truncated");
      continue;
    }
    LinkReader links(field.value);
    for (FieldLink link; links.Next(link);) {
      if (!HasToken(link.rel, "license")) continue;
      if (!IsRslLink(link.rel, Essence(link.type))) {
        if (places.plain_licences.size() < limits::kRslPlacesMax) {
          places.plain_licences.push_back(link.target);
        }
        continue;
      }
      AddTarget({link.target, RslScopeKind::kResponse, {}, field.line}, url, arena, places);
    }
  }
  return places;
}

RslPlaces RslPlacesInHtml(std::span<const HtmlRslElement> elements, std::string_view url,
                          Arena& arena) {
  RslPlaces places;
  for (const HtmlRslElement& element : elements) {
    const bool whole =
        element.parent.empty() || element.parent == "head" || element.parent == "html";
    const auto scope = whole ? RslScopeKind::kDocument : RslScopeKind::kElement;
    const std::string_view parent = whole ? std::string_view() : arena.Copy(element.parent);
    if (!element.is_script) {
      if (!HasToken(element.rel, "license")) continue;
      if (!IsRslLink(element.rel, Essence(element.type))) {
        if (places.plain_licences.size() < limits::kRslPlacesMax) {
          places.plain_licences.push_back(arena.Copy(element.href));
        }
        continue;
      }
      const std::string href =
          url.empty() ? std::string(TrimAscii(element.href)) : internal::Resolve(url, element.href);
      AddTarget({href, scope, parent, element.line}, url, arena, places);
      continue;
    }
    if (!EqualsIgnoreCase(Essence(element.type), kRslMediaType)) continue;
    if (places.inline_documents.size() >= limits::kRslPlacesMax) {
      AddFlag(places.flags, "rsl.truncated");
      continue;
    }
    RslInline one{ParseRsl(element.text, arena), scope, parent, element.line};
    // A page may write exactly one content into each place.
    if (one.document.valid && one.document.contents.size() != 1) {
      one.document.valid = false;
      AddFlag(places.flags, "rsl.many_contents");
    }
    for (const std::string_view flag : one.document.flags) AddFlag(places.flags, flag);
    places.inline_documents.push_back(one);
  }
  return places;
}

RslFeed RslItemsInFeed(std::string_view feed, std::string_view feed_url, Arena& arena) {
  RslFeed found;
  const internal::XmlTree tree(feed, {.allow_doctype = true});
  if (tree.state() == internal::XmlState::kTooLarge) AddFlag(found.flags, "rsl.truncated");
  if (tree.state() == internal::XmlState::kMalformed) AddFlag(found.flags, "rsl.syntax");
  const std::string origin = internal::Origin(feed_url);
  const auto elements = tree.elements();
  std::uint32_t item_end = 0;
  std::string_view link;
  for (std::uint32_t i = 0; i < elements.size(); ++i) {
    const internal::XmlElement& element = elements[i];
    if (element.name == "item" || element.name == "entry") {
      item_end = element.end;
      link = {};
    }
    if (i >= item_end) continue;
    if (element.name == "link" && link.empty()) {
      link = element.text.empty() ? element.Attribute("", "href") : element.text;
    }
    if (!element.Is(kRslNamespace, "content")) continue;
    if (found.items.size() >= limits::kRslPlacesMax) {
      AddFlag(found.flags, "rsl.truncated");
      break;
    }
    RslFeedItem item{{}, internal::ParseRslElement(tree, i, arena)};
    for (const std::string_view flag : item.document.flags) AddFlag(found.flags, flag);
    std::string_view written;
    if (!item.document.contents.empty()) written = item.document.contents.front().url;
    if (written.empty()) written = link;
    item.url = arena.Copy(internal::Resolve(feed_url, written));
    if (internal::Origin(item.url) != origin) {
      AddFlag(found.flags, "rsl.foreign_origin");  // a feed speaks for its own origin only
    } else {
      found.items.push_back(item);
    }
  }
  return found;
}

RslChallenge ReadRslChallenge(std::uint16_t status, std::span<const NamedValue> fields,
                              std::string_view url, Arena& arena) {
  RslChallenge challenge;
  challenge.places = RslPlacesInHeaders(fields, url, arena);
  bool scheme = false;
  for (const NamedValue& field : fields) {
    if (EqualsIgnoreCase(field.name, "crawler-price")) challenge.price = TrimAscii(field.value);
    scheme = scheme ||
             (EqualsIgnoreCase(field.name, "www-authenticate") && NamesLicenseScheme(field.value));
  }
  const bool link = !challenge.places.candidates.empty();
  challenge.names_rsl = link || scheme;
  if (status == 402) {
    challenge.kind = RslChallengeKind::kPaymentRequired;
  } else if ((status == 401 && link) || ((status == 401 || status == 403) && scheme)) {
    challenge.kind = RslChallengeKind::kLicenceRequired;
  }
  return challenge;
}

}  // namespace crawlcard::robots
