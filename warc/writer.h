// warc/writer.h - writes what was fetched as WARC/1.1 records, a member a record, into sealed
// files.
//
// A file is called NAME.open while it grows and NAME once it is sealed: whole, synced, renamed.
// Each call appends its records with one write, so a crash loses at most the records of the open
// call. Open() finds `.open` files that a crashed process left behind, cuts them after their last
// whole record and seals them; those of living processes are left alone (they hold a lock).
//
// Pure but for the FileSystem that it is given: no clock, no randomness; dates and the seed of the
// record ids come from the caller. What is written, byte by byte: docs/formats/warc-written.md.
//
// Thread rule: thread-compatible. One Writer, one thread (the archive thread of a crawl).
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/file_system.h"
#include "base/result.h"
#include "base/time.h"
#include "warc/digest.h"
#include "warc/limits.h"
#include "warc/record.h"
#include "warc/truncation.h"

namespace crawlcard::warc {

enum class Compression {
  kGzip,  // NAME.warc.gz, one member a record
  kZstd,  // NAME.warc.zst, one frame a record, with content size and checksum, no dictionary
  kNone,  // NAME.warc
};

// A line of an application/warc-fields block. Names are tokens (RFC 9110 section 5.6.2); control
// bytes in values are written as %XX.
using WarcField = std::pair<std::string, std::string>;

struct WriterOptions {
  // Affects behaviour.
  std::string directory;             // made where it does not exist
  std::string prefix = "CRAWLCARD";  // letters, digits, '-', '_', '.': the start of file names
  Compression compression = Compression::kGzip;
  DigestAlgorithm digest = DigestAlgorithm::kSha1;
  std::uint64_t file_bytes_max = limits::kSealBytesDefault;  // sealed by the first call past it
  std::vector<WarcField> warcinfo;  // software, operator, http-header-user-agent, robots, ...
  std::array<std::uint8_t, 16> id_seed{};  // random bytes, new for every Writer: base/random.h

  // Affects speed.
  int level = 6;                         // gzip 1 to 12, zstd 1 to 19
  std::uint64_t sync_bytes = 64U << 20;  // synced after so many bytes, and when sealed
};

// WARC 1.1 section 6.7: this capture says that an earlier one still holds.
struct RevisitOf {
  enum class Profile { kIdenticalPayloadDigest, kServerNotModified };
  Profile profile = Profile::kServerNotModified;
  std::string_view record_id;       // of the earlier response, "<urn:uuid:...>"; empty: unknown
  std::string_view target_uri;      // empty: unknown
  std::optional<UnixSeconds> date;  // of the earlier response
  std::string_view payload_digest;  // "sha1:..."; kIdenticalPayloadDigest must have one
};

// One exchange with a server. Views are read during the call only.
struct CaptureView {
  std::string_view target_uri;  // absolute; bytes that no URI may hold are written as %XX
  UnixSeconds date = 0;
  std::string_view ip_address;  // of the server; empty: left out

  std::string_view request;        // head and body as sent; empty: no request record
  std::string_view response_head;  // status line and fields as received, with the empty line
  std::string_view response_body;
  // What the client has undone, so that the stored head does not lie about the stored body: the
  // fields concerned get the prefix X-Crawler- and a true Content-Length is added, as Common Crawl
  // does. A status line of HTTP/2 or HTTP/3 is always written as HTTP/1.1.
  bool transfer_decoded = false;  // chunked is undone (curl always does)
  bool content_decoded = false;   // gzip, br, ... is undone too

  std::span<const std::string_view> protocols;  // "h2", "tls/1.3": a WARC-Protocol field each
  std::string_view cipher_suite;                // empty: left out
  Truncation truncated = Truncation::kNone;

  // Set: a revisit record with the head alone is written instead of a response.
  std::optional<RevisitOf> revisit;

  // Not empty: a metadata record that belongs to the response (fetchTimeMs, via, outcome, ...).
  std::span<const WarcField> metadata;
};

struct WrittenRecord {
  std::string record_id;  // "<urn:uuid:...>"
  Extent extent;          // in the file of the capture
};

struct WrittenCapture {
  std::string file;  // base name once sealed, without ".open"
  std::optional<WrittenRecord> request;
  WrittenRecord response;  // or revisit
  std::optional<WrittenRecord> metadata;
  // "sha1:BASE32" or "sha256:HEX" of response_body as stored; empty for a revisit.
  std::string payload_digest;
};

// What Open() found of earlier, crashed writers with the same directory and prefix.
struct RepairReport {
  std::uint64_t files_sealed = 0;   // cut where needed, then sealed
  std::uint64_t files_cut = 0;      // of those: had a half record at the end
  std::uint64_t files_removed = 0;  // held not one whole record
  std::uint64_t files_in_use = 0;   // of living processes: left alone
  std::uint64_t bytes_cut = 0;
  std::vector<std::string> sealed;  // base names
};

struct WriterCounts {
  std::uint64_t files_sealed = 0;
  std::uint64_t records = 0;
  std::uint64_t record_bytes = 0;  // before compression
  std::uint64_t file_bytes = 0;    // after
};

class Writer {
 public:
  // Borrows `files`. Repairs what is left of earlier runs, then is ready; the first file is made by
  // the first record. Errors: kInvalidArgument (options), kIo.
  [[nodiscard]] static Result<std::unique_ptr<Writer>> Open(FileSystem& files,
                                                            WriterOptions options);
  // Leaves the open file for the next Open(): call Seal() first.
  ~Writer();

  // Appends request, response (or revisit) and metadata of one exchange, all into one file.
  //
  // Errors: kInvalidArgument for values that would break the record header (line ends and other
  // control bytes), kTooLarge for a block or header over its limit: nothing was written, go on with
  // the next capture. kIo: nothing of this capture is left in the file where that could be undone;
  // otherwise every later call fails too, and the next Open() repairs.
  [[nodiscard]] Result<WrittenCapture> WriteCapture(const CaptureView& capture);

  // Appends a metadata record that belongs to no response, such as a fetch that failed before one.
  // Errors: as WriteCapture().
  [[nodiscard]] Result<WrittenRecord> WriteMetadata(std::string_view target_uri, UnixSeconds date,
                                                    std::span<const WarcField> fields);

  // Appends one record of another archive as it stands there: a gzip member into gzip files, a zstd
  // frame without dictionary into zstd files, plain bytes into plain ones.
  // Errors: kCorrupt when `member` is not exactly one whole record in that form, kIo.
  [[nodiscard]] Result<Extent> CopyRecord(std::string_view member, UnixSeconds date);

  // Makes everything written so far survive the machine. Errors: kIo.
  [[nodiscard]] Status Sync();

  // Seals the open file, if there is one: the next record starts another. Errors: kIo.
  [[nodiscard]] Status Seal();

  const RepairReport& repaired() const { return repaired_; }
  const WriterCounts& counts() const { return counts_; }
  // Paths of the files sealed by this Writer, in order: what an ingest may read.
  const std::vector<std::string>& sealed_files() const { return sealed_files_; }

 private:
  class Impl;
  explicit Writer(std::unique_ptr<Impl> impl);
  Status BeginCall(UnixSeconds date);
  void AddSealed(std::string path);

  std::unique_ptr<Impl> impl_;
  RepairReport repaired_;
  WriterCounts counts_;
  std::vector<std::string> sealed_files_;
};

}  // namespace crawlcard::warc
