#include "page/media/packets.h"

#include <algorithm>
#include <functional>

#include "base/codec.h"
#include "base/text.h"
#include "page/limits.h"
#include "page/media/bytes.h"
#include "page/media/walkers.h"

namespace crawlcard::page::media {
namespace {

// Where a root element is looked for, past a declaration, a document type and comments.
constexpr std::size_t kRootSearchBytes = 4096;

bool StartsWith(std::string_view bytes, std::string_view start) {
  return bytes.substr(0, start.size()) == start;
}

bool LooksLikeSvg(std::string_view content_type, std::string_view payload) {
  if (StartsWithIgnoreCase(content_type, "image/svg+xml")) return true;
  if (StartsWithIgnoreCase(content_type, "text/html") ||
      StartsWithIgnoreCase(content_type, "application/xhtml+xml")) {
    return false;
  }
  if (StartsWith(payload, "\xEF\xBB\xBF")) payload.remove_prefix(3);
  payload = TrimAscii(payload.substr(0, kRootSearchBytes));
  if (payload.empty() || payload.front() != '<') return false;
  const std::size_t root = payload.find("<svg");
  return root != std::string_view::npos && payload.find("<html") == std::string_view::npos;
}

}  // namespace

std::string_view FormatName(Format format) {
  switch (format) {
    case Format::kNone:
      return "";
    case Format::kJpeg:
      return "jpeg";
    case Format::kPng:
      return "png";
    case Format::kGif:
      return "gif";
    case Format::kTiff:
      return "tiff";
    case Format::kWebp:
      return "webp";
    case Format::kPdf:
      return "pdf";
    case Format::kBmff:
      return "bmff";
    case Format::kSvg:
      return "svg";
    case Format::kEpub:
      return "epub";
  }
  return "";
}

std::string_view PacketKindName(PacketKind kind) {
  switch (kind) {
    case PacketKind::kXmp:
      return "xmp";
    case PacketKind::kC2paJson:
      return "c2pa-json";
    case PacketKind::kC2paCbor:
      return "c2pa-cbor";
    case PacketKind::kEpubPackage:
      return "opf";
  }
  return "";
}

Format SniffFormat(std::string_view content_type, std::string_view payload) {
  using std::string_view_literals::operator""sv;
  if (StartsWith(payload, "\xFF\xD8\xFF")) return Format::kJpeg;
  if (StartsWith(payload, "\x89PNG\r\n\x1A\n")) return Format::kPng;
  if (StartsWith(payload, "GIF87a") || StartsWith(payload, "GIF89a")) return Format::kGif;
  for (const std::string_view magic : {"II*\0"sv, "MM\0*"sv, "II+\0"sv, "MM\0+"sv}) {
    if (StartsWith(payload, magic)) return Format::kTiff;
  }
  if (StartsWith(payload, "RIFF") && payload.substr(0, 12).substr(4).find("WEBP") == 4) {
    return Format::kWebp;
  }
  // ISO 32000-1, note on the header: readers look for it in the first 1024 bytes.
  if (payload.substr(0, 1024).find("%PDF-") != std::string_view::npos) return Format::kPdf;
  if (Clip(payload, 4, 4) == "ftyp") return Format::kBmff;
  if (StartsWith(payload, "PK\x03\x04")) {
    // EPUB OCF: the first file is called mimetype and stored as it is.
    const bool named =
        payload.substr(0, 128).find("application/epub+zip") != std::string_view::npos;
    return named || StartsWithIgnoreCase(content_type, "application/epub+zip") ? Format::kEpub
                                                                               : Format::kNone;
  }
  return LooksLikeSvg(content_type, payload) ? Format::kSvg : Format::kNone;
}

void Sink::Add(Packet packet) {
  if (packet.bytes.empty()) return;
  if (packet.bytes.size() > limits::kPacketBytesMax) return Note("media.packet_too_large");
  if (packets_.size() >= limits::kPacketsMax) return Note("media.too_many_packets");
  const auto* begin = packet.bytes.data();
  const std::less<> before;  // a total order even where the pointers are unrelated
  const bool inside =
      !before(begin, payload_.data()) && before(begin, payload_.data() + payload_.size());
  if (inside) packet.offset = static_cast<std::size_t>(begin - payload_.data());
  packets_.push_back(packet);
}

void Sink::Note(std::string_view note) {
  if (std::find(notes_.begin(), notes_.end(), note) == notes_.end()) notes_.push_back(note);
}

bool Sink::Step() {
  if (++steps_ <= limits::kBoxesMax) return true;
  Note("media.too_many_boxes");
  return false;
}

std::string_view Sink::Inflate(std::string_view packed) {
  scratch_.clear();
  const auto outcome = Decode(Coding::kDeflate, packed, limits::kPacketBytesMax, scratch_);
  if (!outcome) {
    Note("media.bad_deflate");
    return {};
  }
  if (outcome->over_limit) {
    Note("media.packet_too_large");
    return {};
  }
  if (!outcome->complete) Note("media.truncated");
  return arena_.Copy(scratch_);
}

MediaScan Sink::Finish(Format format) {
  std::sort(notes_.begin(), notes_.end());
  return {format, arena_.CopySpan(std::span<const Packet>(packets_)),
          arena_.CopySpan(std::span<const std::string_view>(notes_))};
}

MediaScan ScanMedia(std::string_view content_type, std::string_view payload, Arena& arena) {
  const Format format = SniffFormat(content_type, payload);
  Sink sink(payload, arena);
  switch (format) {
    case Format::kNone:
      return {};
    case Format::kJpeg:
      WalkJpeg(payload, sink);
      break;
    case Format::kPng:
      WalkPng(payload, sink);
      break;
    case Format::kGif:
      WalkGif(payload, sink);
      break;
    case Format::kTiff:
      WalkTiff(payload, sink);
      break;
    case Format::kWebp:
      WalkWebp(payload, sink);
      break;
    case Format::kPdf:
      WalkPdf(payload, sink);
      break;
    case Format::kBmff:
      WalkBmff(payload, sink);
      break;
    case Format::kSvg:
      WalkSvg(payload, sink);
      break;
    case Format::kEpub:
      WalkEpub(payload, sink);
      break;
  }
  return sink.Finish(format);
}

std::span<const Packet> FindPackets(std::string_view content_type, std::string_view payload,
                                    Arena& arena) {
  return ScanMedia(content_type, payload, arena).packets;
}

}  // namespace crawlcard::page::media
