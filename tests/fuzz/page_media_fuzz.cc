// Any bytes as a payload: packets stay within their limits, views within the payload, and the same
// bytes give the same packets.
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "base/arena.h"
#include "page/limits.h"
#include "page/media/packets.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using crawlcard::page::media::Packet;
  const std::string_view payload(reinterpret_cast<const char*>(data), size);
  for (const std::string_view type : {"", "image/svg+xml", "application/epub+zip"}) {
    crawlcard::Arena arena;
    crawlcard::Arena again;
    const auto first = crawlcard::page::media::ScanMedia(type, payload, arena);
    const auto second = crawlcard::page::media::ScanMedia(type, payload, again);
    if (first.packets.size() != second.packets.size()) std::abort();
    if (first.packets.size() > crawlcard::page::limits::kPacketsMax) std::abort();
    for (std::size_t i = 0; i < first.packets.size(); ++i) {
      const Packet& packet = first.packets[i];
      if (packet.bytes != second.packets[i].bytes) std::abort();
      if (packet.bytes.size() > crawlcard::page::limits::kPacketBytesMax) std::abort();
      if (packet.offset == Packet::kAssembled) continue;
      if (payload.substr(packet.offset, packet.bytes.size()) != packet.bytes) std::abort();
    }
  }
  return 0;
}
