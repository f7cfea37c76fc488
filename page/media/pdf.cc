// PDF (ISO 32000-1 section 14.3.2): the metadata stream of the catalog, plain or deflated.
//
// The file is searched, not parsed: cross-reference tables lie often enough in archives. The
// catalog says which stream speaks for the document; those of pictures inside it do not. Where the
// catalog lies in an object stream, these are unpacked until it is found, within limits. Encrypted
// metadata and filters other than Flate are not read.

#include <algorithm>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/codec.h"
#include "base/text.h"
#include "page/limits.h"
#include "page/media/bytes.h"
#include "page/media/walkers.h"

namespace crawlcard::page::media {
namespace {

constexpr std::size_t npos = std::string_view::npos;

// ISO 32000-1 section 7.2.2: white space and delimiters end a name.
bool EndsName(char c) {
  return IsAsciiSpace(c) || c == '\0' || std::string_view("()<>[]{}/%").find(c) != npos;
}

// The place after `/name` in `text` from `from` on, or npos. "/Metadata" does not find
// "/MetadataX".
std::size_t PastName(std::string_view text, std::string_view name, std::size_t from = 0) {
  for (std::size_t at = text.find(name, from); at != npos; at = text.find(name, at + 1)) {
    const std::size_t end = at + name.size();
    if (end == text.size() || EndsName(text[end])) return end;
  }
  return npos;
}

std::size_t SkipSpace(std::string_view text, std::size_t at) {
  while (at < text.size() && (IsAsciiSpace(text[at]) || text[at] == '\0')) ++at;
  return at;
}

std::optional<std::uint64_t> NumberAt(std::string_view text, std::size_t at) {
  at = SkipSpace(text, at);
  std::size_t end = at;
  while (end < text.size() && IsAsciiDigit(text[end])) ++end;
  return ParseUint(text.substr(std::min(at, text.size()), end - at));
}

struct Stream {
  std::uint64_t object = 0;
  std::string_view dictionary;
  std::string_view data;
};

class Walker {
 public:
  Walker(std::string_view payload, Sink& sink) : payload_(payload), sink_(sink) {}

  void Run() {
    CollectStreams("/XML", "/Metadata", metadata_);
    if (metadata_.empty()) return FallBackToPacketMarks();
    bool catalog_found = false;
    const auto object = MetadataOfCatalog(catalog_found);
    if (object) {
      // The last revision of the object counts.
      for (auto one = metadata_.rbegin(); one != metadata_.rend(); ++one) {
        if (one->object == *object) return AddStream(*one);
      }
      return sink_.Note("media.pdf_metadata_missing");
    }
    if (catalog_found) return;  // a document without metadata; its pictures speak for themselves
    sink_.Note("media.pdf_no_catalog");
    AddStream(metadata_.back());
  }

 private:
  // Streams whose dictionary holds both names.
  void CollectStreams(std::string_view marker, std::string_view type,
                      std::vector<Stream>& streams) {
    std::size_t marks = 0;
    no_end_before_ = 0;
    for (std::size_t at = PastName(payload_, marker); at != npos;
         at = PastName(payload_, marker, at)) {
      if (++marks > limits::kPdfMarksMax) return sink_.Note("media.too_many_streams");
      const auto stream = StreamAround(at);
      if (!stream || PastName(stream->dictionary, type) == npos) continue;
      streams.push_back(*stream);
      if (stream->data.empty()) continue;
      at = static_cast<std::size_t>(stream->data.data() - payload_.data()) + stream->data.size();
    }
  }

  // The stream whose dictionary holds `at`: "N G obj << ... >> stream".
  std::optional<Stream> StreamAround(std::size_t at) {
    const std::size_t reach = std::min(at, limits::kPdfDictionaryBytesMax);
    const std::string_view before = payload_.substr(at - reach, reach);
    const std::size_t obj = before.rfind("obj");
    const std::string_view after = payload_.substr(at, limits::kPdfDictionaryBytesMax);
    const std::size_t keyword = after.find("stream");
    if (obj == npos || keyword == npos) return std::nullopt;
    if (after.substr(0, keyword).find("endobj") != npos) return std::nullopt;
    Stream stream;
    const std::size_t begin = at - reach + obj + 3;
    stream.dictionary = payload_.substr(begin, at + keyword - begin);
    stream.object = ObjectNumberBefore(before.substr(0, obj));
    std::size_t data = at + keyword + 6;
    if (data < payload_.size() && payload_[data] == '\r') ++data;
    if (data < payload_.size() && payload_[data] == '\n') ++data;
    stream.data = DataAt(data, stream.dictionary);
    return stream;
  }

  // "12 0 " at the end of `text`: 12.
  static std::uint64_t ObjectNumberBefore(std::string_view text) {
    const auto drop_digits = [&] {
      std::size_t end = text.size();
      while (end > 0 && IsAsciiDigit(text[end - 1])) --end;
      const std::string_view digits = text.substr(end);
      text.remove_suffix(digits.size());
      return digits;
    };
    text = TrimAscii(text);
    drop_digits();
    text = TrimAscii(text);
    return ParseUint(drop_digits()).value_or(0);
  }

  std::string_view DataAt(std::size_t at, std::string_view dictionary) {
    const std::size_t length_at = PastName(dictionary, "/Length");
    if (length_at != npos) {
      const auto length = NumberAt(dictionary, length_at);
      // A reference ("12 0 R") gives a number too: believed only where endstream follows.
      if (length && Has(payload_, at, *length)) {
        const std::size_t end = SkipSpace(payload_, at + static_cast<std::size_t>(*length));
        if (payload_.substr(end, 9) == "endstream") {
          return payload_.substr(at, static_cast<std::size_t>(*length));
        }
      }
    }
    // Longer streams are no packets. Where no end was found once, none is looked for again.
    const std::string_view reach = payload_.substr(0, at + limits::kPacketBytesMax);
    const std::size_t end = reach.find("endstream", std::max(at, no_end_before_));
    if (end == npos) {
      no_end_before_ =
          std::max(no_end_before_, reach.size() - std::min<std::size_t>(reach.size(), 8));
      sink_.Note("media.truncated");
      return {};
    }
    return payload_.substr(at, end - at);
  }

