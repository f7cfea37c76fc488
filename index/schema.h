// index/schema.h - the whole truth about bytes on disk: families, keys and values.
//
// Families are found by name. Keys hold big-endian numbers, so that bytes sort as the things they
// name; values start with a version byte and hold varints. Every row's key names the place that it
// came from: rows are never updated, an index is a set. docs/formats/index.md has the same pictures
// with examples; tests/data/index/ keeps one golden row for each value version.
//
//   family  key                                              value
//   pages   surt* 00 time:5 file:8 offset [inner]            capture
//   hosts   group* 00 scheme 00 host 00 port:4 kind:1        capture
//             time:5 file:8 offset [inner]
//   blobs   SHA-256 of the decoded body:32                   version:1 bytes:varint [form]
//                                                            zstd frame
//   files   file:8                                           ledger entry
//   meta    name                                             text
//   takedowns  group* 00 scope:1 id 00 time:5 file:8 offset  version:1 value deadline basis length
//                [inner]
//
//   form    in version 2: 0 where the body is its own (robots/robots_form.h), or 1 and the SHA-256
//           of the form:32. One body may stand as version 1 here and as version 2 there.
//   surt*   the SURT key with the separators of its host part stored low, so that a host (all its
//           ports) and a registrable domain (all its hosts) are one range each:
//
//             org,example,www:8080)/a?b        SURT key
//             org 03 example 03 www 02 8080 01 /a?b
//             '--------- group ---'            equal for all ports: what host rows start with
//
//           A URL without a SURT key is stored under "-".
//   time    seconds since 1970 plus 2^39; 0 when the archive gave no date
//   file    FileId() of the archive-relative name
//   offset  how many bytes (0 to 8), and as many
//   inner   the same, only when not zero: place inside a member that holds several records
//
// Thread rule: functions are thread-safe.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/arena.h"
#include "base/result.h"
#include "index/capture.h"
#include "index/ledger.h"
#include "index/takedown.h"

namespace crawlcard::index {

// Of the whole layout; kept in family meta as "schema". Indexes of version 1 were never released.
inline constexpr std::uint32_t kSchemaVersion = 2;

enum class Family : std::uint8_t { kPages, kHosts, kBlobs, kFiles, kMeta, kTakedowns };
inline constexpr std::array<std::string_view, 6> kFamilyNames{"pages", "hosts", "blobs",
                                                              "files", "meta",  "takedowns"};
// Families that an index may lack: one that was made before there were takedown requests has none.
constexpr bool IsOptional(Family family) {
  return family == Family::kTakedowns;
}

// Bytes of the time in a key: rows of one URL and second share the key up to its end.
inline constexpr std::size_t kKeyTimeBytes = 5;
// Separators of a stored SURT.
inline constexpr char kStoredHostEnd = '\x01';    // stands for ')'
inline constexpr char kStoredPortMark = '\x02';   // stands for ':'
inline constexpr char kStoredLabelMark = '\x03';  // stands for ','

// First eight bytes of the XXH3-128 of the name. Two names with one id are refused at ingest.
std::uint64_t FileId(std::string_view archive_name);

// The end of every page and host key.
struct RowPlace {
  std::optional<UnixSeconds> date;
  std::uint64_t file_id = 0;
  std::uint64_t offset = 0;
  std::uint64_t inner_offset = 0;

