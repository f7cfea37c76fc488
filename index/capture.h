// index/capture.h - the facts of one capture: what extract prints, what the index stores.
//
// A capture is a response, revisit, resource or conversion record, with the annotations of its
// metadata record.
// Text lives in the arena of the worker (fresh from a record) or in the row it was decoded from.
//
// Thread rule: a view; thread-compatible.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "base/json_writer.h"
#include "base/time.h"
#include "page/facts.h"
#include "page/language.h"
#include "page/licence.h"
#include "robots/named_document.h"
#include "robots/origin.h"
#include "robots/signal.h"
#include "warc/record.h"

namespace crawlcard::index {

enum class Via : std::uint8_t { kWarc, kWat, kCdx };
std::string_view ViaName(Via via);

// The record that a capture tells of, where that stands in another file: WAT names it.
struct ContainerView {
  std::string_view file;  // empty: the capture was read from the record itself
  std::uint64_t offset = 0;
  std::uint64_t length = 0;  // 0: not said
  std::string_view record_id;

  bool operator==(const ContainerView&) const = default;
};

struct CaptureView {
  std::string_view url;
  std::string_view surt;  // empty when the URL gets no key
  std::string_view host;
  std::string_view domain;
  std::optional<UnixSeconds> date;  // nullopt when the archive gave none that can be read
  std::string_view file;            // archive-relative name
  warc::Extent extent;
  std::string_view record_id;  // of the record at `extent`
  ContainerView container;
  warc::RecordType record_type = warc::RecordType::kResponse;
  std::uint16_t status = 0;  // 0: no HTTP status (resource, gemini, ...)
  std::string_view content_type;
  std::string_view identified_type;  // WARC-Identified-Payload-Type
  std::string_view charset;
  page::LanguageGuess languages;
  std::string_view digest;  // claimed payload digest as written, or empty
  std::uint64_t payload_bytes = 0;
  std::uint64_t text_bytes = 0;
  std::string_view truncated;  // WARC-Truncated value, or empty
  std::string_view redirect;   // absolute Location of a 3xx, or empty
  std::span<const robots::Signal> signals;
  std::span<const page::Licence> licences;
  page::Rights rights;
  Via via = Via::kWarc;
  std::span<const std::string_view> unobserved;
  std::span<const std::string_view> notes;  // sorted, distinct
  bool is_html = false;

  // For a file with a fixed place on its origin (robots.txt, tdmrep.json, ...).
  std::optional<robots::WellKnown> well_known;
  robots::FetchState fetch_state = robots::FetchState::kOk;
  // For a document that others name: an RSL licence, a TDM policy.
  robots::DocumentKind document = robots::DocumentKind::kNone;
  std::string_view body_sha256;  // 32 raw bytes: key of the blob, empty when none was kept
  std::string_view kept_body;    // what was kept of the decoded body of either, or empty
  // How many of `signals`, at their end, were read from that body. Rows do not hold them: they are
  // read again from the blob.
  std::uint32_t well_known_signals = 0;
};

// The texts of page::Rights by the names that facts give them. Their order is that of a row.
struct RightsText {
  std::string_view name;
  std::string_view page::Rights::*text;
};
inline constexpr std::array<RightsText, 12> kRightsTexts = {{
    {"page_licence", &page::Rights::page_licence},
    {"careful", &page::Rights::careful},
    {"hint", &page::Rights::hint},
    {"attribution_name", &page::Rights::attribution_name},
    {"attribution_url", &page::Rights::attribution_url},
    {"copyright_holder", &page::Rights::copyright_holder},
    {"copyright_text", &page::Rights::copyright_text},
    {"paywall_selector", &page::Rights::paywall_selector},
    {"acquire", &page::Rights::acquire},
    {"usage_info", &page::Rights::usage_info},
    {"credit_text", &page::Rights::credit_text},
    {"conditions_of_access", &page::Rights::conditions_of_access},
}};

// Whether a page says anything about rights beside its licences.
bool HasRights(const page::Rights& rights);

// Writes one crawlcard.facts.v1 object (docs/schemas/facts.v1.schema.json).
void WriteFacts(const CaptureView& capture, JsonWriter& json);

// Parts shared with other shapes.
void WriteSignal(const robots::Signal& signal, JsonWriter& json);
void WriteLicence(const page::Licence& licence, JsonWriter& json);

}  // namespace crawlcard::index
