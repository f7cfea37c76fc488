// Flat containers of pictures: PNG chunks, GIF blocks, RIFF chunks of WebP, TIFF directories.
//
// Sources: PNG, third edition, 5.3 and 11.3.3.4; GIF89a, 23 and 26; RFC 9649 section 2; TIFF 6.0
// section 2; where XMP and C2PA lie in them: XMP part 3 and docs/formats/signals.md 10.1 and 10.3.

#include <algorithm>
#include <string_view>
#include <vector>

#include "page/limits.h"
#include "page/media/bytes.h"
#include "page/media/walkers.h"

namespace crawlcard::page::media {
namespace {

using namespace std::string_view_literals;

// Takes the bytes up to and with the next NUL off `rest`; false where there is none.
bool TakeText(std::string_view& rest, std::string_view& text) {
  const std::size_t end = rest.find('\0');
  if (end == std::string_view::npos) return false;
  text = rest.substr(0, end);
  rest.remove_prefix(end + 1);
  return true;
}

// PNG 11.3.3.4, iTXt: keyword NUL, compression flag and method, language NUL, translation NUL,
// text.
void ReadInternationalText(std::string_view chunk, Sink& sink) {
  std::string_view keyword;
  std::string_view ignored;
  if (!TakeText(chunk, keyword) || keyword != "XML:com.adobe.xmp" || chunk.size() < 2) return;
  const bool packed = chunk[0] != '\0';
  chunk.remove_prefix(2);
  if (!TakeText(chunk, ignored) || !TakeText(chunk, ignored)) return;
  sink.AddXmp(packed ? sink.Inflate(chunk) : chunk);
}

constexpr std::uint64_t kTagXmp = 700;      // XMP part 3, 1.1.6
constexpr std::uint64_t kTagC2pa = 0xCD41;  // C2PA 2.x, embedding into TIFF

// TIFF 6.0 and BigTIFF differ in the widths of counts and offsets.
struct TiffLayout {
  bool big_endian = false;
  std::size_t count_bytes = 2;
  std::size_t entry_bytes = 12;
  std::size_t offset_bytes = 4;
};

class TiffWalker {
 public:
  TiffWalker(std::string_view payload, Sink& sink) : payload_(payload), sink_(sink) {}

  void Run() {
    layout_.big_endian = payload_.substr(0, 2) == "MM";
    std::uint64_t directory = 0;
    if (Number(2, 2) == 43) {
      layout_ = {layout_.big_endian, 8, 20, 8};
      directory = Number(8, 8);
    } else {
      directory = Number(4, 4);
    }
    std::vector<std::uint64_t> seen;
    while (directory != 0) {
      if (std::find(seen.begin(), seen.end(), directory) != seen.end()) {
        return sink_.Note("media.directory_cycle");
      }
      if (seen.size() >= limits::kTiffDirectoriesMax) {
        return sink_.Note("media.too_many_directories");
      }
      seen.push_back(directory);
      if (!ReadDirectory(directory)) return;
    }
  }

 private:
  std::uint64_t Number(std::uint64_t at, std::size_t width) const {
    return layout_.big_endian ? BigEndian(payload_, at, width) : LittleEndian(payload_, at, width);
  }

  // Reads one directory and moves `directory` to the next; false where the walk ends.
  bool ReadDirectory(std::uint64_t& directory) {
    if (!Has(payload_, directory, layout_.count_bytes)) {
      sink_.Note("media.truncated");
      return false;
    }
    const std::uint64_t count = Number(directory, layout_.count_bytes);
    std::uint64_t at = directory + layout_.count_bytes;
    for (std::uint64_t i = 0; i < count; ++i, at += layout_.entry_bytes) {
      if (!sink_.Step()) return false;
      if (!Has(payload_, at, layout_.entry_bytes)) {
        sink_.Note("media.truncated");
        return false;
      }
      ReadEntry(at);
    }
    if (!Has(payload_, at, layout_.offset_bytes)) return false;
    directory = Number(at, layout_.offset_bytes);
    return true;
  }

  void ReadEntry(std::uint64_t at) {
    const std::uint64_t tag = Number(at, 2);
    const std::uint64_t type = Number(at + 2, 2);
    constexpr std::uint64_t kByte = 1;
    constexpr std::uint64_t kUndefined = 7;
    if (tag != kTagXmp && tag != kTagC2pa) return;
    if (type != kByte && type != kUndefined) return;
    const std::uint64_t size = Number(at + 4, layout_.offset_bytes);
    if (size <= layout_.offset_bytes) return;  // in the entry itself: too small for either
    const std::uint64_t value = Number(at + 4 + layout_.offset_bytes, layout_.offset_bytes);
    if (!Has(payload_, value, size)) return sink_.Note("media.truncated");
    const std::string_view bytes = Clip(payload_, value, size);
    if (tag == kTagXmp) {
      sink_.AddXmp(bytes);
    } else {
      WalkJumbf(bytes, sink_);
    }
  }