  bool operator==(const RowPlace&) const = default;
};

// --- keys ---------------------------------------------------------------------------------------

// True for captures of a file with a fixed place on its origin: they are rows of `hosts`.
bool IsHostRow(const CaptureView& capture);

// Replace `key_out` with the key of a capture.
void EncodePageKey(const CaptureView& capture, std::string& key_out);
void EncodeHostKey(const CaptureView& capture, std::string& key_out);
void EncodeFileKey(std::uint64_t file_id, std::string& key_out);

// Appends the stored form of a SURT key. `host` is the URL's own: an IPv6 address keeps its colons.
void AppendStoredSurt(std::string_view surt, std::string_view host, std::string& out);
// The SURT key of a stored form.
std::string SurtFromStored(std::string_view stored);
std::string_view SurtFromStored(std::string_view stored, Arena& arena);
// The part of a stored SURT that is equal for all pages of a host, whatever their port.
std::string_view GroupOfStored(std::string_view stored);

// The group that a host's keys start with.
std::string GroupOfHost(std::string_view host);

// Appends group, scheme, host and port: what the keys of one origin's rows start with. False when
// `url` has no host.
bool AppendOriginPrefix(std::string_view url, std::string_view surt, std::string& out);

struct HostOriginView {
  std::string_view scheme;
  std::string_view host;
  std::uint32_t port = 0;
};
// What AppendOriginPrefix() made.
[[nodiscard]] bool DecodeOriginPrefix(std::string_view prefix, HostOriginView& origin_out);

// Append what keys go on with after their origin, or their stored SURT, from an instant on: where
// to begin to look for the rows of some days.
void AppendHostSeek(robots::WellKnown file, UnixSeconds from, std::string& key_out);
void AppendPageSeek(UnixSeconds from, std::string& key_out);

struct PageKeyView {
  std::string_view stored_surt;
  RowPlace place;
};
// False for bytes that are no page key.
[[nodiscard]] bool DecodePageKey(std::string_view key, PageKeyView& key_out);

struct HostKeyView {
  std::string_view group;
  std::string_view origin;  // the bytes that AppendOriginPrefix makes
  std::string_view scheme;
  std::string_view host;
  std::uint32_t port = 0;
  robots::WellKnown file = robots::WellKnown::kRobotsTxt;
  RowPlace place;
};
[[nodiscard]] bool DecodeHostKey(std::string_view key, HostKeyView& key_out);

struct TakedownKeyView {
  std::string_view group;  // of the host or domain that the request is about
  TakedownScope scope = TakedownScope::kUrl;
  std::string_view id;
  RowPlace place;  // the line of the ledger; its date is that of receipt
};
// `place.date` is taken from the request.
void EncodeTakedownKey(const Takedown& request, const RowPlace& place, std::string& key_out);
[[nodiscard]] bool DecodeTakedownKey(std::string_view key, TakedownKeyView& key_out);

// --- values -------------------------------------------------------------------------------------

// Version 1 of a capture. What stays the same from page to page of a site comes first, so that
// zstd finds it in the row before; what no two rows share comes last.
//
//   version:1
//   shape      type 4 via 2 html 1 reliable 1 bits  form of the url:1  regular host 1 domain
//              labels 3 digest form 2 language source 2 bits  parts: varint, one bit each
//   words      status  content type  identified type  charset
//   parts      languages  unobserved  notes  truncated  redirect  well-known file  document
//              body digest:32  statements: what, where  rights
//   place      length  payload bytes  text bytes  container  url  [host] [domain]
//              digest  record id
//
//   word       index/internal/row_words.h       url         index/internal/row_url.h
//   statements index/internal/row_statements.h  text        a varint length and bytes
//   status     place in a list of codes + 1, or 0 and a varint
//   digest     form 0 none, 1 SHA-1 written in Base32: 20 bytes, 2 text
//   languages  n (three letters:2 or 0 and a text  share in per cent:1 or 255 and a float:4)*
//   host       text where it is not that of the url; domain where it is no whole labels of it
//   record id  16 bytes of a urn:uuid, or text
//
// Statements read from the body of a well-known file are left out: the body is a blob, stored once
// however often it was seen, and is read again with the row.
void EncodeCapture(const CaptureView& capture, std::string& value_out);

// What of a row is decoded; the other members stay as they are by default. Numbers, words and what
// the key says always are.
enum RowParts : std::uint8_t {
  kRowUrl = 1 << 0,         // url, host, domain
  kRowHost = 1 << 5,        // host, domain, of `pages` alone; where there is no surt, url
  kRowSurt = 1 << 1,        // surt, of `pages` alone
  kRowStatements = 1 << 2,  // signals, licences
  kRowTexts = 1 << 3,       // rights, redirect, container, digest, record id
  kRowLanguages = 1 << 4,   // languages
  kRowAll = 0xFF,
};

// What pages of a site mostly say alike: all but what is a page's own (URL, host and domain, place
// and date, sizes, rights, redirect, ids), the languages behind the first, shares of languages, and
// where on the page statements stand.
struct RowFacts {
  std::uint32_t numbers = 0;  // type, via, source of the languages, the first of them
  std::string_view words;     // what the row has; status, types, charset
  std::string_view said;      // unobserved fields, notes, truncation, statements