  // The object that the catalog names as metadata of the document.
  std::optional<std::uint64_t> MetadataOfCatalog(bool& catalog_found) {
    // The last catalog is that of the last revision.
    std::size_t at = payload_.size();
    for (std::size_t tries = 0; tries < limits::kPdfMarksMax && at > 0; ++tries) {
      at = payload_.rfind("/Catalog", at - 1);
      if (at == npos) break;
      if (IsTypeValue(payload_, at)) {
        catalog_found = true;
        return MetadataIn(payload_, at);
      }
    }
    std::vector<Stream> packed;
    CollectStreams("/ObjStm", "/Type", packed);
    std::size_t tries = 0;
    for (auto one = packed.rbegin(); one != packed.rend(); ++one) {
      if (++tries > limits::kPdfUnpackedMax) {
        sink_.Note("media.too_many_streams");
        break;
      }
      if (!Unpack(*one)) continue;
      at = unpacked_.rfind("/Catalog");
      if (at == npos || !IsTypeValue(unpacked_, at)) continue;
      catalog_found = true;
      return MetadataIn(unpacked_, at);
    }
    return std::nullopt;
  }

  // Whether the name at `at` is the value of /Type.
  static bool IsTypeValue(std::string_view text, std::size_t at) {
    const std::string_view before =
        TrimAscii(text.substr(at - std::min<std::size_t>(at, 16), std::min<std::size_t>(at, 16)));
    return before.size() >= 5 && before.substr(before.size() - 5) == "/Type";
  }

  // The number after /Metadata in the dictionary around `at`.
  static std::optional<std::uint64_t> MetadataIn(std::string_view text, std::size_t at) {
    const std::string_view dictionary = DictionaryAround(text, at);
    const std::size_t metadata = PastName(dictionary, "/Metadata");
    return metadata == npos ? std::nullopt : NumberAt(dictionary, metadata);
  }

  static std::string_view DictionaryAround(std::string_view text, std::size_t at) {
    const std::size_t low = at - std::min(at, limits::kPdfDictionaryBytesMax);
    const std::size_t high = std::min(text.size(), at + limits::kPdfDictionaryBytesMax);
    std::size_t begin = at;
    for (int depth = 0; begin > low + 1; --begin) {
      const std::string_view pair = text.substr(begin - 2, 2);
      if (pair == ">>") {
        ++depth;
        --begin;
      } else if (pair == "<<") {
        if (depth-- == 0) break;
        --begin;
      }
    }
    std::size_t end = at;
    for (int depth = 0; end + 1 < high; ++end) {
      const std::string_view pair = text.substr(end, 2);
      if (pair == "<<") {
        ++depth;
        ++end;
      } else if (pair == ">>") {
        if (depth-- == 0) break;
        ++end;
      }
    }
    return text.substr(begin, end - begin);
  }

  // Into unpacked_, at most a packet's worth; false for other filters.
  bool Unpack(const Stream& stream) {
    unpacked_.clear();
    if (PastName(stream.dictionary, "/Filter") == npos) return false;
    if (!IsPlainFlate(stream.dictionary)) return false;
    const auto outcome = Decode(Coding::kDeflate, stream.data, limits::kPacketBytesMax, unpacked_);
    return outcome.has_value();
  }

  static bool IsPlainFlate(std::string_view dictionary) {
    const bool flate =
        PastName(dictionary, "/FlateDecode") != npos || PastName(dictionary, "/Fl") != npos;
    for (const std::string_view other : {"/DecodeParms", "/LZWDecode", "/ASCII85Decode",
                                         "/ASCIIHexDecode", "/RunLengthDecode", "/Crypt"}) {
      if (PastName(dictionary, other) != npos) return false;
    }
    return flate;
  }

  void AddStream(const Stream& stream) {
    std::string_view packet = stream.data;
    if (PastName(stream.dictionary, "/Filter") != npos) {
      if (!IsPlainFlate(stream.dictionary)) return sink_.Note("media.unknown_packing");
      packet = sink_.Inflate(stream.data);
    }
    // Encrypted metadata looks like noise.
    if (packet.find("RDF") == npos) return sink_.Note("media.pdf_no_rdf");
    sink_.AddXmp(packet);
  }

  // No stream says that it is metadata: the marks that XMP packets carry (XMP part 1, 7.3.2).
  void FallBackToPacketMarks() {
    const std::size_t begin = payload_.rfind("<?xpacket begin=");
    if (begin == npos) return;
    const std::size_t last = payload_.find("<?xpacket end=", begin);
    const std::size_t end = last == npos ? npos : payload_.find("?>", last);
    if (end == npos) return sink_.Note("media.truncated");
    sink_.Note("media.pdf_packet_scan");
    sink_.AddXmp(payload_.substr(begin, end + 2 - begin));
  }

  std::string_view payload_;
  Sink& sink_;
  std::vector<Stream> metadata_;
  std::string unpacked_;
  std::size_t no_end_before_ = 0;  // no endstream begins between a place looked from and here
};

}  // namespace

void WalkPdf(std::string_view payload, Sink& sink) {
  Walker(payload, sink).Run();
}

}  // namespace crawlcard::page::media
