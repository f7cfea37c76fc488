// JPEG (ITU-T T.81 Annex B): XMP in APP1 (XMP part 3, 1.1.3), content credentials in APP11.

#include <algorithm>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "page/limits.h"
#include "page/media/bytes.h"
#include "page/media/walkers.h"

namespace crawlcard::page::media {
namespace {

using namespace std::string_view_literals;

constexpr std::string_view kXmpId = "http://ns.adobe.com/xap/1.0/\0"sv;
constexpr std::string_view kExtendedId = "http://ns.adobe.com/xmp/extension/\0"sv;
constexpr std::size_t kGuidBytes = 32;
// GUID, full length, offset of this part.
constexpr std::size_t kExtendedHeadBytes = kGuidBytes + 8;
// Common identifier "JP", box instance, sequence number (ISO 19566-5 Annex D).
constexpr std::size_t kJumbfHeadBytes = 8;

constexpr unsigned kMarkerApp1 = 0xE1;
constexpr unsigned kMarkerApp11 = 0xEB;
constexpr unsigned kMarkerSos = 0xDA;
constexpr unsigned kMarkerEoi = 0xD9;

bool HasNoLength(unsigned marker) {
  return marker == 0x01 || (marker >= 0xD0 && marker <= 0xD8);
}

// A piece of something cut into segments.
struct Part {
  std::string_view group;  // GUID, or box instance
  std::uint64_t order = 0;
  std::uint64_t total = 0;
  std::string_view bytes;
};

bool Earlier(const Part& a, const Part& b) {
  return a.group != b.group ? a.group < b.group : a.order < b.order;
}

class Walker {
 public:
  Walker(std::string_view payload, Sink& sink) : payload_(payload), sink_(sink) {}

  void Run() {
    std::size_t at = 2;
    while (sink_.Step()) {
      // Any number of fill bytes may stand before a marker.
      while (at < payload_.size() && payload_[at] == '\xFF') ++at;
      if (at < 3 || at >= payload_.size() || payload_[at - 1] != '\xFF') break;
      const unsigned marker = static_cast<std::uint8_t>(payload_[at++]);
      if (marker == kMarkerSos || marker == kMarkerEoi) break;
      if (HasNoLength(marker)) continue;
      const std::uint64_t length = BigEndian(payload_, at, 2);
      if (length < 2 || !Has(payload_, at, length)) {
        sink_.Note("media.truncated");
        break;
      }
      Segment(marker, payload_.substr(at + 2, static_cast<std::size_t>(length) - 2));
      at += static_cast<std::size_t>(length);
    }
    JoinExtended();
    JoinJumbf();
  }

 private:
  void Segment(unsigned marker, std::string_view bytes) {
    if (marker == kMarkerApp1 && bytes.substr(0, kXmpId.size()) == kXmpId) {
      const std::string_view packet = bytes.substr(kXmpId.size());
      sink_.AddXmp(packet);
      if (main_packet_.empty()) main_packet_ = packet;
    } else if (marker == kMarkerApp1 && bytes.substr(0, kExtendedId.size()) == kExtendedId) {
      bytes.remove_prefix(kExtendedId.size());
      if (bytes.size() < kExtendedHeadBytes) return;
      AddPart(extended_, {bytes.substr(0, kGuidBytes), BigEndian(bytes, kGuidBytes + 4, 4),
                          BigEndian(bytes, kGuidBytes, 4), bytes.substr(kExtendedHeadBytes)});
    } else if (marker == kMarkerApp11 && bytes.substr(0, 2) == "JP" &&
               bytes.size() > kJumbfHeadBytes + 8) {
      AddPart(jumbf_,
              {bytes.substr(2, 2), BigEndian(bytes, 4, 4), 0, bytes.substr(kJumbfHeadBytes)});
    }
  }

  void AddPart(std::vector<Part>& parts, const Part& part) {
    if (parts.size() >= limits::kPacketPartsMax) return sink_.Note("media.too_many_parts");
    parts.push_back(part);
  }

  // Extended XMP belongs to the packet that names its GUID; parts may come in any order, and count
  // only when they cover the whole.
  void JoinExtended() {
    std::stable_sort(extended_.begin(), extended_.end(), Earlier);
    for (std::size_t begin = 0; begin < extended_.size();) {
      std::size_t end = begin;
      while (end < extended_.size() && extended_[end].group == extended_[begin].group) ++end;
      if (main_packet_.find(extended_[begin].group) != std::string_view::npos) {
        JoinOneExtended({extended_.data() + begin, end - begin});
      }
      begin = end;
    }
  }

  void JoinOneExtended(std::span<const Part> parts) {
    if (parts.front().total > limits::kPacketBytesMax) return sink_.Note("media.packet_too_large");
    joined_.clear();
    for (const Part& part : parts) {
      if (part.order > joined_.size() || part.order + part.bytes.size() > part.total) break;
      if (part.order + part.bytes.size() <= joined_.size()) continue;  // sent twice
      joined_.append(part.bytes.substr(joined_.size() - static_cast<std::size_t>(part.order)));
    }
    if (joined_.size() != parts.front().total) return sink_.Note("media.truncated");
    sink_.AddXmp(sink_.arena().Copy(joined_));
  }

  // Each segment repeats the head of the box: size, type, and the long size where there is one.
  void JoinJumbf() {
    std::stable_sort(jumbf_.begin(), jumbf_.end(), Earlier);
    for (std::size_t begin = 0; begin < jumbf_.size();) {
      joined_.clear();
      std::size_t end = begin;
      for (; end < jumbf_.size() && jumbf_[end].group == jumbf_[begin].group; ++end) {
        std::string_view bytes = jumbf_[end].bytes;
        if (end > begin) bytes = Clip(bytes, BigEndian(bytes, 0, 4) == 1 ? 16 : 8, bytes.size());
        if (joined_.size() + bytes.size() > limits::kJumbfBytesMax) {
          sink_.Note("media.jumbf_too_large");
          break;
        }
        joined_ += bytes;
      }
      if (end == begin) break;
      WalkJumbf(sink_.arena().Copy(joined_), sink_);
      const std::string_view group = jumbf_[begin].group;
      while (end < jumbf_.size() && jumbf_[end].group == group) ++end;
      begin = end;
    }
  }

  std::string_view payload_;
  Sink& sink_;
  std::string_view main_packet_;
  std::vector<Part> extended_;
  std::vector<Part> jumbf_;
  std::string joined_;
};

}  // namespace

void WalkJpeg(std::string_view payload, Sink& sink) {
  Walker(payload, sink).Run();
}

}  // namespace crawlcard::page::media
