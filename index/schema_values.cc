// Values: encoders and decoders beside each other. Layout: index/schema.h.

#include <algorithm>
#include <array>
#include <bit>

#include "base/byte_codec.h"
#include "base/text.h"
#include "index/internal/row_codec.h"
#include "index/internal/row_container.h"
#include "index/internal/row_domain.h"
#include "index/internal/row_ids.h"
#include "index/internal/row_marks.h"
#include "index/internal/row_numbers.h"
#include "index/internal/row_page.h"
#include "index/internal/row_shape.h"
#include "index/internal/row_statements.h"
#include "index/internal/row_status.h"
#include "index/internal/row_url.h"
#include "index/schema.h"
#include "page/surt.h"

namespace crawlcard::index {
namespace {

constexpr std::uint8_t kCaptureVersion = 1;

// The numbers of these enumerations are on disk. A new value goes to the end; one that moves needs
// a new value version.
static_assert(static_cast<int>(robots::Family::kOther) == 14);
static_assert(static_cast<int>(robots::Carrier::kPolicyDocument) == 11);
static_assert(static_cast<int>(robots::Axis::kAll) == 10);
static_assert(static_cast<int>(robots::Says::kLimited) == 4);
static_assert(static_cast<int>(robots::SignalConfidence::kHigh) == 2);
static_assert(static_cast<int>(robots::FetchState::kRedirect) == 4);
static_assert(static_cast<int>(robots::DocumentKind::kTdmPolicy) == 2);
static_assert(static_cast<int>(page::Access::kPaid) == 2);
static_assert(static_cast<int>(page::Confidence::kHigh) == 2);
static_assert(static_cast<int>(page::LanguageSource::kArchive) == 3);
static_assert(static_cast<int>(Via::kCdx) == 2);
static_assert(std::countr_zero(static_cast<unsigned>(warc::RecordType::kUnknown)) == 8);

// --- hosts ---------------------------------------------------------------------------------------

// The SURT, as it is stored, of the file that a row of `hosts` is about.
std::string SurtOfHostKey(const HostKeyView& key) {
  std::string stored(key.group);
  const std::uint32_t usual = key.scheme == "https" ? 443 : 80;
  if (key.port != usual) {
    stored.push_back(kStoredPortMark);
    stored += std::to_string(key.port);
  }
  stored.push_back(kStoredHostEnd);
  return stored += robots::WellKnownPath(key.file);
}

// The stored SURT that the row's URL is told by.
std::string SurtForUrl(const CaptureView& capture) {
  std::string stored;
  AppendStoredSurt(capture.surt, capture.host, stored);
  if (!IsHostRow(capture)) return stored;
  std::string key;
  HostKeyView view;
  EncodeHostKey(capture, key);
  const bool same = DecodeHostKey(key, view) && SurtOfHostKey(view) == stored;
  return same ? stored : std::string();
}

// --- the row -------------------------------------------------------------------------------------

std::uint32_t PartsOf(const CaptureView& capture, std::size_t signals) {
  const auto bit = [](bool set, RowPart part) { return set ? std::uint32_t{part} : 0U; };
  return bit(!capture.languages.languages.empty(), kLanguages) |
         bit(signals > 0 || !capture.licences.empty(), kStatements) |
         bit(HasRights(capture.rights), kRights) | bit(!capture.unobserved.empty(), kUnobserved) |
         bit(!capture.notes.empty(), kNotes) | bit(!capture.redirect.empty(), kRedirect) |
         bit(!capture.truncated.empty(), kTruncated) |
         bit(capture.well_known.has_value(), kWellKnown) |
         bit(capture.document != robots::DocumentKind::kNone, kDocument) |
         bit(!capture.body_sha256.empty(), kBody) |
         bit(!capture.container.file.empty(), kContainer);
}

// What most rows of a site have alike.
void WriteParts(const CaptureView& capture, std::span<const robots::Signal> signals,
                std::uint32_t parts, ByteWriter& writer) {
  if ((parts & kLanguages) != 0) WriteLanguages(capture.languages, writer);
  if ((parts & kUnobserved) != 0) WriteRowWords(capture.unobserved, writer);
  if ((parts & kNotes) != 0) WriteRowWords(capture.notes, writer);
  if ((parts & kTruncated) != 0) WriteWord(capture.truncated, writer);
  if ((parts & kRedirect) != 0) writer.Bytes(capture.redirect);
  if ((parts & kWellKnown) != 0) {
    writer.U8(static_cast<std::uint8_t>(RowCode(*capture.well_known) << 4 |
                                        RowCode(capture.fetch_state)));
  }
  if ((parts & kDocument) != 0) writer.U8(static_cast<std::uint8_t>(RowCode(capture.document)));
  if ((parts & kBody) != 0) writer.Raw(capture.body_sha256);
  if ((parts & kStatements) != 0) {
    std::string what;
    std::string where;
    EncodeStatements(signals, capture.licences, what, where);
    writer.Bytes(what);
    writer.Bytes(where);
  }
  if ((parts & kRights) != 0) {
    std::string rights;
    ByteWriter rights_writer(rights);
    WriteRights(capture.rights, rights_writer);
    writer.Bytes(rights);
  }
}

class RowReader {
 public:
  RowReader(std::string_view value, std::string_view stored_surt, std::string_view file_name,
            Arena& arena, RowParts wanted, CaptureView& capture)
      : reader_(value),
        value_(value),
        surt_(stored_surt),
        file_(file_name),
        arena_(arena),
        wanted_(wanted),
        capture_(capture) {}

