#include "robots/xmp.h"

#include <algorithm>
#include <array>
#include <string>

#include "base/text.h"
#include "robots/internal/flags.h"
#include "robots/internal/rdf.h"
#include "robots/internal/xml.h"
#include "robots/limits.h"

namespace crawlcard::robots {
namespace {

using internal::RdfProperty;
using internal::XmlState;
using internal::XmlTree;

constexpr std::string_view kPlus = "http://ns.useplus.org/ldf/xmp/1.0/";
constexpr std::string_view kXmpRights = "http://ns.adobe.com/xap/1.0/rights/";
constexpr std::string_view kDc = "http://purl.org/dc/elements/1.1/";
constexpr std::string_view kDcTerms = "http://purl.org/dc/terms/";
constexpr std::string_view kCc = "http://creativecommons.org/ns#";
constexpr std::string_view kCcOld = "http://web.resource.org/cc/";  // as drawing tools still write
constexpr std::string_view kPhotoshop = "http://ns.adobe.com/photoshop/1.0/";
constexpr std::string_view kIptcCore = "http://iptc.org/std/Iptc4xmpCore/1.0/xmlns/";
constexpr std::string_view kIptcExt = "http://iptc.org/std/Iptc4xmpExt/2008-02-29/";
// PDF wants a slash; the hash belongs to the EPUB carrier.
constexpr std::string_view kTdm = "http://www.w3.org/ns/tdmrep/";
constexpr std::string_view kTdmHash = "http://www.w3.org/ns/tdmrep#";

enum class Field : std::uint8_t {
  kDataMining,
  kConstraints,
  kLinked,
  kEmbedded,
  kMarked,
  kWebStatement,
  kLicence,
  kRights,
  kSourceType,
  kReservation,
  kPolicy,
  kEvidence,
};
struct KnownProperty {
  std::string_view space;
  std::string_view name;
  std::string_view shown;  // with the usual prefix
  Field field;
};
constexpr std::array<KnownProperty, 26> kKnown = {{
    {kPlus, "DataMining", "plus:DataMining", Field::kDataMining},
    {kPlus, "OtherConstraints", "plus:OtherConstraints", Field::kConstraints},
    {kPlus, "Licensor", "plus:Licensor", Field::kEvidence},
    {kPlus, "LicensorURL", "plus:LicensorURL", Field::kEvidence},
    {kPlus, "CopyrightOwner", "plus:CopyrightOwner", Field::kEvidence},
    {kIptcExt, "LinkedEncRightsExpr", "Iptc4xmpExt:LinkedEncRightsExpr", Field::kLinked},
    {kIptcExt, "EmbdEncRightsExpr", "Iptc4xmpExt:EmbdEncRightsExpr", Field::kEmbedded},
    {kIptcExt, "DigitalSourceType", "Iptc4xmpExt:DigitalSourceType", Field::kSourceType},
    {kXmpRights, "Marked", "xmpRights:Marked", Field::kMarked},
    {kXmpRights, "WebStatement", "xmpRights:WebStatement", Field::kWebStatement},
    {kXmpRights, "UsageTerms", "xmpRights:UsageTerms", Field::kEvidence},
    {kXmpRights, "Owner", "xmpRights:Owner", Field::kEvidence},
    {kCc, "license", "cc:license", Field::kLicence},
    {kCcOld, "license", "cc:license", Field::kLicence},
    {kCc, "attributionName", "cc:attributionName", Field::kEvidence},
    {kCc, "attributionURL", "cc:attributionURL", Field::kEvidence},
    {kDcTerms, "license", "dcterms:license", Field::kLicence},
    {kDcTerms, "rights", "dcterms:rights", Field::kRights},
    {kDc, "rights", "dc:rights", Field::kRights},
    {kIptcCore, "CopyrightNotice", "Iptc4xmpCore:CopyrightNotice", Field::kRights},
    {kPhotoshop, "Copyright", "photoshop:Copyright", Field::kRights},
    {kPhotoshop, "CopyrightNotice", "photoshop:CopyrightNotice", Field::kRights},
    {kTdm, "reservation", "tdm:reservation", Field::kReservation},
    {kTdm, "policy", "tdm:policy", Field::kPolicy},
    {kTdmHash, "reservation", "tdm:reservation", Field::kReservation},
    {kTdmHash, "policy", "tdm:policy", Field::kPolicy},
}};

struct Meaning {
  Axis axis = Axis::kNone;
  Says says = Says::kNothing;
};
struct PlusTerm {
  std::string_view term;
  std::array<Meaning, 3> meanings;
};
// PLUS Licence Data Format, data mining vocabulary; signals.md 10.2.
constexpr std::array<PlusTerm, 9> kPlusTerms = {{
    {"DMI-UNSPECIFIED", {}},
    {"DMI-ALLOWED",
     {{{Axis::kTdm, Says::kAllow}, {Axis::kTrain, Says::kAllow}, {Axis::kAiInput, Says::kAllow}}}},
    {"DMI-PROHIBITED-AIMLTRAINING", {{{Axis::kTrainAny, Says::kDeny}}}},
    {"DMI-PROHIBITED-GENAIMLTRAINING", {{{Axis::kTrain, Says::kDeny}}}},
    {"DMI-PROHIBITED-EXCEPTSEARCHENGINEINDEXING",
     {{{Axis::kTdm, Says::kDeny}, {Axis::kSearch, Says::kAllow}}}},
    {"DMI-PROHIBITED", {{{Axis::kTdm, Says::kDeny}, {Axis::kSearch, Says::kDeny}}}},
    {"DMI-PROHIBITED-SEECONSTRAINT", {{{Axis::kTdm, Says::kConditional}}}},
    {"DMI-PROHIBITED-SEEEMBEDDEDRIGHTSEXPR", {{{Axis::kTdm, Says::kConditional}}}},
    {"DMI-PROHIBITED-SEELINKEDRIGHTSEXPR", {{{Axis::kTdm, Says::kConditional}}}},
}};

// What follows the vocabulary's address in `value`; the whole value, with `bare_out`, where it has
// no address.
std::string_view TermOf(std::string_view value, std::string_view address, bool& bare_out) {
  bare_out = false;
  const std::size_t scheme = value.find("://");
  if (scheme == std::string_view::npos) {
    bare_out = true;
    return value;
  }
  const std::string_view rest = value.substr(scheme + 3);
  const bool web = EqualsIgnoreCase(value.substr(0, scheme), "http") ||
                   EqualsIgnoreCase(value.substr(0, scheme), "https");
  if (!web || rest.substr(0, address.size()) != address) return {};
  return rest.substr(address.size());
}

const PlusTerm* FindPlusTerm(std::string_view term) {
  for (const PlusTerm& one : kPlusTerms) {
    if (one.term == term) return &one;
  }
  return nullptr;
}

const KnownProperty* FindKnown(const RdfProperty& property) {
  for (const KnownProperty& known : kKnown) {
    if (known.space == property.space && known.name == property.name) return &known;
  }
  return nullptr;
}

class Reader {
 public:
  Reader(std::string_view file_url, Arena& arena) : file_url_(file_url), arena_(arena) {}

