// robots/rsl_places.h - where RSL licences are named: robots.txt, Link fields, pages, feeds,
// refusals.
//
// RSL 1.0; docs/formats/rsl.md and signals.md 7.1. A client must look at all of them and guesses no
// path. Only absolute URLs are candidates; relative ones of carriers that want absolute ones are
// kept for a lenient reader. URLs found here are data: nothing fetches them.
//
// Text lives in the arena or in the inputs. Thread rule: functions are thread-safe.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "base/arena.h"
#include "robots/observe.h"
#include "robots/robots_txt.h"
#include "robots/rsl.h"

namespace crawlcard::robots {

// What a named licence covers, narrowest first: a narrower one goes before a wider one.
enum class RslScopeKind : std::uint8_t {
  kElement,   // the element that holds the link, and below
  kDocument,  // the page
  kResponse,
  kGroup,   // the robots.txt group of the agent
  kGlobal,  // robots.txt lines outside groups
  kNone,
};
std::string_view RslScopeName(RslScopeKind scope);  // "element", "document", ...

struct RslCandidate {
  std::string_view url;  // absolute
  RslScopeKind scope = RslScopeKind::kNone;
  std::string_view element;  // lower-case name, for kElement
  std::uint32_t line = 0;
};

// A document written into a page.
struct RslInline {
  RslDocument document;
  RslScopeKind scope = RslScopeKind::kElement;
  std::string_view element;
  std::uint32_t line = 0;
};

struct RslPlaces {
  std::vector<RslCandidate> candidates;
  std::vector<RslCandidate> lenient;  // relative URLs, resolved
  std::vector<RslInline> inline_documents;
  std::vector<std::string_view> plain_licences;  // rel=license without the RSL media type
  std::vector<std::string_view> flags;

  // Of the first thing found.
  RslScopeKind scope() const;
  std::string_view element() const;
};

// The License lines for `agent`: those of its group if it has any, else those outside groups.
// `robots` must outlive the answer; `robots_url` resolves relative lines for the lenient reader.
RslPlaces RslPlacesInRobots(const RobotsTxt& robots, std::string_view agent,
                            std::string_view robots_url, Arena& arena);

// Link fields of a response.
RslPlaces RslPlacesInHeaders(std::span<const NamedValue> fields, std::string_view url,
                             Arena& arena);

// A link or script element of a page, as whoever tokenized it found it.
struct HtmlRslElement {
  bool is_script = false;
  std::string_view rel;
  std::string_view type;
  std::string_view href;    // of a link; decoded
  std::string_view text;    // of a script, as it stands
  std::string_view parent;  // lower-case name of the parent element; "head" for the whole page
  std::uint32_t line = 0;
};
// Relative hrefs are resolved: HTML does so; without `url` they are left to the lenient reader.
RslPlaces RslPlacesInHtml(std::span<const HtmlRslElement> elements, std::string_view url,
                          Arena& arena);

// One item of a feed that carries an RSL licence.
struct RslFeedItem {
  std::string_view url;  // absolute, of the feed's own origin
  RslDocument document;
};
struct RslFeed {
  std::vector<RslFeedItem> items;
  std::vector<std::string_view> flags;
};
RslFeed RslItemsInFeed(std::string_view feed, std::string_view feed_url, Arena& arena);

// A refusal that says how to be let in (signals.md 7.4).
enum class RslChallengeKind : std::uint8_t { kNone, kPaymentRequired, kLicenceRequired };
struct RslChallenge {
  RslChallengeKind kind = RslChallengeKind::kNone;
  bool names_rsl = false;  // an RSL link or the License scheme
  std::string_view price;  // `crawler-price`, as written
  RslPlaces places;
};
RslChallenge ReadRslChallenge(std::uint16_t status, std::span<const NamedValue> fields,
                              std::string_view url, Arena& arena);

}  // namespace crawlcard::robots
