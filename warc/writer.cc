#include "warc/writer.h"

#include <algorithm>

#include "base/assert.h"
#include "base/digest.h"
#include "base/member_deflater.h"
#include "base/text.h"
#include "warc/internal/archive_file.h"
#include "warc/internal/record_builder.h"
#include "warc/internal/repair.h"
#include "warc/internal/stored_head.h"
#include "warc/reader.h"

namespace crawlcard::warc {
namespace {

constexpr std::string_view kRequestType = "application/http; msgtype=request";
constexpr std::string_view kResponseType = "application/http; msgtype=response";
constexpr std::string_view kFieldsType = "application/warc-fields";

// The profile URIs of WARC 1.1 sections 6.7.2 and 6.7.3.
constexpr std::string_view kIdenticalProfile =
    "http://netpreserve.org/warc/1.1/revisit/identical-payload-digest";
constexpr std::string_view kNotModifiedProfile =
    "http://netpreserve.org/warc/1.1/revisit/server-not-modified";

Status CheckOptional(std::string_view what, std::string_view value) {
  if (value.empty() || IsPlainValue(value)) return {};
  return Fail(ErrorCode::kInvalidArgument, "{} cannot stand in a record header", what);
}

Status CheckBlock(std::string_view what, std::uint64_t bytes) {
  if (bytes <= limits::kBlockBytesMax) return {};
  return Fail(ErrorCode::kTooLarge, "{} too large: {} bytes, limit {}", what, bytes,
              limits::kBlockBytesMax);
}

Status CheckFields(std::span<const WarcField> fields) {
  std::uint64_t bytes = 0;
  for (const auto& [name, value] : fields) {
    if (!IsToken(name)) {
      return Fail(ErrorCode::kInvalidArgument, "field name of {} bytes is no token", name.size());
    }
    // A byte becomes at most three.
    bytes += name.size() + value.size() * 3 + 4;
  }
  return CheckBlock("fields", bytes);
}

Status CheckUri(std::string_view uri) {
  if (!uri.empty()) return {};
  return Fail(ErrorCode::kInvalidArgument, "no target URI");
}

Status CheckRevisit(const RevisitOf& revisit) {
  CRAWLCARD_TRY(CheckOptional("id of the earlier record", revisit.record_id));
  CRAWLCARD_TRY(CheckOptional("payload digest", revisit.payload_digest));
  if (revisit.profile == RevisitOf::Profile::kIdenticalPayloadDigest &&
      revisit.payload_digest.empty()) {
    return Fail(ErrorCode::kInvalidArgument, "revisit of an identical payload without its digest");
  }
  return {};
}

// Everything that could stop a capture half way, so that building it cannot fail.
Status CheckCapture(const CaptureView& capture) {
  CRAWLCARD_TRY(CheckUri(capture.target_uri));
  CRAWLCARD_TRY(CheckOptional("address", capture.ip_address));
  CRAWLCARD_TRY(CheckOptional("cipher suite", capture.cipher_suite));
  std::uint64_t header_bytes = capture.cipher_suite.size() + capture.ip_address.size();
  for (const std::string_view protocol : capture.protocols) {
    CRAWLCARD_TRY(CheckOptional("protocol", protocol));
    header_bytes += protocol.size() + 20;
  }
  if (capture.revisit) {
    CRAWLCARD_TRY(CheckRevisit(*capture.revisit));
    header_bytes += capture.revisit->record_id.size() + capture.revisit->payload_digest.size() +
                    capture.revisit->target_uri.size() * 3;
  }
  header_bytes += capture.target_uri.size() * 3 + 1024;
  if (header_bytes > limits::kWrittenHeaderBytesMax) {
    return Fail(ErrorCode::kTooLarge, "record header too large: {} bytes, limit {}", header_bytes,
                limits::kWrittenHeaderBytesMax);
  }
  if (!IsHttpHead(capture.response_head)) {
    return Fail(ErrorCode::kInvalidArgument, "no HTTP head in {} bytes",
                capture.response_head.size());
  }
  CRAWLCARD_TRY(CheckBlock("request", capture.request.size()));
  CRAWLCARD_TRY(CheckBlock(
      "response", StoredHeadBytesMax(capture.response_head.size()) + capture.response_body.size()));
  return CheckFields(capture.metadata);
}

Status CheckOptions(const WriterOptions& options) {
  const auto allowed = [](char c) {
    return IsAsciiAlpha(c) || IsAsciiDigit(c) || c == '-' || c == '_' || c == '.';
  };
  if (options.directory.empty()) return Fail(ErrorCode::kInvalidArgument, "no directory");
  if (options.prefix.empty() || options.prefix.front() == '.' ||
      !std::all_of(options.prefix.begin(), options.prefix.end(), allowed)) {
    return Fail(ErrorCode::kInvalidArgument, "prefix is no part of a file name");
  }
  const int level_max = options.compression == Compression::kZstd ? 19 : 12;
  if (options.level < 1 || options.level > level_max) {
    return Fail(ErrorCode::kInvalidArgument, "level {} is not between 1 and {}", options.level,
                level_max);
  }
  return CheckFields(options.warcinfo);
}

// RFC 9562 section 5.8: random bits under version 8, since how they came about is ours to say.
std::string UuidUrn(std::array<std::uint8_t, 16> bytes) {
  bytes[6] = static_cast<std::uint8_t>((bytes[6] & 0x0FU) | 0x80U);
  bytes[8] = static_cast<std::uint8_t>((bytes[8] & 0x3FU) | 0x80U);
  const std::string hex = Hex(bytes);
  const std::string_view h = hex;
  return fmt::format("<urn:uuid:{}-{}-{}-{}-{}>", h.substr(0, 8), h.substr(8, 4), h.substr(12, 4),
                     h.substr(16, 4), h.substr(20, 12));
}

}  // namespace

class Writer::Impl {
 public:
  Impl(FileSystem& files, WriterOptions options)
      : options_(std::move(options)), file_(files, options_), builder_(options_.digest) {
    if (options_.compression != Compression::kNone) {
      const MemberFormat format =
          options_.compression == Compression::kGzip ? MemberFormat::kGzip : MemberFormat::kZstd;
      deflater_ = std::make_unique<MemberDeflater>(format, options_.level);
    }
  }

