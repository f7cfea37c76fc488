// EPUB (OCF 3.3 sections 4.2 and 4.3; APPNOTE 6.3 sections 4.3.7 to 4.3.16): a zip archive whose
// META-INF/container.xml names the package file.
//
//   [local header, data] ...  [central directory]  [end record, comment]
//                                   ^ offset named by the end record

#include <algorithm>
#include <string_view>

#include "page/limits.h"
#include "page/media/bytes.h"
#include "page/media/walkers.h"

namespace crawlcard::page::media {
namespace {

constexpr std::size_t kEndBytes = 22;
constexpr std::size_t kCommentBytesMax = 65535;
constexpr std::size_t kEntryBytes = 46;
constexpr std::size_t kLocalBytes = 30;

struct Entry {
  std::string_view name;
  std::uint64_t method = 0;
  std::uint64_t packed_bytes = 0;
  std::uint64_t local_at = 0;
};

class Archive {
 public:
  Archive(std::string_view payload, Sink& sink) : payload_(payload), sink_(sink) {}

  // False where there is no directory.
  bool Open() {
    if (payload_.size() < kEndBytes) return false;
    const std::size_t from =
        payload_.size() - std::min(payload_.size(), kEndBytes + kCommentBytesMax);
    const std::size_t end = payload_.rfind("PK\x05\x06", payload_.size() - kEndBytes);
    if (end == std::string_view::npos || end < from) return false;
    count_ = LittleEndian(payload_, end + 10, 2);
    directory_at_ = LittleEndian(payload_, end + 16, 4);
    return true;
  }

  // Until `visit` returns false.
  template <class Visit>
  void ForEachEntry(Visit visit) {
    std::uint64_t at = directory_at_;
    for (std::uint64_t i = 0; i < count_; ++i) {
      if (i >= limits::kZipEntriesMax) return sink_.Note("media.too_many_entries");
      if (!Has(payload_, at, kEntryBytes) || Clip(payload_, at, 4) != "PK\x01\x02") {
        return sink_.Note("media.truncated");
      }
      const std::uint64_t name_bytes = LittleEndian(payload_, at + 28, 2);
      const std::uint64_t extra_bytes = LittleEndian(payload_, at + 30, 2);
      const std::uint64_t comment_bytes = LittleEndian(payload_, at + 32, 2);
      Entry entry;
      entry.name = Clip(payload_, at + kEntryBytes, name_bytes);
      entry.method = LittleEndian(payload_, at + 10, 2);
      entry.packed_bytes = LittleEndian(payload_, at + 20, 4);
      entry.local_at = LittleEndian(payload_, at + 42, 4);
      if (!visit(entry)) return;
      at += kEntryBytes + name_bytes + extra_bytes + comment_bytes;
    }
  }

  // The content of an entry, unpacked; empty where it is damaged, too large or packed in other
  // ways.
  std::string_view Read(const Entry& entry) {
    if (!Has(payload_, entry.local_at, kLocalBytes) ||
        Clip(payload_, entry.local_at, 4) != "PK\x03\x04") {
      sink_.Note("media.truncated");
      return {};
    }
    const std::uint64_t begin = entry.local_at + kLocalBytes +
                                LittleEndian(payload_, entry.local_at + 26, 2) +
                                LittleEndian(payload_, entry.local_at + 28, 2);
    if (!Has(payload_, begin, entry.packed_bytes)) {
      sink_.Note("media.truncated");
      return {};
    }
    const std::string_view packed = Clip(payload_, begin, entry.packed_bytes);
    constexpr std::uint64_t kStored = 0;
    constexpr std::uint64_t kDeflated = 8;
    if (entry.method == kStored) return packed;
    if (entry.method == kDeflated) return sink_.Inflate(packed);
    sink_.Note("media.unknown_packing");
    return {};
  }

  std::string_view ReadNamed(std::string_view name) {
    std::string_view content;
    ForEachEntry([&](const Entry& entry) {
      if (entry.name != name) return true;
      content = Read(entry);
      return false;
    });
    return content;
  }

 private:
  std::string_view payload_;
  Sink& sink_;
  std::uint64_t count_ = 0;
  std::uint64_t directory_at_ = 0;
};

// The first full-path of a rootfile element; "" where there is none.
std::string_view PackagePath(std::string_view container) {
  const std::size_t element = container.find("rootfile ");
  if (element == std::string_view::npos) return {};
  constexpr std::string_view kName = "full-path=";
  const std::size_t at = container.find(kName, element);
  if (at == std::string_view::npos || !Has(container, at + kName.size(), 2)) return {};
  const char quote = container[at + kName.size()];
  if (quote != '"' && quote != '\'') return {};
  const std::size_t begin = at + kName.size() + 1;
  const std::size_t end = container.find(quote, begin);
  return end == std::string_view::npos ? std::string_view() : container.substr(begin, end - begin);
}

bool EndsWith(std::string_view text, std::string_view end) {
  return text.size() >= end.size() && text.substr(text.size() - end.size()) == end;
}

}  // namespace

void WalkEpub(std::string_view payload, Sink& sink) {
  Archive archive(payload, sink);
  if (!archive.Open()) return sink.Note("media.truncated");
  Packet packet;
  packet.kind = PacketKind::kEpubPackage;
  const std::string_view path = PackagePath(archive.ReadNamed("META-INF/container.xml"));
  if (!path.empty()) packet.bytes = archive.ReadNamed(path);
  if (packet.bytes.empty()) {
    // A damaged container: the first file that looks like a package.
    archive.ForEachEntry([&](const Entry& entry) {
      if (!EndsWith(entry.name, ".opf")) return true;
      packet.bytes = archive.Read(entry);
      return packet.bytes.empty();
    });
  }
  sink.Add(packet);
}

}  // namespace crawlcard::page::media
