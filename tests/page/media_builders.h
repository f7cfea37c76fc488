// tests/page/media_builders.h - tiny files of each format, made byte by byte.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include <zlib.h>

namespace crawlcard::page::media::build {

using namespace std::string_literals;

inline std::string Be(std::uint64_t value, std::size_t width) {
  std::string out;
  for (std::size_t i = width; i > 0; --i) out += static_cast<char>(value >> (8 * (i - 1)));
  return out;
}
inline std::string Le(std::uint64_t value, std::size_t width) {
  std::string out;
  for (std::size_t i = 0; i < width; ++i) out += static_cast<char>(value >> (8 * i));
  return out;
}

// zlib format, or bare deflate with `window_bits` below zero.
inline std::string Deflate(std::string_view text, int window_bits = 15) {
  z_stream stream{};
  deflateInit2(&stream, 9, Z_DEFLATED, window_bits, 8, Z_DEFAULT_STRATEGY);
  std::string out(deflateBound(&stream, text.size()), '\0');
  std::string in(text);
  stream.next_in = reinterpret_cast<Bytef*>(in.data());
  stream.avail_in = static_cast<uInt>(in.size());
  stream.next_out = reinterpret_cast<Bytef*>(out.data());
  stream.avail_out = static_cast<uInt>(out.size());
  deflate(&stream, Z_FINISH);
  out.resize(stream.total_out);
  deflateEnd(&stream);
  return out;
}

inline std::string Xmp(std::string_view term) {
  return "<x:xmpmeta xmlns:x=\"adobe:ns:meta/\"><rdf:RDF xmlns:rdf=\"http://www.w3.org/1999/02/"
         "22-rdf-syntax-ns#\"><rdf:Description rdf:about=\"\" "
         "xmlns:plus=\"http://ns.useplus.org/ldf/xmp/1.0/\"><plus:DataMining>" +
         std::string(term) + "</plus:DataMining></rdf:Description></rdf:RDF></x:xmpmeta>";
}

// JPEG.
inline std::string Segment(unsigned marker, const std::string& bytes) {
  return "\xFF"s + static_cast<char>(marker) + Be(bytes.size() + 2, 2) + bytes;
}
inline std::string Jpeg(const std::string& segments) {
  return "\xFF\xD8"s + Segment(0xE0, "JFIF\0\1\1\0\0\1\0\1\0\0"s) + segments + "\xFF\xDA\0\2"s +
         "scan data \xFF\0 more"s + "\xFF\xD9"s;
}
inline std::string XmpSegment(const std::string& xmp) {
  return Segment(0xE1, "http://ns.adobe.com/xap/1.0/\0"s + xmp);
}
inline std::string ExtendedSegment(const std::string& guid, std::size_t total, std::size_t offset,
                                   const std::string& part) {
  return Segment(
      0xE1, "http://ns.adobe.com/xmp/extension/\0"s + guid + Be(total, 4) + Be(offset, 4) + part);
}

// JUMBF.
inline std::string Box(const std::string& type, const std::string& content) {
  return Be(content.size() + 8, 4) + type + content;
}
inline std::string SuperBox(const std::string& type, const std::string& label,
                            const std::string& boxes) {
  const std::string uuid = type + "\0\x11\0\x10\x80\0\0\xAA\0\x38\x9B\x71"s;
  return Box("jumb", Box("jumd", uuid + "\3" + label + "\0"s) + boxes);
}
inline std::string Assertion(const std::string& content_type, const std::string& label,
                             const std::string& content) {
  return SuperBox(content_type, label, Box(content_type, content));
}
inline std::string Manifest(const std::string& type, const std::string& assertions) {
  return SuperBox(type, "urn:uuid:1", SuperBox("c2as", "c2pa.assertions", assertions));
}
inline std::string Store(const std::string& manifests) {
  return SuperBox("c2pa", "c2pa", manifests);
}
inline std::string JsonAssertion(const std::string& use) {
  return Assertion("json", "cawg.training-mining",
                   R"({"entries":{"cawg.ai_generative_training":{"use":")" + use + "\"}}}");
}
// APP11 segments of a box, cut after `first` bytes.
inline std::string JumbfSegments(const std::string& box, std::size_t first) {
  return Segment(0xEB, "JP"s + Be(1, 2) + Be(1, 4) + box.substr(0, first)) +
         Segment(0xEB, "JP"s + Be(1, 2) + Be(2, 4) + box.substr(0, 8) + box.substr(first));
}

// PNG; checksums are not looked at.
inline std::string Chunk(const std::string& type, const std::string& data) {
  return Be(data.size(), 4) + type + data + "crc!";
}
inline std::string Png(const std::string& chunks) {
  return "\x89PNG\r\n\x1A\n"s + Chunk("IHDR", std::string(13, '\0')) + chunks + Chunk("IEND", "");
}
inline std::string XmpChunk(const std::string& text, bool packed) {
  return Chunk("iTXt", "XML:com.adobe.xmp\0"s + (packed ? "\1\0"s : "\0\0"s) + "\0\0"s + text);
}

// GIF with one colour table and one image.
inline std::string GifXmp(const std::string& xmp) {
  std::string trailer = "\1";
  for (int i = 255; i >= 0; --i) trailer += static_cast<char>(i);
  return "!\xFF\x0BXMP DataXMP"s + xmp + trailer + "\0"s;
}
inline std::string Gif(const std::string& extensions) {
  return "GIF89a"s + "\1\0\1\0\x80\0\0"s + std::string(6, 'c') + extensions +
         ",\0\0\0\0\1\0\1\0\0\2\2\x44\1\0"s + ";";
}