  bool Read(RowMarks* marks_out) {
    // Read by a scan for each row: a reader that no other function is told of lives in registers.
    ByteReader in = reader_;
    in.U8();  // the version
    ReadShape(in);
    if (parts_ > kPartsMax || !ReadParts(in, marks_out)) return false;
    capture_.extent.length = in.Varint();
    capture_.payload_bytes = in.Varint();
    capture_.text_bytes = in.Varint();
    if ((parts_ & kContainer) != 0 && !Through(in, [this] { return ReadContainerPart(); })) {
      return false;
    }
    const bool done = (wanted_ & (kRowUrl | kRowHost | kRowTexts)) == 0;
    if (marks_out == nullptr && done) return valid_ && in.ok();
    if (!Through(in, [&] { return ReadUrl(marks_out); })) return false;
    if (done) return valid_ && in.ok();
    return ReadHost() && ReadEnd();
  }

 private:
  // Lets `read` go on with reader_ from where `in` is.
  template <class Part>
  bool Through(ByteReader& in, const Part& read) {
    reader_ = in;
    const bool good = read();
    in = reader_;
    return good;
  }

  bool texts() const { return (wanted_ & kRowTexts) != 0; }
  bool languages() const { return (wanted_ & kRowLanguages) != 0; }

  void ReadShape(ByteReader& in) {
    const std::uint8_t kind = in.U8();
    form_ = in.U8();
    shape_ = in.U8();
    facts_.words = in.rest().data();
    parts_ = in.Varint();
    if ((kind & 15) > 8) valid_ = false;
    capture_.record_type = static_cast<warc::RecordType>(1U << std::min(kind & 15, 8));
    capture_.via = RowEnum(kind >> 4 & 3U, Via::kCdx, valid_);
    capture_.is_html = (kind & kHtmlBit) != 0;
    capture_.languages.reliable = (kind & kReliableBit) != 0;
    capture_.languages.source = static_cast<page::LanguageSource>(shape_ >> kSourceShift);
    capture_.status = ReadStatus(in, valid_);
    capture_.content_type = ReadWord(in, valid_);
    capture_.identified_type = ReadWord(in, valid_);
    capture_.charset = ReadWord(in, valid_);
    facts_.languages = facts_.said = in.rest().data();
  }

  bool ReadParts(ByteReader& in, RowMarks* marks_out) {
    if (languages()) capture_.languages.languages = {};
    if (texts()) {
      capture_.redirect = {};
      capture_.rights = {};
      capture_.container = {};
      capture_.digest = {};
      capture_.record_id = {};
    }
    capture_.unobserved = {};
    capture_.notes = {};
    capture_.truncated = {};
    constexpr std::uint32_t kLists = kLanguages | kUnobserved | kNotes | kTruncated | kRedirect;
    if ((parts_ & kLists) != 0 && !Through(in, [this] { return ReadLists(); })) return false;
    ReadBodyParts(in);
    facts_.end = in.rest().data();
    if (marks_out != nullptr) marks_out->statements = {};
    if (!ReadStatements(in, marks_out) || !ReadRightsPart(in) || !valid_ || !in.ok()) return false;
    if (marks_out != nullptr) marks_out->facts = FactsOf(value_, parts_, facts_);
    return true;
  }