  XmpRights Read(const XmlTree& tree) {
    NoteState(tree.state());
    rights_.readable = !tree.elements().empty();
    for (const RdfProperty& property : internal::RdfProperties(tree)) {
      const KnownProperty* known = FindKnown(property);
      if (known == nullptr) continue;
      for (const std::string_view value : property.values) ReadValue(*known, Keep(value));
    }
    rights_.tdmrep = ReadTdmrepProperties(tdmrep_, file_url_, arena_);
    if (hash_ && !slash_) {
      // Not the namespace of this carrier: only a careful reader takes a refusal from it.
      rights_.tdmrep.reservation = Reservation::kUnset;
      rights_.tdmrep.flags.push_back("tdmrep.bad_namespace");
    }
    return rights_;
  }

 private:
  void Flag(std::string_view flag) {
    auto& flags = rights_.flags;
    if (std::find(flags.begin(), flags.end(), flag) == flags.end()) flags.push_back(flag);
  }
  void NoteState(XmlState state) {
    switch (state) {
      case XmlState::kOk:
        break;
      case XmlState::kMalformed:
        Flag("xmp.syntax");
        break;
      case XmlState::kTooLarge:
        Flag("xmp.truncated");
        break;
      case XmlState::kDtd:
        Flag("xmp.dtd");
        break;
    }
  }
  std::string_view Keep(std::string_view text) {
    return arena_.Copy(Utf8Prefix(TrimAscii(text), limits::kSignalTextBytesMax));
  }
  static void First(std::string_view& to, std::string_view value) {
    if (to.empty()) to = value;
  }

  void ReadValue(const KnownProperty& known, std::string_view value) {
    switch (known.field) {
      case Field::kDataMining:
        return ReadDataMining(value);
      case Field::kConstraints:
        First(rights_.constraint_text, value);
        break;
      case Field::kLinked:
        First(rights_.linked_expression, value);
        break;
      case Field::kEmbedded:
        First(rights_.embedded_expression, value);
        break;
      case Field::kMarked:
        ReadMarked(value);
        break;
      case Field::kWebStatement:
        First(rights_.web_statement, value);
        break;
      case Field::kLicence:
        First(rights_.licence_url, value);
        break;
      case Field::kRights:
        First(rights_.rights_text, value);
        break;
      case Field::kSourceType:
        ReadSourceType(value);
        break;
      case Field::kReservation:
      case Field::kPolicy:
        return ReadTdmrep(known, value);
      case Field::kEvidence:
        break;
    }
    if (value.empty() || rights_.properties.size() >= limits::kXmpPropertiesMax) return;
    rights_.properties.push_back({known.shown, value});
  }

