// robots/observe_packets.h - gives meaning to what page/media/ found inside payloads.
//
// Signals of families iptc-plus, c2pa, xmp-rights, tdmrep and rsl, with carriers xmp, c2pa, epub
// and rsl. They speak for the file they stand in, not for the page that shows it. Licence URLs come
// as signals of family xmp-rights (keys cc:license, dcterms:license, xmpRights:WebStatement).
//
// Sources: docs/formats/signals.md 4.2, 7.1 and 10; docs/formats/media.md.
// Nothing fails. Text lives in the arena. Thread rule: thread-safe.
#pragma once

#include <cstdint>
#include <string_view>

#include "base/arena.h"
#include "robots/observe.h"

namespace crawlcard::robots {

enum class PacketForm : std::uint8_t { kXmp, kC2paJson, kC2paCbor, kEpubPackage };

struct PacketBytes {
  PacketForm form = PacketForm::kXmp;
  std::string_view bytes;
  std::string_view label;  // of a C2PA assertion
  bool active = true;      // C2PA: of the active manifest, not of an ingredient
};

// `file_url` resolves a relative policy, and is the URL that embedded RSL is asked about.
void ObservePacket(const PacketBytes& packet, std::string_view file_url, Arena& arena,
                   SignalList& signals_out);

}  // namespace crawlcard::robots
