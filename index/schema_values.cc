// Values: encoders and decoders beside each other. Layout: index/schema.h.

#include <algorithm>
#include <bit>

#include "base/byte_codec.h"
#include "base/codec.h"
#include "index/limits.h"
#include "index/schema.h"
#include "page/surt.h"

namespace crawlcard::index {
namespace {

// Version 2 ends with the container; rows without one stay in version 1.
constexpr std::uint8_t kCaptureVersionPlain = 1;
constexpr std::uint8_t kCaptureVersion = 2;
constexpr std::uint8_t kBlobVersion = 1;

constexpr std::uint8_t kFlagHtml = 1 << 0;
constexpr std::uint8_t kFlagLanguagesReliable = 1 << 1;

constexpr std::uint8_t kFlagDisagreement = 1 << 0;
constexpr std::uint8_t kFlagVersions = 1 << 1;
constexpr std::uint8_t kFlagReserved = 1 << 2;

constexpr std::size_t kSignalBytesMin = 14;   // six codes, seven lengths, a count
constexpr std::size_t kLicenceBytesMin = 11;  // a code, nine lengths, a count
constexpr std::size_t kLanguageBytesMin = 5;

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

template <class Enum>
std::uint8_t Code(Enum value) {
  return static_cast<std::uint8_t>(value);
}

// Reads a code that may be at most `last`; anything else makes the row unreadable.
template <class Enum>
Enum ReadCode(ByteReader& reader, Enum last, bool& valid) {
  const std::uint8_t code = reader.U8();
  if (code > static_cast<std::uint8_t>(last)) {
    valid = false;
    return last;
  }
  return static_cast<Enum>(code);
}

template <class T>
std::span<T> NewSpan(Arena& arena, std::size_t count) {
  if (count == 0) return {};
  T* values = static_cast<T*>(arena.allocate(count * sizeof(T), alignof(T)));
  for (std::size_t i = 0; i < count; ++i) new (values + i) T();
  return {values, count};
}

void WriteTexts(std::span<const std::string_view> texts, ByteWriter& writer) {
  writer.Varint(texts.size());
  for (const std::string_view text : texts) writer.Bytes(text);
}

std::span<const std::string_view> ReadTexts(ByteReader& reader, Arena& arena) {
  const std::span<std::string_view> texts = NewSpan<std::string_view>(arena, reader.Count(1));
  for (std::string_view& text : texts) text = reader.Bytes();
  return texts;
}

void WriteSignals(std::span<const robots::Signal> signals, ByteWriter& writer) {
  writer.Varint(signals.size());
  for (const robots::Signal& signal : signals) {
    writer.U8(Code(signal.family));
    writer.U8(Code(signal.carrier));
    writer.U8(Code(signal.use));
    writer.U8(Code(signal.says));
    writer.U8(Code(signal.careful));
    writer.U8(Code(signal.confidence));
    for (const std::string_view text : {signal.location, signal.agent, signal.scope, signal.key,
                                        signal.value, signal.condition, signal.raw}) {
      writer.Bytes(text);
    }
    WriteTexts(signal.flags, writer);
  }
}

std::span<const robots::Signal> ReadSignals(ByteReader& reader, Arena& arena, bool& valid) {
  const auto signals = NewSpan<robots::Signal>(arena, reader.Count(kSignalBytesMin));
  for (robots::Signal& signal : signals) {
    signal.family = ReadCode(reader, robots::Family::kOther, valid);
    signal.carrier = ReadCode(reader, robots::Carrier::kPolicyDocument, valid);
    signal.use = ReadCode(reader, robots::Axis::kAll, valid);
    signal.says = ReadCode(reader, robots::Says::kLimited, valid);
    signal.careful = ReadCode(reader, robots::Says::kLimited, valid);
    signal.confidence = ReadCode(reader, robots::SignalConfidence::kHigh, valid);
    for (std::string_view* text : {&signal.location, &signal.agent, &signal.scope, &signal.key,
                                   &signal.value, &signal.condition, &signal.raw}) {
      *text = reader.Bytes();
    }
    signal.flags = ReadTexts(reader, arena);
  }
  return signals;
}

void WriteLicences(std::span<const page::Licence> licences, ByteWriter& writer) {
  writer.Varint(licences.size());
  for (const page::Licence& licence : licences) {
    writer.U8(Code(licence.confidence));
    for (const std::string_view text :
         {licence.spdx, licence.name, licence.url, licence.location, licence.scope, licence.region,
          licence.node_type, licence.subject, licence.raw}) {
      writer.Bytes(text);
    }
    WriteTexts(licence.flags, writer);
  }
}

std::span<const page::Licence> ReadLicences(ByteReader& reader, Arena& arena, bool& valid) {
  const auto licences = NewSpan<page::Licence>(arena, reader.Count(kLicenceBytesMin));
  for (page::Licence& licence : licences) {
    licence.confidence = ReadCode(reader, page::Confidence::kHigh, valid);
    for (std::string_view* text :
         {&licence.spdx, &licence.name, &licence.url, &licence.location, &licence.scope,
          &licence.region, &licence.node_type, &licence.subject, &licence.raw}) {
      *text = reader.Bytes();
    }
    licence.flags = ReadTexts(reader, arena);
  }
  return licences;
}

// Most pages say nothing beside their licences: one byte.
void WriteRights(const page::Rights& rights, ByteWriter& writer) {
  const bool any = HasRights(rights);
  writer.U8(any ? 1 : 0);
  if (!any) return;
  writer.U8(static_cast<std::uint8_t>((rights.disagreement ? kFlagDisagreement : 0) |
                                      (rights.version_disagreement ? kFlagVersions : 0) |
                                      (rights.all_rights_reserved ? kFlagReserved : 0)));
  writer.U8(Code(rights.access));
  writer.Varint(static_cast<std::uint64_t>(std::max(rights.copyright_year, 0)));
  for (const RightsText& one : kRightsTexts) writer.Bytes(rights.*one.text);
  WriteTexts(rights.prose, writer);
}

bool ReadRights(ByteReader& reader, Arena& arena, page::Rights& rights) {
  const std::uint8_t any = reader.U8();
  if (any == 0) return true;
  const std::uint8_t flags = reader.U8();
  rights.disagreement = (flags & kFlagDisagreement) != 0;
  rights.version_disagreement = (flags & kFlagVersions) != 0;
  rights.all_rights_reserved = (flags & kFlagReserved) != 0;
  bool valid = any == 1;
  rights.access = ReadCode(reader, page::Access::kPaid, valid);
  const std::uint64_t year = reader.Varint();
  rights.copyright_year = static_cast<std::int32_t>(year & 0xFFFF);
  for (const RightsText& one : kRightsTexts) rights.*one.text = reader.Bytes();
  rights.prose = ReadTexts(reader, arena);
  return valid && year <= 0xFFFF;
}

void WriteLanguages(const page::LanguageGuess& guess, ByteWriter& writer) {
  writer.Varint(guess.languages.size());
  for (const page::Language& language : guess.languages) {
    writer.Bytes(language.code);
    writer.Float(language.share);
  }
}

std::span<const page::Language> ReadLanguages(ByteReader& reader, Arena& arena) {
  const auto languages = NewSpan<page::Language>(arena, reader.Count(kLanguageBytesMin));
  for (page::Language& language : languages) {
    language.code = reader.Bytes();
    language.share = reader.Float();
  }
  return languages;
}

// Host and domain mostly stand in the URL already.
void WriteHost(const CaptureView& capture, ByteWriter& writer) {
  const std::size_t at = capture.host.empty()
                             ? std::string_view::npos
                             : capture.url.substr(0, capture.host.size() + 300).find(capture.host);
  if (at == std::string_view::npos) {
    writer.Varint(0);
    writer.Bytes(capture.host);
  } else {
    writer.Varint(at + 1);
    writer.Varint(capture.host.size());
  }
  if (capture.host.ends_with(capture.domain)) {
    writer.Varint(capture.domain.size() + 1);
  } else {
    writer.Varint(0);
    writer.Bytes(capture.domain);
  }
}

bool ReadHost(ByteReader& reader, CaptureView& capture) {
  const std::uint64_t at = reader.Varint();
  if (at == 0) {
    capture.host = reader.Bytes();
  } else {
    const std::uint64_t bytes = reader.Varint();
    if (at - 1 > capture.url.size() || bytes > capture.url.size() - (at - 1)) return false;
    capture.host =
        capture.url.substr(static_cast<std::size_t>(at - 1), static_cast<std::size_t>(bytes));
  }
  const std::uint64_t suffix = reader.Varint();
  if (suffix == 0) {
    capture.domain = reader.Bytes();
    return true;
  }
  if (suffix - 1 > capture.host.size()) return false;
  capture.domain = capture.host.substr(capture.host.size() - static_cast<std::size_t>(suffix - 1));
  return true;
}

void WriteContainer(const ContainerView& container, ByteWriter& writer) {
  writer.Bytes(container.file);
  writer.Varint(container.offset);
  writer.Varint(container.length);
  writer.Bytes(container.record_id);
}

void ReadContainer(ByteReader& reader, ContainerView& container) {
  container.file = reader.Bytes();
  container.offset = reader.Varint();
  container.length = reader.Varint();
  container.record_id = reader.Bytes();
}

bool ReadCapture(ByteReader& reader, std::uint8_t version, Arena& arena, CaptureView& capture) {
  bool valid = true;
  const std::uint8_t type = reader.U8();
  if (type > 8) return false;
  capture.record_type = static_cast<warc::RecordType>(1U << type);
  capture.via = ReadCode(reader, Via::kCdx, valid);
  const std::uint8_t flags = reader.U8();
  capture.is_html = (flags & kFlagHtml) != 0;
  capture.languages.reliable = (flags & kFlagLanguagesReliable) != 0;
  capture.languages.source = ReadCode(reader, page::LanguageSource::kArchive, valid);
  const std::uint64_t status = reader.Varint();
  capture.status = static_cast<std::uint16_t>(status);
  capture.extent.length = reader.Varint();
  capture.payload_bytes = reader.Varint();
  capture.text_bytes = reader.Varint();
  capture.url = reader.Bytes();
  if (status > 0xFFFF || !ReadHost(reader, capture)) return false;
  for (std::string_view* text :
       {&capture.record_id, &capture.content_type, &capture.identified_type, &capture.charset,
        &capture.digest, &capture.truncated, &capture.redirect}) {
    *text = reader.Bytes();
  }
  capture.languages.languages = ReadLanguages(reader, arena);
  capture.signals = ReadSignals(reader, arena, valid);
  capture.licences = ReadLicences(reader, arena, valid);
  if (!ReadRights(reader, arena, capture.rights)) return false;
  capture.unobserved = ReadTexts(reader, arena);
  capture.notes = ReadTexts(reader, arena);
  const std::uint8_t kind = reader.U8();
  if (kind > static_cast<unsigned>(robots::WellKnown::kLlmsTxt) + 1) return false;
  if (kind != 0) capture.well_known = static_cast<robots::WellKnown>(kind - 1);
  capture.fetch_state = ReadCode(reader, robots::FetchState::kRedirect, valid);
  capture.document = ReadCode(reader, robots::DocumentKind::kTdmPolicy, valid);
  capture.body_sha256 = reader.Bytes();
  if (version > kCaptureVersionPlain) ReadContainer(reader, capture.container);
  return valid && reader.ok() && reader.at_end() &&
         (capture.body_sha256.empty() || capture.body_sha256.size() == 32);
}

Status DecodeValue(std::string_view value, Arena& arena, CaptureView& capture_out) {
  ByteReader reader(value);
  const std::uint8_t version = reader.U8();
  if (version > kCaptureVersion) {
    return Fail(ErrorCode::kSchema, "row has value version {}, this build reads up to {}", version,
                kCaptureVersion);
  }
  if (version == 0 || !ReadCapture(reader, version, arena, capture_out)) {
    return Fail(ErrorCode::kCorrupt, "row value of {} bytes cannot be decoded", value.size());
  }
  return {};
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
  const bool contained = !capture.container.file.empty();
  writer.U8(contained ? kCaptureVersion : kCaptureVersionPlain);
  writer.U8(
      static_cast<std::uint8_t>(std::countr_zero(static_cast<unsigned>(capture.record_type))));
  writer.U8(Code(capture.via));
  writer.U8(static_cast<std::uint8_t>((capture.is_html ? kFlagHtml : 0) |
                                      (capture.languages.reliable ? kFlagLanguagesReliable : 0)));
  writer.U8(Code(capture.languages.source));
  writer.Varint(capture.status);
  writer.Varint(capture.extent.length);
  writer.Varint(capture.payload_bytes);
  writer.Varint(capture.text_bytes);
  writer.Bytes(capture.url);
  WriteHost(capture, writer);
  for (const std::string_view text :
       {capture.record_id, capture.content_type, capture.identified_type, capture.charset,
        capture.digest, capture.truncated, capture.redirect}) {
    writer.Bytes(text);
  }
  WriteLanguages(capture.languages, writer);
  WriteSignals(capture.signals.first(capture.signals.size() - capture.well_known_signals), writer);
  WriteLicences(capture.licences, writer);
  WriteRights(capture.rights, writer);
  WriteTexts(capture.unobserved, writer);
  WriteTexts(capture.notes, writer);
  writer.U8(capture.well_known
                ? static_cast<std::uint8_t>(static_cast<unsigned>(*capture.well_known) + 1)
                : std::uint8_t{0});
  writer.U8(Code(capture.fetch_state));
  writer.U8(Code(capture.document));
  writer.Bytes(capture.body_sha256);
  if (contained) WriteContainer(capture.container, writer);
}

Status DecodePageRow(std::string_view key, std::string_view value, std::string_view file_name,
                     Arena& arena, CaptureView& capture_out) {
  capture_out = {};
  PageKeyView place;
  if (!DecodePageKey(key, place)) {
    return Fail(ErrorCode::kCorrupt, "page key of {} bytes cannot be decoded", key.size());
  }
  CRAWLCARD_TRY(DecodeValue(value, arena, capture_out));
  TakePlace(place.place, file_name, capture_out);
  capture_out.surt = arena.Copy(SurtFromStored(place.stored_surt));
  return {};
}

Status DecodeHostRow(std::string_view key, std::string_view value, std::string_view file_name,
                     Arena& arena, CaptureView& capture_out) {
  capture_out = {};
  HostKeyView place;
  if (!DecodeHostKey(key, place)) {
    return Fail(ErrorCode::kCorrupt, "host key of {} bytes cannot be decoded", key.size());
  }
  CRAWLCARD_TRY(DecodeValue(value, arena, capture_out));
  TakePlace(place.place, file_name, capture_out);
  if (capture_out.well_known != place.file) {
    return Fail(ErrorCode::kCorrupt, "host row names another file than its key");
  }
  if (const std::optional<std::string> surt = page::SurtKey(capture_out.url)) {
    capture_out.surt = arena.Copy(*surt);
  }
  return {};
}

void EncodeBlob(std::string_view body, std::string& value_out) {
  // Of small bodies, higher levels save little and cost much: they were a third of an ingest.
  constexpr int kLevel = 1;
  value_out.clear();
  ByteWriter writer(value_out);
  writer.U8(kBlobVersion);
  writer.Varint(body.size());
  writer.Raw(ZstdFrame(body, kLevel));
}

Result<std::uint64_t> BlobBytes(std::string_view value) {
  ByteReader reader(value);
  const std::uint8_t version = reader.U8();
  const std::uint64_t bytes = reader.Varint();
  if (version > kBlobVersion) {
    return Fail(ErrorCode::kSchema, "blob has value version {}, this build reads up to {}", version,
                kBlobVersion);
  }
  if (!reader.ok() || bytes > limits::kBlobBytesMax) {
    return Fail(ErrorCode::kCorrupt, "blob of {} bytes cannot be decoded", value.size());
  }
  return bytes;
}

Status DecodeBlob(std::string_view value, std::string& body_out) {
  body_out.clear();
  CRAWLCARD_ASSIGN(const std::uint64_t bytes, BlobBytes(value));
  ByteReader reader(value);
  reader.U8();
  reader.Varint();
  if (bytes == 0) return {};
  CRAWLCARD_ASSIGN(const DecodeOutcome outcome, Decode(Coding::kZstd, reader.Raw(reader.left()),
                                                       limits::kBlobBytesMax, body_out));
  if (!outcome.complete || body_out.size() != bytes) {
    return Fail(ErrorCode::kCorrupt, "blob has {} bytes, expected {}", body_out.size(), bytes);
  }
  return {};
}

}  // namespace crawlcard::index
