// page/media/sink.h - what the walkers of page/media/ hand their finds to: counts, limits, notes.
//
// Thread rule: thread-compatible; lives as long as one scan.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/arena.h"
#include "page/media/packets.h"

namespace crawlcard::page::media {

class Sink {
 public:
  Sink(std::string_view payload, Arena& arena) : payload_(payload), arena_(arena) {}

  // Keeps a packet; `bytes` must live in the payload or the arena.
  void Add(Packet packet);
  void AddXmp(std::string_view bytes) {
    Packet packet;
    packet.bytes = bytes;
    Add(packet);
  }
  void Note(std::string_view note);

  // Counts one box, chunk or segment; false at the limit.
  bool Step();

  // Unpacks a deflate stream of at most limits::kPacketBytesMax bytes into the arena; empty, with a
  // note, where it is larger or damaged.
  std::string_view Inflate(std::string_view packed);

  Arena& arena() { return arena_; }
  MediaScan Finish(Format format);

 private:
  std::string_view payload_;
  Arena& arena_;
  std::vector<Packet> packets_;
  std::vector<std::string_view> notes_;
  std::string scratch_;
  std::size_t steps_ = 0;
};

}  // namespace crawlcard::page::media
