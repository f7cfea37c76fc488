#include "index/ingest/payload.h"

#include <algorithm>
#include <string>

#include "base/text.h"
#include "index/limits.h"
#include "page/licence.h"
#include "page/media/packets.h"
#include "page/rsl_places.h"
#include "robots/limits.h"
#include "robots/observe_packets.h"
#include "robots/rsl.h"
#include "robots/rsl_places.h"

namespace crawlcard::index {
namespace {

robots::PacketForm FormOf(page::media::PacketKind kind) {
  switch (kind) {
    case page::media::PacketKind::kXmp:
      return robots::PacketForm::kXmp;
    case page::media::PacketKind::kC2paJson:
      return robots::PacketForm::kC2paJson;
    case page::media::PacketKind::kC2paCbor:
      return robots::PacketForm::kC2paCbor;
    case page::media::PacketKind::kEpubPackage:
      return robots::PacketForm::kEpubPackage;
  }
  return robots::PacketForm::kXmp;
}

class PayloadReader {
 public:
  PayloadReader(const page::Response& response, const page::PageFacts& facts, Arena& arena,
                PayloadStatements& found)
      : response_(response), facts_(facts), arena_(arena), found_(found) {}

  void Run() {
    if (facts_.is_html) {
      Fragments();
      if (facts_.names_rsl) RslElements();
      return;
    }
    // Cut documents are kept out: what is missing might have said no.
    if (!response_.truncated) {
      found_.document = robots::DetectDocument(response_.content_type, response_.body);
    }
    if (found_.document == robots::DocumentKind::kRsl) {
      robots::AppendRslContents(arena_.Copy(response_.body.substr(0, limits::kBlobBytesMax)),
                                arena_, found_.signals);
    }
    if (found_.document == robots::DocumentKind::kNone) Packets();
  }

 private:
  // Google's data-nosnippet keeps a part of a page out of snippets (signals.md 3.2): evidence with
  // the element as scope, never a word about the whole page.
  void Fragments() {
    for (const page::Fragment& fragment : facts_.fragments) {
      if (found_.signals.size() >= limits::kFragmentSignalsMax) {
        found_.notes.push_back("index.fragments_dropped");
        return;
      }
      robots::Signal signal;
      signal.family = robots::Family::kRobotsMeta;
      signal.carrier = robots::Carrier::kHtmlBody;
      signal.use = robots::Axis::kSnippet;
      signal.says = robots::Says::kLimited;
      signal.location = arena_.Copy("line " + std::to_string(fragment.line));
      signal.agent = "*";
      signal.scope = fragment.element;
      signal.key = fragment.rule;
      signal.raw = fragment.rule;
      found_.signals.push_back(signal);
    }
  }

  void RslElements() {
    std::vector<robots::HtmlRslElement> elements;
    for (const page::RslElement& one : page::FindRslElements(response_.body, arena_)) {
      elements.push_back(
          {one.is_script, one.rel, one.type, one.href, one.text, one.parent, one.line});
    }
    const robots::RslPlaces places = robots::RslPlacesInHtml(elements, response_.url, arena_);
    found_.notes.insert(found_.notes.end(), places.flags.begin(), places.flags.end());
    for (const robots::RslCandidate& candidate : places.candidates) {
      robots::Signal signal;
      signal.family = robots::Family::kRsl;
      signal.carrier = robots::Carrier::kHtmlLink;
      signal.location = arena_.Copy("line " + std::to_string(candidate.line));
      signal.agent = "*";
      signal.scope = candidate.element;
      signal.key = robots::kRslLicenceKey;
      signal.value = candidate.url;
      signal.raw = Utf8Prefix(candidate.url, robots::limits::kRawBytesMax);
      found_.signals.push_back(signal);
    }
    for (const robots::RslInline& one : places.inline_documents) Inline(one);
  }

  // A document written into the page speaks about the page; one inside an element about that.
  void Inline(const robots::RslInline& one) {
    robots::Signal base;
    base.carrier = robots::Carrier::kRslDocument;
    base.location = arena_.Copy("line " + std::to_string(one.line));
    base.scope = one.element;
    base.raw = "<script type=\"application/rsl+xml\">";
    const std::size_t first = found_.signals.size();
    robots::AppendRslSignals(robots::EvaluateRsl(one.document, response_.url), base, arena_,
                             found_.signals);
    if (one.scope != robots::RslScopeKind::kElement) return;
    for (std::size_t i = first; i < found_.signals.size(); ++i) {
      robots::KeepAsEvidence(found_.signals[i]);
    }
  }

  void Packets() {
    const page::media::MediaScan scan =
        page::media::ScanMedia(response_.content_type, response_.body, arena_);
    found_.notes.insert(found_.notes.end(), scan.notes.begin(), scan.notes.end());
    for (const page::media::Packet& packet : scan.packets) {
      robots::PacketBytes bytes;
      bytes.form = FormOf(packet.kind);
      // The record's buffer is gone before the capture is handed out.
      bytes.bytes = arena_.Copy(packet.bytes);
      bytes.label = packet.label;
      bytes.active = packet.active;
      const std::size_t first = found_.signals.size();
      robots::ObservePacket(bytes, response_.url, arena_, found_.signals);
      for (std::size_t i = first; i < found_.signals.size(); ++i) Place(packet, i);
    }
  }

  // Where in the payload the packet stood, and the licence that a rights field names.
  void Place(const page::media::Packet& packet, std::size_t at) {
    robots::Signal& signal = found_.signals[at];
    if (packet.offset != page::media::Packet::kAssembled) {
      signal.location =
          arena_.Copy(std::string(signal.location) + " at byte " + std::to_string(packet.offset));
    }
    if (signal.family == robots::Family::kXmpRights) LicenceOf(signal);
  }

  void LicenceOf(const robots::Signal& signal) {
    const bool names_one = signal.key == "cc:license" || signal.key == "dcterms:license" ||
                           signal.key == "xmpRights:WebStatement";
    if (!names_one) return;
    const page::LicenceUrl read = page::ReadLicenceUrl(signal.value);
    if (!read.known) return;  // a web statement is often a page of contacts
    page::Licence licence;
    licence.spdx = arena_.Copy(read.spdx);
    if (read.spdx.empty()) licence.name = arena_.Copy(read.family);
    licence.url = signal.value;
    licence.location = "xmp";
    licence.scope = "response";  // the file, not the pages that show it
    licence.region = "file";
    licence.confidence =
        signal.key == "cc:license" ? page::Confidence::kHigh : page::Confidence::kMedium;
    licence.raw = signal.raw;
    licence.flags = read.flags;
    found_.licences.push_back(licence);
  }

  const page::Response& response_;
  const page::PageFacts& facts_;
  Arena& arena_;
  PayloadStatements& found_;
};

}  // namespace

PayloadStatements ObservePayload(const page::Response& response, const page::PageFacts& facts,
                                 Arena& arena) {
  PayloadStatements found(arena);
  PayloadReader(response, facts, arena, found).Run();
  return found;
}

}  // namespace crawlcard::index