  // Readies the file for a call of `date`: sealed if it is full, started if there is none.
  // Gives the path of the file that was sealed, or nothing.
  Result<std::optional<std::string>> BeginCall(UnixSeconds date);
  // Appends what the call built.
  Status EndCall(WriterCounts& counts);

  WrittenRecord PutRequest(const CaptureView& capture, std::string_view uri);
  WrittenRecord PutResponse(const CaptureView& capture, std::string_view uri,
                            std::string_view concurrent_to);
  WrittenRecord PutMetadata(std::string_view uri, UnixSeconds date,
                            std::span<const WarcField> fields, std::string_view concurrent_to);

  // Whether `member` is one record, whole, in the form of this writer's files.
  [[nodiscard]] Status CheckMember(std::string_view member) const;
  Extent PutMember(std::string_view member);

  ArchiveFile& file() { return file_; }
  const std::string& payload_digest() const { return builder_.payload_digest(); }

 private:
  void PutWarcinfo(UnixSeconds date);
  void StartRecord(RecordType type, UnixSeconds date, const std::string& id, std::string_view uri);
  void ExchangeFields(const CaptureView& capture);
  void RevisitFields(const RevisitOf& revisit);
  // Packs the record that the builder holds.
  WrittenRecord Finish(std::string id);
  std::string NextId();

