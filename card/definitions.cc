#include "card/definitions.h"

#include <array>

namespace crawlcard::card {
namespace {

constexpr std::string_view kAsCrawled = "as crawled, before any page was dropped";
constexpr std::string_view kJudged = "as crawled, judged by the policy named in this card";
constexpr std::string_view kLatest = "latest observation of each origin";

constexpr std::array<Definition, 35> kDefinitions{{
    {"files", "Archive files", Basis::kMeasured, "archive files in the ledger of the index",
     "files; bytes of the files as stored", "as read",
     "A file is whole when it was read to its end without damage. Files whose reading did not "
     "finish "
     "are in no other count. The input digest is SHA-256 over one line for each file, sorted by "
     "name: name, TAB, size, TAB, XXH3-128 of its bytes, LF."},
    {"dataset", "Data set", Basis::kMeasured, "rows of the files given to the command",
     "rows; bytes as stored, unpacked", "as given",
     "A card of a data set is about the captures whose URL, by its SURT key, a row names, and "
     "about "
     "the files with a fixed place on the hosts of these URLs; a URL that was captured several "
     "times counts with each capture. Rows of URLs without a capture are in this count alone."},
    {"tree", "Index tree", Basis::kMeasured,
     "rows of the index that come from files read to their end or sealed: captures, and files with "
     "a fixed place on an origin",
     "rows; SHA-256 in Base64", "as read",
     "Root of the sorted Merkle tree over the rows (RFC 6962 hashing, docs/formats/proof.md). "
     "crawlcard prove shows against it what the index held of a URL or host, or that it held "
     "nothing; crawlcard verify-proof checks that without the index."},
    {"captures", "Captures", Basis::kMeasured,
     "records of type response, revisit or resource, without files that have a fixed place on an "
     "origin (robots.txt and the like, counted apart)",
     "records", kAsCrawled, "The same URL captured twice counts twice."},
    {"pages", "Pages", Basis::kMeasured,
     "captures of type response with HTTP status 200 whose media type is HTML", "records",
     kAsCrawled,
     "Revisits, redirects, errors and other media types are no pages. The same URL captured twice "
     "counts twice; distinct URLs are given beside it."},
    {"urls", "Distinct URLs", Basis::kMeasured, "captures, or pages where said", "SURT keys",
     kAsCrawled,
     "URLs are told apart by their SURT key, the sort key of public web archives: scheme, a "
     "leading "
     "www, letter case and known session parameters make no difference. A capture without a URL "
     "is in no count of URLs."},
    {"hosts", "Hosts", Basis::kMeasured, "captures", "host names with port", kAsCrawled,
     "The host part of the SURT key: a leading www makes no difference, a port other than the "
     "scheme's does. URLs that get no such key are in no host or domain."},
    {"domains", "Registrable domains", Basis::kMeasured, "captures", "domains", kAsCrawled,
     "One label below a public suffix, by the list whose version this card names, private section "
     "included. A host that is itself a suffix, and an IP address, is its own domain."},
    {"payload-bytes", "Payload bytes", Basis::kMeasured, "captures", "bytes", kAsCrawled,
     "HTTP payload after transfer and content coding were undone, as kept in the archive: a "
     "payload "
     "that the archive cut counts with what was kept."},
    {"text-bytes", "Text bytes", Basis::kMeasured, "captures whose payload is HTML or text",
     "bytes", kAsCrawled,
     "Visible text as UTF-8 with white space collapsed; scripts, styles and markup are not in it. "
     "The text "
     "that a revisit repeats is counted once, with the capture it repeats."},
    {"record-bytes", "Compressed record bytes", Basis::kMeasured,
     "captures stored as a compressed unit of their own", "bytes", kAsCrawled,
     "Length of each capture's record in the archive file. Records in files that were compressed "
     "as "
     "one whole have no length of their own and are counted apart."},
    {"dates", "Capture dates", Basis::kMeasured,
     "captures with a readable WARC-Date from 1990 to 2100", "seconds, UTC", kAsCrawled,
     "The archive's claim of when it fetched. Captures without such a date are counted as "
     "undated."},
    {"status", "Record types and status", Basis::kMeasured, "captures", "records", kAsCrawled,
     "WARC-Type of the record, and the hundreds of the HTTP status."},
    {"languages", "Languages", Basis::kEstimated, "pages", "pages; payload and text bytes",
     kAsCrawled,
     "The language that covers most of the page: the archive's own annotation where there is one, "
     "else CLD2 on a bounded sample of the visible text, else the lang attribute of the html "
     "element. "
     "The three sources are also given apart. Codes are ISO 639-3."},
    {"media-types", "Media types", Basis::kMeasured,
     "captures with HTTP status 200, without revisits", "captures; payload bytes", kAsCrawled,
     "Type and subtype of the Content-Type header in lower case; HTML without a header is found by "
     "its first bytes."},
    {"charsets", "Character encodings", Basis::kMeasured, "pages", "pages; payload bytes",
     kAsCrawled,
     "From byte order mark, Content-Type header or meta element, by the names of the WHATWG "
     "encoding "
     "standard."},
    {"licences", "Licence statements", Basis::kObserved, "pages", "pages; hosts; payload bytes",
     kAsCrawled,
     "A licence the page names, read into an SPDX id where one fits. Scope page: the statement is "
     "about the "
     "page as a whole, in it or in its header; other: about a picture, a quotation, an item, or a "
     "mere "
     "hint. A page with several statements "
     "counts in each row. No statement does not mean public domain, nor does a statement prove "
     "that its "
     "author held the rights."},
    {"modalities", "Kinds of content", Basis::kMeasured,
     "captures with HTTP status 200, without revisits", "captures; payload bytes", kAsCrawled,
     "By media type: text (text/*, HTML, XML, JSON, PDF, office documents, feeds), image, audio, "
     "video, and other for everything else and for captures without a type. A payload's content is "
     "not looked at."},
    {"tokens", "Tokens, estimated", Basis::kEstimated, "captures whose payload is HTML or text",
     "tokens", kAsCrawled,
     "Text bytes divided by four, rounded up: a usual mean for English in Latin script. No "
     "tokenizer was run. Other languages and scripts lie far from that mean, so only the order of "
     "magnitude says something; the text bytes stand beside it."},
    {"domain-list", "Domains to disclose", Basis::kMeasured,
     "registrable domains with at least one capture", "domains; payload bytes of all captures",
     kAsCrawled,
     "The largest tenth of all domains by payload bytes, rounded up, then by name; for a small or "
     "medium-sized provider the largest twentieth or 1,000, whichever is lower. The same share of "
     "the domains with content of each kind, by the bytes of that kind, is added and marked."},
    {"run", "Settings of this card", Basis::kConfigured, "this card", "text", "this card",
     "What the command was told, and the versions of what it read with. The number of workers, "
     "paths and the clock are no part of it."},
    {"index", "Settings of the index", Basis::kConfigured, "the index", "text", "as read",
     "Versions and options that the index was written with, from the index itself."},
    {"crawl", "Settings of the crawl", Basis::kConfigured,
     "manifests of crawls that this tool made, kept in the index", "text", "as configured",
     "What our own crawler was told to do and did, as its manifest says. Only crawls made into "
     "this index have one; for all others, what the archive's warcinfo records say is given "
     "apart."},
    {"warcinfo", "What the archive says of its crawler", Basis::kConfigured,
     "warcinfo records of the files read", "files", "as read",
     "Fields of warcinfo records, as written by whoever made the archive; not verified."},
    {"human", "Stated by a person", Basis::kHuman, "the about file", "text", "as stated",
     "An answer that a person gave in the about file, repeated without change. Not provided: "
     "nobody answered."},
    {"page-signals", "Statements on pages", Basis::kObserved, "pages",
     "pages; hosts; payload bytes", kAsCrawled,
     "Machine-readable statements found in the page's own HTTP header or HTML, by family, place, "
     "use "
     "and what they say. A page with several statements counts in each row. Observed at capture "
     "time, "
     "whatever the asker."},
    {"host-files", "Host files", Basis::kObserved,
     "origins (scheme, host, port) with at least one observation of the file", "origins", kLatest,
     "How asking for the file went, and how many distinct bodies were seen over all observations. "
     "Bodies are told apart by SHA-256; beyond 65,536 distinct ones the number is an estimate and "
     "says so."},
    {"host-statements", "Statements in host files", Basis::kObserved,
     "origins whose latest observation of the file could be read", "origins", kLatest,
     "An origin counts once for each family, use and reading that occurs anywhere in the file, "
     "whatever path or agent it addresses."},
    {"agents", "Agents in robots.txt", Basis::kObserved,
     "origins whose latest robots.txt could be read (an empty file included)", "origins", kLatest,
     "Refused: the rule that decides for the path / is a Disallow of everything (RFC 9309); an "
     "Allow "
     "line may still open single paths. Partly: some Disallow line binds the agent, but not that. "
     "Named: the file has a group for the agent itself; otherwise the group for * speaks. Errors "
     "and "
     "missing files are not in the population: shares over all origins would be smaller."},
    {"operators", "Operators in robots.txt", Basis::kObserved,
     "origins whose latest robots.txt could be read", "origins", kLatest,
     "The strictest answer to any of the operator's agents in the registry, and to its training "
     "agents "
     "alone. An origin that refuses everybody (*) refuses each operator."},
    {"verdicts", "Verdicts", Basis::kObserved, "pages", "pages; hosts; payload and text bytes",
     kJudged,
     "What the publisher's statements, on the page and in the host's files as of the time named, "
     "say to the "
     "use and agents named. Indeterminate: no robots.txt observation in force, or unreadable. "
     "Unspecified: looked, nothing said. Usable is what the policy concludes; it is no legal "
     "advice."},
    {"applied", "Reasons", Basis::kObserved, "pages", "pages; hosts; payload bytes", kJudged,
     "Pages for which a verdict names a statement of the family, wherever it was made, as deciding "
     "or "
     "contributing. A page counts once in each row that names it."},
    {"takedowns", "Takedown requests", Basis::kMeasured, "captures that were judged",
     "requests; captures; hosts; payload and text bytes", kJudged,
     "Requests to take content out that stand in the index's ledgers and count at the time named, "
     "each once; and the captures that at least one of them covers. What they cover is usable "
     "under no policy, whatever its publisher said."},
    {"policies", "What each policy would keep", Basis::kObserved, "pages",
     "pages; hosts; payload and text bytes", kJudged,
     "Pages usable under each policy. A policy that only answers the same decisions otherwise is "
     "read off "
     "the same scan; one that reads the statements otherwise needs a scan of its own and is "
     "Not known here unless it was made."},
    {"top-domains", "Largest domains", Basis::kMeasured,
     "registrable domains with at least one capture", "payload bytes of all captures", kAsCrawled,
     "Ordered by payload bytes, then by name. Finding a domain in an archive says that it was "
     "fetched, "
     "not who trained on it."},
}};

}  // namespace

std::string_view BasisLetter(Basis basis) {
  constexpr std::array<std::string_view, 5> kLetters{"M", "E", "O", "C", "H"};
  return kLetters[static_cast<std::size_t>(basis)];
}

std::string_view BasisName(Basis basis) {
  constexpr std::array<std::string_view, 5> kNames{"measured", "estimated", "observed",
                                                   "configured", "human"};
  return kNames[static_cast<std::size_t>(basis)];
}

std::span<const Definition> Definitions() {
  return kDefinitions;
}

const Definition* FindDefinition(std::string_view id) {
  for (const Definition& definition : kDefinitions) {
    if (definition.id == id) return &definition;
  }
  return nullptr;
}

}  // namespace crawlcard::card