  bool operator==(const RowFacts&) const = default;
};

// What a scan compares rows by, without building what they say.
struct RowMarks {
  std::string_view statements;  // pages with the same bytes are judged alike; empty: none
  // How the URL is told (index/internal/row_url.h). The writer has one way to tell each URL under
  // its key: pages of one SURT have the same URL when both are the same.
  std::uint8_t url_form = 0;
  std::string_view url_bytes;
  std::size_t path_begin = 0;  // of the URL, behind its authority; 0: not known or not decoded
  // Under one stored host rows with the same, unless it is 0, have the same host and domain.
  std::uint8_t host_form = 0;
  RowFacts facts;  // without words: a rare row, which is like none

  bool SameUrl(const RowMarks& other) const {
    return url_form == other.url_form && url_bytes == other.url_bytes;
  }
};

// Fills `capture_out` with views into `key`, `value`, `file_name` and `arena`.
// Errors: kCorrupt, kSchema for a value version of a later build.
[[nodiscard]] Status DecodePageRow(std::string_view key, std::string_view value,
                                   std::string_view file_name, Arena& arena,
                                   CaptureView& capture_out, RowParts parts = kRowAll,
                                   RowMarks* marks_out = nullptr);
// The same, of a scan: `capture_out` is a new one or an earlier row decoded with the same `parts`.
[[nodiscard]] Status DecodePageRow(const PageKeyView& key, std::string_view value,
                                   std::string_view file_name, Arena& arena,
                                   CaptureView& capture_out, RowParts parts, RowMarks* marks_out);
[[nodiscard]] Status DecodeHostRow(std::string_view key, std::string_view value,
                                   std::string_view file_name, Arena& arena,
                                   CaptureView& capture_out, RowParts parts = kRowAll);
[[nodiscard]] Status DecodeHostRow(const HostKeyView& key, std::string_view value,
                                   std::string_view file_name, Arena& arena,
                                   CaptureView& capture_out, RowParts parts);

// `line_bytes`: how long the line is, where its place says.
void EncodeTakedown(const Takedown& request, std::uint64_t line_bytes, std::string& value_out);
// Errors: kCorrupt, kSchema for a value version of a later build.
[[nodiscard]] Result<Takedown> DecodeTakedownRow(std::string_view key, std::string_view value);

void EncodeFileEntry(const FileEntry& entry, std::string& value_out);
[[nodiscard]] Result<FileEntry> DecodeFileEntry(std::string_view value);

// What of a body is read alike, whoever serves it (robots::WithoutSitemaps): its SHA-256, 32 bytes,
// or none where that is all of the body.
std::string BlobForm(std::string_view body);

// What a value says without being decoded; views into it.
struct BlobHead {
  std::uint64_t bytes = 0;               // of the body
  std::optional<std::string_view> form;  // BlobForm() of the body; version 1 does not say
  std::string_view frame;
};

void EncodeBlob(std::string_view body, std::string& value_out);
// Errors of both: kCorrupt, kSchema for a value version of a later build.
[[nodiscard]] Result<BlobHead> DecodeBlobHead(std::string_view value);
// Replaces `body_out`.
[[nodiscard]] Status DecodeBlob(std::string_view value, std::string& body_out);

}  // namespace crawlcard::index
