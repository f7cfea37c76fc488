#include "index/capture.h"

#include <algorithm>

#include "base/digest.h"

namespace crawlcard::index {
namespace {

void WriteTexts(std::span<const std::string_view> texts, JsonWriter& json) {
  json.BeginArray();
  for (const std::string_view text : texts) json.String(text);
  json.EndArray();
}

void WriteTime(std::optional<UnixSeconds> time, JsonWriter& json) {
  if (time) {
    json.String(FormatRfc3339(*time));
  } else {
    json.Null();
  }
}

void WritePointer(const CaptureView& capture, JsonWriter& json) {
  json.BeginObject();
  json.Member("file", capture.file);
  json.Member("offset", capture.extent.offset);
  json.Member("length", capture.extent.length);
  if (capture.extent.inner_offset != 0) json.Member("inner_offset", capture.extent.inner_offset);
  json.Key("record_id").StringOrNull(capture.record_id);
  json.Member("type", warc::RecordTypeName(capture.record_type));
  json.EndObject();
}

void WriteContainer(const ContainerView& container, JsonWriter& json) {
  if (container.file.empty()) return;
  json.Key("container").BeginObject();
  json.Member("file", container.file);
  json.Member("offset", container.offset);
  json.Member("length", container.length);
  json.Key("record_id").StringOrNull(container.record_id);
  json.EndObject();
}

void WriteLanguages(const page::LanguageGuess& guess, JsonWriter& json) {
  json.Key("languages").BeginArray();
  for (const page::Language& language : guess.languages) json.String(language.code);
  json.EndArray();
  json.Key("language_source");
  if (guess.source == page::LanguageSource::kNone) {
    json.Null();
  } else {
    json.String(page::LanguageSourceName(guess.source));
  }
}

std::string_view AccessName(page::Access access) {
  switch (access) {
    case page::Access::kUnsaid:
      return "";
    case page::Access::kFree:
      return "free";
    case page::Access::kPaid:
      return "paid";
  }
  return "";
}

void WriteRights(const page::Rights& rights, JsonWriter& json) {
  json.Key("rights");
  if (!HasRights(rights)) {
    json.Null();
    return;
  }
  json.BeginObject();
  for (const RightsText& one : kRightsTexts) {
    if (!(rights.*one.text).empty()) json.Member(one.name, rights.*one.text);
  }
  json.Member("disagreement", rights.disagreement);
  if (rights.version_disagreement) json.Member("version_disagreement", true);
  if (rights.all_rights_reserved) json.Member("all_rights_reserved", true);
  if (rights.copyright_year > 0) {
    json.Member("copyright_year", static_cast<std::uint64_t>(rights.copyright_year));
  }
  if (rights.access != page::Access::kUnsaid) json.Member("access", AccessName(rights.access));
  if (!rights.prose.empty()) {
    json.Key("prose");
    WriteTexts(rights.prose, json);
  }
  json.EndObject();
}

void WriteBody(std::string_view sha256, JsonWriter& json) {
  json.Key("body");
  if (sha256.empty()) {
    json.Null();
  } else {
    json.String("sha256:" + Hex(sha256));
  }
}

void WriteDocument(const CaptureView& capture, JsonWriter& json) {
  json.Key("document");
  if (capture.document == robots::DocumentKind::kNone) {
    json.Null();
    return;
  }
  json.BeginObject();
  json.Member("kind", robots::DocumentKindName(capture.document));
  WriteBody(capture.body_sha256, json);
  json.EndObject();
}

void WriteWellKnown(const CaptureView& capture, JsonWriter& json) {
  json.Key("well_known");
  if (!capture.well_known) {
    json.Null();
    return;
  }
  json.BeginObject();
  json.Member("file", robots::WellKnownName(*capture.well_known));
  json.Member("state", robots::FetchStateName(capture.fetch_state));
  WriteBody(capture.body_sha256, json);
  json.EndObject();
}

}  // namespace

bool HasRights(const page::Rights& rights) {
  return rights.disagreement || rights.version_disagreement || rights.all_rights_reserved ||
         rights.copyright_year > 0 || rights.access != page::Access::kUnsaid ||
         !rights.prose.empty() ||
         std::any_of(kRightsTexts.begin(), kRightsTexts.end(),
                     [&](const RightsText& one) { return !(rights.*one.text).empty(); });
}

std::string_view ViaName(Via via) {
  switch (via) {
    case Via::kWarc:
      return "warc";
    case Via::kWat:
      return "wat";
    case Via::kCdx:
      return "cdx";
  }
  return "";
}

void WriteSignal(const robots::Signal& signal, JsonWriter& json) {
  json.BeginObject();
  json.Member("family", robots::FamilyName(signal.family));
  json.Member("carrier", robots::CarrierName(signal.carrier));
  json.Member("location", signal.location);
  json.Key("agent").StringOrNull(signal.agent);
  json.Key("scope").StringOrNull(signal.scope);
  json.Member("key", signal.key);
  json.Member("value", signal.value);
  json.Key("use").StringOrNull(robots::AxisName(signal.use));
  json.Key("says").StringOrNull(robots::SaysName(signal.says));
  if (!signal.condition.empty()) json.Member("condition", signal.condition);
  json.Member("raw", signal.raw);
  json.Key("flags");
  WriteTexts(signal.flags, json);
  json.EndObject();
}

void WriteLicence(const page::Licence& licence, JsonWriter& json) {
  json.BeginObject();
  json.Key("spdx").StringOrNull(licence.spdx);
  if (!licence.name.empty()) json.Member("name", licence.name);
  json.Key("url").StringOrNull(licence.url);
  json.Member("location", licence.location);
  json.Member("scope", licence.scope);
  json.Member("region", licence.region);
  json.Member("confidence", page::ConfidenceName(licence.confidence));
  if (!licence.node_type.empty()) json.Member("node_type", licence.node_type);
  if (!licence.subject.empty()) json.Member("subject", licence.subject);
  json.Member("raw", licence.raw);
  json.Key("flags");
  WriteTexts(licence.flags, json);
  json.EndObject();
}

void WriteFacts(const CaptureView& capture, JsonWriter& json) {
  json.BeginObject();
  json.Member("schema", "crawlcard.facts.v1");
  json.Member("url", capture.url);
  json.Key("surt").StringOrNull(capture.surt);
  json.Key("host").StringOrNull(capture.host);
  json.Key("domain").StringOrNull(capture.domain);
  json.Key("date");
  WriteTime(capture.date, json);
  json.Key("warc");
  WritePointer(capture, json);
  WriteContainer(capture.container, json);
  json.Key("status");
  if (capture.status == 0) {
    json.Null();
  } else {
    json.Uint(capture.status);
  }
  json.Key("redirect").StringOrNull(capture.redirect);
  json.Key("content_type").StringOrNull(capture.content_type);
  json.Key("identified_type").StringOrNull(capture.identified_type);
  json.Key("charset").StringOrNull(capture.charset);
  WriteLanguages(capture.languages, json);
  json.Member("html", capture.is_html);
  json.Key("digest").StringOrNull(capture.digest);
  json.Member("payload_bytes", capture.payload_bytes);
  json.Member("text_bytes", capture.text_bytes);
  json.Key("truncated").StringOrNull(capture.truncated);
  WriteWellKnown(capture, json);
  WriteDocument(capture, json);
  json.Key("signals").BeginArray();
  for (const robots::Signal& signal : capture.signals) WriteSignal(signal, json);
  json.EndArray();
  json.Key("licences").BeginArray();
  for (const page::Licence& licence : capture.licences) WriteLicence(licence, json);
  json.EndArray();
  WriteRights(capture.rights, json);
  json.Member("via", ViaName(capture.via));
  json.Key("unobserved");
  WriteTexts(capture.unobserved, json);
  json.Key("notes");
  WriteTexts(capture.notes, json);
  json.EndObject();
}

}  // namespace crawlcard::index