  bool ReadLists() {
    if ((parts_ & kLanguages) != 0) {
      if (languages()) {
        capture_.languages.languages = ReadLanguages(reader_, arena_, valid_);
      } else {
        SkipLanguages(reader_);
      }
      facts_.said = reader_.rest().data();
    }
    if ((parts_ & kUnobserved) != 0) capture_.unobserved = ReadRowWords(reader_, arena_, valid_);
    if ((parts_ & kNotes) != 0) capture_.notes = ReadRowWords(reader_, arena_, valid_);
    if ((parts_ & kTruncated) != 0) capture_.truncated = ReadWord(reader_, valid_);
    if ((parts_ & kRedirect) != 0) {
      const std::string_view redirect = reader_.Bytes();
      if (texts()) capture_.redirect = redirect;
    }
    return valid_ && reader_.ok();
  }

  void ReadBodyParts(ByteReader& in) {
    capture_.well_known.reset();
    capture_.fetch_state = robots::FetchState::kOk;
    if ((parts_ & kWellKnown) != 0) {
      const std::uint8_t code = in.U8();
      capture_.well_known = RowEnum(code >> 4U, robots::WellKnown::kLlmsTxt, valid_);
      capture_.fetch_state = RowEnum(code & 15U, robots::FetchState::kRedirect, valid_);
    }
    capture_.document = robots::DocumentKind::kNone;
    if ((parts_ & kDocument) != 0) {
      capture_.document = RowEnum(in.U8(), robots::DocumentKind::kTdmPolicy, valid_);
    }
    capture_.body_sha256 = {};
    if ((parts_ & kBody) != 0) capture_.body_sha256 = in.Raw(32);
  }

  bool ReadStatements(ByteReader& in, RowMarks* marks_out) {
    const bool wanted = (wanted_ & kRowStatements) != 0;
    if (wanted) {
      capture_.signals = {};
      capture_.licences = {};
    }
    if ((parts_ & kStatements) == 0) return true;
    const std::string_view what = in.Bytes();
    facts_.end = in.rest().data();
    const std::string_view where = in.Bytes();
    if (marks_out != nullptr) marks_out->statements = what;
    if (!wanted) return true;
    RowStatements statements;
    if (!DecodeStatements(what, where, arena_, statements)) return false;
    capture_.signals = statements.signals;
    capture_.licences = statements.licences;
    return true;
  }

  bool ReadRightsPart(ByteReader& in) {
    if ((parts_ & kRights) == 0) return true;
    const std::string_view bytes = in.Bytes();
    if (!texts()) return true;
    ByteReader rights(bytes);
    return ReadRights(rights, arena_, capture_.rights) && rights.ok() && rights.at_end();
  }

  bool ReadContainerPart() {
    return ReadContainer(reader_, file_, texts(), arena_, capture_.container);
  }

  bool ReadUrl(RowMarks* marks_out) {
    const std::string_view before = reader_.rest();
    const bool built = (wanted_ & (kRowUrl | kRowHost)) != 0;
    if (!(built ? DecodeRowUrl(form_, surt_, reader_, arena_, url_) : SkipRowUrl(form_, reader_))) {
      return false;
    }
    capture_.url = url_.url;
    if (marks_out == nullptr) return true;
    marks_out->url_form = form_;
    marks_out->url_bytes = before.substr(0, before.size() - reader_.left());
    marks_out->path_begin = url_.path_begin;
    marks_out->host_form = HostFormOf(form_, shape_);
    return true;
  }

  bool ReadHost() {
    const bool regular = (shape_ & kRegularHost) != 0;
    const std::string_view host = regular ? std::string_view() : reader_.Bytes();
    const unsigned labels = shape_ >> kLabelsShift & kLabelsText;
    const std::string_view domain = labels == kLabelsText ? reader_.Bytes() : std::string_view();
    if ((wanted_ & (kRowUrl | kRowHost)) == 0) return reader_.ok();
    if (regular && url_.host_end == 0) return false;
    capture_.host =
        regular ? url_.url.substr(url_.host_begin, url_.host_end - url_.host_begin) : host;
    capture_.domain = domain;
    if (labels == kLabelsText) return reader_.ok();
    return LastLabels(capture_.host, labels, capture_.domain) && reader_.ok();
  }

