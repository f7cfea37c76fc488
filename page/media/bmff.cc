// ISO base media files (ISO 14496-12): MP4, MOV, HEIF, AVIF. XMP in a uuid box, in udta, or as an
// item of type mime (ISO 23008-12); content credentials in a uuid box (C2PA 2.x).

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

#include "page/limits.h"
#include "page/media/bytes.h"
#include "page/media/walkers.h"

namespace crawlcard::page::media {
namespace {

using namespace std::string_view_literals;

// XMP part 3, 1.2.7.1.
constexpr std::string_view kXmpUuid =
    "\xBE\x7A\xCF\xCB\x97\xA9\x42\xE8\x9C\x71\x99\x94\x91\xE3\xAF\xAC"sv;
// C2PA 2.x, embedding into BMFF.
constexpr std::string_view kC2paUuid =
    "\xD8\xFE\xC3\xD6\x1B\x0E\x48\x3C\x92\x97\x58\x28\x87\x7E\xC4\x81"sv;
constexpr std::size_t kFullBoxBytes = 4;  // version and flags

// One extent of an item: where it lies in the file, or in the idat box.
struct Extent {
  bool in_idat = false;
  std::uint64_t offset = 0;
  std::uint64_t length = 0;
};

class Walker {
 public:
  Walker(std::string_view payload, Sink& sink) : payload_(payload), sink_(sink) {}

  void Run() {
    ForEachBox(payload_, [&](std::string_view type, std::string_view content) {
      if (type == "uuid") ReadUuid(content);
      if (type == "moov") ReadMovie(content);
      if (type == "meta") ReadMeta(content);
    });
  }

 private:
  template <class Visit>
  void ForEachBox(std::string_view rest, Visit visit) {
    while (rest.size() >= 8 && sink_.Step()) {
      std::uint64_t size = BigEndian(rest, 0, 4);
      std::size_t head = 8;
      if (size == 1) {
        size = BigEndian(rest, 8, 8);
        head = 16;
      } else if (size == 0) {
        size = rest.size();
      }
      if (size < head || rest.size() < head) return;
      if (size > rest.size()) sink_.Note("media.truncated");
      const std::string_view whole = Clip(rest, 0, size);
      visit(rest.substr(4, 4), whole.substr(head));
      rest.remove_prefix(whole.size());
    }
  }

  void ReadUuid(std::string_view content) {
    if (content.size() < 16) return;
    const std::string_view uuid = content.substr(0, 16);
    content.remove_prefix(16);
    if (uuid == kXmpUuid) sink_.AddXmp(content);
    if (uuid != kC2paUuid || content.size() < kFullBoxBytes) return;
    content.remove_prefix(kFullBoxBytes);
    const std::size_t end = content.find('\0');
    if (end == std::string_view::npos || content.substr(0, end) != "manifest") return;
    // Past the purpose stands the offset of the first auxiliary box.
    if (!Has(content, end + 1, 8)) return;
    WalkJumbf(content.substr(end + 1 + 8), sink_);
  }

  void ReadMovie(std::string_view movie) {
    ForEachBox(movie, [&](std::string_view type, std::string_view content) {
      if (type == "uuid") ReadUuid(content);
      if (type == "meta") ReadMeta(content);
      if (type != "udta") return;
      ForEachBox(content, [&](std::string_view inner, std::string_view bytes) {
        if (inner == "XMP_") sink_.AddXmp(bytes);
      });
    });
  }

  void ReadMeta(std::string_view meta) {
    if (meta.size() < kFullBoxBytes) return;
    meta.remove_prefix(kFullBoxBytes);
    std::string_view locations;
    std::string_view data;
    std::vector<std::uint64_t> items;
    ForEachBox(meta, [&](std::string_view type, std::string_view content) {
      if (type == "iinf") ReadItemInfo(content, items);
      if (type == "iloc") locations = content;
      if (type == "idat") data = content;
      if (type == "uuid") ReadUuid(content);
    });
    if (!items.empty()) ReadLocations(locations, data, items);
  }

