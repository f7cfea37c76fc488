// Any bytes as each form of packet: nothing crashes, an ingredient never speaks for the file, and
// kept text stays within its limits.
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "base/arena.h"
#include "robots/limits.h"
#include "robots/observe_packets.h"
#include "robots/tdm_policy.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace crawlcard::robots;
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  crawlcard::Arena arena;
  for (const PacketForm form :
       {PacketForm::kXmp, PacketForm::kC2paJson, PacketForm::kC2paCbor, PacketForm::kEpubPackage}) {
    for (const bool active : {true, false}) {
      SignalList signals;
      ObservePacket({form, bytes, "c2pa.training-mining", active}, "https://p.example/f", arena,
                    signals);
      for (const Signal& signal : signals) {
        if (signal.raw.size() > limits::kRawBytesMax) std::abort();
        if (signal.value.size() > limits::kSignalTextBytesMax) std::abort();
        const bool says = signal.says != Says::kNothing || signal.careful != Says::kNothing;
        if (signal.family == Family::kC2pa && !active && says) std::abort();
      }
    }
  }
  ReadTdmPolicy(200, "application/json", bytes, arena);
  return 0;
}