  WriterOptions options_;
  ArchiveFile file_;
  RecordBuilder builder_;
  std::unique_ptr<MemberDeflater> deflater_;
  std::string warcinfo_id_;
  std::string members_;  // of the call under way
  std::string scratch_;
  std::uint64_t ids_ = 0;
  std::uint64_t call_records_ = 0;
  std::uint64_t call_record_bytes_ = 0;
};

std::string Writer::Impl::NextId() {
  std::string text(options_.id_seed.begin(), options_.id_seed.end());
  text += fmt::format("{}", ids_++);
  const Sha256Digest digest = Sha256(text);
  std::array<std::uint8_t, 16> bytes{};
  std::copy_n(digest.begin(), bytes.size(), bytes.begin());
  return UuidUrn(bytes);
}

Result<std::optional<std::string>> Writer::Impl::BeginCall(UnixSeconds date) {
  std::optional<std::string> sealed;
  if (file_.is_open() && file_.size() >= options_.file_bytes_max) {
    CRAWLCARD_ASSIGN(sealed, file_.Seal());
  }
  if (!file_.is_open()) CRAWLCARD_TRY(file_.Create(date));
  members_.clear();
  call_records_ = 0;
  call_record_bytes_ = 0;
  if (file_.size() == 0) PutWarcinfo(date);
  return sealed;
}

Status Writer::Impl::EndCall(WriterCounts& counts) {
  CRAWLCARD_TRY(file_.Append(members_));
  counts.records += call_records_;
  counts.record_bytes += call_record_bytes_;
  counts.file_bytes += members_.size();
  return {};
}

void Writer::Impl::PutWarcinfo(UnixSeconds date) {
  warcinfo_id_ = NextId();
  builder_.Start(RecordType::kWarcinfo, date, warcinfo_id_);
  builder_.Field("WARC-Filename", file_.name());
  scratch_.clear();
  for (const auto& [name, value] : options_.warcinfo) AppendWarcField(name, value, scratch_);
  AppendWarcField("format", "WARC File Format 1.1", scratch_);
  AppendWarcField("conformsTo",
                  "https://iipc.github.io/warc-specifications/specifications/warc-format/warc-1.1/",
                  scratch_);
  builder_.OpenBlock(kFieldsType, scratch_.size(), std::nullopt);
  builder_.Append(scratch_);
  Finish(warcinfo_id_);
}

void Writer::Impl::StartRecord(RecordType type, UnixSeconds date, const std::string& id,
                               std::string_view uri) {
  builder_.Start(type, date, id);
  builder_.Field("WARC-Warcinfo-ID", warcinfo_id_);
  builder_.Field("WARC-Target-URI", uri);
}

void Writer::Impl::ExchangeFields(const CaptureView& capture) {
  if (!capture.ip_address.empty()) builder_.Field("WARC-IP-Address", capture.ip_address);
  for (const std::string_view protocol : capture.protocols) {
    if (!protocol.empty()) builder_.Field("WARC-Protocol", protocol);
  }
  if (!capture.cipher_suite.empty()) builder_.Field("WARC-Cipher-Suite", capture.cipher_suite);
}

void Writer::Impl::RevisitFields(const RevisitOf& revisit) {
  const bool identical = revisit.profile == RevisitOf::Profile::kIdenticalPayloadDigest;
  builder_.Field("WARC-Profile", identical ? kIdenticalProfile : kNotModifiedProfile);
  if (!revisit.record_id.empty()) builder_.Field("WARC-Refers-To", revisit.record_id);
  if (!revisit.target_uri.empty()) {
    builder_.Field("WARC-Refers-To-Target-URI", EscapedUri(revisit.target_uri));
  }
  if (revisit.date) builder_.Field("WARC-Refers-To-Date", FormatRfc3339(*revisit.date));
  if (!revisit.payload_digest.empty()) {
    builder_.Field("WARC-Payload-Digest", revisit.payload_digest);
  }
}

WrittenRecord Writer::Impl::PutRequest(const CaptureView& capture, std::string_view uri) {
  std::string id = NextId();
  StartRecord(RecordType::kRequest, capture.date, id, uri);
  ExchangeFields(capture);
  builder_.OpenBlock(kRequestType, capture.request.size(), std::nullopt);
  builder_.Append(capture.request);
  return Finish(std::move(id));
}

WrittenRecord Writer::Impl::PutResponse(const CaptureView& capture, std::string_view uri,
                                        std::string_view concurrent_to) {
  std::string id = NextId();
  const bool is_revisit = capture.revisit.has_value();
  StartRecord(is_revisit ? RecordType::kRevisit : RecordType::kResponse, capture.date, id, uri);
  if (!concurrent_to.empty()) builder_.Field("WARC-Concurrent-To", concurrent_to);
  ExchangeFields(capture);
  if (capture.truncated != Truncation::kNone) {
    builder_.Field("WARC-Truncated", TruncationName(capture.truncated));
  }
  if (is_revisit) RevisitFields(*capture.revisit);

  // The head of a revisit tells of a body that is not here, so its lengths stay as they came.
  StoredHeadOptions head;
  head.transfer_decoded = capture.transfer_decoded && !is_revisit;
  head.content_decoded = capture.content_decoded && !is_revisit;
  head.body_bytes = capture.response_body.size();
  scratch_.clear();
  AppendStoredHead(capture.response_head, head, scratch_);
  const std::string_view body = is_revisit ? std::string_view{} : capture.response_body;
  builder_.OpenBlock(kResponseType, scratch_.size() + body.size(),
                     is_revisit ? std::nullopt : std::optional<std::size_t>(body.size()));
  builder_.Append(scratch_);
  builder_.Append(body);
  return Finish(std::move(id));
}

WrittenRecord Writer::Impl::PutMetadata(std::string_view uri, UnixSeconds date,
                                        std::span<const WarcField> fields,
                                        std::string_view concurrent_to) {
  std::string id = NextId();
  StartRecord(RecordType::kMetadata, date, id, uri);
  if (!concurrent_to.empty()) builder_.Field("WARC-Concurrent-To", concurrent_to);
  scratch_.clear();
  for (const auto& [name, value] : fields) AppendWarcField(name, value, scratch_);
  builder_.OpenBlock(kFieldsType, scratch_.size(), std::nullopt);
  builder_.Append(scratch_);
  return Finish(std::move(id));
}

WrittenRecord Writer::Impl::Finish(std::string id) {
  builder_.Close();
  const std::size_t start = members_.size();
  if (deflater_ != nullptr) {
    deflater_->Append(builder_.bytes(), members_);
  } else {
    members_ += builder_.bytes();
  }
  ++call_records_;
  call_record_bytes_ += builder_.bytes().size();
  return {std::move(id), {file_.size() + start, members_.size() - start, 0}};
}

Status Writer::Impl::CheckMember(std::string_view member) const {
  constexpr std::string_view kGzipStart = "\x1f\x8b";
  constexpr std::string_view kZstdStart = "\x28\xb5\x2f\xfd";
  const std::string_view start = options_.compression == Compression::kGzip   ? kGzipStart
                                 : options_.compression == Compression::kZstd ? kZstdStart
                                                                              : "WARC/";
  if (!member.starts_with(start)) {
    return Fail(ErrorCode::kCorrupt, "{} bytes do not start as a record of this file does",
                member.size());
  }
  MemorySource source(member);
  Reader reader(source, {});
  const Result<const RecordView*> record = reader.Next();
  if (!record) return tl::unexpected<Error>(record.error());
  const bool one = *record != nullptr && (*record)->extent == Extent{0, member.size(), 0};
  const Result<const RecordView*> end = reader.Next();
  if (one && end && *end == nullptr) return {};
  return Fail(ErrorCode::kCorrupt, "{} bytes are not exactly one record", member.size());
}

Extent Writer::Impl::PutMember(std::string_view member) {
  const std::uint64_t offset = file_.size() + members_.size();
  members_ += member;
  ++call_records_;
  call_record_bytes_ += member.size();
  return {offset, member.size(), 0};
}

Writer::Writer(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Writer::~Writer() = default;

Result<std::unique_ptr<Writer>> Writer::Open(FileSystem& files, WriterOptions options) {
  CRAWLCARD_TRY(CheckOptions(options));
  CRAWLCARD_TRY(files.MakeDirectories(options.directory));
  CRAWLCARD_ASSIGN(RepairReport repaired,
                   RepairDirectory(files, options.directory, options.prefix));
  std::unique_ptr<Writer> writer(new Writer(std::make_unique<Impl>(files, std::move(options))));
  writer->repaired_ = std::move(repaired);
  return writer;
}

Status Writer::BeginCall(UnixSeconds date) {
  CRAWLCARD_ASSIGN(std::optional<std::string> sealed, impl_->BeginCall(date));
  if (sealed) AddSealed(std::move(*sealed));
  return {};
}

void Writer::AddSealed(std::string path) {
  ++counts_.files_sealed;
  sealed_files_.push_back(std::move(path));
}

Result<WrittenCapture> Writer::WriteCapture(const CaptureView& capture) {
  CRAWLCARD_TRY(CheckCapture(capture));
  CRAWLCARD_TRY(BeginCall(capture.date));
  const std::string uri = EscapedUri(capture.target_uri);
  WrittenCapture written;
  written.file = impl_->file().name();
  std::string request_id;
  if (!capture.request.empty()) {
    written.request = impl_->PutRequest(capture, uri);
    request_id = written.request->record_id;
  }
  written.response = impl_->PutResponse(capture, uri, request_id);
  written.payload_digest = impl_->payload_digest();
  if (!capture.metadata.empty()) {
    written.metadata =
        impl_->PutMetadata(uri, capture.date, capture.metadata, written.response.record_id);
  }
  CRAWLCARD_TRY(impl_->EndCall(counts_));
  return written;
}

Result<WrittenRecord> Writer::WriteMetadata(std::string_view target_uri, UnixSeconds date,
                                            std::span<const WarcField> fields) {
  CRAWLCARD_TRY(CheckUri(target_uri));
  if (target_uri.size() * 3 + 1024 > limits::kWrittenHeaderBytesMax) {
    return Fail(ErrorCode::kTooLarge, "target URI too large: {} bytes", target_uri.size());
  }
  CRAWLCARD_TRY(CheckFields(fields));
  CRAWLCARD_TRY(BeginCall(date));
  WrittenRecord written = impl_->PutMetadata(EscapedUri(target_uri), date, fields, {});
  CRAWLCARD_TRY(impl_->EndCall(counts_));
  return written;
}

Result<Extent> Writer::CopyRecord(std::string_view member, UnixSeconds date) {
  CRAWLCARD_TRY(impl_->CheckMember(member));
  CRAWLCARD_TRY(BeginCall(date));
  const Extent extent = impl_->PutMember(member);
  CRAWLCARD_TRY(impl_->EndCall(counts_));
  return extent;
}

Status Writer::Sync() {
  return impl_->file().Sync();
}

Status Writer::Seal() {
  if (!impl_->file().is_open()) return {};
  CRAWLCARD_ASSIGN(std::optional<std::string> sealed, impl_->file().Seal());
  if (sealed) AddSealed(std::move(*sealed));
  return {};
}

}  // namespace crawlcard::warc
