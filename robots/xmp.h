// robots/xmp.h - the rights and wishes in one XMP packet, whatever file it came from.
//
// RDF/XML as XMP (ISO 16684-1) writes it: properties of the top-level nodes as elements, attributes
// or rdf:resource, values in Alt, Seq or Bag. Names are compared by namespace URI and local name.
// Text about rights is evidence and never an opt-out; docs/formats/media.md and
// signals.md 10.2, 10.4.
//
// Text lives in the arena. Thread rule: functions are thread-safe.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "base/arena.h"
#include "robots/observe.h"
#include "robots/signal.h"
#include "robots/tdmrep.h"

namespace crawlcard::robots {

// IPTC digital source types: whether a model made the picture.
enum class Synthetic : std::uint8_t { kUnsaid, kNo, kPartly, kYes };
std::string_view SyntheticName(Synthetic synthetic);  // "yes", "partly", "no", ""

// One statement of plus:DataMining.
struct DataMining {
  std::string_view term;  // "DMI-PROHIBITED"; empty for a value outside the vocabulary
  std::string_view written;
};

// A property kept as evidence: "cc:license", "dc:rights", "xmpRights:WebStatement".
struct XmpProperty {
  std::string_view name;  // with the usual prefix of its namespace
  std::string_view value;
};

struct XmpRights {
  std::vector<DataMining> data_mining;
  std::string_view constraint_text;    // plus:OtherConstraints
  std::string_view linked_expression;  // URL of linked terms
  std::string_view embedded_expression;
  std::optional<bool> marked;  // xmpRights:Marked: rights claimed, or public domain
  std::string_view web_statement;
  std::string_view licence_url;          // cc:license, else dcterms:license
  std::string_view rights_text;          // dc:rights, else the IPTC and Photoshop notices
  std::string_view digital_source_type;  // term without its URI
  Synthetic synthetic = Synthetic::kUnsaid;
  TdmrepStatement tdmrep;
  std::vector<XmpProperty> properties;  // rights fields in document order
  std::vector<std::string_view> flags;
  bool readable = false;  // false: no RDF, or over a limit
};

// Never fails. `file_url` resolves a relative TDM policy.
XmpRights ReadXmp(std::string_view packet, std::string_view file_url, Arena& arena);

// The Signals of a packet: families iptc-plus, tdmrep and xmp-rights. `base` gives the carrier.
void AppendXmpSignals(const XmpRights& rights, const Signal& base, Arena& arena,
                      SignalList& signals_out);

// TDMRep in the package file of an EPUB: meta elements of both versions (W3C report, EPUB
// carriers).
TdmrepStatement ReadEpubTdmrep(std::string_view package_file, std::string_view file_url,
                               Arena& arena);

}  // namespace crawlcard::robots