  void ReadDataMining(std::string_view value) {
    if (rights_.data_mining.size() >= limits::kXmpValuesMax) return Flag("xmp.truncated");
    bool bare = false;
    const PlusTerm* term = FindPlusTerm(TermOf(value, "ns.useplus.org/ldf/vocab/", bare));
    if (term == nullptr) {
      Flag("plus.bad_value");
    } else if (bare) {
      Flag("plus.bare_term");
    }
    rights_.data_mining.push_back({term == nullptr ? std::string_view() : term->term, value});
  }

  void ReadMarked(std::string_view value) {
    if (EqualsIgnoreCase(value, "true")) rights_.marked = true;
    if (EqualsIgnoreCase(value, "false")) rights_.marked = false;
  }

  void ReadSourceType(std::string_view value) {
    bool bare = false;
    const std::string_view term = TermOf(value, "cv.iptc.org/newscodes/digitalsourcetype/", bare);
    if (term.empty() || !rights_.digital_source_type.empty()) return;
    rights_.digital_source_type = term;
    rights_.synthetic = term == "trainedAlgorithmicMedia"                ? Synthetic::kYes
                        : term == "compositeWithTrainedAlgorithmicMedia" ? Synthetic::kPartly
                                                                         : Synthetic::kNo;
  }

  void ReadTdmrep(const KnownProperty& known, std::string_view value) {
    if (tdmrep_.size() >= limits::kXmpValuesMax) return Flag("xmp.truncated");
    if (known.field == Field::kReservation) (known.space == kTdmHash ? hash_ : slash_) = true;
    NamedValue one;
    one.name = known.field == Field::kPolicy ? "tdm-policy" : "tdm-reservation";
    one.value = value;
    tdmrep_.push_back(one);
  }

  std::string_view file_url_;
  Arena& arena_;
  XmpRights rights_;
  std::vector<NamedValue> tdmrep_;
  bool hash_ = false;   // a reservation in the namespace with the hash
  bool slash_ = false;  // one in the right namespace
};

std::string_view ConditionOf(const XmpRights& rights, std::string_view term) {
  if (term == "DMI-PROHIBITED-SEECONSTRAINT") return rights.constraint_text;
  if (term == "DMI-PROHIBITED-SEELINKEDRIGHTSEXPR") return rights.linked_expression;
  if (term == "DMI-PROHIBITED-SEEEMBEDDEDRIGHTSEXPR") return rights.embedded_expression;
  return {};
}

}  // namespace

std::string_view SyntheticName(Synthetic synthetic) {
  switch (synthetic) {
    case Synthetic::kUnsaid:
      return "";
    case Synthetic::kNo:
      return "no";
    case Synthetic::kPartly:
      return "partly";
    case Synthetic::kYes:
      return "yes";
  }
  return "";
}

XmpRights ReadXmp(std::string_view packet, std::string_view file_url, Arena& arena) {
  const XmlTree tree(packet, {});
  return Reader(file_url, arena).Read(tree);
}

void AppendXmpSignals(const XmpRights& rights, const Signal& base, Arena& arena,
                      SignalList& signals_out) {
  Signal common = base;
  common.agent = "*";
  if (!rights.flags.empty()) common.flags = arena.CopySpan(internal::FlagSpan(rights.flags));
  // A damaged packet is weak evidence: enough for a careful reader, no grant.
  const bool damaged =
      std::find(rights.flags.begin(), rights.flags.end(), "xmp.syntax") != rights.flags.end();
  if (damaged) common.confidence = SignalConfidence::kLow;
  for (const DataMining& one : rights.data_mining) {
    Signal signal = common;
    signal.family = Family::kIptcPlus;
    signal.key = "plus:DataMining";
    signal.value = one.term.empty() ? one.written : one.term;
    signal.raw = Utf8Prefix(one.written, limits::kRawBytesMax);
    const PlusTerm* term = FindPlusTerm(one.term);
    bool said = false;
    for (const Meaning& meaning : term == nullptr ? std::array<Meaning, 3>{} : term->meanings) {
      if (meaning.says == Says::kNothing) continue;
      signal.use = meaning.axis;
      signal.says = meaning.says;
      signal.condition = meaning.says == Says::kConditional
                             ? Utf8Prefix(ConditionOf(rights, one.term), limits::kRawBytesMax)
                             : std::string_view();
      signals_out.push_back(signal);
      said = true;
    }
    if (!said) signals_out.push_back(signal);
  }
  if (rights.tdmrep.present) {
    Signal signal = TdmrepSignal(rights.tdmrep, common, arena);
    signal.flags = internal::WithFlags(signal.flags, {damaged ? "xmp.syntax" : ""}, arena);
    signals_out.push_back(signal);
  }
  for (const XmpProperty& property : rights.properties) {
    Signal signal = common;
    signal.family = Family::kXmpRights;
    signal.key = property.name;
    signal.value = property.value;
    signal.raw = Utf8Prefix(property.value, limits::kRawBytesMax);
    signals_out.push_back(signal);
  }
}

}  // namespace crawlcard::robots
