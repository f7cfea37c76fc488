// page/media/packets.h - metadata packets inside payloads: where they are, not what they say.
//
// Byte walkers over JPEG, PNG, GIF, TIFF, WebP, PDF, BMFF (MP4, HEIF, AVIF), SVG and EPUB find XMP,
// the training-mining assertions of content credentials (C2PA in JUMBF), and package files of
// books. The kind of a payload is told by its first bytes; the media type helps only where these
// are silent. What is not read of each format: docs/formats/media.md.
//
// Nothing is decoded but deflate, no pixel is touched. Never fails: damage ends the walk, a note
// says so. Work is linear in the payload. Packets are views of the payload where they stand there
// in one piece, else of the arena. Thread rule: functions are thread-safe.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

#include "base/arena.h"

namespace crawlcard::page::media {

enum class Format : std::uint8_t {
  kNone,
  kJpeg,
  kPng,
  kGif,
  kTiff,
  kWebp,
  kPdf,
  kBmff,
  kSvg,
  kEpub,
};
std::string_view FormatName(Format format);  // "jpeg", ...; "" for kNone

// By the first bytes, then by `content_type` (of XML alone).
Format SniffFormat(std::string_view content_type, std::string_view payload);

enum class PacketKind : std::uint8_t {
  kXmp,       // RDF/XML; of SVG the metadata element in a root that declares its namespaces
  kC2paJson,  // content of a training-mining assertion
  kC2paCbor,
  kEpubPackage,  // the OPF file of a book
};
std::string_view PacketKindName(PacketKind kind);  // "xmp", "c2pa-json", "c2pa-cbor", "opf"

struct Packet {
  static constexpr std::size_t kAssembled = static_cast<std::size_t>(-1);

  PacketKind kind = PacketKind::kXmp;
  std::string_view bytes;
  std::string_view label;           // of an assertion: "cawg.training-mining"
  bool active = true;               // false: of an ingredient's manifest
  std::size_t offset = kAssembled;  // in the payload, where it stands there in one piece
};

struct MediaScan {
  Format format = Format::kNone;
  std::span<const Packet> packets;
  std::span<const std::string_view> notes;  // "media.truncated", "media.packet_too_large", ...
};
MediaScan ScanMedia(std::string_view content_type, std::string_view payload, Arena& arena);

// The packets alone.
std::span<const Packet> FindPackets(std::string_view content_type, std::string_view payload,
                                    Arena& arena);

}  // namespace crawlcard::page::media