  bool ReadEnd() {
    switch (shape_ >> kDigestShift & 3U) {
      case kNoDigest:
        break;
      case kSha1Base32: {
        const std::string_view raw = reader_.Raw(kSha1Bytes);
        if (reader_.ok() && texts()) capture_.digest = WriteBase32(raw, arena_);
        break;
      }
      case kTextDigest: {
        const std::string_view text = reader_.Bytes();
        if (texts()) capture_.digest = text;
        break;
      }
      default:
        return false;
    }
    if ((parts_ & kUuid) != 0) {
      const std::string_view raw = reader_.Raw(kUuidBytes);
      if (reader_.ok() && texts()) capture_.record_id = WriteUuid(raw, arena_);
    }
    if ((parts_ & kTextId) != 0) {
      const std::string_view text = reader_.Bytes();
      if (texts()) capture_.record_id = text;
    }
    return valid_ && reader_.ok() && reader_.at_end();
  }

  ByteReader reader_;
  std::string_view value_;
  std::string_view surt_;
  std::string_view file_;
  Arena& arena_;
  RowParts wanted_;
  CaptureView& capture_;
  std::uint8_t form_ = 0;
  std::uint8_t shape_ = 0;
  std::uint64_t parts_ = 0;
  RowUrl url_;
  FactsPlace facts_;
  bool valid_ = true;
};

// Why a value was not read.
Status Undecoded(std::string_view value) {
  const std::uint8_t version = value.empty() ? 0 : static_cast<std::uint8_t>(value.front());
  if (version > kCaptureVersion) {
    return Fail(ErrorCode::kSchema, "row has value version {}, this build reads up to {}", version,
                kCaptureVersion);
  }
  return Fail(ErrorCode::kCorrupt, "row value of {} bytes cannot be decoded", value.size());
}

bool IsReadable(std::string_view value) {
  return !value.empty() && value.front() == static_cast<char>(kCaptureVersion);
}

void TakePlace(const RowPlace& place, std::string_view file_name, CaptureView& capture_out) {
  capture_out.date = place.date;
  capture_out.file = file_name;
  capture_out.extent.offset = place.offset;
  capture_out.extent.inner_offset = place.inner_offset;
}

}  // namespace

void EncodeCapture(const CaptureView& capture, std::string& value_out) {
  value_out.clear();
  ByteWriter writer(value_out);
  const auto signals = capture.signals.first(capture.signals.size() - capture.well_known_signals);
  std::uint32_t parts = PartsOf(capture, signals.size());
  // What stands last is made first: the shape names its forms.
  std::string end;
  const std::string stored = SurtForUrl(capture);
  const std::uint8_t form = EncodeRowUrl(capture.url, stored, end);
  Arena arena(1024);
  ByteReader made(end);
  RowUrl url;
  const bool regular =
      DecodeRowUrl(form, stored, made, arena, url) && url.host_end != 0 &&
      capture.host == url.url.substr(url.host_begin, url.host_end - url.host_begin);
  if (!regular) ByteWriter(end).Bytes(capture.host);
  const unsigned labels = LabelsOf(capture.host, capture.domain);
  if (labels == kLabelsText) ByteWriter(end).Bytes(capture.domain);
  std::string raw;
  const DigestForm digest = FormOfDigest(capture.digest, raw);
  if (digest == kSha1Base32) end += raw;
  if (digest == kTextDigest) ByteWriter(end).Bytes(capture.digest);
  if (!capture.record_id.empty()) {
    raw.clear();
    const bool uuid = ReadUuid(capture.record_id, raw);
    parts |= uuid ? kUuid : kTextId;
    if (uuid) end += raw;
    if (!uuid) ByteWriter(end).Bytes(capture.record_id);
  }

  writer.U8(kCaptureVersion);
  writer.U8(static_cast<std::uint8_t>(
      static_cast<unsigned>(std::countr_zero(static_cast<unsigned>(capture.record_type))) |
      RowCode(capture.via) << 4 | (capture.is_html ? kHtmlBit : 0U) |
      (capture.languages.reliable ? kReliableBit : 0U)));
  writer.U8(form);
  writer.U8(static_cast<std::uint8_t>((regular ? kRegularHost : 0U) | labels << kLabelsShift |
                                      digest << kDigestShift |
                                      RowCode(capture.languages.source) << kSourceShift));
  writer.Varint(parts);
  WriteStatus(capture.status, writer);
  WriteWord(capture.content_type, writer);
  WriteWord(capture.identified_type, writer);
  WriteWord(capture.charset, writer);
  WriteParts(capture, signals, parts, writer);
  writer.Varint(capture.extent.length);
  writer.Varint(capture.payload_bytes);
  writer.Varint(capture.text_bytes);
  if ((parts & kContainer) != 0) WriteContainer(capture, writer);
  writer.Raw(end);
}

Status DecodePageRow(std::string_view key, std::string_view value, std::string_view file_name,
                     Arena& arena, CaptureView& capture_out, RowParts parts, RowMarks* marks_out) {
  PageKeyView place;
  if (!DecodePageKey(key, place)) {
    return Fail(ErrorCode::kCorrupt, "page key of {} bytes cannot be decoded", key.size());
  }
  capture_out = {};
  return DecodePageRow(place, value, file_name, arena, capture_out, parts, marks_out);
}

bool ReadPageRow(const PageKeyView& place, std::string_view value, std::string_view file_name,
                 Arena& arena, CaptureView& capture_out, RowParts parts, RowMarks* marks_out) {
  TakePlace(place.place, file_name, capture_out);
  if ((parts & kRowSurt) != 0) capture_out.surt = SurtFromStored(place.stored_surt, arena);
  if (!IsReadable(value)) return false;
  if ((parts & ~kRowSurt) == 0) {
    RowMarks unasked;
    RowMarks& marks = marks_out != nullptr ? *marks_out : unasked;
    if (const char* const url = ReadUsualNumbers(value, arena, capture_out, marks)) {
      return marks_out == nullptr || ReadUrlMarks(value, url, marks);
    }
  }
  RowReader reader(value, place.stored_surt, file_name, arena, parts, capture_out);
  return reader.Read(marks_out);
}

Status DecodePageRow(const PageKeyView& place, std::string_view value, std::string_view file_name,
                     Arena& arena, CaptureView& capture_out, RowParts parts, RowMarks* marks_out) {
  if (ReadPageRow(place, value, file_name, arena, capture_out, parts, marks_out)) return {};
  return Undecoded(value);
}

Status DecodeHostRow(std::string_view key, std::string_view value, std::string_view file_name,
                     Arena& arena, CaptureView& capture_out, RowParts parts) {
  HostKeyView place;
  if (!DecodeHostKey(key, place)) {
    return Fail(ErrorCode::kCorrupt, "host key of {} bytes cannot be decoded", key.size());
  }
  return DecodeHostRow(place, value, file_name, arena, capture_out, parts);
}

Status DecodeHostRow(const HostKeyView& place, std::string_view value, std::string_view file_name,
                     Arena& arena, CaptureView& capture_out, RowParts parts) {
  capture_out = {};
  TakePlace(place.place, file_name, capture_out);
  RowMarks marks;
  const bool urls = (parts & kRowUrl) != 0;
  const std::string stored = urls ? SurtOfHostKey(place) : "";
  const auto wanted = static_cast<RowParts>(parts & ~kRowHost);
  RowReader reader(value, stored, file_name, arena, wanted, capture_out);
  if (!IsReadable(value) || !reader.Read(urls ? &marks : nullptr)) return Undecoded(value);
  if (capture_out.well_known != place.file) {
    return Fail(ErrorCode::kCorrupt, "host row names another file than its key");
  }
  if (!urls) return {};
  if (marks.path_begin != 0) {  // built from the key: the SURT is that of the key, too
    capture_out.surt = SurtFromStored(stored, arena);
    return {};
  }
  if (const std::optional<std::string> surt = page::SurtKey(capture_out.url)) {
    capture_out.surt = arena.Copy(*surt);
  }
  return {};
}

std::string_view BlobOfRow(std::string_view value) {
  if (!IsReadable(value)) return {};
  Arena arena(1024);
  CaptureView capture;
  RowReader reader(value, {}, {}, arena, RowParts{}, capture);
  return reader.Read(nullptr) ? capture.body_sha256 : std::string_view();
}

}  // namespace crawlcard::index
