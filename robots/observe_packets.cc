#include "robots/observe_packets.h"

#include "base/text.h"
#include "robots/c2pa.h"
#include "robots/internal/rsl_parse.h"
#include "robots/internal/xml.h"
#include "robots/limits.h"
#include "robots/rsl.h"
#include "robots/xmp.h"

namespace crawlcard::robots {
namespace {

// A licence document wrapped into the metadata of a file (RSL 1.0, media files).
void ObserveEmbeddedRsl(std::string_view bytes, std::string_view file_url, Arena& arena,
                        SignalList& signals_out) {
  if (bytes.find(kRslNamespace) == std::string_view::npos) return;
  const internal::XmlTree tree(bytes, {.allow_doctype = true});
  for (std::uint32_t i = 0; i < tree.elements().size(); ++i) {
    if (!tree.elements()[i].Is(kRslNamespace, "rsl")) continue;
    const RslDocument document = internal::ParseRslElement(tree, i, arena);
    Signal base;
    base.carrier = Carrier::kRslDocument;
    base.location = "embedded";
    AppendRslSignals(EvaluateRsl(document, file_url), base, arena, signals_out);
    return;  // a file has one
  }
}

}  // namespace

void ObservePacket(const PacketBytes& packet, std::string_view file_url, Arena& arena,
                   SignalList& signals_out) {
  Signal base;
  switch (packet.form) {
    case PacketForm::kXmp:
      base.carrier = Carrier::kXmp;
      base.location = "xmp";
      AppendXmpSignals(ReadXmp(packet.bytes, file_url, arena), base, arena, signals_out);
      return ObserveEmbeddedRsl(packet.bytes, file_url, arena, signals_out);
    case PacketForm::kEpubPackage: {
      base.carrier = Carrier::kEpub;
      base.location = "package";
      const TdmrepStatement statement = ReadEpubTdmrep(packet.bytes, file_url, arena);
      if (statement.present) signals_out.push_back(TdmrepSignal(statement, base, arena));
      return ObserveEmbeddedRsl(packet.bytes, file_url, arena, signals_out);
    }
    case PacketForm::kC2paJson:
    case PacketForm::kC2paCbor: {
      base.carrier = Carrier::kC2paBox;
      base.location = arena.Copy(Utf8Prefix(packet.label, limits::kRawBytesMax));
      const C2paAssertion assertion = packet.form == PacketForm::kC2paJson
                                          ? ReadC2paJson(packet.label, packet.bytes, arena)
                                          : ReadC2paCbor(packet.label, packet.bytes, arena);
      return AppendC2paSignals(assertion, packet.active, base, arena, signals_out);
    }
  }
}

}  // namespace crawlcard::robots
