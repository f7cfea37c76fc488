#include "tools/capture_text.h"

#include <fmt/format.h>

#include "base/time.h"
#include "card/text.h"

namespace crawlcard::tools {
namespace {

std::string LanguageList(const index::CaptureView& capture) {
  std::string text;
  for (const page::Language& language : capture.languages.languages) {
    if (!text.empty()) text += ',';
    text += Printable(language.code);
  }
  return text.empty() ? "-" : text;
}

void AppendSignal(const robots::Signal& signal, std::string& out) {
  const std::string_view use = robots::AxisName(signal.use);
  const std::string_view says = robots::SaysName(signal.says);
  out += fmt::format("    signal   {}: {} {}", robots::FamilyName(signal.family),
                     says.empty() ? "says nothing we read" : says, use);
  if (!signal.agent.empty() && signal.agent != "*") {
    out += fmt::format(" for {}", Printable(signal.agent));
  }
  out += fmt::format("  [{}, {}] {}\n", robots::CarrierName(signal.carrier),
                     Printable(signal.location), Printable(signal.raw));
}

void AppendLicence(const page::Licence& licence, std::string& out) {
  const std::string_view id = licence.spdx.empty() ? licence.name : licence.spdx;
  out +=
      fmt::format("    licence  {} ({}, {})  [{}] {}\n", id.empty() ? "not known" : Printable(id),
                  Printable(licence.scope), page::ConfidenceName(licence.confidence),
                  Printable(licence.location), Printable(licence.url));
}

}  // namespace

std::string Printable(std::string_view text) {
  constexpr std::size_t kBytesOnScreenMax = 2000;
  return card::VisibleText(text, kBytesOnScreenMax);
}

void AppendCaptureText(const index::CaptureView& capture, std::string& out) {
  out += fmt::format("{}  {}  {}  {}  {} bytes  {}\n",
                     capture.date ? FormatRfc3339(*capture.date) : "no date",
                     capture.status == 0 ? "-" : std::to_string(capture.status),
                     capture.content_type.empty() ? "-" : Printable(capture.content_type),
                     LanguageList(capture), capture.payload_bytes, Printable(capture.url));
  for (const robots::Signal& signal : capture.signals) AppendSignal(signal, out);
  for (const page::Licence& licence : capture.licences) AppendLicence(licence, out);
  for (const std::string_view note : capture.notes) {
    out += fmt::format("    note     {}\n", Printable(note));
  }
  out += fmt::format("    bytes    {} at {}, {} long\n", Printable(capture.file),
                     capture.extent.offset, capture.extent.length);
}

}  // namespace crawlcard::tools
