// robots/limits.h - what one file of a publisher may cost.
#pragma once

#include <cstddef>

namespace crawlcard::robots::limits {

// RFC 9309 section 2.5: parse at least 500 KiB. Google stops there too.
inline constexpr std::size_t kRobotsTxtBytesMax = 512'000;
// Google's library drops the rest of longer lines; one octet of its buffer ends the string.
inline constexpr std::size_t kRobotsLineBytesMax = 16'664;
inline constexpr std::size_t kRobotsRecordsMax = 100'000;
// The dialect `google` alone reads on to these, since Google's library stops nowhere: 100,000
// groups fit, and the records take some 100 MB while the file is asked.
inline constexpr std::size_t kRobotsWholeBytesMax = 16 * 1024 * 1024;
inline constexpr std::size_t kRobotsWholeRecordsMax = 1'000'000;
// A robots.txt whose Sitemap lines are not looked at. Far below what is read of one.
inline constexpr std::size_t kRobotsFormBytesMax = 256 * 1024;
// RFC 9309 section 2.3.1.2: at least five redirects are followed; this project stops there.
inline constexpr std::size_t kRobotsRedirectsMax = 5;
// RFC 9309 section 2.3.1.4 names 30 days of failure, after which a file may be taken as absent.
inline constexpr double kRobotsUnreachableDaysMax = 30;
// Comparing two of them: lines looked at, all questions together. Files of a few hundred lines with
// a hundred agents stay far below.
inline constexpr std::size_t kCompareWorkMax = 2'000'000;
// Rules and preference lines of one group of agents that are asked about, and changes kept of it.
inline constexpr std::size_t kCompareItemsMax = 500;
inline constexpr std::size_t kTdmrepBytesMax = 1 << 20;
inline constexpr std::size_t kTdmrepRulesMax = 10'000;
inline constexpr std::size_t kTdmrepDepthMax = 8;
// ai.txt, ai.json, trust.txt, llms.txt: read at most this much.
inline constexpr std::size_t kWellKnownBytesMax = 1 << 20;
// Lines or rules kept of one such file.
inline constexpr std::size_t kWellKnownLinesMax = 10'000;
// Evidence kept of one directive.
inline constexpr std::size_t kRawBytesMax = 500;
// Any one text of a Signal of a robots.txt that is kept beyond the file: agents of a group, a
// pattern.
inline constexpr std::size_t kSignalTextBytesMax = 4096;
// Field lines of one kind that are read in one response, and the bytes of one of them.
inline constexpr std::size_t kHeaderLinesMax = 100;
inline constexpr std::size_t kHeaderLineBytesMax = 16 * 1024;
// Signals of the metas of one page, and of the fields of one response.
inline constexpr std::size_t kObservedSignalsMax = 1000;
// Members of one Content-Usage dictionary: RFC 9651 section 3.2 asks for at least 1024.
inline constexpr std::size_t kDictionaryMembersMax = 1024;
// Pairs of one Content-Signal line; the policy knows four keys.
inline constexpr std::size_t kContentSignalPairsMax = 256;

// XML of publishers (RSL, XMP packets, EPUB package files, feeds): docs/formats/signals.md 14.
// Larger or deeper ones state nothing.
inline constexpr std::size_t kXmlBytesMax = 1 << 20;
inline constexpr std::size_t kXmlDepthMax = 32;
// Elements and attributes of one document; a megabyte of honest XML stays far below.
inline constexpr std::size_t kXmlElementsMax = 50'000;
inline constexpr std::size_t kXmlAttributesMax = 50'000;
// Namespace declarations in force at one element; looking a prefix up costs this much.
inline constexpr std::size_t kXmlNamespacesMax = 256;
// Blocks kept of one RSL document, licences of one block, and values of one list of tokens.
inline constexpr std::size_t kRslContentsMax = 1000;
inline constexpr std::size_t kRslLicencesMax = 64;
inline constexpr std::size_t kRslTokensMax = 256;
// Signals listed of one RSL document as the file that it is.
inline constexpr std::size_t kRslContentSignalsMax = 1000;
// Places that one page, response or feed may name RSL documents at.
inline constexpr std::size_t kRslPlacesMax = 256;
// Values kept of one property of an XMP packet.
inline constexpr std::size_t kXmpValuesMax = 16;
// Rights fields kept of one packet as evidence.
inline constexpr std::size_t kXmpPropertiesMax = 64;
// A C2PA training-mining assertion is a dozen short entries.
inline constexpr std::size_t kC2paAssertionBytesMax = 64 * 1024;
inline constexpr std::size_t kC2paDepthMax = 16;
inline constexpr std::size_t kC2paEntriesMax = 64;
// A TDM policy document, and the permissions read of it.
inline constexpr std::size_t kTdmPolicyBytesMax = 1 << 20;
inline constexpr std::size_t kTdmPolicyPermissionsMax = 256;
// A table of AI agents: its bytes, its rows (the one that is compiled in has 190), one field, and
// how often a token may have been renamed.
inline constexpr std::size_t kAgentsBytesMax = 1 << 20;
inline constexpr std::size_t kAgentsMax = 2000;
inline constexpr std::size_t kAgentFieldBytesMax = 500;
inline constexpr std::size_t kAgentRenamesMax = 8;

}  // namespace crawlcard::robots::limits
