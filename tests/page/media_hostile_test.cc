// Files that lie about themselves: the walkers of page/media/ end, stay in their bounds and say so.
#include <algorithm>
#include <chrono>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/arena.h"
#include "page/limits.h"
#include "page/media/packets.h"
#include "tests/page/media_builders.h"

namespace crawlcard::page::media {
namespace {

using namespace build;
using ::testing::Contains;
using ::testing::IsEmpty;
using ::testing::SizeIs;

const std::string kXmp = Xmp("DMI-PROHIBITED");

std::vector<std::string> Notes(std::string_view payload, std::size_t* packets = nullptr) {
  Arena arena;
  const MediaScan scan = ScanMedia("", payload, arena);
  if (packets != nullptr) *packets = scan.packets.size();
  return {scan.notes.begin(), scan.notes.end()};
}

std::vector<std::string> Samples() {
  const std::string store = Store(Manifest("c2ma", JsonAssertion("allowed")) +
                                  Manifest("c2ma", JsonAssertion("notAllowed")));
  const std::string guid = "0123456789ABCDEF0123456789ABCDEF";
  return {
      Jpeg(XmpSegment(kXmp + guid) + ExtendedSegment(guid, 9, 0, "<rdf:RDF>") +
           JumbfSegments(store, 60)),
      Png(XmpChunk(Deflate(kXmp), true) + Chunk("caBX", store)),
      Gif(GifXmp(kXmp)),
      Tiff(700, kXmp),
      BigTiff(0xCD41, store),
      Webp(WebpChunk("XMP ", kXmp) + WebpChunk("C2PA", store)),
      "%PDF-1.7\n" + PdfCatalog(1, 7) +
          PdfStream(7, "/Filter /FlateDecode " + kPdfXmlKeys, Deflate(kXmp)),
      kFtyp + XmpUuid(kXmp) + C2paUuid(store) + HeifMeta({{0, 5}, {5, 5}}, 1, "0123456789"),
      "<?xml version='1.0'?><svg xmlns:a='b'><metadata><rdf:RDF/></metadata></svg>",
      Epub("<package/>", true),
  };
}

// Each prefix of each file; exact-size copies, so that a sanitizer sees a read past the end.
TEST(MediaHostile, FilesCutAtEveryByteAreWalkedInBounds) {
  for (const std::string& sample : Samples()) {
    std::size_t whole = 0;
    Notes(sample, &whole);
    EXPECT_GT(whole, 0u);
    for (std::size_t size = 0; size < sample.size(); ++size) {
      const std::vector<char> cut(sample.begin(),
                                  sample.begin() + static_cast<std::ptrdiff_t>(size));
      std::size_t packets = 0;
      Notes({cut.data(), cut.size()}, &packets);
      EXPECT_LE(packets, whole + 1);
    }
  }
}

TEST(MediaHostile, EveryByteMayBeAny) {
  for (const std::string& sample : Samples()) {
    std::string changed = sample;
    for (std::size_t at = 0; at < sample.size(); ++at) {
      for (const char value : {'\0', '\x01', '\x7F', '\xFF'}) {
        changed[at] = value;
        Notes(changed);
      }
      changed[at] = sample[at];
    }
  }
}

TEST(MediaHostile, LengthsPastTheEndAreNoted) {
  EXPECT_THAT(Notes("\xFF\xD8\xFF\xE1\xFF\xFF"s + "short"), Contains("media.truncated"));
  EXPECT_THAT(Notes("\x89PNG\r\n\x1A\n"s + Be(0xFFFFFFFF, 4) + "iTXt" + "short"),
              Contains("media.truncated"));
  EXPECT_THAT(Notes("RIFF"s + Le(99, 4) + "WEBPXMP " + Le(0xFFFFFFFE, 4) + "short"),
              Contains("media.truncated"));
  EXPECT_THAT(Notes("II*\0"s + Le(0xFFFFFFF0, 4)), Contains("media.truncated"));
  EXPECT_THAT(Notes(kFtyp + Be(0x7FFFFFFF, 4) + "uuid" + "short"), Contains("media.truncated"));
  const std::string huge = kFtyp + Be(1, 4) + "uuid" + Be(0xFFFFFFFFFFFFFFFF, 8) + "short";
  EXPECT_THAT(Notes(huge), Contains("media.truncated"));
}

TEST(MediaHostile, DirectoryCyclesOfTiffEnd) {
  std::size_t packets = 0;
  EXPECT_THAT(Notes(Tiff(700, kXmp, 8), &packets), Contains("media.directory_cycle"));
  EXPECT_EQ(packets, 1u);
}

// kTiffDirectoriesMax directories are read, one more is not.
TEST(MediaHostile, DirectoriesOfTiffAreCounted) {
  for (const std::size_t count : {limits::kTiffDirectoriesMax, limits::kTiffDirectoriesMax + 1}) {
    std::string file = "II*\0"s + Le(8, 4);
    for (std::size_t i = 1; i <= count; ++i) {
      file += Le(0, 2) + Le(i == count ? 0 : file.size() + 6, 4);
    }
    const bool over = count > limits::kTiffDirectoriesMax;
    EXPECT_EQ(Notes(file).empty(), !over) << count;
  }
}

TEST(MediaHostile, BombsStopAtTheLimit) {
  const std::string bomb(limits::kPacketBytesMax + 1, ' ');
  for (const std::string& file :
       {Png(XmpChunk(Deflate(bomb), true)), Epub(bomb, true),
        "%PDF-1.7\n" + PdfCatalog(1, 7) +
            PdfStream(7, "/Filter /FlateDecode " + kPdfXmlKeys, Deflate(bomb))}) {
    std::size_t packets = 9;
    EXPECT_THAT(Notes(file, &packets), Contains("media.packet_too_large"));
    EXPECT_EQ(packets, 0u);
  }
}

TEST(MediaHostile, PacketsAtTheLimitAreKept) {
  const std::string at_limit = kXmp + std::string(limits::kPacketBytesMax - kXmp.size(), ' ');
  std::size_t packets = 0;
  EXPECT_THAT(Notes(Png(XmpChunk(at_limit, false)), &packets), IsEmpty());
  EXPECT_EQ(packets, 1u);
  EXPECT_THAT(Notes(Png(XmpChunk(at_limit + " ", false)), &packets),
              Contains("media.packet_too_large"));
  EXPECT_EQ(packets, 0u);
}

TEST(MediaHostile, PacketsAreCounted) {
  std::string chunks;
  for (std::size_t i = 0; i < limits::kPacketsMax; ++i) chunks += XmpChunk(kXmp, false);
  std::size_t packets = 0;
  EXPECT_THAT(Notes(Png(chunks), &packets), IsEmpty());
  EXPECT_THAT(Notes(Png(chunks + XmpChunk(kXmp, false)), &packets),
              Contains("media.too_many_packets"));
  EXPECT_EQ(packets, limits::kPacketsMax);
}

TEST(MediaHostile, PartsOfOnePacketAreCounted) {
  const std::string guid = "0123456789ABCDEF0123456789ABCDEF";
  std::string parts;
  const std::size_t total = limits::kPacketPartsMax + 1;
  for (std::size_t i = 0; i < total; ++i) parts += ExtendedSegment(guid, total, i, "x");
  EXPECT_THAT(Notes(Jpeg(XmpSegment(guid) + parts)), Contains("media.too_many_parts"));
}

TEST(MediaHostile, BoxesAreCounted) {
  std::string boxes = kFtyp;
  for (std::size_t i = 0; i < limits::kBoxesMax; ++i) boxes += Box("free", "");
  std::size_t packets = 0;
  EXPECT_THAT(Notes(boxes + XmpUuid(kXmp), &packets), Contains("media.too_many_boxes"));
  EXPECT_EQ(packets, 0u);
}

TEST(MediaHostile, ManifestStoresAreBounded) {
  const std::string filler(60000, 'f');
  std::string segments;
  for (std::size_t i = 0; i * filler.size() <= limits::kJumbfBytesMax; ++i) {
    segments += Segment(0xEB, "JP"s + Be(1, 2) + Be(i, 4) + Be(0xFFFFFF, 4) + "jumb" + filler);
  }
  EXPECT_THAT(Notes(Jpeg(segments)), Contains("media.jumbf_too_large"));
}

// Boxes in boxes are looked at to a fixed depth: there is no recursion to exhaust.
TEST(MediaHostile, NestedBoxesAreNotFollowed) {
  std::string nested = "core";
  for (int i = 0; i < 10000; ++i) nested = Box("jumb", nested);
  Notes(Png(Chunk("caBX", nested)));
  Notes(kFtyp + Box("moov", nested));
  std::string groups;
  for (int i = 0; i < 200000; ++i) groups += "<g>";
  std::size_t packets = 0;
  Notes("<svg>" + groups + "<metadata>RDF</metadata>", &packets);
  EXPECT_EQ(packets, 1u);
}

TEST(MediaHostile, MarksInPdfAreCounted) {
  std::string marks = "%PDF-1.7\n";
  for (std::size_t i = 0; i <= limits::kPdfMarksMax; ++i) marks += "/XML ";
  EXPECT_THAT(Notes(marks), Contains("media.too_many_streams"));
}

TEST(MediaHostile, ObjectStreamsUnpackedAreCounted) {
  std::string file = "%PDF-1.7\n" + PdfStream(1, kPdfXmlKeys, kXmp);
  const std::string packed = Deflate("nothing");
  for (std::size_t i = 0; i <= limits::kPdfUnpackedMax; ++i) {
    file += PdfStream(2, "/Type /ObjStm /Filter /FlateDecode", packed);
  }
  EXPECT_THAT(Notes(file), Contains("media.too_many_streams"));
}

// The catalog's dictionary is read within kPdfDictionaryBytesMax.
TEST(MediaHostile, DictionariesOfPdfAreReadNearTheirName) {
  const std::string near(limits::kPdfDictionaryBytesMax / 2, ' ');
  const std::string far(limits::kPdfDictionaryBytesMax + 1, ' ');
  for (const auto& [gap, found] : {std::pair{near, 1u}, std::pair{far, 0u}}) {
    const std::string file = "%PDF-1.7\n1 0 obj << /Type /Catalog " + gap +
                             " /Metadata 7 0 R >> endobj\n" + PdfStream(7, kPdfXmlKeys, kXmp);
    std::size_t packets = 9;
    Notes(file, &packets);
    EXPECT_EQ(packets, found);
  }
}

TEST(MediaHostile, EntriesOfZipAreCounted) {
  std::vector<ZipFile> files{{"mimetype", "application/epub+zip"}};
  for (std::size_t i = 0; i < limits::kZipEntriesMax; ++i) files.push_back({"a", ""});
  EXPECT_THAT(Notes(Zip(files)), Contains("media.too_many_entries"));
}

// A megabyte of the most expensive openings of each search.
TEST(MediaHostile, WorkIsLinear) {
  const auto repeated = [](std::string_view text, std::size_t bytes) {
    std::string out;
    while (out.size() < bytes) out += text;
    return out;
  };
  constexpr std::size_t kBytes = 4 << 20;
  const auto start = std::chrono::steady_clock::now();
  for (const std::string_view piece :
       {"1 0 obj /XML /Metadata stream ", "/Type /Catalog ", "obj /ObjStm /Type stream ", "<<"}) {
    Notes("%PDF-1.7\n" + repeated(piece, kBytes));
  }
  for (const std::string_view piece : {"<metadata>RDF", "<!--", "<![CDATA[", "<a b=\"", "</"}) {
    Notes("<svg>" + repeated(piece, kBytes));
  }
  Notes("\xFF\xD8" + repeated("\xFF", kBytes));
  const auto taken = std::chrono::steady_clock::now() - start;
  EXPECT_LT(std::chrono::duration_cast<std::chrono::seconds>(taken).count(), 20);
}

}  // namespace
}  // namespace crawlcard::page::media
