// Manifest stores of content credentials: JUMBF superboxes (ISO 19566-5) as C2PA 2.x lays them out.
//
//   jumb c2pa            the store
//     jumb c2ma|c2um     a manifest; the last one is the active one
//       jumb c2as        its assertions
//         jumb cbor|json one assertion, named by its label
//           cbor|json    the content

#include <string_view>
#include <vector>

#include "page/media/bytes.h"
#include "page/media/walkers.h"

namespace crawlcard::page::media {
namespace {

using namespace std::string_view_literals;

struct Box {
  std::string_view type;
  std::string_view content;
};

// Takes the next box off `rest`; false at the end or where the size makes no sense.
bool TakeBox(std::string_view& rest, Sink& sink, Box& box) {
  if (rest.size() < 8 || !sink.Step()) return false;
  std::uint64_t size = BigEndian(rest, 0, 4);
  std::size_t head = 8;
  if (size == 1) {
    size = BigEndian(rest, 8, 8);
    head = 16;
  } else if (size == 0) {
    size = rest.size();
  }
  if (size < head || head > rest.size()) return false;
  if (size > rest.size()) sink.Note("media.truncated");
  const std::string_view whole = Clip(rest, 0, size);
  box = {rest.substr(4, 4), whole.substr(head)};
  rest.remove_prefix(whole.size());
  return true;
}

// A superbox: its description and the boxes after it.
struct SuperBox {
  std::string_view type;  // the four letters at the start of the type UUID
  std::string_view label;
  std::string_view boxes;
};

// The rest of the UUID of each type that is named by four letters (ISO 19566-5 Annex B).
constexpr std::string_view kUuidTail = "\x00\x11\x00\x10\x80\x00\x00\xAA\x00\x38\x9B\x71"sv;

bool ReadSuperBox(const Box& box, Sink& sink, SuperBox& super) {
  if (box.type != "jumb") return false;
  std::string_view rest = box.content;
  Box description;
  if (!TakeBox(rest, sink, description) || description.type != "jumd") return false;
  const std::string_view bytes = description.content;
  if (bytes.size() < 17 || bytes.substr(4, kUuidTail.size()) != kUuidTail) return false;
  super.type = bytes.substr(0, 4);
  super.label = {};
  constexpr unsigned kHasLabel = 2;
  if ((static_cast<std::uint8_t>(bytes[16]) & kHasLabel) != 0) {
    const std::size_t end = bytes.find('\0', 17);
    if (end == std::string_view::npos) return false;
    super.label = bytes.substr(17, end - 17);
  }
  super.boxes = rest;
  return true;
}

bool IsTrainingMining(std::string_view label) {
  return label.find("training-mining") != std::string_view::npos;
}

void ReadAssertion(const SuperBox& assertion, bool active, Sink& sink) {
  if (!IsTrainingMining(assertion.label)) return;
  std::string_view rest = assertion.boxes;
  Box box;
  while (TakeBox(rest, sink, box)) {
    if (box.type != "json" && box.type != "cbor") continue;
    Packet packet;
    packet.kind = box.type == "json" ? PacketKind::kC2paJson : PacketKind::kC2paCbor;
    packet.bytes = box.content;
    packet.label = assertion.label;
    packet.active = active;
    return sink.Add(packet);
  }
}

void ReadManifest(const SuperBox& manifest, bool active, Sink& sink) {
  std::string_view rest = manifest.boxes;
  Box box;
  SuperBox part;
  while (TakeBox(rest, sink, box)) {
    if (!ReadSuperBox(box, sink, part) || part.type != "c2as") continue;
    std::string_view assertions = part.boxes;
    SuperBox assertion;
    while (TakeBox(assertions, sink, box)) {
      if (ReadSuperBox(box, sink, assertion)) ReadAssertion(assertion, active, sink);
    }
  }
}

}  // namespace

void WalkJumbf(std::string_view store, Sink& sink) {
  Box box;
  SuperBox super;
  while (TakeBox(store, sink, box)) {
    if (!ReadSuperBox(box, sink, super) || super.type != "c2pa") continue;
    std::vector<SuperBox> manifests;
    std::string_view rest = super.boxes;
    SuperBox manifest;
    while (TakeBox(rest, sink, box)) {
      if (!ReadSuperBox(box, sink, manifest)) continue;
      if (manifest.type == "c2cm") sink.Note("media.compressed_manifest");
      if (manifest.type == "c2ma" || manifest.type == "c2um") manifests.push_back(manifest);
    }
    // An update manifest leaves the content alone: what it updates still speaks for the file.
    std::size_t active_from = manifests.empty() ? 0 : manifests.size() - 1;
    while (active_from > 0 && manifests[active_from].type == "c2um") --active_from;
    for (std::size_t i = 0; i < manifests.size(); ++i) {
      ReadManifest(manifests[i], i >= active_from, sink);
    }
  }
}

}  // namespace crawlcard::page::media