// TIFF with one directory at 8 and `value` behind it.
inline std::string Tiff(std::uint16_t tag, const std::string& value, std::uint32_t next = 0) {
  const std::size_t at = 8 + 2 + 12 + 4;
  return "II*\0"s + Le(8, 4) + Le(1, 2) + Le(tag, 2) + Le(7, 2) + Le(value.size(), 4) + Le(at, 4) +
         Le(next, 4) + value;
}
inline std::string BigTiff(std::uint16_t tag, const std::string& value) {
  const std::size_t at = 16 + 8 + 20 + 8;
  return "MM\0+"s + Be(8, 2) + Be(0, 2) + Be(16, 8) + Be(1, 8) + Be(tag, 2) + Be(1, 2) +
         Be(value.size(), 8) + Be(at, 8) + Be(0, 8) + value;
}

// WebP.
inline std::string WebpChunk(const std::string& type, const std::string& data) {
  return type + Le(data.size(), 4) + data + (data.size() % 2 == 1 ? "\0"s : ""s);
}
inline std::string Webp(const std::string& chunks) {
  const std::string body = "WEBP" + WebpChunk("VP8X", std::string(10, '\0')) + chunks;
  return "RIFF" + Le(body.size(), 4) + body;
}

// PDF.
inline std::string PdfStream(int object, const std::string& keys, const std::string& data) {
  return std::to_string(object) + " 0 obj\n<< " + keys + " /Length " + std::to_string(data.size()) +
         " >>\nstream\n" + data + "\nendstream\nendobj\n";
}
inline std::string PdfCatalog(int object, int metadata) {
  return std::to_string(object) + " 0 obj\n<< /Pages << /Kids [] >> /Type /Catalog /Metadata " +
         std::to_string(metadata) + " 0 R >>\nendobj\n";
}
inline const std::string kPdfXmlKeys = "/Type /Metadata /Subtype /XML";

// BMFF.
inline const std::string kFtyp = Box("ftyp", "isom\0\0\0\0isom"s);
inline std::string XmpUuid(const std::string& xmp) {
  return Box("uuid", "\xBE\x7A\xCF\xCB\x97\xA9\x42\xE8\x9C\x71\x99\x94\x91\xE3\xAF\xAC"s + xmp);
}
inline std::string C2paUuid(const std::string& store) {
  return Box("uuid", "\xD8\xFE\xC3\xD6\x1B\x0E\x48\x3C\x92\x97\x58\x28\x87\x7E\xC4\x81"s +
                         "\0\0\0\0manifest\0"s + Be(0, 8) + store);
}
// A HEIF meta box with one rdf+xml item of the extents given (offset, length).
inline std::string HeifMeta(const std::vector<std::pair<std::size_t, std::size_t>>& extents,
                            int method, const std::string& idat) {
  const std::string infe =
      Box("infe", "\2\0\0\0"s + Be(7, 2) + Be(0, 2) + "mime" + "XMP\0"s + "application/rdf+xml\0"s);
  std::string iloc = "\1\0\0\0\x44\x40"s + Be(1, 2) + Be(7, 2) +
                     Be(static_cast<unsigned>(method), 2) + Be(0, 2) + Be(0, 4) +
                     Be(extents.size(), 2);
  for (const auto& [offset, length] : extents) iloc += Be(offset, 4) + Be(length, 4);
  return Box("meta", "\0\0\0\0"s + Box("iinf", "\0\0\0\0"s + Be(1, 2) + infe) + Box("iloc", iloc) +
                         Box("idat", idat));
}

// Zip.
struct ZipFile {
  std::string name;
  std::string content;
  bool packed = false;
};
inline std::string Zip(const std::vector<ZipFile>& files) {
  std::string out;
  std::string directory;
  for (const ZipFile& file : files) {
    const std::string data = file.packed ? Deflate(file.content, -15) : file.content;
    const std::uint64_t method = file.packed ? 8 : 0;
    const std::string middle = Le(method, 2) + Le(0, 4) + Le(0, 4) + Le(data.size(), 4) +
                               Le(file.content.size(), 4) + Le(file.name.size(), 2) + Le(0, 2);
    directory += "PK\1\2" + Le(20, 2) + Le(20, 2) + Le(0, 2) + middle + Le(0, 2) + Le(0, 2) +
                 Le(0, 2) + Le(0, 4) + Le(out.size(), 4) + file.name;
    out += "PK\3\4" + Le(20, 2) + Le(0, 2) + middle + file.name + data;
  }
  const std::size_t at = out.size();
  return out + directory + "PK\5\6" + Le(0, 4) + Le(files.size(), 2) + Le(files.size(), 2) +
         Le(directory.size(), 4) + Le(at, 4) + Le(0, 2);
}
inline std::string Epub(const std::string& opf, bool packed) {
  return Zip(
      {{"mimetype", "application/epub+zip"},
       {"META-INF/container.xml",
        "<container><rootfiles><rootfile full-path=\"OPS/book.opf\"/></rootfiles></container>",
        packed},
       {"OPS/book.opf", opf, packed}});
}

}  // namespace crawlcard::page::media::build