  void ReadItemInfo(std::string_view info, std::vector<std::uint64_t>& items) {
    if (info.size() < kFullBoxBytes) return;
    const std::size_t count_bytes = info[0] == '\0' ? 2 : 4;
    if (!Has(info, kFullBoxBytes, count_bytes)) return;
    info.remove_prefix(kFullBoxBytes + count_bytes);
    ForEachBox(info, [&](std::string_view type, std::string_view entry) {
      if (type != "infe" || entry.size() < kFullBoxBytes) return;
      const int version = static_cast<unsigned char>(entry[0]);
      if (version != 2 && version != 3) return;  // older ones have no item types
      const std::size_t id_bytes = version == 2 ? 2 : 4;
      const std::uint64_t id = BigEndian(entry, kFullBoxBytes, id_bytes);
      const std::size_t type_at = kFullBoxBytes + id_bytes + 2;
      if (Clip(entry, type_at, 4) != "mime") return;
      std::string_view names = Clip(entry, type_at + 4, entry.size());
      const std::size_t name_end = names.find('\0');
      if (name_end == std::string_view::npos) return;
      names.remove_prefix(name_end + 1);
      if (names.substr(0, names.find('\0')) != "application/rdf+xml") return;
      if (items.size() < limits::kPacketsMax) items.push_back(id);
    });
  }

  // ISO 14496-12 section 8.11.3.
  void ReadLocations(std::string_view box, std::string_view data,
                     const std::vector<std::uint64_t>& wanted) {
    if (!Has(box, 0, kFullBoxBytes + 2)) return;
    const int version = static_cast<unsigned char>(box[0]);
    if (version > 2) return;
    const auto offset_bytes = static_cast<std::size_t>(BigEndian(box, 4, 1) >> 4);
    const auto length_bytes = static_cast<std::size_t>(BigEndian(box, 4, 1) & 15);
    const auto base_bytes = static_cast<std::size_t>(BigEndian(box, 5, 1) >> 4);
    const auto index_bytes =
        version == 0 ? std::size_t{0} : static_cast<std::size_t>(BigEndian(box, 5, 1) & 15);
    for (const std::size_t width : {offset_bytes, length_bytes, base_bytes, index_bytes}) {
      if (width != 0 && width != 4 && width != 8) return;
    }
    const std::size_t id_bytes = version == 2 ? 4 : 2;
    const std::uint64_t count = BigEndian(box, 6, id_bytes);
    std::uint64_t at = 6 + id_bytes;
    const auto take = [&](std::size_t width) {
      const std::uint64_t value = BigEndian(box, at, width);
      at += width;
      return value;
    };
    std::vector<Extent> extents;
    for (std::uint64_t i = 0; i < count; ++i) {
      if (!sink_.Step() || !Has(box, at, id_bytes)) return;
      const std::uint64_t id = take(id_bytes);
      const std::uint64_t method = version == 0 ? 0 : take(2) & 15;
      take(2);  // data reference: other files are not looked at
      const std::uint64_t base = take(base_bytes);
      const std::uint64_t extent_count = take(2);
      extents.clear();
      for (std::uint64_t j = 0; j < extent_count; ++j) {
        if (!Has(box, at, index_bytes + offset_bytes + length_bytes) || !sink_.Step()) return;
        take(index_bytes);
        const std::uint64_t offset = take(offset_bytes);
        extents.push_back({method == 1, base + offset, take(length_bytes)});
      }
      const bool mine = std::find(wanted.begin(), wanted.end(), id) != wanted.end();
      if (mine && method <= 1) AddItem(extents, data);
    }
  }

  void AddItem(const std::vector<Extent>& extents, std::string_view data) {
    std::uint64_t total = 0;
    for (const Extent& extent : extents) {
      const std::string_view source = extent.in_idat ? data : payload_;
      if (!Has(source, extent.offset, extent.length)) return sink_.Note("media.truncated");
      total += extent.length;
      if (total > limits::kPacketBytesMax) return sink_.Note("media.packet_too_large");
    }
    if (extents.size() == 1) {
      const Extent& only = extents.front();
      return sink_.AddXmp(Clip(only.in_idat ? data : payload_, only.offset, only.length));
    }
    joined_.clear();
    for (const Extent& extent : extents) {
      joined_ += Clip(extent.in_idat ? data : payload_, extent.offset, extent.length);
    }
    sink_.AddXmp(sink_.arena().Copy(joined_));
  }

  std::string_view payload_;
  Sink& sink_;
  std::string joined_;
};

}  // namespace

void WalkBmff(std::string_view payload, Sink& sink) {
  Walker(payload, sink).Run();
}

}  // namespace crawlcard::page::media