  std::string_view payload_;
  Sink& sink_;
  TiffLayout layout_;
};

// Past the sub-blocks that begin at `at` and their terminator; npos where they are cut.
std::size_t SkipSubBlocks(std::string_view payload, std::size_t at) {
  while (at < payload.size()) {
    const std::size_t size = static_cast<std::uint8_t>(payload[at]);
    ++at;
    if (size == 0) return at;
    at += size;
  }
  return std::string_view::npos;
}

// Entries of a colour table, by the flags byte that announces it.
std::size_t ColourTableBytes(char flags) {
  const auto bits = static_cast<std::uint8_t>(flags);
  return (bits & 0x80) != 0 ? std::size_t{3} << ((bits & 7) + 1) : 0;
}

// XMP part 3, 1.1.2: the packet stands where sub-blocks should, and a trailer of falling bytes
// makes readers that follow the sub-blocks arrive at its end.
constexpr std::size_t kGifTrailerBytes = 258;

void ReadGifApplication(std::string_view payload, std::size_t at, std::size_t end, Sink& sink) {
  constexpr std::string_view kXmp = "\x0BXMP DataXMP"sv;
  if (payload.substr(at, kXmp.size()) != kXmp) return;
  const std::size_t begin = at + kXmp.size();
  if (end < begin + kGifTrailerBytes) return;
  sink.AddXmp(payload.substr(begin, end - kGifTrailerBytes - begin));
}

}  // namespace

void WalkPng(std::string_view payload, Sink& sink) {
  std::size_t at = 8;
  // Length, type, data, checksum. Checksums are not looked at: a wish with a flipped bit elsewhere
  // is still a wish.
  while (Has(payload, at, 12) && sink.Step()) {
    const std::uint64_t length = BigEndian(payload, at, 4);
    const std::string_view type = payload.substr(at + 4, 4);
    if (type == "IEND") return;
    if (!Has(payload, at + 8, length)) return sink.Note("media.truncated");
    const std::string_view data = payload.substr(at + 8, static_cast<std::size_t>(length));
    if (type == "iTXt") ReadInternationalText(data, sink);
    if (type == "caBX") WalkJumbf(data, sink);
    at += 12 + static_cast<std::size_t>(length);
  }
  if (at < payload.size()) sink.Note("media.truncated");
}

void WalkGif(std::string_view payload, Sink& sink) {
  constexpr std::size_t kHeadBytes = 13;  // signature and logical screen descriptor
  constexpr std::size_t kImageHeadBytes = 10;
  if (payload.size() < kHeadBytes) return;
  std::size_t at = kHeadBytes + ColourTableBytes(payload[10]);
  while (at < payload.size() && sink.Step()) {
    const char introducer = payload[at];
    if (introducer == ';') return;  // the trailer
    std::size_t end = std::string_view::npos;
    if (introducer == '!') {
      end = SkipSubBlocks(payload, at + 2);
      const bool application = at + 1 < payload.size() && payload[at + 1] == '\xFF';
      if (application && end != std::string_view::npos) {
        ReadGifApplication(payload, at + 2, end, sink);
      }
    } else if (introducer == ',' && Has(payload, at, kImageHeadBytes)) {
      end = SkipSubBlocks(payload, at + kImageHeadBytes + ColourTableBytes(payload[at + 9]) + 1);
    }
    if (end == std::string_view::npos) return sink.Note("media.truncated");
    at = end;
  }
}

void WalkWebp(std::string_view payload, Sink& sink) {
  std::size_t at = 12;
  while (Has(payload, at, 8) && sink.Step()) {
    const std::string_view type = payload.substr(at, 4);
    const std::uint64_t length = LittleEndian(payload, at + 4, 4);
    if (!Has(payload, at + 8, length)) return sink.Note("media.truncated");
    const std::string_view data = payload.substr(at + 8, static_cast<std::size_t>(length));
    if (type == "XMP ") sink.AddXmp(data);
    if (type == "C2PA") WalkJumbf(data, sink);
    at += 8 + static_cast<std::size_t>(length + (length & 1));  // chunks are padded to even sizes
  }
}

void WalkTiff(std::string_view payload, Sink& sink) {
  TiffWalker(payload, sink).Run();
}

}  // namespace crawlcard::page::media
